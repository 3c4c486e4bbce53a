// How a line falls into words, runs of blanks and single signs.

/// Splits a line into the tokens that pairing and intra-line spans compare.
///
/// A token is an identifier (letters, digits, `_`, every byte from 0x80), a run of blanks, or one other byte. Tokens cover the line.
enum WordTokens {
  static func ranges(in line: ArraySlice<UInt8>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = line.startIndex
    while start < line.endIndex {
      let kind = Kind(line[start])
      var end = start + 1
      if kind != .sign {
        while end < line.endIndex, Kind(line[end]) == kind { end += 1 }
      }
      result.append(start..<end)
      start = end
    }
    return result
  }

  private enum Kind {
    case word, blank, sign

    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
        self = .word
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 13: self = .blank
      default: self = .sign
      }
    }
  }
}
