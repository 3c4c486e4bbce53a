// Typing and editing a text.

import TestSupport
import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct TextFieldTests {
  @Test(arguments: [
    (["a", "b", "Left", "c"], "acb"), (["a", "b", "Home", "c"], "cab"),
    (["a", "b", "Home", "Delete"], "b"), (["a", "b", "ctrl-a", "ctrl-k"], ""),
    (["a", "Space", "b", "ctrl-w", "c"], "a c"), (["a", "b", "ctrl-u", "c"], "c"),
    (["a", "Enter", "b", "Up", "c"], "ac\nb"), (["a", "Enter", "b", "Home", "Backspace"], "ab"),
    (["a", "Enter", "b", "Up", "End", "Delete"], "ab"),
    (["Backspace", "Left", "Right", "Delete"], ""),
    (["a", "Enter", "Left", "Left", "c"], "ca\n"),
  ])
  func `editing keys do what they do everywhere`(_ names: [String], _ expected: String) {
    var field = TextField(isMultiline: true)
    for name in names { _ = field.handle(RandomKeys.keys(name)[0]) }
    #expect(field.text == expected)
  }

  @Test func `one line stays one line`() {
    var field = TextField(isMultiline: false)
    let takesEnter = field.handle(.enter)
    let takesPaste = field.handle(.paste(Array("a\nb\r\nc\u{2028}d".utf8)))
    #expect(!takesEnter && takesPaste)
    #expect(field.lines.count == 1)
  }

  @Test(arguments: 0..<20)
  func `the cursor is always inside the text`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var field = TextField(isMultiline: random.oneIn(2))
    let keys = RandomKeys.keys(
      "a", "e", "Space", "Enter", "Left", "Right", "Up", "Down", "Home", "End", "Backspace",
      "Delete",
      "ctrl-w", "ctrl-u", "ctrl-k")
    for _ in 0..<300 {
      _ = field.handle(random.oneIn(9) ? .paste(Array("x\ny \u{301}é漢".utf8)) : random.pick(keys))
      #expect(field.lines.indices.contains(field.row))
      #expect((0...field.lines[field.row].count).contains(field.column))
    }
  }
}
