// Swift, as a grammar table.

extension Grammar {
  static let swift = Grammar(
    names: "swift",
    endings: "swift swiftinterface",
    interpreters: "swift",
    lineComments: [LineComment(open: "//"), LineComment(open: "#!/", needsBlankBefore: true)],
    blockComments: [BlockComment(open: "/*", close: "*/", nests: true)],
    strings: [
      StringRule(
        open: "\"\"\"", close: "\"\"\"", fence: .around(UInt8(ascii: "#")),
        interpolation: .escapedParenthesis, spansLines: true),
      StringRule(
        open: "\"", close: "\"", fence: .around(UInt8(ascii: "#")),
        interpolation: .escapedParenthesis),
    ],
    sigils: [
      Sigil(lead: "#", kind: .preprocessor), Sigil(lead: "@", kind: .preprocessor),
      Sigil(lead: "$", kind: nil),
    ],
    specials: [.quotedName],
    heuristics: [.capitalisedTypes, .calls],
    keywords: """
      as any async await borrowing break case catch consume consuming continue convenience copy
      default defer deinit didSet discard distributed do dynamic each else extension fallthrough
      fileprivate final for get guard if import in indirect infix init inout internal is isolated
      lazy let mutating nonisolated nonmutating open operator optional override package postfix
      precedencegroup prefix private public repeat required rethrows return self Self sending set
      some static subscript super switch throw throws try unowned var weak where while willSet yield
      """,
    softKeywords: """
      any borrowing consume consuming convenience copy discard distributed dynamic each final indirect
      infix isolated lazy mutating nonmutating open optional override package postfix prefix required
      sending some unowned weak yield
      """,
    memberKeywords: "self init Type",
    functionIntroducers: "func macro",
    typeIntroducers: "class struct enum protocol actor typealias associatedtype",
    constants: "true false nil")
}
