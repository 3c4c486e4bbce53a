// Make, as a grammar table.

extension Grammar {
  static let makefile = Grammar(
    names: "makefile make mk",
    endings: "mk mak make",
    fileNames: "makefile gnumakefile bsdmakefile kbuild",
    interpreters: "make",
    lineComments: [LineComment(open: "#", needsBlankBefore: true, continues: true)],
    strings: [
      StringRule(
        open: "\"", close: "\"", interpolation: .makeName, continues: true, mustClose: true),
      StringRule(
        open: "'", close: "'", escape: .none, interpolation: .makeName, mustClose: true),
    ],
    specials: [.makeVariable],
    heuristics: [.makeRules, .lineContinuation, .noMembers],
    wordStarts: ".%-",
    wordParts: "-./%",
    keywords: "case do done elif esac fi for if in then while",
    lineStartKeywords: """
      define else endef endif export ifdef ifeq ifndef ifneq include -include sinclude override
      private undefine unexport vpath
      """,
    functions: "cd echo eval exec exit printf pwd set test true unset")
}
