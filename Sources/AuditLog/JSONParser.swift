// The strict reader behind `CanonicalJSON.value(of:)`: one pass over the bytes, no look-behind.

struct JSONParser {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func document() throws(CanonicalJSONError) -> JSONValue {
    if let damage = firstDamage() {
      throw CanonicalJSONError(offset: damage, problem: .notUTF8)
    }
    let value = try value(depth: 0)
    skipBlanks()
    guard offset == bytes.count else { throw unexpected("the end", within: "the text") }
    return value
  }

  private mutating func value(depth: Int) throws(CanonicalJSONError) -> JSONValue {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "t"): return try word("true", meaning: .bool(true))
    case UInt8(ascii: "f"): return try word("false", meaning: .bool(false))
    case UInt8(ascii: "n"): return try word("null", meaning: .null)
    case UInt8(ascii: "-"): return .integer(try integer())
    case let digit? where isDigit(digit): return .integer(try integer())
    default: throw unexpected("a value", within: depth == 0 ? "the text" : "an array or object")
    }
  }

  private mutating func object(depth: Int) throws(CanonicalJSONError) -> JSONObject {
    try CanonicalJSON.checkDepth(depth, at: offset)
    offset += 1
    var object = JSONObject()
    skipBlanks()
    if accept("}") { return object }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key", within: "an object") }
      let keyOffset = offset
      let key = try text()
      guard object[key] == nil else {
        throw CanonicalJSONError(offset: keyOffset, problem: .duplicateKey(key))
      }
      skipBlanks()
      guard accept(":") else { throw unexpected("a colon", within: "an object") }
      object[key] = try value(depth: depth)
      skipBlanks()
      if accept("}") { return object }
      guard accept(",") else { throw unexpected("a comma or a brace", within: "an object") }
    }
  }

  private mutating func array(depth: Int) throws(CanonicalJSONError) -> [JSONValue] {
    try CanonicalJSON.checkDepth(depth, at: offset)
    offset += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if accept("]") { return elements }
    while true {
      elements.append(try value(depth: depth))
      skipBlanks()
      if accept("]") { return elements }
      guard accept(",") else { throw unexpected("a comma or a bracket", within: "an array") }
    }
  }

  private mutating func integer() throws(CanonicalJSONError) -> Int64 {
    let start = offset
    let isNegative = accept("-")
    let digitsStart = offset
    while let digit = next, isDigit(digit) { offset += 1 }
    let digits = bytes[digitsStart..<offset]
    guard let first = digits.first else { throw unexpected("a digit", within: "a number") }
    if first == UInt8(ascii: "0"), digits.count > 1 {
      offset = digitsStart + 1
      throw unexpected("no digit after a leading zero", within: "a number")
    }
    let isFraction = [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(next)
    let isMinusZero = isNegative && first == UInt8(ascii: "0")
    guard !isFraction, !isMinusZero else {
      throw CanonicalJSONError(offset: start, problem: .notWhole)
    }
    let spelling = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let number = Int64(spelling), JSONValue.integerRange.contains(number) else {
      throw CanonicalJSONError(offset: start, problem: .numberOutOfRange(spelling))
    }
    return number
  }

  private mutating func text() throws(CanonicalJSONError) -> JSONText {
    offset += 1
    var content: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return JSONText(String(decoding: content, as: UTF8.self))
      case UInt8(ascii: "\\"):
        try escape(into: &content)
      case 0..<0x20:
        throw unexpected("an escape for a control character", within: "a string")
      default:
        content.append(byte)
        offset += 1
      }
    }
    throw unexpected("a closing quote", within: "a string")
  }

  private mutating func escape(into content: inout [UInt8]) throws(CanonicalJSONError) {
    let start = offset
    offset += 1
    let plain: UInt8
    switch next {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = bytes[offset]
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "t"): plain = 0x09
    case UInt8(ascii: "n"): plain = 0x0A
    case UInt8(ascii: "f"): plain = 0x0C
    case UInt8(ascii: "r"): plain = 0x0D
    case UInt8(ascii: "u"):
      content += String(Character(try escapedScalar(start: start))).utf8
      return
    default: throw unexpected("one of \"\\/bfnrtu", within: "an escape")
    }
    content.append(plain)
    offset += 1
  }

  /// Reads `uXXXX`, or a surrogate pair of two such escapes, with `offset` at the first `u`.
  private mutating func escapedScalar(start: Int) throws(CanonicalJSONError) -> Unicode.Scalar {
    let unit = try escapedUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let broken = CanonicalJSONError(offset: start, problem: .unpairedSurrogate)
    guard (0xD800..<0xDC00).contains(unit), accept("\\"), next == UInt8(ascii: "u") else {
      throw broken
    }
    let low = try escapedUnit()
    guard (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw broken }
    return scalar
  }

  private mutating func escapedUnit() throws(CanonicalJSONError) -> UInt32 {
    offset += 1
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = next, let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
        throw unexpected("a hexadecimal digit", within: "an escape")
      }
      unit = unit << 4 | UInt32(value)
      offset += 1
    }
    return unit
  }

  private mutating func word(_ word: StaticString, meaning: JSONValue) throws(CanonicalJSONError)
    -> JSONValue
  {
    for letter in word.description.utf8 {
      guard next == letter else { throw unexpected("\"\(word)\"", within: "a value") }
      offset += 1
    }
    return meaning
  }

  // MARK: Bytes

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      offset += 1
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func unexpected(_ expected: String, within: String) -> CanonicalJSONError {
    CanonicalJSONError(
      offset: offset, problem: .unexpected(found: next, expected: expected, within: within))
  }

  /// The offset of the first byte that does not belong to a well-formed scalar.
  private func firstDamage() -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var decoder = UTF8()
    var remaining = bytes.makeIterator()
    var position = 0
    while case .scalarValue(let scalar) = decoder.decode(&remaining) {
      position += UTF8.width(scalar)
    }
    return position
  }
}
