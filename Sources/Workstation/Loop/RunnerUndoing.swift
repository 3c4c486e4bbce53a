// Takes a commit back and opens its review again.

import Approval
import AuditLog
import GitStore
import Review
import Terminal

extension Runner {
  func undoCommit(_ id: SessionID, _ commit: ObjectID) -> [Event] {
    guard committing == nil, undoing == nil, checking?.session != id else {
      return [.noted(StatusMessage(.note, "A commit or a check is running; wait for it to end."))]
    }
    return saying {
      let history = try store.openHistory(of: id)
      let (repository, mailbox) = (surroundings.repository, mailbox)
      let wish = CommitWork(surroundings: surroundings, session: id).landing(history.start)
      let directory = store.undoDirectory(of: id)
      try PrivateDirectory.ensure(Array(directory.utf8))
      undoing = Task {
        do {
          try await repository.undoLanding(
            of: commit, on: history.start.branch, wish: wish, journalDirectory: directory)
          mailbox.post(.undoEnded(id, commit, problem: nil))
        } catch {
          mailbox.post(.undoEnded(id, commit, problem: "\(error)"))
        }
      }
      return []
    }
  }

  /// Records that a commit was taken back, and only then lets go of its journal; or says why it was not.
  func undoEnded(_ id: SessionID, _ commit: ObjectID, _ problem: String?) -> [Event] {
    undoing = nil
    if let problem { return [.noted(StatusMessage(.problem, problem))] }
    return saying {
      try store.recordUndone(commit, of: id)
      return [
        .roundArrived(
          try review(of: id),
          StatusMessage(.success, "\(commit.short) is taken back; the review is open again."),
          keepsUnplaced: false)
      ]
    }
  }
}

extension SessionStore {
  /// Where the journal of a landing that is being taken back is.
  func undoDirectory(of id: SessionID) -> String { journalDirectory(of: id) + "/undo" }

  /// Sessions in which the taking back of a landing began and was not reported as ended.
  func sessionsWithUndoJournal() -> [SessionID] {
    ids.filter { Repository.hasLandingJournal(in: undoDirectory(of: $0)) }
  }

  func recordUndone(_ commit: ObjectID, of id: SessionID) throws {
    try append(id, kind: "commit-undone", body: ["commit": .text(commit.hex)])
    try Repository.endLanding(journalDirectory: undoDirectory(of: id))
  }
}
