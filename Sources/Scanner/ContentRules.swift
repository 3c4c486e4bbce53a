// Rules that need more than one keyword on one line: encoded runs, and tests that disappear.

enum BlobRules {
  static let base64Length = 200
  static let hexLength = 256

  /// Returns the rule that a long encoded run on the line sets off. Only lines of that length are looked at.
  ///
  /// Pictures, fonts and source maps in data URLs are left to the rules on long lines.
  static func rule(for line: ArraySlice<UInt8>, language: Languages) -> TextRule? {
    guard line.count >= base64Length, language != .lockfile else { return nil }
    var run = Run()
    var escapes = 0
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == UInt8(ascii: "\\"), index + 3 < line.endIndex,
        line[index + 1] == UInt8(ascii: "x"),
        isHex(line[index + 2]), isHex(line[index + 3])
      {
        escapes += 1
        if escapes * 4 >= hexLength / 2 { return .longHex }
        run = Run()
        index += 4
        continue
      }
      escapes = 0
      if isBase64(byte) {
        run.take(byte)
        if run.count >= hexLength, run.isHex { return .longHex }
      } else {
        if run.looksLikeBase64, !isInDataURL(line, endingAt: index, run.count) {
          return .longBase64
        }
        run = Run()
      }
      index += 1
    }
    return run.looksLikeBase64 && !isInDataURL(line, endingAt: index, run.count) ? .longBase64 : nil
  }

  private static func isInDataURL(
    _ line: ArraySlice<UInt8>, endingAt end: Int, _ count: Int
  ) -> Bool {
    let before = line[max(line.startIndex, end - count - 80)..<end - count].asciiLowercased
    return before.hasSuffix(";base64,")
      && ["data:image/", "data:font/", "data:application/json", "data:application/font"].contains {
        before.contains($0)
      }
  }

  private struct Run {
    var count = 0
    var isHex = true
    private var upper = 0
    private var lower = 0
    private var digits = 0
    private var slashes = 0

    mutating func take(_ byte: UInt8) {
      count += 1
      switch byte {
      case 0x41...0x5A: upper += 1
      case 0x61...0x7A: lower += 1
      case 0x30...0x39: digits += 1
      default: slashes += 1
      }
      if isHex, !BlobRules.isHex(byte) { isHex = false }
    }

    /// Long, and mixed as random bytes are: words, paths and numbers are not.
    var looksLikeBase64: Bool {
      count >= BlobRules.base64Length && upper * 6 > count && lower * 6 > count
        && digits * 20 > count && slashes * 12 < count
    }
  }

  static func isHex(_ byte: UInt8) -> Bool {
    RuleLine.isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
  private static func isBase64(_ byte: UInt8) -> Bool {
    RuleLine.isLetter(byte) || RuleLine.isDigit(byte) || "+/-_".utf8.contains(byte)
  }
}

enum TestRules {
  /// Whether a lower-cased path is one where tests live.
  static func isTestPath(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let name = parts.last else { return false }
    if parts.dropLast().contains(where: {
      directories.contains(String($0)) || $0.hasSuffix("tests")
    }) {
      return true
    }
    let stem = name.split(separator: ".").first ?? name
    return stem.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("tests")
      || (stem.hasSuffix("test") && stem.count > 4) || stem.hasSuffix("_spec")
      || name.contains(".test.") || name.contains(".spec.")
  }

  private static let directories: Set<String> = [
    "test", "tests", "__tests__", "spec", "specs", "testing",
  ]

  static func rules(for change: ScannedChange, path: String) -> [TextRule] {
    guard isTestPath(path), Languages.of(path).isSubset(of: testable) else { return [] }
    if change.newMode == nil { return [.deletedTest] }
    let tests = count(change, definesTest)
    if tests.removed > tests.added { return [.fewerTests] }
    let assertions = count(change, asserts)
    return assertions.removed > assertions.added ? [.fewerAssertions] : []
  }

  private static let testable: Languages = [
    .python, .javascript, .go, .rust, .jvm, .dotnet, .swift, .ruby, .php, .c, .shell, .perl,
  ]

  private static func count(
    _ change: ScannedChange, _ condition: (String) -> Bool
  ) -> (removed: Int, added: Int) {
    let matches = { (line: ScannedLine) in condition(line.content.asciiLowercased) }
    guard !change.removed.isEmpty else { return (0, 0) }
    return (change.removed.count(where: matches), change.added.count(where: matches))
  }

  private static func definesTest(_ line: String) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    let starts = [
      "def test", "async def test", "func test", "it(", "test(", "it.each", "test.each", "#[test]",
      "@test", "[test]", "[fact]", "[theory]", "fn test_", "test_f(", "testcase(", "it \"", "it '",
      "test \"", "@parameterizedtest", "public function test", "func benchmark", "#[tokio::test]",
    ]
    return starts.contains { text.hasPrefix($0) }
  }

  private static func asserts(_ line: String) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if [
      "assert", "expect", "#expect", "#require", "xctassert", "self.assert", "require.", "ensure",
    ]
    .contains(where: { text.hasPrefix($0) }) {
      return true
    }
    // The searching of strings is dear, and few lines have a dot before these letters.
    let bytes = text.utf8
    guard bytes.contains(UInt8(ascii: ".")) else { return false }
    return ["t.error", "t.fatal", ".should"].contains { word in
      bytes.indices.contains { bytes[$0...].starts(with: word.utf8) }
    }
  }
}
