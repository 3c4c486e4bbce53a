// The rows of the diff, side by side or unified.

import Approval
import CellGrid
import Diffing
import Review
import Scanner
import Syntax

struct DiffView {
  let review: ReviewState
  let metrics: RowMetrics
  let geometry: ReviewGeometry
  let decisions: FileDecisions
  private let flaggedLines: [Int: FindingSeverityMark]
  let hunkRows: Range<Int>

  enum FindingSeverityMark { case warn, block }

  init(review: ReviewState, metrics: RowMetrics, geometry: ReviewGeometry) {
    self.review = review
    self.metrics = metrics
    self.geometry = geometry
    decisions = review.ledger.decisions(forFile: review.fileIndex)
    var flagged: [Int: FindingSeverityMark] = [:]
    for finding in review.currentFile.findings where finding.needsAcknowledgement {
      guard let line = finding.line else { continue }
      if finding.severity == .block || flagged[line] == nil {
        flagged[line] = finding.severity == .block ? .block : .warn
      }
    }
    flaggedLines = flagged
    hunkRows = review.currentHunk.map { metrics.layout.rows(ofHunk: $0) } ?? 0..<0
  }

  func paint(_ painter: inout Painter) {
    metrics.forEachVisibleRow(from: review.top, height: painter.size.rows) {
      offset, row, wrapped, _ in
      paint(row, at: offset, wrapped: wrapped, &painter)
    }
  }

  private func paint(_ row: Int, at offset: Int, wrapped: Range<Int>, _ painter: inout Painter) {
    switch metrics.layout.rows[row] {
    case .hunkHeader(let hunk, let skipped):
      paintHeader(hunk, skipped: skipped, row: row, at: offset, &painter)
    case .rest(let count):
      paintFold("\(count) unchanged line\(count == 1 ? "" : "s")", row: row, at: offset, &painter)
    case .mode: paintMode(row: row, at: offset, &painter)
    case .comment(let index): paintComment(index, row: row, at: offset, wrapped, &painter)
    case .whole:
      WholeFileView(review: review, targets: metrics.targets)
        .paint(wrapped, at: offset, decision: decisions.whole, &painter)
    case .context(let old, let new):
      paintLine(
        LineRow(row: row, old: old, new: new, changed: nil), at: offset, wrapped: wrapped, &painter)
    case .change(let old, let new, _, let changed):
      paintLine(
        LineRow(row: row, old: old, new: new, changed: changed), at: offset, wrapped: wrapped,
        &painter)
    }
  }

  // MARK: Comments

  private func paintComment(
    _ index: Int, row: Int, at offset: Int, _ wrapped: Range<Int>, _ painter: inout Painter
  ) {
    let placed = metrics.layout.comments[index]
    let ground: Ground = row == review.cursor ? .cursor : .panel
    let lines = WrappedText.lines(placed.comment.text, width: metrics.commentWidth)
    for line in wrapped where lines.indices.contains(line) {
      let bar: String = row == review.cursor ? "▌" : hunkRows.contains(row) ? "▎" : " "
      var text = RichLine(
        [.own(bar, Style(.accent, on: ground)), .own("  ┆ ", Style(.warning, on: ground))],
        rest: Style(on: ground))
      if line == 0 {
        switch placed.place {
        case .file: text = text.and("file: ", Style(.faint, on: ground))
        case .lines: text = text.and("you: ", Style(.faint, on: ground))
        case .stale:
          text = text.and("stale, round \(placed.comment.round): ", Style(.faint, on: ground))
        }
      } else {
        text = text.and("     ", Style(on: ground))
      }
      painter.line(
        text.and(untrusted: lines[line], Style(.strong, on: ground)),
        row: offset + line - wrapped.lowerBound)
    }
  }

  // MARK: Lines

  private struct LineRow {
    let row: Int
    let old: Int?
    let new: Int?
    let changed: Range<Int>?
  }

  private func paintLine(
    _ line: LineRow, at offset: Int, wrapped: Range<Int>, _ painter: inout Painter
  ) {
    let intraLine: IntraLineChange? =
      if let diff = metrics.diff, line.changed != nil, let old = line.old, let new = line.new {
        IntraLineChange.between(diff.old.lineContent(old), diff.new.lineContent(new))
      } else { nil }
    let pair = geometry.mode == .unified ? unifiedIntraLine(line) : intraLine
    let left = SideRow(
      line: line, side: .old, ink: line.changed == nil ? .plain : .removed,
      spans: pair?.removedSpans ?? [], changesBlanksOnly: pair?.changesBlanks ?? false)
    let right = SideRow(
      line: line, side: .new, ink: line.changed == nil ? .plain : .added,
      spans: pair?.addedSpans ?? [], changesBlanksOnly: pair?.changesBlanks ?? false)
    switch geometry.mode {
    case .sideBySide:
      painter.region(
        rows: offset..<offset + wrapped.count, columns: 0..<geometry.leftWidth
      ) { paintSide(left, wrapped, showsCursor: true, &$0) }
      painter.fill(
        rows: offset..<offset + wrapped.count,
        columns: geometry.leftWidth..<geometry.leftWidth + 1, style: Style(.faint), with: "│")
      painter.region(
        rows: offset..<offset + wrapped.count,
        columns: geometry.leftWidth + 1..<painter.size.columns
      ) { paintSide(right, wrapped, showsCursor: false, &$0) }
    case .unified:
      let isRemoved = line.changed != nil && line.new == nil
      painter.region(
        rows: offset..<offset + wrapped.count, columns: 0..<painter.size.columns
      ) { paintSide(isRemoved ? left : right, wrapped, showsCursor: true, &$0) }
    }
  }

  /// In unified mode the two lines of a pair stand in different rows: finds the partner.
  private func unifiedIntraLine(_ line: LineRow) -> IntraLineChange? {
    guard let diff = metrics.diff, let changed = line.changed else { return nil }
    let group = diff.groups[diff.groupIndex(ofChangedLine: changed.lowerBound)]
    guard
      let pair = group.rows.first(where: {
        line.old != nil ? $0.removed == line.old : $0.added == line.new
      }), let old = pair.removed, let new = pair.added
    else { return nil }
    return IntraLineChange.between(diff.old.lineContent(old), diff.new.lineContent(new))
  }

  private enum Side { case old, new }

  private struct SideRow {
    let line: LineRow
    let side: Side
    let ink: Ink
    let spans: [Range<Int>]
    /// Whether the pair of lines differs in blanks only: then they all have a sign.
    let changesBlanksOnly: Bool

    var number: Int? { side == .old ? line.old : line.new }
  }

  private func verdict(_ side: SideRow) -> Verdict? {
    guard side.line.changed != nil, !review.isComparison, let number = side.number else {
      return nil
    }
    return decisions.verdict(
      of: ChangedLine(side: side.side == .old ? .removed : .added, line: number))
  }

  private func paintSide(
    _ side: SideRow, _ wrapped: Range<Int>, showsCursor: Bool, _ painter: inout Painter
  ) {
    let row = side.line.row
    let isSelected = review.selectedRows?.contains(row) ?? false
    let isCursor = row == review.cursor
    guard let number = side.number else {
      painter.fill(style: Style(.faint, on: side.line.changed == nil ? .plain : .filler))
      if showsCursor { paintBar(row: row, isCursor, isSelected, wrapped.count, &painter) }
      return
    }
    let isChanged = side.line.changed != nil
    let base: Ground = isChanged ? (side.side == .old ? .removed : .added) : .plain
    let span: Ground = side.side == .old ? .removedSpan : .addedSpan
    let verdict = verdict(side)
    painter.fill(style: Style(.plain, on: base))
    paintGutter(side, number: number, verdict: verdict, wrapped: wrapped, ground: base, &painter)
    if showsCursor { paintBar(row: row, isCursor, isSelected, wrapped.count, &painter) }
    let file = side.side == .old ? metrics.diff?.old : metrics.diff?.new
    guard let file else { return }
    var options = metrics.options
    if side.changesBlanksOnly { options.blankMarks = .all }
    let text = SafeText(file.lineContent(number), options: options)
    let tokens = verdict == .rejected ? [] : tokens(side)
    let ink: Ink = verdict == .rejected ? .faint : .plain
    let matches = review.search?.pattern.ranges(in: file.lineContent(number)) ?? []
    let styleAt: (Int) -> Style = { byte in
      if matches.contains(where: { $0.contains(byte) }) { return Style(.plain, on: .match) }
      let isSpan = side.spans.contains { $0.contains(byte) }
      return Style(Self.ink(at: byte, tokens) ?? ink, on: isSpan ? span : base)
    }
    let column = geometry.gutterWidth
    painter.region(
      rows: 0..<painter.size.rows, columns: column..<painter.size.columns
    ) { area in
      guard metrics.wraps else {
        let start = review.horizontalOffset
        area.safe(
          text, columns: start..<start + geometry.textWidth, row: 0, column: 0, overflow: .arrows,
          styleAt: styleAt)
        return
      }
      for (index, wrappedRow) in text.rows(width: geometry.textWidth).enumerated() {
        guard index < wrapped.upperBound else { break }
        guard index >= wrapped.lowerBound else { continue }
        area.safe(
          text, wrapped: wrappedRow, row: index - wrapped.lowerBound, column: 0, styleAt: styleAt)
      }
    }
    paintMissingNewline(file, number, text, wrapped, base, &painter)
  }

  private func tokens(_ side: SideRow) -> [Token] {
    guard let colour = review.colour, colour.file == review.fileIndex, let number = side.number
    else { return [] }
    return (side.side == .old ? colour.tokens.oldTokens : colour.tokens.newTokens)[number] ?? []
  }

  /// The ink of the token at `byte`, found by halving: lines can have thousands.
  private static func ink(at byte: Int, _ tokens: [Token]) -> Ink? {
    var low = 0
    var high = tokens.count
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].range.upperBound <= byte { low = middle + 1 } else { high = middle }
    }
    guard low < tokens.count, tokens[low].range.contains(byte) else { return nil }
    switch tokens[low].kind {
    case .comment: return .comment
    case .keyword: return .keyword
    case .type: return .type
    case .string: return .string
    case .number: return .number
    case .function: return .function
    case .constant: return .constant
    case .preprocessor: return .preprocessor
    }
  }

  /// A last line without a terminator says so, when there is room after it.
  private func paintMissingNewline(
    _ file: TextFile, _ number: Int, _ text: SafeText, _ wrapped: Range<Int>, _ ground: Ground,
    _ painter: inout Painter
  ) {
    guard number + 1 == file.lineCount, !file.endsWithNewline, wrapped.lowerBound == 0 else {
      return
    }
    let width = text.position(ofColumn: geometry.textWidth + 1).column
    guard width + 14 < geometry.textWidth else {
      painter.text(
        "¬", row: 0, column: geometry.gutterWidth - 1, style: Style(.warning, on: ground))
      return
    }
    painter.text(
      " ¬ no newline", row: 0, column: geometry.gutterWidth + width,
      style: Style(.warning, on: ground))
  }

  private func paintBar(
    row: Int, _ isCursor: Bool, _ isSelected: Bool, _ height: Int, _ painter: inout Painter
  ) {
    let sign: Unicode.Scalar =
      isCursor ? "▌" : isSelected ? "┃" : hunkRows.contains(row) ? "▎" : " "
    let style = isSelected || isCursor ? Style(.accent, .bold) : Style(.faint)
    painter.fill(rows: 0..<height, columns: 0..<1, style: style, with: sign)
  }

  private func paintGutter(
    _ side: SideRow, number: Int, verdict: Verdict?, wrapped: Range<Int>, ground: Ground,
    _ painter: inout Painter
  ) {
    let isSelected = review.selectedRows?.contains(side.line.row) ?? false
    let isCursor = side.line.row == review.cursor
    let gutter: Ground = isSelected ? .selection : isCursor ? .cursor : ground
    let numberWidth = geometry.numberWidth
    painter.fill(
      rows: 0..<wrapped.count, columns: 0..<geometry.gutterWidth - 2,
      style: Style(.faint, on: gutter))
    painter.fill(
      rows: 0..<wrapped.count, columns: geometry.gutterWidth - 2..<geometry.gutterWidth,
      style: Style(.plain, on: ground))
    guard wrapped.lowerBound == 0 else { return }
    if let verdict {
      let (sign, style) = verdict.sign
      painter.text(sign, row: 0, column: 1, style: style.on(gutter))
    }
    // One number of the row is enough to find it by; a second would be sent with every line key.
    let stands = isCursor && (side.side == .old || geometry.mode == .unified)
    let numbers = Style(stands ? .plain : .faint, on: gutter)
    switch geometry.mode {
    case .sideBySide:
      painter.text(
        padded(number, numberWidth), row: 0, column: 2, style: numbers)
    case .unified:
      let changed = side.line.changed != nil
      if !changed || side.side == .old, let old = side.line.old {
        painter.text(padded(old, numberWidth), row: 0, column: 2, style: numbers)
      }
      if !changed || side.side == .new, let new = side.line.new {
        painter.text(padded(new, numberWidth), row: 0, column: 3 + numberWidth, style: numbers)
      }
    }
    guard side.line.changed != nil else { return }
    let column = geometry.gutterWidth - 2
    painter.text(
      side.side == .old ? "-" : "+", row: 0, column: column,
      style: Style(side.ink, on: ground, .bold))
    if side.changesBlanksOnly {
      painter.text("≈", row: 0, column: column + 1, style: Style(.faint, on: ground))
    }
    if side.side == .new, let flag = flaggedLines[number] {
      painter.text(
        "!", row: 0, column: column + 1,
        style: Style(flag == .block ? .alert : .warning, on: ground, .bold))
    }
  }

  private func padded(_ line: Int, _ width: Int) -> String {
    let digits = "\(line + 1)"
    return String(repeating: " ", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension IntraLineChange {
  /// Whether blanks differ, and nothing else does.
  fileprivate var changesBlanks: Bool {
    isWhitespaceOnly && !(removedSpans.isEmpty && addedSpans.isEmpty)
  }
}

extension Verdict {
  var sign: (String, Style) {
    switch self {
    case .undecided: ("○", Style(.undecided))
    case .approved: ("✓", Style(.approved))
    case .rejected: ("✗", Style(.rejected))
    }
  }
}
