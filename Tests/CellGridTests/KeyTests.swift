// Names of keys, both ways.

import CellGrid
import Testing

@Suite struct KeyTests {
  @Test(arguments: [
    (Key.character("]"), "]"), (.character("-"), "-"), (.character("A"), "A"), (.space, "Space"),
    (.control("d"), "ctrl-d"), (.control("@"), "ctrl-@"), (.alt(.character("x")), "alt-x"),
    (.alt(.space), "alt-space"), (.alt(.control("d")), "ctrl-alt-d"),
    (.alt(.character("-")), "alt--"),
    (.tab, "Tab"), (.backTab, "shift-tab"), (.escape, "Esc"), (.enter, "Enter"), (.up, "Up"),
    (.named(.down, .alt), "alt-down"), (.named(.left, [.control, .shift]), "ctrl-shift-left"),
    (.pageDown, "PageDown"), (.function(1, []), "F1"), (.function(5, .shift), "shift-f5"),
    (.character("é"), "é"),
  ])
  func `a key has a name and is found by it`(key: Key, name: String) {
    #expect(key.name == name)
    #expect(Key(parsing: name) == key)
  }

  @Test(arguments: [
    ("CTRL-D", Key.control("d")), ("ctrl-I", .tab), ("ctrl-m", .enter), ("ctrl-[", .escape),
    ("ctrl-h", .backspace), ("ctrl-space", .control("@")), ("TAB", .tab), ("PgDn", .pageDown),
    ("escape", .escape), ("Return", .enter), ("shift-Tab", .backTab),
    ("alt-ctrl-d", .alt(.control("d"))),
    ("alt-F3", .function(3, .alt)), ("alt-ctrl-i", .named(.tab, .alt)),
  ])
  func `other ways to write a key are understood`(name: String, key: Key) {
    #expect(Key(parsing: name) == key)
  }

  @Test(arguments: [
    "", "ctrl-", "nokey", "shift-a", "ctrl-é", "F0", "F64", "ctrl-1", "\u{301}", "\u{1}", "paste",
    "resize", "alt-shift-x", "ab",
  ])
  func `what no terminal sends has no name`(name: String) {
    #expect(Key(parsing: name) == nil)
  }

  @Test func `every named key and control key survives its name`() {
    for name in Key.Name.allCases {
      for bits in UInt8(0)..<8 {
        let key = Key.named(name, KeyModifiers(rawValue: bits))
        #expect(Key(parsing: key.name) == key)
      }
    }
    for byte in Array(UInt8(0)..<32) + [127] {
      let key = Key(controlByte: byte)
      #expect(Key(parsing: key.name) == key)
      if let alt = key.adding(.alt) { #expect(Key(parsing: alt.name) == alt) }
    }
    for value in UInt8(0x20)..<0x7F {
      let key = Key.character(Unicode.Scalar(value))
      #expect(Key(parsing: key.name) == key)
      #expect(Key(parsing: Key.alt(key).name) == .alt(key))
    }
  }
}
