// R, as a grammar table.

extension Grammar {
  static let r = Grammar(
    names: "r rlang",
    endings: "r rprofile",
    fileNames: ".rprofile",
    interpreters: "rscript",
    lineComments: [LineComment(open: "#")],
    strings: [
      StringRule(
        open: "\"", close: ")", prefixes: "r", needsPrefix: true, fence: .parenthesis,
        escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\"", spansLines: true),
      StringRule(open: "'", close: "'", spansLines: true),
    ],
    specials: [.quotedName],
    heuristics: [.calls, .callsOverTypes, .noMembers],
    wordStarts: ".",
    wordParts: ".",
    keywords: "break else for function if in next repeat return switch while",
    constants: """
      FALSE Inf LETTERS NA NA_character_ NA_complex_ NA_integer_ NA_real_ NULL NaN TRUE T F letters
      month.abb month.name pi
      """)
}
