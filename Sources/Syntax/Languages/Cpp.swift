// C++, as a grammar table.

extension Grammar {
  static let cpp = Grammar(
    names: "cpp c++ cc",
    endings: "cc cpp cxx c++ hh hpp hxx h++ ipp inl tcc cu cuh ino",
    lineComments: cLineComments,
    blockComments: cBlockComments,
    strings: [
      StringRule(
        open: "\"", close: ")", prefixes: "r lr ur u8r", needsPrefix: true, fence: .parenthesis,
        escape: .none, spansLines: true)
    ] + cStrings,
    specials: [.cDirective],
    heuristics: cHeuristics.union(.capitalisedTypes),
    keywords: cKeywords + """
       and and_eq bitand bitor catch co_await co_return co_yield compl concept const_cast consteval
      constinit decltype delete dynamic_cast explicit export final friend import module mutable new
      noexcept not not_eq operator or or_eq override private protected public reinterpret_cast
      requires static_cast template this throw try typeid using virtual xor xor_eq
      """,
    typeIntroducers: "struct union enum class namespace typename",
    types: cTypes + " char8_t char16_t char32_t",
    constants: "NULL true false nullptr EOF stdin stdout stderr errno __func__")
}
