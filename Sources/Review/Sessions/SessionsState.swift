// The start screen: the sessions of this repository and where each stands.

/// How far a request has come.
package enum RequestProgress: Hashable, Sendable {
  /// Not sent yet: so many have their turn before it, or it is held back until somebody lets it go on.
  case waiting(ahead: Int, isPaused: Bool)
  case connecting
  /// Sent, nothing heard; how many wait before us when the server tells.
  case queued(ahead: Int?)
  case readingPrompt(processed: Int, total: Int)
  case writing(tokens: Int, tokensPerSecond: Double?)
  /// The answer is complete and its edits are being placed.
  case placing
}

/// Where a session stands.
package enum SessionStanding: Hashable, Sendable {
  case asking(RequestProgress)
  case ready(files: Int, unplaced: Int)
  case inReview(decisions: Int)
  case committed(String)
  case failed(String)
  case cancelled
  case discarded
}

package struct SessionSummary: Hashable, Sendable {
  package let id: SessionID
  package var title: String
  package var standing: SessionStanding
  /// Seconds since 1970, for the order only.
  package let created: Int
  /// The local date and time it was created, for people; empty when unknown.
  package let when: String
  package let verdict: String
  package let model: String

  package init(
    id: SessionID, title: String, standing: SessionStanding, created: Int, verdict: String,
    model: String, when: String = ""
  ) {
    self.when = when
    self.id = id
    self.title = title
    self.standing = standing
    self.created = created
    self.verdict = verdict
    self.model = model
  }
}

package struct SessionsState: Sendable {
  /// Newest first.
  package var list: [SessionSummary] = []
  package var selected = 0
  package var top = 0
  /// What the model has written so far, per session; only its end is shown.
  package var answers: [SessionID: [UInt8]] = [:]
  /// Requests whose server is still being looked at; they are recorded nowhere yet.
  package var checkingCount = 0

  /// What was too long for the model, and can be asked for without some files.
  package var overflows: [SessionID: PromptOverflow] = [:]
  /// Questions asked again that are being answered, and whether nobody asked for them.
  package private(set) var again: [SessionID: Bool] = [:]

  package init() {}

  mutating func noteAgain(_ id: SessionID, _ progress: AgainProgress?) {
    again[id] = progress?.isByItself
  }

  package var current: SessionSummary? { list.indices.contains(selected) ? list[selected] : nil }

  /// Requests that are at a server; those that wait here go on another time.
  package var answeringCount: Int {
    list.count {
      switch $0.standing {
      case .asking(.waiting): false
      case .asking: true
      case .ready, .inReview, .committed, .failed, .cancelled, .discarded: false
      }
    }
  }

  package func index(of id: SessionID) -> Int? { list.firstIndex { $0.id == id } }

  /// Replaces the list, keeping the selection on the same session.
  package mutating func replace(with list: [SessionSummary]) {
    let id = current?.id
    self.list = list
    selected = id.flatMap { index(of: $0) } ?? min(selected, max(0, list.count - 1))
  }

  package mutating func update(_ id: SessionID, _ standing: SessionStanding) {
    guard let index = index(of: id) else { return }
    list[index].standing = standing
  }
}
