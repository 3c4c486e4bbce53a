// Source text with its colours written under it, so that a test reads like the screen.

import Syntax

/// Lines of a language, each followed by its colours.
///
/// A line of source text begins with `|`, the line of its marks with `:`, and both have a blank
/// after that. The mark under a byte is the first letter of its token's kind; a constant has an
/// `o`, and a plain byte a blank.
struct Golden: Sendable, CustomStringConvertible {
  let language: Language
  let text: String

  init(_ language: Language, _ text: String) {
    self.language = language
    self.text = text
  }

  var description: String { "\(language)" }

  static let all =
    systemsGolden + managedGolden + scriptGolden + functionalGolden + shellGolden + markupGolden
    + dataGolden

  /// The source lines, without their marks and terminators.
  var lines: [[UInt8]] {
    text.utf8.split(separator: UInt8(ascii: "\n")).filter { $0.first == UInt8(ascii: "|") }
      .map { Array($0.dropFirst(2)) }
  }

  /// The text as it is when the lexer is right.
  var marked: String {
    var state = LexState()
    return lines.map { line in
      let marks = Self.marks(of: line[...], language, &state)
      return Self.trimmed("| " + String(decoding: line, as: UTF8.self)) + "\n"
        + Self.trimmed(": " + marks)
    }.joined(separator: "\n")
  }

  static func marks(
    of line: ArraySlice<UInt8>, _ language: Language, _ state: inout LexState
  ) -> String {
    var marks = [Character](repeating: " ", count: line.count)
    for token in language.lex(line: line, state: &state) {
      for offset in token.range { marks[offset] = letter(token.kind) }
    }
    return String(marks)
  }

  private static func letter(_ kind: TokenKind) -> Character {
    switch kind {
    case .comment: "c"
    case .keyword: "k"
    case .type: "t"
    case .string: "s"
    case .number: "n"
    case .function: "f"
    case .constant: "o"
    case .preprocessor: "p"
    }
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
