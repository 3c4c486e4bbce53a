// Perl, as a grammar table.

extension Grammar {
  static let perl = Grammar(
    names: "perl pl",
    endings: "pl pm pod psgi",
    fileNames: "makefile.pl build.pl",
    interpreters: "perl",
    lineComments: [LineComment(open: "#")],
    blockComments: [
      "=pod", "=head", "=over", "=item", "=begin", "=for", "=encodin", "=back",
    ].map { BlockComment(open: $0, close: "=cut", atLineStart: true) } + [
      BlockComment(open: "__END__", close: "", atLineStart: true),
      BlockComment(open: "__DATA__", close: "", atLineStart: true),
    ],
    strings: [
      StringRule(open: "\"", close: "\"", spansLines: true),
      StringRule(open: "'", close: "'", spansLines: true),
      StringRule(open: "`", close: "`", mustClose: true),
    ],
    specials: [.perlVariable, .perlQuote, .perlHeredoc, .looseRegex],
    heuristics: [.calls, .callsOverTypes, .capitalisedTypes, .arrowMembers],
    keywords: """
      and bless can cmp continue die do each else elsif eq eval exists exit foreach for ge given gt
      if isa keys last le local lt my ne next no not or our redo ref require return say state unless
      until use values wantarray warn when while x xor
      """,
    functionIntroducers: "sub",
    typeIntroducers: "package",
    constants: "undef __FILE__ __LINE__ __PACKAGE__",
    functions: """
      chomp chop chdir close defined delete grep join lc length map open pop print printf push
      reverse scalar shift sort splice split sprintf substr uc unshift
      """)
}
