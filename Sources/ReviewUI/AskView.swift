// The ask screen: instruction, files, model, budget.

import Approval
import CellGrid
import Review

struct AskView {
  let state: AppState

  func paint(_ painter: inout Painter) -> Cursor? {
    let ask = state.ask
    let verdict = ask.endpoint.map { $0.verdict } ?? "no model"
    Chrome(state: state).paint(
      title: .own("Ask for a change"),
      right: [
        .safe(
          SafeText(verdict), Style(ask.endpoint?.isUsable == true ? .warning : .alert, .bold)),
        .own(" ", Style()),
      ], context: .ask, note: budget, &painter)
    let body = Chrome(state: state).body
    // On a low screen the model in use is all that is listed, so that files have room.
    let modelHeight = body.count < 14 ? 2 : min(2 + max(1, ask.endpoints.count), 5)
    let instructionHeight = max(3, min(10, (body.count - modelHeight) * 2 / 5))
    let instruction = body.lowerBound..<body.lowerBound + instructionHeight
    let model = body.upperBound - modelHeight..<body.upperBound
    let files = instruction.upperBound..<model.lowerBound
    let cursor = paintInstruction(instruction, &painter)
    let filterCursor = paintFiles(files, &painter)
    paintModel(model, &painter)
    return ask.field == .instruction ? cursor : ask.field == .files ? filterCursor : nil
  }

  private func heading(_ text: String, _ field: AskState.Field, _ extra: String = "") -> RichLine {
    let isActive = state.ask.field == field
    let ground = Style(.plain, on: .panel)
    return RichLine(
      [
        .own(isActive ? "▌" : " ", Style(.accent, on: .panel, .bold)),
        .own(text, Style(isActive ? .title : .plain, on: .panel, .bold)),
        .own(extra.isEmpty ? "" : "  \(extra)", Style(.faint, on: .panel)),
      ], rest: ground)
  }

  private func paintInstruction(_ rows: Range<Int>, _ painter: inout Painter) -> Cursor? {
    painter.line(heading("What should be changed?", .instruction), row: rows.lowerBound)
    let field = state.ask.instruction
    let width = max(1, painter.size.columns - 4)
    // Typed lines are wrapped for showing; the cursor's row is found on the way.
    var shown: [(text: SafeText, row: WrappedRow)] = []
    var cursor = (row: 0, column: 0)
    for (index, line) in field.lines.enumerated() {
      let text = SafeText(String(line), options: SafeText.Options(blankMarks: .none))
      if index == field.row {
        let before = SafeText(
          String(line.prefix(field.column)), options: SafeText.Options(blankMarks: .none)
        ).width
        let wrapped = Array(text.rows(width: width))
        let row = wrapped.lastIndex { $0.columns.lowerBound <= before } ?? 0
        let start = wrapped.indices.contains(row) ? wrapped[row].columns.lowerBound : 0
        cursor = (shown.count + row, before - start)
      }
      for row in text.rows(width: width) { shown.append((text, row)) }
    }
    let height = rows.count - 1
    let top = max(0, cursor.row - height + 1)
    for row in 0..<height where shown.indices.contains(top + row) {
      let (text, wrapped) = shown[top + row]
      painter.safe(text, wrapped: wrapped, row: rows.lowerBound + 1 + row, column: 2) { _ in
        Style(.strong)
      }
    }
    if field.isBlank {
      painter.text(
        "for example: reject negative amounts, with a test", row: rows.lowerBound + 1, column: 3,
        style: Style(.faint), maxWidth: width, overflow: .ellipsis)
    }
    return painter.cursor(
      row: rows.lowerBound + 1 + cursor.row - top, column: 2 + min(cursor.column, width))
  }

  private func paintFiles(_ rows: Range<Int>, _ painter: inout Painter) -> Cursor? {
    let ask = state.ask
    let along = ask.goingAlong
    painter.line(
      heading(
        "Files that go along", .files,
        "\(along.count) chosen of \(ask.tracked.count) tracked; Enter adds or removes"
      ),
      row: rows.lowerBound)
    guard rows.count > 2 else { return nil }
    painter.line(
      RichLine([.own("  find: ", Style(.faint))]).and(untrusted: ask.filter.text, Style(.strong)),
      row: rows.lowerBound + 1)
    let list = rows.lowerBound + 2..<rows.upperBound
    let completions = ask.completions
    if !completions.isEmpty {
      painter.line(
        RichLine([.own("  Tab: ", Style(.key))]).and(path: completions[0].bytes, Style(.strong)),
        row: rows.lowerBound + 1)
      for (row, path) in zip(list, completions.dropFirst()) {
        painter.line(
          RichLine([.own("       ", Style())]).and(path: path.bytes, Style(.faint)), row: row)
      }
      return nil
    }
    if ask.matches.isEmpty, !ask.tracked.isEmpty {
      painter.line(.own("    No tracked file matches.", Style(.faint)), row: list.lowerBound)
    }
    let top = listTop(selected: ask.fileCursor, count: ask.matches.count, height: list.count)
    for row in list {
      let index = top + row - list.lowerBound
      guard ask.matches.indices.contains(index) else { break }
      let path = ask.matches[index]
      let isChosen = along.contains(path)
      let isSelected = ask.field == .files && index == ask.fileCursor
      var line = RichLine([
        .own(isSelected ? "▌ " : "  ", Style(.accent, .bold)),
        .own(isChosen ? "✓ " : "  ", Style(.approved, .bold)),
      ]).and(path: path.bytes, isChosen ? Style(.strong) : Style(.plain))
      if let reason = ask.reason(for: path) {
        line = line.and("  ").and(untrusted: reason, Style(.faint))
      }
      painter.line(isSelected ? line.on(.cursor) : line, row: row)
    }
    return painter.cursor(
      row: rows.lowerBound + 1, column: 8 + SafeText(ask.filter.text).width)
  }

  private func paintModel(_ rows: Range<Int>, _ painter: inout Painter) {
    let ask = state.ask
    painter.line(
      heading(
        "Model", .model,
        ask.isSearching
          ? "looking…"
          : "\(state.key(.showPrompt, in: .ask)) shows the exact prompt, \(state.key(.findServers, in: .ask)) finds servers"
      ),
      row: rows.lowerBound)
    guard !ask.endpoints.isEmpty else {
      painter.line(
        .own(
          "  none configured: \(state.key(.findServers, in: .ask)) looks for servers on this machine's loopback ports",
          Style(.warning)), row: rows.lowerBound + 1)
      return
    }
    let list = rows.lowerBound + 1..<rows.upperBound
    let top = listTop(
      selected: ask.endpointCursor, count: ask.endpoints.count, height: list.count)
    for row in list {
      let index = top + row - list.lowerBound
      guard ask.endpoints.indices.contains(index) else { break }
      let endpoint = ask.endpoints[index]
      let isSelected = index == ask.endpointCursor
      let line = RichLine([.own(isSelected ? "▌ " : "  ", Style(.accent, .bold))])
        .and(untrusted: endpoint.name, isSelected ? Style(.strong, .bold) : Style())
        .and("  ").and(untrusted: endpoint.model, Style(.plain))
        .and("  ").and(untrusted: endpoint.address, Style(.faint))
        .and("  ").and(
          untrusted: endpoint.verdict, Style(endpoint.isUsable ? .warning : .alert))
      painter.line(isSelected && ask.field == .model ? line.on(.cursor) : line, row: row)
    }
  }

  private var budget: RichLine? {
    let map: String =
      if !state.ask.wantsMap {
        ""
      } else if let map = state.ask.mapGoingAlong, map.lineCount == 0 {
        ", and the map has nothing to tell"
      } else if let map = state.ask.mapGoingAlong {
        ", with a map of \(map.lineCount) line\(map.lineCount == 1 ? "" : "s") of \(map.parts.count) other file\(map.parts.count == 1 ? "" : "s")"
      } else {
        state.ask.goingAlong.isEmpty ? ", with a map" : ", the map is being made…"
      }
    guard let budget = state.ask.budget else {
      if !map.isEmpty { return .own(" " + map.dropFirst(2), Style(.faint)) }
      return state.demoNote.map { .own(" \($0)", Style(.faint)) }
    }
    let approximately = budget.isExact ? "" : "about "
    let limit = budget.limit.map { " of \(Self.grouped($0))" } ?? ""
    let isOver = budget.limit.map { budget.tokens > $0 } ?? false
    return .own(
      " prompt \(approximately)\(Self.grouped(budget.tokens))\(limit) tokens"
        + map + (isOver ? ": too long, leave out some files" : ""),
      Style(isOver ? .alert : .faint))
  }

  /// `24,576`.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
