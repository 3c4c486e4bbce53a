// Questions, lines of input and help, above the screen they belong to.

import Approval
import CellGrid
import Review
import Scanner

struct OverlayView {
  let overlay: Overlay
  let state: AppState

  func paint(_ painter: inout Painter) -> Cursor? {
    switch overlay {
    case .help(let help): return paintHelp(help, &painter)
    case .comment(let draft): return paintComment(draft, &painter)
    case .askAgain(let draft): return paintAgain(draft, &painter)
    case .search(let field, let scope):
      let place = scope == .file ? "search this file: " : "search all files: "
      return prompt(place, field, &painter)
    case .filterFiles(let field):
      let kind = state.review?.paneFilter.kind ?? .all
      return prompt(
        "files (\(kind.rawValue)), letters of the path: ", field, &painter)
    case .tooLong(let overflow): return paintTooLong(overflow, &painter)
    case .picker(let picker): return PickerView(picker: picker, state: state).paint(&painter)
    case .approveFile(let lines, let hunks, let flagged):
      let rest =
        flagged > 0
        ? " \(flagged) hunk\(flagged == 1 ? "" : "s") with findings stay\(flagged == 1 ? "s" : "") out."
        : ""
      return ask(
        "Approve what is left in this file?",
        [
          "\(hunks) hunk\(hunks == 1 ? "" : "s"), \(lines.count) changed line\(lines.count == 1 ? "" : "s").\(rest)"
        ],
        overlay.keysInWords(on: state.screen), &painter)
    case .undoCommit(let commit):
      return ask(
        "Take the commit \(commit.short) back?",
        [
          "The branch goes back to its parent, if nobody has built on it and it is not pushed; your checkout follows. The review is open again, with all decisions."
        ], overlay.keysInWords(on: state.screen), &painter)
    case .draftMessage(let endpoint):
      return ask(
        "Ask the model for a commit message?",
        [
          "What is approved and the request go to \(endpoint). The answer is a draft: nothing is committed before you have edited it or taken it."
        ], overlay.keysInWords(on: state.screen), &painter)
    case .confirmDiscard:
      return ask(
        "Discard this session?",
        ["It is kept and can be restored with \(state.key(.restore, in: .sessions))."],
        overlay.keysInWords(on: state.screen), &painter)
    case .confirmRemoval(let rejected):
      return ask(
        "Take what you rejected out of your files?",
        [
          "\(rejected) hunk\(rejected == 1 ? "" : "s") rejected, wholly or in part; edits you made here are written too.",
          "Your files as they are now are kept as a backup.",
        ],
        overlay.keysInWords(on: state.screen), &painter)
    case .leaveWhileWorking(let requests, let again, let unsent, let checks):
      return ask(
        requests + again > 0
          ? "The model is still at work."
          : unsent > 0 ? "A server is still being looked at." : "The checks are still running.",
        (requests > 0
          ? [
            state.demoNote == nil
              ? "Leaving cuts \(requests) answer\(requests == 1 ? "" : "s") off; asked anew when you are back here."
              : "Leaving stops it; what was written is kept."
          ]
          : [])
          + (again > 0
            ? [
              "\(again) question\(again == 1 ? "" : "s") asked again \(again == 1 ? "is" : "are") stopped; the round\(again == 1 ? "" : "s") before stand\(again == 1 ? "s" : "")."
            ] : [])
          + (unsent > 0
            ? [
              "\(unsent) request\(unsent == 1 ? " is" : "s are") not put in yet and would be forgotten."
            ] : []) + (checks ? ["Leaving stops the checks; what they said so far is kept."] : []),
        overlay.keysInWords(on: state.screen), &painter)
    case .rejectReason(_, let field):
      return input("Reject: why?", [], field, overlay.keysInWords(on: state.screen), &painter)
    case .acknowledge(let findings, let phrase, let field):
      return input(
        "This could deceive the reader.",
        findings.map(\.sentence) + ["To acknowledge, type: \(phrase)"], field,
        overlay.keysInWords(on: state.screen), &painter)
    }
  }

  /// Where a box of that height stands: in the middle, or low enough to leave the lines in question in sight.
  private func box(_ height: Int, _ painter: inout Painter) -> (
    rows: Range<Int>, columns: Range<Int>
  ) {
    let width = min(painter.size.columns - 4, 86)
    let height = min(height, painter.size.rows - 2)
    let lowest = painter.size.rows - height - 2
    let top = max(1, leavesLinesInSight ? lowest : min(lowest, (painter.size.rows - height) / 2))
    let left = (painter.size.columns - width) / 2
    return (top..<top + height, left..<left + width)
  }

  private var leavesLinesInSight: Bool {
    switch overlay {
    case .acknowledge, .rejectReason, .approveFile, .comment, .askAgain: true
    case .draftMessage, .undoCommit, .confirmDiscard, .confirmRemoval, .leaveWhileWorking, .help,
      .search,
      .filterFiles, .picker, .tooLong:
      false
    }
  }

  private func paintBox(
    _ title: String, _ lines: [RichLine], _ hint: String, _ painter: inout Painter
  ) -> (rows: Range<Int>, columns: Range<Int>) {
    let place = box(lines.count + 5, &painter)
    painter.region(rows: place.rows, columns: place.columns) { area in
      area.fill(style: Style(on: .panel))
      let width = area.size.columns
      let edge = Style(.accent, on: .panel)
      area.text(
        "┌" + String(repeating: "─", count: max(0, width - 2)) + "┐", row: 0, column: 0, style: edge
      )
      for row in 1..<max(1, area.size.rows - 1) {
        area.text("│", row: row, column: 0, style: edge)
        area.text("│", row: row, column: width - 1, style: edge)
      }
      area.text(
        "└" + String(repeating: "─", count: max(0, width - 2)) + "┘", row: area.size.rows - 1,
        column: 0, style: edge)
      area.text(
        " \(title) ", row: 0, column: 2, style: Style(.title, on: .panel, .bold),
        maxWidth: width - 4)
      area.text(
        hint, row: area.size.rows - 2, column: 2, style: Style(.faint, on: .panel),
        maxWidth: width - 4, overflow: .ellipsis)
      area.region(rows: 1..<area.size.rows - 2, columns: 2..<width - 2) { inner in
        for (row, line) in lines.enumerated() { inner.line(line.on(.panel), row: row + 1) }
      }
    }
    return place
  }

  private func ask(
    _ title: String, _ lines: [String], _ hint: String, _ painter: inout Painter
  ) -> Cursor? {
    let width = min(painter.size.columns - 4, 86) - 4
    _ = paintBox(
      title, lines.flatMap { wrappedSentences($0, width: width) }, hint, &painter)
    return nil
  }

  private func input(
    _ title: String, _ lines: [String], _ field: TextField, _ hint: String,
    _ painter: inout Painter
  ) -> Cursor? {
    let width = min(painter.size.columns - 4, 86) - 4
    let sentences = lines.flatMap { wrappedSentences($0, width: width) }
    let text = SafeText(field.text, options: SafeText.Options(blankMarks: .none))
    let place = paintBox(
      title, sentences + [RichLine([.own("> ", Style(.accent)), .safe(text, Style(.strong))])],
      hint,
      &painter)
    let before = SafeText(
      String(field.lines[field.row].prefix(field.column)),
      options: SafeText.Options(blankMarks: .none)
    ).width
    return painter.cursor(
      row: min(place.rows.lowerBound + 2 + sentences.count, place.rows.upperBound - 2),
      column: place.columns.lowerBound + 4 + min(before, width - 3))
  }

  /// One line of input on the message line.
  private func prompt(
    _ words: String, _ field: TextField, _ painter: inout Painter
  ) -> Cursor? {
    let row = painter.size.rows - 2
    let text = SafeText(field.text, options: SafeText.Options(blankMarks: .none))
    painter.line(
      RichLine(
        [.own(" \(words)", Style(.plain, on: .input)), .safe(text, Style(.strong, on: .input))],
        rest: Style(on: .input)), row: row)
    let start = 1 + words.unicodeScalars.count
    let before = SafeText(
      String(field.lines[0].prefix(field.column)), options: SafeText.Options(blankMarks: .none)
    ).width
    return painter.cursor(row: row, column: min(painter.size.columns - 1, start + before))
  }

  private func paintComment(_ draft: CommentDraft, _ painter: inout Painter) -> Cursor? {
    let subject =
      switch draft.subject {
      case .line: "this line"
      case .selection: "the selection"
      case .hunk: "this hunk"
      case .file: "this file"
      case .existing: "as before; an empty one is withdrawn"
      }
    let lines = draft.field.lines.map { line in
      RichLine([
        .own("> ", Style(.accent)),
        .safe(SafeText(String(line), options: SafeText.Options(blankMarks: .none)), Style(.strong)),
      ])
    }
    let place = paintBox(
      "Comment on \(subject)", lines, overlay.keysInWords(on: state.screen),
      &painter)
    let before = SafeText(
      String(draft.field.lines[draft.field.row].prefix(draft.field.column)),
      options: SafeText.Options(blankMarks: .none)
    ).width
    return painter.cursor(
      row: min(place.rows.lowerBound + 2 + draft.field.row, place.rows.upperBound - 2),
      column: min(place.columns.lowerBound + 4 + before, place.columns.upperBound - 3))
  }

  private func paintAgain(_ draft: AgainDraft, _ painter: inout Painter) -> Cursor? {
    let width = min(painter.size.columns - 4, 86) - 4
    if draft.repair != nil {
      // Where it goes stands first: it is what a low screen must not cut.
      let lines =
        [destination(draft)]
        + wrappedSentences(
          "This one edit and the lines of the file around its place. What comes is placed exactly or not at all, and stands undecided.",
          width: width)
      return paintBoxAndHide(
        "Ask the model for this edit again?", lines, overlay.keysInWords(on: state.screen),
        &painter)
    }
    let comments = draft.comments.compactMap { state.review?.comments[$0] }
    let count = draft.lines.count
    let words = "\(comments.count) comment\(comments.count == 1 ? "" : "s")"
    let along =
      state.review?.heading.model.isEmpty == true
      ? "the file" : "the request, its files and the answers so far"
    var lines =
      [destination(draft)]
      + wrappedSentences(
        "\(count) changed line\(count == 1 ? "" : "s"), \(words), and \(along) go along. What is approved stays as it is.",
        width: width)
    for comment in comments.prefix(4) {
      let first = comment.text.split(separator: "\n").first.map(String.init) ?? ""
      lines.append(
        RichLine([.own("┆ ", Style(.warning))]).and(untrusted: first, Style(.strong)))
    }
    if comments.isEmpty {
      lines.append(
        .own(
          "No comment says what is wrong; Esc, then \(state.key(.comment)) adds one.",
          Style(.warning)))
    }
    lines.append(
      RichLine([.own("Answers: ", Style())]).and("\(draft.candidateCount)", Style(.strong, .bold))
        .and("  (+ and -)   Explains before it edits: ", Style())
        .and(draft.explainsFirst ? "yes" : "no", Style(.strong, .bold)).and("  (e)", Style(.faint)))
    return paintBoxAndHide(
      "Ask the model again?", lines, overlay.keysInWords(on: state.screen),
      &painter)
  }

  private func paintTooLong(_ overflow: PromptOverflow, _ painter: inout Painter) -> Cursor? {
    let width = min(painter.size.columns - 4, 86) - 4
    let about = overflow.isExact ? "" : "about "
    let head = wrappedSentences(
      "The prompt has \(about)\(AskView.grouped(overflow.tokens)) tokens, "
        + (overflow.limit.map {
          "and may have \(AskView.grouped($0)) here: the rest of the context is for the answer."
        }
          ?? "more than the model takes; the server does not say how many that are."),
      width: width)
    let left = RichLine([
      .own(
        overflow.dropped.isEmpty
          ? "Nothing is dropped yet: about " : "Without the dropped files about ", Style()),
      .own(
        AskView.grouped(overflow.tokensLeft),
        Style(overflow.fits ? .approved : .alert, .bold)),
      .own(
        overflow.limit == nil ? "." : overflow.fits ? ": that fits." : ": too long still.", Style()
      ),
    ])
    let room = max(1, painter.size.rows - 2 - 5 - head.count - 2)
    let height = min(overflow.files.count, room)
    let top = listTop(selected: overflow.cursor, count: overflow.files.count, height: height)
    let list = (top..<top + height).map { index -> RichLine in
      let file = overflow.files[index]
      let isSelected = index == overflow.cursor
      let isDropped = overflow.dropped.contains(file.path)
      let line = RichLine([
        .own(isSelected ? "▌ " : "  ", Style(.accent, .bold)),
        .own(
          isDropped ? "dropped " : "stays   ", Style(isDropped ? .rejected : .approved, .bold)),
        .own(AskView.grouped(file.tokens).leftPadded(to: 9) + "  ", Style(.faint)),
      ]).and(path: file.path.bytes, isDropped ? Style(.faint) : Style(.strong))
      return file.isNamed ? line.and("  named in the instruction", Style(.faint)) : line
    }
    return paintBoxAndHide(
      "Too long for the model: what stays out?", head + list + [.empty, left],
      overlay.keysInWords(on: state.screen), &painter)
  }

  private func destination(_ draft: AgainDraft) -> RichLine {
    let line = RichLine([.own("It goes to ", Style())])
      .and(untrusted: draft.endpoint, Style(.strong, .bold))
      .and(", which is checked first.", Style())
    let others = draft.endpoints.count - 1
    return others == 0
      ? line : line.and("  (m: \(others) other\(others == 1 ? "" : "s"))", Style(.faint))
  }

  private func paintBoxAndHide(
    _ title: String, _ lines: [RichLine], _ hint: String, _ painter: inout Painter
  ) -> Cursor? {
    _ = paintBox(title, lines, hint, &painter)
    return nil
  }

  /// What the signs of the review mean.
  private static let legend: [RichLine] = [
    .empty,
    RichLine([.own("○ ", Style(.undecided))]).and("undecided   ")
      .and("✓ ", Style(.approved)).and("approved   ").and("✗ ", Style(.rejected)).and("rejected"),
    RichLine([.own("◐ ", Style(.warning))]).and("partly decided   ")
      .and("± ", Style(.approved)).and("taken in part"),
    RichLine([.own("! ", Style(.alert))]).and("has a finding   ")
      .and("▌ ", Style(.accent)).and("cursor   ").and("▎ ", Style(.faint)).and("this hunk   ")
      .and("┃ ", Style(.accent)).and("selected"),
    RichLine([.own("≈ ", Style(.faint))]).and("only blanks differ   ")
      .and("¬ ", Style(.warning)).and("no newline at the end   ")
      .and("┆ ", Style(.warning)).and("your comment"),
    RichLine([.own("‹ › ", Style(.accent))]).and(
      "the line goes on; such lines do not count as seen"),
    .own("exact, whitespace, indentation …: how the model's edit was located", Style(.faint)),
  ]

  private func paintHelp(_ help: HelpState, _ painter: inout Painter) -> Cursor? {
    let place = box(painter.size.rows - 2, &painter)
    let wanted = help.filter.text.lowercased()
    var entries: [(keys: String, command: Command)] = []
    var seen: Set<Command> = []
    for binding in state.keymap.bindings(in: state.context)
    where seen.insert(binding.command).inserted {
      let keys = state.keymap.bindings(in: state.context)
        .filter { $0.command == binding.command }.map(\.keys.description).joined(separator: "  ")
      entries.append((keys, binding.command))
    }
    if !wanted.isEmpty {
      entries = entries.filter {
        $0.command.summary.lowercased().contains(wanted) || $0.keys.lowercased().contains(wanted)
          || $0.command.rawValue.contains(wanted)
      }
    }
    let keyWidth = place.columns.count < 60 ? 11 : 18
    let sentenceWidth = max(10, place.columns.count - 6 - keyWidth)
    var lines = entries.flatMap { entry in
      // Keys that leave no room beside them stand in a row of their own.
      let standAlone = entry.keys.unicodeScalars.count > keyWidth
      return (standAlone ? [RichLine.own(entry.keys, Style(.key, .bold))] : [])
        + wrappedSentences(entry.command.summary, width: sentenceWidth).enumerated().map {
          index, line in
          let keys = index == 0 && !standAlone ? entry.keys : ""
          return RichLine([.own(keys.padded(to: keyWidth + 1), Style(.key, .bold))] + line.pieces)
        }
    }
    if state.context == .review, wanted.isEmpty { lines += Self.legend }
    let height = place.rows.count - 6
    let top = min(help.top, max(0, lines.count - height))
    let shown = Array(lines[min(top, lines.count)...].prefix(max(0, height)))
    let filter = RichLine([.own("find: ", Style(.faint))])
      .and(untrusted: help.filter.text, Style(.strong))
    let padding = [RichLine](repeating: .empty, count: max(0, height - shown.count))
    _ = paintBox(
      "Keys: \(state.context.title)", [filter] + shown + padding,
      overlay.keysInWords(on: state.screen), &painter)
    return painter.cursor(
      row: place.rows.lowerBound + 2,
      column: place.columns.lowerBound + 8 + SafeText(help.filter.text).width)
  }
}
