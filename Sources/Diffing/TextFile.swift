// The content of one version of a file, as bytes with a line table.

/// Bytes of a file and where its lines begin.
///
/// Lines end at LF only (a CR stays with its line), so every byte sequence has exactly one reading and joining the lines gives the bytes
/// back. Line numbers are 0-based here and 1-based wherever they are shown.
package struct TextFile: Sendable, Equatable {
  package let bytes: [UInt8]
  /// Byte offsets at which lines begin, ascending, followed by `bytes.count`.
  private let lineStarts: [UInt32]

  package init(_ bytes: [UInt8]) {
    precondition(bytes.count <= UInt32.max, "a text file of 4 GB or more")
    self.bytes = bytes
    var starts: [UInt32] = []
    starts.reserveCapacity(bytes.count / Self.usualLineLength + 2)
    starts.append(0)
    LineFeeds.forEachWord(of: bytes) { offset, feeds in
      var feeds = feeds
      while feeds != 0 {
        starts.append(UInt32(truncatingIfNeeded: offset + feeds.trailingZeroBitCount / 8 + 1))
        feeds &= feeds - 1
      }
    }
    if Int(starts[starts.count - 1]) != bytes.count { starts.append(UInt32(bytes.count)) }
    // Copied into the room it needs: two thousand files stay in memory.
    var exact: [UInt32] = []
    exact.reserveCapacity(starts.count)
    exact.append(contentsOf: starts)
    lineStarts = exact
  }

  /// In bytes; a guess, for the room to begin with.
  private static let usualLineLength = 24

  package static let empty = TextFile([])

  package var lineCount: Int { lineStarts.count - 1 }

  /// The line with its terminator, if it has one.
  package func line(_ index: Int) -> ArraySlice<UInt8> {
    bytes[Int(lineStarts[index])..<Int(lineStarts[index + 1])]
  }

  /// The line without its LF; a CR before it stays.
  package func lineContent(_ index: Int) -> ArraySlice<UInt8> {
    let whole = line(index)
    return whole.last == UInt8(ascii: "\n") ? whole.dropLast() : whole
  }

  /// The bytes of consecutive lines, terminators included.
  package func lines(_ range: Range<Int>) -> ArraySlice<UInt8> {
    bytes[Int(lineStarts[range.lowerBound])..<Int(lineStarts[range.upperBound])]
  }

  /// The file with other lines in the place of `range`; they get an end where lines follow that must not join them.
  package func replacing(_ range: Range<Int>, with text: [UInt8]) -> [UInt8] {
    let after = lines(range.upperBound..<lineCount)
    let joins = text.last.map { $0 != UInt8(ascii: "\n") } ?? false
    return lines(0..<range.lowerBound) + text
      + (joins && !after.isEmpty ? [UInt8(ascii: "\n")] : [])
      + after
  }

  /// Where the line begins, in bytes from the start of the file.
  package func byteOffset(ofLine index: Int) -> Int { Int(lineStarts[index]) }

  /// Whether the last line ends with LF; an empty file counts as ended.
  package var endsWithNewline: Bool { bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true }

  package static func == (left: TextFile, right: TextFile) -> Bool { left.bytes == right.bytes }
}

/// Finds line feeds eight bytes at a time: every file of a proposal is read through by this.
private enum LineFeeds {
  /// Calls `body` with the offset of every eight bytes and a word with the highest bit of each line feed among them, the first lowest.
  static func forEachWord(of bytes: [UInt8], _ body: (Int, UInt64) -> Void) {
    let span = bytes.span
    let raw = unsafe span.bytes
    let (low, high, ones) = (
      0x7F7F_7F7F_7F7F_7F7F as UInt64, 0x8080_8080_8080_8080 as UInt64,
      0x0101_0101_0101_0101 as UInt64
    )
    let feeds = UInt64(UInt8(ascii: "\n")) * ones
    var offset = 0
    while offset + 8 <= span.count {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let difference = UInt64(littleEndian: word) ^ feeds
      // No carry leaves a byte, so that the bit is set for a byte of zeros and for no other.
      let found = ~((difference & low) + low | difference) & high
      if found != 0 { body(offset, found) }
      offset += 8
    }
    var found: UInt64 = 0
    for index in offset..<span.count where span[index] == UInt8(ascii: "\n") {
      found |= 0x80 << UInt64((index - offset) * 8)
    }
    if found != 0 { body(offset, found) }
  }
}
