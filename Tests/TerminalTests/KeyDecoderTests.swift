// Key decoding from byte sequences, wherever they are torn.

import CellGrid
import Terminal
import Testing

@Suite struct KeyDecoderTests {
  private static let sequences: [(String, [Key])] = [
    ("a", [.character("a")]),
    ("é漢🙂", [.character("é"), .character("漢"), .character("🙂")]),
    (
      "\u{1}\t\r\n\u{7F}\u{8}\u{0}",
      [
        .control("a"), .tab, .enter, .control("j"), .backspace, .backspace, .control("@"),
      ]
    ),
    (
      "\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[1;2D",
      [
        .up, .down, .named(.right, .control), .named(.left, .shift),
      ]
    ),
    (
      "\u{1B}[H\u{1B}[4~\u{1B}[5~\u{1B}[6;3~\u{1B}[3~\u{1B}[2~",
      [
        .home, .end, .pageUp, .named(.pageDown, .alt), .delete, .insert,
      ]
    ),
    (
      "\u{1B}OP\u{1B}[15~\u{1B}[24;2~\u{1B}[[B\u{1B}[1;2R",
      [
        .function(1, []), .function(5, []), .function(12, .shift), .function(2, []),
        .function(3, .shift),
      ]
    ),
    (
      "\u{1B}[Z\u{1B}x\u{1B}é\u{1B}\u{4}\u{1B}\u{7F}",
      [
        .backTab, .alt(.character("x")), .alt(.character("é")), .alt(.control("d")),
        .named(.backspace, .alt),
      ]
    ),
    ("\u{1B}\u{1B}[A\u{1B}\u{1B}OD", [.named(.up, .alt), .named(.left, .alt)]),
    (
      "\u{1B}[97;5u\u{1B}[13;2u\u{1B}[27;5;105~\u{1B}[97;2u\u{1B}[97u",
      [
        .control("a"), .named(.enter, .shift), .named(.tab, []), .character("A"), .character("a"),
      ]
    ),
    (
      "\u{1B}[<64;10;3M\u{1B}[<65;1;1M\u{1B}[<0;300;6M\u{1B}[<0;300;6m\u{1B}[<66;1;1M\u{1B}[<32;1;1M",
      [
        .wheel(.up, row: 2, column: 9), .wheel(.down, row: 0, column: 0),
        .click(row: 5, column: 299),
      ]
    ),
    ("\u{1B}[M !!\u{1B}[M`#$", [.click(row: 0, column: 0), .wheel(.up, row: 3, column: 2)]),
    (
      "\u{1B}[200~a\u{1B}[A\u{1B}[20\u{1B}[201~b",
      [
        .paste(Array("a\u{1B}[A\u{1B}[20".utf8)), .character("b"),
      ]
    ),
    ("\u{1B}[200~\u{1B}[201~", [.paste([])]),
    ("\u{1B}OM\u{1B}Oq", [.enter, .character("1")]),
  ]

  @Test(arguments: sequences)
  func `bytes become keys, at once and torn at every byte`(bytes: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(bytes.utf8) == keys)
    #expect(!decoder.isWaiting)
    let all = Array(bytes.utf8)
    for cut in 0...all.count {
      var decoder = KeyDecoder()
      #expect(decoder.decode(all[..<cut]) + decoder.decode(all[cut...]) == keys)
    }
    var slow = KeyDecoder()
    #expect(all.flatMap { slow.decode([$0]) } == keys)
  }

  @Test(
    arguments: [
      ("\u{1B}", [.escape]), ("\u{1B}\u{1B}", [.escape, .escape]),
      ("\u{1B}[", [.alt(.character("["))]), ("\u{1B}O", [.alt(.character("O"))]),
      ("\u{1B}[1;", [.unknown("ESC [1;")]),
    ] as [(String, [Key])])
  func `what nothing follows is taken for what it is`(bytes: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(bytes.utf8) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.flush() == keys)
    #expect(!decoder.isWaiting)
  }

  @Test(arguments: [
    "\u{1B}[99;9y", "\u{1B}[?62;4c", "\u{1B}[5n", "\u{1B}[I", "\u{1B}]11;rgb:y/y/y\u{7}",
    "\u{1B}]10;y\u{1B}\\", "\u{1B}P1+ry=y\u{1B}\\", "\u{1B}[1;9A", "\u{1B}[97;9u", "\u{1B}[97;1:3u",
    "\u{1B}[>y", "\u{1B}Oz", "\u{1B}[57400u",
  ])
  func `a sequence that is not known never turns into a key that could decide`(bytes: String) {
    var decoder = KeyDecoder()
    let keys = decoder.decode(bytes.utf8) + decoder.flush()
    #expect(keys.count == 1)
    for key in keys {
      guard case .unknown = key else {
        Issue.record("\(key.name) out of a sequence nobody knows")
        continue
      }
    }
  }

  @Test func `bytes that are not UTF-8 are unknown, and what follows is kept`() {
    var decoder = KeyDecoder()
    let keys = decoder.decode([0xFF, 0x61, 0xE2, 0x82, 0x62, 0xC0, 0x80])
    #expect(
      keys == [
        .unknown("<FF>"), .character("a"), .unknown("<E2>"), .unknown("<82>"), .character("b"),
        .unknown("<C0>"), .unknown("<80>"),
      ])
  }

  @Test func `sequences of the terminal's own entry come before the usual ones`() {
    var decoder = KeyDecoder(sequences: [Array("\u{1B}[a".utf8): .named(.up, .shift)])
    #expect(decoder.decode("\u{1B}[a\u{1B}[A".utf8) == [.named(.up, .shift), .up])
  }

  @Test func `a big paste arrives whole, in pieces of any size`() {
    let text = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var decoder = KeyDecoder()
    var keys = decoder.decode("\u{1B}[200~".utf8)
    var rest = text[...]
    while !rest.isEmpty {
      keys += decoder.decode(rest.prefix(4093))
      rest = rest.dropFirst(4093)
    }
    keys += decoder.decode("\u{1B}[201~".utf8)
    #expect(keys == [.paste(text)])
  }

  @Test func `any bytes decode to something, and nothing is left after a flush`() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("\u{1B}\u{1B}\u{1B}[[O<;;0127~uMAmPy]\\\u{7}é".utf8) + [0xFF, 0x80, 0x9B]
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in alphabet.randomElement()!
      }
      var whole = KeyDecoder()
      let keys = whole.decode(bytes)
      var torn = KeyDecoder()
      #expect(bytes.flatMap { torn.decode([$0]) } == keys, "\(bytes)")
      _ = whole.flush()
      #expect(!whole.isWaiting, "\(bytes)")
    }
  }
}
