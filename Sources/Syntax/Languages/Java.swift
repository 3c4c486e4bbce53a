// Java, as a grammar table.

extension Grammar {
  static let java = Grammar(
    names: "java",
    endings: "java jav",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [
      StringRule(open: "\"\"\"", close: "\"\"\"", spansLines: true),
      StringRule(open: "\"", close: "\""),
      StringRule(open: "'", close: "'", mustClose: true),
    ],
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true)],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls],
    wordStarts: "$",
    keywords: """
      abstract assert break case catch const continue default do else exports extends final finally
      for goto if implements import instanceof module native new non-sealed opens package permits
      private protected provides public requires return sealed static strictfp super switch
      synchronized this throw throws to transient transitive try uses volatile while with yield
      """,
    softKeywords: """
      exports module open opens permits provides record requires sealed to transitive uses with yield
      """,
    memberKeywords: "class this super new",
    typeIntroducers: "class interface enum record",
    types: "boolean byte char double float int long short var void",
    constants: "true false null")
}
