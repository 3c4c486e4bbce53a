// OCaml, as a grammar table.

extension Grammar {
  static let ocaml = Grammar(
    names: "ocaml ml",
    endings: "ml mli mll mly",
    interpreters: "ocaml ocamlrun",
    blockComments: [BlockComment(open: "(*", close: "*)", nests: true)],
    strings: [
      StringRule(open: "\"", close: "\"", spansLines: true),
      StringRule(open: "{|", close: "|}", escape: .none, spansLines: true),
    ],
    specials: [.lifetime],
    heuristics: [.capitalisedTypes],
    wordParts: "'",
    keywords: """
      and as assert asr begin class constraint do done downto else end exception external for fun
      function functor if in include inherit initializer land lazy let lor lsl lsr lxor match method
      mod module mutable new nonrec object of open or private raise rec sig struct then to try type val
      virtual when while with
      """,
    types: "array bool bytes char exn float int int32 int64 list nativeint option ref string unit",
    constants: "true false")
}
