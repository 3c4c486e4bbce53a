// What git can hold and Countersign does not commit, with what it says of it.

import Testing

/// A change of a file `a` beside one that is refused.
struct RefusedShape: CustomTestStringConvertible, Sendable {
  let shape: ContentShape
  /// How the file's name stands above its hunks.
  let title: String
  let words: String
  /// What git says when all but the refused is committed.
  let statusAfter: String

  var testDescription: String { shape.name }

  private init(
    _ name: String, base: String = "", change: String, title: String, words: String,
    statusAfter: String
  ) {
    shape = ContentShape(
      name: name, base: "seq 3 >a\n\(base)", change: "seq 4 >a\n\(change)")
    self.title = title
    self.words = words
    self.statusAfter = statusAfter
  }

  private static let submodule = """
    git init -q sub; git -C sub commit -q --allow-empty -m one
    """
  private static let moved = "git -C sub commit -q --allow-empty -m two"

  static let all = [
    RefusedShape(
      "a submodule that moves", base: submodule, change: moved, title: "sub",
      words: "a submodule on a touched path; commit that path with git (`sub`)",
      statusAfter: " M sub"),
    RefusedShape(
      "a repository in the files", change: submodule, title: "sub",
      words: "a submodule on a touched path; commit that path with git (`sub`)",
      statusAfter: "?? sub/"),
    RefusedShape(
      "a new name with a newline", change: #"seq 3 >"$(printf 'b\nc')""#, title: "b<U+000A>c",
      words: #"The path `b\x0ac` cannot be written: it has a control character"#,
      statusAfter: #"?? "b\nc""#),
    RefusedShape(
      "a changed file whose name has a newline", base: #"seq 3 >"$(printf 'b\nc')""#,
      change: #"seq 4 >"$(printf 'b\nc')""#, title: "b<U+000A>c",
      words: #"The path `b\x0ac` cannot be written: it has a control character"#,
      statusAfter: #" M "b\nc""#),
    RefusedShape(
      "a twin in case", change: "seq 3 >A", title: "A",
      words: "The path `A` cannot be written: it differs from `a` only in case or normalisation",
      statusAfter: "?? A"),
    RefusedShape(
      "a twin in normalisation", base: #"seq 3 >"$(printf '\303\251')""#,
      change: #"seq 3 >"$(printf 'e\314\201')""#, title: "e\u{301}",
      words: #"The path `e\xcc\x81` cannot be written: it differs from `\xc3\xa9` only in case"#,
      statusAfter: #"?? "e\314\201""#),
  ]
}
