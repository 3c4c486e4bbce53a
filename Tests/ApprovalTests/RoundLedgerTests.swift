// Rounds in the ledger: undone and redone like decisions, read back as they were, refused when they do not follow.

import Approval
import Diffing
import Digest
import Testing

struct RoundLedgerTests {
  private static let base = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"

  private static func proposal(_ replacements: [(String, String)]) -> ScratchProposal {
    var lines = base.split(separator: "\n").map(String.init)
    for (old, new) in replacements { lines[lines.firstIndex(of: old)!] = new }
    return ScratchProposal([
      ("f", .init(base), .init(lines.joined(separator: "\n") + "\n")),
      ("same", .init("a\n"), .init("b\n")),
    ])
  }

  private static let first = proposal([("two", "deux"), ("five", "cinq"), ("nine", "neuf")])
  private static let second = proposal([("two", "deux"), ("five", "fünf"), ("nine", "neuf")])

  /// Some of everything decided in round 1, then round 2.
  private static func session() throws -> ScratchSession {
    var session = ScratchSession(first)
    try session.decide("f", lines: [0, 1, 2, 3])
    try session.decide("f", session.round.unit("f", lines: [4, 5]), .rejected, reason: "why")
    try session.decide("same", lines: [0, 1])
    try session.follow(second)
    return session
  }

  private static func pictures(_ session: ScratchSession) throws -> [[Verdict]] {
    [try session.verdicts("f"), try session.verdicts("same")]
  }

  @Test func `a round is undone and redone in its turn, with what stood on it`() throws {
    var session = try Self.session()
    try session.decide("f", lines: [2, 3], .rejected)
    let ledger = session.ledger
    #expect(ledger.roundNumber == 2 && ledger.standingRounds == [1, 2])
    #expect(ledger.carriedDecisions.map(\.sequence) == [0, 1, 2])
    let after = try Self.pictures(session)
    try session.append(.undo(of: 4))
    try session.append(.undo(of: 3))
    #expect(session.ledger.proposal == Self.first.proposal && session.ledger.roundNumber == 1)
    #expect(session.ledger.standingRounds == [1] && session.ledger.carriedDecisions.isEmpty)
    #expect(try session.verdicts("f").count(where: { $0 == .approved }) == 4)
    #expect(session.ledger.nextRoundNumber == 3, "a number stays taken")
    try session.append(.redo(of: 3))
    try session.append(.redo(of: 4))
    #expect(try Self.pictures(session) == after)
    #expect(session.ledger.proposal == Self.second.proposal)
    #expect(session.ledger.decisionsInForce == ledger.decisionsInForce)
  }

  @Test func `a decision ends what could be redone, a round among it`() throws {
    var session = try Self.session()
    try session.append(.undo(of: 3))
    try session.decide("f", lines: [0], .rejected)
    #expect(session.ledger.redoable == nil)
    #expect(throws: LedgerError.outOfOrder(3)) { try session.append(.redo(of: 3)) }
  }

  @Test func `a decision about the proposal of another round is refused`() throws {
    var session = try Self.session()
    let old = Self.first.file("f")
    let record = DecisionRecord(
      sequence: session.ledger.nextSequence, file: old, unit: .whole, verdict: .approved)
    #expect(throws: LedgerError.foreignFile(old.path)) {
      try session.append(.decision(record))
    }
  }

  @Test(arguments: [-1, 0, 1, 2, Int.max])
  func `a round whose number does not ascend is refused`(_ number: Int) throws {
    var session = try Self.session()
    let entry = session.entry(for: Self.first, carried: [], number: number)
    #expect(throws: LedgerError.outOfOrder(number)) { try session.append(entry) }
    #expect(session.ledger.roundNumber == 2)
  }

  @Test(arguments: [-1, 0, 3, Int.max])
  func `a round whose place does not ascend is refused`(_ sequence: Int) throws {
    var session = try Self.session()
    let entry = session.entry(for: Self.first, carried: [], sequence: sequence)
    #expect(throws: LedgerError.outOfOrder(sequence)) { try session.append(entry) }
  }

  @Test func `a ledger with rounds read back from its entries is equal`() throws {
    var session = try Self.session()
    try session.decide("f", lines: [2, 3])
    try session.append(.undo(of: 4))
    try session.append(.undo(of: 3))
    try session.append(.redo(of: 3))
    try session.decide("f", lines: [2], .rejected)
    let read = try DecisionLedger(proposal: Self.first.proposal, entries: session.ledger.entries)
    #expect(RoundWalkTests.isEqual(read, session.ledger))
    for cut in session.ledger.entries.indices {
      _ = try DecisionLedger(
        proposal: Self.first.proposal, entries: Array(session.ledger.entries[..<cut]))
      var missing = session.ledger.entries
      let gone = missing.remove(at: cut)
      // Without a decision the rest may follow all the same; without a round, or with another order, it may not.
      if case .round = gone {
        #expect(throws: LedgerError.self) {
          try DecisionLedger(proposal: Self.first.proposal, entries: missing)
        }
      }
    }
  }

  @Test func `an approved change folded from a later round passes the guard`() throws {
    var session = try Self.session()
    #expect(try session.violations() == [])
    try session.decide("f", lines: [2, 3])
    #expect(try session.violations() == [])
    try session.append(.undo(of: 4))
    try session.append(.undo(of: 3))
    #expect(try session.violations() == [])
  }

  /// A carried record with one thing of it altered.
  enum Mutation: CaseIterable {
    case verdict, reason, sequence, otherDecision, lines, moreLines, digest, unit, path, state,
      twice
    case order

    /// The records with the first of them (lines of `f`, approved) altered.
    func applied(to records: [DecisionRecord], _ next: ScratchProposal) throws -> [DecisionRecord] {
      var records = records
      let record = records[0]
      func altered(
        sequence: Int? = nil, file: ProposedFile? = nil, unit: DecisionUnit? = nil,
        verdict: Verdict? = nil, reason: String? = nil
      ) -> DecisionRecord {
        DecisionRecord(
          sequence: sequence ?? record.sequence, file: file ?? record.file,
          unit: unit ?? record.unit, verdict: verdict ?? record.verdict,
          reason: reason ?? record.reason)
      }
      guard case .lines(let script, let digest) = record.unit else { return records }
      switch self {
      case .verdict: records[0] = altered(verdict: .rejected)
      case .reason: records[0] = altered(reason: "another")
      case .sequence: records[0] = altered(sequence: 99)
      case .otherDecision: records[0] = altered(sequence: 1)
      case .lines:
        let other = EditScript(removed: [4..<5], inserted: script.inserted)
        records[0] = altered(unit: .lines(other, digest: digest))
      case .moreLines: records[0] = altered(unit: try next.unit("f", lines: 0..<6))
      case .digest: records[0] = altered(unit: .lines(script, digest: SHA256Digest.of([1])))
      case .unit: records[0] = altered(unit: .whole)
      case .path: records[0] = altered(file: next.file("same"))
      case .state:
        let other = FileState(mode: .executable, blob: record.file.new!.blob)
        records[0] = altered(
          file: ProposedFile(path: record.file.path, old: record.file.old, new: other))
      case .twice: records.insert(record, at: 0)
      case .order: records.reverse()
      }
      return records
    }
  }

  @Test(arguments: Mutation.allCases)
  func `a carried record that was altered is refused by the ledger or found by the guard`(
    _ mutation: Mutation
  ) throws {
    var session = ScratchSession(Self.first)
    try session.decide("f", lines: [0, 1])
    try session.decide("f", lines: [4, 5], .rejected)
    try session.decide("same", lines: [0, 1])
    let honest = try session.carried(to: Self.second).records
    let records = try mutation.applied(to: honest, Self.second)
    #expect(records != honest)
    do {
      try session.follow(Self.second, carrying: records)
    } catch is LedgerError {
      return
    }
    do {
      #expect(try session.violations() != [], "nobody noticed")
    } catch is ApprovalError {
      return
    }
  }

  @Test func `a decision carried over an unchanged file is that decision itself`() throws {
    var session = ScratchSession(Self.first)
    try session.decide("same", lines: [0, 1])
    let less = try DecisionRecord(
      sequence: 0, file: Self.second.file("same"), unit: Self.second.unit("same", lines: [1]),
      verdict: .approved)
    let entry = session.entry(for: Self.second, carried: [less])
    #expect(throws: LedgerError.self) { try session.append(entry) }
  }

  @Test func `a decision that was taken back does not come over`() throws {
    var session = ScratchSession(Self.first)
    try session.decide("f", lines: [0, 1])
    let carried = try session.carried(to: Self.second).records
    #expect(carried.count == 1)
    try session.append(.undo(of: 0))
    let entry = session.entry(for: Self.second, carried: carried)
    #expect(throws: LedgerError.self) { try session.append(entry) }
  }
}
