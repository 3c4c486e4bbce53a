// What a crash left half done, ended at the next start.

import Approval
import AuditLog
import Digest
import GitStore
import Review

extension Surroundings {
  /// Completes or clears landings that were cut off, and records commits that had landed.
  ///
  /// A session that another Countersign holds is left to it, and one that cannot be mended stands in nobody's way.
  ///
  /// - Returns: a sentence for each that the user should know of.
  package func finishInterruptedLandings() async -> [String] {
    let store = makeStore()
    var sentences: [String] = []
    for id in store.sessionsWithJournal() {
      do {
        let history = try store.openHistory(of: id)
        if let sentence = try await finishLanding(history, of: id, in: store) {
          sentences.append(sentence)
        }
      } catch StoreError.inUse {
        // Its landing may be going on.
        continue
      } catch {
        sentences.append(
          "A commit of session \(id) that was cut off could not be seen to: \(error)")
      }
      store.close(id)
    }
    return sentences + (await finishUndoing(store)) + (await keepOwedNotes(store))
  }

  /// Ends what was cut off while a commit was taken back.
  private func finishUndoing(_ store: SessionStore) async -> [String] {
    var sentences: [String] = []
    for id in store.sessionsWithUndoJournal() {
      do {
        let history = try store.openHistory(of: id)
        switch try await repository.finishLanding(journalDirectory: store.undoDirectory(of: id)) {
        case .finished, .movedOn, .takenBack:
          if let commit = history.commits.last {
            try store.recordUndone(commit, of: id)
            sentences.append("The commit \(commit.short) of session \(id) was taken back.")
          }
        case .blocked(_, let paths):
          let names = paths.map { DisplayedBytes.text(of: $0.bytes) }.joined(separator: ", ")
          sentences.append(
            "A commit of session \(id) was taken back, but \(names) changed meanwhile and was left alone; `git status` shows it."
          )
        case .nothingMoved, .underWay, .elsewhere, nil: break
        }
      } catch StoreError.inUse {
        continue
      } catch {
        sentences.append(
          "A commit of session \(id) that was being taken back could not be seen to: \(error)")
      }
      store.close(id)
    }
    return sentences
  }

  /// Keeps the notes that could not be kept when their commits were made; says which still cannot.
  private func keepOwedNotes(_ store: SessionStore) async -> [String] {
    var sentences: [String] = []
    for id in store.sessionsOwingNotes() {
      do {
        let history = try store.openHistory(of: id)
        // A commit that is gone since needs no note.
        if let commit = try store.owedNote(id), try await repository.exists(commit) {
          try await keepNote(
            on: try await repository.commitContent(commit), history, of: id, in: store)
        }
        try store.settleNote(id)
      } catch StoreError.inUse {
        continue
      } catch {
        sentences.append(
          "The note on the commit of session \(id) could not be kept yet again: \(error)")
      }
      store.close(id)
    }
    return sentences
  }

  private func finishLanding(
    _ history: SessionHistory, of id: SessionID, in store: SessionStore
  ) async throws -> String? {
    let directory = store.journalDirectory(of: id)
    switch try await repository.finishLanding(journalDirectory: directory) {
    case nil: return nil
    case .nothingMoved:
      return
        "A commit of session \(id) was cut off before your branch moved: nothing was committed, and "
        + "the decisions are all there."
    case .underWay(let commit):
      return
        "The commit \(commit.short) of session \(id) is still being made by a git that was started "
        + "before; start `countersign` again when that has ended."
    case .takenBack(let commit):
      return
        "The commit \(commit.short) of session \(id) was cut off after it had landed, and the branch was "
        + "taken back or rewritten since; the review stands as it was."
    case .elsewhere(let commit, let checkout):
      return "The commit \(commit.short) of session \(id) was cut off in another checkout of this "
        + "repository (\(checkout)); it is finished when `countersign` is started there."
    case .movedOn(let commit, _, isFollowed: false):
      _ = try await record(commit, history, of: id, in: store)
      try Repository.endLanding(journalDirectory: directory)
      return
        "The commit \(commit.short) of session \(id) had landed when it was cut off, but index and files did "
        + "not follow it before you went on: look at `git status` and at what was committed since."
    case .finished(let commit), .movedOn(let commit, _, isFollowed: true):
      let isNews = try await record(commit, history, of: id, in: store)
      try Repository.endLanding(journalDirectory: directory)
      return isNews ? "The commit \(commit.short) of session \(id) was completed." : nil
    case .blocked(let commit, let paths):
      _ = try await record(commit, history, of: id, in: store)
      let names = paths.map { DisplayedBytes.text(of: $0.bytes) }.joined(separator: ", ")
      return
        "The commit \(commit.short) moved the branch, but \(names) changed meanwhile and was "
        + "left alone; `git status` shows it."
    }
  }

  /// Keeps a commit's note and records it; false when the ledger has it already.
  private func record(
    _ commit: ObjectID, _ history: SessionHistory, of id: SessionID, in store: SessionStore
  ) async throws -> Bool {
    guard !history.commits.contains(commit) else { return false }
    let content = try await repository.commitContent(commit)
    let tree = content.tree
    // The note first: it can be written again, and with the record the commit is settled.
    try await keepNote(on: content, history, of: id, in: store)
    try store.append(
      id, kind: "commit",
      body: .commit(commit, tree: tree, landed: "completed after an interruption"))
    return true
  }
}

extension Surroundings {
  private func keepNote(
    on commit: CommitContent, _ history: SessionHistory, of id: SessionID, in store: SessionStore
  ) async throws {
    let approvals = try store.chain(of: id).records.filter {
      try $0.kind == ApprovalRecord.kind && ApprovalRecord($0).tree == commit.tree
    }
    // The one that the commit names: another of the same tree may have been made since.
    let message = String(decoding: commit.message, as: UTF8.self)
    let named = approvals.first { message.contains($0.digest.hex) }
    guard let record = named ?? approvals.last else { return }
    try await CommitWork(surroundings: self, session: id).keepNote(
      record, signature: history.signatures[record.digest], on: commit.id)
  }
}

extension SessionStore {
  /// Sessions in which a landing began and was not reported as ended.
  func sessionsWithJournal() -> [SessionID] {
    ids.filter { Repository.hasLandingJournal(in: journalDirectory(of: $0)) }
  }

  /// Where the landing journal of a session is.
  func journalDirectory(of id: SessionID) -> String {
    String(decoding: directory(of: id), as: UTF8.self)
  }
}
