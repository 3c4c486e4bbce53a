// Sessions that are finished, and what it takes to forget one.

import Approval
import AuditLog
import Digest
import GitStore
package import Review

/// Takes finished sessions away for good: what was rejected in them must not live for ever.
package struct SessionPurging: Sendable {
  private let surroundings: Surroundings

  package init(_ surroundings: Surroundings) { self.surroundings = surroundings }

  /// Removes records, anchors and working directories of a session that is committed, discarded, or came to nothing.
  ///
  /// - Throws: `StandingProblem.unfinished`, or what keeps it from being removed; it is all there then, or gone from every list.
  ///
  /// - Parameter withBackup: whether a backup of the user's files goes too; without, a session that has one stays.
  package func purge(_ id: SessionID, withBackup: Bool) async throws {
    let store = surroundings.makeStore()
    let history = try store.openHistory(of: id)
    guard history.isFinished else { throw StandingProblem.unfinished(id) }
    let queue = QueueStore(stateDirectory: surroundings.locations.state)
    queue.refresh()
    // Its request waits for its turn, or may.
    guard !queue.isUnknown || history.isDiscarded || history.round != nil else {
      throw StandingProblem.unfinished(id)
    }
    guard queue.queue.asking(in: surroundings.gitCommonDirectory)[id] == nil || history.isDiscarded
    else { throw StandingProblem.unfinished(id) }
    let session = id
    queue.update { $0.remove(session) }
    if !withBackup, try await surroundings.repository.anchors(session: id.text)[.backup] != nil {
      throw StandingProblem.holdsBackup(id)
    }
    try await surroundings.repository.refuseUnendedLanding(
      journalDirectory: store.journalDirectory(of: id), isRecorded: false)
    try await surroundings.repository.purge(
      session: id.text, records: String(decoding: store.directory(of: id), as: UTF8.self),
      directories: surroundings.workingDirectories(of: id))
    store.close(id)
  }

  /// Purges every finished session whose last record is older than the policy keeps it; returns their names and, of those that could not be
  /// purged, the reasons.
  package func purgeExpired(
    now: Int, except: Set<SessionID> = []
  ) async -> (purged: [SessionID], problems: [String]) {
    guard let days = surroundings.configuration.policy.sessionExpiryDays else { return ([], []) }
    let store = surroundings.makeStore()
    var (purged, problems): ([SessionID], [String]) = ([], [])
    for id in store.ids.sorted(by: { $0.text < $1.text }) where !except.contains(id) {
      do {
        let records = try store.chain(of: id).records
        guard let last = records.last?.body["at"]?.intValue, last < now - days * 86_400,
          try SessionHistory(records).isFinished
        else { continue }
        try await purge(id, withBackup: false)
        purged.append(id)
      } catch StandingProblem.holdsBackup {
        // The only copy of what was in the user's files is not given up by itself.
        continue
      } catch {
        problems.append("Session \(id) is due to be purged and could not be: \(error)")
      }
    }
    return (purged, problems)
  }
}

extension SessionHistory {
  /// Whether nothing is left to decide in it: it was committed or put away, or no proposal ever came of it.
  var isFinished: Bool { isDiscarded || !commits.isEmpty || round == nil }
}

extension Surroundings {
  /// Where a session's commit and checks have their files.
  func workingDirectories(of id: SessionID) -> [String] {
    [worktreeDirectory(of: id), checkDirectory(of: id), checkScratch(of: id)]
  }

  /// The directory for the files of a session's check, and that for its caches and temporary files.
  func checkDirectory(of id: SessionID) -> String { worktreeDirectory(of: id) + "-check" }
  func checkScratch(of id: SessionID) -> String { worktreeDirectory(of: id) + "-check-scratch" }

  /// The directory for a session's commit. A copied repository has the same sessions; their directories must not meet.
  func worktreeDirectory(of id: SessionID) -> String {
    let place = SHA256Digest.of(gitCommonDirectory).hex.prefix(8)
    return String(decoding: locations.worktrees, as: UTF8.self) + "/\(id.text)-\(place)"
  }
}
