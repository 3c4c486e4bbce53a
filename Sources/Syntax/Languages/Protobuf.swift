// Protocol Buffers, as a grammar table.

extension Grammar {
  static let protobuf = Grammar(
    names: "protobuf proto",
    endings: "proto",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [StringRule(open: "\"", close: "\""), StringRule(open: "'", close: "'")],
    heuristics: [.capitalisedTypes, .upperCaseConstants],
    keywords: """
      edition extend extensions group import map max oneof optional option public repeated required
      reserved returns rpc stream syntax to weak
      """,
    typeIntroducers: "enum message package service",
    types: """
      bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 sint32 sint64 string
      uint32 uint64
      """,
    constants: "true false inf nan")
}
