// Ruby, as a grammar table.

extension Grammar {
  static let ruby = Grammar(
    names: "ruby rb",
    endings: "rb rake gemspec ru podspec",
    fileNames: "rakefile gemfile guardfile podfile fastfile vagrantfile brewfile",
    interpreters: "ruby jruby rake",
    lineComments: [LineComment(open: "#")],
    blockComments: [
      BlockComment(open: "=begin", close: "=end", atLineStart: true),
      BlockComment(open: "__END__", close: "", atLineStart: true),
    ],
    strings: [
      StringRule(open: "\"", close: "\"", interpolation: .hashBrace, spansLines: true),
      StringRule(open: "'", close: "'", spansLines: true),
      StringRule(open: "`", close: "`", interpolation: .hashBrace, mustClose: true),
    ],
    sigils: [
      Sigil(lead: "@@", kind: nil), Sigil(lead: "@", kind: nil), Sigil(lead: "$", kind: nil),
    ],
    specials: [.signVariable, .looseRegex, .rubyHeredoc, .percentLiteral, .symbol],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls, .bangNames, .labels],
    keywords: """
      alias and begin BEGIN break case do else elsif end END ensure for if in next not or redo
      rescue retry return self super then undef unless until when while yield
      attr_accessor attr_reader attr_writer extend include private protected public raise require
      require_relative
      """,
    functionIntroducers: "def",
    typeIntroducers: "class module",
    constants: "true false nil __FILE__ __LINE__ __method__",
    functions: """
      at_exit binding block_given? caller catch define_method exec fork format gets lambda loop
      module_function p pp print printf proc puts rand sleep sprintf srand throw
      """)
}
