// Reading comments.

extension LineLexer {
  /// Whether the mark at `at` begins a comment here.
  func opensLineComment(_ bytes: Span<UInt8>, _ comment: CompiledLineComment) -> Bool {
    if comment.needsBlankBefore, at > 0 {
      switch bytes[at - 1] {
      case " ", "\t", ";", "&", "|", "(", ")", "`": break
      default: return false
      }
    }
    if comment.refusesSymbolAfter {
      var place = at
      while byte(bytes, place) == bytes[at] { place += 1 }
      switch byte(bytes, place) {
      case "!", "#", "$", "%", "&", "*", "+", ".", "/", "<", "=", ">", "?", "@", "\\", "^", "|",
        "~", ":":
        return false
      default: break
      }
    }
    return true
  }

  mutating func lexLineComment(
    _ bytes: Span<UInt8>, _ comment: CompiledLineComment, index: UInt8
  ) {
    var place = end
    if comment.stop.count > 0 {
      place = at
      while place < end, !comment.stop.matches(bytes, at: place, before: end) { place += 1 }
    }
    take(to: place, comment.kind)
    if comment.continues, place == lineEnd, lineEnd > 0, bytes[lineEnd - 1] == "\\" {
      push(Frame(kind: .lineComment, language: grammar.language, rule: index))
    }
  }

  mutating func openBlockComment(_ bytes: Span<UInt8>, _ rule: Rule) -> Bool {
    let start = at
    at += rule.open.count
    let frame = Frame(
      kind: .blockComment, language: grammar.language, rule: rule.index, count: 1)
    lexBlockComment(bytes, frame, from: start)
    return true
  }

  /// Reads on in a block comment whose colour begins at `start`.
  mutating func lexBlockComment(_ bytes: Span<UInt8>, _ frame: Frame, from start: Int) {
    let comment = grammar.blockComments[Int(frame.rule)]
    let takesLines = grammar.lineStartComments.contains(Int(frame.rule))
    guard !takesLines else {
      let closes =
        comment.close.count > 0 && at == 0 && comment.close.matches(bytes, at: 0, before: end)
      at = end
      emit(start, end, comment.kind)
      if !closes { push(frame) }
      return
    }
    var frame = frame
    let (open, close) = (comment.open.first, comment.close.first)
    while at < end {
      let byte = bytes[at]
      if byte == close, comment.close.matches(bytes, at: at, before: end) {
        at += comment.close.count
        frame.count -= 1
        if frame.count == 0 {
          emit(start, at, comment.kind)
          return
        }
      } else if comment.nests, byte == open, comment.open.matches(bytes, at: at, before: end) {
        at += comment.open.count
        if frame.count < .max { frame.count += 1 }
      } else {
        at += 1
      }
    }
    emit(start, at, comment.kind)
    push(frame)
  }
}
