// Breaking the columns of one line into rows.

/// One screen row of a wrapped line.
package struct WrappedRow: Hashable, Sendable {
  /// The run that covers the row's first column; it starts before the row when it was split.
  package let start: SafeText.Position
  /// Columns of the unwrapped line that the row shows; empty only for an empty line.
  package let columns: Range<Int>
  /// Bytes whose runs show at least one column in the row.
  package let bytes: Range<Int>
}

/// The rows of a wrapped line, found lazily: the first n cost O(n × width).
package struct WrappedRows: Sequence, IteratorProtocol {
  private let text: SafeText
  private var runs: GlyphRuns
  private let width: Int
  /// A run that was read but does not end in the rows returned so far, and the column its rest
  /// starts at.
  private var pending: (run: GlyphRun, column: Int)?
  private var isFirst = true

  init(_ text: SafeText, width: Int, from position: SafeText.Position) {
    self.text = text
    runs = text.glyphs(from: position)
    self.width = Swift.max(1, width)
  }

  package mutating func next() -> WrappedRow? {
    let isEmptyLineAllowed = isFirst
    isFirst = false
    let before = runs.position
    guard let first = pending ?? runs.next().map({ ($0, $0.column) }) else {
      guard isEmptyLineAllowed else { return nil }
      return WrappedRow(
        start: before, columns: before.column..<before.column,
        bytes: before.byteOffset..<before.byteOffset)
    }
    pending = nil
    let start = SafeText.Position(byteOffset: first.run.source.lowerBound, column: first.run.column)
    let limit = first.column + width
    var end = first.column
    var lastByte = first.run.source.lowerBound
    var wordStart: SafeText.Position?
    var run: GlyphRun? = first.run
    while let current = run {
      let isWhole = current.column + current.width <= limit
      if !isWhole, current.width <= width, end > first.column {
        pending = (current, current.column)
        break
      }
      lastByte = current.source.upperBound
      end = Swift.min(limit, current.column + current.width)
      if !isWhole {
        pending = (current, limit)
        break
      }
      if isBlank(at: current.source.lowerBound) { wordStart = runs.position }
      if end == limit { break }
      runs.skipPlainASCII(toColumn: limit)
      wordStart = lastWordStart(after: lastByte) ?? wordStart
      end = runs.position.column
      lastByte = runs.position.byteOffset
      if end == limit { break }
      run = runs.next()
    }
    if let wordStart, wordStart.column > first.column + width / 2, wordStart.column < end,
      pending != nil || lastByte < text.bytes.count
    {
      end = wordStart.column
      lastByte = wordStart.byteOffset
      pending = nil
      runs = text.glyphs(from: wordStart)
    }
    return WrappedRow(
      start: start, columns: first.column..<end, bytes: start.byteOffset..<lastByte)
  }

  private func isBlank(at offset: Int) -> Bool {
    guard offset < text.bytes.count else { return false }
    let byte = text.bytes[text.bytes.startIndex + offset]
    return byte == 0x20 || byte == 0x09
  }

  /// The place after the last blank of what was just skipped, every byte of which has one column.
  private func lastWordStart(after offset: Int) -> SafeText.Position? {
    let end = runs.position
    guard
      let blank = (offset..<end.byteOffset).last(where: { isBlank(at: $0) })
    else { return nil }
    return SafeText.Position(
      byteOffset: blank + 1, column: end.column - (end.byteOffset - blank - 1))
  }
}

extension SafeText {
  /// Returns the rows of the text broken at `width` columns.
  ///
  /// A row ends after the last blank of its second half, so that words stay whole; without one, where
  /// it is full. A run that does not fit in what is left of a row moves to the next one; a run wider
  /// than a whole row is split. Every column of the line is in exactly one row, and an empty text has one
  /// empty row. A width below 1 counts as 1.
  ///
  /// - Parameter position: where to start, as `WrappedRow.start` of a row that starts with its run.
  package func rows(width: Int, from position: Position = .start) -> WrappedRows {
    WrappedRows(self, width: width, from: position)
  }

  /// Number of rows at `width` columns, at most `limit`. O(bytes shown).
  package func rowCount(width: Int, limit: Int = .max) -> Int {
    var rows = self.rows(width: width)
    var count = 0
    while count < limit, rows.next() != nil { count += 1 }
    return count
  }
}
