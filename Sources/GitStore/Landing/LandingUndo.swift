// Takes a landing back, as long as nobody has built on it or seen it: the branch goes to the parent, index and files follow.

package import Approval
import Glibc

/// Why a landing is not taken back; nothing has changed then.
package enum LandingUndoRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case movedOn(ObjectID)
  case pushed(ObjectID, reference: String)
  case firstCommit(ObjectID)
  case headElsewhere(branch: String)
  case checkedOut(branch: String, checkout: String)
  /// git's words.
  case localChanges(String)

  package var description: String {
    switch self {
    case .movedOn(let commit):
      "No branch ends with \(commit.short) any more, so it is not taken back; `git revert` undoes what others have built on."
    case .pushed(let commit, let reference):
      "\(commit.short) is in \(reference) already, where others have it; `git revert \(commit.short)` undoes it for all."
    case .firstCommit(let commit):
      "\(commit.short) is the first commit, and there is nothing to go back to."
    case .headElsewhere(let branch):
      "\(branch) is not checked out here; check it out, then take the commit back."
    case .checkedOut(let branch, let checkout):
      "\(branch) is checked out at \(checkout); check out another branch there first."
    case .localChanges(let words):
      "Your checkout has changes of its own in the way, so nothing was taken back: \(words)"
    }
  }
}

extension Repository {
  /// Takes `commit` back from the branch that it landed on: `branch`, or a side branch.
  ///
  /// The branch moves by compare-and-swap to the commit's parent, a side branch goes. Files follow as they do when a branch is switched, or
  /// stay where `wish` says that they held the change before. Under a journal of its own in `journalDirectory`, which `finishLanding` reads
  /// and `endLanding` removes. The commit stays in the reflog.
  ///
  /// - Throws: `LandingUndoRefusal` with nothing changed, or a `GitError`.
  package func undoLanding(
    of commit: ObjectID, on branch: String, wish: LandingWish, journalDirectory: String
  ) async throws {
    if let operation = store.operation() { throw CommitError.operationInProgress(operation) }
    let content = try store.commit(commit)
    let remotes = try await git.text(
      ["for-each-ref", "--contains", commit.hex, "--format=%(refname:short)", "refs/remotes"],
      in: workDirectory)
    if let reference = remotes.split(separator: "\n").first {
      throw LandingUndoRefusal.pushed(commit, reference: String(reference))
    }
    let head = try store.head()
    guard try store.target(of: branch) == commit else {
      return try await undoSideBranch(at: commit)
    }
    guard let parent = content.parents.first, content.parents.count == 1 else {
      throw LandingUndoRefusal.firstCommit(commit)
    }
    guard head.target == branch else { throw LandingUndoRefusal.headElsewhere(branch: branch) }
    let lock = "\(gitDirectory)/index.lock"
    guard access(lock, F_OK) != 0 else { throw CommitError.indexLocked(path: lock) }
    let manner: LandingJournal.Manner =
      switch wish {
      case .branch, .side: .moving
      case .inPlace: .inPlace
      case .inIndex: .inIndex
      }
    var journal = LandingJournal(
      branch: branch, old: commit, new: parent, oldTree: content.tree,
      newTree: try store.commit(parent).tree, checkout: checkoutName, manner: manner)
    if manner == .moving {
      _ = try await git.result(
        of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
      let trial = try await moveFiles(journal.oldTree, journal.newTree, isTrial: true)
      guard access(lock, F_OK) != 0 else { throw CommitError.indexLocked(path: lock) }
      guard trial.status == .exited(0) else {
        throw LandingUndoRefusal.localChanges(trial.message)
      }
    }
    try journal.write(in: journalDirectory)
    do {
      try await moveReference(
        branch, from: commit, to: parent, message: "countersign: \(commit.short) taken back")
    } catch {
      if try store.target(of: branch) == commit {
        try LandingJournal.remove(in: journalDirectory)
      }
      throw error
    }
    if manner == .moving {
      let moved = try await moveFiles(journal.oldTree, journal.newTree)
      guard moved.status == .exited(0) else {
        // The journal stays: the next start brings the files after the branch.
        throw GitError.command(
          arguments: ["read-tree"], status: moved.status, message: moved.message)
      }
    } else {
      try await followInIndex(journal, scratchDirectory: journalDirectory)
    }
    try syncFiles(journal)
    journal.manner = .landed
    try journal.write(in: journalDirectory)
  }

  private func undoSideBranch(at commit: ObjectID) async throws {
    let names = try await git.text(
      [
        "for-each-ref", "--points-at", commit.hex, "--format=%(refname) %(worktreepath)",
        "refs/heads/countersign-*",
      ], in: workDirectory
    ).split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    guard let found = names.first, let name = found.first else {
      throw LandingUndoRefusal.movedOn(commit)
    }
    // In whichever checkout: that one would have no commit any more.
    guard found.count == 1 else {
      throw LandingUndoRefusal.checkedOut(branch: name, checkout: found[1])
    }
    try await moveReference(
      name, from: commit, to: nil, message: "countersign: \(commit.short) taken back")
  }
}
