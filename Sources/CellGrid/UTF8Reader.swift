// Strict UTF-8 decoding of one scalar at a time.

/// Decodes UTF-8 as the Unicode standard defines it: no overlong forms, no surrogates, nothing
/// beyond U+10FFFF.
enum UTF8Reader {
  /// Returns the scalar that starts at `index` and its length in bytes, or nil when the bytes
  /// there are no scalar.
  static func scalar(
    in bytes: ArraySlice<UInt8>, at index: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let first = bytes[index]
    let length: Int
    var value: UInt32
    let smallest: UInt32
    switch first {
    case 0..<0x80: return (Unicode.Scalar(first), 1)
    case 0xC2..<0xE0: (length, value, smallest) = (2, UInt32(first & 0x1F), 0x80)
    case 0xE0..<0xF0: (length, value, smallest) = (3, UInt32(first & 0x0F), 0x800)
    case 0xF0..<0xF5: (length, value, smallest) = (4, UInt32(first & 0x07), 0x10000)
    default: return nil
    }
    guard index + length <= bytes.endIndex else { return nil }
    for position in index + 1..<index + length {
      let byte = bytes[position]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, length)
  }
}
