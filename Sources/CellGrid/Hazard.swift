// What in untrusted bytes can deceive the eye, for the gates in front of an approval.

/// Characters in a text that can deceive the eye.
package struct Hazard: Hashable, Sendable {
  /// Classes of deceiving characters.
  package enum Kind: UInt8, CaseIterable, Sendable {
    case null
    case bidiControl
    /// A carriage return that no line feed follows.
    case loneCarriageReturn
    /// Other C0 controls, DEL and C1 controls; not tab and line feed.
    case control
    /// Variation selectors 17 and up, which can carry hidden bytes.
    case variationSelector
    /// Tag characters outside the flag of a region.
    case tagCharacter
    /// Letters and symbols that fonts draw as nothing.
    case blankGlyph
    case zeroWidth
    case privateUse
  }

  /// What a hazard asks of the reviewer.
  package enum Severity: UInt8, Comparable, Sendable {
    /// A keystroke of its own.
    case warn
    /// A typed acknowledgement.
    case block

    package static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  package let kind: Kind
  /// Where the characters are, counted from the start of the bytes looked at.
  package let bytes: Range<Int>
  /// The first of the characters.
  package let scalar: Unicode.Scalar

  package var severity: Severity {
    switch kind {
    case .zeroWidth, .privateUse: .warn
    case .null, .bidiControl, .loneCarriageReturn, .control, .variationSelector, .tagCharacter,
      .blankGlyph:
      .block
    }
  }
}

extension SafeText {
  /// Returns what in `bytes` can deceive the eye, in order; neighbours of one kind are one hazard.
  ///
  /// `bytes` may be a line, with or without its line feed, or a whole file. Invalid UTF-8 is no
  /// hazard of its own: it is drawn as what it is. O(bytes).
  ///
  /// - Parameter lineFeedFollows: whether a carriage return in the last place ends a line, as in a
  ///   line given without its line feed.
  package static func hazards(
    in bytes: ArraySlice<UInt8>, lineFeedFollows: Bool = true
  ) -> [Hazard] {
    var hazards: [Hazard] = []
    var index = bytes.startIndex
    var flagEnd = index
    while index < bytes.endIndex {
      let byte = bytes[index]
      if (byte >= 0x20 && byte < 0x7F) || byte == 0x09 || byte == 0x0A {
        index += 1
        continue
      }
      guard let (scalar, length) = UTF8Reader.scalar(in: bytes, at: index) else {
        index += 1
        continue
      }
      let start = index - bytes.startIndex
      index += length
      if scalar.value == 0x1F3F4 { flagEnd = endOfFlag(in: bytes, at: index) }
      if scalar.value == 0x0D {
        let followed = index < bytes.endIndex ? bytes[index] == 0x0A : lineFeedFollows
        if followed { continue }
      }
      guard let kind = hazardKind(of: scalar) else { continue }
      if kind == .tagCharacter, index <= flagEnd { continue }
      let range = start..<start + length
      if let last = hazards.last, last.kind == kind, last.bytes.upperBound == start {
        hazards[hazards.count - 1] = Hazard(
          kind: kind, bytes: last.bytes.lowerBound..<range.upperBound, scalar: last.scalar)
      } else {
        hazards.append(Hazard(kind: kind, bytes: range, scalar: scalar))
      }
    }
    return hazards
  }

  /// Returns where the tags of a region's flag end that start at `index`, right after the black
  /// flag; `index` itself when they are no such flag (three to six letters or digits and an end).
  private static func endOfFlag(in bytes: ArraySlice<UInt8>, at index: Int) -> Int {
    var position = index
    var tagCount = 0
    while position < bytes.endIndex,
      let (scalar, length) = UTF8Reader.scalar(in: bytes, at: position)
    {
      position += length
      switch scalar.value {
      case 0xE0030...0xE0039 where tagCount < 6,
        0xE0061...0xE007A where tagCount < 6:
        tagCount += 1
      case 0xE007F where tagCount >= 3: return position
      default: return index
      }
    }
    return index
  }

  private static func hazardKind(of scalar: Unicode.Scalar) -> Hazard.Kind? {
    switch scalar.value {
    case 0: return .null
    case 0x0D: return .loneCarriageReturn
    case 1..<0x20, 0x7F..<0xA0: return .control
    case 0x202A...0x202E, 0x2066...0x2069: return .bidiControl
    case 0xFE00...0xFE0F: return nil
    case 0xE0100...0xE01EF: return .variationSelector
    case 0xE0000...0xE007F: return .tagCharacter
    case 0xE000...0xF8FF, 0xF0000...0x10FFFF: return .privateUse
    case 0x200B...0x200F, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB: return .zeroWidth
    case let value where ScalarVisibility.isBlankGlyph(value): return .blankGlyph
    case 0x80...: return scalar.properties.isDefaultIgnorableCodePoint ? .zeroWidth : nil
    default: return nil
    }
  }
}
