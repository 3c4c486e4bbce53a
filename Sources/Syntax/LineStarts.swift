// Constructs that begin or end with a whole line.

extension LineLexer {
  /// Opens the block comment that this line begins, such as Perl's `=pod`.
  mutating func openLineStart(_ bytes: Span<UInt8>) {
    guard at == 0 else { return }
    grammar = CompiledGrammar.of(frames.last?.language ?? base)
    for index in grammar.lineStartComments
    where grammar.blockComments[index].open.matches(bytes, at: 0, before: end) {
      at = grammar.blockComments[index].open.count
      lexBlockComment(
        bytes,
        Frame(
          kind: .blockComment, language: grammar.language, rule: UInt8(index), count: 1),
        from: 0)
      return
    }
  }

  // MARK: Markdown fences

  /// Opens the code fence at `at`, if there is one, with the code it announces.
  mutating func openFence(_ bytes: Span<UInt8>) -> Bool {
    let mark = byte(bytes, at)
    guard mark == "`" || mark == "~" else { return false }
    var place = at
    while byte(bytes, place) == mark { place += 1 }
    let count = place - at
    guard count >= 3, frames.count + 2 <= Self.depthLimit else { return false }
    let name = skippingBlanks(bytes, place)
    var nameEnd = name
    while nameEnd < end, !bytes[nameEnd].isBlank, bytes[nameEnd] != ",", bytes[nameEnd] != "}" {
      if bytes[nameEnd] == "`", mark == "`" { return false }
      nameEnd += 1
    }
    take(to: end, .preprocessor)
    push(
      Frame(
        kind: .fence, language: .markdown, count: UInt16(min(count, 1000)), tag: UInt32(mark)))
    guard nameEnd - name <= 20 else { return true }
    let letters = (name..<nameEnd).map { bytes[$0] }
    if let language = Language.named(letters.drop { $0 == "{" || $0 == "." }) {
      push(Frame(kind: .code, language: language))
    }
    return true
  }

  /// Ends the outermost code fence that this line closes.
  mutating func closeFences(_ bytes: Span<UInt8>) {
    guard let index = frames.firstIndex(where: { $0.kind == .fence }) else { return }
    let fence = frames[index]
    let start = skippingBlanks(bytes, 0)
    var place = start
    while place < end, UInt32(bytes[place]) == fence.tag { place += 1 }
    guard place - start >= Int(fence.count), skippingBlanks(bytes, place) == lineEnd else { return }
    frames.removeSubrange(index...)
    take(to: lineEnd, .preprocessor)
  }

  // MARK: YAML block scalars

  /// Ends the innermost block scalar when this line is indented less than its text.
  mutating func closeScalar(_ bytes: Span<UInt8>) {
    guard let frame = frames.last, frame.kind == .scalar else { return }
    let indent = skippingBlanks(bytes, 0)
    if indent < end, indent < Int(frame.count) { frames.removeLast() }
  }

  mutating func lexScalarLine(_ bytes: Span<UInt8>, _ frame: Frame) {
    take(to: end, .string)
  }
}
