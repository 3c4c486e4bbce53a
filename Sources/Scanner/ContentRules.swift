// Rules that need more than one keyword on one line: encoded runs.

enum BlobRules {
  static let base64Length = 200
  static let hexLength = 256

  /// Returns the rule that a long encoded run on the line sets off. Only lines of that length are looked at.
  ///
  /// Pictures, fonts and source maps in data URLs are left to the rules on long lines.
  static func rule(for line: ArraySlice<UInt8>, language: Languages) -> TextRule? {
    guard line.count >= base64Length, language != .lockfile else { return nil }
    var run = Run()
    var escapes = 0
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == UInt8(ascii: "\\"), index + 3 < line.endIndex,
        line[index + 1] == UInt8(ascii: "x"),
        isHex(line[index + 2]), isHex(line[index + 3])
      {
        escapes += 1
        if escapes * 4 >= hexLength / 2 { return .longHex }
        run = Run()
        index += 4
        continue
      }
      escapes = 0
      if isBase64(byte) {
        run.take(byte)
        if run.count >= hexLength, run.isHex { return .longHex }
      } else {
        if run.looksLikeBase64, !isInDataURL(line, endingAt: index, run.count) {
          return .longBase64
        }
        run = Run()
      }
      index += 1
    }
    return run.looksLikeBase64 && !isInDataURL(line, endingAt: index, run.count) ? .longBase64 : nil
  }

  private static func isInDataURL(
    _ line: ArraySlice<UInt8>, endingAt end: Int, _ count: Int
  ) -> Bool {
    let before = line[max(line.startIndex, end - count - 80)..<end - count].asciiLowercased
    return before.hasSuffix(";base64,")
      && ["data:image/", "data:font/", "data:application/json", "data:application/font"].contains {
        before.contains($0)
      }
  }

  private struct Run {
    var count = 0
    var isHex = true
    private var upper = 0
    private var lower = 0
    private var digits = 0
    private var slashes = 0

    mutating func take(_ byte: UInt8) {
      count += 1
      switch byte {
      case 0x41...0x5A: upper += 1
      case 0x61...0x7A: lower += 1
      case 0x30...0x39: digits += 1
      default: slashes += 1
      }
      if isHex, !BlobRules.isHex(byte) { isHex = false }
    }

    /// Long, and mixed as random bytes are: words, paths and numbers are not.
    var looksLikeBase64: Bool {
      count >= BlobRules.base64Length && upper * 6 > count && lower * 6 > count
        && digits * 20 > count && slashes * 12 < count
    }
  }

  static func isHex(_ byte: UInt8) -> Bool {
    RuleLine.isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
  private static func isBase64(_ byte: UInt8) -> Bool {
    RuleLine.isLetter(byte) || RuleLine.isDigit(byte) || "+/-_".utf8.contains(byte)
  }
}
