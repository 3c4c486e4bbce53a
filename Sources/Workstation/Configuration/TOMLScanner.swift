// The letters of TOML 1.0: blanks, keys, strings, numbers, each with its line.

import AuditLog

/// A position in a TOML text, and the readers of what cannot contain other values.
struct TOMLScanner {
  private let bytes: [UInt8]
  private(set) var offset = 0
  /// The 1-based line of `offset`.
  private(set) var line = 1

  /// - Throws: when `bytes` are not UTF-8 or hold a control character that TOML forbids.
  init(_ bytes: [UInt8]) throws(TOMLError) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
    guard String(validating: self.bytes, as: UTF8.self) != nil else {
      throw TOMLError(line: 1, expected: "UTF-8 throughout", found: "other bytes")
    }
    var line = 1
    for (index, byte) in self.bytes.enumerated() {
      let isLineEnd = byte == 0x0D && self.bytes[index...].dropFirst().first == 0x0A
      guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == 0x0A || isLineEnd else {
        let found = "the control character \(DisplayedBytes.text(of: [byte]))"
        throw TOMLError(line: line, expected: "text", found: found)
      }
      if byte == 0x0A { line += 1 }
    }
  }

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  func follows(_ text: StaticString) -> Bool {
    bytes[offset...].starts(with: text.description.utf8)
  }

  mutating func accept(_ text: StaticString) -> Bool {
    guard follows(text) else { return false }
    for _ in 0..<text.utf8CodeUnitCount { advance() }
    return true
  }

  mutating func expect(_ text: StaticString, within: String) throws(TOMLError) {
    guard accept(text) else { throw unexpected("\"\(text)\" in \(within)") }
  }

  mutating func skipBlanks() {
    while next == 0x20 || next == 0x09 { advance() }
  }

  /// Skips blanks, comments and line ends.
  mutating func skipLines() {
    while true {
      skipBlanks()
      if next == UInt8(ascii: "#") { skipComment() }
      guard accept("\n") || accept("\r\n") else { return }
    }
  }

  /// Skips to the next line; only a comment may be in between.
  mutating func expectLineEnd(after what: String) throws(TOMLError) {
    skipBlanks()
    if next == UInt8(ascii: "#") { skipComment() }
    guard next == nil || accept("\n") || accept("\r\n") else {
      throw unexpected("the end of the line after \(what)")
    }
  }

  // MARK: Keys

  /// Reads `a."b".c` as its parts.
  mutating func dottedKey() throws(TOMLError) -> [String] {
    var parts: [String] = []
    while true {
      skipBlanks()
      parts.append(try simpleKey())
      skipBlanks()
      guard accept(".") else { return parts }
    }
  }

  private mutating func simpleKey() throws(TOMLError) -> String {
    if follows("\"") { return try basicString() }
    if follows("'") { return try literalString() }
    let key = takeWhile(TOMLScanner.isBareKey)
    guard !key.isEmpty else { throw unexpected("a key") }
    return key
  }

  // MARK: Strings

  mutating func string() throws(TOMLError) -> String {
    if accept("\"\"\"") { return try multiLine(closing: "\"\"\"", hasEscapes: true) }
    if accept("'''") { return try multiLine(closing: "'''", hasEscapes: false) }
    return follows("'") ? try literalString() : try basicString()
  }

  private mutating func basicString() throws(TOMLError) -> String {
    advance()
    var content: [UInt8] = []
    while let byte = next, byte != 0x0A, byte != 0x0D {
      if accept("\"") { return String(decoding: content, as: UTF8.self) }
      if accept("\\") {
        content += try escape().utf8
      } else {
        content.append(byte)
        advance()
      }
    }
    throw unexpected("a closing quote")
  }

  private mutating func literalString() throws(TOMLError) -> String {
    advance()
    let content = takeWhile { $0 != UInt8(ascii: "'") && $0 != 0x0A && $0 != 0x0D }
    guard accept("'") else { throw unexpected("a closing quote") }
    return content
  }

  private mutating func multiLine(closing: StaticString, hasEscapes: Bool) throws(TOMLError)
    -> String
  {
    if !accept("\n") { _ = accept("\r\n") }
    var content: [UInt8] = []
    while let byte = next {
      if follows(closing) {
        // Up to two quotes may stand directly before the closing ones.
        var quoteCount = 0
        while quoteCount < 5, next == byte {
          advance()
          quoteCount += 1
        }
        content += [UInt8](repeating: byte, count: quoteCount - 3)
        return String(decoding: content, as: UTF8.self)
      }
      if hasEscapes, accept("\\") {
        if !skipFoldedLineEnd() { content += try escape().utf8 }
      } else {
        content.append(byte)
        advance()
      }
    }
    throw unexpected("closing quotes")
  }

  /// After a backslash: skips a line end and all blanks up to the next text, when that is what
  /// follows.
  private mutating func skipFoldedLineEnd() -> Bool {
    let start = self
    skipBlanks()
    guard accept("\n") || accept("\r\n") else {
      self = start
      return false
    }
    while next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D { advance() }
    return true
  }

  private mutating func escape() throws(TOMLError) -> String {
    if accept("b") { return "\u{8}" }
    if accept("t") { return "\t" }
    if accept("n") { return "\n" }
    if accept("f") { return "\u{C}" }
    if accept("r") { return "\r" }
    if accept("\"") { return "\"" }
    if accept("\\") { return "\\" }
    let length = accept("u") ? 4 : accept("U") ? 8 : 0
    guard length > 0 else { throw unexpected("one of btnfr\"\\uU after a backslash") }
    var value: UInt32 = 0
    for _ in 0..<length {
      guard let digit = next, let bits = Character(Unicode.Scalar(digit)).hexDigitValue else {
        throw unexpected("\(length) hexadecimal digits")
      }
      value = value << 4 | UInt32(bits)
      advance()
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw TOMLError(line: line, expected: "a Unicode scalar", found: String(value, radix: 16))
    }
    return String(Character(scalar))
  }

  // MARK: Words

  /// Reads a boolean, number, date or time.
  mutating func word() throws(TOMLError) -> TOMLValue {
    let start = offset
    var word = takeWhile(TOMLScanner.isInWord)
    // A blank may stand between a date and a time.
    if TOMLWord.isDate(word), next == 0x20,
      bytes[(offset + 1)...].first.map(TOMLScanner.isDigit) ?? false
    {
      advance()
      word += " " + takeWhile(TOMLScanner.isInWord)
    }
    guard let value = TOMLWord.value(of: word) else {
      offset = start
      throw word.isEmpty
        ? unexpected("a value")
        : TOMLError(
          line: line, expected: "a value (text needs quotes)",
          found: "\"\(DisplayedBytes.text(of: word.utf8, limit: 40))\"")
    }
    return value
  }

  // MARK: Bytes

  func unexpected(_ expected: String) -> TOMLError {
    let found: String
    switch next {
    case nil: found = "the end of the file"
    case 0x0A, 0x0D: found = "the end of the line"
    case .some:
      let scalar = String(decoding: bytes[offset...].prefix(4), as: UTF8.self).unicodeScalars
        .prefix(1)
      found = "\"\(DisplayedBytes.text(of: String(scalar).utf8))\""
    }
    return TOMLError(line: line, expected: expected, found: found)
  }

  private mutating func advance() {
    if bytes[offset] == 0x0A { line += 1 }
    offset += 1
  }

  private mutating func skipComment() {
    while let byte = next, byte != 0x0A, byte != 0x0D { advance() }
  }

  private mutating func takeWhile(_ belongs: (UInt8) -> Bool) -> String {
    let start = offset
    while let byte = next, belongs(byte) { advance() }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isBareKey(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// Whether `byte` may stand in a number, date or time.
  private static func isInWord(_ byte: UInt8) -> Bool {
    isBareKey(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: ":")
  }
}
