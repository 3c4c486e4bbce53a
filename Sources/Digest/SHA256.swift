// SHA-256 over bytes, from libcrypto (which libcurl brings along anyway).

import CCrypto

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits wherever it is shown or recorded.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes of the digest.
  package let bytes: [UInt8]

  /// Returns the digest of `content`. O(bytes).
  package static func of(_ content: some Sequence<UInt8>) -> SHA256Digest {
    let message = Array(content)
    var digest = [UInt8](repeating: 0, count: 32)
    _ = SHA256(message, message.count, &digest)
    return SHA256Digest(bytes: digest)
  }

  /// Returns the digest written in `hex`, or nil when that is not 64 lower-case hexadecimal digits.
  package init?(hex: String) {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in hex.utf8 {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    guard high == nil, bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package var description: String { hex }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }
}
