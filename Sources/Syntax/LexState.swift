// What the end of a line leaves open for the next one.

/// The lexer's state between two lines: open comments, strings and embedded code, outermost first.
///
/// Two equal states lead to equal tokens for equal lines from there on.
package struct LexState: Hashable, Sendable {
  var frames: [Frame] = []
  /// Whether a line was too long to be followed to its end, so that nothing is known about what is
  /// open; the lines after it stay plain.
  package internal(set) var isUnknown = false

  /// The state before the first line of a file.
  package init() {}
}

/// One open construct.
struct Frame: Hashable, Sendable {
  enum Kind: UInt8 {
    /// Code of `language` until `tag`, a closing bracket, at depth 0; no bracket when `tag` is 0.
    /// A `rule` other than 0 says what else ends it; see `DollarLexing`.
    case code
    /// The string rule `rule`; `count` and `tag` tell its delimiter where that varies.
    case string
    /// The block comment rule `rule`, nested `count` deep.
    case blockComment
    /// A line comment whose line ended in a backslash.
    case lineComment
    /// Text between brackets, or up to a byte; see `Delimited`.
    case delimited
    /// Lines up to one that is a tag with the length `count` and the hash `tag`; see `Heredoc`.
    case heredoc
    /// A line goes on that began before, in a language whose lines begin with a command.
    case continuation
    /// The inside of a markup tag; `rule` tells what its text holds.
    case tag
    /// The text of a `script` or `style` element, whose code lies above it.
    case element
    /// A Markdown code fence of `count` bytes `tag`, whose code lies above it.
    case fence
    /// Lines that the preprocessor leaves out, within `count` conditions.
    case disabled
    /// The inside of a JSX tag.
    case jsxTag
    /// The text in `count` JSX elements.
    case jsxText
    /// A YAML block scalar below a line that is indented by `count`.
    case scalar
  }

  var kind: Kind
  var language: Language
  var rule: UInt8 = 0
  var count: UInt16 = 0
  var tag: UInt32 = 0
}
