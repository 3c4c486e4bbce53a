// doctor --theme: which themes there are, and what one looks like on this terminal.

import CellGrid
import Glibc
import Workstation

enum ThemeShowing {
  /// Shows the theme of that name, or lists all when there is no name.
  static func run(_ name: String?) throws {
    let context = try CommandContext()
    if let name {
      try show(name, context)
    } else {
      list(context)
    }
  }

  private static func list(_ context: CommandContext) {
    let configured = context.configuration.theme
    let current = configured == "default" ? "dark" : configured
    let themes = ThemeChoice.available(locations: context.locations)
    let width = themes.map(\.name.utf8.count).max() ?? 0
    for theme in themes {
      let name = theme.name + String(repeating: " ", count: width - theme.name.utf8.count)
      let sign = theme.name == current ? "✓" : " "
      Output.line("\(sign) \(name)  \(theme.place ?? "built in")")
    }
  }

  private static func show(_ name: String, _ context: CommandContext) throws {
    let theme = try ThemeChoice.theme(named: name, locations: context.locations)
    let depth = ThemePreview.depth(in: context.environment, isTerminal: isatty(1) != 0)
    Output.line("Theme \(theme.name), \(words(depth))")
    Output.bytes([0x0A])
    // The preview holds our own words only; its escape sequences are meant for the terminal.
    for line in ThemePreview(theme).lines(depth: depth) { Output.bytes(Array("\(line)\n".utf8)) }
  }

  private static func words(_ depth: ColourDepth?) -> String {
    guard let depth else { return "without colours: the output is no terminal that takes them" }
    return switch depth {
    case .none: "without colours: NO_COLOR is set"
    case .eight: "in eight colours: neither TERM nor COLORTERM says that there are more"
    case .palette: "in 256 colours: COLORTERM is neither truecolor nor 24bit"
    case .direct: "in 24-bit colours"
    }
  }
}
