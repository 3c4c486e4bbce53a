// What a grammar table can say about string literals.

/// One kind of string literal.
struct StringRule: Sendable {
  var open: String
  var close: String
  /// Words that can stand right before the opening delimiter, in lower case, matched in any case.
  var prefixes = ""
  /// Whether one of the prefixes has to be there.
  var needsPrefix = false
  var fence = Fence.none
  var escape = Escape.backslash
  var interpolation: Interpolation = []
  var kind = TokenKind.string
  /// Whether it goes on after the end of a line.
  var spansLines = false
  /// A backslash at the end of the line continues it.
  var continues = false
  /// No string at all when it does not close on its line, as an apostrophe in prose.
  var mustClose = false
}

/// The part of a delimiter that the writer chooses.
enum Fence: Hashable, Sendable {
  case none
  /// Any number of the byte before `open` and after `close` (Swift, Rust).
  case around(UInt8)
  /// Any number of the byte between two brackets (Lua): `[==[`, `]==]`.
  case between(UInt8)
  /// Any number of further quotes, three or more in all (C#).
  case run
  /// A tag between `open` and a parenthesis (C++): `R"tag(`, `)tag"`.
  case parenthesis
  /// A tag between two dollars (PostgreSQL).
  case dollar
}

enum Escape: Hashable, Sendable {
  case none
  case backslash
  case backtick
  /// The closing delimiter twice.
  case doubling
}

/// What inside a string is code again.
struct Interpolation: OptionSet, Hashable, Sendable {
  let rawValue: UInt16
  /// `\(code)`, with the string's fence after the backslash (Swift).
  static let escapedParenthesis = Interpolation(rawValue: 1 << 0)
  /// `${code}`
  static let dollarBrace = Interpolation(rawValue: 1 << 1)
  /// `$name`
  static let dollarName = Interpolation(rawValue: 1 << 2)
  /// `$(code)`
  static let dollarParenthesis = Interpolation(rawValue: 1 << 3)
  /// `#{code}`
  static let hashBrace = Interpolation(rawValue: 1 << 4)
  /// `{code}`, and `{{` is a brace
  static let brace = Interpolation(rawValue: 1 << 5)
  /// `{$code}`
  static let braceDollar = Interpolation(rawValue: 1 << 6)
  /// `<?php code ?>`
  static let phpTag = Interpolation(rawValue: 1 << 7)

  /// `$(NAME)`, `${NAME}` and `$@` (make)
  static let makeName = Interpolation(rawValue: 1 << 8)

  static let shell: Interpolation = [.dollarBrace, .dollarName, .dollarParenthesis]
}
