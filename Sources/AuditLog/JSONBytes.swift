// How bytes that need not be text (paths, file content) travel inside JSON.

extension JSONValue {
  /// Returns `bytes` as a JSON value that `bytesValue` reads back unchanged.
  ///
  /// Well-formed UTF-8 becomes a plain string; anything else becomes `{"b64": "…"}` with padded
  /// base64 (RFC 4648, section 4). Each byte string has exactly one such value. O(bytes).
  package static func bytes(_ bytes: some Collection<UInt8>) -> JSONValue {
    let content = Array(bytes)
    if let text = JSONText(validating: content) { return .string(text) }
    return .object(JSONObject([("b64", .string(JSONText(Base64.encoded(content))))]))
  }

  /// The bytes that `bytes(_:)` was given, or nil when this is not a value that it returns.
  package var bytesValue: [UInt8]? {
    switch self {
    case .string(let text):
      return text.utf8
    case .object(let object):
      guard object.count == 1, let digits = object["b64"]?.textValue,
        let bytes = Base64.decoded(digits.utf8), JSONText(validating: bytes) == nil
      else { return nil }
      return bytes
    case .null, .bool, .integer, .array:
      return nil
    }
  }
}

/// Padded base64 with the standard alphabet.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encoded(_ bytes: [UInt8]) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      var bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      bits <<= UInt32(8 * (3 - group.count))
      for place in 0..<4 {
        let digit = Int(bits >> UInt32(18 - 6 * place)) & 63
        digits.append(place <= group.count ? alphabet[digit] : UInt8(ascii: "="))
      }
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// Returns nil unless `digits` is exactly what `encoded(_:)` writes for some bytes.
  static func decoded(_ digits: [UInt8]) -> [UInt8]? {
    guard digits.count.isMultiple(of: 4) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 4 * 3)
    for start in stride(from: 0, to: digits.count, by: 4) {
      let group = digits[start..<start + 4]
      let padding = group.reversed().prefix { $0 == UInt8(ascii: "=") }.count
      guard padding <= 2, padding == 0 || start + 4 == digits.count else { return nil }
      var bits: UInt32 = 0
      for digit in group.dropLast(padding) {
        guard let value = value(of: digit) else { return nil }
        bits = bits << 6 | value
      }
      bits <<= UInt32(6 * padding)
      let unused = UInt32(1) << UInt32(8 * padding) - 1
      guard bits & unused == 0 else { return nil }
      for place in 0..<(3 - padding) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place)))
      }
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
