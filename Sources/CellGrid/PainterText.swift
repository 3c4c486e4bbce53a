// Text in a painter's region: our own literals, and untrusted bytes as safe text.

extension Painter {
  /// What came of drawing safe text.
  package struct Extent: Hashable, Sendable {
    /// Columns drawn on.
    package let columns: Int
    /// Whether everything from the first column asked for to the end of the text was drawn.
    package let reachesEnd: Bool
  }

  /// Draws our own text (never untrusted text: that is `safe`) and returns the columns it took.
  ///
  /// Combining marks go to the cell before them. What `SafeText` would spell out is drawn as U+FFFD:
  /// should untrusted text ever get here, nothing of it hides and nothing acts.
  @discardableResult
  package mutating func text(
    _ string: some StringProtocol, row: Int, column: Int, style: Style, maxWidth: Int = .max,
    overflow: Overflow = .clip
  ) -> Int {
    var used = 0
    var pending: (base: Unicode.Scalar, marks: [Unicode.Scalar], column: Int)?
    var isCut = false
    for given in string.unicodeScalars {
      let isHidden = ScalarVisibility.of(given) == .hidden
      let scalar = isHidden ? "\u{FFFD}" : given
      let width = DisplayWidth.of(scalar)
      if width == 0, pending != nil {
        pending?.marks.append(scalar)
        continue
      }
      if let pending { put(pending, row: row, column: column, style: style) }
      pending = nil
      let columns = max(1, width)
      guard columns <= maxWidth - used else {
        isCut = true
        break
      }
      pending = (scalar, [], used)
      used += columns
    }
    if let pending { put(pending, row: row, column: column, style: style) }
    guard isCut, overflow != .clip, maxWidth > 0 else { return used }
    for blank in used..<max(used, maxWidth) {
      put(.blank(style), row: row, column: column + blank)
    }
    let sign: Unicode.Scalar = overflow == .ellipsis ? "…" : "›"
    put(Cell(sign, style: style), row: row, column: column + maxWidth - 1)
    return maxWidth
  }

  private mutating func put(
    _ glyph: (base: Unicode.Scalar, marks: [Unicode.Scalar], column: Int), row: Int, column: Int,
    style: Style
  ) {
    let marks = glyph.marks
    let cell = Cell(
      glyph.base, marks.first, marks.count > 1 ? marks[1] : nil, style: style)
    put(cell, row: row, column: column + glyph.column)
  }

  /// Draws untrusted text from its start in one style; see the general form.
  @discardableResult
  package mutating func safe(
    _ text: SafeText, row: Int, column: Int, style: Style, maxWidth: Int = .max,
    overflow: Overflow = .clip
  ) -> Extent {
    safe(
      text, columns: 0..<max(0, maxWidth), row: row, column: column, overflow: overflow
    ) { _ in style }
  }

  /// Draws one row of a wrapped line.
  @discardableResult
  package mutating func safe(
    _ text: SafeText, wrapped: WrappedRow, row: Int, column: Int, styleAt: (Int) -> Style
  ) -> Extent {
    safe(
      text, from: wrapped.start, columns: wrapped.columns, row: row, column: column,
      styleAt: styleAt)
  }

  /// Draws a window of untrusted text: `columns` of the unwrapped line, the first of them at
  /// `column` of the region.
  ///
  /// Stops at the edge of the region, so its cost does not grow with the text. A run that is cut by
  /// the window shows the columns inside; half a wide glyph shows a blank.
  ///
  /// - Parameters:
  ///   - position: a known position at or before the window, to start scanning from.
  ///   - styleAt: the style for the run that starts at a byte offset. Notation and signs keep their
  ///     own ink on its ground.
  @discardableResult
  package mutating func safe(
    _ text: SafeText, from position: SafeText.Position = .start, columns window: Range<Int>,
    row: Int, column: Int, overflow: Overflow = .clip, styleAt: (Int) -> Style
  ) -> Extent {
    guard isVisible(row: row), !window.isEmpty else {
      return Extent(columns: 0, reachesEnd: position.byteOffset == text.bytes.count)
    }
    let first = text.position(ofColumn: window.lowerBound, from: position)
    var runs = text.glyphs(from: first)
    let shift = column - window.lowerBound
    let lastVisible = visibleColumns.upperBound - shift
    let edge = min(window.upperBound, lastVisible)
    var end = window.lowerBound
    var lastStyle = styleAt(first.byteOffset)
    var reachesEnd = false
    while true {
      guard let run = runs.next() else {
        reachesEnd = true
        break
      }
      guard run.column < edge else { break }
      lastStyle = styleAt(run.source.lowerBound)
      draw(run, within: window.lowerBound..<edge, row: row, shift: shift, style: lastStyle)
      end = min(edge, run.column + run.width)
      if run.column + run.width > edge { break }
    }
    if overflow != .clip {
      let style = Style(.accent, on: lastStyle.ground)
      if !reachesEnd, edge > window.lowerBound {
        let sign: Unicode.Scalar = overflow == .ellipsis ? "…" : "›"
        put(Cell(sign, style: style), row: row, column: edge - 1 + shift)
      }
      if overflow == .arrows, window.lowerBound > 0, end > window.lowerBound {
        put(Cell("‹", style: style), row: row, column: column)
      }
    }
    return Extent(columns: end - window.lowerBound, reachesEnd: reachesEnd)
  }

  private mutating func draw(
    _ run: GlyphRun, within window: Range<Int>, row: Int, shift: Int, style: Style
  ) {
    let columns = run.columns.clamped(to: window)
    if run.isPlain, columns.count == run.width {
      put(run.cell(at: 0, style: style), row: row, column: run.column + shift)
      return
    }
    for column in columns {
      let cell = run.isPlain ? .blank(style) : run.cell(at: column - run.column, style: style)
      put(cell, row: row, column: column + shift)
    }
  }
}
