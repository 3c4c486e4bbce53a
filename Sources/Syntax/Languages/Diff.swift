// Patches: their shape is in the lexer.

extension Grammar {
  static let diff = Grammar(
    names: "diff patch udiff",
    endings: "diff patch rej",
    shape: .diff)
}
