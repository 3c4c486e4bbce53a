// The shells, as one grammar table.

extension Grammar {
  static let shell = Grammar(
    names: "shell sh bash zsh ksh console shell-session",
    endings: "sh bash zsh ksh bats ebuild command",
    fileNames: """
      .bashrc .bash_profile .bash_logout .profile .zshrc .zprofile .zshenv .envrc .bash_aliases
      """,
    interpreters: "sh bash zsh ksh dash ash bats",
    lineComments: [LineComment(open: "#", needsBlankBefore: true)],
    strings: [
      StringRule(open: "$'", close: "'", spansLines: true),
      StringRule(open: "'", close: "'", escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\"", interpolation: .shell, spansLines: true),
    ],
    specials: [.shellVariable, .shellHeredoc],
    heuristics: [.calls, .noMembers],
    wordParts: "-",
    keywords: """
      case coproc do done elif else esac fi for if in select then time until while
      """,
    functionIntroducers: "function",
    functions: """
      alias bg break builtin cd command continue declare echo eval exec exit export fg getopts hash
      jobs kill let local mapfile popd printf pushd pwd read readonly return set shift shopt source
      test times trap type typeset ulimit umask unalias unset wait
      """)
}
