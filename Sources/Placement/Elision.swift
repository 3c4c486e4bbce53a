// Lines by which a model leaves code out instead of writing it.

enum Elision {
  /// Returns the first line of `replacement` that stands for code left out and that `quoted` does not have as well.
  ///
  /// A lone `...` below a colon is a body in Python (`path` ends in `.py` or `.pyi`) and no elision.
  static func firstElision(
    in replacement: [[UInt8]], notIn quoted: [[UInt8]], path: [UInt8]
  ) -> [UInt8]? {
    let isPython =
      path.suffix(3).elementsEqual(".py".utf8) || path.suffix(4).elementsEqual(".pyi".utf8)
    var known: Set<[UInt8]>?
    for (index, line) in replacement.enumerated() where standsForCode(line[...]) {
      if isPython, line[...].trimmed.equals("..."), index > 0,
        replacement[index - 1][...].withoutTrailingBlanks.last == UInt8(ascii: ":")
      {
        continue
      }
      let lines = known ?? Set(quoted.map { Array($0[...].trimmed) })
      known = lines
      if !lines.contains(Array(line[...].trimmed)) { return line }
    }
    return nil
  }

  /// Whether a line is only dots, or a comment of dots and words such as "existing code".
  static func standsForCode(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.trimmed
    guard text.count <= 120, text.count >= 2 else { return false }
    let (comment, isComment) = withoutCommentSigns(text)
    let words = comment.map(\.asciiLowercased)[...]
    let (rest, hasDots) = withoutDots(words)
    guard hasDots || isComment else { return false }
    if rest.isEmpty { return hasDots }
    guard isComment else { return false }
    return hasDots
      ? Self.words.contains { rest.end(ofFirst: $0) != nil }
      : Self.sentences.contains { rest.startsWith($0) }
  }

  private static let words: [StaticString] = [
    "existing", "rest of", "remain", "unchanged", "other ", "same as", "previous", "omitted",
    "your code", "code here", "as before", "implementation", "keep ", "original",
  ]
  private static let sentences: [StaticString] = [
    "existing code", "rest of the", "rest of file", "remaining code", "the rest of the",
    "(existing code", "[existing code", "unchanged code", "code unchanged",
    "previous code", "same as before", "other methods remain", "rest remains",
  ]

  private static func withoutCommentSigns(
    _ text: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, isComment: Bool) {
    var rest = text
    for sign: StaticString in ["{/*", "/*", "//", "<!--", "#", "--", ";", "*", "%", "\"\"\""]
    where rest.startsWith(sign) {
      rest = rest.dropFirst(sign.utf8CodeUnitCount)
      while let first = rest.first, "/*#-!;%".utf8.contains(first) { rest = rest.dropFirst() }
      while let last = rest.last, "*/->}".utf8.contains(last) || last.isBlank {
        rest = rest.dropLast()
      }
      return (rest.trimmed, true)
    }
    return (text, false)
  }

  /// Strips dots and ellipses around the text; `hasDots` when there was a run of three, or an ellipsis.
  private static func withoutDots(
    _ text: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, hasDots: Bool) {
    var rest = text
    var hasDots = false
    for _ in 0..<2 {
      let dots = rest.prefix { $0 == UInt8(ascii: ".") }
      if dots.count >= 3 { (rest, hasDots) = (rest.dropFirst(dots.count).trimmed, true) }
      if rest.startsWith("\u{2026}") { (rest, hasDots) = (rest.dropFirst(3).trimmed, true) }
      let tail = rest.reversed().prefix { $0 == UInt8(ascii: ".") }.count
      if tail >= 3 { (rest, hasDots) = (rest.dropLast(tail).trimmed, true) }
      if rest.suffix(3).equals("\u{2026}") { (rest, hasDots) = (rest.dropLast(3).trimmed, true) }
    }
    return (rest, hasDots)
  }
}
