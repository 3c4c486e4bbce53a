// Promise 3 by construction: only folding a ledger makes something that can be committed.

import Diffing

/// What becomes of an approved file.
package enum ApprovedResult: Hashable, Sendable {
  case deleted
  /// The proposal's own blob and mode, unchanged.
  case proposed(FileState)
  /// Bytes spliced from base and proposal.
  case content(FileMode, [UInt8])
}

/// A file of which at least one line, its mode or its whole was approved.
package struct ApprovedFile: Hashable, Sendable {
  package let path: RepositoryPath
  package let old: FileState?
  package let result: ApprovedResult

  fileprivate init(path: RepositoryPath, old: FileState?, result: ApprovedResult) {
    self.path = path
    self.old = old
    self.result = result
  }
}

/// What may be committed: the approved part of a proposal, and the decisions that made it.
package struct ApprovedChange: Sendable {
  package let proposal: Proposal
  /// Sorted by path; never empty.
  package let files: [ApprovedFile]
  /// The decisions in force, for the guard, which folds them by its own path.
  package let decisions: [DecisionRecord]

  /// Folds `ledger`; `change` gives the contents of a decided file by its index in the proposal.
  ///
  /// - Throws: `.nothingApproved`; `.mismatch` when a decision names lines that the contents do not have.
  package init(
    folding ledger: DecisionLedger, change: (Int) throws -> FileChange
  ) throws {
    var files: [ApprovedFile] = []
    let decided = Set(ledger.decisionsInForce.map(\.file.path))
    for (index, file) in ledger.proposal.files.enumerated() where decided.contains(file.path) {
      if let approved = try Self.approved(file, ledger.decisions(forFile: index), try change(index))
      {
        files.append(approved)
      }
    }
    guard !files.isEmpty else { throw ApprovalError.nothingApproved }
    self.proposal = ledger.proposal
    self.files = files
    decisions = ledger.decisionsInForce
  }

  private static func approved(
    _ file: ProposedFile, _ decisions: FileDecisions, _ change: FileChange
  ) throws(ApprovalError) -> ApprovedFile? {
    guard change.file == file else { throw .mismatch(file.path) }
    let proposed: ApprovedResult = file.new.map { .proposed($0) } ?? .deleted
    guard let diff = change.diff else {
      guard decisions.approvedLineCount == 0 else { throw .mismatch(file.path) }
      guard decisions.whole == .approved else { return nil }
      return ApprovedFile(path: file.path, old: file.old, result: proposed)
    }
    let selection = decisions.approvedSelection(in: diff.outline)
    guard selection.count == decisions.approvedLineCount else { throw .mismatch(file.path) }
    let takesMode = file.changesMode && decisions.mode == .approved
    guard !selection.isEmpty || takesMode else { return nil }
    if selection.count == diff.changedLineCount, takesMode == file.changesMode {
      return ApprovedFile(path: file.path, old: file.old, result: proposed)
    }
    // A new file has only its proposed mode; a file that stays in part keeps its own.
    let kept = file.old?.mode ?? file.new?.mode
    guard let mode = takesMode ? file.new?.mode : kept else { throw .mismatch(file.path) }
    if selection.isEmpty, let old = file.old {
      return ApprovedFile(
        path: file.path, old: old, result: .proposed(FileState(mode: mode, blob: old.blob)))
    }
    return ApprovedFile(
      path: file.path, old: file.old,
      result: .content(mode, selectedContent(of: diff, selection: selection)))
  }
}

/// Why decisions do not make a change that can be committed.
package enum ApprovalError: Error, Hashable, Sendable {
  case nothingApproved
  /// The contents at this path are not those the decisions were made on.
  case mismatch(RepositoryPath)
}
