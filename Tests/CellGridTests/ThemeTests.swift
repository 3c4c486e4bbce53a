// Themes: downgrade without loss of meaning, and files that say what is compiled in.

import CellGrid
import Testing

@Suite struct ThemeTests {
  private static let themes = [Theme.dark, Theme.light]

  @Test func `built-in themes give every role its paint`() {
    for theme in Self.themes {
      for ink in Ink.allCases { #expect(theme.inks[ink]?.foreground != nil) }
      for ground in Ground.allCases { #expect(theme.grounds[ground]?.background != nil) }
    }
  }

  @Test func `a depth never gets colours it does not have`() {
    for theme in Self.themes {
      for ink in Ink.allCases {
        for ground in Ground.allCases {
          let style = Style(ink, on: ground)
          for depth in ColourDepth.allCases {
            let paint = theme.paint(for: style, colours: depth)
            for colour in [paint.foreground, paint.background] {
              switch (colour, depth) {
              case (.standard, _), (_, .direct), (.indexed, .palette), (.ansi, .palette),
                (.ansi, .eight):
                break
              default: Issue.record("\(String(describing: colour)) at \(depth)")
              }
            }
          }
        }
      }
    }
  }

  @Test func `a theme in ANSI colours keeps them with eight`() {
    let theme = Theme(
      name: "mine", inks: [.added: Paint(foreground: .ansi(4))],
      grounds: [.added: Paint(background: .rgb(0, 60, 0))])
    let paint = theme.paint(for: Style(.added, on: .added), colours: .eight)
    #expect(paint.foreground == .ansi(4))
    #expect(paint.background == .standard)
  }

  @Test func `reversing what is reversed gives not reversed`() {
    let theme = Theme.dark
    let once = theme.paint(for: Style(on: .cursor), colours: .none)
    #expect(once.attributes == .reverse)
    let twice = theme.paint(for: Style(on: .cursor, .reverse), colours: .none)
    #expect(twice.attributes == [])
  }

  @Test(arguments: [
    ("default", Colour.standard), ("red", .ansi(1)), ("bright-black", .ansi(8)),
    ("75", .indexed(75)),
    ("#3fb950", .rgb(0x3F, 0xB9, 0x50)), ("#10291A/22", .rgb(0x10, 0x29, 0x1A, palette: 22)),
  ])
  func `colours are read as themes write them`(text: String, colour: Colour) {
    #expect(Colour(parsing: text) == colour)
  }

  @Test(arguments: [
    "", "#", "#12345", "#1234567", "#gggggg", "#+12345", "256", "-1", "redd", "#123456/",
    "#123456/256",
    "#123456/1/2", "bright-", "Red ",
  ])
  func `what is no colour is refused`(text: String) {
    #expect(Colour(parsing: text) == nil)
  }

  @Test func `the nearest palette entry of an entry's own colour is itself`() {
    for index in UInt8(16)...255 {
      guard let (red, green, blue) = Colour.indexed(index).components else { continue }
      let nearest = Colour.rgb(red, green, blue).downgraded(to: .palette)
      #expect(nearest.components.map { [$0.red, $0.green, $0.blue] } == [red, green, blue])
    }
  }
}
