// One cell of the screen: a base scalar with at most two combining marks, and a style.

/// One screen cell.
///
/// A double-width glyph takes two cells: the glyph itself and a right half after it. Only `Grid`
/// makes right halves, so the two never come apart.
package struct Cell: Hashable, Sendable {
  package var style: Style
  /// Base and marks in 21 bits each; all ones in the right half of a wide glyph.
  private let glyph: UInt64

  /// Makes a cell that shows `base` with up to two combining marks.
  ///
  /// A base that takes no column of its own is replaced by U+FFFD: a cell that starts with a
  /// zero-width scalar corrupts its row in ncurses. Marks that are not zero-width are left out.
  package init(
    _ base: Unicode.Scalar, _ first: Unicode.Scalar? = nil, _ second: Unicode.Scalar? = nil,
    style: Style = Style()
  ) {
    var glyph = UInt64(DisplayWidth.of(base) > 0 ? base.value : 0xFFFD)
    var shift: UInt64 = 21
    for case .some(let mark) in [first, second] where DisplayWidth.of(mark) == 0 {
      glyph |= UInt64(mark.value) << shift
      shift += 21
    }
    self.glyph = glyph
    self.style = style
  }

  /// Makes a cell of one printable ASCII character, without a look at the width table.
  package init(ascii: UInt8, style: Style) {
    self.glyph = UInt64(ascii >= 0x20 && ascii < 0x7F ? UInt32(ascii) : 0xFFFD)
    self.style = style
  }

  private init(glyph: UInt64, style: Style) {
    self.glyph = glyph
    self.style = style
  }

  /// Returns an empty cell.
  package static func blank(_ style: Style = Style()) -> Cell {
    Cell(glyph: 0x20, style: style)
  }

  /// Returns the second cell of a double-width glyph.
  static func rightHalf(_ style: Style) -> Cell {
    Cell(glyph: .max, style: style)
  }

  /// Whether this is the second cell of a double-width glyph, which shows nothing of its own.
  package var isRightHalf: Bool { glyph == .max }

  /// The scalar drawn; a blank in a right half.
  package var base: Unicode.Scalar {
    isRightHalf ? " " : Self.scalar(glyph & 0x1F_FFFF)
  }

  /// The combining marks on the base, in order.
  package var marks: (first: Unicode.Scalar?, second: Unicode.Scalar?) {
    guard !isRightHalf, glyph >> 21 != 0 else { return (nil, nil) }
    let second = glyph >> 42
    return (
      Self.scalar(glyph >> 21 & 0x1F_FFFF),
      second == 0 ? nil : Self.scalar(second)
    )
  }

  /// Columns this cell's glyph takes: 1, 2, or 0 for a right half.
  package var width: Int {
    if isRightHalf { return 0 }
    if glyph < 0x7F { return 1 }
    let base = base
    if case .spacing(let width) = ScalarVisibility.of(base) { return width }
    return DisplayWidth.of(base)
  }

  /// The base and its marks as text; empty in a right half.
  package var text: String {
    guard !isRightHalf else { return "" }
    var text = String(Character(base))
    for case .some(let mark) in [marks.first, marks.second] { text.unicodeScalars.append(mark) }
    return text
  }

  private static func scalar(_ value: UInt64) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(UInt32(value)) else {
      preconditionFailure("a cell holds only scalars that were put into it")
    }
    return scalar
  }
}
