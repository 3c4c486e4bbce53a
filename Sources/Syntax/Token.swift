// What the lexer says about a piece of a line.

/// What a coloured piece of source text is; text of no kind is plain and has no token.
package enum TokenKind: UInt8, CaseIterable, Sendable {
  case comment, keyword, type, string, number, function, constant
  /// Directives, attributes, decorators and the like.
  case preprocessor
}

/// A coloured piece of one line.
package struct Token: Hashable, Sendable {
  private let start: UInt32
  private let end: UInt32
  package let kind: TokenKind

  /// - Precondition: `range` fits in 32 bits; the lexer colours no line that far.
  package init(range: Range<Int>, kind: TokenKind) {
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
    self.kind = kind
  }

  /// Byte offsets from the start of the line; never empty.
  package var range: Range<Int> { Int(start)..<Int(end) }
}
