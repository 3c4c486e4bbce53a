// How many screen rows a layout row takes, and walking over them.

import Approval
package import CellGrid
package import Diffing

/// Measures layout rows of one file at one width.
///
/// Heights are found for visible rows only; a walk costs O(rows walked).
package struct RowMetrics: Sendable {
  package let layout: FileLayout
  package let diff: FileDiff?
  package let textWidth: Int
  package let commentWidth: Int
  package let wraps: Bool
  package let options: SafeText.Options
  /// What the sides of a file decided on as a whole point to, where they are links.
  package let targets: LinkTargets

  /// The text of a side of a row, without its LF.
  package func text(_ line: Int?, of side: any KeyPath<FileDiff, TextFile> & Sendable) -> SafeText?
  {
    guard let diff, let line else { return nil }
    return SafeText(diff[keyPath: side].lineContent(line), options: options)
  }

  /// How many screen rows `row` takes: at least 1, and at most `limit`. O(bytes of that many rows).
  package func height(of row: Int, limit: Int = .max) -> Int {
    if case .comment(let index) = layout.rows[row] {
      let lines = WrappedText.lines(layout.comments[index].comment.text, width: commentWidth)
      return min(limit, lines.count)
    }
    if case .whole = layout.rows[row] { return Self.wholeRowCount + targets.rowCount }
    guard wraps else { return 1 }
    switch layout.rows[row] {
    case .hunkHeader, .rest, .mode, .whole, .comment: return 1
    case .context(let old, _): return height(text(old, of: \.old), limit)
    case .change(let old, let new, _, _):
      return max(height(text(old, of: \.old), limit), height(text(new, of: \.new), limit))
    }
  }

  /// Rows of a file decided on as a whole besides those of targets: blank, why, blank, and one for each side.
  private static let wholeRowCount = 5

  /// Whether all text of `row` fits when it is not wrapped.
  package func fits(_ row: Int) -> Bool {
    switch layout.rows[row] {
    case .hunkHeader, .rest, .mode, .whole, .comment: true
    case .context(let old, _): fits(text(old, of: \.old))
    case .change(let old, let new, _, _):
      fits(text(old, of: \.old)) && fits(text(new, of: \.new))
    }
  }

  /// Calls `body` with each row in the window from `top` on: its screen offset, the row, which of its wrapped rows are in the window, and
  /// whether the last of them is.
  package func forEachVisibleRow(
    from top: RowAnchor, height bodyHeight: Int,
    _ body: (_ offset: Int, _ row: Int, _ wrapped: Range<Int>, _ endsInWindow: Bool) -> Void
  ) {
    var offset = 0
    var row = top.row
    var skipped = top.wrapped
    while offset < bodyHeight, row < layout.rows.count {
      // One row more than there is room for tells that the rest is not in the window.
      let height = height(of: row, limit: skipped + bodyHeight - offset + 1)
      let end = min(height, skipped + bodyHeight - offset)
      if skipped < end { body(offset, row, skipped..<end, end == height) }
      offset += max(0, end - skipped)
      skipped = 0
      row += 1
    }
  }

  /// The anchor `distance` screen rows further down (negative: up), kept inside the file.
  package func moved(_ anchor: RowAnchor, by distance: Int) -> RowAnchor {
    var anchor = anchor
    var rest = distance
    while rest > 0 {
      let left = height(of: anchor.row, limit: anchor.wrapped + rest + 1) - 1 - anchor.wrapped
      if rest <= left {
        anchor.wrapped += rest
        return anchor
      }
      guard anchor.row + 1 < layout.rows.count else { return anchor }
      rest -= left + 1
      anchor = RowAnchor(row: anchor.row + 1)
    }
    while rest < 0 {
      if -rest <= anchor.wrapped {
        anchor.wrapped += rest
        return anchor
      }
      guard anchor.row > 0 else { return RowAnchor(row: 0) }
      rest += anchor.wrapped + 1
      anchor = RowAnchor(row: anchor.row - 1, wrapped: height(of: anchor.row - 1) - 1)
    }
    return anchor
  }

  /// How many screen rows lie from `top` to the start of `row`, but at most `limit`; negative when `row` begins above `top`.
  package func distance(from top: RowAnchor, to row: Int, limit: Int) -> Int {
    guard row >= top.row else { return -1 }
    var distance = -top.wrapped
    var current = top.row
    while current < row, distance < limit {
      distance += height(of: current, limit: limit - distance)
      current += 1
    }
    return min(distance, limit)
  }

  private func height(_ text: SafeText?, _ limit: Int) -> Int {
    text.map { max(1, $0.rowCount(width: textWidth, limit: limit)) } ?? 1
  }

  private func fits(_ text: SafeText?) -> Bool {
    guard let text else { return true }
    // A glyph that straddles the edge starts inside: only a text that ends there fits.
    let end = text.position(ofColumn: textWidth + 1)
    return end.byteOffset == text.bytes.count && end.column <= textWidth
  }
}

/// The targets of links, broken into rows: nothing of them is cut, since they are approved with the file.
package struct LinkTargets: Sendable {
  package let old: [SafeText]
  package let new: [SafeText]

  var rowCount: Int { old.count + new.count }

  init(of change: FileChange?, width: Int) {
    guard let change, case .whole(_, let old, let new) = change.content else {
      (self.old, self.new) = ([], [])
      return
    }
    self.old = Self.rows(change.file.old, old, width)
    self.new = Self.rows(change.file.new, new, width)
  }

  private static func rows(_ state: FileState?, _ bytes: [UInt8], _ width: Int) -> [SafeText] {
    guard state?.mode == .symlink else { return [] }
    let text = SafeText(bytes, options: SafeText.Options(blankMarks: .trailing))
    return text.rows(width: width).map { SafeText(Array(bytes[$0.bytes])) }
  }
}

extension ReviewState {
  /// The metrics of the current file on a screen of `size`; nil until it is loaded.
  package func metrics(for size: GridSize) -> RowMetrics? {
    guard let layout else { return nil }
    let geometry = geometry(for: size)
    return RowMetrics(
      layout: layout, diff: shownChange?.diff, textWidth: geometry.textWidth,
      commentWidth: geometry.commentWidth, wraps: wraps,
      options: SafeText.Options(
        tabWidth: tabWidth, blankMarks: showsWhitespace ? .all : .trailing),
      targets: LinkTargets(of: currentChange, width: max(8, geometry.bodyWidth - 8)))
  }
}
