// Reads the path that a model wrote above a block, through the decorations models put around it.

/// Reading of path lines.
enum PathLine {
  /// Returns the path a line names, or nil when the line is prose.
  ///
  /// A line that is one of `known` once undecorated always counts. Otherwise it has to be one word, or carry exactly one word in
  /// backticks, or follow a label such as `File:`; sentences are no paths.
  static func path(in line: ArraySlice<UInt8>, known: Set<[UInt8]>) -> [UInt8]? {
    let whole = Array(line.trimmed)
    if known.contains(whole) { return whole }
    let plain = undecorated(line)
    if let path = offered(plain, known) { return path }
    if let quoted = onlyQuotedWord(in: line).map(withoutCurrentDirectory) {
      if let path = offered(quoted, known) { return path }
      if looksLikePath(quoted) { return quoted }
    }
    let unlabelled = withoutLabel(plain)
    if let path = offered(unlabelled, known) { return path }
    guard let last = unlabelled.last, !unlabelled.contains(where: \.isBlank) else { return nil }
    return ".!?,;".utf8.contains(last) ? nil : unlabelled
  }

  /// The offered path that `path` is, if need be without the `a/` or `b/` of a diff.
  static func offered(_ path: [UInt8], _ known: Set<[UInt8]>) -> [UInt8]? {
    if known.contains(path) { return path }
    guard path[...].startsWith("a/") || path[...].startsWith("b/") else { return nil }
    let rest = Array(path.dropFirst(2))
    return known.contains(rest) ? rest : nil
  }

  /// Whether a word quoted within a sentence is a path and not a piece of code.
  private static func looksLikePath(_ word: [UInt8]) -> Bool {
    guard let last = word.last, !".!?,;:".utf8.contains(last) else { return false }
    if word.contains(UInt8(ascii: "/")) { return true }
    return word.contains(UInt8(ascii: ".")) && !word.contains { "()[]{}=<>\"".utf8.contains($0) }
  }

  /// The path in a fence's note (`swift:src/a.swift` or `src/a.swift`), or nil.
  static func path(inFenceNote note: [UInt8], known: Set<[UInt8]>) -> [UInt8]? {
    guard !note.contains(where: \.isBlank) else { return nil }
    let afterColon = note.split(separator: UInt8(ascii: ":"), maxSplits: 1).last.map { Array($0) }
    for candidate in [note, afterColon ?? note] where !candidate.isEmpty {
      if known.contains(candidate) { return candidate }
    }
    guard let afterColon, afterColon.contains(UInt8(ascii: "/")) else { return nil }
    return afterColon
  }

  /// Strips headings, list signs, emphasis, quotes, comment signs, a closing colon and `./`.
  static func undecorated(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var rest = line.trimmed
    var before = -1
    while rest.count != before {
      before = rest.count
      rest = rest.drop { "#*`'\" \t".utf8.contains($0) }
      for sign: StaticString in ["// ", "- ", "<!-- ", "/* "] where rest.startsWith(sign) {
        rest = rest.dropFirst(sign.utf8CodeUnitCount)
      }
      for sign: StaticString in ["-->", "*/"] where rest.reversed().starts(with: sign.reversedBytes)
      {
        rest = rest.dropLast(sign.utf8CodeUnitCount)
      }
      while let last = rest.last, "#*`'\": \t".utf8.contains(last) { rest = rest.dropLast() }
      rest = withoutListNumber(rest)
    }
    return withoutCurrentDirectory(Array(rest))
  }

  private static func withoutListNumber(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = text.drop(while: \.isASCIIDigit)
    guard rest.count < text.count, rest.startsWith(". ") || rest.startsWith(") ") else {
      return text
    }
    return rest.dropFirst(2)
  }

  private static func withoutCurrentDirectory(_ path: [UInt8]) -> [UInt8] {
    var rest = path[...]
    while rest.startsWith("./") { rest = rest.dropFirst(2) }
    return Array(rest)
  }

  private static func withoutLabel(_ text: [UInt8]) -> [UInt8] {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return text }
    let label = text[..<colon].map(\.asciiLowercased)[...]
    let labels: [StaticString] = [
      "file", "path", "filename", "file name", "file path", "filepath", "new file",
    ]
    guard labels.contains(where: { label.trimmed.equals($0) }) else { return text }
    return undecorated(text[(colon + 1)...])
  }

  private static func onlyQuotedWord(in line: ArraySlice<UInt8>) -> [UInt8]? {
    let pieces = line.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
    guard pieces.count == 3, !pieces[1].isEmpty, !pieces[1].contains(where: \.isBlank) else {
      return nil
    }
    return Array(pieces[1])
  }
}

extension StaticString {
  fileprivate var reversedBytes: [UInt8] { description.utf8.reversed() }
}
