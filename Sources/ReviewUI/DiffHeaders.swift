// The rows of the diff that are no lines: headers of hunks, folds, modes.

import Approval
import CellGrid
import Diffing
import Review

extension DiffView {
  func paintHeader(
    _ hunk: Int, skipped: Int, row: Int, at offset: Int, _ painter: inout Painter
  ) {
    let standing = review.isComparison ? nil : review.standing(ofHunk: hunk)
    let (sign, style) = standing?.sign ?? (" ", Style())
    let ground: Ground = row == review.cursor ? .cursor : .plain
    var words = "─ hunk \(hunk + 1) "
    words += skipped > 0 ? "── \(skipped) unchanged line\(skipped == 1 ? "" : "s") above " : ""
    var line = RichLine(
      [
        .own(
          row == review.cursor ? "▌" : hunkRows.contains(row) ? "▎" : " ",
          Style(.accent, on: ground)),
        .own("\(sign)", style.on(ground)), .own(" ", Style(.faint, on: ground)),
      ], rest: Style(.faint, on: ground))
    var used = 3 + words.unicodeScalars.count
    if let heading = heading(ofHunk: hunk) {
      words += "── "
      used += 4 + min(heading.width, max(0, painter.size.columns - used))
      line = line.and(words, Style(.faint, on: ground))
      line.pieces.append(.safe(heading, Style(.comment, on: ground)))
      words = " "
    }
    let rule = String(repeating: "─", count: max(0, painter.size.columns - used))
    painter.line(line.and(words + rule, Style(.faint, on: ground)), row: offset)
  }

  /// What the hunk's first change is in: the line above the hunk that it belongs to.
  private func heading(ofHunk hunk: Int) -> SafeText? {
    guard let diff = review.currentChange?.diff, let layout = review.layout else { return nil }
    let shown = layout.hunks[hunk]
    guard let group = shown.groups.first.map({ diff.groups[$0] }) else { return nil }
    // A deleted file has no new side.
    let (file, change, start) =
      diff.new.lineCount > 0
      ? (diff.new, group.newRange.lowerBound, shown.newRange.lowerBound)
      : (diff.old, group.oldRange.lowerBound, shown.oldRange.lowerBound)
    var above = file.enclosingLine(of: change)
    // What stands in the hunk need not be said again.
    while let line = above, line >= start { above = file.enclosingLine(of: line) }
    guard let line = above else { return nil }
    let content = file.lineContent(line).drop { $0 == 0x20 || $0 == 0x09 }.prefix(200)
    return SafeText(content.last == 0x0D ? content.dropLast() : content)
  }

  func paintFold(_ words: String, row: Int, at offset: Int, _ painter: inout Painter) {
    let ground: Ground = row == review.cursor ? .cursor : .plain
    let rule = String(repeating: "─", count: max(0, painter.size.columns - words.utf8.count - 5))
    painter.line(
      RichLine(
        [
          .own(row == review.cursor ? "▌" : " ", Style(.accent, on: ground)),
          .own(" ─ \(words) \(rule)", Style(.faint, on: ground)),
        ], rest: Style(on: ground)),
      row: offset)
  }

  func paintMode(row: Int, at offset: Int, _ painter: inout Painter) {
    guard review.proposal.files.indices.contains(review.fileIndex) else { return }
    let file = review.proposal.files[review.fileIndex]
    let ground: Ground = row == review.cursor ? .cursor : .plain
    let (sign, style) = decisions.mode.sign
    let octal: (FileState?) -> String = { String($0?.mode.rawValue ?? 0, radix: 8) }
    painter.line(
      RichLine(
        [
          .own(row == review.cursor ? "▌" : " ", Style(.accent, on: ground)),
          .own("\(sign) ", style.on(ground)),
          .own("mode \(octal(file.old)) → \(octal(file.new))", Style(.warning, on: ground)),
        ], rest: Style(on: ground)), row: offset)
  }
}
