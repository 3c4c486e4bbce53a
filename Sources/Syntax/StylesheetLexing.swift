// Reading CSS and its dialects: selectors, properties and values, told apart line by line.

extension LineLexer {
  mutating func lexStylesheet(_ bytes: Span<UInt8>) {
    let grammar = self.grammar
    let depth = frames.count
    /// Where the declaration or selector that `at` is in ends: at one of `;{}`, or the line's end.
    var partEnd = -1
    var isValue = false
    while at < end {
      let byte = bytes[at]
      switch byte {
      case ";", "{", "}":
        isValue = false
        at += 1
        continue
      case ":":
        at += 1
        continue
      case "@", "!":
        let nameEnd = cssNameEnd(bytes, at + 1)
        if nameEnd > at + 1 { take(to: nameEnd, .keyword) } else { at += 1 }
        isValue = isValue || byte == "@"
        continue
      case "#":
        lexHash(bytes, isValue: isValue)
        continue
      case "$", "%", "&":
        at = max(at + 1, cssNameEnd(bytes, at + 1))
        continue
      case ".":
        if self.byte(bytes, at + 1).isDigit {
          lexNumber(bytes)
        } else {
          let nameEnd = cssNameEnd(bytes, at + 1)
          if isValue || nameEnd == at + 1 { at = nameEnd } else { take(to: nameEnd, .constant) }
        }
        continue
      default: break
      }
      let byteClass = grammar.classes[Int(byte)] & ByteClass.mask
      if byteClass == ByteClass.rule, applyRule(bytes, grammar) {
        if frames.count != depth { return }
      } else if byteClass == ByteClass.digit {
        lexNumber(bytes)
      } else if byte.startsName || byte == "-" {
        if partEnd < at { partEnd = cssPartEnd(bytes) }
        lexCSSWord(bytes, isValue: &isValue, partEnd: partEnd)
      } else {
        at += 1
      }
      if frames.count != depth { return }
    }
  }

  private mutating func lexCSSWord(_ bytes: Span<UInt8>, isValue: inout Bool, partEnd: Int) {
    let start = at
    at = max(cssNameEnd(bytes, at), at + 1)
    let next = byte(bytes, at)
    if next == "(" {
      emit(start, at, .function)
      if Literal("url").matches(bytes, at: start, before: at), byte(bytes, at + 1) != "\"",
        byte(bytes, at + 1) != "'"
      {
        at += 1
        var place = at
        while place < end, bytes[place] != ")" { place += 1 }
        take(to: place, .string)
      }
      return
    }
    if isValue {
      if let value = grammar.words.find(bytes, start, at) { emit(start, at, value.kind) }
      return
    }
    let colon = skippingBlanks(bytes, at)
    let isClosed = partEnd < end && bytes[partEnd] != "{"
    if byte(bytes, colon) == ":", byte(bytes, colon + 1) != ":",
      isClosed || partEnd == end && (colon + 1 == end || bytes[colon + 1].isBlank)
    {
      emit(start, at, .type)
      at = colon + 1
      isValue = true
    } else if byte(bytes, start - 1) == ":" {
      emit(start, at, .function)
    } else if !isClosed, bytes[start] != "-",
      partEnd < end || byte(bytes, end - 1) == ","
    {
      emit(start, at, .keyword)
    } else if let value = grammar.words.find(bytes, start, at) {
      emit(start, at, value.kind)
    }
  }

  /// `#id` or a colour.
  private mutating func lexHash(_ bytes: Span<UInt8>, isValue: Bool) {
    let nameEnd = cssNameEnd(bytes, at + 1)
    let length = nameEnd - at - 1
    guard length > 0 else {
      at += 1
      return
    }
    let isColour =
      (length == 3 || length == 4 || length == 6 || length == 8)
      && (at + 1..<nameEnd).allSatisfy { bytes[$0].isHexDigit }
    take(to: nameEnd, isColour && isValue ? .number : .constant)
  }

  private func cssPartEnd(_ bytes: Span<UInt8>) -> Int {
    var place = at
    while place < end, bytes[place] != ";", bytes[place] != "{", bytes[place] != "}" { place += 1 }
    return place
  }

  private func cssNameEnd(_ bytes: Span<UInt8>, _ place: Int) -> Int {
    var place = place
    while place < end, bytes[place].continuesName || bytes[place] == "-" { place += 1 }
    return place
  }
}
