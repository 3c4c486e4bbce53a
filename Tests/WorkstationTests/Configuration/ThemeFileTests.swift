// Theme files.

import TestSupport
import AuditLog
import CellGrid
import Testing
import Workstation

private let path = Array("/t/dark.toml".utf8)

private func parse(_ text: String) throws(ConfigurationError) -> ThemeDescription {
  try ThemeDescription.parse(
    Array(text.utf8), path: path, inks: ["added", "removed", "key"], grounds: ["added", "cursor"])
}

@Suite struct ThemeFileTests {
  @Test func `a colour alone is the foreground of an ink and the background of a ground`() throws {
    let theme = try parse(
      """
      name = "Dark"
      [inks]
      added = "#3fb950"
      removed = { foreground = "bright-red", background = "17", bold = true, faint = true }
      key = { underline = true, reverse = true }
      [grounds]
      added = "#003300"
      [grounds.cursor]
      background = "default"
      """)
    #expect(theme.name == "Dark")
    #expect(
      theme.inks["added"] == PaintDescription(foreground: .rgb(0x3F, 0xB9, 0x50)))
    var removed = PaintDescription(foreground: .ansi(9), background: .indexed(17))
    removed.isBold = true
    removed.isFaint = true
    #expect(theme.inks["removed"] == removed)
    var key = PaintDescription()
    key.isUnderlined = true
    key.isReversed = true
    #expect(theme.inks["key"] == key)
    #expect(
      theme.grounds == [
        "added": PaintDescription(background: .rgb(0, 0x33, 0)),
        "cursor": PaintDescription(background: .standard),
      ])
  }

  @Test(arguments: [
    ("[inks]\nadded = \"red\"", 1, "\"name\" is missing"),
    (
      "name = \"x\"\n[inks]\naded = \"red\"", 3,
      "\"aded\" in [inks] is not a known setting; did you mean \"added\"?"
    ),
    (
      "name = \"x\"\n[grounds]\nremoved = \"red\"", 3,
      "\"removed\" in [grounds] is not a known setting"
    ),
    (
      "name = \"x\"\n[ink]\nadded = \"red\"", 2,
      "\"ink\" is not a known setting; did you mean \"inks\"?"
    ),
    (
      "name = \"x\"\n[inks]\nadded = { colour = \"red\" }", 3,
      "\"colour\" in [inks.added] is not a known setting"
    ),
    (
      "name = \"x\"\n[inks]\nadded = \"gren\"", 3,
      "\"added\" in [inks] names \"gren\", which is not a colour (#rrggbb, 0 to 255, or a name); "
        + "did you mean \"green\"?"
    ),
    (
      "name = \"x\"\n[inks]\nadded = 7", 3,
      "\"added\" in [inks] must be a colour as a string, or a table, not a whole number"
    ),
    (
      "name = \"x\"\n[inks.added]\nbold = 1", 3,
      "\"bold\" in [inks.added] must be true or false, not a whole number"
    ),
  ])
  func `a mistake is named with its line`(text: String, line: Int, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try parse(text) }
    #expect(error?.description == "/t/dark.toml, line \(line): \(words)")
  }

  @Test func `a theme file is trusted like the settings`() throws {
    let scratch = Scratch()
    func load() throws -> ThemeDescription? {
      try ThemeDescription.load(scratch.path("t.toml"), inks: ["added"], grounds: [])
    }
    #expect(try load() == nil)
    scratch.write(Array("name = \"x\"".utf8), to: "t.toml")
    #expect(try load()?.name == "x")
    scratch.write([], to: "t.toml", mode: 0o666)
    #expect(throws: ConfigurationError.self) { try load() }
  }
}
