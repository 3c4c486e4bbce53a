// Safe text: every byte string is drawn, printable, and unlike every other one.

import CellGrid
import Testing

/// The glyphs of a text as one string, without styles.
func glyphs(_ bytes: [UInt8], options: SafeText.Options = SafeText.Options()) -> String {
  SafeText(bytes, options: options).glyphs().map(\.text).joined()
}

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("let x = 1", "let x = 1"), ("漢字 é", "漢字 é"), ("e\u{301}", "e\u{301}"),
    ("a\u{202E}b", "a<U+202E>b"), ("\u{301}a", "<U+0301>a"),
    ("x\u{301}\u{302}\u{303}", "x\u{301}\u{302}<U+0303>"),
    ("\u{0}\u{1B}[m\u{7F}\u{85}", "<U+0000><U+001B>[m<U+007F><U+0085>"),
    ("a\rb", "a<U+000D>b"), ("a\r", "a␍"), ("a\n", "a<U+000A>"), ("\ta\tb", "→       a→      b"),
    ("a  ", "a··"), ("a \t", "a·→     "), ("a \r", "a·␍"), (" a", " a"), ("a·b", "a·b"),
    ("a·", "a<U+00B7>"),
    ("<U+202E>", "<U+003C>U+202E>"), ("<FF>", "<U+003C>FF>"), ("<F>", "<F>"), ("<ff>", "<ff>"),
    ("<U+20>", "<U+20>"), ("Array<T>", "Array<T>"), ("␍", "<U+240D>"),
    ("→       |", "<U+2192>       |"), ("a → b", "a → b"),
    ("\u{A0}\u{2003}\u{3000}", "<U+00A0><U+2003><U+3000>"),
    ("\u{200B}\u{200D}\u{FEFF}", "<U+200B><U+200D><U+FEFF>"),
    ("\u{E000}\u{10FFFD}", "<U+E000><U+10FFFD>"),
    ("\u{3164}\u{115F}\u{FFA0}\u{2800}", "<U+3164><U+115F><U+FFA0><U+2800>"),
    ("❤\u{FE0F}", "❤<U+FE0F>"), ("\u{E0041}", "<U+E0041>"), ("👍🏽", "👍<U+1F3FD>"),
    ("🇩🇪", "<U+1F1E9><U+1F1EA>"),
    ("\u{1100}\u{1161}\u{11A8}", "\u{1100}\u{1161}\u{11A8}"), ("\u{1161}", "<U+1161>"),
    ("\u{FFFE}", "<U+FFFE>"),
    ("\u{34F}a\u{34F}", "<U+034F>a<U+034F>"), ("\u{2028}", "<U+2028>"), ("\u{AD}", "<U+00AD>"),
  ])
  func `text is drawn as what it is`(text: String, drawn: String) {
    #expect(glyphs(Array(text.utf8)).unicodeScalars.elementsEqual(drawn.unicodeScalars))
  }

  @Test(
    arguments: [
      ([0xFF], "<FF>"), ([0xC0, 0x80], "<C0><80>"), ([0xED, 0xA0, 0x80], "<ED><A0><80>"),
      ([0xE2, 0x82], "<E2><82>"), ([0xF4, 0x90, 0x80, 0x80], "<F4><90><80><80>"),
      ([0x61, 0xCC], "a<CC>"), ([0xF0, 0x8F, 0xBF, 0xBF], "<F0><8F><BF><BF>"),
    ] as [([UInt8], String)])
  func `bytes that are not UTF-8 are drawn as bytes`(bytes: [UInt8], drawn: String) {
    #expect(glyphs(bytes) == drawn)
  }

  @Test func `every single scalar is drawn as itself or as its own number`() {
    for value in UInt32(0)...0x10FFFF {
      // Planes without characters, and those for private use, go one way: a sample will do.
      if value > 0x3FFFF, !(0xE0000...0xE0FFF).contains(value), value % 31 != 0 { continue }
      guard let scalar = Unicode.Scalar(value) else { continue }
      let runs = Array(SafeText(Array(String(scalar).utf8)).glyphs())
      guard runs.count == 1, let run = runs.first else {
        Issue.record("U+\(String(value, radix: 16)) is drawn as \(runs.count) runs")
        continue
      }
      switch run.kind {
      case .plain:
        if run.value != value || run.width != DisplayWidth.of(scalar) || run.width < 1 {
          Issue.record("U+\(String(value, radix: 16)) is drawn as another glyph")
        }
      case .escapedScalar:
        let digits = String(value, radix: 16, uppercase: true)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        // Spelling all of them takes seconds and goes one way for all.
        let isSpelled = value % 61 != 0 || run.text == "<U+\(padding)\(digits)>"
        if run.value != value || run.width != padding.count + digits.count + 4 || !isSpelled {
          Issue.record("U+\(digits) is spelled \(run.text)")
        }
      case .blank: #expect(value == 0x20 && run.text == "·")
      case .tab: #expect(value == 0x09 && run.text == "→       ")
      case .carriageReturn: #expect(value == 0x0D && run.text == "␍")
      case .escapedByte: Issue.record("U+\(String(value, radix: 16)) is drawn as bytes")
      }
    }
  }

  @Test func `every single byte that is no scalar is drawn as itself`() {
    for byte in UInt8(0x80)...0xFF {
      #expect(glyphs([byte]) == "<\(String(byte, radix: 16, uppercase: true))>")
    }
  }

  /// What could be taken for something else, or change its neighbours.
  private static let nasty: [[UInt8]] =
    [
      "a", "<", "U", "+", "8", "FF>", "U+202E>", "<FF>", "<U+003C>", " ", "\t", "\r", "·", "→", "␍",
      "\u{301}", "\u{202E}", "漢", "       ",
    ].map { Array($0.utf8) } + [[0xFF], [0xE2], [0xC2], [0xB7]]

  private static let nastier: [[UInt8]] =
    nasty
    + [
      "", ">", "F", "  ", "\n", "\u{302}", "\u{200B}", "é", "\u{FE0F}", "\u{1100}", "\u{1161}",
      "\u{11A8}", "\u{1160}", "가", "\u{E0041}", "\u{1F3FB}", "👍", "\u{A0}", "\u{FFFD}", "<U+00",
    ].map { Array($0.utf8) } + [[0x82], [0xAC], [0xCC], [0x81]]

  @Test(arguments: [SafeText.BlankMarks.trailing, .all])
  func `no two strings of nasty parts are drawn alike, styles left aside`(
    marks: SafeText.BlankMarks
  ) {
    var seen: [[Unicode.Scalar]: [UInt8]] = [:]
    let options = SafeText.Options(blankMarks: marks)
    let parts = Self.nasty + [[]]
    let pairs = Self.nastier.flatMap { first in Self.nastier.map { [first, $0, []] } }
    let triples = parts.flatMap { first in
      parts.flatMap { second in parts.map { [first, second, $0] } }
    }
    for parts in pairs + triples {
      let bytes = Array(parts.joined())
      let text = SafeText(bytes, options: options)
      let drawn = Array(glyphs(bytes, options: options).unicodeScalars)
      let widths = drawn.map { DisplayWidth.of($0) }
      if widths.contains(where: { $0 < 0 }) || widths.reduce(0, +) != text.width {
        Issue.record("\(bytes) is not as wide as its glyphs")
      }
      if let other = seen.updateValue(bytes, forKey: drawn), other != bytes {
        Issue.record("\(bytes) and \(other) are drawn alike")
      }
    }
  }

  @Test func `runs cover the bytes and the columns without gaps`() {
    for first in Self.nastier {
      for second in Self.nastier {
        let bytes = first + second + first
        let text = SafeText(bytes)
        var position = SafeText.Position.start
        for run in text.glyphs() {
          #expect(run.source.lowerBound == position.byteOffset && !run.source.isEmpty)
          #expect(run.column == position.column && run.width > 0)
          position = .init(byteOffset: run.source.upperBound, column: run.column + run.width)
        }
        #expect(position.byteOffset == bytes.count)
        #expect(position.column == text.width)
      }
    }
  }

  @Test func `scanning can be taken up at every run and finds the same`() {
    for first in Self.nastier {
      for second in Self.nastier {
        let text = SafeText(Array("ab".utf8) + first + second + [0x78] + first)
        let all = Array(text.glyphs())
        for (index, run) in all.enumerated() {
          let position = SafeText.Position(byteOffset: run.source.lowerBound, column: run.column)
          #expect(Array(text.glyphs(from: position)) == Array(all[index...]))
          #expect(text.position(ofColumn: run.column) == position)
          #expect(text.position(ofColumn: run.column + run.width - 1) == position)
        }
      }
    }
  }

  @Test func `only notation is painted in the ink of notation`() {
    var grid = Grid(width: 40, height: 1)
    grid.paint { painter in
      painter.safe(
        SafeText([0x61, 0xFF, 0x62]), row: 0, column: 0, style: Style(.escaped, on: .added))
    }
    #expect(grid[0, 0].style == Style(.plain, on: .added))
    for column in 1..<5 { #expect(grid[0, column].style == Style(.escaped, on: .added)) }
    #expect(grid[0, 5].style == Style(.plain, on: .added))
  }

  @Test func `a slice that starts anywhere counts from its own start`() {
    let bytes = Array("xxab\u{301}c".utf8)
    let runs = Array(SafeText(bytes[2...]).glyphs())
    #expect(runs.map(\.source) == [0..<1, 1..<4, 4..<5])
  }

  @Test func `tab stops follow the option`() {
    #expect(glyphs(Array("a\tb".utf8), options: .init(tabWidth: 4)) == "a→  b")
    #expect(glyphs(Array("abc\tb".utf8), options: .init(tabWidth: 4)) == "abc→b")
  }

  @Test func `all blanks can be marked, or none`() {
    let bytes = Array("a b ·".utf8)
    #expect(glyphs(bytes, options: .init(blankMarks: .all)) == "a·b·<U+00B7>")
    #expect(glyphs(Array("a b ".utf8), options: .init(blankMarks: .none)) == "a b ")
  }
}
