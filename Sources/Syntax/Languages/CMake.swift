// CMake, as a grammar table.

extension Grammar {
  static let cmake = Grammar(
    names: "cmake",
    endings: "cmake",
    fileNames: "cmakelists.txt",
    lineComments: [LineComment(open: "#")],
    strings: [
      StringRule(
        open: "#[", close: "]", fence: .between(UInt8(ascii: "=")), escape: .none, kind: .comment,
        spansLines: true),
      StringRule(
        open: "[", close: "]", fence: .between(UInt8(ascii: "=")), escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\"", interpolation: .makeName, spansLines: true),
    ],
    specials: [.makeVariable],
    heuristics: [.calls, .spacedCalls, .noMembers, .upperCaseConstants],
    ignoresCase: true,
    keywords: """
      and break continue defined else elseif endforeach endfunction endif endmacro endwhile equal
      exists foreach greater if in is_directory less lists matches not or return strequal strgreater
      strless version_equal version_greater version_greater_equal version_less version_less_equal
      while
      """,
    functionIntroducers: "function macro",
    constants: "true false on off yes no")
}
