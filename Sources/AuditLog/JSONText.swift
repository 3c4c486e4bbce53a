// A JSON string kept as UTF-8, compared byte for byte, because Swift's String compares canonically.

/// A piece of text that is valid UTF-8 and equal only to the very same bytes.
///
/// Order is that of RFC 8785 section 3.2.3: by UTF-16 code units, which differs from byte order
/// where a scalar above U+FFFF meets one from U+E000 to U+FFFF.
package struct JSONText: Hashable, Sendable, Comparable {
  /// The text as UTF-8, without escapes.
  package let utf8: [UInt8]

  package init(_ text: some StringProtocol) {
    utf8 = Array(text.utf8)
  }

  /// Returns nil when `bytes` is not well-formed UTF-8. O(bytes).
  package init?(validating bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    utf8 = bytes
  }

  /// The text as a `String`: for showing, not for comparing.
  package var string: String {
    String(decoding: utf8, as: UTF8.self)
  }

  package static func < (left: JSONText, right: JSONText) -> Bool {
    guard left.utf8.contains(where: isBeyondASCII) || right.utf8.contains(where: isBeyondASCII)
    else { return left.utf8.lexicographicallyPrecedes(right.utf8) }
    return left.string.utf16.lexicographicallyPrecedes(right.string.utf16)
  }

  private static func isBeyondASCII(_ byte: UInt8) -> Bool { byte >= 0x80 }
}

extension JSONText: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) {
    self.init(value)
  }
}
