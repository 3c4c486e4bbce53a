// JavaScript and TypeScript, with JSX.

extension Grammar {
  static let javascript = Grammar(
    names: "javascript js jsx node",
    endings: "js mjs cjs jsx es6",
    interpreters: "node nodejs deno bun",
    lineComments: [LineComment(open: "//"), LineComment(open: "#!/", needsBlankBefore: true)],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: ecmaScriptStrings,
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true), Sigil(lead: "#", kind: nil)],
    specials: [.regex, .jsxTag],
    heuristics: ecmaScriptHeuristics,
    wordStarts: "$",
    keywords: ecmaScriptKeywords,
    softKeywords: "as from get set static using",
    functionIntroducers: "function",
    typeIntroducers: "class extends",
    constants: ecmaScriptConstants)

  static let typescript = Grammar(
    names: "typescript ts tsx",
    endings: "ts tsx mts cts",
    interpreters: "ts-node tsx",
    lineComments: [LineComment(open: "//"), LineComment(open: "#!/", needsBlankBefore: true)],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: ecmaScriptStrings,
    sigils: [Sigil(lead: "@", kind: .preprocessor, isDotted: true), Sigil(lead: "#", kind: nil)],
    specials: [.regex, .jsxTag],
    heuristics: ecmaScriptHeuristics,
    wordStarts: "$",
    keywords: ecmaScriptKeywords + """
       abstract accessor as asserts declare implements infer is keyof module override
      private protected public readonly satisfies unique
      """,
    softKeywords: "from get set static using" + """
       abstract accessor asserts declare infer module namespace override private protected public
      type
      """,
    functionIntroducers: "function",
    typeIntroducers: "class extends interface namespace enum type",
    types: "any bigint boolean never number object string symbol unknown void",
    constants: ecmaScriptConstants)

  private static let ecmaScriptStrings = [
    StringRule(open: "`", close: "`", interpolation: .dollarBrace, spansLines: true),
    StringRule(open: "\"", close: "\"", continues: true, mustClose: false),
    StringRule(open: "'", close: "'", continues: true, mustClose: true),
  ]
  private static let ecmaScriptHeuristics: Heuristics = [
    .capitalisedTypes, .upperCaseConstants, .calls,
  ]
  private static let ecmaScriptKeywords = """
    async await break case catch const continue debugger default delete do else export finally for
    from get if import in instanceof let new of return set static super switch this throw try typeof
    using var void while with yield
    """
  private static let ecmaScriptConstants =
    "true false null undefined NaN Infinity arguments globalThis"
}
