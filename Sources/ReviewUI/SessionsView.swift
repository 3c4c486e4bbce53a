// The start screen.

import CellGrid
import Review

struct SessionsView {
  let state: AppState

  func paint(_ painter: inout Painter) {
    let sessions = state.sessions
    let note =
      state.demoNote.map { RichLine.own(" \($0)", Style(.faint)) }
    Chrome(state: state).paint(
      title: .own("Sessions", Style(.plain)),
      right: [
        .safe(SafeText(sessions.current?.verdict ?? ""), Style(.warning, .bold)),
        .own(" ", Style()),
      ],
      context: .sessions, note: note, &painter)
    let body = Chrome(state: state).body
    guard !sessions.list.isEmpty else {
      painter.lines(welcome, rows: body, from: 2)
      return
    }
    let answer = sessions.current.flatMap { sessions.answers[$0.id] } ?? []
    let panel = answer.isEmpty ? 0 : max(4, body.count / 2)
    let listRows = body.lowerBound..<body.upperBound - panel
    let top = listTop(
      selected: sessions.selected, count: sessions.list.count, height: listRows.count)
    for row in listRows {
      let index = top + row - listRows.lowerBound
      guard sessions.list.indices.contains(index) else { break }
      painter.line(line(sessions.list[index], isSelected: index == sessions.selected), row: row)
    }
    if panel > 0 { paintAnswer(answer, rows: listRows.upperBound..<body.upperBound, &painter) }
  }

  private func line(_ session: SessionSummary, isSelected: Bool) -> RichLine {
    let (words, style) = standing(
      session.standing, isAskedAgain: state.sessions.again[session.id] != nil)
    let line = RichLine([
      .own(isSelected ? "▌ " : "  ", Style(.accent, .bold)),
      .own(words.padded(to: min(34, max(16, state.size.columns * 2 / 5))), style),
      .own(" ", Style()),
      .own(
        state.size.columns >= 72 && !session.when.isEmpty ? "\(session.when)  " : "", Style(.faint)),
    ])
    .and(untrusted: session.title, isSelected ? Style(.strong, .bold) : Style())
    .and("  ", Style()).and(untrusted: session.verdict, Style(.faint))
    return isSelected ? line.on(.cursor) : line
  }

  private func standing(
    _ standing: SessionStanding, isAskedAgain: Bool
  ) -> (String, Style) {
    switch standing {
    case .asking(let progress): (progress.words, Style(.accent))
    case .ready(let files, let unplaced):
      (
        (isAskedAgain ? "asking again: " : "ready: ") + "\(files) file\(files == 1 ? "" : "s")"
          + (unplaced > 0 ? ", \(unplaced) unplaced" : ""), Style(.approved)
      )
    case .inReview(let decisions):
      (
        (isAskedAgain ? "asking again: " : "in review: ")
          + "\(decisions) decision\(decisions == 1 ? "" : "s")", Style(.warning)
      )
    case .committed(let id): ("committed \(id)", Style(.approved))
    case .failed: ("failed (\(state.key(.open, in: .sessions)) says why)", Style(.alert))
    case .cancelled: ("cancelled", Style(.faint))
    case .discarded: ("discarded (\(state.key(.restore, in: .sessions)) restores)", Style(.faint))
    }
  }

  private var isBeingWritten: Bool {
    if case .asking? = state.sessions.current?.standing { true } else { false }
  }

  /// The end of what the model has written so far.
  private func paintAnswer(_ answer: [UInt8], rows: Range<Int>, _ painter: inout Painter) {
    let ground = Style(.faint, on: .panel)
    painter.line(
      RichLine(
        [
          .own(
            " The model's answer\(isBeingWritten ? " so far" : "")",
            Style(.title, on: .panel, .bold))
        ], rest: ground),
      row: rows.lowerBound)
    let tail = answer.suffix(8_000)
    let lines = tail.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let height = rows.count - 1
    for (index, line) in lines.suffix(height).enumerated() {
      let style: Style =
        line.starts(with: "<<<<<<<".utf8) || line.starts(with: "=======".utf8)
          || line.starts(with: ">>>>>>>".utf8) ? Style(.accent) : Style()
      painter.safe(
        SafeText(line), row: rows.lowerBound + 1 + index, column: 1, style: style,
        maxWidth: painter.size.columns - 2, overflow: .ellipsis)
    }
  }

  private var welcome: [RichLine] {
    [
      .empty,
      .title("Nothing under review in this repository."),
      .empty,
      RichLine([.own("n", Style(.key, .bold))]).and(
        "  asks the model for a change: say what, choose the files, send."),
      RichLine([.own("?", Style(.key, .bold))]).and("  shows the keys of every screen."),
      .empty,
      .own("From the shell:", Style(.faint)),
      .own("  countersign ask \"<instruction>\" <path>…", Style(.plain)),
      .own("  countersign review              reviews what your files hold", Style(.plain)),
      .own("  countersign review <a>..<b>     reviews a range of commits", Style(.plain)),
      .own("  countersign review --patch FILE reviews a patch (- reads a pipe)", Style(.plain)),
      .own("  countersign doctor              says what works here", Style(.plain)),
      .empty,
      .own("Nothing of yours changes before you commit what you approved.", Style(.faint)),
    ]
  }
}

extension String {
  /// The text with blanks after it up to `width` columns; longer text is cut. For our own words only.
  func padded(to width: Int) -> String {
    let count = unicodeScalars.count
    return count >= width
      ? String(unicodeScalars.prefix(width)) : self + String(repeating: " ", count: width - count)
  }
}
