// Reading PostgreSQL's text between dollars: the body of a function is code, all else a string.

/// What the `rule` of a `code` frame says when a dollar tag ends it; `count` is the tag's hash.
private let dollarBodyRule: UInt8 = 1

extension LineLexer {
  /// `$tag$`, which opens or closes such text.
  mutating func lexDollarBody(_ bytes: Span<UInt8>) -> Bool {
    guard !byte(bytes, at + 1).isDigit else { return false }
    let tagEnd = min(nameEnd(bytes, at + 1), at + 33)
    guard byte(bytes, tagEnd) == "$" else { return false }
    let hash = UInt16(truncatingIfNeeded: Self.hash(bytes, at + 1, tagEnd))
    if let top = frames.last, top.kind == .code, top.rule == dollarBodyRule, top.count == hash {
      frames.removeLast()
      take(to: tagEnd + 1, .string)
      return true
    }
    guard tagEnd + 1 == end || isAfterBodyWord(bytes), frames.count + 2 <= Self.depthLimit else {
      guard let rule = grammar.strings.firstIndex(where: { $0.fence == .dollar }) else {
        return false
      }
      return openString(bytes, UInt8(rule), from: at, fence: 0)
    }
    take(to: tagEnd + 1, .string)
    push(Frame(kind: .code, language: grammar.language, rule: dollarBodyRule, count: hash))
    return true
  }

  /// Whether `AS` or `DO` comes before.
  private func isAfterBodyWord(_ bytes: Span<UInt8>) -> Bool {
    var place = at
    while place > 0, bytes[place - 1].isBlank { place -= 1 }
    guard place >= 2, !byte(bytes, place - 3).continuesName else { return false }
    return Literal("as").matchesIgnoringCase(bytes, at: place - 2, before: end)
      || Literal("do").matchesIgnoringCase(bytes, at: place - 2, before: end)
  }
}
