// Make, as a grammar table.

extension Grammar {
  static let makefile = Grammar(
    names: "makefile make mk",
    endings: "mk mak make",
    fileNames: "makefile gnumakefile bsdmakefile kbuild",
    interpreters: "make",
    lineComments: [LineComment(open: "#", needsBlankBefore: true)],
    strings: [
      StringRule(open: "\"", close: "\"", continues: true, mustClose: true),
      StringRule(open: "'", close: "'", escape: .none, mustClose: true),
    ],
    specials: [.makeVariable],
    heuristics: [.makeRules, .lineContinuation, .noMembers],
    wordStarts: ".%",
    wordParts: "-./%",
    lineStartKeywords: """
      define else endef endif export ifdef ifeq ifndef ifneq include -include sinclude override
      private undefine unexport vpath
      """)
}
