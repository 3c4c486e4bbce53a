// Finding, inside strings and heredocs, the places where code begins again.

/// What a byte inside a string turned out to begin.
enum InterpolationHit {
  /// Text of the string after all.
  case text(Int)
  /// A variable by name.
  case name(Int)
  /// Code up to a closing bracket.
  case code(Int, closer: UInt8)
  /// PHP up to its closing tag.
  case php(Int)
}

extension LineLexer {
  /// What begins at `at` in a string with such `kinds` of code in it; the numbers are lengths.
  func interpolation(
    _ bytes: Span<UInt8>, _ kinds: Interpolation, fence: Int
  ) -> InterpolationHit? {
    let next = byte(bytes, at + 1)
    switch bytes[at] {
    case "\\":
      guard kinds.contains(.escapedParenthesis) else { return nil }
      var place = at + 1
      while place - at - 1 < fence, byte(bytes, place) == "#" { place += 1 }
      guard place - at - 1 == fence else { return nil }
      if byte(bytes, place) == "(" {
        return .code(place + 1 - at, closer: UInt8(ascii: ")"))
      }
      return .text(min(place + 1, end) - at)
    case "$":
      if kinds.contains(.makeName) { return makeName(bytes, next) }
      if next == "{", kinds.contains(.dollarBrace) { return .code(2, closer: UInt8(ascii: "}")) }
      if next == "(", kinds.contains(.dollarParenthesis) {
        return .code(2, closer: UInt8(ascii: ")"))
      }
      guard kinds.contains(.dollarName) else { return nil }
      if next.startsName { return .name(nameEnd(bytes, at + 1) - at) }
      return kinds.contains(.dollarParenthesis) && isShellParameter(next) ? .name(2) : nil
    case "#":
      return next == "{" && kinds.contains(.hashBrace)
        ? .code(2, closer: UInt8(ascii: "}")) : nil
    case "{":
      if kinds.contains(.brace) {
        return next == "{" ? .text(2) : .code(1, closer: UInt8(ascii: "}"))
      }
      return next == "$" && kinds.contains(.braceDollar)
        ? .code(1, closer: UInt8(ascii: "}")) : nil
    case "<":
      let length = phpOpening(bytes)
      return length > 0 && kinds.contains(.phpTag) ? .php(length) : nil
    default: return nil
    }
  }

  /// What `$` and `next` begin in a string of make.
  private func makeName(_ bytes: Span<UInt8>, _ next: UInt8) -> InterpolationHit? {
    switch next {
    case "(", "{":
      var place = at + 2
      while place < end, bytes[place].continuesName || bytes[place] == "-" || bytes[place] == "." {
        place += 1
      }
      guard place > at + 2, byte(bytes, place) == (next == "(" ? ")" : "}") else { return nil }
      return .name(place + 1 - at)
    case "@", "<", "^", "*", "?": return .name(2)
    case "$": return .text(2)
    default: return nil
    }
  }

  /// The length of the PHP opening tag at `at`, or 0.
  func phpOpening(_ bytes: Span<UInt8>) -> Int {
    guard byte(bytes, at) == "<", byte(bytes, at + 1) == "?" else { return 0 }
    if byte(bytes, at + 2) == "=" { return 3 }
    return Literal("php").matchesIgnoringCase(bytes, at: at + 2, before: end) ? 5 : 0
  }

  /// Whether `$` and this byte are a parameter of the shell.
  func isShellParameter(_ byte: UInt8) -> Bool {
    switch byte {
    case "@", "*", "#", "?", "-", "$", "!": true
    default: byte.isDigit
    }
  }
}
