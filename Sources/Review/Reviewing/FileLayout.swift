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
  /// A comment, by its index among the layout's.
  case comment(Int)
}

/// How a file's rows are laid out, besides what the file is.
package struct LayoutOptions: Hashable, Sendable {
  package var mode = DiffMode.sideBySide
  /// Unchanged lines around changes.
  package var context = 3
  /// Groups that begin a hunk of their own.
  package var boundaries: Set<Int> = []
  /// Folds that are open, by the old line at which they begin.
  package var openFolds: Set<Int> = []

  package init() {}
}

/// The row plan of one file; building it costs O(changed lines + context + open folds), never O(file).
package struct FileLayout: Sendable {
  package let mode: DiffMode
  package let rows: [LayoutRow]
  package let hunks: [Hunk]
  /// The row of each hunk's header, ascending.
  package let hunkRows: [Int]
  /// The comments on this file, with their places; rows name them by index.
  package let comments: [PlacedComment]
  /// The row after the last hunk.
  private let hunksEnd: Int

  package init(_ change: FileChange, _ options: LayoutOptions, comments: [ReviewComment] = []) {
    mode = options.mode
    let diff = change.diff
    let placed = comments.map { PlacedComment($0, in: diff) }
    self.comments = placed
    guard let diff else {
      rows = [.whole] + placed.indices.map { .comment($0) }
      hunks = []
      hunkRows = []
      hunksEnd = 0
      return
    }
    hunks = diff.hunks(context: options.context, boundaries: options.boundaries)
    var builder = RowBuilder(diff: diff, options: options, comments: placed)
    for (index, hunk) in hunks.enumerated() { builder.append(hunk, at: index) }
    let end = builder.rows.count
    builder.appendRest()
    // Comments on the file, and on lines that are in a fold, stand above; those whose lines are gone stand at the end.
    let left = placed.indices.filter { !builder.shownComments.contains($0) }
    let stale = left.filter { placed[$0].place == .stale }
    let above: [LayoutRow] =
      (change.hasModeUnit ? [.mode] : [])
      + left.filter { placed[$0].place != .stale }.map { .comment($0) }
    rows = above + builder.rows + stale.map { .comment($0) }
    hunkRows = builder.hunkRows.map { $0 + above.count }
    hunksEnd = end + above.count
  }

  /// The hunk that row `row` belongs to; nil on rows above all hunks. O(log hunks).
  package func hunk(atRow row: Int) -> Int? {
    guard let first = hunkRows.first, row >= first else { return nil }
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
    hunkRows[hunk]..<(hunk + 1 < hunkRows.count ? hunkRows[hunk + 1] : hunksEnd)
  }

  /// The hunks that hold any of the changed lines `lines`. O(log hunks).
  package func hunks(holding lines: Range<Int>) -> Range<Int> {
    func first(_ isPast: (Hunk) -> Bool) -> Int {
      var low = 0
      var high = hunks.count
      while low < high {
        let middle = (low + high) / 2
        if isPast(hunks[middle]) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let start = first { $0.changedLines.upperBound > lines.lowerBound }
    return start..<max(start, first { $0.changedLines.lowerBound >= lines.upperBound })
  }

  /// The first row of hunk `hunk` that shows a change.
  package func firstChangeRow(ofHunk hunk: Int) -> Int {
    rows(ofHunk: hunk).first { if case .change = rows[$0] { true } else { false } }
      ?? hunkRows[hunk]
  }

  /// The row that shows the same lines as `row` of another layout of this file; nil when there is none. O(rows).
  package func row(like row: LayoutRow) -> Int? {
    switch row {
    case .hunkHeader(let hunk, _): hunkRows.indices.contains(hunk) ? hunkRows[hunk] : nil
    case .context, .change, .mode, .whole: rows.firstIndex(of: row)
    case .rest, .comment: nil
    }
  }

  /// The row that shows changed line `line`, or nil when there is none. O(rows of its hunk).
  package func row(ofChangedLine line: Int) -> Int? {
    guard let hunk = hunks(holding: line..<line + 1).first else { return nil }
    return rows(ofHunk: hunk).first {
      if case .change(_, _, _, let changed) = rows[$0] { changed.contains(line) } else { false }
    }
  }
}

/// Puts the rows of one file together, from top to bottom.
private struct RowBuilder {
  let diff: FileDiff
  let options: LayoutOptions
  let comments: [PlacedComment]
  private(set) var rows: [LayoutRow] = []
  private(set) var hunkRows: [Int] = []
  private(set) var shownComments: Set<Int> = []
  /// Comments by the last line they are about.
  private var commentsOfOldLine: [Int: [Int]] = [:]
  private var commentsOfNewLine: [Int: [Int]] = [:]
  /// The first old line that is in no row or fold yet.
  private var oldEnd = 0
  private var newEnd = 0

  init(diff: FileDiff, options: LayoutOptions, comments: [PlacedComment]) {
    self.diff = diff
    self.options = options
    self.comments = comments
    for (index, comment) in comments.enumerated() {
      guard case .lines(let side, let range) = comment.place else { continue }
      switch side {
      case .old: commentsOfOldLine[range.upperBound - 1, default: []].append(index)
      case .new: commentsOfNewLine[range.upperBound - 1, default: []].append(index)
      }
    }
  }

  mutating func append(_ hunk: Hunk, at index: Int) {
    hunkRows.append(rows.count)
    let fold = oldEnd..<hunk.oldRange.lowerBound
    let isOpen = options.openFolds.contains(fold.lowerBound) && !fold.isEmpty
    rows.append(.hunkHeader(hunk: index, skipped: isOpen ? 0 : fold.count))
    if isOpen {
      appendContext(upTo: hunk.oldRange.lowerBound)
    } else {
      oldEnd = hunk.oldRange.lowerBound
      newEnd = hunk.newRange.lowerBound
    }
    for groupIndex in hunk.groups {
      let group = diff.groups[groupIndex]
      appendContext(upTo: group.oldRange.lowerBound)
      append(group, at: groupIndex)
      oldEnd = group.oldRange.upperBound
      newEnd = group.newRange.upperBound
    }
    appendContext(upTo: hunk.oldRange.upperBound)
  }

  /// The unchanged lines after the last hunk: a fold, or its lines when it is open.
  mutating func appendRest() {
    guard !hunkRows.isEmpty, oldEnd < diff.old.lineCount else { return }
    if options.openFolds.contains(oldEnd) {
      appendContext(upTo: diff.old.lineCount)
    } else {
      rows.append(.rest(diff.old.lineCount - oldEnd))
    }
  }

  private mutating func appendContext(upTo end: Int) {
    while oldEnd < end {
      rows.append(.context(old: oldEnd, new: newEnd))
      appendComments(old: oldEnd, new: newEnd)
      oldEnd += 1
      newEnd += 1
    }
  }

  private mutating func append(_ group: ChangeGroup, at index: Int) {
    var changed = group.firstChangedLine
    var added: [(new: Int, changed: Range<Int>)] = []
    for row in group.rows {
      let lines = changed..<changed + row.lineCount
      changed = lines.upperBound
      switch options.mode {
      case .sideBySide:
        rows.append(.change(old: row.removed, new: row.added, group: index, changed: lines))
        appendComments(old: row.removed, new: row.added)
      case .unified:
        if let old = row.removed {
          rows.append(
            .change(
              old: old, new: nil, group: index, changed: lines.lowerBound..<lines.lowerBound + 1))
          appendComments(old: old, new: nil)
        }
        if let new = row.added {
          added.append((new, lines.upperBound - 1..<lines.upperBound))
        }
      }
    }
    for (new, changed) in added {
      rows.append(.change(old: nil, new: new, group: index, changed: changed))
      appendComments(old: nil, new: new)
    }
  }

  private mutating func appendComments(old: Int?, new: Int?) {
    guard !comments.isEmpty else { return }
    let here =
      (old.flatMap { commentsOfOldLine[$0] } ?? []) + (new.flatMap { commentsOfNewLine[$0] } ?? [])
    for index in here where shownComments.insert(index).inserted { rows.append(.comment(index)) }
  }
}
