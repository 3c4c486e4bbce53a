// A frame as text: glyphs, one letter per cell for the style, and what the letters mean.

package import CellGrid

/// A frame written down so that a person can read and compare it.
package struct Picture: Sendable {
  package let text: String

  /// Writes `frame` down: size and cursor (1-based), the glyph layer, the style layer, the legend.
  ///
  /// Both layers close each row with `|`. `.` is the plain style; other letters go by first appearance.
  package init(of frame: Frame) {
    var letters: [Style: Character] = [Style(): "."]
    var legend = ""
    var styles = ""
    var glyphs = ""
    for row in 0..<frame.grid.height {
      glyphs += frame.grid.rowText(row) + "|\n"
      for cell in frame.grid.row(row) {
        if letters[cell.style] == nil {
          let letter = Self.letter(letters.count - 1)
          letters[cell.style] = letter
          legend += "\(letter) \(cell.style.words)\n"
        }
        styles.append(letters[cell.style] ?? "?")
      }
      styles += "|\n"
    }
    let cursor = frame.cursor.map { "cursor at row \($0.row + 1), column \($0.column + 1)" }
    text =
      "\(frame.grid.width)x\(frame.grid.height), \(cursor ?? "no cursor")\n\n\(glyphs)\n\(styles)\n"
      + ". plain\n\(legend)"
  }

  private static func letter(_ index: Int) -> Character {
    let letters = Array(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        + "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")
    precondition(index < letters.count, "a screen with more than \(letters.count) styles")
    return letters[index]
  }
}

extension Style {
  /// `ink`, `ink on ground`, with the emphasis after them.
  fileprivate var words: String {
    var words = "\(ink)"
    if ground != .plain { words += " on \(ground)" }
    for (emphasis, name) in [
      (Emphasis.bold, "bold"), (.underline, "underline"), (.reverse, "reverse"), (.faint, "faint"),
    ] where self.emphasis.contains(emphasis) {
      words += ", \(name)"
    }
    return words
  }
}
