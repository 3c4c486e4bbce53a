// PHP, in its page and alone.

extension Grammar {
  /// The page: HTML with PHP in it.
  static let php = Grammar(
    names: "php",
    endings: "php phtml php3 php4 php5 phps inc",
    interpreters: "php",
    shape: .markup,
    blockComments: markupComments,
    strings: markupStrings)

  static let phpCode = Grammar(
    names: "php-code",
    lineComments: [
      LineComment(open: "//", stop: "?>"), LineComment(open: "#", stop: "?>"),
    ],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [
      StringRule(
        open: "\"", close: "\"", interpolation: [.dollarName, .braceDollar, .dollarBrace],
        spansLines: true),
      StringRule(open: "'", close: "'", spansLines: true),
      StringRule(open: "`", close: "`", mustClose: true),
    ],
    sigils: [Sigil(lead: "$", kind: nil)],
    specials: [.phpEnd, .phpHeredoc, .hashAttribute],
    heuristics: [.capitalisedTypes, .upperCaseConstants, .calls, .arrowMembers],
    ignoresCase: true,
    keywords: """
      abstract and array as break callable case catch clone const continue declare default die do
      echo else elseif empty enddeclare endfor endforeach endif endswitch endwhile exit final
      finally for foreach global goto if implements include include_once instanceof insteadof isset
      list match new or parent print private protected public readonly require require_once
      return self static switch throw try unset use var while xor yield
      """,
    functionIntroducers: "function fn",
    typeIntroducers: "class interface trait enum extends namespace",
    types: "bool float int iterable mixed never object string void",
    constants: "true false null __class__ __dir__ __file__ __function__ __line__ __method__")
}
