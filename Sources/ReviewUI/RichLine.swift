// A line of differently styled pieces, some of our own words, some untrusted.

import CellGrid
import Review

/// A line of text in pieces; untrusted pieces go through `SafeText`.
struct RichLine {
  enum Piece {
    case own(String, Style)
    case safe(SafeText, Style)
  }

  var pieces: [Piece]
  /// The style of the cells after the last piece.
  var rest = Style()

  init(_ pieces: [Piece] = [], rest: Style = Style()) {
    self.pieces = pieces
    self.rest = rest
  }

  static func own(_ text: String, _ style: Style = Style()) -> RichLine {
    RichLine([.own(text, style)])
  }

  static func title(_ text: String) -> RichLine {
    .own(text, Style(.title, .bold))
  }

  static let empty = RichLine()

  func and(_ text: String, _ style: Style = Style()) -> RichLine {
    RichLine(pieces + [.own(text, style)], rest: rest)
  }

  func and(untrusted text: String, _ style: Style = Style()) -> RichLine {
    RichLine(pieces + [.safe(SafeText(text), style)], rest: rest)
  }

  func and(path: [UInt8], _ style: Style = Style()) -> RichLine {
    RichLine(pieces + [.safe(SafeText(path), style)], rest: rest)
  }

  /// The line with every piece on `ground`.
  func on(_ ground: Ground) -> RichLine {
    RichLine(
      pieces.map {
        switch $0 {
        case .own(let text, let style): .own(text, style.on(ground))
        case .safe(let text, let style): .safe(text, style.on(ground))
        }
      }, rest: rest.on(ground))
  }
}

extension Style {
  init(_ ink: Ink, _ emphasis: Emphasis) {
    self.init(ink, on: .plain, emphasis)
  }
}

extension Painter {
  /// Draws a rich line over a whole row of the region.
  mutating func line(_ line: RichLine, row: Int, from column: Int = 0) {
    guard row >= 0, row < size.rows else { return }
    fill(rows: row..<row + 1, columns: column..<max(column, size.columns), style: line.rest)
    var at = column
    for piece in line.pieces {
      let left = size.columns - at
      guard left > 0 else { return }
      switch piece {
      case .own(let text, let style):
        at += self.text(
          text, row: row, column: at, style: style, maxWidth: left, overflow: .ellipsis)
      case .safe(let text, let style):
        at +=
          safe(text, row: row, column: at, style: style, maxWidth: left, overflow: .ellipsis)
          .columns
      }
    }
  }

  /// Draws lines from `top` on, as many as fit.
  mutating func lines(_ lines: [RichLine], rows: Range<Int>, top: Int = 0, from column: Int = 0) {
    for row in rows {
      let index = top + row - rows.lowerBound
      if lines.indices.contains(index) { line(lines[index], row: row, from: column) }
    }
  }
}

/// Breaks our own sentences into lines of at most `width` columns at blanks; text may hold untrusted parts and is drawn safely.
func wrappedSentences(_ text: String, width: Int, style: Style = Style()) -> [RichLine] {
  WrappedText.lines(text, width: width).map { RichLine().and(untrusted: $0, style) }
}

/// Returns the first list item to show so that `selected` is inside `height` rows.
func listTop(selected: Int, count: Int, height: Int) -> Int {
  max(0, min(selected - height / 2, count - height))
}
