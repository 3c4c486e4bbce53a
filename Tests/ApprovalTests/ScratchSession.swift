// A session of several rounds, made up in memory: proposals one after another and the ledger over them.

import Approval
import Diffing

/// Rounds with their blobs, and the ledger that runs through them.
struct ScratchSession {
  private var rounds: [Int: ScratchProposal]
  private(set) var ledger: DecisionLedger

  init(_ first: ScratchProposal) {
    rounds = [1: first]
    ledger = DecisionLedger(proposal: first.proposal)
  }

  /// The round that stands.
  var round: ScratchProposal { rounds[ledger.roundNumber]! }

  func change(_ file: ProposedFile) throws -> FileChange {
    FileChange(
      file: file, old: try file.old.map { try blob($0.blob) } ?? [],
      new: try file.new.map { try blob($0.blob) } ?? [])
  }

  func blob(_ id: ObjectID) throws -> [UInt8] {
    for round in rounds.values { if let bytes = round.blobs[id] { return bytes } }
    throw ScratchProposal.MissingBlob(id: id)
  }

  mutating func append(_ entry: LedgerEntry) throws { try ledger.append(entry) }

  mutating func decide(_ path: String, lines: some Sequence<Int>, _ verdict: Verdict = .approved)
    throws
  {
    try decide(path, round.unit(path, lines: lines), verdict)
  }

  mutating func decide(
    _ path: String, _ unit: DecisionUnit, _ verdict: Verdict = .approved, reason: String = ""
  ) throws {
    try append(
      .decision(
        DecisionRecord(
          sequence: ledger.nextSequence, file: round.file(path), unit: unit, verdict: verdict,
          reason: reason)))
  }

  /// What of the decisions in force holds on `next`.
  func carried(to next: ScratchProposal) throws -> CarriedDecisions {
    try CarriedDecisions(of: ledger, to: next.proposal) { file in
      func blob(_ id: ObjectID) throws -> [UInt8] {
        try next.blobs[id] ?? self.blob(id)
      }
      return FileChange(
        file: file, old: try file.old.map { try blob($0.blob) } ?? [],
        new: try file.new.map { try blob($0.blob) } ?? [])
    }
  }

  /// The entry with which `next` follows.
  func entry(
    for next: ScratchProposal, carried: [DecisionRecord], number: Int? = nil, sequence: Int? = nil
  ) -> LedgerEntry {
    .round(
      RoundRecord(
        sequence: sequence ?? ledger.nextSequence, number: number ?? ledger.nextRoundNumber,
        proposal: next.proposal, carried: carried))
  }

  /// Puts `next` in the place of the round that stands.
  @discardableResult
  mutating func follow(_ next: ScratchProposal) throws -> CarriedDecisions {
    let carried = try carried(to: next)
    try follow(next, carrying: carried.records)
    return carried
  }

  /// The same with records that may be anything.
  mutating func follow(_ next: ScratchProposal, carrying records: [DecisionRecord]) throws {
    let number = ledger.nextRoundNumber
    try append(entry(for: next, carried: records))
    rounds[number] = next
  }

  func approved() throws -> ApprovedChange {
    let files = ledger.proposal.files
    return try ApprovedChange(folding: ledger) { try change(files[$0]) }
  }

  /// What the guard says of the tree that the decisions in force make, when it is given `decisions` (those in force unless said otherwise).
  func violations(_ decisions: [DecisionRecord]? = nil) throws -> [GuardViolation] {
    var round = round
    let tree = round.tree(of: try approved())
    return try CommitGuard.violations(
      base: round.base, committed: tree, decisions: decisions ?? ledger.decisionsInForce
    ) { id in try round.blobs[id] ?? blob(id) }
  }

  /// The verdict of every changed line of `path` in the round that stands.
  func verdicts(_ path: String) throws -> [Verdict] {
    guard let index = ledger.proposal.index(of: RepositoryPath(path)) else { return [] }
    let decisions = ledger.decisions(forFile: index)
    guard let diff = try change(ledger.proposal.files[index]).diff else { return [] }
    var verdicts: [Verdict] = []
    for group in diff.groups.indices {
      diff.forEachChangedLine(in: group) { _, line in
        verdicts.append(decisions.verdict(of: line))
      }
    }
    return verdicts
  }
}
