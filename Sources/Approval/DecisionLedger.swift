// The ordered decisions of one session, over all its rounds, and what follows from them.

package import Diffing

/// Base, proposals and the ordered decisions on them.
///
/// Append-only: undo and redo are entries too. Folding replays what was not taken back, in order; taking back a round brings the proposal
/// before it back, with the decisions that stood on it.
package struct DecisionLedger: Sendable {
  /// Something that undo takes back.
  package enum Step: Hashable, Sendable {
    case decision(DecisionRecord)
    case round(RoundRecord)

    package var sequence: Int {
      switch self {
      case .decision(let record): record.sequence
      case .round(let record): record.sequence
      }
    }
  }

  /// The proposal of the round that stands.
  package private(set) var proposal: Proposal
  /// The round that stands.
  package private(set) var roundNumber = 1
  package private(set) var entries: [LedgerEntry] = []
  /// The decisions in force, oldest first.
  package private(set) var decisionsInForce: [DecisionRecord] = []
  package private(set) var nextSequence = 0
  /// The number that the next round gets.
  package private(set) var nextRoundNumber = 2

  private let firstProposal: Proposal
  /// What stands, oldest first: undo takes from the end.
  private var standing: [Step] = []
  /// What was taken back and can be taken up again: from the end.
  private var undone: [Step] = []
  /// Folded standing per index of `proposal.files`.
  private var folded: [Int: FileDecisions] = [:]

  package init(proposal: Proposal) {
    self.proposal = proposal
    firstProposal = proposal
  }

  /// Folds entries read back from disk; throws at the first that does not follow from those before.
  package init(proposal: Proposal, entries: [LedgerEntry]) throws(LedgerError) {
    self.init(proposal: proposal)
    for entry in entries { try append(entry) }
  }

  package func decisions(forFile index: Int) -> FileDecisions { folded[index] ?? FileDecisions() }

  /// What undo would take back.
  package var undoable: Step? { standing.last }
  /// What redo would take up again.
  package var redoable: Step? { undone.last }

  /// The decisions that came over from the round before to the one that stands; empty in the first round.
  package var carriedDecisions: [DecisionRecord] { standingRound?.carried ?? [] }

  /// Whether the round that stands has another base than the one before it.
  package var hasMovedBase: Bool {
    let bases = standingBases
    return bases.count > 1 && bases[bases.count - 2].tree != bases[bases.count - 1].tree
  }

  /// The decisions in force that were made on another base than the one that stands, however many rounds ago: what was approved there has
  /// to be shown again here. O(standing steps + decisions).
  package var decisionsFromOtherBases: [DecisionRecord] {
    let bases = standingBases
    guard bases.contains(where: { $0.tree != proposal.baseTree }) else { return [] }
    return decisionsInForce.filter { decision in
      bases.last { $0.sequence < decision.sequence }?.tree != proposal.baseTree
    }
  }

  /// What was approved of a file in the rounds before, on the base that stands: it was drawn there, and is the same edit of the same lines
  /// here.
  package func carriedApprovals(of file: ProposedFile) -> [EditScript] {
    let carried = carriedDecisions.filter { $0.file == file && $0.verdict == .approved }
    guard !carried.isEmpty else { return [] }
    let elsewhere = decisionsFromOtherBases
    return carried.compactMap { decision in
      guard !elsewhere.contains(decision), case .lines(let script, _) = decision.unit else {
        return nil
      }
      return script
    }
  }

  /// The base of each standing round, oldest first, with the round's sequence; the first round is before every decision.
  private var standingBases: [(sequence: Int, tree: ObjectID)] {
    [(Int.min, firstProposal.baseTree)]
      + standing.compactMap { step in
        if case .round(let round) = step { (round.sequence, round.proposal.baseTree) } else { nil }
      }
  }

  /// The numbers of the rounds that were not taken back, the first among them, oldest first.
  package var standingRounds: [Int] {
    [1]
      + standing.compactMap { step in
        if case .round(let record) = step { record.number } else { nil }
      }
  }

  private var standingRound: RoundRecord? {
    for case .round(let record) in standing.reversed() { return record }
    return nil
  }

  package mutating func append(_ entry: LedgerEntry) throws(LedgerError) {
    switch entry {
    case .decision(let record):
      try checkSequence(record.sequence)
      guard let index = index(of: record.file, in: proposal) else {
        throw .foreignFile(record.file.path)
      }
      take(.decision(record))
      decisionsInForce.append(record)
      folded[index, default: FileDecisions()].apply(record.unit, verdict: record.verdict)
    case .round(let record):
      try checkSequence(record.sequence)
      guard record.number >= nextRoundNumber, record.number < Int.max else {
        throw .outOfOrder(record.number)
      }
      try checkCarried(record)
      take(.round(record))
      nextRoundNumber = record.number + 1
      refold()
    case .undo(let sequence):
      guard let last = standing.last, last.sequence == sequence else {
        throw .outOfOrder(sequence)
      }
      standing.removeLast()
      undone.append(last)
      refold(after: last)
    case .redo(let sequence):
      guard let last = undone.last, last.sequence == sequence else { throw .outOfOrder(sequence) }
      undone.removeLast()
      standing.append(last)
      refold(after: last)
    }
    entries.append(entry)
  }

  private func checkSequence(_ sequence: Int) throws(LedgerError) {
    guard sequence >= nextSequence, sequence < Int.max else { throw .outOfOrder(sequence) }
  }

  /// What is carried must come from decisions in force, each at most once, in their order, and on an unchanged file be the decision itself.
  private func checkCarried(_ round: RoundRecord) throws(LedgerError) {
    var origins = decisionsInForce[...]
    for carried in round.carried {
      guard index(of: carried.file, in: round.proposal) != nil else {
        throw .foreignFile(carried.file.path)
      }
      guard let place = origins.firstIndex(where: { $0.sequence == carried.sequence }) else {
        throw .outOfOrder(carried.sequence)
      }
      guard carried.canComeFrom(origins[place]) else { throw .foreignDecision(carried.sequence) }
      origins = origins[(place + 1)...]
    }
  }

  private func index(of file: ProposedFile, in proposal: Proposal) -> Int? {
    guard let index = proposal.index(of: file.path), proposal.files[index] == file else {
      return nil
    }
    return index
  }

  private mutating func take(_ step: Step) {
    standing.append(step)
    undone.removeAll()
    nextSequence = step.sequence + 1
  }

  /// Brings up to date what follows from `standing` after `step` came or went.
  private mutating func refold(after step: Step) {
    guard case .decision(let record) = step, let index = proposal.index(of: record.file.path)
    else {
      refold()
      return
    }
    if standing.last == step {
      decisionsInForce.append(record)
    } else {
      decisionsInForce.removeLast()
    }
    folded[index] = FileDecisions(decisionsInForce.filter { $0.file.path == record.file.path })
  }

  private mutating func refold() {
    let round = standingRound
    proposal = round?.proposal ?? firstProposal
    roundNumber = round?.number ?? 1
    decisionsInForce = round?.carried ?? []
    let first =
      standing.lastIndex { if case .round = $0 { true } else { false } }.map { $0 + 1 } ?? 0
    for case .decision(let record) in standing[first...] { decisionsInForce.append(record) }
    folded = [:]
    for record in decisionsInForce {
      guard let index = proposal.index(of: record.file.path) else { continue }
      folded[index, default: FileDecisions()].apply(record.unit, verdict: record.verdict)
    }
  }
}

extension FileDecisions {
  /// Folds the decisions on one file, oldest first.
  fileprivate init(_ records: [DecisionRecord]) {
    self.init()
    for record in records { apply(record.unit, verdict: record.verdict) }
  }
}

extension DecisionRecord {
  /// Whether this can be what is left of `origin` on another proposal, as far as records tell: contents are compared when decisions are
  /// carried over (`CarryGuard`).
  fileprivate func canComeFrom(_ origin: DecisionRecord) -> Bool {
    guard file != origin.file else { return self == origin }
    guard file.path == origin.file.path, verdict == origin.verdict, reason == origin.reason else {
      return false
    }
    switch (unit, origin.unit) {
    case (.mode, .mode): return true
    case (.lines(let script, let digest), .lines(let whole, let wholeDigest)):
      let (removed, inserted) = (script.removedLineCount, script.insertedLineCount)
      let isWhole = removed == whole.removedLineCount && inserted == whole.insertedLineCount
      return isWhole
        ? digest == wholeDigest
        : removed <= whole.removedLineCount && inserted <= whole.insertedLineCount
    case (.mode, _), (.lines, _), (.whole, _): return false
    }
  }
}

/// Why an entry cannot follow the ledger it was offered to.
package enum LedgerError: Error, Hashable, Sendable {
  /// The decision is about a path, or a version of it, that is not in the proposal.
  case foreignFile(RepositoryPath)
  /// What a round carries over under this number is not what was decided under it.
  case foreignDecision(Int)
  /// Undo or redo names what is not the next to take back or up, or a number does not ascend, or a round carries over a decision that is
  /// not in force.
  case outOfOrder(Int)
}
