// The edits that could not be placed: reason, what was wanted, the nearest lines.

import CellGrid
import Diffing
import Review

struct UnplacedView {
  let state: AppState

  func paint(_ painter: inout Painter) {
    guard let review = state.review else { return }
    let count = review.unplaced.count
    Chrome(state: state).paint(
      title: .own("Unplaced edits"),
      right: [.own("\(min(state.unplacedIndex + 1, count)) of \(count) ", Style(.warning))],
      context: .unplaced,
      note: review.again.map { .own(" Asking again: \($0.progress.words)", Style(.accent)) }
        ?? .own(" Nothing here is part of what can be approved.", Style(.faint)), &painter)
    let body = Chrome(state: state).body
    let listHeight = min(count, max(2, body.count / 4))
    let top = listTop(selected: state.unplacedIndex, count: count, height: listHeight)
    for row in 0..<listHeight {
      let index = top + row
      let item = review.unplaced[index]
      let isSelected = index == state.unplacedIndex
      let line = RichLine([.own(isSelected ? "▌ " : "  ", Style(.accent, .bold))])
        .and(path: item.path, isSelected ? Style(.strong, .bold) : Style())
        .and("  ").and(untrusted: item.reason, Style(.faint))
      painter.line(isSelected ? line.on(.cursor) : line, row: body.lowerBound + row)
    }
    guard let item = state.selectedUnplaced else { return }
    var row = body.lowerBound + listHeight
    for line in wrappedSentences(
      item.reason, width: painter.size.columns - 4, style: Style(.warning))
    {
      painter.line(line, row: row, from: 2)
      row += 1
    }
    paintColumns(item, rows: min(row, body.upperBound)..<body.upperBound, &painter)
  }

  /// What was wanted beside the nearest lines, and below them the whole block, so that it can be done by hand.
  private func paintColumns(_ item: UnplacedItem, rows: Range<Int>, _ painter: inout Painter) {
    guard rows.count > 1 else { return }
    let all = 0..<painter.size.columns
    let block = TextFile(item.text)
    guard !item.wanted.isEmpty else {
      paintText(
        "The block as it was written", block, firstLine: nil, .plain, rows: rows, columns: all,
        &painter)
      return
    }
    let wanted = TextFile(item.wanted)
    let place = state.placeShown
    let candidate = TextFile(place?.text ?? [])
    let needed = 1 + max(wanted.lineCount, candidate.lineCount)
    let upper = rows.lowerBound..<rows.lowerBound + min(needed, rows.count / 2)
    let middle = painter.size.columns / 2
    paintText(
      "What was to be found", wanted, firstLine: nil, .removed, rows: upper,
      columns: 0..<middle, &painter)
    paintText(
      place.map { title(of: $0, item) } ?? "No lines are near", candidate,
      firstLine: place?.line, .plain, rows: upper, columns: middle..<all.upperBound, &painter
    )
    paintText(
      "The whole block, as it was written", block, firstLine: nil, .plain,
      rows: upper.upperBound..<rows.upperBound, columns: all, &painter)
  }

  private func title(of place: NearPlace, _ item: UnplacedItem) -> String {
    let count = item.places.count
    return count > 1
      ? "Place \(state.unplacedPlace + 1) of \(count), from line \(place.line + 1)"
      : "The nearest lines, from \(place.line + 1)"
  }

  private func paintText(
    _ title: String, _ text: TextFile, firstLine: Int?, _ ground: Ground, rows: Range<Int>,
    columns: Range<Int>, _ painter: inout Painter
  ) {
    painter.region(rows: rows, columns: columns) { area in
      guard area.size.rows > 1 else { return }
      area.line(
        RichLine([.own(" \(title)", Style(.title, on: .panel, .bold))], rest: Style(on: .panel)),
        row: 0)
      for row in 1..<area.size.rows {
        let line = state.unplacedTop + row - 1
        guard line < text.lineCount else { break }
        let number = firstLine.map { "\($0 + line + 1)" } ?? ""
        area.text(
          number.leftPadded(to: 5), row: row, column: 0, style: Style(.faint))
        area.fill(
          rows: row..<row + 1, columns: 6..<area.size.columns - 1, style: Style(on: ground))
        area.safe(
          SafeText(text.lineContent(line)), row: row, column: 6, style: Style(on: ground),
          maxWidth: area.size.columns - 7, overflow: .arrows)
      }
    }
  }
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - unicodeScalars.count)) + self
  }
}
