// The ask screen: typing, choosing files and a model, sending.

import Approval
import CellGrid

extension AppState {
  mutating func handleInAsk(_ key: Key) -> [Effect] {
    // Whatever is done now, it is not what was to be sent.
    ask.sendsWithMap = false
    if key == .tab, ask.complete() {
      return budgetEffects() + suggestionEffects() + mapEffects()
    }
    if key == .escape, ask.field == .files, !ask.filter.isBlank {
      ask.filter = TextField(isMultiline: false)
      ask.refreshMatches()
      return []
    }
    if let command = keymap.command(for: key, in: .ask) { return perform(command) }
    let before = ask
    switch ask.field {
    case .instruction: _ = ask.instruction.handle(key)
    case .files: handleInFiles(key)
    case .model: return handleInModel(key)
    }
    let isSame = before.goingAlong == ask.goingAlong
    guard !isSame || before.instruction != ask.instruction else { return [] }
    return budgetEffects() + (isSame ? [] : suggestionEffects() + mapEffects())
  }

  /// Asks for files that belong to the request; not at every letter, but when a field is left or another file goes along.
  private func suggestionEffects() -> [Effect] {
    guard !ask.tracked.isEmpty else { return [] }
    return [
      .suggestFiles(
        instruction: ask.instruction.text, chosen: ask.goingAlong.sorted(),
        tracked: ask.tracked)
    ]
  }

  /// What was typed before the files were known may name some of them.
  func trackedFilesListed() -> [Effect] {
    ask.goingAlong.isEmpty ? [] : budgetEffects() + suggestionEffects() + mapEffects()
  }

  mutating func filesSuggested(_ suggestions: [FileSuggestion], for chosen: [RepositoryPath]) {
    // What was chosen since makes them those of another request; others come.
    guard chosen == ask.goingAlong.sorted() else { return }
    ask.suggestions = suggestions
    let path = ask.matches.indices.contains(ask.fileCursor) ? ask.matches[ask.fileCursor] : nil
    ask.refreshMatches()
    // The cursor stays on its file, but for one that has not been moved.
    if ask.fileCursor > 0, let index = path.flatMap({ ask.matches.firstIndex(of: $0) }) {
      ask.fileCursor = index
    }
  }

  private mutating func handleInFiles(_ key: Key) {
    switch key {
    case .down: ask.fileCursor = min(ask.fileCursor + 1, max(0, ask.matches.count - 1))
    case .up: ask.fileCursor = max(0, ask.fileCursor - 1)
    case .pageDown: ask.fileCursor = min(ask.fileCursor + 10, max(0, ask.matches.count - 1))
    case .pageUp: ask.fileCursor = max(0, ask.fileCursor - 10)
    case .enter, .space:
      guard ask.matches.indices.contains(ask.fileCursor) else { return }
      let path = ask.matches[ask.fileCursor]
      guard !ask.named.contains(path) else {
        message = StatusMessage(
          .note, "The instruction names this file: it goes along until its @ is taken out there.")
        return
      }
      if ask.chosen.remove(path) == nil { ask.chosen.insert(path) }
      if key == .enter, !ask.filter.isBlank {
        ask.filter = TextField(isMultiline: false)
        ask.refreshMatches()
        ask.fileCursor = 0
      }
    default:
      if ask.filter.handle(key) {
        ask.fileCursor = 0
        ask.refreshMatches()
      }
    }
  }

  private mutating func handleInModel(_ key: Key) -> [Effect] {
    switch key {
    case .down, .character("j"):
      ask.endpointCursor = min(ask.endpointCursor + 1, max(0, ask.endpoints.count - 1))
    case .up, .character("k"): ask.endpointCursor = max(0, ask.endpointCursor - 1)
    case .character("f"): return performInAsk(.findServers)
    case .character("p"): return performInAsk(.showPrompt)
    default: return []
    }
    return budgetEffects()
  }

  mutating func performInAsk(_ command: Command) -> [Effect] {
    switch command {
    case .nextField, .previousField:
      let all = AskState.Field.allCases
      let index = all.firstIndex(of: ask.field) ?? 0
      ask.field = all[(index + (command == .nextField ? 1 : all.count - 1)) % all.count]
      return suggestionEffects()
    case .back:
      screen = .sessions
      return [.listSessions]
    case .findServers:
      ask.isSearching = true
      message = StatusMessage(.note, "Looking for model servers on this machine's loopback ports…")
      return [.findServers]
    case .showPrompt:
      guard let draft = ask.draft else {
        message = StatusMessage(.problem, noModel)
        break
      }
      return [.showPrompt(draft)]
    case .toggleMap:
      ask.wantsMap.toggle()
      message =
        ask.wantsMap && ask.goingAlong.isEmpty
        ? StatusMessage(.note, "A map goes along: of what the files use that you choose.") : nil
      return mapEffects() + budgetEffects()
    case .showServerLog:
      return ask.endpoint.map { [.showServerLog(endpoint: $0.name, origin: .ask)] } ?? []
    case .send: return send()
    default: break
    }
    return []
  }

  /// Asks for the map of the files that go along, where it is wanted and not there.
  private func mapEffects() -> [Effect] {
    guard ask.wantsMap, !ask.goingAlong.isEmpty, ask.mapGoingAlong == nil else { return [] }
    return [.makeMap(ask.goingAlong.sorted())]
  }

  mutating func mapReady(_ map: ContextMap) -> [Effect] {
    guard map.files == ask.goingAlong.sorted() else { return [] }
    ask.map = map
    let sends = ask.sendsWithMap
    ask.sendsWithMap = false
    if sends, screen == .ask, overlay == nil {
      message = nil
      return send()
    }
    return budgetEffects()
  }

  mutating func mapFailed(_ reason: String) {
    ask.wantsMap = false
    ask.sendsWithMap = false
    message = StatusMessage(.problem, "No map goes along. \(reason)")
  }

  private mutating func send() -> [Effect] {
    guard !ask.instruction.isBlank else {
      ask.field = .instruction
      message = StatusMessage(.problem, "The instruction is empty: say what should be changed.")
      return []
    }
    if let name = ask.unknownName, !ask.tracked.isEmpty {
      ask.field = .instruction
      message = StatusMessage(
        .problem,
        ask.isAmbiguous(name)
          ? "@\(name) names several tracked files: write more of the path."
          : "@\(name) names no tracked file: Tab completes what is typed behind an @.")
      return []
    }
    guard let endpoint = ask.endpoint, let draft = ask.draft else {
      ask.field = .model
      message = StatusMessage(.problem, noModel)
      return []
    }
    guard endpoint.isUsable else {
      ask.field = .model
      message = StatusMessage(.problem, "\(endpoint.name) is refused: \(endpoint.verdict)")
      return []
    }
    guard !draft.files.isEmpty else {
      ask.field = .files
      message = StatusMessage(
        .problem, "No file goes along, and the model may only edit what it was given: choose some.")
      return []
    }
    // What goes along is what was shown.
    guard !ask.wantsMap || ask.mapGoingAlong != nil else {
      ask.sendsWithMap = true
      message = StatusMessage(
        .note,
        "Sent as soon as the map is there; any key stops that, \(key(.toggleMap, in: .ask)) leaves it out."
      )
      return mapEffects()
    }
    return [.ask(draft, replacing: nil)]
  }

  private var noModel: String {
    "No model server is configured: \(key(.findServers, in: .ask)) looks for one on this machine, or see `countersign doctor`."
  }

  mutating func endpointsListed(_ endpoints: [EndpointChoice]) {
    let name = ask.endpoint?.name
    let wasSearching = ask.isSearching
    ask.endpoints = endpoints
    ask.isSearching = false
    ask.endpointCursor =
      endpoints.firstIndex { $0.name == name } ?? endpoints.firstIndex(where: \.isUsable) ?? 0
    if wasSearching {
      message =
        endpoints.isEmpty
        ? StatusMessage(.problem, "No model server answers on the loopback ports.")
        : StatusMessage(.note, "Choose a server with the arrows.")
      if !endpoints.isEmpty { ask.field = .model }
    }
  }

  func budgetEffects() -> [Effect] {
    guard screen == .ask, let draft = ask.draft else { return [] }
    return [.computeBudget(draft)]
  }
}
