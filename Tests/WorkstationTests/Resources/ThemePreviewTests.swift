// doctor --theme: what is shown, and in which colours.

import TestSupport
import CellGrid
import Glibc
import Testing

@testable import Workstation

@Suite struct ThemePreviewTests {
  private static let depths: [ColourDepth?] = [nil] + ColourDepth.allCases

  /// The line without its SGR sequences; any other escape stays in.
  private func plain(_ line: String) -> String {
    var text = ""
    var rest = line[...]
    while let escape = rest.firstIndex(of: "\u{1B}") {
      text += rest[..<escape]
      let sequence = rest[escape...]
      guard let end = sequence.firstIndex(of: "m"),
        sequence[..<end].dropFirst(2).allSatisfy({ $0.isNumber || $0 == ";" })
      else { return text + sequence }
      rest = sequence[sequence.index(after: end)...]
    }
    return text + rest
  }

  @Test(arguments: depths)
  func `every role is shown by its name, in lines that fit`(_ depth: ColourDepth?) {
    let lines = ThemePreview(.dark).lines(depth: depth)
    let text = lines.map(plain).joined(separator: "\n")
    for role in Ink.allCases.map({ "\($0)" }) + Ground.allCases.map({ "\($0)" }) {
      #expect(text.contains(role), "\(role)")
    }
    for line in lines {
      #expect(plain(line).unicodeScalars.count <= 80 && !plain(line).contains("\u{1B}"))
      // What a line sets it takes back.
      #expect(depth == nil ? !line.contains("\u{1B}") : line.hasSuffix("\u{1B}[0m"))
    }
  }

  @Test func `colours are those of the theme at the depth asked for`() {
    func shows(_ text: String, _ depth: ColourDepth) -> Bool {
      ThemePreview(.dark).lines(depth: depth).contains { $0.contains(text) }
    }
    #expect(shows("\u{1B}[0;38;2;228;228;228;48;2;16;41;26m plain", .direct))
    #expect(shows("\u{1B}[0;38;5;254;48;5;22m plain", .palette))
    #expect(shows("\u{1B}[0;32m plain", .eight))
    #expect(shows("\u{1B}[0;1m plain", .none))
    #expect(!shows("8;5;", .none) && !shows("8;2;", .none) && !shows(";3", .none))
  }

  @Test(
    arguments: [
      (["TERM": "xterm-256color"], .palette), (["TERM": "xterm"], .eight),
      (["TERM": "xterm", "COLORTERM": "truecolor"], .direct),
      (["TERM": "xterm-direct"], .direct), (["TERM": "xterm-kitty"], .palette),
      (["TERM": "xterm", "COLORTERM": "24bit", "NO_COLOR": "1"], ColourDepth.none),
      (["TERM": "xterm", "NO_COLOR": ""], .eight), (["TERM": "dumb"], nil), ([:], nil),
    ] as [([String: String], ColourDepth?)])
  func `the depth is that of the terminal`(variables: [String: String], depth: ColourDepth?) {
    #expect(ThemePreview.depth(in: variables, isTerminal: true) == depth)
    #expect(ThemePreview.depth(in: variables, isTerminal: false) == nil)
  }

  @Test func `a theme of the user's own is listed and goes before the installed one`() throws {
    let scratch = Scratch()
    let themes = "config/countersign/themes"
    for directory in ["config", "config/countersign", themes] {
      #expect(mkdir(scratch.text(directory), 0o700) == 0)
    }
    scratch.write(Array("name = \"mine\"\n".utf8), to: "\(themes)/dark.toml")
    scratch.write(Array("name = \"x\"\n".utf8), to: "\(themes)/my-own.toml")
    scratch.write(Array("name = \"x\"\n".utf8), to: "\(themes)/.hidden.toml")
    scratch.write([], to: "\(themes)/notes.txt")
    let locations = try StateLocations(
      environment: [
        "HOME": scratch.text("home"), "XDG_CONFIG_HOME": scratch.text("config"),
      ])
    let available = ThemeChoice.available(locations: locations)
    let own = scratch.text(themes)
    #expect(
      available.map(\.name) == [
        "ansi", "colour-blind-dark", "colour-blind-light", "dark", "high-contrast", "light",
        "my-own",
      ])
    #expect(available.filter { $0.place == own }.map(\.name) == ["dark", "my-own"])
    #expect(try ThemeChoice.theme(named: "dark", locations: locations).name == "mine")
    for name in ["none", "../dark", "", "a/b"] {
      #expect(throws: UnknownTheme.self) {
        try ThemeChoice.theme(named: name, locations: locations)
      }
    }
  }
}
