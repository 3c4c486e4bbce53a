// Characters that can make added text look like something else, found in one pass over the bytes.

/// The kinds of hazard on a line; each is the rule of its name.
struct TextHazards: OptionSet {
  let rawValue: UInt32
  static let bidi = TextHazards(rawValue: 1 << 0)
  static let loneCarriageReturn = TextHazards(rawValue: 1 << 1)
  static let backspace = TextHazards(rawValue: 1 << 2)
  static let control = TextHazards(rawValue: 1 << 3)
  static let nul = TextHazards(rawValue: 1 << 4)
  static let variationSelector = TextHazards(rawValue: 1 << 5)
  static let tag = TextHazards(rawValue: 1 << 6)
  static let blankGlyph = TextHazards(rawValue: 1 << 7)
  static let zeroWidth = TextHazards(rawValue: 1 << 8)
  static let mixedScript = TextHazards(rawValue: 1 << 9)
  static let privateUse = TextHazards(rawValue: 1 << 10)
  static let formFeed = TextHazards(rawValue: 1 << 11)
  static let invalidUTF8 = TextHazards(rawValue: 1 << 12)

  static let table: [(hazard: TextHazards, rule: TextRule)] = [
    (.bidi, .bidi), (.loneCarriageReturn, .carriageReturn), (.backspace, .backspace),
    (.control, .control), (.nul, .nul), (.variationSelector, .variationSelector), (.tag, .tag),
    (.blankGlyph, .blankGlyph), (.zeroWidth, .zeroWidth), (.mixedScript, .mixedScript),
    (.privateUse, .privateUse), (.formFeed, .formFeed), (.invalidUTF8, .invalidUTF8),
  ]

  /// Returns the gravest rule that a path sets off by its characters; what is merely not UTF-8 is spelled on the screen and no more.
  static func rule(forPath path: [UInt8]) -> TextRule? {
    let hazards = of(path[...], isFirstLine: false)
    let severities = table.filter { hazards.contains($0.hazard) }.map(\.rule.severity)
    switch severities.max() {
    case .block: return .deceptivePath
    case .warn: return .ambiguousPath
    case .note, nil: return nil
    }
  }

  /// Returns the hazards of a line without its terminator. O(bytes), one table look-up for each ASCII byte.
  static func of(_ line: ArraySlice<UInt8>, isFirstLine: Bool) -> TextHazards {
    var hazards: TextHazards = []
    var isASCII = true
    let bytes = line.span
    for index in bytes.indices {
      let byte = bytes[index]
      if byte >= 0x80 {
        isASCII = false
      } else if byte < 0x20 || byte == 0x7F {
        hazards.formUnion(ofControl(byte))
      }
    }
    if !isASCII { hazards.formUnion(ofScalars(line, isFirstLine: isFirstLine)) }
    return hazards
  }

  private static func ofControl(_ byte: UInt8) -> TextHazards {
    switch byte {
    case 0: .nul
    case 0x08: .backspace
    case 0x09: []
    case 0x0C: .formFeed
    case 0x0D: .loneCarriageReturn
    default: .control
    }
  }

  private static func ofScalars(_ line: ArraySlice<UInt8>, isFirstLine: Bool) -> TextHazards {
    var hazards: TextHazards = []
    guard String(validating: line, as: UTF8.self) != nil else {
      hazards.insert(.invalidUTF8)
      return hazards.union(
        ofScalars(Array(String(decoding: line, as: UTF8.self).unicodeScalars), isFirstLine))
    }
    return ofScalars(Array(String(decoding: line, as: UTF8.self).unicodeScalars), isFirstLine)
  }

  private static func ofScalars(_ scalars: [Unicode.Scalar], _ isFirstLine: Bool) -> TextHazards {
    var hazards: TextHazards = []
    var flagEnd = 0
    for (index, scalar) in scalars.enumerated() {
      let value = scalar.value
      guard value >= 0x80 else { continue }
      switch value {
      case 0x80...0x9F: hazards.insert(.control)
      case 0x202A...0x202E, 0x2066...0x2069: hazards.insert(.bidi)
      case 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x16FE4, 0x1D159:
        hazards.insert(.blankGlyph)
      case 0xE0100...0xE01EF: hazards.insert(.variationSelector)
      case 0xFE00...0xFE0F: hazards.formUnion(ofSelector(scalars, index))
      case 0x1F3F4: flagEnd = endOfFlag(scalars, index)
      // With the tags, what stands between and after the selectors: nobody draws it either.
      case 0xE0000...0xE0FFF:
        if index >= flagEnd { hazards.insert(.tag) }
      case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: hazards.insert(.privateUse)
      case 0xFEFF where isFirstLine && index == 0: break
      case 0x200C, 0x200D:
        if !isJoinerInText(scalars, index) { hazards.insert(.zeroWidth) }
      // The separators of lines and paragraphs too: some languages end a comment there.
      case 0x00AD, 0x034F, 0x061C, 0x180B...0x180F, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029,
        0x2060...0x2065, 0x206A...0x206F, 0xFEFF, 0xFFF0...0xFFFB, 0x1BCA0...0x1BCA3,
        0x1D173...0x1D17A:
        hazards.insert(.zeroWidth)
      default: break
      }
    }
    if ScriptMixture.isPresent(in: scalars) { hazards.insert(.mixedScript) }
    return hazards
  }

  /// One selector after a symbol or an ideograph is ordinary, and so is a digit that becomes a key; a row of them carries
  /// hidden bytes, and on a letter of code one makes two words differ.
  private static func ofSelector(_ scalars: [Unicode.Scalar], _ index: Int) -> TextHazards {
    guard index > 0 else { return .zeroWidth }
    switch scalars[index - 1].value {
    case 0xFE00...0xFE0F: return .variationSelector
    case 0x23, 0x2A, 0x30...0x39: return []
    case 0..<0x80: return .zeroWidth
    default: return []
    }
  }

  /// The tags of the flags that fonts draw: England, Scotland and Wales. Any others would be drawn as a black flag alone.
  private static let flags = ["gbeng", "gbsct", "gbwls"].map { region in
    region.unicodeScalars.map { 0xE0000 + $0.value } + [0xE007F]
  }

  /// Returns where the flag that starts with the black flag at `index` ends.
  private static func endOfFlag(_ scalars: [Unicode.Scalar], _ index: Int) -> Int {
    let tags = scalars[(index + 1)...].prefix(6)
    let isFlag = flags.contains { tags.elementsEqual($0) { $0.value == $1 } }
    return isFlag ? index + 7 : index + 1
  }

  /// Joiners shape emoji sequences and the scripts of the Middle East and India; anywhere else they hide.
  private static func isJoinerInText(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    guard index > 0 else { return false }
    let before = scalars[index - 1].value
    if (0x0600...0x0DFF).contains(before) { return true }
    guard index + 1 < scalars.count else { return false }
    let after = scalars[index + 1].value
    let isEmoji = { (value: UInt32) in
      value >= 0x1F000 || (0x2190...0x2BFF).contains(value) || value == 0xFE0F
    }
    return isEmoji(before) && isEmoji(after)
  }
}

/// Identifiers of two scripts, one of which looks like the other.
enum ScriptMixture {
  /// Whether some identifier mixes Latin letters with letters that are drawn like Latin ones.
  static func isPresent(in scalars: [Unicode.Scalar]) -> Bool {
    var hasLatin = false
    var hasLookAlike = false
    var index = 0
    while index < scalars.count {
      let value = scalars[index].value
      if value == 0x5C || value == 0x25 {
        // An escape (`\n`, `\u041f`) or a format (`%s`) is no part of the word after it.
        (hasLatin, hasLookAlike) = (false, false)
        index = endOfEscape(scalars, index)
        continue
      }
      switch script(of: value) {
      case .latin: hasLatin = true
      case .lookAlike: hasLookAlike = true
      case .neutral: break
      case .separator: (hasLatin, hasLookAlike) = (false, false)
      }
      if hasLatin && hasLookAlike { return true }
      index += 1
    }
    return false
  }

  private enum Script { case latin, lookAlike, neutral, separator }

  private static func script(of value: UInt32) -> Script {
    switch value {
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F: .latin
    case 0x30...0x39, 0x5F: .neutral
    case 0..<0x80: .separator
    // Cyrillic, Armenian, Cherokee, Coptic, Lisu; Greek only where it is drawn like Latin, for formulas mix the two.
    case 0x400...0x52F, 0x531...0x587, 0x13A0...0x13FD, 0x2C80...0x2CF3, 0xA4D0...0xA4F7: .lookAlike
    case 0x391, 0x392, 0x395...0x397, 0x399, 0x39A, 0x39C, 0x39D, 0x39F, 0x3A1, 0x3A4, 0x3A5, 0x3A7,
      0x3BF, 0x3F2, 0x3F3:
      .lookAlike
    case 0xFF21...0xFF3A, 0xFF41...0xFF5A, 0x1D400...0x1D7FF: .lookAlike
    case 0x2000...0x2BFF, 0x3000...0x303F, 0xA0...0xBF: .separator
    default: .neutral
    }
  }

  private static func endOfEscape(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
    guard start + 1 < scalars.count else { return start + 1 }
    var index = start + 2
    let letter = scalars[start + 1]
    guard scalars[start] == "\\", letter == "u" || letter == "x" || letter == "U" else {
      return index
    }
    let limit = min(scalars.count, index + 8)
    while index < limit, scalars[index].properties.isASCIIHexDigit { index += 1 }
    return index
  }
}
