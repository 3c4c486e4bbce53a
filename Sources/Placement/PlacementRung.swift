// The rungs of the placement ladder, and what counts as the same line on each.

/// How an edit was located: the strictest comparison under which its quoted lines are found.
package enum PlacementRung: UInt8, CaseIterable, Sendable {
  /// The lines are equal, line endings aside.
  case exact
  /// Equal after trailing blanks.
  case trailingBlanks
  /// Also after folding typographic punctuation and odd spaces.
  case typography
  /// Equal after one constant shift of the indentation, which the replacement gets too.
  case indentation
  /// The block gives the file as a whole, or is about the file as a whole.
  case wholeFile
  /// The human chose the lines.
  case byHand

  /// The rungs that are tried, in order.
  static let ladder: [PlacementRung] = [.exact, .trailingBlanks, .typography, .indentation]

  /// Returns the form in which two lines are compared on this rung; lines come without their terminator.
  func normalised(_ line: ArraySlice<UInt8>) -> [UInt8] {
    switch self {
    case .exact, .wholeFile, .byHand: Array(line)
    case .trailingBlanks: Array(line.withoutTrailingBlanks)
    case .typography: Array(Typography.folded(line)[...].withoutTrailingBlanks)
    case .indentation: Array(line.withoutTrailingBlanks.withoutIndentation)
    }
  }

  /// The rung whose comparison tells which lines of SEARCH and REPLACE are the same.
  var comparisonWithinBlock: PlacementRung { self == .indentation ? .trailingBlanks : self }
}

/// Folding of the punctuation that models put in place of ASCII, on UTF-8 bytes.
enum Typography {
  /// Whether a line has nothing but blanks and odd spaces.
  static func isBlank(_ line: [UInt8]) -> Bool {
    PlacementRung.typography.normalised(line[...]).isEmpty
  }

  static func folded(_ line: ArraySlice<UInt8>) -> [UInt8] {
    guard line.contains(where: { $0 >= 0xC2 }) else { return Array(line) }
    var folded: [UInt8] = []
    folded.reserveCapacity(line.count)
    var index = line.startIndex
    while index < line.endIndex {
      let rest = line[index...].prefix(3)
      if let (sign, length) = sign(for: rest) {
        folded.append(sign)
        index += length
      } else {
        folded.append(line[index])
        index += 1
      }
    }
    return folded
  }

  /// U+2010–2015 and 2212 are hyphens, 2018–201B and 201C–201F quotes, 00A0, 2002–200A, 202F, 205F and 3000 spaces.
  private static func sign(for bytes: ArraySlice<UInt8>) -> (sign: UInt8, length: Int)? {
    let start = bytes.startIndex
    if bytes.startsWith("\u{A0}") { return (UInt8(ascii: " "), 2) }
    guard bytes.count == 3 else { return nil }
    switch (bytes[start], bytes[start + 1], bytes[start + 2]) {
    case (0xE2, 0x80, 0x90...0x95), (0xE2, 0x88, 0x92): return (UInt8(ascii: "-"), 3)
    case (0xE2, 0x80, 0x98...0x9B): return (UInt8(ascii: "'"), 3)
    case (0xE2, 0x80, 0x9C...0x9F): return (UInt8(ascii: "\""), 3)
    case (0xE2, 0x80, 0x82...0x8A), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return (UInt8(ascii: " "), 3)
    default: return nil
    }
  }
}
