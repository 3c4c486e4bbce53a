// Takes what was rejected out of the user's files, on request and after a backup.

import Approval
import Diffing
import GitStore
import Review

/// Why nothing was taken out.
enum RemovalProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case notFromFiles
  case nothingToDo
  case changedSince([RepositoryPath])
  case converted([RepositoryPath])

  var description: String {
    switch self {
    case .notFromFiles:
      "Only a review of the working tree has its changes in your files; nothing was touched."
    case .nothingToDo: "Your files are as decided already."
    case .changedSince(let paths):
      "Changed since this review began, so none of your files was touched: \(Self.names(paths))."
    case .converted(let paths):
      "git stores other bytes than your files have (line endings, a filter), so none of them was touched: "
        + "\(Self.names(paths))."
    }
  }

  private static func names(_ paths: [RepositoryPath]) -> String {
    paths.prefix(3).map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ", ")
      + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
  }
}

/// Brings the files of the checkout from what they held when the review began to what was decided: without rejected lines, and with the
/// lines that the user edited in the review.
struct RejectedRemoval: Sendable {
  let surroundings: Surroundings
  let session: SessionID
  let scratchDirectory: String

  private var repository: Repository { surroundings.repository }

  /// Returns how many files were changed.
  ///
  /// - Throws: `RemovalProblem.changedSince` when a file has other content by now, `.converted` when git's version of one is not what it
  ///   holds, so that the backup would not hold it either; nothing is touched then.
  func run(_ history: SessionHistory) async throws -> Int {
    guard history.start.source == .worktree else { throw RemovalProblem.notFromFiles }
    guard let ledger = history.ledger, let first = history.rounds[1]?.proposal.tree else {
      throw RoundProblem.noProposal
    }
    var changes: [RepositoryPath: FileState?] = [:]
    for (index, file) in ledger.proposal.files.enumerated() {
      let decisions = ledger.decisions(forFile: index)
      if let state = try await decided(file, decisions) { changes[file.path] = state }
    }
    let wanted = try await repository.writeTree(base: ledger.proposal.tree, changes: changes)
    let files = try await repository.changes(from: first, to: wanted)
    guard !files.isEmpty else { throw RemovalProblem.nothingToDo }
    try await repository.setAnchor(.backup, session: session.text, tree: first)
    switch try await repository.bringFiles(
      from: first, to: wanted, scratchDirectory: scratchDirectory)
    {
    case .done(let count):
      guard count > 0 else { throw RemovalProblem.nothingToDo }
      return count
    case .changed(let paths): throw RemovalProblem.changedSince(paths)
    case .converted(let paths): throw RemovalProblem.converted(paths)
    }
  }

  /// What the file is without what was rejected; nil when nothing of it was.
  private func decided(
    _ file: ProposedFile, _ decisions: FileDecisions
  ) async throws -> FileState?? {
    let change = try await surroundings.fileChange(file)
    guard let diff = change.diff else {
      return decisions.whole == .rejected ? .some(file.old) : nil
    }
    var kept = LineSelection()
    for index in diff.groups.indices {
      diff.forEachChangedLine(in: index) { changed, line in
        if decisions.verdict(of: line) != .rejected { kept.insert(changed) }
      }
    }
    let mode = decisions.mode == .rejected ? file.old?.mode : file.new?.mode
    guard kept.count < diff.changedLineCount || mode != file.new?.mode else { return nil }
    if kept.isEmpty, file.old == nil || file.new == nil { return .some(file.old) }
    guard let mode = mode ?? file.old?.mode else { return .some(nil) }
    let content = selectedContent(of: diff, selection: kept)
    return .some(FileState(mode: mode, blob: try await repository.writeBlob(content)))
  }
}
