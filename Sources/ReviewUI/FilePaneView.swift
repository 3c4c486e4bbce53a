// The list of changed files beside the diff.

import Approval
import CellGrid
import Diffing
import Review
import Scanner

struct FilePaneView {
  let review: ReviewState
  let size: GridSize

  func paint(_ painter: inout Painter) {
    let width = painter.size.columns - 1
    painter.fill(
      rows: 0..<painter.size.rows, columns: width..<width + 1, style: Style(.faint), with: "│")
    painter.region(rows: 0..<painter.size.rows, columns: 0..<width) { pane in
      var rows = 0..<pane.size.rows
      let unplaced = review.unplaced.count
      pane.line(
        RichLine(
          [.own(" Files", Style(.title, on: .panel, .bold))], rest: Style(.plain, on: .panel)
        )
        .and(
          "  \(review.fileIndex + 1) of \(review.files.count)", Style(.faint, on: .panel)
        )
        .and(filterWords, Style(.warning, on: .panel)), row: 0)
      rows = 1..<rows.upperBound
      if unplaced > 0 {
        rows = 1..<max(1, rows.upperBound - 1)
        pane.line(
          .own(" ⚠ \(unplaced) edit\(unplaced == 1 ? "" : "s") not placed: U", Style(.warning)),
          row: pane.size.rows - 1)
      }
      let top = review.filePaneTop(for: size)
      for row in rows {
        guard let index = review.paneFile(top + row - 1) else { break }
        paintFile(index, row: row, &pane)
      }
    }
  }

  /// What narrows the list.
  private var filterWords: String {
    let filter = review.paneFilter
    guard filter.isActive else { return "" }
    let kind = filter.kind == .all ? "" : " \(filter.kind.rawValue)"
    return "  \(review.paneCount)\(kind)" + (filter.letters.isEmpty ? "" : " ~\(filter.letters)")
  }

  private func paintFile(_ index: Int, row: Int, _ pane: inout Painter) {
    let isCurrent = index == review.fileIndex
    let ground: Ground = isCurrent ? .cursor : .plain
    let file = review.proposal.files[index]
    let (sign, signStyle): (String, Style) =
      switch review.files[index] {
      case .pending, .begun: ("…", Style(.faint))
      case .failed: ("!", Style(.alert))
      case .loaded, .counted: review.tallies[index]?.sign ?? ("·", Style(.faint))
      }
    let flagged = review.files[index].findings.contains {
      $0.needsAcknowledgement && !review.acknowledged.contains($0)
    }
    let count = review.tallies[index].map { "\($0.total)" } ?? ""
    let countWidth = count.utf8.count + (flagged ? 2 : 0) + 1
    pane.line(
      RichLine([.own(" \(sign) ", signStyle)], rest: Style()).on(ground), row: row)
    let kind: Style =
      file.old == nil ? Style(.added) : file.new == nil ? Style(.removed) : Style(.plain)
    let available = max(0, pane.size.columns - 3 - countWidth - 1)
    let name = shortened(file.path.bytes, to: available)
    pane.safe(
      SafeText(name), row: row, column: 3, style: isCurrent ? kind.on(ground).adding(.bold) : kind,
      maxWidth: available, overflow: .ellipsis)
    if flagged {
      pane.text(
        "!", row: row, column: pane.size.columns - countWidth,
        style: Style(.alert, on: ground, .bold))
    }
    pane.text(
      count, row: row, column: pane.size.columns - count.utf8.count - 1,
      style: Style(.faint, on: ground))
  }

  /// The path without leading components that do not fit, `…/` in their place.
  ///
  /// A name that does not fit by itself keeps both ends: files of one directory often share one of them.
  private func shortened(_ path: [UInt8], to width: Int) -> [UInt8] {
    guard path.count > width else { return path }
    var rest = path[...]
    while rest.count + 2 > width, let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      rest = rest[(slash + 1)...]
    }
    guard rest.count + 2 > width, width > 4 else {
      return rest.count == path.count ? path : Array("…/".utf8) + rest
    }
    guard rest.count + 1 > width else { return Array("…".utf8) + rest }
    var head = rest.prefix((width - 1) / 2)
    while !head.isEmpty, rest[head.endIndex].isContinuation { head.removeLast() }
    var tail = rest.suffix(width - 1 - (width - 1) / 2)
    while tail.first?.isContinuation == true { tail.removeFirst() }
    return head + Array("…".utf8) + tail
  }
}

extension UInt8 {
  /// Whether the byte goes on with a letter of several bytes.
  fileprivate var isContinuation: Bool { self & 0xC0 == 0x80 }
}
