// The lexer's frame: one line is read by the innermost open construct until all is read.

extension Language {
  /// The bytes of a line that get tokens; what comes after them is plain.
  package static let colouredByteLimit = 20_000
  /// The bytes of a line that are read at all; after a longer line the state is unknown.
  package static let readByteLimit = 1 << 18

  /// Returns the tokens of a line, ascending and apart from each other, and moves `state` past it.
  ///
  /// The line may have its terminator. Any bytes will do. O(bytes), within `readByteLimit`.
  package func lex(line: ArraySlice<UInt8>, state: inout LexState) -> [Token] {
    lex(line, state: &state, colours: true)
  }

  /// Moves `state` past a line, as `lex` does, without collecting tokens.
  package func skip(line: ArraySlice<UInt8>, state: inout LexState) {
    _ = lex(line, state: &state, colours: false)
  }

  private func lex(
    _ line: ArraySlice<UInt8>, state: inout LexState, colours: Bool
  ) -> [Token] {
    guard !state.isUnknown else { return [] }
    let bytes = line.span
    var end = min(bytes.count, Self.readByteLimit)
    while end > 0, bytes[end - 1] == "\n" || bytes[end - 1] == "\r" { end -= 1 }
    var lexer = LineLexer(self, frames: state.frames, end: end, colours: colours)
    state.frames = []
    lexer.run(bytes)
    if line.count > Self.readByteLimit {
      state.isUnknown = true
    } else {
      state.frames = lexer.frames
    }
    return lexer.tokens
  }
}

/// The lexer within one line.
///
/// Every method that takes `bytes` takes the whole line, reads it from `at` on and moves `at`.
struct LineLexer {
  let base: Language
  /// Open constructs, outermost first; below them all is code of `base`.
  var frames: [Frame]
  var at = 0
  /// Where the line ends, without its terminator.
  let lineEnd: Int
  /// Where the innermost embedded element ends, else `lineEnd`.
  var end: Int
  private(set) var tokens: [Token] = []
  private let colourEnd: Int
  /// The grammar of the innermost frame.
  var grammar: CompiledGrammar
  /// The last token, also where none are collected: it tells operands from operators.
  private(set) var lastKind: TokenKind?
  private(set) var lastEnd = 0
  /// What a declaring word said the word at `introducedAt` is.
  var introduced: TokenKind?
  var introducedAt = 0
  /// Where a function's name begins that a mark at the start of the line declares.
  var declaredAt = -1
  /// Heredocs whose text begins with the next line, in order.
  var heredocs: [Frame] = []
  /// Whether the line before ended in a backslash that carries its command on to this one.
  private(set) var continuesLine = false
  /// Rules, as bits, whose delimiter is known not to close on this line.
  var unclosed: UInt64 = 0

  init(_ base: Language, frames: [Frame], end: Int, colours: Bool) {
    self.base = base
    self.frames = frames
    lineEnd = end
    self.end = end
    colourEnd = colours ? min(end, Language.colouredByteLimit) : 0
    grammar = CompiledGrammar.of(base)
  }

  mutating func run(_ bytes: Span<UInt8>) {
    beginLine(bytes)
    while at < lineEnd {
      let (before, depth) = (at, frames.count)
      step(bytes)
      // A construct that neither reads nor opens nor closes anything would be a bug of ours; it
      // must not hang the screen.
      if at == before, frames.count == depth { at += 1 }
    }
    endLine(bytes)
  }

  /// Reads on with the innermost construct, at least until it ends or another begins in it.
  private mutating func step(_ bytes: Span<UInt8>) {
    if at >= end {
      if !openPHPInElement(bytes) { closeElement() }
      return
    }
    guard let frame = frames.last else {
      grammar = CompiledGrammar.of(base)
      lexText(bytes)
      return
    }
    if frame.language != grammar.language { grammar = CompiledGrammar.of(frame.language) }
    switch frame.kind {
    case .code: lexText(bytes)
    case .string:
      frames.removeLast()
      lexString(bytes, frame, from: at)
    case .blockComment:
      frames.removeLast()
      lexBlockComment(bytes, frame, from: at)
    case .lineComment:
      frames.removeLast()
      lexLineComment(bytes, grammar.lineComments[Int(frame.rule)], index: frame.rule)
    case .delimited:
      frames.removeLast()
      lexDelimited(bytes, frame, from: at)
    case .heredoc: lexHeredocLine(bytes, frame)
    case .continuation: frames.removeLast()
    case .tag: lexTag(bytes, frame)
    case .element: lexElement(bytes, frame)
    case .fence:
      emit(at, end, .string)
      at = end
    case .disabled: take(to: end, .comment)
    case .jsxTag: lexJSXTagInside(bytes)
    case .jsxText: lexJSXText(bytes)
    case .scalar: lexScalarLine(bytes, frame)
    }
  }

  private mutating func lexText(_ bytes: Span<UInt8>) {
    switch grammar.shape {
    case .code: lexCode(bytes)
    case .markup: lexMarkup(bytes)
    case .stylesheet: lexStylesheet(bytes)
    case .yaml: lexYAML(bytes)
    case .markdown: lexMarkdown(bytes)
    case .diff: lexDiff(bytes)
    }
  }

  // MARK: Lines

  private mutating func beginLine(_ bytes: Span<UInt8>) {
    if !frames.isEmpty {
      if frames[frames.count - 1].kind == .continuation {
        frames.removeLast()
        continuesLine = true
      }
      closeDisabled(bytes)
      closeFences(bytes)
      if !closeHeredoc(bytes) { closeScalar(bytes) }
      findElementEnd(bytes)
    }
    if frames.isEmpty || frames[frames.count - 1].kind == .code { openLineStart(bytes) }
  }

  private mutating func endLine(_ bytes: Span<UInt8>) {
    let goesOn = lineEnd > 0 && bytes[lineEnd - 1] == "\\"
    if !frames.isEmpty {
      for (index, frame) in frames.enumerated() where frame.kind == .string {
        let rule = CompiledGrammar.of(frame.language).strings[Int(frame.rule)]
        // PHP in a script's string can go on over lines, and the string with it.
        let holdsPHP = frames[(index + 1)...].contains {
          $0.kind == .code && $0.language == .phpCode && $0.tag == 0
        }
        if holdsPHP { break }
        if !rule.spansLines && !(rule.continues && goesOn && index == frames.count - 1) {
          frames.removeSubrange(index...)
          break
        }
      }
    }
    // A comment ends with its line, and leaves the command open that it stands in.
    let isComment = lastKind == .comment && lastEnd == lineEnd
    if isComment ? continuesLine : goesOn, frames.isEmpty,
      CompiledGrammar.of(base).heuristics.contains(.lineContinuation)
    {
      push(Frame(kind: .continuation, language: base))
    }
    for heredoc in heredocs.reversed() { push(heredoc) }
  }

  // MARK: Shared by all constructs

  /// Adds a token, joined to the last one when that has the same kind and ends where this begins.
  @inline(__always)
  mutating func emit(_ start: Int, _ end: Int, _ kind: TokenKind) {
    guard end > start else { return }
    let joins = lastKind == kind && lastEnd == start
    lastKind = kind
    lastEnd = end
    let shown = min(end, colourEnd)
    guard shown > start else { return }
    if joins, let last = tokens.popLast() {
      tokens.append(Token(range: last.range.lowerBound..<shown, kind: kind))
    } else {
      tokens.append(Token(range: start..<shown, kind: kind))
    }
  }

  /// Colours everything up to `place` and goes there.
  @inline(__always)
  mutating func take(to place: Int, _ kind: TokenKind) {
    emit(at, place, kind)
    at = place
  }

  /// How many constructs can be open in each other; deeper ones are not told apart.
  static let depthLimit = 24

  /// Opens a construct, or nothing when too many are open.
  mutating func push(_ frame: Frame) {
    if frames.count < Self.depthLimit { frames.append(frame) }
  }

  /// Opens code up to the closing bracket `closer`, and says whether it did.
  mutating func pushCode(until closer: UInt8) -> Bool {
    guard frames.count + 2 <= Self.depthLimit else { return false }
    frames.append(Frame(kind: .code, language: grammar.language, tag: UInt32(closer)))
    return true
  }

  @inline(__always)
  func byte(_ bytes: Span<UInt8>, _ place: Int) -> UInt8 {
    place >= 0 && place < end ? bytes[place] : 0
  }

  func skippingBlanks(_ bytes: Span<UInt8>, _ place: Int) -> Int {
    var place = place
    while place < end, bytes[place].isBlank { place += 1 }
    return place
  }

  /// The end of the name at `place`, of ASCII letters, digits, `_` and characters outside ASCII.
  func nameEnd(_ bytes: Span<UInt8>, _ place: Int) -> Int {
    var place = place
    while place < end, bytes[place].continuesName { place += 1 }
    return place
  }

  /// Whether only blanks come before `place`.
  func isFirst(_ bytes: Span<UInt8>, _ place: Int) -> Bool {
    var place = place
    while place > 0, bytes[place - 1].isBlank { place -= 1 }
    return place == 0
  }

  /// A hash of the bytes from `start` up to `end`, to know a delimiter again.
  static func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for place in start..<end { hash = (hash ^ UInt32(bytes[place])) &* 16_777_619 }
    return hash
  }
}
