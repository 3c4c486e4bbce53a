// Objective-C, as a grammar table.

extension Grammar {
  static let objectiveC = Grammar(
    names: "objective-c objectivec objc",
    endings: "m mm",
    lineComments: cLineComments,
    blockComments: cBlockComments,
    strings: [StringRule(open: "@\"", close: "\"")] + cStrings,
    sigils: [Sigil(lead: "@", kind: .keyword)],
    specials: [.cDirective, .methodMark],
    heuristics: cHeuristics.union(.capitalisedTypes).subtracting(.spacedCalls).union(.selectors),
    keywords: cKeywords + """
       self super in out inout bycopy byref oneway __weak __strong __block __bridge
      _Nonnull _Nullable
      nonatomic atomic strong weak copy assign readonly readwrite nullable nonnull
      class release retain
      """,
    typeIntroducers: "struct union enum class",
    types: cTypes + " id BOOL SEL IMP Class instancetype unichar NSInteger NSUInteger CGFloat",
    constants: "NULL nil Nil YES NO true false")
}
