// A file that is decided on as a whole: binary, link, submodule, empty or too large.

import Approval
import CellGrid
import Review

struct WholeFileView {
  let review: ReviewState
  let targets: LinkTargets

  /// Paints those of its rows that are in the window.
  func paint(
    _ rows: Range<Int>, at offset: Int, decision: Verdict, _ painter: inout Painter
  ) {
    guard let change = review.currentChange,
      case .whole(let reason, let old, let new) = change.content
    else { return }
    let (sign, style) = decision.sign
    var lines: [RichLine] = [
      .empty,
      RichLine([.own("▌", Style(.accent, .bold)), .own("\(sign) ", style)])
        .and("This file is decided on as a whole: ", Style(.strong))
        .and(words(reason), Style(.strong)),
      .empty,
    ]
    lines.append(side("old", change.file.old, old, reason))
    lines += targets.old.map { target($0) }
    lines.append(side("new", change.file.new, new, reason))
    lines += targets.new.map { target($0) }
    for row in rows where lines.indices.contains(row) {
      painter.line(lines[row], row: offset + row - rows.lowerBound)
    }
  }

  private func side(
    _ name: String, _ state: FileState?, _ bytes: [UInt8], _ reason: WholeReason
  ) -> RichLine {
    let start = RichLine.own("    \(name)  ", Style(.faint))
    guard let state else { return start.and("absent", Style(.faint)) }
    let blob = state.mode == .submodule ? "" : "blob \(state.blob.short)  "
    let line = start.and(
      "mode \(String(state.mode.rawValue, radix: 8))  \(blob)", Style(.plain))
    switch state.mode {
    case .symlink: return line.and("points to", Style(.faint))
    case .submodule: return line.and("commit \(state.blob.hex)", Style(.warning))
    case .regular, .executable: return line.and("\(bytes.count) bytes", Style(.plain))
    }
  }

  private func target(_ row: SafeText) -> RichLine {
    RichLine([.own("        ", Style()), .safe(row, Style(.warning))])
  }

  private func words(_ reason: WholeReason) -> String {
    switch reason {
    case .binary: "it holds NUL bytes."
    case .large: "it is larger than the limit for line-by-line review."
    case .symlink: "it is a symbolic link."
    case .submodule: "it is a submodule."
    case .typeChange: "a file becomes a link or submodule, or the other way round."
    case .empty: "it is empty."
    }
  }
}
