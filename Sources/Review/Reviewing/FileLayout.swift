// The rows of one file's diff: computed once per file and mode, shared by paint, scrolling and decisions.

package import Approval
package import Diffing

/// How the two sides are drawn.
package enum DiffMode: Hashable, Sendable {
  case sideBySide
  case unified
}

/// A row of the layout before wrapping; line numbers are 0-based.
package enum LayoutRow: Hashable, Sendable {
  /// Begins a hunk; `skipped` unchanged lines lie between it and the row before.
  case hunkHeader(hunk: Int, skipped: Int)
  case context(old: Int, new: Int)
  /// Changed lines; `changed` are their indexes among the changed lines of the file.
  case change(old: Int?, new: Int?, group: Int, changed: Range<Int>)
  /// Unchanged lines after the last hunk.
  case rest(Int)
  /// The change of a text file's mode, decided on by itself.
  case mode
  /// A file that is decided on as a whole.
  case whole
}

/// The row plan of one file; building it costs O(changed lines + context), never O(file).
package struct FileLayout: Sendable {
  package let mode: DiffMode
  package let rows: [LayoutRow]
  package let hunks: [Hunk]
  /// The row of each hunk's header, ascending.
  package let hunkRows: [Int]

  package init(_ change: FileChange, mode: DiffMode, context: Int, boundaries: Set<Int>) {
    self.mode = mode
    var rows: [LayoutRow] = []
    var hunkRows: [Int] = []
    if change.hasModeUnit { rows.append(.mode) }
    guard let diff = change.diff else {
      self.rows = [.whole]
      hunks = []
      self.hunkRows = []
      return
    }
    hunks = diff.hunks(context: context, boundaries: boundaries)
    var shownUntil = 0
    for (index, hunk) in hunks.enumerated() {
      hunkRows.append(rows.count)
      rows.append(.hunkHeader(hunk: index, skipped: hunk.oldRange.lowerBound - shownUntil))
      Self.appendRows(of: hunk, in: diff, mode: mode, to: &rows)
      shownUntil = hunk.oldRange.upperBound
    }
    if let last = hunks.last, diff.old.lineCount > last.oldRange.upperBound {
      rows.append(.rest(diff.old.lineCount - last.oldRange.upperBound))
    }
    self.rows = rows
    self.hunkRows = hunkRows
  }

  /// The hunk that row `row` belongs to; nil on rows outside all hunks. O(log hunks).
  package func hunk(atRow row: Int) -> Int? {
    guard let first = hunkRows.first, row >= first else { return nil }
    if case .rest = rows[row] { return hunkRows.count - 1 }
    var low = 0
    var high = hunkRows.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if hunkRows[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// The rows of hunk `hunk`, its header first.
  package func rows(ofHunk hunk: Int) -> Range<Int> {
    var end = hunk + 1 < hunkRows.count ? hunkRows[hunk + 1] : rows.count
    if hunk + 1 == hunkRows.count, case .rest = rows[end - 1] { end -= 1 }
    return hunkRows[hunk]..<end
  }

  /// The first row of hunk `hunk` that shows a change.
  package func firstChangeRow(ofHunk hunk: Int) -> Int {
    rows(ofHunk: hunk).first { if case .change = rows[$0] { true } else { false } }
      ?? hunkRows[hunk]
  }

  /// The row that shows changed line `line`, or nil when there is none.
  package func row(ofChangedLine line: Int) -> Int? {
    guard let hunk = hunks.firstIndex(where: { $0.changedLines.contains(line) }) else { return nil }
    return rows(ofHunk: hunk).first {
      if case .change(_, _, _, let changed) = rows[$0] { changed.contains(line) } else { false }
    }
  }

  private static func appendRows(
    of hunk: Hunk, in diff: FileDiff, mode: DiffMode, to rows: inout [LayoutRow]
  ) {
    var old = hunk.oldRange.lowerBound
    var new = hunk.newRange.lowerBound
    for groupIndex in hunk.groups {
      let group = diff.groups[groupIndex]
      while old < group.oldRange.lowerBound {
        rows.append(.context(old: old, new: new))
        old += 1
        new += 1
      }
      appendRows(of: group, at: groupIndex, mode: mode, to: &rows)
      old = group.oldRange.upperBound
      new = group.newRange.upperBound
    }
    while old < hunk.oldRange.upperBound {
      rows.append(.context(old: old, new: new))
      old += 1
      new += 1
    }
  }

  private static func appendRows(
    of group: ChangeGroup, at index: Int, mode: DiffMode, to rows: inout [LayoutRow]
  ) {
    var changed = group.firstChangedLine
    var added: [LayoutRow] = []
    for row in group.rows {
      let lines = changed..<changed + row.lineCount
      changed = lines.upperBound
      switch mode {
      case .sideBySide:
        rows.append(.change(old: row.removed, new: row.added, group: index, changed: lines))
      case .unified:
        if let old = row.removed {
          rows.append(
            .change(
              old: old, new: nil, group: index, changed: lines.lowerBound..<lines.lowerBound + 1))
        }
        if let new = row.added {
          added.append(
            .change(
              old: nil, new: new, group: index, changed: lines.upperBound - 1..<lines.upperBound))
        }
      }
    }
    rows += added
  }
}
