// A theme on a terminal without the full screen: every role by its name, and a piece of a review.

package import CellGrid
import Terminal

/// What a theme looks like, in lines of at most 80 columns. Holds our own words only.
package struct ThemePreview: Sendable {
  private let theme: Theme

  package init(_ theme: Theme) {
    self.theme = theme
  }

  /// Returns the depth to show colours in, or nil when the output takes no escape sequences.
  ///
  /// The screen asks the terminal's database; here the environment has to do: 24 bits by
  /// `COLORTERM`, 256 colours by the terminal's name, else eight. `NO_COLOR` leaves attributes.
  package static func depth(
    in variables: [String: String], isTerminal: Bool
  ) -> ColourDepth? {
    let environment = TerminalEnvironment(
      type: variables["TERM"], colours: variables["COLORTERM"], noColour: variables["NO_COLOR"])
    guard isTerminal, let type = environment.type, !type.isEmpty, type != "dumb" else { return nil }
    if environment.wantsNoColour { return ColourDepth.none }
    if environment.claimsDirectColour || type.hasSuffix("-direct") { return .direct }
    let hasPalette = ["256color", "kitty", "alacritty", "foot", "wezterm", "ghostty"].contains {
      type.contains($0)
    }
    return hasPalette ? .palette : .eight
  }

  /// Returns the lines, with SGR sequences for a terminal of that depth; without any for nil.
  package func lines(depth: ColourDepth?) -> [String] {
    (inks + grounds + review).map { line in
      guard let depth else {
        var text = line.map(\.text).joined()
        while text.last == " " { text.removeLast() }
        return text
      }
      return line.map { piece in
        GraphicRendition.sequence(for: theme.paint(for: piece.style, colours: depth)) + piece.text
      }.joined() + GraphicRendition.reset
    }
  }

  private struct Piece {
    let text: String
    let style: Style

    init(_ text: String, _ style: Style = Style()) {
      self.text = text
      self.style = style
    }
  }

  private static let empty = [Piece(" ")]

  private static func title(_ text: String) -> [Piece] { [Piece(text, Style(.title, on: .plain))] }

  /// Every ink by its name on the grounds that most text stands on.
  private var inks: [[Piece]] {
    let grounds: [Ground] = [.plain, .added, .removed, .cursor, .panel]
    let heading = [Piece("  ")] + grounds.map { Piece("on \($0)".padded(to: 15), Style(.faint)) }
    return [Self.title("Inks"), heading]
      + Ink.allCases.map { ink in
        let sample = ink == .escaped ? "escaped <FF>" : "\(ink)"
        return [Piece("  ")]
          + grounds.map { Piece(" \(sample)".padded(to: 15), Style(ink, on: $0)) }
      }
  }

  private var grounds: [[Piece]] {
    var lines = [Self.empty, Self.title("Grounds")]
    var rest = Ground.allCases[...]
    while !rest.isEmpty {
      lines.append(
        [Piece("  ")] + rest.prefix(5).map { Piece(" \($0)".padded(to: 15), Style(on: $0)) })
      rest = rest.dropFirst(5)
    }
    return lines
  }

  /// A piece of a review: header, a hunk side by side, the decisions, the keys.
  private var review: [[Piece]] {
    [
      Self.empty,
      [
        Piece(" countersign ", Style(.title, on: .header, .bold)),
        Piece(" ledger-service", Style(.strong, on: .header)),
        Piece(" reject negative amounts".padded(to: 39), Style(.plain, on: .header)),
        Piece(" LOCAL unix ", Style(.warning, on: .header, .bold)),
      ],
      row(
        (" 12   ", [Piece("mutating func", Style(.keyword)), Piece(" post() {")], .plain),
        (" 12   ", [Piece("mutating func", Style(.keyword)), Piece(" post() {")], .plain)),
      row(
        (
          " 13 - ",
          [
            Piece("  "), Piece("let", Style(.keyword)), Piece(" limit = "),
            Piece("10", Style(.number, on: .removedSpan)),
          ], .removed
        ),
        (
          " 13 + ",
          [
            Piece("  "), Piece("let", Style(.keyword)), Piece(" limit = "),
            Piece("10_000", Style(.number, on: .addedSpan)),
          ], .added
        )),
      row(
        ("      ", [], .filler),
        (
          " 14 + ",
          [
            Piece("  "), Piece("log", Style(.function)), Piece("("),
            Piece("\"posted\"", Style(.string)), Piece(") "),
            Piece("// ", Style(.comment)), Piece("<U+202E>", Style(.escaped)),
          ], .added
        )),
      row((" 14   ", [Piece("}")], .plain), (" 15   ", [Piece("}")], .plain)),
      [
        Piece(" ✓ ", Style(.approved)), Piece("approved  "), Piece("✗ ", Style(.rejected)),
        Piece("rejected  "), Piece("○ ", Style(.undecided)), Piece("undecided  "),
        Piece("! ", Style(.warning, on: .plain, .bold)), Piece("a finding  "),
        Piece("! ", Style(.alert, on: .plain, .bold)), Piece("one to acknowledge"),
      ],
      [
        Piece(" y", Style(.key, on: .footer, .bold)), Piece(" approve  ", Style(on: .footer)),
        Piece("x", Style(.key, on: .footer, .bold)), Piece(" reject  ", Style(on: .footer)),
        Piece("?", Style(.key, on: .footer, .bold)),
        Piece(" help".padded(to: 56), Style(on: .footer)),
      ],
    ]
  }

  private typealias Side = (gutter: String, code: [Piece], ground: Ground)

  /// Both sides of a row, each 39 columns wide.
  private func row(_ left: Side, _ right: Side) -> [Piece] {
    func pieces(_ side: Side) -> [Piece] {
      let sign: Ink = side.ground == .added ? .added : side.ground == .removed ? .removed : .faint
      let used =
        side.gutter.unicodeScalars.count
        + side.code.reduce(0) {
          $0 + $1.text.unicodeScalars.count
        }
      return [Piece(side.gutter, Style(sign, on: side.ground))]
        + side.code.map {
          $0.style.ground == .plain ? Piece($0.text, $0.style.on(side.ground)) : $0
        } + [Piece(String(repeating: " ", count: max(0, 39 - used)), Style(on: side.ground))]
    }
    return pieces(left) + [Piece("│", Style(.faint))] + pieces(right)
  }
}

/// The control sequences that set colours and attributes (ECMA-48 SGR, with xterm's colours).
private enum GraphicRendition {
  static let reset = "\u{1B}[0m"

  /// Returns the sequence for `paint`, from nothing that was set before.
  static func sequence(for paint: Paint) -> String {
    var codes = ["0"]
    for (attribute, code) in [
      (Emphasis.bold, "1"), (.faint, "2"), (.underline, "4"), (.reverse, "7"),
    ] where paint.attributes.contains(attribute) {
      codes.append(code)
    }
    codes += colour(paint.foreground, base: 30)
    codes += colour(paint.background, base: 40)
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }

  private static func colour(_ colour: Colour?, base: Int) -> [String] {
    switch colour {
    case nil, .standard: []
    case .ansi(let index) where index < 8: ["\(base + Int(index))"]
    case .ansi(let index): ["\(base + 60 + Int(index) - 8)"]
    case .indexed(let index): ["\(base + 8)", "5", "\(index)"]
    case .rgb(let red, let green, let blue, _):
      ["\(base + 8)", "2", "\(red)", "\(green)", "\(blue)"]
    }
  }
}

extension String {
  /// The text with blanks after it up to `width` columns. For our own words only.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - unicodeScalars.count))
  }
}
