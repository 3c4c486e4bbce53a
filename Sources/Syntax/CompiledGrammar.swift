// A grammar table turned into what the lexer looks up byte by byte.

/// What a byte of code can begin.
enum ByteClass {
  static let plain: UInt8 = 0
  static let word: UInt8 = 1
  static let digit: UInt8 = 2
  static let rule: UInt8 = 3
  static let bracket: UInt8 = 4
  static let dot: UInt8 = 5
  /// Set besides the class when the byte continues a word.
  static let wordPart: UInt8 = 0x80
  static let mask: UInt8 = 0x7F
}

/// A delimiter and what it begins.
struct Rule: Sendable {
  enum Action: UInt8 { case lineComment, blockComment, string, fencedString, sigil, special }

  let open: Literal
  let action: Action
  /// Into the grammar's list for `action`, or the raw value of a `Special`.
  let index: UInt8
}

/// A string rule without references, and the bytes its scan has to look at.
struct CompiledString: Sendable {
  let open: Literal
  let close: Literal
  let fence: Fence
  let escape: Escape
  let interpolation: Interpolation
  let kind: TokenKind
  let spansLines: Bool
  let continues: Bool
  let mustClose: Bool
}

struct CompiledLineComment: Sendable {
  let open: Literal
  let stop: Literal
  let kind: TokenKind
  let needsBlankBefore: Bool
  let refusesSymbolAfter: Bool
  let continues: Bool
}

struct CompiledBlockComment: Sendable {
  let open: Literal
  let close: Literal
  let kind: TokenKind
  let nests: Bool
}

struct CompiledSigil: Sendable {
  let kind: TokenKind?
  let isDotted: Bool
  let atLineStart: Bool
}

final class CompiledGrammar: Sendable {
  let language: Language
  let shape: Shape
  let heuristics: Heuristics
  /// A `ByteClass` per byte.
  let classes: [UInt8]
  let words: KeywordTable
  /// By first byte, longest first; those of byte b are `ruleStarts[b]..<ruleStarts[b + 1]`.
  let rules: [Rule]
  let ruleStarts: [UInt16]
  let lineComments: [CompiledLineComment]
  let blockComments: [CompiledBlockComment]
  /// Indexes of the block comments that count at the start of a line only.
  let lineStartComments: [Int]
  let strings: [CompiledString]
  /// 256 entries per string rule: whether the scan of such a string has to look at the byte.
  let stringStops: [Bool]
  let prefixes: [(text: Literal, rule: UInt8)]
  let sigils: [CompiledSigil]
  /// Whether the language needs more than the ordinary path for a word.
  let hasWordHabits: Bool

  init(_ grammar: Grammar, language: Language) {
    self.language = language
    shape = grammar.shape
    heuristics = grammar.heuristics
    words = KeywordTable(Self.words(of: grammar), ignoresCase: grammar.ignoresCase)
    lineComments = grammar.lineComments.map {
      CompiledLineComment(
        open: Literal($0.open), stop: Literal($0.stop), kind: $0.kind,
        needsBlankBefore: $0.needsBlankBefore, refusesSymbolAfter: $0.refusesSymbolAfter,
        continues: $0.continues)
    }
    blockComments = grammar.blockComments.map {
      CompiledBlockComment(
        open: Literal($0.open), close: Literal($0.close), kind: $0.kind, nests: $0.nests)
    }
    lineStartComments = grammar.blockComments.indices.filter {
      grammar.blockComments[$0].atLineStart
    }
    strings = grammar.strings.map {
      CompiledString(
        open: Literal($0.open), close: Literal($0.close), fence: $0.fence, escape: $0.escape,
        interpolation: $0.interpolation, kind: $0.kind, spansLines: $0.spansLines,
        continues: $0.continues, mustClose: $0.mustClose)
    }
    stringStops = grammar.strings.flatMap(Self.stops)
    prefixes = grammar.strings.enumerated().flatMap { index, rule in
      rule.prefixes.split(separator: " ").map { (Literal(String($0)), UInt8(index)) }
    }
    sigils = grammar.sigils.map {
      CompiledSigil(kind: $0.kind, isDotted: $0.isDotted, atLineStart: $0.atLineStart)
    }
    hasWordHabits =
      !grammar.heuristics.isDisjoint(with: [.assignedKeys, .makeRules])
      || grammar.specials.contains(.perlQuote)
    (rules, ruleStarts) = Self.rules(of: grammar)
    classes = Self.classes(of: grammar, ruleStarts: ruleStarts)
  }

  /// The compiled grammar of a language. Compiling them all takes about a millisecond, once.
  @inline(__always)
  static func of(_ language: Language) -> CompiledGrammar { all[Int(language.rawValue)] }

  /// Compiles all of them, for a program that will need one soon and has a processor to spare.
  static func compileAll() { _ = all }

  private static let all: [CompiledGrammar] = Language.allCases.map {
    CompiledGrammar($0.grammar, language: $0)
  }

  private static func words(of grammar: Grammar) -> [[UInt8]: KeywordTable.Value] {
    var words: [[UInt8]: KeywordTable.Value] = [:]
    func each(_ list: String, _ body: (inout KeywordTable.Value?) -> Void) {
      for word in list.utf8.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        body(&words[Array(word)])
      }
    }
    each(grammar.functions) { $0 = .init(kind: .function) }
    each(grammar.types) { $0 = .init(kind: .type) }
    each(grammar.constants) { $0 = .init(kind: .constant) }
    each(grammar.preprocessor) { $0 = .init(kind: .preprocessor) }
    each(grammar.lineStartKeywords) { $0 = .init(kind: .keyword, onlyAtLineStart: true) }
    each(grammar.keywords) { $0 = .init(kind: .keyword) }
    each(grammar.functionIntroducers) { $0 = .init(kind: .keyword, introduces: .function) }
    each(grammar.typeIntroducers) { $0 = .init(kind: .keyword, introduces: .type) }
    each(grammar.softKeywords) { value in
      value = value ?? .init(kind: .keyword)
      value?.needsWordAfter = true
    }
    each(grammar.memberKeywords) { value in
      value = value ?? .init(kind: .keyword)
      value?.isMember = true
    }
    return words
  }

  private static func rules(of grammar: Grammar) -> ([Rule], [UInt16]) {
    var rules: [Rule] = []
    func add(_ open: String, _ action: Rule.Action, _ index: Int) {
      rules.append(Rule(open: Literal(open), action: action, index: UInt8(index)))
    }
    for (index, comment) in grammar.blockComments.enumerated() where !comment.atLineStart {
      add(comment.open, .blockComment, index)
    }
    for (index, string) in grammar.strings.enumerated() {
      if case .around(let byte) = string.fence {
        add(String(Unicode.Scalar(byte)), .fencedString, index)
      }
      if !string.needsPrefix { add(string.open, .string, index) }
    }
    for (index, comment) in grammar.lineComments.enumerated() {
      add(comment.open, .lineComment, index)
    }
    for special in grammar.specials {
      for open in special.openings { add(open, .special, Int(special.rawValue)) }
    }
    for (index, sigil) in grammar.sigils.enumerated() { add(sigil.lead, .sigil, index) }

    // Longest first, and as listed among equals.
    let ordered = rules.enumerated().sorted {
      ($0.element.open.first, -$0.element.open.count, $0.offset)
        < ($1.element.open.first, -$1.element.open.count, $1.offset)
    }.map(\.element)
    var starts = [UInt16](repeating: 0, count: 257)
    for rule in ordered { starts[Int(rule.open.first) + 1] += 1 }
    for byte in 0..<256 { starts[byte + 1] += starts[byte] }
    return (ordered, starts)
  }

  private static func classes(of grammar: Grammar, ruleStarts: [UInt16]) -> [UInt8] {
    let starts = Set(grammar.wordStarts.utf8)
    let parts = Set(grammar.wordParts.utf8)
    return (0..<256).map { value in
      let byte = UInt8(value)
      let isPart = byte.continuesName || starts.contains(byte) || parts.contains(byte)
      let part = isPart ? ByteClass.wordPart : 0
      if ruleStarts[value] < ruleStarts[value + 1] { return ByteClass.rule | part }
      if byte.startsName || starts.contains(byte) { return ByteClass.word | part }
      if byte.isDigit { return ByteClass.digit | part }
      switch byte {
      case ".": return ByteClass.dot | part
      case "(", ")", "{", "}", "[", "]": return ByteClass.bracket | part
      default: return part
      }
    }
  }

  private static func stops(of rule: StringRule) -> [Bool] {
    var stops = [Bool](repeating: false, count: 256)
    func stop(_ scalar: Unicode.Scalar) { stops[Int(scalar.value)] = true }
    stops[Int(Literal(rule.close).first)] = true
    if rule.escape == .backslash { stop("\\") }
    if rule.escape == .backtick { stop("`") }
    let openings: [(Interpolation, Unicode.Scalar)] = [
      (.escapedParenthesis, "\\"), (.dollarBrace, "$"), (.dollarName, "$"),
      (.dollarParenthesis, "$"), (.makeName, "$"), (.hashBrace, "#"), (.brace, "{"),
      (.braceDollar, "{"),
      (.phpTag, "<"),
    ]
    for (interpolation, scalar) in openings where rule.interpolation.contains(interpolation) {
      stop(scalar)
    }
    return stops
  }
}

extension Special {
  /// The delimiters at which the special is tried.
  fileprivate var openings: [String] {
    switch self {
    case .regex, .looseRegex: ["/"]
    case .shellHeredoc, .rubyHeredoc, .perlHeredoc: ["<<"]
    case .phpHeredoc: ["<<<"]
    case .percentLiteral: ["%"]
    case .perlQuote: []
    case .perlVariable: ["$", "@", "%", "&"]
    case .lifetime, .character: ["'"]
    case .hashAttribute: ["#[", "#!["]
    case .directive, .cDirective: ["#"]
    case .shellVariable, .makeVariable, .signVariable, .dollarBody: ["$"]
    case .elixirSigil: ["~"]
    case .characterCode: ["?"]
    case .bracketAttribute: ["["]
    case .methodMark: ["-", "+"]
    case .symbol: [":"]
    case .phpEnd: ["?>"]
    case .jsxTag: ["<"]
    case .section: ["["]
    case .quotedName: ["`"]
    }
  }
}
