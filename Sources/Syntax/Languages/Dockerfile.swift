// Dockerfiles, as a grammar table.

extension Grammar {
  static let dockerfile = Grammar(
    names: "dockerfile docker containerfile",
    endings: "dockerfile containerfile",
    fileNames: "dockerfile containerfile",
    lineComments: [LineComment(open: "#", needsBlankBefore: true)],
    strings: [
      StringRule(open: "\"", close: "\"", interpolation: .shell, continues: true),
      StringRule(open: "'", close: "'", escape: .none, continues: true, mustClose: true),
    ],
    specials: [.shellVariable, .shellHeredoc],
    heuristics: [.lineContinuation, .noMembers, .bareNumbers],
    wordParts: "-",
    ignoresCase: true,
    keywords: "as case do done elif else esac fi for if in then while",
    lineStartKeywords: """
      add arg cmd copy entrypoint env expose from healthcheck label maintainer onbuild run shell
      stopsignal user volume workdir
      """,
    functions: "cd echo eval exec exit export false printf pwd set source test true unset")
}
