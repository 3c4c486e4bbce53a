// Painting stays inside its region, whatever the numbers.

import CellGrid
import Testing

@Suite struct PainterTests {
  @Test func `text is drawn, clipped and its columns are returned`() {
    var grid = Grid(width: 8, height: 2)
    grid.paint { painter in
      #expect(painter.text("abc", row: 0, column: 6, style: Style()) == 3)
      #expect(painter.text("xyz", row: 1, column: -1, style: Style()) == 3)
      #expect(painter.text("out", row: 2, column: 0, style: Style()) == 3)
    }
    #expect(grid.rowText(0) == "      ab")
    #expect(grid.rowText(1) == "yz      ")
  }

  @Test func `a wide glyph never straddles an edge`() {
    var grid = Grid(width: 5, height: 3)
    grid.paint { painter in
      painter.text("漢字漢", row: 0, column: 0, style: Style())
      painter.text("漢字", row: 1, column: -1, style: Style())
      painter.region(rows: 2..<3, columns: 1..<4) { inner in
        inner.text("漢字", row: 0, column: 0, style: Style())
      }
    }
    #expect(grid.rowText(0) == "漢字 ")
    #expect(grid.rowText(1) == " 字  ")
    #expect(grid.rowText(2) == " 漢  ")
  }

  @Test func `half of a wide glyph that is drawn over becomes a blank`() {
    for column in 0..<4 {
      var grid = Grid(width: 4, height: 1)
      grid.paint { painter in
        painter.text("漢字", row: 0, column: 0, style: Style(.accent))
        painter.text("x", row: 0, column: column, style: Style())
      }
      #expect(grid.rowText(0) == ["x 字", " x字", "漢x ", "漢 x"][column])
    }
  }

  @Test func `labels are cut with a sign`() {
    var grid = Grid(width: 6, height: 4)
    grid.paint { painter in
      painter.text(
        "LedgerTests", row: 0, column: 0, style: Style(), maxWidth: 5, overflow: .ellipsis)
      painter.text("漢字漢", row: 1, column: 0, style: Style(), maxWidth: 4, overflow: .ellipsis)
      painter.text("fits", row: 2, column: 0, style: Style(), maxWidth: 4, overflow: .ellipsis)
      painter.safe(
        SafeText("a\u{202E}"), row: 3, column: 0, style: Style(), maxWidth: 5, overflow: .ellipsis)
    }
    #expect(grid.rowText(0) == "Ledg… ")
    #expect(grid.rowText(1) == "漢 …  ")
    #expect(grid.rowText(2) == "fits  ")
    #expect(grid.rowText(3) == "a<U+… ")
  }

  @Test func `a window of a line shows where it goes on`() {
    let text = SafeText("0123456789")
    var grid = Grid(width: 6, height: 3)
    grid.paint { painter in
      let middle = painter.safe(
        text, columns: 2..<8, row: 0, column: 0, overflow: .arrows
      ) { _ in Style() }
      #expect(!middle.reachesEnd && middle.columns == 6)
      let end = painter.safe(
        text, columns: 4..<10, row: 1, column: 0, overflow: .arrows
      ) { _ in Style() }
      #expect(end.reachesEnd)
      let start = painter.safe(
        text, columns: 0..<99, row: 2, column: 0, overflow: .arrows
      ) { _ in Style() }
      #expect(!start.reachesEnd)
    }
    #expect((0..<3).map { grid.rowText($0) } == ["‹3456›", "‹56789", "01234›"])
  }

  @Test func `a wide glyph cut by a window shows a blank`() {
    let text = SafeText("漢字漢")
    var grid = Grid(width: 4, height: 1)
    grid.paint { $0.safe(text, columns: 1..<5, row: 0, column: 0) { _ in Style() } }
    #expect(grid.rowText(0) == " 字 ")
  }

  @Test func `styles are asked for by byte offset`() {
    var asked: [Int] = []
    var grid = Grid(width: 10, height: 1)
    grid.paint { painter in
      painter.safe(SafeText("aé漢b"), columns: 0..<10, row: 0, column: 0) { offset in
        asked.append(offset)
        return offset == 3 ? Style(.string) : Style()
      }
    }
    #expect(Set(asked) == [0, 1, 3, 6])
    #expect(grid[0, 2].style == Style(.string) && grid[0, 3].style == Style(.string))
  }

  @Test func `the cost of a window does not grow with the line`() {
    let text = SafeText([UInt8](repeating: 0x61, count: 5_000_000))
    let time = ContinuousClock().measure {
      for _ in 0..<100 {
        var grid = Grid(width: 100, height: 1)
        grid.paint { painter in
          painter.safe(text, row: 0, column: 0, style: Style())
        }
      }
    }
    #expect(time < .seconds(2))
  }

  @Test func `random painting in nested regions leaves the rest alone and every grid whole`() {
    var random = SystemRandomNumberGenerator()
    let words = ["", "a", "漢字", "e\u{301}x", "a\tb", "\u{202E}", "wide 漢 text", "  "]
    for _ in 0..<500 {
      var grid = Grid(width: 12, height: 4, style: Style(.faint))
      let rows = Int.random(in: -2...3, using: &random)..<5
      let columns = Int.random(in: -3...8, using: &random)..<Int.random(in: 8...15, using: &random)
      grid.paint { painter in
        painter.region(rows: rows, columns: columns) { outer in
          outer.region(rows: 0..<2, columns: -1..<6) { inner in
            for _ in 0..<4 {
              let row = Int.random(in: -2...4, using: &random)
              let column = Int.random(in: -6...14, using: &random)
              let word = words.randomElement(using: &random) ?? ""
              if Bool.random(using: &random) {
                inner.text(word, row: row, column: column, style: Style(.accent))
              } else {
                inner.safe(SafeText(word), row: row, column: column, style: Style(.accent))
              }
            }
          }
        }
      }
      for row in 0..<grid.height {
        var width = 0
        for column in 0..<grid.width {
          let cell = grid[row, column]
          width += cell.width
          if cell.isRightHalf { #expect(column > 0 && grid[row, column - 1].width == 2) }
          let isInside =
            rows.contains(row) && columns.contains(column) && row < rows.lowerBound + 2
            && column < columns.lowerBound + 6
          if !isInside { #expect(cell == .blank(Style(.faint))) }
        }
        #expect(width == grid.width)
      }
    }
  }

  @Test func `our own text has nothing that hides, even should it be somebody else's`() {
    let text = "a\u{202E}b\u{1B}c\u{200B}\u{3164}\u{E0041}\u{E000}e\u{301}"
    var grid = Grid(width: 20, height: 1)
    var used = 0
    grid.paint { used = $0.text(text, row: 0, column: 0, style: Style()) }
    let drawn = "a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}e\u{301}"
    #expect(grid.rowText(0).unicodeScalars.starts(with: drawn.unicodeScalars))
    #expect(used == 10 && DisplayWidth.of(text) == 10)
  }

  @Test func `a cell never holds what takes no column`() {
    #expect(Cell("\u{202E}").base == "\u{FFFD}")
    #expect(Cell("\u{301}").base == "\u{FFFD}")
    #expect(Cell("e", "\u{301}", "x").marks.second == nil)
    #expect(Cell("e", "x", "\u{301}").marks.first == "\u{301}")
  }
}
