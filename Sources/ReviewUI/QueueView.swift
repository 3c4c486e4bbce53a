// The queue screen: whose turn it is, over all repositories of the user.

import CellGrid
import Review

struct QueueView {
  let state: AppState

  private var queue: QueueState { state.queue }

  func paint(_ painter: inout Painter) {
    let waiting = queue.list.count { $0.isWaiting && !$0.isPaused && !$0.isOrphan }
    let sent = queue.list.count { !$0.isWaiting && !$0.isOrphan }
    Chrome(state: state).paint(
      title: .own("Queue", Style(.plain)),
      right: [.own("\(sent) at work, \(waiting) waiting ", Style(.plain, on: .header))],
      context: .queue, note: note, &painter)
    let body = Chrome(state: state).body
    guard !queue.list.isEmpty else {
      painter.lines(
        [
          .empty, .title("Nothing is asked of a model."), .empty,
          .own(
            "What you ask for, in this repository or another, waits here for its turn.",
            Style(.faint)),
        ], rows: body, from: 2)
      return
    }
    painter.line(headings, row: body.lowerBound)
    let rows = body.lowerBound + 1..<body.upperBound
    let top = listTop(selected: queue.selected, count: queue.list.count, height: rows.count)
    for row in rows {
      let index = top + row - rows.lowerBound
      guard queue.list.indices.contains(index) else { break }
      painter.line(line(queue.list[index], isSelected: index == queue.selected), row: row)
    }
  }

  private var stateWidth: Int {
    min(34, max(state.size.columns >= 72 ? 26 : 20, state.size.columns * 3 / 10))
  }
  private var leftWidth: Int { state.size.columns >= 72 ? 14 : 0 }

  private var headings: RichLine {
    let left = leftWidth > 0 ? "done in".padded(to: leftWidth) : ""
    return RichLine(
      [.own("    \("state".padded(to: stateWidth)) \(left)request", Style(.faint, on: .panel))],
      rest: Style(.faint, on: .panel))
  }

  private func line(_ request: QueuedRequest, isSelected: Bool) -> RichLine {
    let (words, style) = standing(request)
    let left = request.secondsLeft.map(DurationWords.about) ?? ""
    var line = RichLine([
      .own(isSelected ? "▌ " : "  ", Style(.accent, .bold)),
      .own(sign(request.priority), Style(.warning, .bold)),
      .own(words.padded(to: stateWidth), style), .own(" ", Style()),
    ])
    if leftWidth > 0 { line.pieces.append(.own(left.padded(to: leftWidth), Style(.plain))) }
    if !request.isHere {
      line = line.and(untrusted: place(request.checkout), Style(.accent)).and("  ")
    }
    line = line.and(untrusted: request.title, isSelected ? Style(.strong, .bold) : Style())
    line = line.and("  ").and(untrusted: request.model, Style(.faint))
    return isSelected ? line.on(.cursor) : line
  }

  private func sign(_ priority: QueuePriority) -> String {
    switch priority {
    case .high: "↑ "
    case .normal: "  "
    case .low: "↓ "
    }
  }

  private func standing(_ request: QueuedRequest) -> (String, Style) {
    if request.isOrphan {
      return (request.isWaiting ? "waits for its window" : "cut off", Style(.faint))
    }
    if request.isPaused { return (request.progress.words, Style(.warning)) }
    return (request.progress.words, request.isWaiting ? Style(.plain) : Style(.accent))
  }

  private func place(_ checkout: String) -> String {
    "in \(checkout.split(separator: "/").last.map(String.init) ?? checkout)"
  }

  /// What there is to know of the request under the cursor.
  private var note: RichLine? {
    guard let current = queue.current else { return nil }
    if current.isOrphan {
      return .own(" Its Countersign has ended: ", Style(.faint))
        .and("it goes on when that repository is opened, ", Style(.faint))
        .and(untrusted: current.checkout, Style(.faint))
    }
    let left =
      current.secondsLeft.map { "; forecast from earlier answers: \(DurationWords.about($0))" }
      ?? ""
    return RichLine([.own(" ", Style())])
      .and(untrusted: current.endpoint, Style(.faint)).and(" · ", Style(.faint))
      .and(untrusted: current.checkout, Style(.faint)).and(left, Style(.faint))
  }
}
