// Scala, as a grammar table.

extension Grammar {
  static let scala = Grammar(
    names: "scala sbt",
    endings: "scala sbt sc",
    interpreters: "scala",
    lineComments: [LineComment(open: "//"), LineComment(open: "#!/", needsBlankBefore: true)],
    blockComments: [BlockComment(open: "/*", close: "*/", nests: true)],
    strings: [
      StringRule(
        open: "\"\"\"", close: "\"\"\"", prefixes: "s f raw", needsPrefix: true, escape: .none,
        interpolation: [.dollarName, .dollarBrace], spansLines: true),
      StringRule(open: "\"\"\"", close: "\"\"\"", escape: .none, spansLines: true),
      StringRule(
        open: "\"", close: "\"", prefixes: "s f raw", needsPrefix: true,
        interpolation: [.dollarName, .dollarBrace]),
      StringRule(open: "\"", close: "\""),
    ],
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true)],
    specials: [.lifetime, .quotedName],
    heuristics: [.capitalisedTypes, .calls],
    keywords: """
      abstract asInstanceOf case catch classOf derives do else end export extends final finally for forSome given if
      implicit import infix isInstanceOf inline lazy macro match new open opaque override package private
      protected return sealed super synchronized then this throw transparent try using val var while with yield
      """,
    softKeywords: "derives end infix inline macro opaque open transparent using",
    memberKeywords: "type this asInstanceOf isInstanceOf synchronized",
    functionIntroducers: "def",
    typeIntroducers: "class object trait enum type extension",
    constants: "true false null")
}
