// Rules for tests that disappear: a file of them, some of them, or what they assert.

enum TestRules {
  static func rules(for change: ScannedChange, path: RulePath) -> [TextRule] {
    guard isTestPath(path), Languages.of(path).isSubset(of: testable) else { return [] }
    if change.newMode == nil { return [.deletedTest] }
    guard !change.removed.isEmpty else { return [] }
    let isFewer = { (matches: (ArraySlice<UInt8>) -> Bool) in
      change.removed.count { matches($0.content) } > change.added.count { matches($0.content) }
    }
    if isFewer(definesTest) { return [.fewerTests] }
    return isFewer(asserts) ? [.fewerAssertions] : []
  }

  /// Whether a path is one where tests live.
  static func isTestPath(_ path: RulePath) -> Bool {
    if path.directories.contains(where: { directories.contains($0) || $0.hasSuffix("tests") }) {
      return true
    }
    let stem = path.name.split(separator: ".").first ?? path.name[...]
    return stem.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("tests")
      || (stem.hasSuffix("test") && stem.count > 4) || stem.hasSuffix("_spec")
      || path.name.contains(".test.") || path.name.contains(".spec.")
  }

  private static let directories: Set<String> = [
    "test", "tests", "__tests__", "spec", "specs", "testing",
  ]

  private static let testable: Languages = [
    .python, .javascript, .go, .rust, .jvm, .dotnet, .swift, .ruby, .php, .c, .shell, .perl,
  ]

  private static let definitions = LineBeginnings([
    "def test", "async def test", "func test", "it(", "test(", "it.each", "test.each", "#[test]",
    "@test", "[test]", "[fact]", "[theory]", "fn test_", "test_f(", "testcase(", "it \"", "it '",
    "test \"", "@parameterizedtest", "public function test", "func benchmark", "#[tokio::test]",
  ])
  private static let assertions = LineBeginnings([
    "assert", "expect", "#expect", "#require", "xctassert", "self.assert", "require.", "ensure",
  ])
  private static let assertingCalls = LineBeginnings([".should"])
  private static let assertingWords = LineBeginnings(["t.error", "t.fatal"])

  private static func definesTest(_ line: ArraySlice<UInt8>) -> Bool {
    definitions.begin(line.drop(while: RuleLine.isBlank))
  }

  private static func asserts(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop(while: RuleLine.isBlank)
    if assertions.begin(text) { return true }
    // All of these have a dot.
    return text.indices.contains { index in
      text[index] == UInt8(ascii: ".")
        && (assertingCalls.begin(text[index...])
          || index > text.startIndex && assertingWords.begin(text[(index - 1)...]))
    }
  }
}

/// What lines may begin with, whatever the case of ASCII letters; told apart by the first byte.
private struct LineBeginnings: Sendable {
  private let byFirstByte: [[[UInt8]]]

  /// - Precondition: the texts are lower-case ASCII and not empty.
  init(_ texts: [String]) {
    var byFirstByte = [[[UInt8]]](repeating: [], count: 256)
    for text in texts {
      let bytes = Array(text.utf8)
      byFirstByte[Int(bytes[0])].append(bytes)
    }
    self.byFirstByte = byFirstByte
  }

  func begin(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first else { return false }
    return byFirstByte[Int(RuleLine.lowered(first))].contains { text in
      line.count >= text.count && zip(line, text).allSatisfy { RuleLine.lowered($0) == $1 }
    }
  }
}
