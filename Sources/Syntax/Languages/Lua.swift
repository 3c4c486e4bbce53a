// Lua, as a grammar table.

extension Grammar {
  static let lua = Grammar(
    names: "lua luau",
    endings: "lua luau rockspec",
    interpreters: "lua luajit",
    lineComments: [LineComment(open: "--"), LineComment(open: "#!/", needsBlankBefore: true)],
    strings: [
      StringRule(
        open: "--[", close: "]", fence: .between(UInt8(ascii: "=")), escape: .none, kind: .comment,
        spansLines: true),
      StringRule(
        open: "[", close: "]", fence: .between(UInt8(ascii: "=")), escape: .none, spansLines: true),
      StringRule(open: "\"", close: "\"", continues: true),
      StringRule(open: "'", close: "'", continues: true),
    ],
    heuristics: [.calls, .callsOverTypes, .upperCaseConstants],
    keywords: """
      and break do else elseif end for goto if in local not or repeat return then until while self
      """,
    functionIntroducers: "function",
    constants: "true false nil _G _ENV _VERSION",
    functions: """
      assert collectgarbage dofile error getmetatable ipairs load loadfile loadstring next pairs pcall
      print rawequal rawget rawlen rawset require select setfenv setmetatable tonumber tostring type
      unpack xpcall
      """)
}
