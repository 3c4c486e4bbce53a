// C, and what its relatives share with it.

extension Grammar {
  static let c = Grammar(
    names: "c",
    endings: "c h",
    lineComments: cLineComments,
    blockComments: cBlockComments,
    strings: cStrings,
    specials: [.cDirective],
    heuristics: cHeuristics,
    keywords: cKeywords,
    typeIntroducers: "struct union enum",
    types: cTypes,
    constants: "NULL true false TRUE FALSE EOF stdin stdout stderr errno nullptr __func__")

  static let cLineComments = [LineComment(open: "//", continues: true)]
  static let cBlockComments = [BlockComment(open: "/*", close: "*/")]
  static let cStrings = [
    StringRule(open: "\"", close: "\"", prefixes: "l u u8", continues: true),
    StringRule(open: "'", close: "'", prefixes: "l u u8", mustClose: true),
  ]
  static let cHeuristics: Heuristics = [
    .calls, .spacedCalls, .callsOverTypes, .upperCaseConstants, .underscoreT, .arrowMembers,
    .quoteSeparators,
  ]
  static let cKeywords = """
    alignas alignof asm auto break case const constexpr continue default do else extern for goto if
    inline register restrict return sizeof static static_assert switch thread_local typedef typeof
    volatile while _Alignas _Alignof _Atomic _Generic _Noreturn _Static_assert _Thread_local
    __attribute__ __inline __inline__ __restrict __restrict__ __asm__ __volatile__ __extension__
    """
  static let cTypes = """
    bool char double float int long short signed unsigned void wchar_t _Bool _Complex FILE DIR
    """
}
