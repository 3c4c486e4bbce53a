// Haskell, as a grammar table.

extension Grammar {
  static let haskell = Grammar(
    names: "haskell hs",
    endings: "hs hsc lhs hs-boot",
    interpreters: "runhaskell runghc stack",
    lineComments: [LineComment(open: "--", refusesSymbolAfter: true)],
    blockComments: [
      BlockComment(open: "{-#", close: "#-}", kind: .preprocessor),
      BlockComment(open: "{-", close: "-}", nests: true),
    ],
    strings: [StringRule(open: "\"", close: "\"", continues: true)],
    specials: [.character],
    heuristics: [.capitalisedTypes, .signatures],
    wordParts: "'",
    keywords: """
      as case class data default deriving do else family forall foreign hiding if import in infix
      infixl infixr instance let module newtype of qualified then type where
      """)
}
