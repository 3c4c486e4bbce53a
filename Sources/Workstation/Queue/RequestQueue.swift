// The user's requests to models, over all repositories, as one value: whose turn it is, and how long it may take.

package import AuditLog
package import Review

/// One request that waits or is being answered.
package struct QueueEntry: Hashable, Sendable {
  package let session: SessionID
  /// The git common directory of the repository that it is for.
  package let repository: [UInt8]
  /// The checkout's directory, for people.
  package let checkout: String
  package let title: String
  /// The endpoint's name in the configuration.
  package let endpoint: String
  /// Where the endpoint is, as written: names that lead to the same server share its limit.
  package let server: String
  package let model: String
  package var priority = QueuePriority.normal
  package var isPaused = false
  /// Whether it outlives the program that asked for it; what a command on the shell waits for ends with that.
  package let isKept: Bool
  /// How often its answer was cut off because the program ended.
  package var cutCount = 0
  /// When it was sent, in seconds since 1970; nil while it waits here.
  package var sentAt: Int?
  /// How far the answer is; nil while it waits here.
  package var progress: RequestProgress?
  /// The process that sends it, or has sent it. One that has ended sends nothing: its entries wait to be adopted.
  package var owner: LockOwner
  /// When that process looked at its turns last, in seconds since 1970.
  package var seenAt = 0
  /// Whether somebody in another window wants it cancelled: its owner does it.
  package var isToBeCancelled = false
  /// Whether that process has ended; found out whenever the queue is read.
  package var isOrphan = false

  package var isSent: Bool { sentAt != nil }

  /// Whether it takes up room at its server: sent, and its answer not there yet.
  var isAtServer: Bool { isSent && !isOrphan && progress != .placing }
}

/// How quickly a model answered so far, as moving averages.
package struct AnswerSpeed: Hashable, Sendable {
  package var tokensPerSecond: Double
  package var answerTokens: Double
  /// From sending to the first token, in seconds.
  package var secondsToFirst: Double

  /// How much of a new measurement counts.
  private static let weight = 0.3

  package mutating func learn(_ other: AnswerSpeed) {
    func mix(_ old: inout Double, _ new: Double) { old += (new - old) * Self.weight }
    mix(&tokensPerSecond, other.tokensPerSecond)
    mix(&answerTokens, other.answerTokens)
    mix(&secondsToFirst, other.secondsToFirst)
  }

  /// What a whole answer takes, in seconds.
  var secondsForAnswer: Double { secondsToFirst + answerTokens / max(0.1, tokensPerSecond) }
}

/// How a server counted a prompt of ours, and how many tokens one may have there.
package struct PromptCount: Hashable, Sendable {
  package let tokens: Int
  /// Of the messages, without what the template adds.
  package let byteCount: Int
  /// nil when the server does not tell its context.
  package let limit: Int?

  package init(tokens: Int, byteCount: Int, limit: Int?) {
    self.tokens = tokens
    self.byteCount = byteCount
    self.limit = limit
  }
}

/// All requests of the user, in the order in which they were put in.
///
/// Sent ones are no longer in anybody's turn; of the others those of a higher priority come first, and among equals the earlier in the list.
package struct RequestQueue: Hashable, Sendable {
  package private(set) var entries: [QueueEntry] = []
  /// By server and model.
  package private(set) var speeds: [String: AnswerSpeed] = [:]

  /// The last prompt that each counted, by server and the model that is asked for there.
  package private(set) var counts: [String: PromptCount] = [:]

  package init() {}

  init(
    entries: [QueueEntry], speeds: [String: AnswerSpeed], counts: [String: PromptCount] = [:]
  ) {
    self.counts = counts
    self.entries = entries
    self.speeds = speeds
  }

  package subscript(session: SessionID) -> QueueEntry? {
    entries.first { $0.session == session }
  }

  /// The entries as people see them: what is being answered, then what waits, in the order of their turns.
  package var ordered: [QueueEntry] {
    entries.filter(\.isSent) + waiting
  }

  private var waiting: [QueueEntry] {
    let waiting = entries.filter { !$0.isSent }
    return QueuePriority.allCases.reversed().flatMap { priority in
      waiting.filter { $0.priority == priority }
    }
  }

  // MARK: Changing

  package mutating func add(_ entry: QueueEntry) {
    remove(entry.session)
    entries.append(entry)
  }

  package mutating func remove(_ session: SessionID) {
    entries.removeAll { $0.session == session }
  }

  package mutating func change(_ session: SessionID, _ change: (inout QueueEntry) -> Void) {
    guard let index = entries.firstIndex(where: { $0.session == session }) else { return }
    change(&entries[index])
  }

  /// Moves a waiting request past the one whose turn is before it, or after it; it takes that one's priority where they differ.
  package mutating func move(_ session: SessionID, earlier: Bool) {
    var order = waiting
    guard let index = order.firstIndex(where: { $0.session == session }) else { return }
    let other = earlier ? index - 1 : index + 1
    guard order.indices.contains(other) else { return }
    order[index].priority = order[other].priority
    order.swapAt(index, other)
    entries = entries.filter(\.isSent) + order
  }

  /// So long a process may be silent, in seconds, before its turns are no longer kept for it: it was stopped.
  private static let longestSilence = 10

  /// Takes what is to be sent now of what `owner` may send, and marks it as sent.
  ///
  /// - Parameters:
  ///   - limits: how many requests of the user may be at a server at the same time, by server.
  package mutating func takeTurns(
    of owner: LockOwner, limits: [String: Int], now: Int
  ) -> [SessionID] {
    var atServer: [String: Int] = [:]
    for index in entries.indices {
      if entries[index].isAtServer { atServer[entries[index].server, default: 0] += 1 }
      // Not at every look: the file is written for it.
      if entries[index].owner == owner, abs(now - entries[index].seenAt) >= 3 {
        entries[index].seenAt = now
      }
    }
    var taken: [SessionID] = []
    for entry in waiting where !entry.isPaused && !entry.isOrphan {
      // Another process' turn counts as used: it takes it within its next second, if it was not stopped.
      guard entry.owner == owner || abs(now - entry.seenAt) <= Self.longestSilence else { continue }
      guard atServer[entry.server, default: 0] < limits[entry.server] ?? 1 else { continue }
      atServer[entry.server, default: 0] += 1
      guard entry.owner == owner else { continue }
      change(entry.session) { $0.sentAt = now }
      taken.append(entry.session)
    }
    return taken
  }

  /// Whether fewer than `limit` requests are at a server, and none waits for it.
  package func hasRoom(at server: String, limit: Int) -> Bool {
    entries.count { $0.server == server && $0.isAtServer } < limit
      && !entries.contains { $0.server == server && !$0.isSent && $0.isInTurn }
  }

  /// Gives `owner` the requests of a repository that nobody sends any more; those that were being answered wait again, in front.
  ///
  /// - Returns: the sessions that wait again, and those that are given up because they were cut off too often.
  package mutating func adopt(
    _ repository: [UInt8], by owner: LockOwner
  ) -> (waiting: [SessionID], cut: [SessionID]) {
    var (waiting, cut): ([SessionID], [SessionID]) = ([], [])
    for entry in entries where entry.repository == repository && entry.isOrphan {
      guard entry.cutCount + (entry.isSent ? 1 : 0) <= Self.mostCuts else {
        cut.append(entry.session)
        remove(entry.session)
        continue
      }
      if entry.isSent { putBack(entry.session) }
      waiting.append(entry.session)
      change(entry.session) {
        $0.owner = owner
        $0.isOrphan = false
      }
    }
    return (waiting, cut)
  }

  /// So often a request is sent again by itself after the program ended under it; more might be its fault.
  private static let mostCuts = 2

  /// Lets a request that was being answered wait again, before the others.
  package mutating func putBack(_ session: SessionID) {
    guard let index = entries.firstIndex(where: { $0.session == session && $0.isSent }) else {
      return
    }
    var entry = entries.remove(at: index)
    entry.sentAt = nil
    entry.progress = nil
    entry.cutCount += 1
    entries.insert(entry, at: entries.firstIndex { !$0.isSent } ?? entries.count)
  }

  /// Finds out which processes have ended.
  ///
  /// One that cannot be looked at, of another host or machine start, counts as ended once it has been silent for a minute.
  mutating func findOrphans(now: Int, isAlive: (LockOwner) -> Bool) {
    var known: [LockOwner: Bool] = [:]
    for index in entries.indices {
      let owner = entries[index].owner
      let runs = known[owner] ?? isAlive(owner)
      known[owner] = runs
      let isSilent = abs(now - entries[index].seenAt) > Self.longestUnseen
      entries[index].isOrphan = !runs || !owner.isVerifiable && isSilent
    }
    // What a command waited for ends with it.
    entries.removeAll { $0.isOrphan && !$0.isKept }
  }

  private static let longestUnseen = 60

  // MARK: Forecast

  package mutating func learn(_ speed: AnswerSpeed, server: String, model: String) {
    let key = Self.key(server, model)
    if speeds[key]?.learn(speed) == nil { speeds[key] = speed }
  }

  /// - Parameter model: as it is asked for: empty where the server has the choice.
  package mutating func learn(_ count: PromptCount, server: String, model: String) {
    counts[Self.key(server, model)] = count
  }

  package func count(server: String, model: String) -> PromptCount? {
    counts[Self.key(server, model)]
  }

  private static func key(_ server: String, _ model: String) -> String { "\(server) \(model)" }

  /// How many requests have their turn before this one at the same server, those being answered included.
  package func ahead(of session: SessionID) -> Int {
    guard let entry = self[session] else { return 0 }
    return ordered.prefix { $0.session != session }
      .count { $0.server == entry.server && $0.isInTurn }
  }

  /// When the answer may be there, in seconds from now, by what was measured of this server and model; nil when nothing was, or while
  /// it is paused.
  package func secondsLeft(of session: SessionID, now: Int) -> Int? {
    guard let entry = self[session], entry.isInTurn else { return nil }
    var seconds = 0.0
    for other in ordered where other.server == entry.server && other.isInTurn {
      guard let speed = speeds[Self.key(other.server, other.model)] else { return nil }
      seconds += other.secondsLeft(at: speed, now: now)
      if other.session == session {
        return Int(min(QueueEntry.longestForecast, seconds.rounded(.up)))
      }
    }
    return nil
  }
}

extension QueueEntry {
  fileprivate var isInTurn: Bool { !isPaused && !isOrphan }

  /// What is left of the answer, in seconds; one that is longer than usual is taken to end soon.
  fileprivate func secondsLeft(at speed: AnswerSpeed, now: Int) -> Double {
    if case .writing(let tokens, let rate)? = progress {
      let rest = max(speed.answerTokens * 0.1, speed.answerTokens - Double(tokens))
      return rest / max(0.1, rate ?? speed.tokensPerSecond)
    }
    let passed = sentAt.map { Double(max(0, now - $0)) } ?? 0
    return max(speed.secondsForAnswer * 0.1, speed.secondsForAnswer - passed)
  }

  /// What nobody waits for any more, in seconds.
  static let longestForecast = 1e7
}
