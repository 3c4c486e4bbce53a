// Colours that are set already are not sent, and everything else is.

import Testing

@testable import Terminal

@Suite struct ColourThriftTests {
  @Test(arguments: [
    // What is the same goes; what differs stays.
    ("\u{1B}[38;5;1ma\u{1B}[38;5;1mb", "\u{1B}[38;5;1mab"),
    ("\u{1B}[38;5;1ma\u{1B}[38;5;2mb", "\u{1B}[38;5;1ma\u{1B}[38;5;2mb"),
    (
      "\u{1B}[38:2::1:2:3m\u{1B}[48:2::1:2:3ma\u{1B}[38:2::1:2:3m\u{1B}[48:2::9:2:3mb",
      "\u{1B}[38:2::1:2:3m\u{1B}[48:2::1:2:3ma\u{1B}[48:2::9:2:3mb"
    ),
    ("\u{1B}[31m\u{1B}[42ma\u{1B}[31m\u{1B}[42mb", "\u{1B}[31m\u{1B}[42mab"),
    // Attributes do not touch colours; a reset and what is not read do.
    ("\u{1B}[31ma\u{1B}[1mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[1mbc"),
    ("\u{1B}[31ma\u{1B}[mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[mb\u{1B}[31mc"),
    ("\u{1B}[31ma\u{1B}[0;1mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[0;1mb\u{1B}[31mc"),
    ("\u{1B}[31ma\u{1B}[39;49mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[39;49mb\u{1B}[31mc"),
    ("\u{1B}[31ma\u{1B}[1;32mb\u{1B}[31mc", "\u{1B}[31ma\u{1B}[1;32mb\u{1B}[31mc"),
    // Other sequences and text stay as they are.
    ("\u{1B}[2;3H\u{1B}[31ma\u{1B}[K\u{1B}[31mb", "\u{1B}[2;3H\u{1B}[31ma\u{1B}[Kb"),
    ("a\u{1B}(Bb\u{1B}", "a\u{1B}(Bb\u{1B}"), ("\u{1B}[3", "\u{1B}[3"), ("漢[31m", "漢[31m"),
  ])
  func `a colour is sent once`(written: String, sent: String) {
    var thrift = ColourThrift()
    #expect(String(decoding: thrift.thinned(Array(written.utf8)), as: UTF8.self) == sent)
  }
}
