// Rust, as a grammar table.

extension Grammar {
  static let rust = Grammar(
    names: "rust rs",
    endings: "rs",
    interpreters: "rust-script",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/", nests: true)],
    strings: [
      StringRule(
        open: "\"", close: "\"", prefixes: "r br cr", needsPrefix: true,
        fence: .around(UInt8(ascii: "#")), escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\"", prefixes: "b c", spansLines: true),
    ],
    specials: [.hashAttribute, .lifetime],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls, .bangMacros],
    keywords: """
      as async await break const continue crate dyn else extern for if impl in let loop match mod
      move mut pub ref return self Self static super unsafe use where while yield
      """,
    memberKeywords: "await",
    functionIntroducers: "fn macro_rules",
    typeIntroducers: "struct enum trait type union",
    types: """
      bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize
      """,
    constants: "true false None Some Ok Err")
}
