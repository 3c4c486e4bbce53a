// The scanner that turns bytes into glyph runs, one at a time.

/// The glyph runs of a text, found lazily.
package struct GlyphRuns: Sequence, IteratorProtocol {
  private let text: SafeText
  private let start: Int
  private let count: Int
  private var offset: Int
  private var column: Int

  init(_ text: SafeText, from position: SafeText.Position) {
    self.text = text
    start = text.bytes.startIndex
    count = text.bytes.count
    offset = position.byteOffset
    column = position.column
  }

  /// Where the next run starts.
  package var position: SafeText.Position {
    SafeText.Position(byteOffset: offset, column: column)
  }

  package mutating func next() -> GlyphRun? {
    guard offset < count else { return nil }
    let byte = self.byte(offset)
    if Self.isOrdinary(byte), offset + 1 == count || self.byte(offset + 1) < 0x80 {
      return take(.plain, UInt32(byte), bytes: 1, width: 1)
    }
    switch byte {
    case 0x20:
      let isMarked =
        switch text.options.blankMarks {
        case .all: true
        case .trailing: offset >= text.blankTailStart
        case .none: false
        }
      return take(isMarked ? .blank : .plain, 0x20, bytes: 1, width: 1)
    case 0x09:
      return take(.tab, 0x09, bytes: 1, width: columnsToTabStop)
    case 0x0D where offset + 1 == count:
      return take(.carriageReturn, 0x0D, bytes: 1, width: 1)
    case UInt8(ascii: "<") where notationFollows:
      return takeEscaped(UInt32(byte), bytes: 1)
    default:
      return nextScalar()
    }
  }

  /// Skips runs of ordinary ASCII as long as they end at or before `column`.
  mutating func skipPlainASCII(toColumn target: Int) {
    let longest = Swift.min(
      count - offset, Swift.max(0, target - column), text.blankTailStart - offset)
    guard longest > 1 else { return }
    // The last byte is left to `next`: a combining mark may follow it.
    var end = start + offset
    let limit = end + longest - 1
    while end < limit {
      let byte = text.bytes[end]
      guard Self.isOrdinary(byte) || (byte == 0x20 && text.options.blankMarks != .all) else {
        break
      }
      end += 1
    }
    if end < start + count, text.bytes[end] >= 0x80, end > start + offset { end -= 1 }
    column += end - start - offset
    offset = end - start
  }

  private mutating func nextScalar() -> GlyphRun {
    guard let (scalar, length) = UTF8Reader.scalar(in: text.bytes, at: start + offset) else {
      return take(.escapedByte, UInt32(byte(offset)), bytes: 1, width: 4)
    }
    guard case .spacing(let width) = ScalarVisibility.of(scalar), !isAmbiguousSign(scalar, length)
    else { return takeEscaped(scalar.value, bytes: length) }
    var end = offset + length
    var marks: (UInt32, UInt32) = (0, 0)
    while end < count, byte(end) >= 0x80, marks.1 == 0,
      let (mark, markLength) = UTF8Reader.scalar(in: text.bytes, at: start + end),
      joins(mark, to: scalar)
    {
      if marks.0 == 0 { marks.0 = mark.value } else { marks.1 = mark.value }
      end += markLength
    }
    return take(.plain, scalar.value, marks: marks, bytes: end - offset, width: width)
  }

  private func joins(_ mark: Unicode.Scalar, to base: Unicode.Scalar) -> Bool {
    switch ScalarVisibility.of(mark) {
    case .mark: true
    case .hangulPart: ScalarVisibility.takesHangulParts(base)
    case .spacing, .hidden: false
    }
  }

  /// Whether `scalar` is one of our signs at a place where it would look like what the sign stands
  /// for.
  private func isAmbiguousSign(_ scalar: Unicode.Scalar, _ length: Int) -> Bool {
    switch scalar {
    case SafeText.carriageReturnSign:
      return true
    case SafeText.blankSign:
      switch text.options.blankMarks {
      case .all: return true
      // The sign right before the tail too: where the search for blanks ended at its limit, it
      // would read as one more blank.
      case .trailing: return offset + length >= text.blankTailStart
      case .none: return false
      }
    case SafeText.tabSign:
      let first = offset + length
      let last = first + columnsToTabStop - 1
      return last <= count && (first..<last).allSatisfy { byte($0) == 0x20 }
    default:
      return false
    }
  }

  /// Whether the `<` at the current offset would read as the start of our own notation.
  private var notationFollows: Bool {
    let digits = { (from: Int, most: Int) -> Int in
      var length = 0
      while length < most, from + length < count, Self.isHexDigit(byte(from + length)) {
        length += 1
      }
      return length
    }
    let isClosed = { (at: Int) in at < count && byte(at) == UInt8(ascii: ">") }
    guard offset + 3 < count else { return false }
    if byte(offset + 1) == UInt8(ascii: "U"), byte(offset + 2) == UInt8(ascii: "+") {
      let length = digits(offset + 3, 6)
      return length >= 4 && isClosed(offset + 3 + length)
    }
    return digits(offset + 1, 2) == 2 && isClosed(offset + 3)
  }

  private var columnsToTabStop: Int {
    text.options.tabWidth - column % text.options.tabWidth
  }

  private func byte(_ offset: Int) -> UInt8 { text.bytes[start + offset] }

  /// Whether a byte is printable ASCII that is always drawn as itself.
  private static func isOrdinary(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "<")
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  private mutating func takeEscaped(_ value: UInt32, bytes: Int) -> GlyphRun {
    take(.escapedScalar, value, bytes: bytes, width: GlyphRun.notationWidth(value))
  }

  private mutating func take(
    _ kind: GlyphRun.Kind, _ value: UInt32, marks: (UInt32, UInt32) = (0, 0), bytes: Int, width: Int
  ) -> GlyphRun {
    let run = GlyphRun(
      kind, value, marks: marks, source: offset..<offset + bytes, column: column, width: width)
    offset += bytes
    column += width
    return run
  }
}
