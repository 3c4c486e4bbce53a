// Reading JSX: tags with their attributes, and the text between them, in which quotes and words mean
// nothing.

extension LineLexer {
  /// `<name` in place of an operand, `<>`, and in the text of an element also what closes it.
  mutating func lexJSXTag(_ bytes: Span<UInt8>) -> Bool {
    let name = at + 1
    guard byte(bytes, name).startsName || byte(bytes, name) == ">",
      !isOperand(bytes, before: at), frames.count + 2 <= Self.depthLimit
    else { return false }
    openJSXTag(bytes)
    return true
  }

  private mutating func openJSXTag(_ bytes: Span<UInt8>) {
    lexJSXName(bytes, from: at + 1)
    push(Frame(kind: .jsxTag, language: grammar.language))
  }

  /// Passes a name; `kind` is told by its first letter when absent.
  private mutating func lexJSXName(
    _ bytes: Span<UInt8>, from name: Int, kind: TokenKind? = nil
  ) {
    var place = name
    while place < end,
      bytes[place].continuesName || bytes[place] == "-" || bytes[place] == "."
        || bytes[place] == ":"
    {
      place += 1
    }
    if place > name { emit(name, place, kind ?? (bytes[name].isUpperCase ? .type : .keyword)) }
    at = place
  }

  /// Reads on inside a tag, up to its end or to what shows that it is none.
  mutating func lexJSXTagInside(_ bytes: Span<UInt8>) {
    let depth = frames.count
    while at < end {
      let byte = bytes[at]
      switch byte {
      case " ", "\t", "=": at += 1
      case "/":
        let next = self.byte(bytes, at + 1)
        if next == "*" || next == "/" {
          _ = applyRule(bytes, grammar)
          if frames.count != depth { return }
        } else {
          at += 1
        }
      case ">":
        at += 1
        frames.removeLast()
        if self.byte(bytes, at - 2) != "/" { openJSXText(bytes) }
        return
      case "{":
        at += 1
        _ = pushCode(until: UInt8(ascii: "}"))
        return
      case "\"", "'":
        var place = at + 1
        while place < end, bytes[place] != byte { place += 1 }
        take(to: min(place + 1, end), .string)
      default:
        guard byte.startsName, !isJSXRefused(bytes) else {
          // A comparison or a type parameter after all.
          frames.removeLast()
          return
        }
        lexJSXName(bytes, from: at, kind: .type)
      }
    }
  }

  /// Whether the word at `at` stands in a list of type parameters.
  private func isJSXRefused(_ bytes: Span<UInt8>) -> Bool {
    let next = nameEnd(bytes, at)
    return next - at == 7 && Literal("extends").matches(bytes, at: at, before: next)
  }

  /// Opens the text after a tag; in TypeScript only where it is likely to be no type.
  private mutating func openJSXText(_ bytes: Span<UInt8>) {
    if let top = frames.last, top.kind == .jsxText {
      if top.count < .max { frames[frames.count - 1].count += 1 }
      return
    }
    if grammar.language == .typescript, at < end {
      var place = at
      let limit = min(end, at + 500)
      while place + 1 < limit, bytes[place] != "<" || bytes[place + 1] != "/" { place += 1 }
      guard place + 1 < limit else { return }
    }
    push(Frame(kind: .jsxText, language: grammar.language, count: 1))
  }

  /// Reads on in the text of an element.
  mutating func lexJSXText(_ bytes: Span<UInt8>) {
    while at < end {
      switch bytes[at] {
      case "{":
        at += 1
        if pushCode(until: UInt8(ascii: "}")) { return }
      case "<":
        let next = byte(bytes, at + 1)
        if next == "/" {
          lexJSXName(bytes, from: at + 2)
          while at < end, bytes[at].isBlank { at += 1 }
          if byte(bytes, at) == ">" { at += 1 }
          frames[frames.count - 1].count -= 1
          if frames[frames.count - 1].count == 0 {
            frames.removeLast()
            return
          }
        } else if next.startsName || next == ">", frames.count < Self.depthLimit {
          openJSXTag(bytes)
          return
        } else {
          at += 1
        }
      default: at += 1
      }
    }
  }
}
