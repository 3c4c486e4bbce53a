// What holds on another proposal and what falls, for each kind of unit.

import Approval
import Diffing
import Testing

struct CarriedDecisionsTests {
  private typealias Side = ScratchProposal.Side

  private static func carried(
    _ old: Side?, _ new: Side?, _ unit: DecisionUnit? = nil, to next: (Side?, Side?)
  ) throws -> CarriedDecisions {
    var session = ScratchSession(ScratchProposal([("f", old, new)]))
    if let unit {
      try session.decide("f", unit)
    } else {
      try session.decide("f", lines: 0..<session.round.diff("f").changedLineCount)
    }
    return try session.carried(
      to: ScratchProposal([("f", next.0, next.1), ("other", nil, .init("o\n"))]))
  }

  @Test func `a file that left the proposal takes its decisions with it`() throws {
    let carried = try Self.carried(.init("a\n"), .init("b\n"), to: (.init("a\n"), .init("a\n")))
    #expect(carried.records.isEmpty)
    #expect(
      carried.fallen == [
        FallenDecision(path: RepositoryPath("f"), verdict: .approved, lineCount: 2)
      ])
  }

  @Test func `a mode holds while both modes are the same, whatever the lines do`() throws {
    let (old, new) = (Side("a\n"), Side("b\n", .executable))
    let kept = try Self.carried(old, new, .mode, to: (old, .init("c\n", .executable)))
    #expect(kept.records.map(\.unit) == [.mode] && kept.fallen.isEmpty)
    for next in [(old, Side("c\n")), (Side("a\n", .executable), Side("c\n"))] {
      let fallen = try Self.carried(old, new, .mode, to: next)
      #expect(fallen.records.isEmpty && fallen.fallen.map(\.lineCount) == [1])
    }
  }

  @Test func `lines hold while their file becomes executable, which is decided on by itself`()
    throws
  {
    let carried = try Self.carried(
      .init("a\n"), .init("b\n"), to: (.init("a\n"), .init("b\n", .executable)))
    #expect(carried.records.count == 1 && carried.fallen.isEmpty)
  }

  @Test func `a whole file holds only while both sides are the same`() throws {
    let (old, new) = (Side([0, 1]), Side([0, 2]))
    let kept = try Self.carried(old, new, .whole, to: (old, new))
    #expect(kept.records.count == 1 && kept.fallen.isEmpty)
    for next in [(old, Side([0, 3])), (Side([0, 9]), new), (old, Side("text\n")), (nil, new)] {
      let fallen = try Self.carried(old, new, .whole, to: next)
      #expect(fallen.records.isEmpty)
      #expect(fallen.fallen.map(\.lineCount) == [1])
    }
  }

  @Test func `lines of a text file do not hold when it is decided on as a whole`() throws {
    let carried = try Self.carried(.init("a\n"), .init("b\n"), to: (.init("a\n"), .init([0])))
    #expect(carried.records.isEmpty && carried.fallen.map(\.lineCount) == [2])
  }

  @Test func `removing every line is another change than removing the file`() throws {
    let old = Side("a\nb\n")
    for (first, second) in [(Side?.none, Side("")), (Side(""), Side?.none)] {
      let carried = try Self.carried(old, first, to: (old, second))
      #expect(carried.records.isEmpty, "an approval of one would do the other")
      #expect(carried.fallen.map(\.lineCount) == [2])
    }
  }

  @Test func `the lines of a new regular file do not approve a new executable`() throws {
    let carried = try Self.carried(nil, .init("a\n"), to: (nil, .init("a\n", .executable)))
    #expect(carried.records.isEmpty, "a new file's mode comes with its lines")
    #expect(carried.fallen.map(\.lineCount) == [1])
  }

  @Test func `a new file is another change than lines added to an empty one`() throws {
    let carried = try Self.carried(nil, .init("a\n"), to: (.init(""), .init("a\n")))
    #expect(carried.records.isEmpty)
  }

  @Test func `a decision keeps its number, its verdict and its reason`() throws {
    var session = ScratchSession(ScratchProposal([("f", .init("a\nx\n"), .init("b\nx\n"))]))
    try session.decide("f", session.round.unit("f", lines: [0, 1]), .rejected, reason: "not here")
    let carried = try session.carried(
      to: ScratchProposal([("f", .init("a\nx\n"), .init("b\nx\nmore\n"))]))
    #expect(carried.records.map(\.sequence) == [0])
    #expect(carried.records.map(\.verdict) == [.rejected])
    #expect(carried.records.map(\.reason) == ["not here"])
  }

  @Test func `the carry guard finds lines that were not decided on, by itself`() throws {
    var session = ScratchSession(
      ScratchProposal([("f", .init("a\nb\nc\n"), .init("A\nb\nC\n"))]))
    try session.decide("f", lines: [0, 1, 2, 3])
    let next = ScratchProposal([("f", .init("a\nb\nc\nd\n"), .init("A\nb\nC\nd\ne\n"))])
    func violation(_ unit: DecisionUnit, _ verdict: Verdict = .approved, sequence: Int = 0) throws
      -> CarryViolation?
    {
      let record = DecisionRecord(
        sequence: sequence, file: next.file("f"), unit: unit, verdict: verdict)
      return try CarryGuard.violation(of: [record], from: session.ledger.decisionsInForce) { file in
        let diff = try (file == next.file("f") ? next : session.round).diff("f")
        return (diff.old.bytes, diff.new.bytes)
      }
    }
    // a, A, c, C were decided on; the fifth, e, was not.
    for lines in [[0], [0, 1], [2], [1, 3], [0, 1, 2, 3]] {
      #expect(try violation(next.unit("f", lines: lines)) == nil, "\(lines)")
    }
    for lines in [[4], [0, 4], [0, 1, 2, 3, 4]] {
      #expect(try violation(next.unit("f", lines: lines)) != nil, "\(lines)")
    }
    #expect(try violation(next.unit("f", lines: [0]), .rejected) != nil)
    #expect(try violation(next.unit("f", lines: [0]), sequence: 1) != nil)
    guard case .lines(_, let digest) = try next.unit("f", lines: [0]) else { return }
    let outside = EditScript(removed: [7..<8], inserted: [])
    #expect(try violation(.lines(outside, digest: digest)) != nil)
  }

  @Test func `only files that were decided on and differ are read`() throws {
    var session = ScratchSession(
      ScratchProposal([
        ("same", .init("a\n"), .init("b\n")), ("differs", .init("a\n"), .init("b\n")),
        ("open", .init("a\n"), .init("b\n")),
      ]))
    try session.decide("same", lines: [0])
    try session.decide("differs", lines: [0])
    let next = ScratchProposal([
      ("same", .init("a\n"), .init("b\n")), ("differs", .init("a\n"), .init("c\n")),
      ("open", .init("a\n"), .init("c\n")),
    ])
    let files = CarriedDecisions.filesToRead(of: session.ledger, to: next.proposal)
    #expect(Set(files) == [session.round.file("differs"), next.file("differs")])
    var read: Set<ProposedFile> = []
    _ = try CarriedDecisions(of: session.ledger, to: next.proposal) { file in
      read.insert(file)
      return try file == next.file("differs")
        ? next.change(next.proposal.index(of: file.path)!) : session.change(file)
    }
    #expect(read.isSubset(of: files))
  }
}
