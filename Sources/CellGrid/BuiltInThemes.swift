// The themes compiled in. Themes/dark.toml, light.toml and ansi.toml hold the same values.

extension Theme {
  /// For dark terminals.
  package static let dark = Theme(
    name: "dark",
    inks: [
      .plain: ink("#e4e4e4/254"),
      .faint: ink("#949494/246"),
      .strong: ink("#eeeeee/255", .bold),
      .accent: ink("#5fafff/75"),
      .added: ink("#5fd75f/77"),
      .removed: ink("#ff8787/210"),
      .approved: ink("#5fd75f/77", .bold),
      .rejected: ink("#ff8787/210", .bold),
      .undecided: ink("#afafaf/145"),
      .warning: ink("#d7af00/178"),
      .alert: ink("#ff8787/210", .bold),
      .key: ink("#87d7ff/117", .bold),
      .title: ink("#eeeeee/255", .bold),
      .escaped: ink("#121212/233", on: "#ffaf5f/215", .bold),
      .comment: ink("#bcbcbc/250"),
      .keyword: ink("#ffafaf/217"),
      .type: ink("#ffaf5f/215"),
      .string: ink("#afd7ff/153"),
      .number: ink("#87d7ff/117"),
      .function: ink("#d7afff/183"),
      .constant: ink("#5fd7d7/80"),
      .preprocessor: ink("#ffd75f/221"),
    ],
    grounds: [
      .plain: ground("#121212/233"),
      .added: ground("#10291a/22"),
      .addedSpan: ground("#14502a/23"),
      .removed: ground("#33151a/52"),
      .removedSpan: ground("#7a1d2a/88"),
      .filler: ground("#1c1c1c/234"),
      .cursor: ground("#3a3a3a/237"),
      .selection: ground("#1b3d68/24"),
      .header: ground("#303030/236"),
      .footer: ground("#262626/235"),
      .panel: ground("#1c1c1c/234"),
      .input: ground("#444444/238"),
      .match: ground("#5c4300/58"),
      .alert: ground("#8f0c22/88"),
    ])

  /// For light terminals.
  package static let light = Theme(
    name: "light",
    inks: [
      .plain: ink("#1f2328/234"),
      .faint: ink("#6e7681/243"),
      .strong: ink("#010409/16", .bold),
      .accent: ink("#0863cd/26"),
      .added: ink("#187633/28"),
      .removed: ink("#c7212c/160"),
      .approved: ink("#187633/28", .bold),
      .rejected: ink("#c7212c/160", .bold),
      .undecided: ink("#58626d/241"),
      .warning: ink("#8b5d00/94"),
      .alert: ink("#a40e26/124", .bold),
      .key: ink("#0550ae/25", .bold),
      .title: ink("#010409/16", .bold),
      .escaped: ink("#ffffff/231", on: "#b04600/130", .bold),
      .comment: ink("#525b65/241"),
      .keyword: ink("#b01d27/160"),
      .type: ink("#953800/88"),
      .string: ink("#0a3069/18"),
      .number: ink("#0550ae/25"),
      .function: ink("#6639ba/55"),
      .constant: ink("#10646c/23"),
      .preprocessor: ink("#7d4e00/58"),
    ],
    grounds: [
      .plain: ground("#ffffff/231"),
      .added: ground("#dafbe1/194"),
      .addedSpan: ground("#9ae8ad/157"),
      .removed: ground("#ffebe9/224"),
      .removedSpan: ground("#ffc4bd/217"),
      .filler: ground("#f3f5f7/255"),
      .cursor: ground("#dde6f0/189"),
      .selection: ground("#bfe0ff/153"),
      .header: ground("#e6eaee/254"),
      .footer: ground("#eaeef2/254"),
      .panel: ground("#f6f8fa/255"),
      .input: ground("#d7dde3/252"),
      .match: ground("#ffe48a/222"),
      .alert: ground("#ffc1ba/217"),
    ])

  /// For terminals with eight colours, and for who wants the terminal's own palette: what two
  /// grounds share in colour differs in attributes.
  package static let ansi = Theme(
    name: "ansi",
    inks: [
      .plain: Paint(),
      .faint: Paint(attributes: .faint),
      .strong: Paint(attributes: .bold),
      .accent: Paint(foreground: .ansi(6)),
      .added: Paint(foreground: .ansi(2)),
      .removed: Paint(foreground: .ansi(1)),
      .approved: Paint(foreground: .ansi(2), attributes: .bold),
      .rejected: Paint(foreground: .ansi(1), attributes: .bold),
      .undecided: Paint(),
      .warning: Paint(foreground: .ansi(3)),
      .alert: Paint(foreground: .ansi(1), attributes: .bold),
      .key: Paint(foreground: .ansi(6), attributes: .bold),
      .title: Paint(attributes: .bold),
      .escaped: Paint(foreground: .ansi(0), background: .ansi(3)),
      .comment: Paint(attributes: .faint),
      .keyword: Paint(attributes: .bold),
      .type: Paint(foreground: .ansi(3)),
      .string: Paint(foreground: .ansi(6)),
      .number: Paint(foreground: .ansi(5)),
      .function: Paint(),
      .constant: Paint(foreground: .ansi(5)),
      .preprocessor: Paint(foreground: .ansi(3), attributes: .bold),
    ],
    grounds: [
      .plain: Paint(),
      .added: Paint(foreground: .ansi(2)),
      .addedSpan: Paint(foreground: .ansi(2), attributes: [.bold, .underline]),
      .removed: Paint(foreground: .ansi(1)),
      .removedSpan: Paint(foreground: .ansi(1), attributes: [.bold, .underline]),
      .filler: Paint(attributes: .faint),
      .cursor: Paint(attributes: .reverse),
      .selection: Paint(foreground: .ansi(7), background: .ansi(4)),
      .header: Paint(attributes: .reverse),
      .footer: Paint(attributes: .reverse),
      .panel: Paint(),
      .input: Paint(attributes: .underline),
      .match: Paint(foreground: .ansi(0), background: .ansi(6)),
      .alert: Paint(foreground: .ansi(7), background: .ansi(1), attributes: .bold),
    ])

  /// The theme of terminals without colours, and of `NO_COLOR`: attributes only. Signs carry what
  /// attributes cannot: `+` and `-`, `✓` and `✗`, and the spelling of unsafe text.
  package static let monochrome = Theme(
    name: "monochrome",
    inks: [
      .faint: Paint(attributes: .faint),
      .strong: Paint(attributes: .bold),
      .added: Paint(attributes: .bold),
      .approved: Paint(attributes: .bold),
      .rejected: Paint(attributes: .bold),
      .warning: Paint(attributes: .underline),
      .alert: Paint(attributes: [.bold, .underline]),
      .key: Paint(attributes: .bold),
      .title: Paint(attributes: .bold),
      .escaped: Paint(attributes: [.reverse, .bold]),
      .comment: Paint(attributes: .faint),
      .keyword: Paint(attributes: .bold),
    ],
    grounds: [
      .added: Paint(attributes: .bold),
      .addedSpan: Paint(attributes: [.bold, .underline]),
      .removedSpan: Paint(attributes: .underline),
      .filler: Paint(attributes: .faint),
      .cursor: Paint(attributes: .reverse),
      .selection: Paint(attributes: [.reverse, .bold]),
      .header: Paint(attributes: .reverse),
      .footer: Paint(attributes: .reverse),
      .input: Paint(attributes: .underline),
      .match: Paint(attributes: [.reverse, .underline]),
      .alert: Paint(attributes: [.reverse, .bold, .underline]),
    ])

  private static func ink(
    _ foreground: String, on background: String? = nil, _ attributes: Emphasis = []
  ) -> Paint {
    Paint(
      foreground: colour(foreground), background: background.map(colour), attributes: attributes)
  }

  private static func ground(_ background: String, _ attributes: Emphasis = []) -> Paint {
    Paint(background: colour(background), attributes: attributes)
  }

  private static func colour(_ text: String) -> Colour {
    guard let colour = Colour(parsing: text) else {
      preconditionFailure("\(text) in a built-in theme is no colour")
    }
    return colour
  }
}
