// YAML: its words and quotes; the rest of its shape is in the lexer.

extension Grammar {
  static let yaml = Grammar(
    names: "yaml yml",
    endings: "yaml yml",
    fileNames: ".clang-format .clang-tidy .gitlab-ci.yml",
    shape: .yaml,
    strings: [
      StringRule(open: "\"", close: "\"", spansLines: true),
      StringRule(open: "'", close: "'", escape: .doubling, spansLines: true),
    ],
    heuristics: .stringKeys,
    constants: """
      true false null yes no on off True False Null Yes No On Off TRUE FALSE NULL YES NO ON OFF ~
      """)
}
