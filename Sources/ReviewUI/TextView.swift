// A text that is only read, with line numbers.

import CellGrid
import Diffing
import Review

struct TextView {
  let state: AppState

  private func note(_ viewer: ViewerState) -> RichLine {
    let note = RichLine([.own(" ", Style())]).and(untrusted: viewer.note, Style(.faint))
    guard viewer.other != nil else { return note }
    return note.and(
      " · \(state.key(.toggleFold, in: .viewer)) \(viewer.isFolded ? "unfolds" : "folds") the reasoning",
      Style(.faint))
  }

  func paint(_ painter: inout Painter) {
    guard let viewer = state.viewer else { return }
    Chrome(state: state).paint(
      title: RichLine().and(untrusted: viewer.title), right: [], context: .viewer,
      note: note(viewer), &painter)
    let body = Chrome(state: state).body
    let digits = max(3, String(viewer.text.lineCount).utf8.count)
    let width = max(1, painter.size.columns - digits - 3)
    var row = body.lowerBound
    var line = viewer.top
    while row < body.upperBound, line < viewer.text.lineCount {
      painter.text(
        "\(line + 1)".leftPadded(to: digits), row: row, column: 1, style: Style(.faint))
      let text = SafeText(viewer.text.lineContent(line))
      if viewer.wraps {
        for wrapped in text.rows(width: width) where row < body.upperBound {
          painter.safe(text, wrapped: wrapped, row: row, column: digits + 2) { _ in Style() }
          row += 1
        }
      } else {
        let start = viewer.horizontalOffset
        painter.safe(
          text, columns: start..<start + width, row: row, column: digits + 2, overflow: .arrows
        ) { _ in Style() }
        row += 1
      }
      line += 1
    }
  }
}
