// Lines of a file, and the small questions a diff answers about its changed lines.

import TestSupport
import Diffing
import Testing

struct TextFileTests {
  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a\n"]), ("\n\n", ["\n", "\n"]), ("a\r\nb", ["a\r\n", "b"]),
    ("a\rb\n", ["a\rb\n"]), ("a\n\nb\n", ["a\n", "\n", "b\n"]),
    ("a\u{2028}b\u{85}c\n", ["a\u{2028}b\u{85}c\n"]),
  ])
  func `lines end at LF only and join to the file again`(_ text: String, _ lines: [String]) {
    let file = TextFile(Array(text.utf8))
    #expect(file.lineCount == lines.count)
    for (index, line) in lines.enumerated() {
      #expect(Array(file.line(index)) == Array(line.utf8))
      let content = Array(line.utf8)
      #expect(Array(file.lineContent(index)) == (content.last == 10 ? content.dropLast() : content))
      #expect(file.byteOffset(ofLine: index) == lines[..<index].joined().utf8.count)
    }
    #expect(Array(file.lines(0..<lines.count)) == file.bytes)
    #expect(file.endsWithNewline == (text.isEmpty || text.utf8.last == 10))
  }

  @Test func `lines are found whatever bytes stand beside their ends`() {
    // The neighbours of LF in value are where arithmetic on eight bytes at once goes wrong.
    let alphabet: [UInt8] = [0x0A, 0x0B, 0x09, 0x8A, 0x8B, 0x00, 0x80, 0xFF, 0x0A]
    var random = SeededRandom(20_261_128)
    for count in 0..<400 {
      let bytes = (0..<count % 67).map { _ in alphabet.randomElement(using: &random) ?? 0x0A }
      let file = TextFile(bytes)
      var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { Array($0) + [0x0A] }
      lines[lines.count - 1].removeLast()
      if lines.last == [] { lines.removeLast() }
      #expect((0..<file.lineCount).map { Array(file.line($0)) } == lines, "\(bytes)")
    }
  }

  @Test func `files are equal when their bytes are`() {
    #expect(TextFile(Array("\u{37e}".utf8)) != TextFile(Array(";".utf8)))
    #expect(TextFile(Array("e\u{301}".utf8)) != TextFile(Array("é".utf8)))
    #expect(TextFile([0xff]) == TextFile([0xff]))
    #expect(TextFile.empty == TextFile([]))
  }

  @Test func `changed lines are numbered in script order across groups and rows`() {
    for pair in SmallScope.pairs(.lineFeed) {
      let diff = pair.diff
      var expected = 0
      for (index, group) in diff.groups.enumerated() {
        #expect(group.changedLines.lowerBound == expected)
        for row in group.rows.indices {
          let lines = group.changedLines(ofRow: row)
          #expect(lines.lowerBound == expected && lines.count == group.rows[row].lineCount)
          for line in lines { #expect(diff.groupIndex(ofChangedLine: line) == index) }
          expected = lines.upperBound
        }
        var visited: [Int] = []
        diff.forEachChangedLine(in: index) { line, _ in visited.append(line) }
        #expect(visited == Array(group.changedLines))
      }
      #expect(diff.changedLineCount == expected)
      #expect(diff.addedLineCount + diff.removedLineCount == expected)
    }
  }

  @Test(arguments: [
    EditScript(removed: [0..<1], inserted: []),
    EditScript(removed: [2..<5], inserted: []),
    EditScript(removed: [], inserted: [.init(newLines: 2..<3, position: 0, stride: 0)]),
    EditScript(removed: [1_000_000_000_000..<1_000_000_000_001], inserted: []),
    EditScript(removed: [-2 ..< -1], inserted: []),
    EditScript(removed: [], inserted: [.init(newLines: -1..<1, position: 0, stride: 0)]),
  ])
  func `a script that names a line which does not change is no selection`(_ script: EditScript) {
    let diff = FileDiff.between(
      TextFile(Array("same\nold\nend\n".utf8)), TextFile(Array("same\nnew\nend\n".utf8)))
    #expect(diff.selection(of: script) == nil)
  }
}
