// TOML, and the INI dialects.

extension Grammar {
  static let toml = Grammar(
    names: "toml",
    endings: "toml",
    fileNames: "cargo.lock poetry.lock uv.lock pipfile gopkg.lock",
    lineComments: [LineComment(open: "#")],
    strings: [
      StringRule(open: "\"\"\"", close: "\"\"\"", spansLines: true),
      StringRule(open: "'''", close: "'''", escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\""),
      StringRule(open: "'", close: "'", escape: .none),
    ],
    specials: [.section],
    heuristics: [.assignedKeys, .dates],
    wordParts: "-",
    constants: "true false inf nan")

  static let ini = Grammar(
    names: "ini cfg dosini conf properties",
    endings: """
      ini cfg conf properties env service socket timer mount desktop editorconfig gitconfig cnf
      """,
    fileNames: ".editorconfig .gitconfig .gitmodules .npmrc .pylintrc .env",
    lineComments: [
      LineComment(open: "#", needsBlankBefore: true),
      LineComment(open: ";", needsBlankBefore: true),
    ],
    strings: [StringRule(open: "\"", close: "\"", mustClose: true)],
    specials: [.section],
    heuristics: [.assignedKeys],
    wordParts: "-",
    constants: "true false yes no on off none")
}
