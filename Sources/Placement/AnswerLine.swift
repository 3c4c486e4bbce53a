// Lines of an answer as places in its bytes, and what stands above the next block.

/// A line of the answer: where its bytes are, terminator included, and where its content ends.
struct AnswerLine: Equatable {
  let start: Int
  let end: Int
  /// End of the content: before LF, or before CRLF.
  let contentEnd: Int
  let endsWithCarriageReturn: Bool
}

extension [UInt8] {
  /// The lines of a stretch of an answer; a CR at a line's end is content unless the block used CRLF.
  func lines(in range: Range<Int>, usesCRLF: Bool) -> [[UInt8]] {
    var lines = self[range].split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Array(usesCRLF ? $0.withoutCarriageReturn : $0) }
  }

  /// The last line of the range that is neither blank nor a fence.
  func lastLine(in range: Range<Int>) -> AnswerLine? {
    var end = range.upperBound
    while end > range.lowerBound {
      let contentEnd = self[end - 1] == UInt8(ascii: "\n") ? end - 1 : end
      var start = contentEnd
      while start > range.lowerBound, self[start - 1] != UInt8(ascii: "\n") { start -= 1 }
      let text = self[start..<contentEnd].withoutCarriageReturn
      if !text.isBlankLine, FenceLine(text) == nil {
        return AnswerLine(
          start: start, end: end, contentEnd: text.endIndex,
          endsWithCarriageReturn: text.endIndex < contentEnd)
      }
      end = start
    }
    return nil
  }
}

/// What stands above the next block of an answer.
struct Surroundings {
  /// The last line that is neither blank nor a fence.
  var lastLine: AnswerLine?
  /// The path of a block that ended right above, but for blank lines and fences.
  var pathOfBlockAbove: [UInt8]?
  var openFence: FenceLine?

  /// The path that a block starting here is for, or nil.
  func path(in answer: [UInt8], known: Set<[UInt8]>) -> [UInt8]? {
    if let pathOfBlockAbove { return pathOfBlockAbove }
    if let line = lastLine,
      let path = PathLine.path(in: answer[line.start..<line.contentEnd], known: known)
    {
      return path
    }
    return openFence.flatMap { PathLine.path(inFenceNote: $0.note, known: known) }
  }

  /// The line that names the path of a block starting here, if a line of its own does.
  func pathLine(in answer: [UInt8], known: Set<[UInt8]>) -> AnswerLine? {
    guard pathOfBlockAbove == nil, let line = lastLine,
      PathLine.path(in: answer[line.start..<line.contentEnd], known: known) != nil
    else { return nil }
    return line
  }
}
