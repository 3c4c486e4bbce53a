// Which colours are used where.

import CellGrid
import Terminal
import Testing

@Suite struct ColourSupportTests {
  @Test func `an entry for direct colours is tried only where the terminal claims them`() {
    let claims = { TerminalEnvironment(type: $0, colours: "truecolor") }
    #expect(
      ColourSupport.entryNames(for: claims("xterm-256color")) == ["xterm-direct", "xterm-256color"])
    #expect(ColourSupport.entryNames(for: claims("xterm-direct")) == ["xterm-direct"])
    #expect(
      ColourSupport.entryNames(for: TerminalEnvironment(type: "xterm-256color"))
        == ["xterm-256color"])
    #expect(
      ColourSupport.entryNames(
        for: TerminalEnvironment(type: "xterm", colours: "24bit", noColour: "1")) == ["xterm"])
  }

  @Test(arguments: [
    (-1, ColourDepth.none), (8, .eight), (16, .eight), (256, .palette), (0x1000000, .direct),
  ])
  func `the depth follows the entry's colours`(count: Int, depth: ColourDepth) {
    let environment = TerminalEnvironment(type: "x")
    #expect(ColourSupport.depth(colourCount: count, environment: environment) == depth)
    let without = TerminalEnvironment(type: "x", noColour: "1")
    #expect(ColourSupport.depth(colourCount: count, environment: without) == .none)
  }

  @Test func `an empty NO_COLOR asks for nothing`() {
    let environment = TerminalEnvironment(type: "x", noColour: "")
    #expect(ColourSupport.depth(colourCount: 256, environment: environment) == .palette)
  }

  @Test func `dark blues are not taken for ANSI colours in direct mode`() {
    let number = { ColourSupport.number(of: $0, depth: .direct, colourCount: 0x1000000) }
    #expect(number(.rgb(0, 0, 4)) == 8)
    #expect(number(.rgb(0, 0, 0)) == 0)
    #expect(number(.rgb(0x12, 0xAB, 0x34)) == 0x12AB34)
    #expect(number(.ansi(1)) == 1)
    #expect(number(.ansi(9)) == 0xFF0000)
    #expect(number(.standard) == -1)
  }

  @Test func `bright colours fall back to plain ones where there are eight`() {
    #expect(ColourSupport.number(of: .ansi(12), depth: .eight, colourCount: 8) == 4)
    #expect(ColourSupport.number(of: .ansi(12), depth: .eight, colourCount: 16) == 12)
  }
}
