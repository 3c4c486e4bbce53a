import Scanner
import Testing

@Suite struct TextHazardTests {
  @Test(arguments: [
    ("text.bidi", "a\u{202E}b"), ("text.bidi", "\u{2066}x\u{2069}"),
    ("text.carriage-return", "safe\rhidden"), ("text.backspace", "a\u{8}b"),
    ("text.control", "a\u{1B}[31m"), ("text.control", "a\u{85}"), ("text.control", "a\u{7F}"),
    ("text.nul", "a\0b"), ("text.variation-selector", "a\u{E0100}"),
    ("text.variation-selector", "\u{2764}\u{FE00}\u{FE01}"), ("text.tag", "a\u{E0041}\u{E0042}"),
    ("text.blank-glyph", "let \u{3164} = 1"), ("text.blank-glyph", "a\u{2800}"),
    ("text.blank-glyph", "\u{115F}"), ("text.blank-glyph", "\u{FFA0}"),
    ("text.blank-glyph", "\u{1160}"), ("text.blank-glyph", "a\u{1D159}"),
    ("text.carriage-return", "overwritten\r"), ("text.carriage-return", "a\r\r\n"),
    ("text.control", "a\u{9B}31m"), ("text.control", "\u{1}"), ("text.control", "\u{B}"),
    ("text.bidi", "\u{202A}"), ("text.bidi", "\u{2069}"),
    ("text.tag", "\u{1F3F4}\u{E0067}\u{E0062}x"), ("text.tag", "x\u{E0001}"),
    ("text.tag", "\u{1F3F4}\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F}"),
    ("text.tag", "\u{1F3F4}" + String(repeating: "\u{E0061}", count: 40)),
    ("text.tag", "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{E0061}"),
    ("text.tag", "a\u{E01F0}"), ("text.variation-selector", "a\u{E01EF}"),
    ("text.zero-width", "a\u{FE0F}b"), ("text.zero-width", "\u{FE0F}"),
    ("text.zero-width", "// \u{2028}run()"), ("text.zero-width", "a\u{2065}"),
    ("text.zero-width", "a\u{180F}"), ("text.zero-width", "a\u{1D173}"),
    ("text.zero-width", "a\u{61C}"), ("text.zero-width", "so\u{AD}ft"),
    ("text.private-use", "\u{F0000}"), ("text.private-use", "\u{10FFFD}"),
    ("text.zero-width", "ab\u{200B}c"), ("text.zero-width", "a\u{200D}b"),
    ("text.zero-width", "x\u{FEFF}"), ("text.zero-width", "\u{200E}x"),
    ("text.mixed-script", "let p\u{430}yload = 1"), ("text.mixed-script", "\u{391}dmin"),
    ("text.mixed-script", "us\u{FF45}r"), ("text.private-use", "a\u{E0B0}"),
    ("text.form-feed", "\u{C}"), ("text.very-long-line", String(repeating: "ab ", count: 1667)),
    ("text.long-line", String(repeating: "ab ", count: 167)),
  ])
  func `a hazard on a line is found`(rule: String, line: String) {
    #expect(rules(line) == [rule])
  }

  @Test(arguments: [
    "plain\ttext", "crlf ending\r\n", "lf ending\n",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} and \u{1F3F4}",
    "key 1\u{FE0F}\u{20E3} #\u{FE0F}", "\u{845B}\u{FE00}",
    "heart \u{2764}\u{FE0F}", "family \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
    "\u{0645}\u{06CC}\u{200C}\u{062E}", "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442} world",
    "'\\n\u{41F}\u{440}\u{438}'", "'%s\u{448}\u{442}'", "\\u041f\u{440}\u{438}",
    "\u{394}t \u{3BB}_x \u{3C0}2",
    "HTTP-\u{441}\u{435}\u{440}\u{432}\u{435}\u{440}", "\u{4E2D}\u{6587}abc", "caf\u{E9}",
    "\u{AC00}\u{B098}",
    String(repeating: "ab ", count: 160),
  ])
  func `ordinary text of any language is no hazard`(line: String) {
    #expect(rules(line) == [])
  }

  @Test func `a byte order mark is ordinary only at the start of a file`() {
    let line = Array("\u{FEFF}x".utf8)[...]
    let first = ScannedChange(
      path: Array("a".utf8), oldMode: nil, newMode: 0o100644,
      added: [ScannedLine(number: 0, bytes: line)])
    #expect(scan(first) == [])
    #expect(rules("\u{FEFF}x") == ["text.zero-width"])
  }

  @Test func `invalid UTF-8 is noted and hides no hazard behind it`() {
    let bytes: [UInt8] = [0xFF, 0x20] + Array("\u{202E}".utf8)
    let change = ScannedChange(
      path: Array("a".utf8), oldMode: nil, newMode: 0o100644,
      added: [ScannedLine(number: 3, bytes: bytes[...])])
    #expect(Set(scan(change).map(\.rule)) == ["text.invalid-utf8", "text.bidi"])
  }

  @Test func `a change that only normalises is found`() {
    let (composed, decomposed) = ("x = 'caf\u{E9}'", "x = 'cafe\u{301}'")
    #expect(scanned([decomposed], removed: [composed]).map(\.rule) == ["text.normalisation"])
    #expect(scanned([composed], removed: [composed]) == [])
    #expect(scanned(["x = 'café!'"], removed: [composed]) == [])
  }

  /// The table of the safety page, class by class.
  @Test(
    arguments: [
      ("\u{202A}", .block), ("\u{202E}", .block), ("\u{2066}", .block), ("\u{2069}", .block),
      ("a\rb", .block), ("a\u{8}b", .block), ("\u{9B}", .block), ("\u{85}", .block),
      ("\u{1B}[0m", .block), ("\u{7F}", .block), ("\0", .block), ("a\u{E0100}", .block),
      ("\u{FE00}\u{FE01}", .block), ("\u{E0041}", .block), ("\u{3164}", .block),
      ("\u{115F}", .block), ("\u{FFA0}", .block), ("\u{2800}", .block),
      ("a\u{200B}b", .warn), ("a\u{200C}b", .warn), ("a\u{FEFF}", .warn),
      ("p\u{430}y", .warn), ("\u{E000}", .warn), ("\u{C}", .note),
    ] as [(String, FindingClass)])
  func `the classes are those of the safety page`(line: String, severity: FindingClass) {
    #expect(scanned([line]).map(\.severity).max() == severity)
    #expect(FindingClass.note < .warn && FindingClass.warn < .block)
  }

  @Test(
    arguments: [
      (500, nil), (501, .warn), (5_000, .warn), (5_001, .block), (40_000, .block),
    ] as [(Int, FindingClass?)])
  func `long lines are warned about, and blocked where nobody reads to the end`(
    length: Int, severity: FindingClass?
  ) {
    let line =
      String(repeating: "ab ", count: length / 3) + String(repeating: "c", count: length % 3)
    for ending in ["", "\n", "\r\n"] {
      let found = scanned([line + ending]).filter { $0.rule.hasSuffix("long-line") }
      #expect(found.map(\.severity) == (severity.map { [$0] } ?? []), "\(length)")
    }
  }

  @Test(
    arguments: [
      ("src/a\u{202E}c.py", "path.deceptive", .block), ("a\u{E0041}", "path.deceptive", .block),
      ("\u{3164}.py", "path.deceptive", .block), ("a\u{200B}.py", "path.ambiguous", .warn),
      ("src/p\u{430}y.py", "path.ambiguous", .warn), ("\u{E0B0}", "path.ambiguous", .warn),
    ] as [(String, String, FindingClass)])
  func `a name that deceives is found`(path: String, rule: String, severity: FindingClass) {
    let found = scanned([], path: path)
    #expect(found.map(\.rule) == [rule] && found.map(\.severity) == [severity])
    #expect(found.allSatisfy { $0.line == nil })
  }

  @Test(arguments: ["\u{4E2D}\u{6587}/caf\u{E9}.md", "\u{43F}\u{440}/readme.txt", "a b.txt"])
  func `a name in any language is no finding`(path: String) {
    #expect(scanned([], path: path) == [])
  }

  @Test func `whatever Unicode calls ignorable is found`() {
    for value in UInt32(0x80)...0xE0FFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.isDefaultIgnorableCodePoint
      else { continue }
      // Selectors may stand after a symbol, and joiners between two.
      let found = scanned(["a\(scalar)b"]).map(\.severity).max()
      #expect(found.map { $0 >= .warn } == true, "U+\(String(value, radix: 16))")
    }
  }
}
