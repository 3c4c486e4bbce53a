// Colours as a theme writes them, and what becomes of them on poorer terminals.

/// How many colours a terminal has.
package enum ColourDepth: UInt8, CaseIterable, Comparable, Sendable {
  /// None, or the user asked for none (`NO_COLOR`).
  case none
  /// The eight (or sixteen) ANSI colours.
  case eight
  /// The palette of 256 colours.
  case palette
  /// 24 bits.
  case direct

  package static func < (left: ColourDepth, right: ColourDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// One colour of a theme.
package enum Colour: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// An ANSI colour: 0 to 7, or 8 to 15 for the bright ones.
  case ansi(UInt8)
  /// A colour of the 256-colour palette.
  case indexed(UInt8)
  /// A 24-bit colour, and the palette entry that stands for it where the nearest one (by distance)
  /// would not do: subtle grounds turn grey otherwise.
  case rgb(UInt8, UInt8, UInt8, palette: UInt8? = nil)

  /// Reads a colour as a theme file writes it, or returns nil when it is none.
  ///
  /// `default`; a name (`black red green yellow blue magenta cyan white`, with `bright-` before it
  /// for the bright one); a palette index `0` to `255`; `#rrggbb`; or `#rrggbb/22` with the palette
  /// entry to use on terminals with 256 colours.
  package init?(parsing text: String) {
    if text == "default" {
      self = .standard
    } else if let number = Self.names.firstIndex(of: text) {
      self = .ansi(UInt8(number))
    } else if text.hasPrefix("bright-"),
      let number = Self.names.firstIndex(of: String(text.dropFirst(7)))
    {
      self = .ansi(UInt8(number + 8))
    } else if text.hasPrefix("#") {
      let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      guard parts[0].utf8.count == 6, parts[0].allSatisfy({ $0.isASCII && $0.isHexDigit }),
        let value = UInt32(parts[0], radix: 16), parts.count <= 2
      else { return nil }
      var palette: UInt8?
      if parts.count == 2 {
        guard let index = UInt8(parts[1]) else { return nil }
        palette = index
      }
      self = .rgb(
        UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF), palette: palette)
    } else if let index = UInt8(text) {
      self = .indexed(index)
    } else {
      return nil
    }
  }

  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  ]

  /// The words a theme file may write for a colour, for naming the nearest one.
  package static let spelledNames = ["default"] + names + names.map { "bright-\($0)" }

  /// Returns the colour for a terminal of this depth: itself where the terminal has it, else the
  /// nearest of the palette, of the ANSI colours, or none.
  package func downgraded(to depth: ColourDepth) -> Colour {
    switch (self, depth) {
    case (.standard, _), (_, .direct), (.ansi, .eight), (.ansi, .palette), (.indexed, .palette):
      return self
    case (_, .none):
      return .standard
    case (.rgb(let red, let green, let blue, let palette), .palette):
      return .indexed(palette ?? Self.nearestIndex(red, green, blue))
    case (.indexed(let index), .eight):
      if index < 16 { return .ansi(index) }
      return Self.nearestANSI(Self.components(ofIndex: index))
    case (.rgb(let red, let green, let blue, _), .eight):
      return Self.nearestANSI((red, green, blue))
    }
  }

  /// The colour's red, green and blue, with xterm's values for the ANSI colours; nil for the
  /// terminal's own.
  package var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    switch self {
    case .standard: nil
    case .ansi(let index), .indexed(let index): Self.components(ofIndex: index)
    case .rgb(let red, let green, let blue, _): (red, green, blue)
    }
  }

  private static func components(ofIndex index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    switch index {
    case 0..<16:
      return ansiComponents[Int(index)]
    case 16..<232:
      let cube = index - 16
      return (levels[Int(cube / 36)], levels[Int(cube / 6 % 6)], levels[Int(cube % 6)])
    default:
      let grey = 8 + (index - 232) * 10
      return (grey, grey, grey)
    }
  }

  /// The six levels of the palette's colour cube.
  private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

  private static let ansiComponents: [(red: UInt8, green: UInt8, blue: UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
    (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  private static func nearestIndex(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    nearest(16...255, to: (red, green, blue))
  }

  private static func nearestANSI(_ colour: (red: UInt8, green: UInt8, blue: UInt8)) -> Colour {
    .ansi(nearest(0...7, to: colour))
  }

  private static func nearest(
    _ candidates: ClosedRange<UInt8>, to colour: (red: UInt8, green: UInt8, blue: UInt8)
  ) -> UInt8 {
    var best = (index: candidates.lowerBound, distance: Int.max)
    for index in candidates {
      let candidate = components(ofIndex: index)
      let red = Int(candidate.red) - Int(colour.red)
      let green = Int(candidate.green) - Int(colour.green)
      let blue = Int(candidate.blue) - Int(colour.blue)
      // Weights after the eye's sensitivity: green counts most.
      let distance = 3 * red * red + 6 * green * green + 2 * blue * blue
      if distance < best.distance { best = (index, distance) }
    }
    return best.index
  }
}
