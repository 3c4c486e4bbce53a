// Untrusted bytes as something that can be shown: a lazy sequence of glyph runs.
//
// The mapping from bytes to glyphs is injective, already without looking at styles:
// - what has no glyph of its own is spelled `<U+202E>` or `<FF>`, and a `<` in the source that would
//   start the same spelling is itself spelled `<U+003C>`;
// - a tab is a sign and blanks up to its stop; the sign in the source is spelled out where exactly
//   those blanks follow it;
// - a blank at the end of the line is a sign; the sign in the source is spelled out where it stands
//   among the last blanks, or right before them;
// - the carriage return at the end of the line is a sign that is always spelled out in the source.
// On top of that the notation has an ink that no other text has.

/// Untrusted bytes of one line (or label), to be drawn as what they are.
///
/// The bytes are those of a line without its line feed; a line feed inside is spelled out like any
/// control. Making one costs no more than a look at the last blanks; runs are found lazily.
package struct SafeText: Sendable {
  /// Which blanks are marked by a sign.
  package enum BlankMarks: Hashable, Sendable { case trailing, all, none }

  /// How text is laid out.
  package struct Options: Hashable, Sendable {
    /// Columns from one tab stop to the next: 1 to 64.
    package var tabWidth: Int
    /// Which blanks get a sign. With `.none` text and the same text with blanks after it look alike.
    package var blankMarks: BlankMarks

    package init(tabWidth: Int = 8, blankMarks: BlankMarks = .trailing) {
      self.tabWidth = min(64, max(1, tabWidth))
      self.blankMarks = blankMarks
    }
  }

  /// A place between two runs: where scanning can be taken up again.
  package struct Position: Hashable, Sendable {
    /// Bytes from the start of the text.
    package let byteOffset: Int
    /// Columns from the start of the unwrapped line.
    package let column: Int

    package init(byteOffset: Int, column: Int) {
      self.byteOffset = byteOffset
      self.column = column
    }

    package static let start = Position(byteOffset: 0, column: 0)
  }

  /// Signs for a tab, a marked blank and the carriage return that ends a line.
  package static let tabSign: Unicode.Scalar = "→"
  package static let blankSign: Unicode.Scalar = "·"
  package static let carriageReturnSign: Unicode.Scalar = "␍"

  package let bytes: ArraySlice<UInt8>
  package let options: Options
  /// Offset from which blanks count as last in the line.
  let blankTailStart: Int

  /// How many bytes at the end of a line are looked at for blanks to mark.
  private static let longestBlankTail = 4096

  package init(_ bytes: ArraySlice<UInt8>, options: Options = Options()) {
    self.bytes = bytes
    self.options = options
    blankTailStart = options.blankMarks == .trailing ? Self.blankTailStart(of: bytes) : bytes.count
  }

  package init(_ bytes: [UInt8], options: Options = Options()) {
    self.init(bytes[...], options: options)
  }

  /// Makes safe text of a string that may hold anything: a path, a message of a server.
  package init(_ text: String, options: Options = Options()) {
    self.init(Array(text.utf8)[...], options: options)
  }

  /// Returns the runs from `position` on. Each step is O(1) but for tabs' and notation's look-ahead.
  ///
  /// - Precondition: `position` is the start, or came from this text with these options.
  package func glyphs(from position: Position = .start) -> GlyphRuns {
    GlyphRuns(self, from: position)
  }

  /// Returns the start of the run that covers `column`, or the end of the text when it is shorter.
  ///
  /// O(bytes from `position`); printable ASCII costs about a nanosecond per byte.
  package func position(ofColumn column: Int, from position: Position = .start) -> Position {
    var runs = glyphs(from: position)
    while true {
      runs.skipPlainASCII(toColumn: column)
      let here = runs.position
      guard here.column < column, let run = runs.next() else { return here }
      if run.column + run.width > column { return here }
    }
  }

  /// Columns of the whole text. O(bytes).
  package var width: Int { position(ofColumn: .max).column }

  /// Returns where the blanks (and blank signs) at the end of the line start, a final carriage
  /// return not counted.
  private static func blankTailStart(of bytes: ArraySlice<UInt8>) -> Int {
    var end = bytes.endIndex
    if bytes.last == 0x0D { end -= 1 }
    let limit = max(bytes.startIndex, end - longestBlankTail)
    while end > limit {
      let byte = bytes[end - 1]
      if byte == 0x20 || byte == 0x09 {
        end -= 1
      } else if byte == 0xB7, end - 1 > limit, bytes[end - 2] == 0xC2 {
        end -= 2
      } else {
        break
      }
    }
    return end - bytes.startIndex
  }
}
