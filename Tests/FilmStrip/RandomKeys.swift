// Keys drawn at random, the deciding ones more often.

package import TestSupport
package import CellGrid
package import Review

package enum RandomKeys {
  /// Keys that move, view and decide on the review screen, and never leave it.
  package static let review: [Key] = keys(
    "y", "y", "y", "y", "a", "x", "x", "Space", "Space", "v", "v", "V", "s", "s", "u", "u",
    "ctrl-r",
    "Tab", "Tab", "shift-tab", "]", "]", "[", "}", "{", "j", "j", "j", "j", "k", "k", "ctrl-d",
    "ctrl-u", "PageDown", "PageDown", "PageUp", "g", "G", "h", "l", "|", "w", "f", "+", "-", "!",
    "A", "Up", "Down")

  /// The same with keys that find, fold and comment.
  package static let reading: [Key] =
    review
    + keys(
      "z", "z", "z", "W", "F", "/", "/", "n", "n", "N", "c", "ctrl-o", "ctrl-n", "ctrl-p")

  /// The same with keys that make rounds and look at them.
  package static let rounds: [Key] =
    reading + review + review
    + keys(
      "E", "E", "E", "E", "E", "E", "r", "R", "<", ">", "Enter", "Enter", "i", "B", "u", "u",
      "ctrl-r")

  /// Any key of any screen, text and mouse included.
  package static let any: [Key] =
    review + review
    + keys(
      "q", "Esc", "Enter", "?", "C", "U", "n", "d", "R", "X", "e", "o", "ctrl-c", "ctrl-p",
      "ctrl-s",
      "ctrl-f", "F1", "Home", "End", "Left", "Right", "Backspace", "Delete", "ctrl-w", "ctrl-k",
      "z",
      "E", "c", "r", "i", "<", ">", "W", "F", "/", "N", "ctrl-o", "ctrl-n", "B", "D", ":")
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
  /// One of `keys`; a question or a prompt is answered or left again soon.
  package mutating func key(_ keys: [Key], in state: AppState) -> Key {
    guard state.overlay != nil, oneIn(2) else { return pick(keys) }
    return pick(
      [.enter, .enter, .escape, .tab] + ["a", "e", "y"].map { Key.character($0) })
  }

  /// A size between 1x1 and 200x60, small ones more often.
  package mutating func size() -> GridSize {
    oneIn(3)
      ? GridSize(
        rows: Int.random(in: 1...60, using: &self), columns: Int.random(in: 1...200, using: &self))
      : pick([
        .least, .usual, .wide, GridSize(rows: 14, columns: 100), GridSize(rows: 12, columns: 44),
        GridSize(rows: 16, columns: 61),
      ])
  }
}
