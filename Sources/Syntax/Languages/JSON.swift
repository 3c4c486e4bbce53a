// JSON, with the comments that configuration files have.

extension Grammar {
  static let json = Grammar(
    names: "json jsonc json5",
    endings: """
      json jsonc json5 jsonl ndjson geojson webmanifest code-workspace ipynb avsc har resolved
      """,
    fileNames: ".babelrc .eslintrc .prettierrc .jshintrc .swift-format composer.lock",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [
      StringRule(open: "\"", close: "\""), StringRule(open: "'", close: "'", mustClose: true),
    ],
    heuristics: .stringKeys,
    constants: "true false null NaN Infinity")
}
