// Python, as a grammar table.

extension Grammar {
  static let python = Grammar(
    names: "python py python3",
    endings: "py pyi pyw pyx pxd bzl star",
    fileNames: "sconstruct sconscript build workspace tiltfile",
    interpreters: "python pypy",
    lineComments: [LineComment(open: "#")],
    strings: ["\"\"\"", "'''", "\"", "'"].flatMap { quote in
      let isLong = quote.count == 3
      return [
        StringRule(
          open: quote, close: quote, prefixes: "f fr rf t tr rt", needsPrefix: true,
          interpolation: .brace, spansLines: isLong, continues: !isLong),
        StringRule(
          open: quote, close: quote, prefixes: "r u b br rb", spansLines: isLong,
          continues: !isLong),
      ]
    },
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true, atLineStart: true)],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls],
    keywords: """
      and as assert async await break continue del elif else except finally for from global if
      import in is lambda nonlocal not or pass raise return self cls try while with yield
      """,
    lineStartKeywords: "match case type",
    functionIntroducers: "def",
    typeIntroducers: "class",
    types: """
      bool bytes bytearray complex dict float frozenset int list object range set str tuple
      """,
    constants: "True False None NotImplemented Ellipsis __name__ __file__ __all__")
}
