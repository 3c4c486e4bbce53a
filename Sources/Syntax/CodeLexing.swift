// Reading code: words, numbers, and the places where a rule of the grammar begins something.

extension LineLexer {
  /// Reads code until another construct begins, the frame's bracket closes, or the line ends.
  mutating func lexCode(_ bytes: Span<UInt8>) {
    let grammar = self.grammar
    let classTable = grammar.classes
    let classes = classTable.span
    let closer = frames.last.map { UInt8(truncatingIfNeeded: $0.tag) } ?? 0
    let depth = frames.count
    while at < end {
      let byte = bytes[at]
      switch classes[Int(byte)] & ByteClass.mask {
      case ByteClass.word:
        var wordEnd = at + 1
        while wordEnd < end, classes[Int(bytes[wordEnd])] & ByteClass.wordPart != 0 { wordEnd += 1 }
        lexWord(bytes, grammar, to: wordEnd)
        if frames.count != depth { return }
      case ByteClass.digit:
        lexNumber(bytes)
      case ByteClass.dot:
        if self.byte(bytes, at + 1).isDigit, !isOperand(bytes, before: at),
          self.byte(bytes, at - 1) != "."
        {
          lexNumber(bytes)
        } else {
          at += 1
        }
      case ByteClass.rule:
        let before = at
        if applyRule(bytes, grammar) {
          if frames.count != depth { return }
          if at == before { at += 1 }
        } else if closer == 0 {
          at += 1
        } else if lexBracket(byte, closer) {
          return
        }
      case ByteClass.bracket:
        if closer == 0 {
          at += 1
        } else if lexBracket(byte, closer) {
          return
        }
      default:
        at += 1
      }
    }
  }

  /// Passes a byte that may be a bracket, and says whether it closed the innermost frame.
  private mutating func lexBracket(_ byte: UInt8, _ closer: UInt8) -> Bool {
    let opener: Unicode.Scalar = closer == ")" ? "(" : closer == "}" ? "{" : "["
    let top = frames.count - 1
    if byte == opener {
      if frames[top].count < .max { frames[top].count += 1 }
    } else if byte == closer {
      if frames[top].count == 0 {
        frames.removeLast()
        if let below = frames.last, below.kind == .jsxTag || below.kind == .jsxText {
          at += 1
        } else {
          take(to: at + 1, .string)
        }
        return true
      }
      frames[top].count -= 1
    }
    at += 1
    return false
  }

  // MARK: Numbers

  /// Reads a number: digits, letters, separators, one exponent sign, and points before digits.
  mutating func lexNumber(_ bytes: Span<UInt8>) {
    let start = at
    let heuristics = grammar.heuristics
    let hasBase = bytes[at] == "0" && byte(bytes, at + 1).isLetter
    let isHexadecimal = hasBase && bytes[at + 1] | 0x20 == "x"
    var place = at + 1
    while place < end {
      let byte = bytes[place]
      if byte.continuesName {
        place += 1
        let exponent = byte | 0x20
        if isHexadecimal ? exponent == "p" : exponent == "e" && !hasBase,
          self.byte(bytes, place) == "+" || self.byte(bytes, place) == "-",
          self.byte(bytes, place + 1).isDigit
        {
          place += 1
        }
      } else if byte == ".", self.byte(bytes, place + 1).isDigit, bytes[place - 1] != "." {
        place += 1
      } else if byte == ".", isHexadecimal, isHexFraction(bytes, place + 1) {
        place += 1
      } else if byte == "'", heuristics.contains(.quoteSeparators),
        self.byte(bytes, place + 1).isHexDigit
      {
        place += 1
      } else if byte == "-" || byte == ":", heuristics.contains(.dates),
        self.byte(bytes, place + 1).isDigit
      {
        place += 1
      } else {
        break
      }
    }
    if byte(bytes, place) == "%", grammar.shape == .stylesheet { place += 1 }
    at = place
    if heuristics.contains(.bareNumbers), !isBareNumber(bytes, start, hasBase: hasBase) { return }
    emit(start, place, .number)
  }

  /// Whether hexadecimal digits and then an exponent come at `place`, after a point.
  private func isHexFraction(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
    var place = place
    let limit = min(end, place + 40)
    while place < limit, bytes[place].isHexDigit { place += 1 }
    return byte(bytes, place) | 0x20 == "p"
  }

  /// Whether the digits from `start` up to `at` are a word of their own, as no part of a name is.
  private func isBareNumber(_ bytes: Span<UInt8>, _ start: Int, hasBase: Bool) -> Bool {
    switch byte(bytes, start - 1) {
    case 0, " ", "\t", "=", "(", "[", "{", "<", ">", "&", "|", ";", "!", "+", "*", "%", ",", "?":
      break
    default: return false
    }
    switch byte(bytes, at) {
    case "-", ".", "/", ":", "@", "_", "~": return false
    default: break
    }
    if hasBase { return true }
    var pointCount = 0
    for place in start..<at where !bytes[place].isDigit {
      guard bytes[place] == ".", pointCount == 0 else { return false }
      pointCount += 1
    }
    return true
  }

  // MARK: Rules

  /// Tries the rules that begin with the byte at `at`, and says whether one took it.
  mutating func applyRule(_ bytes: Span<UInt8>, _ grammar: CompiledGrammar) -> Bool {
    let byte = Int(bytes[at])
    for index in Int(grammar.ruleStarts[byte])..<Int(grammar.ruleStarts[byte + 1]) {
      let rule = grammar.rules[index]
      guard rule.open.matches(bytes, at: at, before: end) else { continue }
      let applied: Bool
      switch rule.action {
      case .lineComment:
        let comment = grammar.lineComments[Int(rule.index)]
        applied = opensLineComment(bytes, comment)
        if applied { lexLineComment(bytes, comment, index: rule.index) }
      case .blockComment: applied = openBlockComment(bytes, rule)
      case .string: applied = openString(bytes, rule.index, from: at, fence: 0)
      case .fencedString: applied = openFencedString(bytes, rule.index, from: at)
      case .sigil: applied = lexSigil(bytes, grammar.sigils[Int(rule.index)], after: rule.open)
      case .special: applied = lexSpecial(bytes, Special(rawValue: rule.index))
      }
      if applied { return true }
    }
    return false
  }

  /// Reads a word with its sigil.
  private mutating func lexSigil(
    _ bytes: Span<UInt8>, _ sigil: CompiledSigil, after lead: Literal
  ) -> Bool {
    let name = at + lead.count
    let first = byte(bytes, name)
    // A sigil that only hides its word from the word lists may have a number: `$0`.
    guard first.startsName || sigil.kind == nil && first.isDigit,
      !sigil.atLineStart || isFirst(bytes, at)
    else { return false }
    var place = nameEnd(bytes, name)
    while sigil.isDotted, byte(bytes, place) == ".", byte(bytes, place + 1).startsName {
      place = nameEnd(bytes, place + 1)
    }
    if let kind = sigil.kind { take(to: place, kind) } else { at = place }
    return true
  }

  /// Whether an operand ends before `place`, so that what follows is an operator.
  func isOperand(_ bytes: Span<UInt8>, before place: Int) -> Bool {
    var place = place
    while place > 0, bytes[place - 1].isBlank { place -= 1 }
    guard place > 0 else { return false }
    if lastEnd == place, let lastKind, lastKind == .keyword || lastKind == .preprocessor {
      return false
    }
    switch bytes[place - 1] {
    case ")", "]", "}", "\"", "'", "`": return true
    default: return bytes[place - 1].continuesName || lastEnd == place
    }
  }
}
