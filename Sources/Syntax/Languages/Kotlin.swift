// Kotlin, as a grammar table.

extension Grammar {
  static let kotlin = Grammar(
    names: "kotlin kt",
    endings: "kt kts",
    lineComments: [LineComment(open: "//"), LineComment(open: "#!/", needsBlankBefore: true)],
    blockComments: [BlockComment(open: "/*", close: "*/", nests: true)],
    strings: [
      StringRule(
        open: "\"\"\"", close: "\"\"\"", escape: .none,
        interpolation: [.dollarBrace, .dollarName], spansLines: true),
      StringRule(open: "\"", close: "\"", interpolation: [.dollarBrace, .dollarName]),
      StringRule(open: "'", close: "'", mustClose: true),
    ],
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true)],
    specials: [.quotedName],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls],
    keywords: """
      abstract actual annotation as break by catch companion const constructor continue crossinline
      data delegate do dynamic else enum expect external final finally for get if import in infix
      init inline inner internal is lateinit noinline open operator out override package private
      protected public reified return sealed set super suspend tailrec this throw try val value var
      vararg when where while
      """,
    softKeywords: """
      actual annotation companion data delegate expect external infix inner internal open operator out
      private protected public sealed value
      """,
    functionIntroducers: "fun",
    typeIntroducers: "class interface object typealias",
    constants: "true false null")
}
