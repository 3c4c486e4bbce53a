// The one update: routes events and keys to the feature they belong to.

import Approval
import CellGrid

/// Changes `state` by `event` and returns the work to be done.
package func update(_ state: inout AppState, _ event: Event) -> [Effect] {
  var effects: [Effect] = []
  let screen = state.screen
  switch event {
  case .key(let key):
    state.message = nil
    effects = state.handle(key)
  case .resized(let size):
    // What was said of the size before is no longer so.
    if state.size != size, state.message?.kind == .note { state.message = nil }
    state.size = size
    state.review?.refreshLayout(for: size)
    state.review?.reflow(for: size)
    state.review?.countMatches(for: size)
  case .sessionsListed(let list):
    state.sessions.replace(with: list)
  case .checkingRequests(let count): state.sessions.checkingCount = count
  case .sessionStarted(let summary, let draft):
    state.sessions.list.removeAll { $0.id == summary.id }
    state.sessions.list.insert(summary, at: 0)
    state.sessions.selected = 0
    // What is being written meanwhile is another request, and stays.
    if state.ask.draft == draft || state.ask.shortened == draft {
      if state.screen == .ask { state.screen = .sessions }
      state.ask.clear()
    }
    state.message = nil
  case .requestProgressed(let id, let progress):
    state.sessions.update(id, .asking(progress))
  case .queueListed(let list): state.queue.replace(with: list)
  case .answerGrew(let id, let bytes):
    state.sessions.answers[id, default: []] += bytes
  case .sessionSettled(let id, let standing):
    state.sessions.update(id, standing)
    state.message = state.settledMessage(id, standing)
  case .sessionOpened(let review):
    state.isHandEditing = false
    state.open(review)
    effects = state.effectsToLoad()
  case .fileBegun(let id, let index, let change): state.begun(change, at: index, of: id)
  case .fileLoaded(let id, let index, let file, let loaded):
    state.loaded(loaded, as: file, at: index, of: id)
    effects = state.effectsToLoad()
  case .roundArrived(let review, let message, let keepsUnplaced):
    effects = state.arrived(review, message, keepsUnplaced: keepsUnplaced)
  case .againProgressed(let id, let progress):
    state.sessions.noteAgain(id, progress)
    state.changeReview(of: id) { $0.again = progress }
  case .mapReady(let map): effects = state.mapReady(map)
  case .mapOutdated:
    state.ask.map = nil
    state.ask.sendsWithMap = false
    effects = state.trackedFilesListed()
  case .mapFailed(let reason): state.mapFailed(reason)
  case .promptTooLong(let overflow): effects = state.promptTooLong(overflow)
  case .repairFailed(let id, let item, let reason):
    if let item { state.repairReasons[item, default: []].append(reason) }
    // Nobody asked for it: whoever looks at something else is left alone.
    if state.review?.heading.id == id || state.comparison?.below.heading.id == id {
      state.message = StatusMessage(
        .note, "Asked again by itself: \(reason)")
    }
  case .verdictGiven(let id, let verdict):
    state.changeReview(of: id) { $0.heading.verdict = verdict }
  case .versionCount(let id, let count):
    // An edit by hand may have become a version beside a round that came first.
    state.isHandEditing = false
    state.changeReview(of: id) { $0.roundCount = count }
  case .baseMoved(let id, let tip): state.baseMoved(id, tip)
  case .handEditReady(let id, let edit): effects = state.handEditReady(id, edit)
  case .handEditFailed(let id, let reason, let written):
    state.handEditFailed(id, reason, written)
  case .textEdited(let edit): effects = state.edited(edit)
  case .comparisonReady(let id, let review): effects = state.compare(review, for: id)
  case .candidatesReady(let id, let path, let versions, let end):
    effects = state.candidatesFound(id, path, versions, from: end)
  case .recordingFailed(let id, let reason):
    state.changeReview(of: id) { $0.readOnlyReason = reason }
    state.message = StatusMessage(.problem, reason)
  case .trackedFilesListed(let paths):
    state.ask.tracked = paths
    state.ask.refreshMatches()
    effects = state.trackedFilesListed()
  case .filesSuggested(let suggestions, let chosen):
    state.filesSuggested(suggestions, for: chosen)
  case .endpointsListed(let endpoints):
    state.endpointsListed(endpoints)
    effects = state.budgetEffects()
  case .budgetComputed(let budget):
    state.ask.budget = budget
  case .viewerReady(let viewer): state.show(viewer)
  case .commitPlanned(let sheet, let plan): state.planned(plan, for: sheet)
  case .planFailed(let sheet, let reason): state.planFailed(reason, for: sheet)
  case .checksBegan(let id, let tree): state.changeChecks(of: id) { $0.tree = tree }
  case .checksProgressed(let id, let step):
    state.changeChecks(of: id) { $0.step = step }
    state.refreshChecksView()
  case .checksPrinted(let id, let bytes):
    state.changeChecks(of: id) { $0.print(bytes) }
    state.refreshChecksView()
  case .checkEnded(let id, let result): state.changeChecks(of: id) { $0.results.append(result) }
  case .checksEnded(let id, let problem): effects = state.checksEnded(id, problem)
  case .messageEdited(let text):
    let message = state.commit?.message(from: text) ?? text
    state.commit?.message = message
    state.commit?.draft = .none
    if state.commit != nil, let review = state.review {
      effects = [.keepMessage(review.heading.id, message)]
    }
  case .draftProgressed(let id, let progress): state.draftProgressed(progress, for: id)
  case .messageDrafted(let id, let draft, let model):
    effects = state.drafted(draft, by: model, for: id)
  case .draftEnded(let id, let said): state.draftEnded(said, for: id)
  case .commitProgressed(let step):
    if state.commit?.isRunning == true { state.commit?.phase = .running(step) }
  case .commitPrinted(let bytes):
    state.commit?.print(bytes)
  case .committed(let id, let outcome):
    state.commitEnded(.done(outcome))
    if state.review?.heading.id == id { state.review?.close(committedAs: outcome.commit) }
    state.sessions.update(id, .committed(outcome.commit.short))
  case .commitFailed(let reason):
    state.commitEnded(.failed(reason))
  case .commitUncertain(let reason):
    state.commitEnded(.uncertain(reason))
    // Another commit might be the same one twice.
    state.review?.readOnlyReason = reason
  case .noted(let message):
    state.message = message
  case .painted:
    // Only what has reached the terminal counts as seen: keys typed ahead of a frame approve nothing of it.
    if state.screen == .review, state.overlay == nil {
      state.review?.noteSeen(for: state.size)
    }
  }
  // Keys of several are those of one screen.
  if state.screen != screen || state.overlay != nil { state.pendingKeys = [] }
  if state.screen == .review, !state.size.isTooSmall {
    let size = state.size
    state.review?.refreshColour(for: size)
  }
  return effects
}

extension AppState {
  fileprivate mutating func handle(_ key: Key) -> [Effect] {
    if key == .resize { return [] }
    if size.isTooSmall {
      // Nothing of the state is drawn, so nothing in it may change.
      switch keymap.command(for: key, in: context) {
      case .suspend: return [.suspend]
      case .redraw: return [.redraw]
      case .quit, .back:
        guard sessions.answeringCount == 0 else { return [] }
        isLeaving = true
        return [.quit]
      default: return []
      }
    }
    if overlay != nil { return handleInOverlay(key) }
    if screen == .ask { return handleInAsk(key) }
    if case .wheel(let direction, _, _) = key {
      pendingKeys = []
      return scroll(direction == .down ? 3 : -3)
    }
    if case .click(let row, let column) = key {
      pendingKeys = []
      return click(row: row, column: column)
    }
    if case .paste = key {
      pendingKeys = []
      message = StatusMessage(.note, "Pasted text is not read as keys.")
      return []
    }
    if !pendingKeys.isEmpty, key == .escape {
      pendingKeys = []
      return []
    }
    let keys = pendingKeys + [key]
    pendingKeys = []
    switch keymap.answer(to: keys, in: context) {
    case .command(let command): return perform(command)
    case .prefix: pendingKeys = keys
    case .nothing:
      if keys.count > 1 {
        message = StatusMessage(
          .note, "\(KeySequence(keys)) is bound to nothing here.")
      }
    }
    return []
  }

  package mutating func perform(_ command: Command) -> [Effect] {
    switch command {
    case .help:
      overlay = .help(HelpState())
      return []
    case .palette:
      openPicker(.command)
      return []
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .showQueue: return showQueue()
    default: break
    }
    switch screen {
    case .sessions: return performInSessions(command)
    case .queue: return performInQueue(command)
    case .ask: return performInAsk(command)
    case .review: return performInReview(command)
    case .unplaced: return performInUnplaced(command)
    case .commit: return performInCommit(command)
    case .viewer: return performInViewer(command)
    }
  }

  private mutating func scroll(_ rows: Int) -> [Effect] {
    switch screen {
    case .review:
      let size = size
      review?.page(by: rows, size: size)
    case .viewer: viewer?.scroll(by: rows, size: size)
    case .sessions: sessions.move(by: rows.signum())
    case .queue: queue.move(by: rows.signum())
    case .unplaced: moveUnplaced(by: rows.signum())
    case .commit: commit?.scroll(by: rows)
    case .ask: break
    }
    return []
  }

  /// A click selects a file or a line; it never decides.
  private mutating func click(row: Int, column: Int) -> [Effect] {
    guard screen == .review, var review else { return [] }
    let geometry = review.geometry(for: size)
    let offset = row - ReviewGeometry.firstBodyRow
    if column < geometry.paneWidth {
      guard (0..<review.filePaneHeight(for: size)).contains(offset),
        let index = review.paneFile(review.filePaneTop(for: size) + offset)
      else { return [] }
      review.noteJump()
      review.goToFile(index, place: .firstHunk, size: size)
    } else if column == size.columns - 1, (0..<geometry.bodyHeight).contains(offset) {
      review.noteJump()
      review.scroll(toBarRow: offset, size: size)
    } else if let metrics = review.metrics(for: size), offset >= 0, offset < geometry.bodyHeight {
      review.cursor = metrics.moved(review.top, by: offset).row
      review.clampCursor()
    }
    self.review = review
    return effectsToLoad()
  }
}
