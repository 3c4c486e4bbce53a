import Scanner
import Testing

@Suite struct TextHazardTests {
  @Test(arguments: [
    ("text.bidi", "a\u{202E}b"), ("text.bidi", "\u{2066}x\u{2069}"),
    ("text.carriage-return", "safe\rhidden"), ("text.backspace", "a\u{8}b"),
    ("text.control", "a\u{1B}[31m"), ("text.control", "a\u{85}"), ("text.control", "a\u{7F}"),
    ("text.nul", "a\0b"), ("text.variation-selector", "a\u{E0100}"),
    ("text.variation-selector", "a\u{FE00}\u{FE01}"), ("text.tag", "a\u{E0041}\u{E0042}"),
    ("text.blank-glyph", "let \u{3164} = 1"), ("text.blank-glyph", "a\u{2800}"),
    ("text.blank-glyph", "\u{115F}"), ("text.blank-glyph", "\u{FFA0}"),
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

  @Test func `the classes are those of the safety page`() {
    let severity = { (line: String) in scanned([line]).first?.severity }
    #expect(severity("\u{202E}") == .block)
    #expect(severity("a\u{200B}b") == .warn)
    #expect(FindingClass.note < .warn && FindingClass.warn < .block)
  }
}
