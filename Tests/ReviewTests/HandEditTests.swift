// What of a saved text counts as the lines of the file.

import Review
import Testing

struct HandEditTests {
  private func edit(_ block: String, _ before: String) -> HandEdit {
    HandEdit(
      item: UnplacedItem(
        path: Array("a".utf8), reason: "", text: Array(block.utf8), wanted: [],
        places: []),
      lines: 0..<2, before: Array(before.utf8))
  }

  @Test(arguments: ["<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE", "no newline", "", "a\n"])
  func `what stands below the divider counts, whatever the block holds`(_ block: String) {
    let edit = edit(block, "one\ntwo\n")
    #expect(edit.result(of: edit.text) == Array("one\ntwo\n".utf8))
    #expect(edit.result(of: edit.text + Array("three".utf8)) == Array("one\ntwo\nthree".utf8))
  }

  @Test func `a block or a file that holds the divider of another cannot end this one`() {
    let first = edit("x\n", "one\n")
    let divider = String(decoding: first.text.dropFirst(2).dropLast(4), as: UTF8.self)
    for hostile in [edit(divider, "one\n"), edit("x\n", divider)] {
      #expect(hostile.result(of: hostile.text) == hostile.before)
    }
  }

  @Test func `without the divider, or with two, nothing counts`() {
    let edit = edit("x\n", "one\n")
    #expect(edit.result(of: Array("one\n".utf8)) == nil)
    #expect(edit.result(of: edit.text + edit.text) == nil)
    #expect(edit.result(of: Array("y".utf8) + edit.text.dropFirst(2)) == nil)
    #expect(edit.result(of: Array(edit.text.dropLast(5))) == [])
  }

  @Test func `an editor that gives the divider the file's ending loses nothing`() {
    let edit = edit("x\n", "one\r\n")
    let divider = edit.text.dropFirst(2).dropLast(6)
    let saved = Array("x\r\n".utf8) + divider + Array("\r\ntwo\r\n".utf8)
    #expect(edit.result(of: saved) == Array("two\r\n".utf8))
  }
}
