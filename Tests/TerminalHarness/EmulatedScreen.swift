// The terminal emulator's screen as tests see it.

import CVterm

/// A colour as the program asked for it.
package enum ScreenColour: Hashable, Sendable {
  case standard
  case indexed(Int)
  case rgb(Int, Int, Int)
}

/// One cell of the emulated screen.
package struct ScreenCell: Hashable, Sendable {
  /// The base and its combining marks; empty where nothing was written and in right halves.
  package let text: String
  package let width: Int
  package let foreground: ScreenColour
  package let background: ScreenColour
  package let isBold: Bool
  package let isUnderlined: Bool
  package let isReversed: Bool
}

/// A terminal emulator without a window.
package final class EmulatedScreen {
  private let terminal: OpaquePointer
  private let screen: OpaquePointer
  private let state: UnsafeMutablePointer<cvterm_state>

  package init(rows: Int, columns: Int) {
    terminal = vterm_new(CInt(rows), CInt(columns))
    vterm_set_utf8(terminal, 1)
    screen = vterm_obtain_screen(terminal)
    state = .allocate(capacity: 1)
    state.initialize(to: cvterm_state())
    cvterm_watch(screen, state)
    vterm_screen_reset(screen, 1)
  }

  deinit {
    vterm_free(terminal)
    state.deallocate()
  }

  /// Takes what the program wrote; returns what the terminal answers.
  @discardableResult
  package func feed(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let text = bytes.map { CChar(bitPattern: $0) }
    _ = vterm_input_write(terminal, text, text.count)
    vterm_screen_flush_damage(screen)
    var answer: [UInt8] = []
    var buffer = [CChar](repeating: 0, count: 1024)
    while true {
      let count = vterm_output_read(terminal, &buffer, buffer.count)
      if count == 0 { return answer }
      answer += buffer[..<count].map { UInt8(bitPattern: $0) }
    }
  }

  func resize(rows: Int, columns: Int) {
    vterm_set_size(terminal, CInt(rows), CInt(columns))
  }

  var size: (rows: Int, columns: Int) {
    var rows: CInt = 0
    var columns: CInt = 0
    vterm_get_size(terminal, &rows, &columns)
    return (Int(rows), Int(columns))
  }

  var cursor: (row: Int, column: Int) {
    var row: CInt = 0
    var column: CInt = 0
    cvterm_cursor(terminal, &row, &column)
    return (Int(row), Int(column))
  }

  var isCursorVisible: Bool { state.pointee.is_cursor_visible != 0 }
  var isAlternateScreen: Bool { state.pointee.is_alternate_screen != 0 }
  var reportsMouse: Bool { state.pointee.mouse != 0 }
  var bellCount: Int { Int(state.pointee.bells) }

  package func cell(row: Int, column: Int) -> ScreenCell {
    let cell = cvterm_get_cell(screen, CInt(row), CInt(column))
    let chars = [
      cell.chars.0, cell.chars.1, cell.chars.2, cell.chars.3, cell.chars.4, cell.chars.5,
    ]
    var text = ""
    // libvterm marks the right half of a wide cell with all ones.
    for value in chars where value != 0 {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    return ScreenCell(
      text: text, width: Int(cell.width), foreground: Self.colour(cell.foreground),
      background: Self.colour(cell.background), isBold: cell.is_bold != 0,
      isUnderlined: cell.underline != 0, isReversed: cell.is_reverse != 0)
  }

  /// The row's text; empty cells are blanks, and blanks at its end can be left out.
  func rowText(_ row: Int, from start: Int = 0, isTrimmed: Bool = true) -> String {
    var text = ""
    var column = start
    while column < size.columns {
      let cell = cell(row: row, column: column)
      text += cell.text.isEmpty ? " " : cell.text
      column += max(1, cell.width)
    }
    while isTrimmed, text.last == " " { text.removeLast() }
    return text
  }

  private static func colour(_ value: CInt) -> ScreenColour {
    if value < 0 { return .standard }
    if value < 256 { return .indexed(Int(value)) }
    return .rgb(Int(value >> 16 & 0xFF), Int(value >> 8 & 0xFF), Int(value & 0xFF))
  }
}
