// Text whose delimiters the writer picks: quote operators, and attributes in brackets.

/// What a `delimited` frame says.
private struct Delimited {
  var closer: UInt8
  /// Nests when it differs from `closer`.
  var opener: UInt8
  var interpolation: Interpolation = []
  var kind = TokenKind.string
  /// Parts that come after this one: the replacement of a substitution.
  var partsLeft = 0
  /// Letters right after the end belong to it.
  var hasModifiers = false

  init(opener: UInt8) {
    self.opener = opener
    switch opener {
    case "(": closer = UInt8(ascii: ")")
    case "[": closer = UInt8(ascii: "]")
    case "{": closer = UInt8(ascii: "}")
    case "<": closer = UInt8(ascii: ">")
    default: closer = opener
    }
  }

  init(_ frame: Frame) {
    closer = UInt8(truncatingIfNeeded: frame.tag)
    opener = UInt8(truncatingIfNeeded: frame.tag >> 8)
    interpolation = Interpolation(rawValue: UInt16(truncatingIfNeeded: frame.tag >> 16) & 0xFF)
    kind = TokenKind(rawValue: UInt8(truncatingIfNeeded: frame.tag >> 24)) ?? .string
    partsLeft = Int(frame.rule & 1)
    hasModifiers = frame.rule & 2 != 0
  }

  func frame(_ language: Language, depth: UInt16 = 0) -> Frame {
    let tag =
      UInt32(closer) | UInt32(opener) << 8 | UInt32(interpolation.rawValue & 0xFF) << 16
      | UInt32(kind.rawValue) << 24
    return Frame(
      kind: .delimited, language: language, rule: UInt8(partsLeft) | (hasModifiers ? 2 : 0),
      count: depth, tag: tag)
  }
}

extension LineLexer {
  /// `#[...]` and `#![...]`.
  mutating func openHashAttribute(_ bytes: Span<UInt8>) -> Bool {
    let start = at
    at += byte(bytes, at + 1) == "!" ? 3 : 2
    var attribute = Delimited(opener: UInt8(ascii: "["))
    attribute.kind = .preprocessor
    lexDelimited(bytes, attribute.frame(grammar.language), from: start)
    return true
  }

  /// `[Name]` and `[Name(...)]`, first on its line and no index.
  mutating func openBracketAttribute(_ bytes: Span<UInt8>) -> Bool {
    guard byte(bytes, at + 1).startsName, isFirst(bytes, at) else { return false }
    var place = at + 1
    var depth = 1
    var isCall = false
    while place < end, depth > 0 {
      switch bytes[place] {
      case "[": depth += 1
      case "]": depth -= 1
      case "(": isCall = true
      default: break
      }
      place += 1
    }
    if depth > 0 {
      guard isCall else { return false }
    } else {
      switch byte(bytes, skippingBlanks(bytes, place)) {
      case "=", ".", ",", ";", ")", "(", "?": return false
      default: break
      }
    }
    let start = at
    at += 1
    var attribute = Delimited(opener: UInt8(ascii: "["))
    attribute.kind = .preprocessor
    lexDelimited(bytes, attribute.frame(grammar.language), from: start)
    return true
  }

  /// `~r/.../`, `~w(...)a` and the like; `~S` and its kin have no code in them.
  mutating func openElixirSigil(_ bytes: Span<UInt8>) -> Bool {
    let letter = byte(bytes, at + 1)
    guard letter.isLetter else { return false }
    let start = at
    var place = at + 2
    while letter.isUpperCase, byte(bytes, place).isUpperCase { place += 1 }
    for (index, rule) in grammar.strings.enumerated()
    where rule.open.count == 3 && rule.open.matches(bytes, at: place, before: end) {
      at = place
      return openString(bytes, UInt8(index), from: start, fence: 0)
    }
    let opener = byte(bytes, place)
    guard opener > 0x20, opener < 0x7F, !opener.continuesName else { return false }
    var literal = Delimited(opener: opener)
    // Brackets do not nest.
    if literal.opener != literal.closer { literal.opener = 1 }
    literal.interpolation = letter.isUpperCase ? [] : .hashBrace
    literal.hasModifiers = true
    guard closesHere(bytes, literal, from: place + 1) else { return false }
    at = place + 1
    lexDelimited(bytes, literal.frame(grammar.language), from: start)
    return true
  }

  /// `%w[...]`, `%q(...)`, `%(...)` and the like.
  mutating func openPercentLiteral(_ bytes: Span<UInt8>) -> Bool {
    let letter = byte(bytes, at + 1)
    var place = at + 1
    var interpolation: Interpolation = .hashBrace
    switch letter {
    case "w", "i", "q", "s":
      interpolation = []
      place += 1
    case "W", "I", "Q", "r", "x": place += 1
    default: break
    }
    let opener = byte(bytes, place)
    guard opener > 0x20, opener < 0x7F, !opener.continuesName, opener != "=" else { return false }
    let isNamed = place > at + 1
    if isOperand(bytes, before: at) {
      guard isNamed, byte(bytes, at - 1).isBlank else { return false }
    } else if !isNamed {
      guard opener == "(" || opener == "[" || opener == "{" || opener == "<" || opener == "|"
      else { return false }
    }
    var literal = Delimited(opener: opener)
    literal.interpolation = interpolation
    literal.hasModifiers = letter == "r"
    guard closesHere(bytes, literal, from: place + 1) else { return false }
    let start = at
    at = place + 1
    lexDelimited(bytes, literal.frame(grammar.language), from: start)
    return true
  }

  /// `qw(...)`, `s/.../.../` and the like, whose word ends at `at`.
  mutating func openPerlQuote(_ bytes: Span<UInt8>, from start: Int) -> Bool {
    let before = byte(bytes, start - 1)
    guard at - start <= 2, before != "{" || byte(bytes, at) != "}", before != "-",
      !isMember(bytes, start, grammar)
    else { return false }
    let (first, second) = (bytes[start], at - start == 2 ? bytes[start + 1] : 0)
    var partsLeft = 0
    var hasModifiers = false
    switch (first, second) {
    case ("q", 0), ("q", "q"), ("q", "w"), ("q", "x"): break
    case ("m", 0), ("q", "r"): hasModifiers = true
    case ("s", 0), ("y", 0), ("t", "r"): (partsLeft, hasModifiers) = (1, true)
    default: return false
    }
    let place = skippingBlanks(bytes, at)
    let opener = byte(bytes, place)
    guard opener > 0x20, opener < 0x7F, !opener.continuesName, opener != "=", opener != ",",
      opener != ";", opener != ")", opener != "}", opener != "-" || place == at,
      opener != "#" || place == at
    else { return false }
    var quote = Delimited(opener: opener)
    (quote.partsLeft, quote.hasModifiers) = (partsLeft, hasModifiers)
    guard closesHere(bytes, quote, from: place + 1) else { return false }
    at = place + 1
    lexDelimited(bytes, quote.frame(grammar.language), from: start)
    return true
  }

  /// Whether the text from `place` on closes on this line, as it must when its delimiter is no
  /// bracket: a wrong guess then spoils one line at most.
  private mutating func closesHere(
    _ bytes: Span<UInt8>, _ text: Delimited, from place: Int
  ) -> Bool {
    guard text.opener == text.closer else { return true }
    let bit: UInt64 = 1 << 62
    guard unclosed & bit == 0 else { return false }
    var place = place
    var left = text.partsLeft
    while place < end {
      if bytes[place] == "\\" {
        place += 1
      } else if bytes[place] == text.closer {
        if left == 0 { return true }
        left -= 1
      }
      place += 1
    }
    unclosed |= bit
    return false
  }

  /// Reads on in such text, its colour beginning at `start`.
  mutating func lexDelimited(_ bytes: Span<UInt8>, _ frame: Frame, from start: Int) {
    var text = Delimited(frame)
    var depth = frame.count
    var start = start
    // The opening bracket of a second part can be on a later line than the end of the first.
    var awaitsOpener = text.opener == 0
    while at < end {
      let byte = bytes[at]
      if awaitsOpener {
        at += 1
        if byte.isBlank { continue }
        let next = Delimited(opener: byte)
        (text.opener, text.closer) = (next.opener, next.closer)
        awaitsOpener = false
      } else if byte == "\\" {
        at = min(at + 2, end)
      } else if byte == text.closer {
        at += 1
        if depth > 0 {
          depth -= 1
        } else if text.partsLeft == 0 {
          if text.hasModifiers {
            while at < end, bytes[at].isLetter { at += 1 }
          }
          emit(start, at, text.kind)
          return
        } else {
          text.partsLeft -= 1
          if text.opener != text.closer {
            awaitsOpener = true
            text.opener = 0
          }
        }
      } else if byte == text.opener {
        at += 1
        if depth < .max { depth += 1 }
      } else if case .code(let length, let closer)? = interpolation(
        bytes, text.interpolation, fence: 0), frames.count + 2 <= Self.depthLimit
      {
        at += length
        emit(start, at, text.kind)
        push(text.frame(grammar.language, depth: depth))
        start = at
        _ = pushCode(until: closer)
        return
      } else {
        at += 1
      }
    }
    emit(start, at, text.kind)
    push(text.frame(grammar.language, depth: depth))
  }

  /// Passes a variable with its sign, so that neither its name nor its sign means anything else.
  mutating func lexPerlVariable(_ bytes: Span<UInt8>) -> Bool {
    let next = byte(bytes, at + 1)
    let isScalar = bytes[at] == "$"
    if next.startsName || next == ":" && byte(bytes, at + 2) == ":" {
      guard isScalar || bytes[at] == "@" || !isOperand(bytes, before: at) else { return false }
      at = nameEnd(bytes, at + 1)
      while byte(bytes, at) == ":", byte(bytes, at + 1) == ":" { at = nameEnd(bytes, at + 2) }
      return true
    }
    guard isScalar, next > 0x20, next < 0x7F else { return false }
    if next == "{" || next == "$" { return false }
    if next == "#" {
      let after = byte(bytes, at + 2)
      guard after.startsName || after == "{" || after == "$" else { return false }
    }
    at += 2
    return true
  }
}
