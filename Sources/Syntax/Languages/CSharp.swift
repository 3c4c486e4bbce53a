// C#, as a grammar table.

extension Grammar {
  static let csharp = Grammar(
    names: "csharp c# cs",
    endings: "cs csx",
    lineComments: [LineComment(open: "//")],
    blockComments: [BlockComment(open: "/*", close: "*/")],
    strings: [
      StringRule(open: "\"\"\"", close: "\"", fence: .run, escape: .none, spansLines: true),
      StringRule(
        open: "$\"\"\"", close: "\"", fence: .run, escape: .none, interpolation: .brace,
        spansLines: true),
      StringRule(open: "@\"", close: "\"", escape: .doubling, spansLines: true),
      StringRule(
        open: "$@\"", close: "\"", escape: .doubling, interpolation: .brace, spansLines: true),
      StringRule(
        open: "@$\"", close: "\"", escape: .doubling, interpolation: .brace, spansLines: true),
      StringRule(open: "$\"", close: "\"", interpolation: .brace),
      StringRule(open: "\"", close: "\""),
      StringRule(open: "'", close: "'", mustClose: true),
    ],
    sigils: [Sigil(lead: "@", kind: nil)],
    specials: [.directive, .bracketAttribute],
    heuristics: [.capitalisedTypes, .calls, .callsOverTypes],
    keywords: """
      abstract add as async await base break case catch checked const continue default delegate do
      else event explicit extern file finally fixed for foreach from get global goto group if
      implicit in init into internal is join let lock nameof namespace not on operator orderby out
      override params partial private protected public readonly ref remove required return scoped
      sealed select set sizeof stackalloc static switch this throw try typeof unchecked unmanaged
      unsafe using virtual volatile when where while with yield
      """,
    softKeywords: """
      add ascending by descending equals from group into join let nameof on orderby partial remove
      required scoped select unmanaged
      """,
    typeIntroducers: "class struct interface enum record new",
    types: """
      bool byte char decimal double dynamic float int long nint nuint object sbyte short string uint
      ulong ushort var void
      """,
    constants: "true false null")
}
