// The ordered decisions on one proposal, and what follows from them.

/// Base, proposal and the ordered decisions on it.
///
/// Append-only: undo and redo are entries too. Folding replays the decisions that were not taken back, in order.
package struct DecisionLedger: Sendable {
  package let proposal: Proposal
  package private(set) var entries: [LedgerEntry] = []
  /// Decisions that stand, oldest first: undo takes from the end.
  private var standing: [DecisionRecord] = []
  /// Decisions taken back that redo can take up again: from the end.
  private var undone: [DecisionRecord] = []
  /// Folded standing per index of `proposal.files`.
  private var folded: [Int: FileDecisions] = [:]
  package private(set) var nextSequence = 0

  package init(proposal: Proposal) {
    self.proposal = proposal
  }

  /// Folds entries read back from disk; throws at the first that does not follow from those before.
  package init(proposal: Proposal, entries: [LedgerEntry]) throws(LedgerError) {
    self.init(proposal: proposal)
    for entry in entries { try append(entry) }
  }

  package func decisions(forFile index: Int) -> FileDecisions { folded[index] ?? FileDecisions() }

  /// The decisions in force, oldest first.
  package var decisionsInForce: [DecisionRecord] { standing }

  /// The decision that undo would take back.
  package var undoable: DecisionRecord? { standing.last }
  /// The decision that redo would take up again.
  package var redoable: DecisionRecord? { undone.last }

  package mutating func append(_ entry: LedgerEntry) throws(LedgerError) {
    switch entry {
    case .decision(let record):
      guard let index = proposal.index(of: record.file.path),
        proposal.files[index] == record.file
      else { throw .foreignFile(record.file.path) }
      guard record.sequence >= nextSequence, record.sequence < Int.max else {
        throw .outOfOrder(record.sequence)
      }
      standing.append(record)
      undone.removeAll()
      folded[index, default: FileDecisions()].apply(record.unit, verdict: record.verdict)
      nextSequence = record.sequence + 1
    case .undo(let sequence):
      guard let last = standing.last, last.sequence == sequence else {
        throw .outOfOrder(sequence)
      }
      standing.removeLast()
      undone.append(last)
      refold(last.file.path)
    case .redo(let sequence):
      guard let last = undone.last, last.sequence == sequence else { throw .outOfOrder(sequence) }
      undone.removeLast()
      standing.append(last)
      refold(last.file.path)
    }
    entries.append(entry)
  }

  private mutating func refold(_ path: RepositoryPath) {
    guard let index = proposal.index(of: path) else { return }
    var decisions = FileDecisions()
    for record in standing where record.file.path == path {
      decisions.apply(record.unit, verdict: record.verdict)
    }
    folded[index] = decisions
  }
}

/// Why an entry cannot follow the ledger it was offered to.
package enum LedgerError: Error, Hashable, Sendable {
  /// The decision is about a path, or a version of it, that is not in the proposal.
  case foreignFile(RepositoryPath)
  /// Undo or redo names a decision that is not the next to take back or up, or a decision's number does not ascend.
  case outOfOrder(Int)
}
