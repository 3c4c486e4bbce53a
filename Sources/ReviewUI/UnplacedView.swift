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
      note: review.again.map {
        .own(
          " Asking again\($0.isByItself ? " by itself" : ""): \($0.progress.words)", Style(.accent))
      }
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
    guard let item = state.selectedUnplaced else {
      painter.line(
        .own("  No edit of this answer is left without a place.", Style(.faint)),
        row: body.lowerBound + 1)
      return
    }
    var row = body.lowerBound + listHeight
    for line in wrappedSentences(
      item.reason, width: painter.size.columns - 4, style: Style(.warning))
    {
      painter.line(line, row: row, from: 2)
      row += 1
    }
    if let reasons = state.repairReasons[item], let last = reasons.last {
      let count =
        reasons.count == 1 ? "once" : reasons.count == 2 ? "twice" : "\(reasons.count) times"
      for line in wrappedSentences(
        "Asked again by itself, \(count): \(last)", width: painter.size.columns - 4,
        style: Style(.faint))
      {
        painter.line(line, row: row, from: 2)
        row += 1
      }
    }
    paintColumns(item, rows: min(row, body.upperBound)..<body.upperBound, &painter)
  }

  /// A line of a column.
  private struct Line {
    var number: Int?
    var text: ArraySlice<UInt8> = []
    var ground = Ground.plain
    var ink = Ink.plain
  }

  /// What was wanted, and what was to stand there, beside the lines of the place; below them the whole block as it was written.
  private func paintColumns(_ item: UnplacedItem, rows: Range<Int>, _ painter: inout Painter) {
    guard rows.count > 1 else { return }
    let all = 0..<painter.size.columns
    let block = lines(of: item.text)
    guard !item.wanted.isEmpty else {
      paint(block, Self.title("The block as it was written"), rows, all, &painter)
      return
    }
    let place = state.placeShown
    let above = lines(of: place?.above ?? [], from: place.map { $0.line }, isAbove: true, .faint)
    let here = lines(of: place?.text ?? [], from: place?.line, on: .cursor)
    let below = lines(
      of: place?.below ?? [], from: place.map { $0.line + here.count }, .faint)
    // The lines that are alike stand beside each other.
    let wanted =
      above.map { _ in Line() } + lines(of: item.wanted, on: .removed)
      + lines(of: item.replacement ?? [], on: .added)
    let nearby = above + here + below
    let needed = 1 + max(wanted.count, nearby.count)
    let upper = rows.lowerBound..<rows.lowerBound + min(needed, max(2, rows.count * 2 / 3))
    let middle = painter.size.columns / 2
    let left = item.replacement == nil ? "What was to be found" : "What was to become what"
    paint(wanted, Self.title(left), upper, 0..<middle, &painter)
    paint(nearby, title(of: place, item), upper, middle..<all.upperBound, &painter)
    paint(
      block, Self.title("The whole block, as it was written"),
      upper.upperBound..<rows.upperBound, all, &painter)
  }

  private func title(of place: NearPlace?, _ item: UnplacedItem) -> RichLine {
    guard let place else { return Self.title("No lines are near") }
    let count = item.places.count
    let words =
      count > 1
      ? "Place \(state.unplacedPlace + 1) of \(count), from line \(place.line + 1)"
      : "The nearest lines, from \(place.line + 1)"
    let line = Self.title(words)
    return place.scope.isEmpty
      ? line
      : RichLine(
        line.pieces + [
          .own("  ", Style(on: .panel)), .safe(SafeText(place.scope), Style(.comment, on: .panel)),
        ], rest: line.rest)
  }

  private static func title(_ words: String) -> RichLine {
    RichLine([.own(" \(words)", Style(.title, on: .panel, .bold))], rest: Style(on: .panel))
  }

  private func paint(
    _ lines: [Line], _ title: RichLine, _ rows: Range<Int>, _ columns: Range<Int>,
    _ painter: inout Painter
  ) {
    painter.region(rows: rows, columns: columns) { area in
      guard area.size.rows > 1 else { return }
      area.line(title, row: 0)
      for row in 1..<area.size.rows {
        let index = state.unplacedTop + row - 1
        guard index < lines.count else { break }
        let line = lines[index]
        area.text(
          (line.number.map { "\($0 + 1)" } ?? "").leftPadded(to: 5), row: row, column: 0,
          style: Style(.faint))
        area.fill(
          rows: row..<row + 1, columns: 6..<area.size.columns - 1, style: Style(on: line.ground))
        let sign = line.ground == .removed ? "-" : line.ground == .added ? "+" : " "
        area.text(sign, row: row, column: 6, style: Style(.strong, on: line.ground, .bold))
        area.safe(
          SafeText(line.text), row: row, column: 8, style: Style(line.ink, on: line.ground),
          maxWidth: area.size.columns - 9, overflow: .arrows)
      }
    }
  }

  private func lines(
    of text: [UInt8], from first: Int? = nil, isAbove: Bool = false, on ground: Ground = .plain,
    _ ink: Ink = .plain
  ) -> [Line] {
    let file = TextFile(text)
    let start = first.map { isAbove ? $0 - file.lineCount : $0 }
    return (0..<file.lineCount).map { line in
      Line(
        number: start.map { $0 + line }, text: file.lineContent(line), ground: ground, ink: ink)
    }
  }
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - unicodeScalars.count)) + self
  }
}
