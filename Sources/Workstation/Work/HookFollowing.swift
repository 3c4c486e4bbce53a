// Brings the files of a reviewed working tree to what a hook made of them, as `git commit` leaves them.

import Approval
import GitStore
import Review

/// What became of files that a hook had changed in its own checkout.
enum HookFollowing: Sendable {
  /// No hook made a round, or the files are not what was reviewed.
  case nothingToDo
  case followed(Int)
  /// A file is another one by now than was reviewed, or git stores it otherwise: all stay as they are.
  case left([RepositoryPath])
}

extension CommitWork {
  /// Gives files that hooks changed what the round that stands has in them, all of them or none.
  ///
  /// A file is written only where it still holds, byte for byte, what was reviewed first; that stays anchored with the session.
  func followHooks(_ history: SessionHistory, scratchDirectory: String) async throws
    -> HookFollowing
  {
    guard history.start.source == .worktree, let ledger = history.ledger,
      let first = history.rounds[1]?.proposal.tree
    else { return .nothingToDo }
    var paths: Set<RepositoryPath> = []
    for (before, round) in history.hookRounds {
      paths.formUnion(
        try await repository.changes(from: before.proposal.tree, to: round.proposal.tree)
          .map(\.path))
    }
    guard !paths.isEmpty else { return .nothingToDo }
    let standing = try await repository.treeListing(of: ledger.proposal.tree)
    let wanted = try await repository.writeTree(
      base: first,
      changes: Dictionary(uniqueKeysWithValues: paths.map { ($0, standing[$0]) }))
    return
      switch try await repository.bringFiles(
        from: first, to: wanted, scratchDirectory: scratchDirectory)
    {
    case .done(let count): count > 0 ? .followed(count) : .nothingToDo
    case .changed(let paths), .converted(let paths): .left(paths)
    }
  }
}

extension SessionHistory {
  /// The standing rounds that hooks made, each with the one before it.
  var hookRounds: [(before: SessionRound, round: SessionRound)] {
    let rounds = (ledger?.standingRounds ?? []).compactMap { self.rounds[$0] }
    return zip(rounds, rounds.dropFirst()).filter { $1.origin == .hook }
      .map { (before: $0, round: $1) }
  }
}
