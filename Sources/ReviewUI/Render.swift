// The one render: state to frame, the same for every terminal.

package import CellGrid
package import Review

/// Draws the whole screen. Work depends on the size of the screen, not on the size of what is reviewed.
package func render(_ state: AppState) -> Frame {
  var frame = Frame(grid: Grid(state.size))
  var cursor: Cursor?
  frame.grid.paint { painter in
    guard !state.size.isTooSmall else {
      paintTooSmall(state.size, &painter)
      return
    }
    switch state.screen {
    case .sessions: SessionsView(state: state).paint(&painter)
    case .queue: QueueView(state: state).paint(&painter)
    case .ask: cursor = AskView(state: state).paint(&painter)
    case .review: ReviewView(state: state).paint(&painter)
    case .unplaced: UnplacedView(state: state).paint(&painter)
    case .commit: CommitView(state: state).paint(&painter)
    case .viewer: TextView(state: state).paint(&painter)
    }
    if let overlay = state.overlay {
      cursor = OverlayView(overlay: overlay, state: state).paint(&painter)
    }
  }
  frame.cursor = cursor
  return frame
}

private func paintTooSmall(_ size: GridSize, _ painter: inout Painter) {
  let sentence =
    "Countersign needs \(GridSize.minimum.columns) columns and \(GridSize.minimum.rows) rows; "
    + "this terminal has \(size.columns) and \(size.rows). Nothing is lost; q leaves."
  var words = sentence.split(separator: " ")[...]
  var row = 0
  while row < size.rows, !words.isEmpty {
    var line = String(words.removeFirst())
    while let next = words.first, line.utf8.count + 1 + next.utf8.count <= size.columns {
      line += " \(next)"
      words.removeFirst()
    }
    painter.text(line, row: row, column: 0, style: Style())
    row += 1
  }
}
