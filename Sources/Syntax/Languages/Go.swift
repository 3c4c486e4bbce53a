// Go, as a grammar table.

extension Grammar {
  static let go = Grammar(
    names: "go golang",
    endings: "go",
    fileNames: "go.mod go.work",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [
      StringRule(open: "`", close: "`", escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\""),
      StringRule(open: "'", close: "'", mustClose: true),
    ],
    heuristics: [.capitalisedTypes, .calls, .callsOverTypes],
    keywords: """
      break case chan const continue default defer else fallthrough for go goto if import interface
      map package range return select struct switch var
      """,
    functionIntroducers: "func",
    typeIntroducers: "type",
    types: """
      any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64
      rune string uint uint8 uint16 uint32 uint64 uintptr
      """,
    constants: "true false nil iota")
}
