// What a cell means: the role of its glyph, the role of its ground, and emphasis. A theme turns
// these into colours; nothing else in the program knows a colour.

/// The role of a glyph.
package enum Ink: UInt8, CaseIterable, Sendable {
  case plain, faint, strong, accent
  case added, removed
  case approved, rejected, undecided
  case warning, alert
  case key, title
  /// The notation of `SafeText` (`<U+202E>`, `<FF>`); no other text is ever painted with it.
  case escaped
  case comment, keyword, type, string, number, function, constant, preprocessor
}

/// The role of the area a glyph stands on.
package enum Ground: UInt8, CaseIterable, Sendable {
  case plain
  case added, addedSpan, removed, removedSpan, filler
  case cursor, selection
  case header, footer, panel, input
  case match, alert
}

/// Attributes on top of a role. Reverse is exclusive-or: twice reverse is not reverse.
package struct Emphasis: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = Emphasis(rawValue: 1)
  package static let underline = Emphasis(rawValue: 2)
  package static let reverse = Emphasis(rawValue: 4)
  package static let faint = Emphasis(rawValue: 8)

  /// Returns both taken together: a union, but reversing what is reversed gives not reversed.
  package func combined(with other: Emphasis) -> Emphasis {
    let swapped = symmetricDifference(other).intersection(.reverse)
    return union(other).subtracting(.reverse).union(swapped)
  }
}

/// What one cell means: ink, ground and emphasis.
package struct Style: Hashable, Sendable {
  package var ink: Ink
  package var ground: Ground
  package var emphasis: Emphasis

  package init(_ ink: Ink = .plain, on ground: Ground = .plain, _ emphasis: Emphasis = []) {
    self.ink = ink
    self.ground = ground
    self.emphasis = emphasis
  }

  /// Returns this style with another ink.
  package func with(_ ink: Ink) -> Style {
    Style(ink, on: ground, emphasis)
  }

  /// Returns this style on another ground.
  package func on(_ ground: Ground) -> Style {
    Style(ink, on: ground, emphasis)
  }

  /// Returns this style with more emphasis.
  package func adding(_ emphasis: Emphasis) -> Style {
    Style(ink, on: ground, self.emphasis.combined(with: emphasis))
  }
}
