// What a grammar table can say about a language: the words and delimiters that give it colour.

/// A language as data. Word lists are separated by blanks.
struct Grammar: Sendable {
  /// Names for code fences and mode lines, in lower case.
  var names: String
  /// File name endings after the last dot, in lower case.
  var endings = ""
  /// Endings that count only when the first line names no other program.
  var weakEndings = ""
  /// Whole file names, in lower case.
  var fileNames = ""
  /// Programs that a `#!` line can name.
  var interpreters = ""

  var shape = Shape.code
  var lineComments: [LineComment] = []
  var blockComments: [BlockComment] = []
  var strings: [StringRule] = []
  var sigils: [Sigil] = []
  var specials: [Special] = []
  var heuristics: Heuristics = []

  /// Bytes besides letters, digits, `_` and non-ASCII ones that a word can begin with, or contain.
  var wordStarts = ""
  var wordParts = ""
  var ignoresCase = false

  var keywords = ""
  /// Keywords only as the first word of a line.
  var lineStartKeywords = ""
  /// Those of all the words below that are what they are only before a name or a string on the
  /// same line, and else ordinary names: `open class`, but `open()`.
  var softKeywords = ""
  /// Keywords also after a member dot.
  var memberKeywords = ""
  /// Keywords after which a function is named, or a type.
  var functionIntroducers = ""
  var typeIntroducers = ""
  var types = ""
  var constants = ""
  var functions = ""
  var preprocessor = ""
}

/// How the lines of a language are read.
enum Shape: Sendable {
  case code, markup, stylesheet, yaml, markdown, diff
}

/// A mark that makes the rest of the line a comment, or whatever `kind` says.
struct LineComment: Sendable {
  var open: String
  var kind = TokenKind.comment
  /// Only at the start of a line or after a blank or one of `;&|(`.
  var needsBlankBefore = false
  /// Not when a symbol follows, which makes it an operator (Haskell).
  var refusesSymbolAfter = false
  /// A backslash at the end of the line continues it.
  var continues = false
  /// Ends it before the end of the line, and stays outside.
  var stop = ""
}

struct BlockComment: Sendable {
  var open: String
  /// Never found when empty: the comment goes on to the end of the file.
  var close: String
  var kind = TokenKind.comment
  var nests = false
  /// Open and close count at the very start of a line only, and take their whole line.
  var atLineStart = false
}

/// A leading byte that makes the word after it something of its own.
struct Sigil: Sendable {
  var lead: String
  /// Plain when absent; the word then is at least no keyword.
  var kind: TokenKind?
  /// Dots in the word belong to it.
  var isDotted = false
  var atLineStart = false
}

/// What grammars need besides tables; each is one small function of the lexer.
enum Special: UInt8, Sendable {
  /// A regular expression between slashes, where no operand comes before.
  case regex
  /// As `regex`, also after a word and a blank when no blank follows the slash (Ruby, Perl).
  case looseRegex
  case shellHeredoc, rubyHeredoc, perlHeredoc, phpHeredoc
  case percentLiteral, perlQuote, perlVariable
  /// A character in quotes, or a lifetime.
  case lifetime
  /// A character in quotes, or nothing.
  case character
  /// `#[...]`, over lines.
  case hashAttribute
  /// `#include` and its kin at the start of a line.
  case directive
  /// The same, with `#if 0` (C).
  case cDirective
  case shellVariable, makeVariable
  /// `~r/.../` and the like, and `?x` (Elixir).
  case elixirSigil, characterCode
  /// `[Name(...)]` at the start of a line (C#).
  case bracketAttribute
  /// `- (type)name` at the start of a line (Objective-C).
  case methodMark
  /// Code between two `$tag$`, or a string (PostgreSQL).
  case dollarBody
  /// `:name` (Ruby).
  case symbol
  /// `$'` and the like (Ruby).
  case signVariable
  case phpEnd, jsxTag
  /// `[name]` at the start of a line.
  case section
  /// A name between backticks.
  case quotedName
}

/// Guesses about words that are in no list.
struct Heuristics: OptionSet, Sendable {
  let rawValue: UInt32
  static let capitalisedTypes = Heuristics(rawValue: 1 << 0)
  static let upperCaseConstants = Heuristics(rawValue: 1 << 1)
  /// A word before `(` is a function.
  static let calls = Heuristics(rawValue: 1 << 2)
  /// Blanks may come before that `(`.
  static let spacedCalls = Heuristics(rawValue: 1 << 3)
  /// A capitalised word before `(` is a function too, not a type.
  static let callsOverTypes = Heuristics(rawValue: 1 << 4)
  /// `size_t` and such are types.
  static let underscoreT = Heuristics(rawValue: 1 << 5)
  /// `->` reaches a member as a dot does.
  static let arrowMembers = Heuristics(rawValue: 1 << 6)
  /// `name!` is a macro (Rust).
  static let bangMacros = Heuristics(rawValue: 1 << 7)
  /// A word can end in `?` or `!` (Ruby).
  static let bangNames = Heuristics(rawValue: 1 << 8)
  /// `name:` is a symbol (Ruby).
  static let labels = Heuristics(rawValue: 1 << 9)
  /// A name at the very start of a line declares a function (Haskell).
  static let signatures = Heuristics(rawValue: 1 << 10)
  /// A string before `:` is a key (JSON).
  static let stringKeys = Heuristics(rawValue: 1 << 11)
  /// Words before `=` at the start of a line are keys (TOML, INI).
  static let assignedKeys = Heuristics(rawValue: 1 << 12)
  /// Numbers can be dates and times.
  static let dates = Heuristics(rawValue: 1 << 13)
  /// `'` separates the digits of a number (C++).
  static let quoteSeparators = Heuristics(rawValue: 1 << 14)
  /// Targets before `:` and names before `=` begin a line (make).
  static let makeRules = Heuristics(rawValue: 1 << 15)
  /// A line that ends in a backslash goes on, and its next line begins with no command.
  static let lineContinuation = Heuristics(rawValue: 1 << 16)
  /// Nothing after a dot is a member (shell).
  static let noMembers = Heuristics(rawValue: 1 << 17)
  /// `name:` is a part of a method's name (Objective-C).
  static let selectors = Heuristics(rawValue: 1 << 18)
  /// Numbers are words of their own (shell).
  static let bareNumbers = Heuristics(rawValue: 1 << 19)
}
