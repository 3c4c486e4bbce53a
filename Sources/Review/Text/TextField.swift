// A text that the user types: lines, a cursor, and what the editing keys do.

package import CellGrid

/// An editable text of one or several lines.
///
/// Lines and columns are 0-based; a column counts characters, not cells.
package struct TextField: Hashable, Sendable {
  package private(set) var lines: [[Character]] = [[]]
  package private(set) var row = 0
  package private(set) var column = 0
  private let isMultiline: Bool

  package init(_ text: String = "", isMultiline: Bool) {
    self.isMultiline = isMultiline
    insert(text)
  }

  package var text: String { lines.map { String($0) }.joined(separator: "\n") }
  package var isBlank: Bool { lines.allSatisfy { $0.allSatisfy(\.isWhitespace) } }

  /// Handles a key that edits; returns false when the key means something else.
  package mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert(String(Character(scalar)))
    case .paste(let bytes): insert(String(decoding: bytes, as: UTF8.self))
    case .enter where isMultiline: insert("\n")
    case .backspace: deleteBackward()
    case .delete: deleteForward()
    case .left: moveLeft()
    case .right: moveRight()
    case .up where row > 0: move(toRow: row - 1)
    case .down where row + 1 < lines.count: move(toRow: row + 1)
    case .home, .control("a"): column = 0
    case .end, .control("e"): column = lines[row].count
    case .control("u"):
      lines[row].removeFirst(column)
      column = 0
    case .control("k"): lines[row].removeSubrange(column...)
    case .control("w"): deleteWord()
    default: return false
    }
    return true
  }

  /// The word that ends at the cursor, back to a blank.
  package var wordBeforeCursor: String {
    let before = lines[row][..<column]
    return String(before[(before.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? 0)...])
  }

  /// Puts `text` in the place of that word.
  package mutating func replaceWordBeforeCursor(with text: String) {
    let length = wordBeforeCursor.count
    lines[row].removeSubrange(column - length..<column)
    column -= length
    insert(text)
  }

  private mutating func insert(_ text: String) {
    for character in text {
      if character.isNewline {
        guard isMultiline else { continue }
        let rest = Array(lines[row][column...])
        lines[row].removeSubrange(column...)
        lines.insert(rest, at: row + 1)
        row += 1
        column = 0
      } else {
        lines[row].insert(character == "\t" ? " " : character, at: column)
        column += 1
      }
    }
  }

  private mutating func deleteBackward() {
    if column > 0 {
      column -= 1
      lines[row].remove(at: column)
    } else if row > 0 {
      column = lines[row - 1].count
      lines[row - 1] += lines.remove(at: row)
      row -= 1
    }
  }

  private mutating func deleteForward() {
    if column < lines[row].count {
      lines[row].remove(at: column)
    } else if row + 1 < lines.count {
      lines[row] += lines.remove(at: row + 1)
    }
  }

  private mutating func deleteWord() {
    while column > 0, lines[row][column - 1].isWhitespace { deleteBackward() }
    while column > 0, !lines[row][column - 1].isWhitespace { deleteBackward() }
  }

  private mutating func moveLeft() {
    if column > 0 {
      column -= 1
    } else if row > 0 {
      row -= 1
      column = lines[row].count
    }
  }

  private mutating func moveRight() {
    if column < lines[row].count {
      column += 1
    } else if row + 1 < lines.count {
      row += 1
      column = 0
    }
  }

  private mutating func move(toRow target: Int) {
    row = target
    column = min(column, lines[target].count)
  }
}
