// What is drawn has the colours and attributes it was written with, and little more is sent than that takes.

import TerminalHarness
import Testing

@testable import Terminal

@Suite struct ColourThriftTests {
  private static func thinned(_ written: String) -> String {
    var thrift = ColourThrift()
    return String(decoding: thrift.thinned(Array(written.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    // As ncurses writes it: everything anew for each change of one thing.
    (
      "\u{1B}[0m\u{1B}[38;5;1m\u{1B}[48;5;2ma\u{1B}(B\u{1B}[0;1m\u{1B}[38;5;1m\u{1B}[48;5;2mb",
      "\u{1B}[0m\u{1B}[38;5;1;48;5;2ma\u{1B}[1mb"
    ),
    (
      "\u{1B}[0;1m\u{1B}[38:2::1:2:3ma\u{1B}(B\u{1B}[0m\u{1B}[38:2::1:2:3mb",
      "\u{1B}[0;1m\u{1B}[38;2;1;2;3ma\u{1B}[22mb"
    ),
    // Nothing is sent for a rendition with which nothing is drawn.
    ("\u{1B}[0ma\u{1B}[31m\u{1B}[2;3H\u{1B}[0mb", "\u{1B}[0ma\u{1B}[2;3Hb"),
    ("\u{1B}[0;31ma\u{1B}[39;49m\u{1B}(B\u{1B}[m", "\u{1B}[0;31ma\u{1B}[m"),
    // A colour that the palette has is sent by its number; one near it is not, nor one where terminals' palettes differ.
    (
      "\u{1B}[0m\u{1B}[38:2::95:175:255m\u{1B}[48:2::28:28:28ma\u{1B}[38;2;95;175;254mb",
      "\u{1B}[0m\u{1B}[38;5;75;48;5;234ma\u{1B}[38;2;95;175;254mb"
    ),
    (
      "\u{1B}[0m\u{1B}[38;2;255;0;0ma\u{1B}[38;2;7;7;7mb\u{1B}[38;5;9mc",
      "\u{1B}[0m\u{1B}[38;5;196ma\u{1B}[38;2;7;7;7mb\u{1B}[38;5;9mc"
    ),
    // Erasing takes the background along.
    ("\u{1B}[0ma\u{1B}[44m\u{1B}[K", "\u{1B}[0ma\u{1B}[44m\u{1B}[K"),
    // What was there before the frame is unknown until something says all of it.
    ("\u{1B}[31ma\u{1B}[31mb", "\u{1B}[31ma\u{1B}[31mb"),
    ("\u{1B}[0;31ma\u{1B}[999mb\u{1B}[31mc", "\u{1B}[0;31ma\u{1B}[999mb\u{1B}[31mc"),
    // Line drawing characters are switched off where they were on.
    ("\u{1B}(0a\u{1B}(Bb", "\u{1B}(0a\u{1B}(Bb"), ("a\u{1B}(Bb", "ab"),
    ("a\u{1B}", "a\u{1B}"), ("\u{1B}[3", "\u{1B}[3"), ("漢[31m", "漢[31m"),
  ])
  func `renditions are sent when something is drawn with them`(written: String, sent: String) {
    #expect(Self.thinned(written) == sent)
  }

  @Test(arguments: 0..<UInt64(60))
  func `an emulator shows the same cells either way`(_ seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
    let pieces = [
      "\u{1B}[0m", "\u{1B}[m", "\u{1B}[0;1m", "\u{1B}[0;4m", "\u{1B}[1m", "\u{1B}[4m", "\u{1B}[7m",
      "\u{1B}[22m", "\u{1B}[24m", "\u{1B}[27m", "\u{1B}[31m", "\u{1B}[42m", "\u{1B}[39m",
      "\u{1B}[49m", "\u{1B}[39;49m", "\u{1B}[38;5;77m", "\u{1B}[48;5;200m", "\u{1B}[97m",
      "\u{1B}[1;33;44m", "\u{1B}[2;5H", "\u{1B}[4d", "\u{1B}[K", "\u{1B}(B", "\r", "\n", "a", "b",
      "漢", " ", "xyz", "\u{1B}[3;7H",
    ]
    var written = "\u{1B}[m"
    for _ in 0..<120 { written += pieces[random(pieces.count)] }
    let plain = EmulatedScreen(rows: 8, columns: 30)
    let thin = EmulatedScreen(rows: 8, columns: 30)
    plain.feed(Array(written.utf8))
    thin.feed(Array(Self.thinned(written).utf8))
    for row in 0..<8 {
      for column in 0..<30 {
        #expect(
          plain.cell(row: row, column: column) == thin.cell(row: row, column: column),
          "seed \(seed), row \(row), column \(column)")
      }
    }
  }
}
