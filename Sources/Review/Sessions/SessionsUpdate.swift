// The sessions screen's commands.

import CellGrid

extension SessionsState {
  package mutating func move(by distance: Int) {
    selected = min(max(0, selected + distance), max(0, list.count - 1))
  }
}

extension AppState {
  /// What to say when a request has come to its end.
  func settledMessage(_ id: SessionID, _ standing: SessionStanding) -> StatusMessage? {
    switch standing {
    case .ready(let files, let unplaced):
      let rest = unplaced == 0 ? "" : ", \(unplaced) edit\(unplaced == 1 ? "" : "s") not placed"
      let how =
        screen == .sessions && sessions.current?.id == id
        ? " \(key(.open, in: .sessions)) opens it." : ""
      return StatusMessage(
        .success, "The proposal is ready: \(files) file\(files == 1 ? "" : "s")\(rest).\(how)")
    case .failed(let reason): return StatusMessage(.problem, reason)
    case .cancelled: return StatusMessage(.note, "Cancelled; what was written so far is kept.")
    case .asking, .inReview, .committed, .discarded: return nil
    }
  }

  mutating func performInSessions(_ command: Command) -> [Effect] {
    switch command {
    case .lineDown: sessions.move(by: 1)
    case .lineUp: sessions.move(by: -1)
    case .halfPageDown, .pageDown: sessions.move(by: 10)
    case .halfPageUp, .pageUp: sessions.move(by: -10)
    case .top: sessions.selected = 0
    case .bottom: sessions.selected = max(0, sessions.list.count - 1)
    case .newRequest: return startAsking()
    case .retry: return retrySelected()
    case .showConversation:
      return sessions.current.map { [.showConversation($0.id, origin: .sessions)] } ?? []
    case .open: return openSelected()
    case .discard:
      guard let current = sessions.current else { break }
      if case .asking = current.standing {
        message = StatusMessage(
          .note,
          "The model is still at work; \(key(.cancelRequest, in: .sessions)) cancels it first.")
      } else if current.standing == .discarded {
        message = StatusMessage(
          .note, "It is discarded already; \(key(.restore, in: .sessions)) restores it.")
      } else {
        overlay = .confirmDiscard(current.id)
      }
    case .restore:
      guard let current = sessions.current, current.standing == .discarded else {
        message = StatusMessage(.note, "Only a discarded session can be restored.")
        break
      }
      return [.restoreSession(current.id)]
    case .cancelRequest:
      if let current = sessions.current, let checks, checks.isRunning,
        checks.session == current.id
      {
        return cancelChecks()
      }
      if let current = sessions.current, sessions.again[current.id] != nil {
        message = StatusMessage(.note, "Cancel sent.")
        return [.cancelRequest(current.id)]
      }
      guard let current = sessions.current, case .asking = current.standing else {
        message = StatusMessage(
          .note,
          "Neither the model nor a check is at work on this session; \(key(.quit, in: .sessions)) leaves."
        )
        break
      }
      message = StatusMessage(.note, "Cancel sent.")
      return [.cancelRequest(current.id)]
    case .quit, .back:
      // What nobody asked for is no reason to stay: the edit has no place, as before.
      let again = sessions.again.values.count { !$0 }
      guard sessions.answeringCount == 0, again == 0, sessions.checkingCount == 0,
        checks?.isRunning != true
      else {
        overlay = .leaveWhileWorking(
          requests: sessions.answeringCount, again: again, unsent: sessions.checkingCount,
          checks: checks?.isRunning == true)
        break
      }
      isLeaving = true
      return [.quit]
    default: break
    }
    return []
  }

  private mutating func openSelected() -> [Effect] {
    guard let current = sessions.current else { return startAsking() }
    switch current.standing {
    case .asking:
      message = StatusMessage(
        .note, "The model is still at work; \(key(.cancelRequest, in: .sessions)) cancels.")
      return []
    case .failed(let reason):
      message = StatusMessage(.problem, reason)
      return []
    case .cancelled:
      message = StatusMessage(
        .note, "This request was cancelled; \(key(.retry, in: .sessions)) asks anew.")
      return []
    case .discarded:
      message = StatusMessage(
        .note, "It is discarded; \(key(.restore, in: .sessions)) restores it.")
      return []
    case .ready, .inReview, .committed: return [.openSession(current.id)]
    }
  }

  package mutating func startAsking() -> [Effect] {
    screen = .ask
    ask.field = .instruction
    ask.filter = TextField(isMultiline: false)
    ask.refreshMatches()
    return [.listTrackedFiles] + budgetEffects()
  }
}
