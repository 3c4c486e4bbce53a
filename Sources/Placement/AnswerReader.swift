// The bytes of an answer as they come, line by line.

/// What has come of an answer, and the line that is to be read next. How the bytes are cut makes no difference.
struct AnswerReader: Sendable {
  private(set) var bytes: [UInt8] = []
  /// Offset of the first line not read yet, and how far its end has been looked for.
  private var cursor = 0
  private var searched = 0

  var isAtEnd: Bool { cursor >= bytes.count }

  mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  /// The next line; nil until its end has come, or when all is read.
  ///
  /// - Parameter isFinal: whether nothing more comes, so that a line may end without a line feed.
  mutating func next(isFinal: Bool) -> AnswerLine? {
    guard !isAtEnd else { return nil }
    var index = max(cursor, searched)
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    searched = index
    guard index < bytes.count || isFinal else { return nil }
    let start = cursor
    let hasCR = index > start && bytes[index - 1] == UInt8(ascii: "\r")
    cursor = min(index + 1, bytes.count)
    return AnswerLine(
      start: start, end: cursor, contentEnd: hasCR ? index - 1 : index,
      endsWithCarriageReturn: hasCR)
  }

  /// Reads on at `offset`.
  mutating func move(to offset: Int) {
    cursor = offset
    searched = offset
  }
}
