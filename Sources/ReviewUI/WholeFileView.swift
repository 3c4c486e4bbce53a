// A file that is decided on as a whole: binary, link, submodule, empty or too large.

import Approval
import CellGrid
import Review

struct WholeFileView {
  let review: ReviewState

  func paint(_ painter: inout Painter, decision: Verdict) {
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
    lines += target(change.file.old, old, width: painter.size.columns - 8)
    lines.append(side("new", change.file.new, new, reason))
    lines += target(change.file.new, new, width: painter.size.columns - 8)
    painter.lines(lines, rows: 0..<painter.size.rows)
  }

  private func side(
    _ name: String, _ state: FileState?, _ bytes: [UInt8], _ reason: WholeReason
  ) -> RichLine {
    let start = RichLine.own("    \(name)  ", Style(.faint))
    guard let state else { return start.and("absent", Style(.faint)) }
    let line = start.and(
      "mode \(String(state.mode.rawValue, radix: 8))  blob \(state.blob.short)  ", Style(.plain))
    switch state.mode {
    case .symlink: return line.and("points to", Style(.faint))
    case .submodule: return line.and("commit \(state.blob.hex)", Style(.warning))
    case .regular, .executable: return line.and("\(bytes.count) bytes", Style(.plain))
    }
  }

  /// The target of a link, over as many rows as it takes.
  private func target(_ state: FileState?, _ bytes: [UInt8], width: Int) -> [RichLine] {
    guard state?.mode == .symlink else { return [] }
    let text = SafeText(bytes, options: SafeText.Options(blankMarks: .trailing))
    return text.rows(width: max(8, width)).map { row in
      RichLine([
        .own("        ", Style()), .safe(SafeText(Array(bytes[row.bytes])), Style(.warning)),
      ])
    }
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
