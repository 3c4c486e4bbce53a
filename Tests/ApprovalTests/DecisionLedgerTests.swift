// Folding decisions: what undo, redo and refused entries do.

import Approval
import Diffing
import Testing

struct DecisionLedgerTests {
  private static func scratch() -> ScratchProposal {
    ScratchProposal([
      ("a", .init("one\ntwo\nthree\n"), .init("un\ntwo\ntrois\n")),
      ("b", .init("x\n"), .init("y\n", .executable)),
    ])
  }

  /// The verdict of every changed line of `path`, as a letter each.
  private static func standing(_ scratch: ScratchProposal, _ path: String) throws -> String {
    let diff = try scratch.diff(path)
    let decisions = scratch.ledger.decisions(
      forFile: scratch.proposal.index(of: RepositoryPath(path))!)
    var letters = ""
    for group in diff.groups.indices {
      diff.forEachChangedLine(in: group) { _, line in
        letters += decisions.verdict(of: line).rawValue.prefix(1)
      }
    }
    return letters
  }

  @Test func `every line is undecided at first`() throws {
    let scratch = Self.scratch()
    #expect(try Self.standing(scratch, "a") == "uuuu")
    #expect(scratch.ledger.undoable == nil && scratch.ledger.redoable == nil)
    #expect(scratch.ledger.decisionsInForce.isEmpty && scratch.ledger.entries.isEmpty)
  }

  @Test func `the last decision on a line counts`() throws {
    var scratch = Self.scratch()
    try scratch.decide("a", lines: 0..<4)
    try scratch.decide("a", lines: [1, 2], .rejected)
    #expect(try Self.standing(scratch, "a") == "arra")
    try scratch.decide("a", lines: [0, 1], .undecided)
    #expect(try Self.standing(scratch, "a") == "uura")
    #expect(try Self.standing(scratch, "b") == "uu")
  }

  @Test func `undo takes decisions back one by one and redo takes them up again`() throws {
    var scratch = Self.scratch()
    var pictures = [try Self.standing(scratch, "a")]
    for (lines, verdict) in [([0, 1], Verdict.approved), ([1, 2], .rejected), ([2], .undecided)] {
      try scratch.decide("a", lines: lines, verdict)
      pictures.append(try Self.standing(scratch, "a"))
    }
    #expect(pictures == ["uuuu", "aauu", "arru", "aruu"])
    for picture in pictures.dropLast().reversed() {
      try scratch.append(.undo(of: try #require(scratch.ledger.undoable).sequence))
      #expect(try Self.standing(scratch, "a") == picture)
    }
    #expect(scratch.ledger.undoable == nil)
    for picture in pictures.dropFirst() {
      try scratch.append(.redo(of: try #require(scratch.ledger.redoable).sequence))
      #expect(try Self.standing(scratch, "a") == picture)
    }
    #expect(scratch.ledger.redoable == nil)
    #expect(scratch.ledger.entries.count == 9)
    #expect(scratch.ledger.decisionsInForce.map(\.sequence) == [0, 1, 2])
  }

  @Test func `a new decision ends what could be redone`() throws {
    var scratch = Self.scratch()
    try scratch.decide("a", lines: [0])
    try scratch.append(.undo(of: 0))
    try scratch.decide("a", lines: [1])
    #expect(scratch.ledger.redoable == nil)
    #expect(throws: LedgerError.outOfOrder(0)) { try scratch.append(.redo(of: 0)) }
    #expect(try Self.standing(scratch, "a") == "uauu")
    #expect(scratch.ledger.nextSequence == 2)
  }

  @Test func `undo of one file leaves the other as it is`() throws {
    var scratch = Self.scratch()
    try scratch.decide("a", lines: [0])
    try scratch.decide("b", lines: [0, 1])
    try scratch.decide("b", .mode)
    try scratch.decide("a", lines: [0], .rejected)
    try scratch.append(.undo(of: 3))
    try scratch.append(.undo(of: 2))
    #expect(try Self.standing(scratch, "a") == "auuu")
    #expect(try Self.standing(scratch, "b") == "aa")
    #expect(scratch.ledger.decisions(forFile: 1).mode == .undecided)
    #expect(scratch.ledger.decisions(forFile: 1).whole == .undecided)
  }

  @Test func `undo and redo must name the decision that is next`() throws {
    var scratch = Self.scratch()
    #expect(throws: LedgerError.outOfOrder(0)) { try scratch.append(.undo(of: 0)) }
    try scratch.decide("a", lines: [0])
    try scratch.decide("a", lines: [1])
    let before = scratch.ledger
    #expect(throws: LedgerError.outOfOrder(0)) { try scratch.append(.undo(of: 0)) }
    #expect(throws: LedgerError.outOfOrder(1)) { try scratch.append(.redo(of: 1)) }
    #expect(scratch.ledger.entries == before.entries)
    #expect(scratch.ledger.decisionsInForce == before.decisionsInForce)
  }

  @Test func `a decision on another file, or on another version of it, is refused`() throws {
    var scratch = Self.scratch()
    let file = scratch.file("a")
    let other = ScratchProposal.id(of: [9])
    let foreign = [
      ProposedFile(path: RepositoryPath("c"), old: file.old, new: file.new),
      ProposedFile(path: file.path, old: file.old, new: FileState(mode: .regular, blob: other)),
      ProposedFile(path: file.path, old: FileState(mode: .regular, blob: other), new: file.new),
      ProposedFile(path: file.path, old: nil, new: file.new),
      ProposedFile(
        path: file.path, old: file.old, new: FileState(mode: .executable, blob: file.new!.blob)),
    ]
    for file in foreign {
      let record = DecisionRecord(sequence: 0, file: file, unit: .whole, verdict: .approved)
      #expect(throws: LedgerError.foreignFile(file.path)) { try scratch.append(.decision(record)) }
    }
    #expect(scratch.ledger.entries.isEmpty)
  }

  @Test(arguments: [0, 4, 5])
  func `a decision whose sequence number does not ascend is refused`(_ sequence: Int) throws {
    var scratch = Self.scratch()
    let unit = try scratch.unit("a", lines: [0])
    func record(_ sequence: Int) -> LedgerEntry {
      .decision(
        DecisionRecord(
          sequence: sequence, file: scratch.file("a"), unit: unit, verdict: .approved))
    }
    let (first, next, again) = (record(5), record(6), record(sequence))
    try scratch.append(first)
    #expect(throws: LedgerError.outOfOrder(sequence)) { try scratch.append(again) }
    try scratch.append(next)
    #expect(scratch.ledger.decisionsInForce.map(\.sequence) == [5, 6])
  }

  @Test func `a sequence number stays taken after its decision was taken back`() throws {
    var scratch = Self.scratch()
    try scratch.decide("a", lines: [0])
    try scratch.append(.undo(of: 0))
    let record = DecisionRecord(
      sequence: 0, file: scratch.file("a"), unit: .mode, verdict: .approved)
    #expect(throws: LedgerError.outOfOrder(0)) { try scratch.append(.decision(record)) }
  }

  @Test func `a ledger read back stands as the one that was written`() throws {
    var scratch = Self.scratch()
    try scratch.decide("a", lines: [0, 3])
    try scratch.decide("b", .mode)
    try scratch.append(.undo(of: 1))
    try scratch.decide("a", lines: [3], .rejected)
    try scratch.append(.undo(of: 2))
    let read = try DecisionLedger(proposal: scratch.proposal, entries: scratch.ledger.entries)
    #expect(read.decisionsInForce == scratch.ledger.decisionsInForce)
    #expect(read.undoable == scratch.ledger.undoable && read.redoable == scratch.ledger.redoable)
    #expect(read.nextSequence == scratch.ledger.nextSequence)
    for index in read.proposal.files.indices {
      #expect(read.decisions(forFile: index) == scratch.ledger.decisions(forFile: index))
    }
    #expect(throws: LedgerError.outOfOrder(2)) {
      try DecisionLedger(
        proposal: scratch.proposal, entries: scratch.ledger.entries + [.undo(of: 2)])
    }
  }

  @Test func `decisions are kept by side and line number`() throws {
    var decisions = FileDecisions()
    let script = EditScript(
      removed: [0..<2], inserted: [.init(newLines: 1..<3, position: 0, stride: 1)])
    let digest = LinesDigest.of(
      script, old: TextFile(Array("1\n2\n3\n".utf8)), new: TextFile(Array("a\nb\nc\n".utf8)))
    decisions.apply(.lines(script, digest: digest), verdict: .rejected)
    let verdicts = [ChangedLine.Side.removed, .added].map { side in
      (0..<4).map { decisions.verdict(of: ChangedLine(side: side, line: $0)) }
    }
    #expect(verdicts[0] == [.rejected, .rejected, .undecided, .undecided])
    #expect(verdicts[1] == [.undecided, .rejected, .rejected, .undecided])
    #expect(decisions.whole == .undecided && decisions.mode == .undecided)
    decisions.apply(.mode, verdict: .approved)
    decisions.apply(.whole, verdict: .rejected)
    #expect(decisions.whole == .rejected && decisions.mode == .approved)
  }
}
