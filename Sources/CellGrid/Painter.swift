// Drawing into a grid, clipped to a region: whatever the numbers, nothing outside is touched.

/// Draws into a region of a grid. Rows and columns count from the region's corner; whatever falls
/// outside the region is left out.
///
/// A wide glyph never straddles an edge: the half inside is drawn as a blank. The only cell outside
/// the region that can change is the other half of a wide glyph that lay across its edge: it
/// becomes a blank.
package struct Painter {
  /// What is shown in the last column of text that goes on past it.
  package enum Overflow: Hashable, Sendable {
    /// Nothing: the text just ends there.
    case clip
    /// `…`, for labels.
    case ellipsis
    /// `›`, and `‹` in the first column when text was left out before it: for source text.
    case arrows
  }

  /// The region's size, clipped or not.
  package private(set) var size: GridSize
  var grid: Grid
  /// Where the region's corner lies in the grid; it may lie outside.
  private var origin: Cursor
  /// The part of the grid that may be drawn on.
  private var clip: (rows: Range<Int>, columns: Range<Int>)

  fileprivate init(_ grid: Grid) {
    self.grid = grid
    size = grid.size
    origin = Cursor(row: 0, column: 0)
    clip = (0..<grid.height, 0..<grid.width)
  }

  /// Draws within a part of this region: `body` sees it as a whole, with its own corner and size.
  package mutating func region(
    rows: Range<Int>, columns: Range<Int>, _ body: (inout Painter) throws -> Void
  ) rethrows {
    let outer = (size, origin, clip)
    defer { (size, origin, clip) = outer }
    size = GridSize(rows: rows.count, columns: columns.count)
    origin.row += rows.lowerBound
    origin.column += columns.lowerBound
    clip.rows = (origin.row..<origin.row + rows.count).clamped(to: clip.rows)
    clip.columns = (origin.column..<origin.column + columns.count).clamped(to: clip.columns)
    try body(&self)
  }

  /// The columns of the region that are inside the grid and every region around this one.
  var visibleColumns: Range<Int> {
    clip.columns.lowerBound - origin.column..<clip.columns.upperBound - origin.column
  }

  /// Whether a row of the region can be drawn on.
  func isVisible(row: Int) -> Bool { clip.rows.contains(origin.row + row) }

  /// Fills the whole region with blanks.
  package mutating func fill(style: Style) {
    fill(rows: 0..<size.rows, columns: 0..<size.columns, style: style)
  }

  /// Fills a rectangle with blanks, or with another narrow scalar.
  package mutating func fill(
    rows: Range<Int>, columns: Range<Int>, style: Style, with scalar: Unicode.Scalar = " "
  ) {
    let cell = Cell(scalar, style: style)
    let columns = columns.clamped(to: visibleColumns)
    for row in rows where isVisible(row: row) {
      for column in columns { put(cell, row: row, column: column) }
    }
  }

  /// Changes styles in a rectangle and leaves the glyphs.
  package mutating func restyle(
    rows: Range<Int>, columns: Range<Int>, _ change: (inout Style) -> Void
  ) {
    let columns = columns.clamped(to: visibleColumns)
    for row in rows where isVisible(row: row) {
      for column in columns {
        grid.restyle(row: origin.row + row, column: origin.column + column, change)
      }
    }
  }

  /// Draws one cell. A wide cell with only one half inside becomes a blank there.
  package mutating func put(_ cell: Cell, row: Int, column: Int) {
    guard isVisible(row: row) else { return }
    let row = origin.row + row
    let column = origin.column + column
    let width = cell.width
    guard width == 2 else {
      if width == 1, clip.columns.contains(column) { grid.place(cell, row: row, column: column) }
      return
    }
    switch (clip.columns.contains(column), clip.columns.contains(column + 1)) {
    case (true, true): grid.place(cell, row: row, column: column)
    case (true, false): grid.place(.blank(cell.style), row: row, column: column)
    case (false, true): grid.place(.blank(cell.style), row: row, column: column + 1)
    case (false, false): break
    }
  }

  /// Returns the column of the grid's cursor coordinates for a position of the region, or nil when
  /// it is not inside.
  package func cursor(row: Int, column: Int) -> Cursor? {
    let cursor = Cursor(row: origin.row + row, column: origin.column + column)
    guard clip.rows.contains(cursor.row), clip.columns.contains(cursor.column) else { return nil }
    return cursor
  }
}

extension Grid {
  /// Draws into this grid; a painter of the whole grid is handed to `body`.
  package mutating func paint(_ body: (inout Painter) throws -> Void) rethrows {
    var painter = Painter(self)
    // The painter owns the cells meanwhile, so that drawing does not copy them.
    self = Grid(width: 0, height: 0)
    defer { self = painter.grid }
    try body(&painter)
  }
}
