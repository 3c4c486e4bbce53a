// The palette and the file finder: a list narrowed by what is typed.

import Approval
import CellGrid
import Review

struct PickerView {
  let picker: Picker
  let state: AppState

  func paint(_ painter: inout Painter) -> Cursor? {
    let width = min(painter.size.columns - 6, 100)
    let height = min(painter.size.rows - 5, 17)
    let left = (painter.size.columns - width) / 2
    var cursor: Cursor?
    paintFrame(rows: 1..<3 + height, columns: left - 1..<left + width + 1, &painter)
    painter.region(rows: 2..<2 + height, columns: left..<left + width) { area in
      area.fill(style: Style(on: .panel))
      let text = SafeText(picker.field.text, options: SafeText.Options(blankMarks: .none))
      let words = " find: "
      area.line(
        RichLine(
          [.own(words, Style(.plain, on: .input)), .safe(text, Style(.strong, on: .input))],
          rest: Style(on: .input)), row: 0)
      let count = "\(picker.matches.count) found "
      area.text(
        count, row: 0, column: width - count.utf8.count, style: Style(.faint, on: .input))
      let before = SafeText(
        String(picker.field.lines[0].prefix(picker.field.column)),
        options: SafeText.Options(blankMarks: .none)
      ).width
      cursor = area.cursor(row: 0, column: min(width - 1, words.utf8.count + before))
      let listHeight = area.size.rows - 1
      let top = listTop(
        selected: picker.selected, count: picker.matches.count, height: listHeight)
      for row in 0..<listHeight {
        let index = top + row
        guard picker.matches.indices.contains(index) else { break }
        let isSelected = index == picker.selected
        paintItem(picker.matches[index], isSelected, row: row + 1, &area)
      }
      if picker.matches.isEmpty {
        area.line(.own("  Nothing matches.", Style(.faint)).on(.panel), row: 1)
      }
    }
    return cursor
  }

  private func paintFrame(
    rows: Range<Int>, columns: Range<Int>, _ painter: inout Painter
  ) {
    painter.region(rows: rows, columns: columns) { area in
      let title = picker.kind == .command ? "─ Commands " : "─ Files "
      let rule = String(repeating: "─", count: columns.count - 2)
      let rest = rule.dropFirst(title.unicodeScalars.count)
      area.fill(style: Style(on: .panel))
      let style = Style(.accent, on: .panel)
      area.text("┌\(title)\(rest)┐", row: 0, column: 0, style: style)
      for row in 1..<rows.count - 1 {
        area.text("│", row: row, column: 0, style: style)
        area.text("│", row: row, column: columns.count - 1, style: style)
      }
      area.text("└\(rule)┘", row: rows.count - 1, column: 0, style: style)
    }
  }

  private func paintItem(_ item: Int, _ isSelected: Bool, row: Int, _ area: inout Painter) {
    let ground: Ground = isSelected ? .cursor : .panel
    let bar = RichLine(
      [.own(isSelected ? "▌ " : "  ", Style(.accent, on: ground, .bold))], rest: Style(on: ground))
    switch picker.kind {
    case .file:
      guard let review = state.review, review.proposal.files.indices.contains(item) else { return }
      let (sign, style) = review.tallies[item]?.sign ?? ("…", Style(.faint))
      area.line(
        bar.and("\(sign) ", style.on(ground)).and(
          path: review.proposal.files[item].path.bytes, Style(.plain, on: ground)), row: row)
    case .command:
      let command = state.paletteCommands[item]
      let keys = state.keymap.keys(for: command, in: state.context)?.description ?? ""
      let nameWidth = 20
      area.line(
        bar.and(command.rawValue.padded(to: nameWidth), Style(.strong, on: ground, .bold))
          .and(keys.padded(to: 11), Style(.key, on: ground))
          .and(command.summary, Style(.faint, on: ground)), row: row)
    }
  }
}
