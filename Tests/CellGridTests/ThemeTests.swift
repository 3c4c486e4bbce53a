// Themes: downgrade without loss of meaning, and files that say what is compiled in.

import CellGrid
import Testing

@Suite struct ThemeTests {
  private static let themes = [Theme.dark, Theme.light]

  @Test(arguments: ["dark", "light"], ColourDepth.allCases)
  func `what decides stays distinguishable at every depth`(name: String, depth: ColourDepth) {
    let theme = name == "dark" ? Theme.dark : Theme.light
    let paint = { (style: Style) in theme.paint(for: style, colours: depth) }
    let grounds: [Ground] = [.added, .addedSpan, .removed, .removedSpan]
    let plain = paint(Style())
    for (index, ground) in grounds.enumerated() {
      for other in grounds[(index + 1)...] {
        #expect(paint(Style(on: ground)) != paint(Style(on: other)), "\(ground) \(other)")
      }
      // Without colours removed lines have their sign alone.
      if depth != .none || ground != .removed { #expect(paint(Style(on: ground)) != plain) }
    }
    for ground in Ground.allCases {
      let notation = paint(Style(.escaped, on: ground))
      #expect(notation != paint(Style(.plain, on: ground)), "\(ground)")
    }
    for ground in [Ground.cursor, .selection, .match, .alert, .header] {
      #expect(paint(Style(on: ground)) != plain)
    }
  }

  @Test(arguments: ["dark", "light"])
  func `text can be read on every ground`(name: String) throws {
    let theme = name == "dark" ? Theme.dark : Theme.light
    for depth in [ColourDepth.palette, .direct] {
      for ink in Ink.allCases where ink != .faint && ink != .comment && ink != .undecided {
        for ground in [Ground.plain, .added, .removed, .cursor, .panel, .header, .footer] {
          let paint = theme.paint(for: Style(ink, on: ground), colours: depth)
          let contrast = try Self.contrast(#require(paint.foreground), #require(paint.background))
          #expect(contrast >= 2.8, "\(ink) on \(ground) at \(depth): \(contrast)")
        }
      }
      for ground in Ground.allCases {
        let paint = theme.paint(for: Style(on: ground), colours: depth)
        let contrast = try Self.contrast(#require(paint.foreground), #require(paint.background))
        // The palette has no green between dark and bright: its changed spans are less than ideal.
        #expect(
          contrast >= (depth == .direct ? 4.5 : 3.3), "plain on \(ground) at \(depth): \(contrast)")
      }
    }
  }

  /// The contrast ratio of WCAG 2: 1 to 21.
  private static func contrast(_ left: Colour, _ right: Colour) throws -> Double {
    func luminance(_ colour: Colour) throws -> Double {
      let (red, green, blue) = try #require(colour.components)
      let linear = [red, green, blue].map { component -> Double in
        let value = Double(component) / 255
        // A square stands in for the exact curve; the difference does not matter at this margin.
        return value * value
      }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    let (first, second) = (try luminance(left), try luminance(right))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }

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
