// What a theme file says, before anybody knows how many colours the terminal has.

package import CellGrid

/// A theme as data: what each ink and ground looks like. Names absent here keep the built-in look.
package struct ThemeDescription: Hashable, Sendable {
  package var name: String
  package var inks: [String: PaintDescription]
  package var grounds: [String: PaintDescription]
}

/// The look of one ink or ground. A nil colour leaves that part as it is.
package struct PaintDescription: Hashable, Sendable {
  package var foreground: Colour?
  package var background: Colour?
  package var isBold = false
  package var isUnderlined = false
  package var isReversed = false
  package var isFaint = false

  package init(foreground: Colour? = nil, background: Colour? = nil) {
    self.foreground = foreground
    self.background = background
  }
}
