// What in a text can deceive the eye.

import CellGrid
import Testing

@Suite struct HazardTests {
  @Test(
    arguments: [
      ("a\u{202E}b", [.bidiControl]), ("\u{2066}x\u{2069}", [.bidiControl, .bidiControl]),
      ("a\rb", [.loneCarriageReturn]), ("\u{8}", [.control]), ("\u{85}", [.control]),
      ("\u{7F}", [.control]), ("\u{C}", [.control]), ("\u{0}", [.null]),
      ("\u{E0101}", [.variationSelector]),
      ("x\u{E0041}\u{E0042}", [.tagCharacter]), ("\u{3164}", [.blankGlyph]),
      ("\u{115F}\u{FFA0}\u{2800}", [.blankGlyph]),
      ("a\u{200B}\u{200D}", [.zeroWidth]), ("\u{FEFF}", [.zeroWidth]), ("\u{AD}", [.zeroWidth]),
      ("\u{61C}", [.zeroWidth]), ("\u{E0B0}\u{F0000}", [.privateUse]),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", []),
      ("🏴\u{E0067}x", [.tagCharacter]),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E007F}\u{E0065}", [.tagCharacter]),
      ("❤\u{FE0F} é 漢 e\u{301}\tx\n", []), ("a\r\nb\r\n", []), ("\u{A0}", []),
    ] as [(String, [Hazard.Kind])])
  func `hazards are found, and only hazards`(text: String, kinds: [Hazard.Kind]) {
    #expect(SafeText.hazards(in: Array(text.utf8)[...]).map(\.kind) == kinds)
  }

  @Test func `a last carriage return counts when no line feed follows`() {
    let bytes = Array("a\r".utf8)[...]
    #expect(SafeText.hazards(in: bytes).isEmpty)
    #expect(
      SafeText.hazards(in: bytes, lineFeedFollows: false).map(\.kind) == [.loneCarriageReturn])
  }

  @Test func `places are counted from the start of the slice`() {
    let bytes = Array("xxa\u{202E}".utf8)
    #expect(SafeText.hazards(in: bytes[2...]).map(\.bytes) == [1..<4])
  }

  @Test func `zero-width and private use warn, the rest blocks`() {
    for kind in Hazard.Kind.allCases {
      let text: String =
        switch kind {
        case .null: "\0"
        case .bidiControl: "\u{202A}"
        case .loneCarriageReturn: "\rx"
        case .control: "\u{1B}"
        case .variationSelector: "\u{E0100}"
        case .tagCharacter: "\u{E0020}"
        case .blankGlyph: "\u{3164}"
        case .zeroWidth: "\u{200B}"
        case .privateUse: "\u{E000}"
        }
      let hazard = SafeText.hazards(in: Array(text.utf8)[...]).first
      #expect(hazard?.kind == kind)
      #expect(hazard?.severity == (kind == .zeroWidth || kind == .privateUse ? .warn : .block))
    }
  }

  @Test func `whatever is a hazard is never drawn as itself`() {
    for value in UInt32(0)...0xFFFFF {
      guard let scalar = Unicode.Scalar(value), value != 0x0D, value % 17 == 0 || value < 0x3000
      else { continue }
      let bytes = Array(String(scalar).utf8)
      guard !SafeText.hazards(in: bytes[...], lineFeedFollows: false).isEmpty else { continue }
      #expect(SafeText(bytes).glyphs().allSatisfy { !$0.isPlain }, "U+\(String(value, radix: 16))")
    }
  }
}
