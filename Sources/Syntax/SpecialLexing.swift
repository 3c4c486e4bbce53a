// The small functions behind the specials of a grammar table.

extension LineLexer {
  /// Tries one special at `at`, and says whether it took anything.
  mutating func lexSpecial(_ bytes: Span<UInt8>, _ special: Special?) -> Bool {
    switch special {
    case .regex: lexRegex(bytes, isLoose: false)
    case .looseRegex: lexRegex(bytes, isLoose: true)
    case .shellHeredoc, .rubyHeredoc, .perlHeredoc, .phpHeredoc:
      if let special { openHeredoc(bytes, special) } else { false }
    case .percentLiteral: openPercentLiteral(bytes)
    case .hashAttribute: openHashAttribute(bytes)
    case .perlVariable: lexPerlVariable(bytes)
    case .lifetime: lexQuotedCharacter(bytes) || lexLifetime(bytes)
    case .character: lexQuotedCharacter(bytes)
    case .directive: lexDirective(bytes, leavesOut: false)
    case .cDirective: lexDirective(bytes, leavesOut: true)
    case .shellVariable: lexShellVariable(bytes)
    case .makeVariable: lexMakeVariable(bytes)
    case .symbol: lexSymbol(bytes)
    case .signVariable: lexSignVariable(bytes)
    case .phpEnd: lexPHPEnd(bytes)
    case .jsxTag: lexJSXTag(bytes)
    case .section: lexSection(bytes)
    case .quotedName: lexQuotedName(bytes)
    case .elixirSigil: openElixirSigil(bytes)
    case .characterCode: lexCharacterCode(bytes)
    case .bracketAttribute: openBracketAttribute(bytes)
    case .methodMark: lexMethodMark(bytes)
    case .dollarBody: lexDollarBody(bytes)
    case .perlQuote, nil: false
    }
  }

  /// `/pattern/flags`, closed on its line, where no operand comes before.
  private mutating func lexRegex(_ bytes: Span<UInt8>, isLoose: Bool) -> Bool {
    let bit: UInt64 = 1 << 63
    guard unclosed & bit == 0 else { return false }
    if isOperand(bytes, before: at) {
      // `split /,/` against `a / b` and `a/b`.
      guard isLoose, byte(bytes, at - 1).isBlank, lastEnd != at - 1 || lastKind == .function,
        at > 1, bytes[at - 2].startsName, !byte(bytes, at + 1).isBlank,
        byte(bytes, at + 1) != "="
      else { return false }
    }
    var place = at + 1
    var isInClass = false
    while place < end, bytes[place] != "/" || isInClass {
      switch bytes[place] {
      case "\\": place += 1
      case "[": isInClass = true
      case "]": isInClass = false
      default: break
      }
      place += 1
    }
    guard place < end else {
      unclosed |= bit
      return false
    }
    place += 1
    while byte(bytes, place).isLetter { place += 1 }
    take(to: place, .string)
    return true
  }

  /// `'x'` and `'\n'`.
  private mutating func lexQuotedCharacter(_ bytes: Span<UInt8>) -> Bool {
    let first = byte(bytes, at + 1)
    guard first != 0, first != "'" else { return false }
    if first == "\\" {
      var place = at + 3
      let limit = min(at + 14, end)
      while place < limit, bytes[place] != "'" { place += 1 }
      guard place < limit else { return false }
      take(to: place + 1, .string)
      return true
    }
    var place = at + 2
    while place < end, bytes[place] & 0xC0 == 0x80, place < at + 5 { place += 1 }
    guard byte(bytes, place) == "'" else { return false }
    take(to: place + 1, .string)
    return true
  }

  private mutating func lexLifetime(_ bytes: Span<UInt8>) -> Bool {
    guard byte(bytes, at + 1).startsName else { return false }
    take(to: nameEnd(bytes, at + 1), .constant)
    return true
  }

  /// A name between backticks: what was announced, a function before `(`, else plain.
  private mutating func lexQuotedName(_ bytes: Span<UInt8>) -> Bool {
    let bit: UInt64 = 1 << 61
    guard unclosed & bit == 0 else { return false }
    var place = at + 1
    while place < end, bytes[place] != "`" { place += 1 }
    guard place < end else {
      unclosed |= bit
      return false
    }
    if let introduced, skippingBlanks(bytes, introducedAt) == at {
      emit(at, place + 1, introduced)
    } else if byte(bytes, place + 1) == "(" {
      emit(at, place + 1, .function)
    }
    introduced = nil
    at = place + 1
    return true
  }

  /// `$name`, `${name`, `$1`.
  private mutating func lexShellVariable(_ bytes: Span<UInt8>) -> Bool {
    let next = byte(bytes, at + 1)
    if next == "{" {
      if let top = frames.last, top.kind == .code, top.tag == UInt32(UInt8(ascii: "}")),
        top.count < .max
      {
        frames[frames.count - 1].count += 1
      }
      let sign = byte(bytes, at + 2)
      let name = sign == "#" || sign == "!" ? at + 3 : at + 2
      take(to: min(nameEnd(bytes, name), end), .constant)
      return true
    }
    if next.startsName {
      take(to: nameEnd(bytes, at + 1), .constant)
      return true
    }
    guard isShellParameter(next) else { return false }
    take(to: at + 2, .constant)
    return true
  }

  /// `$(NAME)`, `$(call`, `$@`.
  private mutating func lexMakeVariable(_ bytes: Span<UInt8>) -> Bool {
    let next = byte(bytes, at + 1)
    guard next == "(" || next == "{" else {
      guard next != 0, !next.isBlank else { return false }
      take(to: at + 2, .constant)
      return true
    }
    let closer = next == "(" ? UInt8(ascii: ")") : UInt8(ascii: "}")
    var place = at + 2
    while place < end, bytes[place].continuesName || bytes[place] == "-" || bytes[place] == "." {
      place += 1
    }
    if byte(bytes, place) == closer {
      take(to: place + 1, .constant)
    } else if byte(bytes, place) == ":" {
      take(to: place, .constant)
    } else {
      at += 2
      take(to: place, .function)
    }
    return true
  }

  /// `:name`, `:@name`, `:[]=`, and the colon of `:"name"`.
  private mutating func lexSymbol(_ bytes: Span<UInt8>) -> Bool {
    let before = byte(bytes, at - 1)
    guard before != ":", !before.continuesName, before != "\"", before != "'" else { return false }
    var name = at + 1
    while byte(bytes, name) == "@", name < at + 3 { name += 1 }
    var place = name
    let first = byte(bytes, name)
    if first.startsName {
      place = nameEnd(bytes, name)
      let last = byte(bytes, place)
      if last == "?" || last == "!" || last == "=" && !isOperator(byte(bytes, place + 1)) {
        place += 1
      }
    } else if first == "\"" || first == "'" {
      guard name == at + 1, before != ")", before != "]" else { return false }
    } else {
      // An operator's name, where no operand follows it.
      while place < end, place < name + 3, isOperator(bytes[place]) { place += 1 }
      guard place > name, before != ")", before != "]", before != "}" else { return false }
      switch byte(bytes, place) {
      case 0, " ", ",", ")", "]", "}": break
      default: return false
      }
    }
    take(to: place, .constant)
    return true
  }

  /// `$'`, `$"` and other variables whose name is a sign.
  private mutating func lexSignVariable(_ bytes: Span<UInt8>) -> Bool {
    let next = byte(bytes, at + 1)
    guard next > 0x20, next < 0x7F, !next.continuesName else { return false }
    at += 2
    return true
  }

  private func isOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case "+", "-", "*", "/", "%", "<", ">", "=", "!", "~", "&", "|", "^", "[", "]": true
    default: false
    }
  }

  /// `?x`, a character's code.
  private mutating func lexCharacterCode(_ bytes: Span<UInt8>) -> Bool {
    let next = byte(bytes, at + 1)
    guard next > 0x20, !isOperand(bytes, before: at) else { return false }
    take(to: min(at + (next == "\\" ? 3 : 2), end), .number)
    return true
  }

  /// `- (type)name` and `+ (type)name`, which declare a method.
  private mutating func lexMethodMark(_ bytes: Span<UInt8>) -> Bool {
    guard isFirst(bytes, at) else { return false }
    var place = skippingBlanks(bytes, at + 1)
    guard byte(bytes, place) == "(" else { return false }
    var depth = 0
    while place < end {
      if bytes[place] == "(" { depth += 1 }
      if bytes[place] == ")" {
        depth -= 1
        if depth == 0 {
          declaredAt = skippingBlanks(bytes, place + 1)
          break
        }
      }
      place += 1
    }
    at += 1
    return true
  }

  /// `?>`, which goes back to the text the PHP stands in.
  private mutating func lexPHPEnd(_ bytes: Span<UInt8>) -> Bool {
    take(to: at + 2, .preprocessor)
    if let top = frames.last, top.kind == .code, top.language == .phpCode, top.tag == 0 {
      frames.removeLast()
      findElementEnd(bytes)
    }
    return true
  }

  /// `[name]`, alone on its line.
  private mutating func lexSection(_ bytes: Span<UInt8>) -> Bool {
    guard isFirst(bytes, at) else { return false }
    var place = end
    while place > at, bytes[place - 1].isBlank { place -= 1 }
    if let comment = (at..<end).first(where: { bytes[$0] == "#" && bytes[$0 - 1].isBlank }) {
      place = comment
      while place > at, bytes[place - 1].isBlank { place -= 1 }
    }
    guard place > at + 1, bytes[place - 1] == "]" else { return false }
    for inner in at..<place where bytes[inner] == "," { return false }
    take(to: place, .keyword)
    return true
  }
}
