// Pictures of the program for its README: `make pictures` runs the demo and draws what stands on the terminal.

import Glibc
import TerminalHarness
import Testing

/// Where the pictures go; nil, and nothing is drawn, unless `make pictures` says so.
private let pictureDirectory = getenv("COUNTERSIGN_PICTURES").map { String(cString: $0) }

@Suite(.timeLimit(.minutes(15)), .enabled(if: pictureDirectory != nil)) struct PictureTests {
  @Test func `the screens of the README are drawn from the demo`() throws {
    let directory = try #require(pictureDirectory)
    try draw("review-200x60", to: directory, rows: 60, columns: 200) { terminal in
      for _ in 0..<2 { try terminal.press(key: "}") }
      try terminal.approve()
      try terminal.send("c")
      try terminal.waitFor(text: "Comment on this line")
      try terminal.press(
        "Name the limit in the error, so that support can read it." + Keys.enter, saying: "Kept")
    }
    try draw("finding-120x36", to: directory, rows: 36, columns: 120) { terminal in
      for _ in 0..<5 { try terminal.press(key: "}") }
    }
    try draw(
      "unified-80x24", to: directory, rows: 24, columns: 80, theme: "light", background: "#ffffff"
    ) { terminal in
      for _ in 0..<2 { try terminal.press(key: "}") }
    }
    try draw("eight-colours-120x36", to: directory, rows: 36, columns: 120, type: "xterm") {
      terminal in
      for _ in 0..<6 { try terminal.press(key: "}") }
      try terminal.reject()
      try terminal.press(key: "[")
    }
    try draw("palette-120x36", to: directory, rows: 36, columns: 120, theme: "colour-blind-dark") {
      terminal in
      try terminal.press(key: "}")
      try terminal.send(":")
      try terminal.waitFor(text: "─ Commands")
      try terminal.send("cand")
      try terminal.waitFor(text: "find: cand")
      try terminal.waitFor("the narrowed list") { !$0.shows("approve-and-next") }
    }
  }

  private func draw(
    _ name: String, to directory: String, rows: Int, columns: Int, theme: String = "dark",
    background: String = "#121212", type: String = "xterm-256color",
    _ body: (PseudoTerminal) throws -> Void
  ) throws {
    let scratch = try Scratch()
    try scratch.configure("theme = \"\(theme)\"\n")
    let terminal = try scratch.terminal(
      ["demo"], rows: rows, columns: columns,
      environment: ["TERM": type, "COLORTERM": type == "xterm-256color" ? "truecolor" : ""])
    try terminal.waitFor(text: "chosen of 16 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "The proposal is ready: 10 files", timeoutSeconds: 120)
    try terminal.send(Keys.enter)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 16))
    try body(terminal)
    let picture = SVGPicture(terminal, background: background).text
    let path = "\(directory)/\(name).svg"
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    let bytes = Array(picture.utf8)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}

extension PseudoTerminal {
  /// Presses a key that moves, and waits for the frame after it.
  fileprivate func press(key: String) throws {
    try send(key)
    try settle()
  }
}

/// A terminal's cells as a scalable picture.
private struct SVGPicture {
  private static let cellWidth = 8.4
  private static let cellHeight = 18.0
  let text: String

  init(_ terminal: PseudoTerminal, background: String) {
    let (rows, columns) = terminal.size
    let width = Double(columns) * Self.cellWidth + 16
    let height = Double(rows) * Self.cellHeight + 16
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(width))\" height=\"\(Int(height))\" viewBox=\"0 0 \(Int(width)) \(Int(height))\">",
      "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"\(background)\"/>",
      "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\" xml:space=\"preserve\">",
    ]
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let first = terminal.cell(row: row, column: column)
        var run = ""
        let start = column
        while column < columns {
          let cell = terminal.cell(row: row, column: column)
          guard Look(cell, background) == Look(first, background) else { break }
          run += cell.text.isEmpty ? " " : cell.text
          column += max(1, cell.width)
        }
        lines += Self.drawn(run, row, start..<column, Look(first, background), background)
      }
    }
    text = (lines + ["</g>", "</svg>", ""]).joined(separator: "\n")
  }

  /// How a cell looks; nothing else tells two runs apart.
  private struct Look: Equatable {
    let foreground: String
    let background: String
    let isBold: Bool
    let isUnderlined: Bool

    init(_ cell: ScreenCell, _ paper: String) {
      let ink = paper == "#ffffff" ? "#1f2328" : "#e6edf3"
      let front = Look.hex(cell.foreground) ?? ink
      let back = Look.hex(cell.background) ?? paper
      foreground = cell.isReversed ? back : front
      background = cell.isReversed ? front : back
      isBold = cell.isBold
      isUnderlined = cell.isUnderlined
    }

    private static func hex(_ colour: ScreenColour) -> String? {
      switch colour {
      case .standard: return nil
      case .rgb(let red, let green, let blue): return hex(red, green, blue)
      case .indexed(let index):
        if index >= 232 {
          return hex(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10)
        }
        if index >= 16 {
          let levels = [0, 95, 135, 175, 215, 255]
          let cube = index - 16
          return hex(levels[cube / 36], levels[cube / 6 % 6], levels[cube % 6])
        }
        return [
          "#1c1c1c", "#e5534b", "#57ab5a", "#c69026", "#539bf5", "#b083f0", "#39c5cf", "#d1d5da",
          "#6e7681", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
        ][index]
      }
    }

    private static func hex(_ red: Int, _ green: Int, _ blue: Int) -> String {
      "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  private static func drawn(
    _ run: String, _ row: Int, _ columns: Range<Int>, _ look: Look, _ paper: String
  ) -> [String] {
    let x = 8 + Double(columns.lowerBound) * cellWidth
    let y = 8 + Double(row) * cellHeight
    let width = Double(columns.count) * cellWidth
    var lines: [String] = []
    if look.background != paper {
      lines.append(
        "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" height=\"18\" fill=\"\(look.background)\"/>"
      )
    }
    guard run.contains(where: { $0 != " " }) else { return lines }
    let weight = look.isBold ? " font-weight=\"bold\"" : ""
    let line = look.isUnderlined ? " text-decoration=\"underline\"" : ""
    lines.append(
      "<text x=\"\(short(x))\" y=\"\(short(y + 13.5))\" textLength=\"\(short(width))\" lengthAdjust=\"spacingAndGlyphs\" fill=\"\(look.foreground)\"\(weight)\(line)>\(escaped(run))</text>"
    )
    return lines
  }

  private static func short(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing(" ", with: "\u{A0}")
  }
}
