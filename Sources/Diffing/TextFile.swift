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
    let span = bytes.span
    // Counted first: an array that grows by itself takes twice the room, and two thousand files stay in memory.
    var count = 0
    for index in span.indices where span[index] == UInt8(ascii: "\n") { count += 1 }
    var starts: [UInt32] = []
    starts.reserveCapacity(count + 2)
    starts.append(0)
    for index in span.indices where span[index] == UInt8(ascii: "\n") {
      starts.append(UInt32(index + 1))
    }
    if Int(starts[starts.count - 1]) != bytes.count { starts.append(UInt32(bytes.count)) }
    lineStarts = starts
  }

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

  /// Where the line begins, in bytes from the start of the file.
  package func byteOffset(ofLine index: Int) -> Int { Int(lineStarts[index]) }

  /// Whether the last line ends with LF; an empty file counts as ended.
  package var endsWithNewline: Bool { bytes.last.map { $0 == UInt8(ascii: "\n") } ?? true }

  package static func == (left: TextFile, right: TextFile) -> Bool { left.bytes == right.bytes }
}
