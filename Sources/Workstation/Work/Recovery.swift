// What a crash left half done, ended at the next start.

import Approval
import AuditLog
import GitStore
import Review

extension Surroundings {
  /// Completes or clears landings that were cut off, and records commits that had landed.
  ///
  /// A session that another Countersign holds is left to it.
  ///
  /// - Returns: a sentence for each that the user should know of.
  @discardableResult
  package func finishInterruptedLandings() async throws -> [String] {
    let store = makeStore()
    var sentences: [String] = []
    for id in store.sessionsWithJournal() {
      let directory = String(decoding: store.directory(of: id), as: UTF8.self)
      let history: SessionHistory
      do {
        history = try store.openHistory(of: id)
      } catch {
        sentences.append("Session \(id) was not looked at: \(error)")
        continue
      }
      switch try await repository.finishLanding(journalDirectory: directory) {
      case nil, .nothingMoved: break
      case .finished(let commit), .movedOn(let commit, _):
        if !history.commits.contains(commit) {
          let tree = try await repository.commitContent(commit).tree
          try store.append(
            id, kind: "commit",
            body: [
              "commit": .text(commit.hex), "tree": .text(tree.hex),
              "landed": "completed after an interruption",
            ])
          if let record = history.approval, try ApprovalRecord(record).tree == tree {
            try await CommitWork(surroundings: self, session: id).keepNote(record, on: commit)
          }
        }
        sentences.append("The commit \(commit.short) of session \(id) was completed.")
      case .blocked(let commit, let paths):
        let names = paths.map { DisplayedBytes.text(of: $0.bytes) }.joined(separator: ", ")
        sentences.append(
          "The commit \(commit.short) moved the branch, but \(names) changed meanwhile and was left alone; `git status` shows it."
        )
      }
      store.close(id)
    }
    return sentences
  }
}

extension SessionStore {
  /// Sessions in which a landing began and was not reported as ended.
  func sessionsWithJournal() -> [SessionID] {
    ids.filter {
      Repository.hasLandingJournal(in: String(decoding: directory(of: $0), as: UTF8.self))
    }
  }
}
