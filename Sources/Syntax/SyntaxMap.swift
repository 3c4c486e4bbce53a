// The tokens of a whole file, found for the lines that are asked for.

/// The tokens of a file's lines, with enough remembered to begin in the middle.
///
/// The state before every 64th line is kept once it is known. States become known from the top of
/// the file down, as far as lines are asked for or `advance` goes.
package struct SyntaxMap: Sendable {
  package let language: Language
  package let lineCount: Int
  private let line: @Sendable (Int) -> ArraySlice<UInt8>

  private static let stride = 64
  /// The states before lines 0, 64, 128 and so on, as far as they are known.
  private var checkpoints: [LexState] = [LexState()]
  /// The state before the line `readLineCount`.
  private var frontier = LexState()
  /// How many lines were read from the top without a gap.
  package private(set) var readLineCount = 0
  /// The first line before which the state is unknown, when there is one.
  private var unknownLine: Int?

  /// `line` gives the bytes of a 0-based line; it must give the same ones every time.
  package init(
    language: Language, lineCount: Int, line: @escaping @Sendable (Int) -> ArraySlice<UInt8>
  ) {
    self.language = language
    self.lineCount = lineCount
    self.line = line
  }

  /// Returns the tokens of the lines in `lines`, one array for each.
  ///
  /// O(bytes of those lines, and of what lies between them and the nearest known state above).
  ///
  /// - Precondition: `lines` is within the file.
  package mutating func tokens(ofLines lines: Range<Int>) -> [[Token]] {
    precondition(lines.lowerBound >= 0 && lines.upperBound <= lineCount, "lines outside the file")
    guard !lines.isEmpty else { return [] }
    while readLineCount < lines.lowerBound, unknownLine == nil { readLine() }
    if let unknownLine, lines.lowerBound >= unknownLine {
      return [[Token]](repeating: [], count: lines.count)
    }
    var (next, state) = nearestState(before: lines.lowerBound)
    while next < lines.lowerBound {
      language.skip(line: line(next), state: &state)
      next += 1
    }
    var tokens: [[Token]] = []
    tokens.reserveCapacity(lines.count)
    for index in lines {
      tokens.append(language.lex(line: line(index), state: &state))
      if index == readLineCount { note(state) }
    }
    return tokens
  }

  /// Whether `tokens` for lines that end before `line` reads at most `byteCount` bytes above them.
  ///
  /// The bytes of the asked lines themselves do not count. O(min(lines between, byteCount)).
  package func canReach(line target: Int, withinBytes byteCount: Int) -> Bool {
    if let unknownLine, target >= unknownLine { return true }
    var left = byteCount
    var next = nearestState(before: min(max(target, 0), lineCount)).line
    while next < target, next < lineCount {
      left -= cost(ofLine: next)
      if left < 0 { return false }
      next += 1
    }
    return true
  }

  /// Reads on from the last line read, until `byteCount` bytes are read or the file ends.
  ///
  /// Reads one line at least, and whole lines only.
  package mutating func advance(byBytes byteCount: Int) {
    var left = byteCount
    while !isComplete, left > 0 {
      left -= cost(ofLine: readLineCount)
      readLine()
    }
  }

  /// Whether every line can be reached without reading more than the few above it.
  package var isComplete: Bool { readLineCount >= lineCount || unknownLine != nil }

  private func cost(ofLine index: Int) -> Int {
    min(line(index).count, Language.readByteLimit) + 1
  }

  private mutating func readLine() {
    var state = frontier
    language.skip(line: line(readLineCount), state: &state)
    note(state)
  }

  /// Remembers the state after the line `readLineCount`.
  private mutating func note(_ state: LexState) {
    frontier = state
    readLineCount += 1
    if state.isUnknown {
      unknownLine = unknownLine ?? readLineCount
    } else if readLineCount.isMultiple(of: Self.stride) {
      checkpoints.append(state)
    }
  }

  private func nearestState(before target: Int) -> (line: Int, state: LexState) {
    let index = min(target / Self.stride, checkpoints.count - 1)
    if readLineCount <= target, readLineCount > index * Self.stride {
      return (readLineCount, frontier)
    }
    return (index * Self.stride, checkpoints[index])
  }
}
