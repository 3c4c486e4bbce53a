// The queue screen's commands.

extension AppState {
  mutating func showQueue() -> [Effect] {
    if screen != .queue { queue.origin = screen }
    screen = .queue
    return [.watchQueue(true)]
  }

  mutating func performInQueue(_ command: Command) -> [Effect] {
    switch command {
    case .lineDown: queue.move(by: 1)
    case .lineUp: queue.move(by: -1)
    case .halfPageDown, .pageDown: queue.move(by: 10)
    case .halfPageUp, .pageUp: queue.move(by: -10)
    case .top: queue.selected = 0
    case .bottom: queue.selected = max(0, queue.list.count - 1)
    case .moveEarlier: return changeInQueue { _ in .earlier }
    case .moveLater: return changeInQueue { _ in .later }
    case .pauseRequest: return changeInQueue { .pause(!$0.isPaused) }
    case .raisePriority: return changeInQueue { $0.priority.next(1).map(QueueChange.priority) }
    case .lowerPriority: return changeInQueue { $0.priority.next(-1).map(QueueChange.priority) }
    case .cancelRequest:
      guard let current = queue.current else { break }
      guard current.isHere else {
        message = StatusMessage(
          .note, "It belongs to another repository: cancel it there, in \(current.checkout).")
        break
      }
      message = StatusMessage(.note, "Cancel sent.")
      return [.cancelRequest(current.session)]
    case .open:
      guard let current = queue.current else { break }
      guard current.isHere else {
        message = StatusMessage(.note, "It belongs to another repository: \(current.checkout).")
        break
      }
      screen = .sessions
      if let index = sessions.index(of: current.session) { sessions.selected = index }
      return [.watchQueue(false)]
    case .showServerLog:
      return queue.current.map { [.showServerLog(endpoint: $0.endpoint, origin: .queue)] } ?? []
    case .back:
      screen = queue.origin
      return [.watchQueue(false)]
    default: break
    }
    return []
  }

  private mutating func changeInQueue(_ change: (QueuedRequest) -> QueueChange?) -> [Effect] {
    guard let current = queue.current else { return [] }
    guard current.isWaiting else {
      message = StatusMessage(
        .note,
        "It is with the server already; \(key(.cancelRequest, in: .queue)) cancels it.")
      return []
    }
    return change(current).map { [.changeQueue(current.session, $0)] } ?? []
  }

  /// Asks for the same change anew, where a request came to nothing.
  mutating func retrySelected() -> [Effect] {
    guard let current = sessions.current else { return [] }
    switch current.standing {
    case .failed where sessions.overflows[current.id] != nil:
      overlay = sessions.overflows[current.id].map { .tooLong($0) }
      return []
    case .failed, .cancelled: return [.retry(current.id)]
    case .asking, .ready, .inReview, .committed, .discarded:
      message = StatusMessage(
        .note, "Only a request that failed or was cancelled can be asked anew.")
      return []
    }
  }
}

extension QueueState {
  package mutating func move(by distance: Int) {
    selected = min(max(0, selected + distance), max(0, list.count - 1))
  }
}

extension QueuePriority {
  fileprivate func next(_ step: Int) -> QueuePriority? {
    let all = Self.allCases
    guard let index = all.firstIndex(of: self), all.indices.contains(index + step) else {
      return nil
    }
    return all[index + step]
  }
}
