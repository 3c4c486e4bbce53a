// Reading YAML: keys, scalars and the marks between them.

extension LineLexer {
  mutating func lexYAML(_ bytes: Span<UInt8>) {
    let depth = frames.count
    /// The column below which a block scalar's text ends: that of the innermost key or dash.
    var parent = -1
    var flowDepth = 0
    var isAtStart = at == 0
    if at == 0, lexDocumentMark(bytes) { return }
    while at < end {
      let byte = bytes[at]
      let next = self.byte(bytes, at + 1)
      let endsMark = next.isBlank || at + 1 == end
      switch byte {
      case " ", "\t":
        at += 1
        continue
      case "#" where at == 0 || bytes[at - 1].isBlank:
        take(to: end, .comment)
        return
      case "-" where endsMark && isAtStart, "?" where endsMark && isAtStart:
        parent = at
        at += 1
        continue
      case ":" where endsMark:
        at += 1
        isAtStart = false
        continue
      case "[", "{":
        flowDepth += 1
        at += 1
        continue
      case "]", "}":
        flowDepth = max(0, flowDepth - 1)
        at += 1
        continue
      case ",":
        at += 1
        continue
      case "\"", "'":
        let start = at
        if openString(bytes, byte == "\"" ? 0 : 1, from: at, fence: 0) {
          if frames.count != depth { return }
          if self.byte(bytes, skippingBlanks(bytes, at)) == ":" { parent = start }
          isAtStart = false
          continue
        }
      case "&", "*":
        if next.continuesName {
          take(to: yamlWordEnd(bytes, at), .constant)
          continue
        }
      case "!":
        take(to: yamlWordEnd(bytes, at), .preprocessor)
        continue
      case "|", ">":
        if isBlockScalarMark(bytes) {
          let count = UInt16(clamping: parent + 1)
          push(Frame(kind: .scalar, language: grammar.language, count: count))
          at = scalarMarkEnd(bytes)
          if at < end { take(to: end, .comment) }
          return
        }
      default: break
      }
      let start = at
      if lexPlainScalar(bytes, flowDepth: flowDepth) { parent = start }
      isAtStart = false
    }
  }

  /// `---`, `...` and `%` lines.
  private mutating func lexDocumentMark(_ bytes: Span<UInt8>) -> Bool {
    if byte(bytes, 0) == "%" {
      take(to: end, .preprocessor)
      return true
    }
    if Literal("---").matches(bytes, at: 0, before: end)
      || Literal("...").matches(bytes, at: 0, before: end),
      end == 3 || bytes[3].isBlank
    {
      take(to: 3, .preprocessor)
    }
    return false
  }

  private func yamlWordEnd(_ bytes: Span<UInt8>, _ place: Int) -> Int {
    var place = place
    while place < end, !bytes[place].isBlank, bytes[place] != ",", bytes[place] != "]",
      bytes[place] != "}"
    {
      place += 1
    }
    return max(place, at + 1)
  }

  private func scalarMarkEnd(_ bytes: Span<UInt8>) -> Int {
    var place = at + 1
    while byte(bytes, place) == "+" || byte(bytes, place) == "-" || byte(bytes, place).isDigit {
      place += 1
    }
    return skippingBlanks(bytes, place)
  }

  /// Whether `|` or `>` at `at` is all but a comment that is left of the line.
  private func isBlockScalarMark(_ bytes: Span<UInt8>) -> Bool {
    let place = scalarMarkEnd(bytes)
    return place == end || bytes[place] == "#"
  }

  /// Reads unquoted text, and says whether it was a key.
  private mutating func lexPlainScalar(_ bytes: Span<UInt8>, flowDepth: Int) -> Bool {
    let start = at
    var place = at
    scan: while place < end {
      switch bytes[place] {
      case ":" where place + 1 == end || bytes[place + 1].isBlank: break scan
      case "#" where place > start && bytes[place - 1].isBlank: break scan
      case ",", "]", "}":
        if flowDepth > 0 { break scan }
      default: break
      }
      place += 1
    }
    let isKey = byte(bytes, place) == ":"
    var textEnd = place
    while textEnd > start, bytes[textEnd - 1].isBlank { textEnd -= 1 }
    at = max(place, start + 1)
    if isKey {
      emit(start, textEnd, .type)
    } else if let value = grammar.words.find(bytes, start, textEnd) {
      emit(start, textEnd, value.kind)
    } else if isYAMLNumber(bytes, start, textEnd) {
      emit(start, textEnd, .number)
    }
    return isKey
  }

  private func isYAMLNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var place = start
    if place < end, bytes[place] == "-" || bytes[place] == "+" { place += 1 }
    if place < end, bytes[place] == "." { place += 1 }
    guard place < end, bytes[place].isDigit else { return false }
    if end - place > 2, bytes[place] == "0", bytes[place + 1] == "x" || bytes[place + 1] == "o" {
      return (place + 2..<end).allSatisfy { bytes[$0].isHexDigit }
    }
    return (place..<end).allSatisfy { index in
      switch bytes[index] {
      case ".", "_", "e", "E", "+", "-", ":", "T", "Z": true
      default: bytes[index].isDigit
      }
    }
  }
}
