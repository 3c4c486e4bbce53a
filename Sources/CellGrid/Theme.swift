// The map from roles to colours and attributes.

/// What a role is painted with. Nil leaves the colour to the other half of a style.
package struct Paint: Hashable, Sendable {
  package var foreground: Colour?
  package var background: Colour?
  package var attributes: Emphasis

  package init(
    foreground: Colour? = nil, background: Colour? = nil, attributes: Emphasis = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}

/// Colours and attributes for every ink and ground.
package struct Theme: Sendable {
  package let name: String
  package let inks: [Ink: Paint]
  package let grounds: [Ground: Paint]

  /// Makes a theme. Roles left out are painted with the terminal's own colours.
  package init(name: String, inks: [Ink: Paint], grounds: [Ground: Paint]) {
    self.name = name
    self.inks = inks
    self.grounds = grounds
  }

  /// Returns what `style` is painted with on a terminal of that depth: both colours given, and all
  /// attributes.
  ///
  /// The ink's colours win over the ground's. With eight colours a role keeps the ANSI colours the
  /// theme gives it, and otherwise takes those of a built-in theme: what is nearest to a subtle
  /// colour there is black. Without colours a built-in theme of attributes is used.
  package func paint(for style: Style, colours depth: ColourDepth) -> Paint {
    let ink = self.ink(style.ink, depth)
    let ground = self.ground(style.ground, depth)
    return Paint(
      foreground: (ink.foreground ?? ground.foreground ?? .standard).downgraded(to: depth),
      background: (ink.background ?? ground.background ?? .standard).downgraded(to: depth),
      attributes: ground.attributes.combined(with: ink.attributes).combined(with: style.emphasis))
  }

  private func ink(_ ink: Ink, _ depth: ColourDepth) -> Paint {
    switch depth {
    case .none: return Theme.monochrome.inks[ink] ?? Paint()
    case .eight:
      let own = inks[ink] ?? Paint()
      return own.isOfANSIColours ? own : Theme.ansi.inks[ink] ?? Paint()
    case .palette, .direct: return inks[ink] ?? Paint()
    }
  }

  private func ground(_ ground: Ground, _ depth: ColourDepth) -> Paint {
    switch depth {
    case .none: return Theme.monochrome.grounds[ground] ?? Paint()
    case .eight:
      let own = grounds[ground] ?? Paint()
      return own.isOfANSIColours ? own : Theme.ansi.grounds[ground] ?? Paint()
    case .palette, .direct: return grounds[ground] ?? Paint()
    }
  }
}

extension Paint {
  /// Whether eight colours can show this paint as it was meant.
  fileprivate var isOfANSIColours: Bool {
    [foreground, background].allSatisfy { colour in
      switch colour {
      case nil, .standard, .ansi: true
      case .indexed, .rgb: false
      }
    }
  }
}
