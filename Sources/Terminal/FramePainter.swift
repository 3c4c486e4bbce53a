// Frames to ncurses: only rows that changed, styles as attributes and colour pairs.

import CNcurses
import CellGrid
import Glibc

/// Paints frames on the standard window of ncurses, which sends what differs.
final class FramePainter {
  private let colours: ColourDepth
  private let colourCount: Int
  /// The frame painted last, to leave out rows that are the same.
  private var painted: Grid?
  private var cells: UnsafeMutableBufferPointer<tui_cell>
  private var characters: UnsafeMutableBufferPointer<cchar_t>
  /// Attributes and pairs found for this frame's styles. Not kept for longer: ncurses gives away
  /// pairs again when it runs out of them.
  private var looks: [Style: (attributes: UInt32, pair: CInt)] = [:]
  private var lastLook: (style: Style, attributes: UInt32, pair: CInt)?

  init(colours: ColourDepth, colourCount: Int) {
    self.colours = colours
    self.colourCount = colourCount
    cells = .allocate(capacity: 0)
    characters = .allocate(capacity: 0)
  }

  /// Gives the buffers back. The last call.
  func free() {
    cells.deallocate()
    characters.deallocate()
    cells = UnsafeMutableBufferPointer(start: nil, count: 0)
    characters = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// Has the next frame painted in full.
  func forget() { painted = nil }

  /// Paints `frame` on a screen of `size`.
  func paint(_ frame: Frame, theme: Theme, size: GridSize) {
    let window = tui_stdscr()
    let grid = frame.grid
    reserve(size.columns)
    looks.removeAll(keepingCapacity: true)
    lastLook = nil
    let before = painted?.size == grid.size ? painted : nil
    for row in 0..<size.rows {
      if row < grid.height {
        let line = grid.row(row)
        if let before, before.row(row) == line { continue }
        fill(line, columns: size.columns, theme: theme)
      } else {
        if before != nil { continue }
        fill([], columns: size.columns, theme: theme)
      }
      tui_paint_row(
        window, CInt(row), cells.baseAddress, CInt(size.columns), characters.baseAddress)
    }
    painted = grid
    if let cursor = frame.cursor, cursor.row < size.rows, cursor.column < size.columns {
      curs_set(1)
      wmove(window, CInt(cursor.row), CInt(cursor.column))
    } else {
      curs_set(0)
      // From here ncurses scrolls without saving the cursor, which some terminals take for more than its place.
      wmove(window, CInt(max(0, size.rows - 1)), 0)
    }
    wnoutrefresh(window)
    doupdate()
  }

  /// Turns a row into what the C side paints, filled up with blanks.
  private func fill(_ line: ArraySlice<Cell>, columns: Int, theme: Theme) {
    var column = 0
    for cell in line.prefix(columns) {
      cells[column] = painted(cell, isLast: column == columns - 1, theme: theme)
      column += 1
    }
    let blank = painted(.blank(), isLast: true, theme: theme)
    while column < columns {
      cells[column] = blank
      column += 1
    }
  }

  private func painted(_ cell: Cell, isLast: Bool, theme: Theme) -> tui_cell {
    if cell.isRightHalf { return tui_cell() }
    let (attributes, pair) = look(of: cell.style, theme: theme)
    let width = cell.width
    // A wide glyph in the last column can only come from a frame of another size.
    var scalar = width == 2 && isLast ? " " : cell.base
    var (first, second) = cell.marks
    if scalar.value >= 0x80, wcwidth(wchar_t(scalar.value)) != CInt(width) {
      // This system's C library is of another Unicode version than our table: columns come first.
      scalar = width == 2 ? "\u{3013}" : "\u{FFFD}"
      (first, second) = (nil, nil)
    }
    return tui_cell(
      scalar: scalar.value, first_mark: first?.value ?? 0, second_mark: second?.value ?? 0,
      attributes: attributes, pair: pair)
  }

  private func look(of style: Style, theme: Theme) -> (attributes: UInt32, pair: CInt) {
    if let lastLook, lastLook.style == style { return (lastLook.attributes, lastLook.pair) }
    let look = looks[style] ?? found(style, theme: theme)
    looks[style] = look
    lastLook = (style, look.attributes, look.pair)
    return look
  }

  private func found(_ style: Style, theme: Theme) -> (attributes: UInt32, pair: CInt) {
    let paint = theme.paint(for: style, colours: colours)
    // The bits of `Emphasis` are those of the shim.
    let attributes = UInt32(paint.attributes.rawValue)
    guard colours != .none else { return (attributes, 0) }
    let foreground = number(paint.foreground)
    let background = number(paint.background)
    guard foreground != -1 || background != -1 else { return (attributes, 0) }
    return (attributes, max(0, alloc_pair(foreground, background)))
  }

  private func number(_ colour: Colour?) -> CInt {
    ColourSupport.number(of: colour ?? .standard, depth: colours, colourCount: colourCount)
  }

  private func reserve(_ columns: Int) {
    guard cells.count < columns else { return }
    free()
    cells = .allocate(capacity: columns)
    characters = .allocate(capacity: columns)
    cells.initialize(repeating: tui_cell())
    characters.initialize(repeating: cchar_t())
  }
}
