// The form of a rule about added lines.

/// A rule that looks at added lines on which one of its keywords stands.
struct LineRule: Sendable {
  /// Where on a line a keyword counts.
  enum Place: Sendable { case anywhere, code, comment }

  let id: String
  let severity: FindingClass
  let sentence: String
  let languages: Languages
  let place: Place
  /// Lower-case ASCII; no other test runs on a line without one of them.
  let keywords: [String]
  let test: LineTest

  init(
    _ id: String, _ severity: FindingClass, _ sentence: String, in languages: Languages = .code,
    _ place: Place = .code, keywords: [String], _ test: LineTest = .present
  ) {
    self.id = id
    self.severity = severity
    self.sentence = sentence
    self.languages = languages
    self.place = place
    self.keywords = keywords
    self.test = test
  }

  func matches(_ line: RuleLine, keyword: Range<Int>) -> Bool {
    guard !languages.isDisjoint(with: line.language) else { return false }
    switch place {
    case .anywhere: break
    case .code: if keyword.lowerBound >= line.commentStart { return false }
    case .comment: if keyword.lowerBound < line.commentStart { return false }
    }
    return test.passes(line, keyword)
  }
}

/// What has to hold where a keyword was found.
indirect enum LineTest: Sendable {
  case present
  /// No letters, digits or underscores around it.
  case word
  /// A word with `(` behind it.
  case call
  /// A call that is no method of something and no definition.
  case function
  /// The line also has one of these lower-case texts.
  case with([String])
  /// The line has none of these lower-case texts.
  case without([String])
  case all([LineTest])
  case either([LineTest])
  case shape(@Sendable (RuleLine, Range<Int>) -> Bool)

  func passes(_ line: RuleLine, _ keyword: Range<Int>) -> Bool {
    switch self {
    case .present: true
    case .word: line.startsWord(keyword.lowerBound) && line.endsWord(keyword.upperBound)
    case .call:
      line.startsWord(keyword.lowerBound)
        && line.byte(at: line.skipBlanks(keyword.upperBound)) == UInt8(ascii: "(")
    case .function:
      Self.call.passes(line, keyword) && Self.isFree(line, keyword.lowerBound)
    case .with(let texts): line.hasAny(texts)
    case .without(let texts): !line.hasAny(texts)
    case .all(let tests): tests.allSatisfy { $0.passes(line, keyword) }
    case .either(let tests): tests.contains { $0.passes(line, keyword) }
    case .shape(let matches): matches(line, keyword)
    }
  }

  private static func isFree(_ line: RuleLine, _ start: Int) -> Bool {
    if start > 0, ".>:$@'\"`-".utf8.contains(line.bytes[start - 1]) { return false }
    let definers = [
      "def", "func", "function", "fn", "fun", "void", "int", "static", "async", "sub",
    ]
    return !definers.contains(line.wordBefore(start))
  }
}
