// Header, message line and footer: on every screen in the same place.

import Approval
import CellGrid
import Review

struct Chrome {
  let state: AppState

  func paint(
    title: RichLine, right: [RichLine.Piece], context: KeyContext, note: RichLine? = nil,
    footer: [Command]? = nil, _ painter: inout Painter
  ) {
    paintHeader(title, right, &painter)
    paintMessage(note, &painter)
    paintFooter(footer ?? Keymap.footer(of: context), context, &painter)
  }

  private func paintHeader(
    _ title: RichLine, _ right: [RichLine.Piece], _ painter: inout Painter
  ) {
    let columns = painter.size.columns
    let ground = Style(.plain, on: .header)
    var start = RichLine(
      [.own(" countersign ", Style(.title, on: .header, .bold))], rest: ground
    )
    .and(path: state.repository.name, Style(.strong, on: .header))
    start = start.and(" ⎇ ", Style(.faint, on: .header))
      .and(untrusted: state.repository.branch, Style(.accent, on: .header))
    start.pieces.append(.own("  ", ground))
    start.pieces += title.on(.header).pieces
    let rightWidth = right.reduce(0) { $0 + width($1) }
    let leftWidth = max(0, columns - rightWidth - 2)
    painter.fill(rows: 0..<1, columns: 0..<columns, style: ground)
    painter.region(rows: 0..<1, columns: 0..<leftWidth) { $0.line(start, row: 0) }
    painter.line(RichLine(right, rest: ground).on(.header), row: 0, from: leftWidth + 1)
  }

  private func width(_ piece: RichLine.Piece) -> Int {
    switch piece {
    case .own(let text, _): text.unicodeScalars.reduce(0) { $0 + max(0, DisplayWidth.of($1)) }
    case .safe(let text, _): text.width
    }
  }

  /// The rows between header and message.
  var body: Range<Int> { 1..<max(1, state.size.rows - 1 - max(1, messageLines.count)) }

  private var messageLines: [String] {
    guard state.pendingKeys.isEmpty, let message = state.message else { return [] }
    // On the review it would hide rows of the diff, which count as drawn.
    guard state.screen != .review else { return [message.text] }
    return Array(WrappedText.lines(message.text, width: state.size.columns - 2).prefix(4))
  }

  private func paintMessage(_ note: RichLine?, _ painter: inout Painter) {
    let row = painter.size.rows - 2
    if !state.pendingKeys.isEmpty {
      painter.line(continuations, row: row)
    } else if let message = state.message {
      let style: Style
      switch message.kind {
      case .note: style = Style(.strong)
      case .success: style = Style(.approved, .bold)
      case .problem: style = Style(.alert, .bold)
      }
      let shown = messageLines
      for (index, line) in shown.enumerated() {
        painter.line(
          RichLine([.own(" ", style)]).and(untrusted: line, style),
          row: row - shown.count + 1 + index)
      }
    } else if let note {
      painter.line(note, row: row)
    }
  }

  /// What the keys pressed so far can go on to.
  private var continuations: RichLine {
    var line = RichLine([.own(" \(KeySequence(state.pendingKeys)) …", Style(.key, .bold))])
    guard case .prefix(let bindings) = state.keymap.answer(to: state.pendingKeys, in: state.context)
    else { return line }
    for binding in bindings {
      let rest = KeySequence(Array(binding.keys.keys.dropFirst(state.pendingKeys.count)))
      line = line.and("  \(rest)", Style(.key, .bold)).and(" \(binding.command.label)")
    }
    return line
  }

  private func paintFooter(
    _ commands: [Command], _ context: KeyContext, _ painter: inout Painter
  ) {
    let row = painter.size.rows - 1
    painter.line(RichLine(rest: Style(.plain, on: .footer)), row: row)
    if let overlay = state.overlay {
      // The way out, which is the last, must never be what does not fit either.
      var keys = overlay.keys(on: state.screen)
      var end = painter.size.columns - 1
      if let out = keys.popLast() {
        end -= out.width
        paint(out, row: row, column: end, &painter)
      }
      paint(keys, row: row, upTo: end, &painter)
      return
    }
    // Help stands at the right edge: it must never be what does not fit.
    var end = painter.size.columns - 1
    if let help = hint(.help, context), help.width < end {
      end -= help.width
      paint(help, row: row, column: end, &painter)
    }
    paint(
      commands.filter { $0 != .help }.compactMap { hint($0, context) }, row: row, upTo: end,
      &painter)
  }

  private func paint(
    _ hints: [KeyHint], row: Int, upTo end: Int, _ painter: inout Painter
  ) {
    var column = 1
    for hint in hints where column + hint.width < end {
      paint(hint, row: row, column: column, &painter)
      column += hint.width + 2
    }
  }

  private func hint(_ command: Command, _ context: KeyContext) -> KeyHint? {
    state.keymap.keys(for: command, in: context).map {
      KeyHint(key: $0.description, label: command.label)
    }
  }

  private func paint(_ hint: KeyHint, row: Int, column: Int, _ painter: inout Painter) {
    let used = painter.text(
      hint.key, row: row, column: column, style: Style(.key, on: .footer, .bold))
    painter.text(
      " \(hint.label)", row: row, column: column + used, style: Style(.plain, on: .footer))
  }
}

extension Tally {
  /// `3 ✓ 1 ✗ 8 ○`, with `±` for hunks taken in part when there are any.
  var pieces: [RichLine.Piece] {
    var pieces: [RichLine.Piece] = [
      .own("\(approved) ✓ ", Style(.approved)), .own("\(rejected) ✗ ", Style(.rejected)),
    ]
    if partial > 0 { pieces.append(.own("\(partial) ± ", Style(.approved))) }
    pieces.append(.own("\(undecided) ○ ", Style(.undecided)))
    return pieces
  }

  /// One sign for a whole file.
  var sign: (String, Style) {
    if total == 0 { return ("·", Style(.faint)) }
    if undecided == total { return ("○", Style(.undecided)) }
    if approved == total { return ("✓", Style(.approved)) }
    if rejected == total { return ("✗", Style(.rejected)) }
    return undecided > 0 ? ("◐", Style(.warning)) : ("±", Style(.approved))
  }
}

extension HunkStanding {
  var sign: (String, Style) {
    switch self {
    case .undecided: ("○", Style(.undecided))
    case .approved: ("✓", Style(.approved))
    case .rejected: ("✗", Style(.rejected))
    case .partial(isOpen: true): ("◐", Style(.warning))
    case .partial(isOpen: false): ("±", Style(.approved))
    }
  }

  var words: String {
    switch self {
    case .undecided: "undecided"
    case .approved: "approved"
    case .rejected: "rejected"
    case .partial(isOpen: true): "partly decided"
    case .partial(isOpen: false): "taken in part"
    }
  }
}
