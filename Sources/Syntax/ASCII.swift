// Bytes compared with character literals, and the few classes of ASCII bytes every grammar shares.

@inline(__always)
func == (byte: UInt8, scalar: Unicode.Scalar) -> Bool { UInt32(byte) == scalar.value }

@inline(__always)
func != (byte: UInt8, scalar: Unicode.Scalar) -> Bool { UInt32(byte) != scalar.value }

@inline(__always)
func ~= (scalar: Unicode.Scalar, byte: UInt8) -> Bool { UInt32(byte) == scalar.value }

extension UInt8 {
  @inline(__always) var isBlank: Bool { self == " " || self == "\t" }

  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }

  @inline(__always) var isUpperCase: Bool { self &- 0x41 < 26 }

  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

  /// A letter, an underscore, or a part of a character outside ASCII.
  @inline(__always) var startsName: Bool { isLetter || self == "_" || self >= 0x80 }

  @inline(__always) var continuesName: Bool { startsName || isDigit }

  @inline(__always) var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }

  @inline(__always) var lowerCased: UInt8 { isUpperCase ? self | 0x20 : self }
}

/// Up to eight bytes to look for, in one word, so that tables of them need no reference counting.
struct Literal: Hashable, Sendable {
  private let packed: UInt64
  let count: Int

  /// - Precondition: `text` has at most eight UTF-8 bytes; it comes from a grammar table.
  init(_ text: String) {
    precondition(text.utf8.count <= 8, "a delimiter in a grammar table is too long: \(text)")
    packed = text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    count = text.utf8.count
  }

  var first: UInt8 { UInt8(truncatingIfNeeded: packed) }

  /// Whether the literal is at `place`, before `end`.
  @inline(__always)
  func matches(_ bytes: Span<UInt8>, at place: Int, before end: Int) -> Bool {
    guard place >= 0, end - place >= count else { return false }
    var rest = packed
    for offset in 0..<count {
      if bytes[place + offset] != UInt8(truncatingIfNeeded: rest) { return false }
      rest >>= 8
    }
    return true
  }

  /// As `matches`, with the letters of the text in either case.
  ///
  /// - Precondition: the literal's own letters are lower case.
  func matchesIgnoringCase(_ bytes: Span<UInt8>, at place: Int, before end: Int) -> Bool {
    guard end - place >= count else { return false }
    var rest = packed
    for offset in 0..<count {
      if bytes[place + offset].lowerCased != UInt8(truncatingIfNeeded: rest) { return false }
      rest >>= 8
    }
    return true
  }
}
