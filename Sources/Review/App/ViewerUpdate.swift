// Reading a text.

import Diffing
package import CellGrid

extension ViewerState {
  /// Rows of text on a screen of `size`.
  package static func bodyHeight(of size: GridSize) -> Int { max(1, size.rows - 4) }

  package mutating func scroll(by rows: Int, size: GridSize) {
    top = min(max(0, top + rows), max(0, text.lineCount - 1))
  }
}

extension ViewerState {
  /// Folds, or unfolds; stays at the same number of a line, as far as there are so many.
  mutating func toggleFold() {
    guard let other else { return }
    self.other = text
    text = other
    isFolded.toggle()
    match = nil
    top = min(top, max(0, text.lineCount - 1))
  }
}

extension AppState {
  /// Shows a text where it was asked for; the user may have gone on meanwhile.
  mutating func show(_ viewer: ViewerState) {
    guard screen == viewer.origin else { return }
    var viewer = viewer
    switch overlay {
    case nil: break
    case .askAgain(let draft):
      // Changed since: this is not what would be sent.
      guard viewer.question == nil || viewer.question == draft else { return }
      viewer.question = draft
    default: return
    }
    overlay = nil
    self.viewer = viewer
    screen = .viewer
  }

  mutating func performInViewer(_ command: Command) -> [Effect] {
    guard var viewer else {
      screen = .sessions
      return [.listSessions]
    }
    let body = ViewerState.bodyHeight(of: size)
    switch command {
    case .lineDown: viewer.scroll(by: 1, size: size)
    case .lineUp: viewer.scroll(by: -1, size: size)
    case .halfPageDown: viewer.scroll(by: body / 2, size: size)
    case .halfPageUp: viewer.scroll(by: -body / 2, size: size)
    case .pageDown: viewer.scroll(by: body - 1, size: size)
    case .pageUp: viewer.scroll(by: 1 - body, size: size)
    case .top: viewer.top = 0
    case .bottom: viewer.top = max(0, viewer.text.lineCount - body)
    case .scrollLeft: viewer.horizontalOffset = max(0, viewer.horizontalOffset - 8)
    case .scrollRight: if !viewer.wraps { viewer.horizontalOffset += 8 }
    case .toggleFold:
      guard viewer.other != nil else {
        message = StatusMessage(.note, "Nothing is folded here.")
        break
      }
      viewer.toggleFold()
    case .toggleWrap:
      viewer.wraps.toggle()
      viewer.horizontalOffset = 0
    case .search, .searchNext, .searchPrevious, .palette: return performFinding(command)
    case .cancelCommit:
      if ownChecks?.isRunning == true { return cancelChecks() }
      message = StatusMessage(.note, "Nothing is running here.")
    case .back:
      screen = viewer.origin
      self.viewer = nil
      if let draft = viewer.question { overlay = .askAgain(draft) }
      return []
    default: break
    }
    self.viewer = viewer
    return []
  }
}
