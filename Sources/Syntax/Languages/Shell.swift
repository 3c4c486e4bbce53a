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
    heuristics: [.calls, .noMembers, .bareNumbers],
    wordParts: "-",
    keywords: """
      break case continue coproc do done elif else esac exit fi for if in return select then time
      until while
      """,
    functionIntroducers: "function",
    functions: """
      alias bg builtin caller cd command compgen complete compopt declare dirs disown echo enable
      eval exec export false fc fg getopts hash help history jobs kill let local logout mapfile popd
      printf pushd pwd read readarray readonly set shift shopt source suspend test times trap true
      type typeset ulimit umask unalias unset wait
      """)
}
