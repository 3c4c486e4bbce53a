// Keys drawn at random, the deciding ones more often.

package import CellGrid

package enum RandomKeys {
  /// Keys that move, view and decide on the review screen, and never leave it.
  package static let review: [Key] = keys(
    "y", "y", "y", "y", "a", "x", "x", "Space", "Space", "v", "v", "V", "s", "s", "u", "u",
    "ctrl-r",
    "Tab", "Tab", "shift-tab", "]", "]", "[", "}", "{", "j", "j", "j", "j", "k", "k", "ctrl-d",
    "ctrl-u", "PageDown", "PageDown", "PageUp", "g", "G", "h", "l", "|", "w", "f", "+", "-", "!",
    "A", "Up", "Down")

  /// Any key of any screen, text and mouse included.
  package static let any: [Key] =
    review + review
    + keys(
      "q", "Esc", "Enter", "?", "C", "U", "n", "d", "R", "X", "e", "o", "ctrl-c", "ctrl-p",
      "ctrl-s",
      "ctrl-f", "F1", "Home", "End", "Left", "Right", "Backspace", "Delete", "ctrl-w", "ctrl-k", "z"
    )
    + [
      .click(row: 4, column: 3), .click(row: 5, column: 60), .wheel(.down, row: 3, column: 3),
      .wheel(.up, row: 3, column: 3), .paste(Array("yyA\n".utf8)), .resize, .unknown("?"),
      .character("漢"),
    ]

  package static func keys(_ names: String...) -> [Key] {
    names.map { name in
      guard let key = Key(parsing: name) else { preconditionFailure("not a key: \(name)") }
      return key
    }
  }
}

extension SeededRandom {
  /// A size between 1x1 and 200x60, small ones more often.
  package mutating func size() -> GridSize {
    chance(3)
      ? GridSize(
        rows: Int.random(in: 1...60, using: &self), columns: Int.random(in: 1...200, using: &self))
      : pick([
        .least, .usual, .wide, GridSize(rows: 14, columns: 100), GridSize(rows: 12, columns: 44),
        GridSize(rows: 16, columns: 61),
      ])
  }
}
