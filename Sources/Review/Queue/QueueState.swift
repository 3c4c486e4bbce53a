// The queue screen: every request of the user, over all repositories, in the order of their turns.

/// Whose turn comes first.
package enum QueuePriority: String, CaseIterable, Hashable, Sendable {
  case low
  case normal
  case high
}

/// A request in the list.
package struct QueuedRequest: Hashable, Sendable {
  package let session: SessionID
  /// Whether it is of the repository that is open here; others can be moved and paused, not cancelled.
  package let isHere: Bool
  /// The checkout's directory.
  package let checkout: String
  package let title: String
  package let endpoint: String
  package let model: String
  package let priority: QueuePriority
  package let progress: RequestProgress
  /// Whether the program that sends it has ended: it goes on when its repository is opened again.
  package let isOrphan: Bool
  /// When its answer may be there, in seconds from now, by what was measured; nil when nothing was.
  package let secondsLeft: Int?

  package init(
    session: SessionID, isHere: Bool, checkout: String, title: String, endpoint: String,
    model: String, priority: QueuePriority, progress: RequestProgress, isOrphan: Bool,
    secondsLeft: Int?
  ) {
    self.session = session
    self.isHere = isHere
    self.checkout = checkout
    self.title = title
    self.endpoint = endpoint
    self.model = model
    self.priority = priority
    self.progress = progress
    self.isOrphan = isOrphan
    self.secondsLeft = secondsLeft
  }

  package var isPaused: Bool {
    if case .waiting(_, isPaused: true) = progress { true } else { false }
  }

  package var isWaiting: Bool {
    if case .waiting = progress { true } else { false }
  }
}

/// What is to be done with a waiting request.
package enum QueueChange: Hashable, Sendable {
  case earlier
  case later
  case pause(Bool)
  case priority(QueuePriority)
}

package struct QueueState: Sendable {
  package var list: [QueuedRequest] = []
  package var selected = 0
  /// Where `back` leads.
  package var origin = ScreenKind.sessions

  package init() {}

  package var current: QueuedRequest? { list.indices.contains(selected) ? list[selected] : nil }

  /// Replaces the list, keeping the selection on the same request.
  mutating func replace(with list: [QueuedRequest]) {
    let session = current?.session
    self.list = list
    selected =
      session.flatMap { session in list.firstIndex { $0.session == session } }
      ?? min(selected, max(0, list.count - 1))
  }
}
