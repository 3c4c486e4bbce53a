// Lines broken into rows.

import CellGrid
import Testing

@Suite struct WrappingTests {
  private static let lines: [String] = [
    "", "a", "abcdef", "漢字漢字", "a漢字", "\tx\ty", "a\u{202E}b", "e\u{301}e\u{301}e\u{301}e\u{301}",
    "trailing   ", "\u{10FFFD}", "ab<FF>cd\r", "let a = bcd(ef, gh)", "слово и ещё слово",
    "a\tb c\td  e",
    "one e\u{301}te\u{301} 漢字 <U+202E> two",
  ]

  @Test func `every column of a line is in exactly one row, at any width`() {
    for line in Self.lines {
      let text = SafeText(line)
      for width in 1...12 {
        let rows = Array(text.rows(width: width))
        #expect(rows.count == text.rowCount(width: width))
        #expect(!rows.isEmpty)
        var column = 0
        for row in rows {
          #expect(row.columns.lowerBound == column && row.columns.count <= width)
          #expect(!row.columns.isEmpty || line.isEmpty)
          column = row.columns.upperBound
        }
        #expect(column == text.width)
        #expect(rows.last?.bytes.upperBound == line.utf8.count)
      }
    }
  }

  @Test func `rows painted below each other show the line`() {
    for line in Self.lines {
      let text = SafeText(line)
      let whole = text.glyphs().map(\.text).joined()
      for width in 2...12 {
        var shown = ""
        for row in text.rows(width: width) {
          var grid = Grid(width: width, height: 1)
          grid.paint { $0.safe(text, wrapped: row, row: 0, column: 0) { _ in Style() } }
          for column in 0..<row.columns.count {
            shown.unicodeScalars.append(contentsOf: grid[0, column].text.unicodeScalars)
          }
        }
        #expect(shown.unicodeScalars.elementsEqual(whole.unicodeScalars), "\(line) at \(width)")
      }
    }
  }

  @Test func `a wide glyph and a notation move to the next row whole`() {
    #expect(SafeText("a漢b").rows(width: 2).map(\.columns) == [0..<1, 1..<3, 3..<4])
    #expect(SafeText("abc\u{202E}").rows(width: 9).map(\.columns) == [0..<3, 3..<11])
    // Wider than a row: it has to be split anyway, and starts where there is room.
    #expect(SafeText("abc\u{202E}").rows(width: 5).map(\.columns) == [0..<5, 5..<10, 10..<11])
  }

  @Test func `a row ends after a blank of its second half, so that words stay whole`() {
    func rows(_ line: String, _ width: Int) -> [String] {
      SafeText(line).rows(width: width).map { row in
        String(decoding: Array(line.utf8)[row.bytes], as: UTF8.self)
      }
    }
    #expect(rows("private var limits: Day", 16) == ["private var ", "limits: Day"])
    #expect(rows("слово и слово", 10) == ["слово и ", "слово"])
    #expect(rows("if a {\tb(c)", 10) == ["if a {\t", "b(c)"])
    // Too far left to break there; and no row begins with the blank between two words.
    #expect(rows("a bcdefghijkl", 8) == ["a bcdefg", "hijkl"])
    #expect(rows("a bcd efg hi", 9) == ["a bcd ", "efg hi"])
    #expect(rows("one two", 7) == ["one two"])
    #expect(rows("one two 漢字", 9) == ["one two ", "漢字"])
  }

  @Test func `the first rows of a huge line are found without reading the rest`() {
    let line = [UInt8](repeating: 0x61, count: 5_000_000)
    let text = SafeText(line)
    let clock = ContinuousClock()
    let time = clock.measure {
      for _ in 0..<100 {
        var rows = text.rows(width: 100)
        for _ in 0..<50 { _ = rows.next() }
      }
    }
    // Reading the line a hundred times would take seconds even in an optimised build.
    #expect(time < .seconds(2))
    #expect(text.rowCount(width: 100, limit: 7) == 7)
  }
}
