// Reading Markdown: headings, lists, quotes, fences, and what stands out inside a paragraph.

extension LineLexer {
  /// How far ahead the end of a code span or a link is looked for, so that no line takes long.
  private static let spanLimit = 2000

  mutating func lexMarkdown(_ bytes: Span<UInt8>) {
    if at == 0 {
      at = skippingBlanks(bytes, 0)
      if at < 4, openFence(bytes) || lexHeading(bytes) { return }
      lexBlockMarks(bytes)
      if openFence(bytes) { return }
      lexReference(bytes)
    }
    let depth = frames.count
    while at < end {
      switch bytes[at] {
      case "\\": at = min(at + 2, end)
      case "`": lexCodeSpan(bytes)
      case "]": lexLinkTarget(bytes)
      case "<":
        if Literal("<!--").matches(bytes, at: at, before: end) {
          let start = at
          at += 4
          lexBlockComment(
            bytes, Frame(kind: .blockComment, language: grammar.language, count: 1), from: start)
          if frames.count != depth { return }
        } else {
          lexInlineTag(bytes)
        }
      default: at += 1
      }
    }
  }

  /// `# Heading`, and the lines under one.
  private mutating func lexHeading(_ bytes: Span<UInt8>) -> Bool {
    var place = at
    while byte(bytes, place) == "#" { place += 1 }
    if place > at, place - at <= 6, place == end || bytes[place].isBlank {
      take(to: end, .keyword)
      return true
    }
    let mark = byte(bytes, at)
    guard mark == "=" || mark == "-" else { return false }
    while byte(bytes, place) == mark { place += 1 }
    guard place - at >= 3, skippingBlanks(bytes, place) == end else { return false }
    take(to: end, .keyword)
    return true
  }

  /// `[label]: target`, first on its line.
  private mutating func lexReference(_ bytes: Span<UInt8>) {
    guard byte(bytes, at) == "[" else { return }
    var place = at + 1
    let limit = min(end, place + Self.spanLimit)
    while place < limit, bytes[place] != "]" { place += 1 }
    guard byte(bytes, place) == "]", byte(bytes, place + 1) == ":" else { return }
    at = skippingBlanks(bytes, place + 2)
    while place < end, place < at || !bytes[place].isBlank { place += 1 }
    take(to: place, .string)
  }

  /// Quote marks, bullets and numbers at the start of a line.
  private mutating func lexBlockMarks(_ bytes: Span<UInt8>) {
    while at < end {
      var place = at
      switch bytes[at] {
      case ">":
        take(to: at + 1, .comment)
        at = skippingBlanks(bytes, at)
        continue
      case "-", "*", "+": place += 1
      default:
        while place < end, place - at < 9, bytes[place].isDigit { place += 1 }
        guard place > at, byte(bytes, place) == "." || byte(bytes, place) == ")" else { return }
        place += 1
      }
      guard place == end || bytes[place].isBlank else { return }
      take(to: place, .keyword)
      at = skippingBlanks(bytes, at)
    }
  }

  private mutating func lexCodeSpan(_ bytes: Span<UInt8>) {
    var open = at
    while byte(bytes, open) == "`" { open += 1 }
    let count = open - at
    var place = open
    let limit = min(end, open + Self.spanLimit)
    while place < limit {
      guard bytes[place] == "`" else {
        place += 1
        continue
      }
      let run = place
      while byte(bytes, place) == "`" { place += 1 }
      if place - run == count {
        take(to: place, .string)
        return
      }
    }
    at = open
  }

  /// `](target)`
  private mutating func lexLinkTarget(_ bytes: Span<UInt8>) {
    at += 1
    guard byte(bytes, at) == "(" else { return }
    var place = at + 1
    let limit = min(end, place + Self.spanLimit)
    while place < limit, bytes[place] != ")" { place += 1 }
    guard place < limit else { return }
    at += 1
    take(to: place, .string)
  }

  /// `<name ...>` and `<https://...>`
  private mutating func lexInlineTag(_ bytes: Span<UInt8>) {
    let name = byte(bytes, at + 1) == "/" ? at + 2 : at + 1
    guard byte(bytes, name).isLetter else {
      at += 1
      return
    }
    var place = name
    let limit = min(end, place + Self.spanLimit)
    while place < limit, bytes[place] != ">", bytes[place] != "<" { place += 1 }
    if place < limit, bytes[place] == ">" {
      take(to: place + 1, .type)
    } else {
      at += 1
    }
  }
}
