// Searching, filtering and jumping: what the keys do.

import CellGrid
import Diffing

extension AppState {
  // MARK: Search

  mutating func performFinding(_ command: Command) -> [Effect] {
    switch command {
    case .search: overlay = .search(TextField(isMultiline: false), review?.search?.scope ?? .file)
    case .searchNext: goToMatch(1)
    case .searchPrevious: goToMatch(-1)
    case .findFile: openPicker(.file)
    case .palette: openPicker(.command)
    case .filterFiles:
      overlay = .filterFiles(TextField(review?.paneFilter.letters ?? "", isMultiline: false))
    case .jumpBack, .jumpForward:
      if review?.jump(command == .jumpBack ? -1 : 1, size: size) == false {
        message = StatusMessage(
          .note, command == .jumpBack ? "No jump to go back over." : "No jump to take again.")
      }
    default: break
    }
    return effectsToLoad() + placeEffects()
  }

  mutating func handle(
    _ key: Key, inSearch field: TextField, _ scope: ReviewSearch.Scope
  ) -> [Effect] {
    var field = field
    switch key {
    case .enter:
      overlay = nil
      guard let pattern = SearchPattern(field.text) else {
        review?.search = nil
        return []
      }
      if screen == .viewer {
        viewer?.pattern = pattern
        goToMatch(1)
        return []
      }
      review?.noteJump()
      review?.startSearch(pattern, scope, size: size)
      goToMatch(1, includingCursor: true)
      return effectsToLoad() + placeEffects()
    case .tab:
      let other: ReviewSearch.Scope = scope == .file ? .allFiles : .file
      overlay = .search(field, screen == .review ? other : scope)
    default:
      _ = field.handle(key)
      overlay = .search(field, scope)
    }
    return []
  }

  private mutating func goToMatch(_ step: Int, includingCursor: Bool = false) {
    if screen == .viewer {
      message = viewer?.goToMatch(step, size: size)
      return
    }
    guard let search = review?.search else {
      message = StatusMessage(
        .note, "Nothing was searched for; \(key(.search, in: context)) searches.")
      return
    }
    guard let place = review?.goToMatch(step, includingCursor: includingCursor, size: size) else {
      let files = search.scope == .file ? "this file" : "any file"
      message = StatusMessage(.note, "Not found in what is shown of \(files).")
      return
    }
    let waiting = review?.search?.unsearched.count ?? 0
    let unread = waiting > 0 ? "; \(waiting) files are still searched" : ""
    let files =
      search.scope == .allFiles
      ? " in \(search.counts.count) file\(search.counts.count == 1 ? "" : "s")" : ""
    message = StatusMessage(
      .note, "Match \(place) of \(review?.search?.total ?? 0)\(files)\(unread).")
  }

  // MARK: Filter of the file pane

  mutating func handle(_ key: Key, inFilter field: TextField) -> [Effect] {
    var field = field
    switch key {
    case .enter:
      overlay = nil
      return enterFilter()
    case .tab, .backTab:
      let kinds = PaneFilter.Kind.allCases
      let now = kinds.firstIndex(of: review?.paneFilter.kind ?? .all) ?? 0
      let step = key == .tab ? 1 : kinds.count - 1
      review?.paneFilter.kind = kinds[(now + step) % kinds.count]
    default: _ = field.handle(key)
    }
    review?.paneFilter.letters = field.text
    review?.refreshPane()
    overlay = .filterFiles(field)
    return []
  }

  mutating func clearPaneFilter() {
    review?.paneFilter = PaneFilter()
    review?.refreshPane()
  }

  /// Goes to a file that passes, when the current one does not.
  private mutating func enterFilter() -> [Effect] {
    guard let review, let files = review.paneFiles else { return [] }
    guard !files.isEmpty else {
      clearPaneFilter()
      message = StatusMessage(.note, "No file passes this filter, so all are listed.")
      return []
    }
    guard !files.contains(review.fileIndex) else { return [] }
    self.review?.noteJump()
    self.review?.goToFile(
      files.first { $0 > review.fileIndex } ?? files[0], place: .firstHunk, size: size)
    return effectsToLoad() + placeEffects()
  }
}

extension ViewerState {
  /// Goes to the next (or previous) line with a match, and says which of how many it is.
  mutating func goToMatch(_ step: Int, size: GridSize) -> StatusMessage {
    guard let pattern else { return StatusMessage(.note, "Nothing was searched for.") }
    let lines = (0..<text.lineCount).filter { pattern.occurs(in: text.lineContent($0)) }
    guard !lines.isEmpty else { return StatusMessage(.note, "Not found.") }
    let line =
      step > 0
      ? lines.first { $0 > (match ?? top - 1) } ?? lines[0]
      : lines.last { $0 < (match ?? top) } ?? lines[lines.count - 1]
    match = line
    top = max(0, line - 2)
    let place = (lines.firstIndex(of: line) ?? 0) + 1
    return StatusMessage(.note, "Match \(place) of \(lines.count) lines.")
  }
}
