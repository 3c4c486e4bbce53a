// Elixir, as a grammar table.

extension Grammar {
  static let elixir = Grammar(
    names: "elixir ex exs",
    endings: "ex exs",
    fileNames: "mix.lock",
    interpreters: "elixir",
    lineComments: [LineComment(open: "#")],
    strings: ["\"\"\"", "'''", "\"", "'"].map { quote in
      StringRule(open: quote, close: quote, interpolation: .hashBrace, spansLines: true)
    },
    sigils: [Sigil(lead: "@", kind: .type)],
    specials: [.symbol, .elixirSigil, .characterCode],
    heuristics: [.capitalisedTypes, .calls, .callsOverTypes, .bangNames, .labels],
    keywords: """
      after alias and case catch cond defdelegate defexception defguard defguardp defimpl
      defoverridable defprotocol defstruct do else end fn for if import in not or quote raise receive
      require rescue reraise super throw try unless unquote unquote_splicing use when with
      """,
    functionIntroducers: "def defp defmacro defmacrop",
    typeIntroducers: "defmodule",
    constants: "true false nil __MODULE__ __ENV__ __DIR__ __CALLER__ __STACKTRACE__")
}
