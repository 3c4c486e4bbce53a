// How many colours to use, and under which name ncurses shall know the terminal.

package import CellGrid

/// What the environment says about the terminal.
package struct TerminalEnvironment: Hashable, Sendable {
  /// `TERM`.
  package var type: String?
  /// `COLORTERM`.
  package var colours: String?
  /// `NO_COLOR`; any value but the empty one asks for no colours.
  package var noColour: String?

  package init(type: String?, colours: String? = nil, noColour: String? = nil) {
    self.type = type
    self.colours = colours
    self.noColour = noColour
  }

  package var wantsNoColour: Bool { noColour.map { !$0.isEmpty } ?? false }
  package var claimsDirectColour: Bool { colours == "truecolor" || colours == "24bit" }
}

/// The choice of a terminal database entry and of a colour depth.
package enum ColourSupport {
  /// Returns the entry names to try, best first. The last is the terminal's own name.
  ///
  /// ncurses sends 24-bit colours only under an entry for direct colours, which most systems do not
  /// install and no terminal names itself after.
  package static func entryNames(for environment: TerminalEnvironment) -> [String] {
    guard let type = environment.type else { return [] }
    guard environment.claimsDirectColour, !environment.wantsNoColour, !type.hasSuffix("-direct")
    else { return [type] }
    let family = type.hasSuffix("-256color") ? String(type.dropLast(9)) : type
    return ["\(family)-direct", type]
  }

  /// Returns the depth to use when the entry has that many colours.
  package static func depth(colourCount: Int, environment: TerminalEnvironment) -> ColourDepth {
    if environment.wantsNoColour { return .none }
    switch colourCount {
    case ..<8: return .none
    case ..<256: return .eight
    case ..<0x1000000: return .palette
    default: return .direct
    }
  }

  /// Returns the number ncurses has for a colour, -1 for the terminal's own.
  ///
  /// - Parameter colour: already downgraded to `depth`.
  package static func number(of colour: Colour, depth: ColourDepth, colourCount: Int) -> CInt {
    switch (colour, depth) {
    case (.standard, _), (_, .none):
      return -1
    case (.ansi(let index), .direct) where index < 8:
      return CInt(index)
    case (.ansi(let index), _) where depth != .direct:
      return CInt(Int(index) < colourCount ? index : index & 7)
    case (.indexed(let index), .palette), (.indexed(let index), .eight):
      return CInt(index)
    case (.ansi, _), (.indexed, _), (.rgb, _):
      guard let (red, green, blue) = colour.components else { return -1 }
      let value = CInt(red) << 16 | CInt(green) << 8 | CInt(blue)
      // In direct mode 1 to 7 are the ANSI colours.
      return (1..<8).contains(value) ? 8 : value
    }
  }
}
