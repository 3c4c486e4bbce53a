// A rectangle of cells, and a frame: the grid with its cursor.

/// The size of a grid or a terminal.
package struct GridSize: Hashable, Sendable {
  package var rows: Int
  package var columns: Int

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}

/// A rectangle of cells, row by row.
///
/// In every grid a wide glyph is followed by its right half, and a right half follows only a wide
/// glyph; `place` keeps that true.
package struct Grid: Hashable, Sendable {
  package let width: Int
  package let height: Int
  private var cells: [Cell]

  /// Makes a grid of blanks. Negative sizes count as zero.
  package init(width: Int, height: Int, style: Style = Style()) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: .blank(style), count: self.width * self.height)
  }

  package init(_ size: GridSize, style: Style = Style()) {
    self.init(width: size.columns, height: size.rows, style: style)
  }

  package var size: GridSize { GridSize(rows: height, columns: width) }

  package subscript(row: Int, column: Int) -> Cell {
    cells[index(row, column)]
  }

  /// Returns the cells of one row, left to right; the slice starts at an arbitrary index.
  package func row(_ row: Int) -> ArraySlice<Cell> {
    cells[row * width..<(row + 1) * width]
  }

  /// Returns the text of one row, without styles: as many columns as the grid is wide.
  package func rowText(_ row: Int) -> String {
    self.row(row).reduce(into: "") { $0.unicodeScalars.append(contentsOf: $1.text.unicodeScalars) }
  }

  /// Puts `cell` at a position; a wide one takes the next column too.
  ///
  /// A wide glyph that loses one of its halves this way becomes a blank in its own style. A wide
  /// glyph in the last column becomes a blank.
  package mutating func place(_ cell: Cell, row: Int, column: Int) {
    let isWide = cell.width == 2
    separate(row: row, column: column)
    guard isWide, column + 1 < width else {
      cells[index(row, column)] = isWide ? .blank(cell.style) : cell
      return
    }
    separate(row: row, column: column + 1)
    cells[index(row, column)] = cell
    cells[index(row, column + 1)] = .rightHalf(cell.style)
  }

  /// Changes the style of one cell, and of the other half when it is part of a wide glyph.
  package mutating func restyle(row: Int, column: Int, _ change: (inout Style) -> Void) {
    let position = index(row, column)
    change(&cells[position].style)
    if cells[position].isRightHalf { cells[position - 1].style = cells[position].style }
    if column + 1 < width, cells[position + 1].isRightHalf {
      cells[position + 1].style = cells[position].style
    }
  }

  /// Breaks up the wide glyph that has a half at this position: its halves become blanks.
  private mutating func separate(row: Int, column: Int) {
    let position = index(row, column)
    if cells[position].isRightHalf {
      cells[position - 1] = .blank(cells[position - 1].style)
      cells[position] = .blank(cells[position].style)
    } else if column + 1 < width, cells[position + 1].isRightHalf {
      cells[position + 1] = .blank(cells[position + 1].style)
    }
  }

  private func index(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < height && column >= 0 && column < width, "outside the grid")
    return row * width + column
  }
}

/// A position on the screen.
package struct Cursor: Hashable, Sendable {
  package var row: Int
  package var column: Int

  package init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

/// What the screen shows: a grid, and a cursor when one is visible.
package struct Frame: Hashable, Sendable {
  package var grid: Grid
  package var cursor: Cursor?

  package init(grid: Grid, cursor: Cursor? = nil) {
    self.grid = grid
    self.cursor = cursor
  }
}
