// One cluster of safe text: what is drawn for a few source bytes.

/// What is drawn for a run of source bytes: a letter with its marks, or a sign or notation that
/// stands for bytes that cannot be drawn.
package struct GlyphRun: Hashable, Sendable {
  /// What kind of drawing stands for the bytes.
  package enum Kind: UInt8, Sendable {
    /// The source's own glyph, with up to two combining marks.
    case plain
    /// `<U+202E>`: a scalar that has no trustworthy glyph of its own.
    case escapedScalar
    /// `<FF>`: a byte that is not UTF-8.
    case escapedByte
    /// A sign and blanks up to the next tab stop.
    case tab
    /// A sign for a blank at the end of the line, or for any blank when all are marked.
    case blank
    /// A sign for the carriage return that ends the line.
    case carriageReturn
  }

  package let kind: Kind
  /// The scalar or byte that the run stands for; of a plain run the base scalar.
  package let value: UInt32
  /// Combining marks of a plain run; 0 where there is none.
  let firstMark: UInt32
  let secondMark: UInt32
  /// Source bytes, counted from the start of the text.
  package let source: Range<Int>
  /// Column of the first cell, counted from the start of the unwrapped line.
  package let column: Int
  /// Columns taken: at least 1.
  package let width: Int

  init(
    _ kind: Kind, _ value: UInt32, marks: (UInt32, UInt32) = (0, 0), source: Range<Int>,
    column: Int, width: Int
  ) {
    self.kind = kind
    self.value = value
    (firstMark, secondMark) = marks
    self.source = source
    self.column = column
    self.width = width
  }

  /// The columns the run takes in the unwrapped line.
  package var columns: Range<Int> { column..<column + width }

  /// Whether the run is the source's own glyph rather than something that stands for it.
  package var isPlain: Bool { kind == .plain }

  /// The scalars drawn, tab blanks included; their widths add up to `width`.
  package var text: String {
    var text = ""
    var offset = 0
    while offset < width {
      let cell = cell(at: offset, style: Style())
      text.unicodeScalars.append(contentsOf: cell.text.unicodeScalars)
      offset += max(1, cell.width)
    }
    return text
  }

  /// Returns the cell `offset` columns into the run. A wide plain run has one cell, at 0.
  ///
  /// Notation is painted in ink `.escaped` and signs in ink `.faint`, on the ground of `style`;
  /// plain glyphs never get ink `.escaped`.
  func cell(at offset: Int, style: Style) -> Cell {
    switch kind {
    case .plain:
      let style = style.ink == .escaped ? style.with(.plain) : style
      if value < 0x7F, firstMark == 0 { return Cell(ascii: UInt8(value), style: style) }
      return Cell(
        Self.scalar(value), firstMark == 0 ? nil : Self.scalar(firstMark),
        secondMark == 0 ? nil : Self.scalar(secondMark), style: style)
    case .escapedScalar, .escapedByte:
      return Cell(ascii: Self.notation(kind, value, width, offset), style: style.with(.escaped))
    case .tab:
      return offset == 0 ? Cell(SafeText.tabSign, style: style.with(.faint)) : .blank(style)
    case .blank:
      return Cell(SafeText.blankSign, style: style.with(.faint))
    case .carriageReturn:
      return Cell(SafeText.carriageReturnSign, style: style.with(.faint))
    }
  }

  /// Columns of the notation for a scalar: `<U+` and `>` around four to six digits.
  static func notationWidth(_ value: UInt32) -> Int {
    value > 0xFFFFF ? 10 : value > 0xFFFF ? 9 : 8
  }

  private static func notation(_ kind: Kind, _ value: UInt32, _ width: Int, _ offset: Int) -> UInt8
  {
    let prefix = kind == .escapedByte ? 1 : 3
    switch offset {
    case 0: return UInt8(ascii: "<")
    case width - 1: return UInt8(ascii: ">")
    case 1 where prefix == 3: return UInt8(ascii: "U")
    case 2 where prefix == 3: return UInt8(ascii: "+")
    default:
      let digit = UInt8(value >> UInt32(4 * (width - 2 - offset)) & 0xF)
      return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
  }

  private static func scalar(_ value: UInt32) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else {
      preconditionFailure("a run holds only scalars that were decoded")
    }
    return scalar
  }
}
