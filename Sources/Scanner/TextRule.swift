// The rules about text, paths and modes that are not about words on a line.

/// A rule with what it says; identifiers are stable, for the ledger records them.
package struct TextRule: Sendable, Equatable {
  package let id: String
  package let severity: FindingClass
  package let sentence: String

  static let bidi = TextRule(
    id: "text.bidi", severity: .block,
    sentence: "A direction control reorders how the line is drawn.")
  static let carriageReturn = TextRule(
    id: "text.carriage-return", severity: .block,
    sentence: "A carriage return inside the line lets later text overwrite earlier text.")
  static let backspace = TextRule(
    id: "text.backspace", severity: .block,
    sentence: "A backspace lets later text overwrite earlier text.")
  static let control = TextRule(
    id: "text.control", severity: .block,
    sentence: "A control character in the line can drive a terminal.")
  static let nul = TextRule(
    id: "text.nul", severity: .block, sentence: "A NUL byte ends the text for many programs.")
  static let variationSelector = TextRule(
    id: "text.variation-selector", severity: .block,
    sentence: "Invisible variation selectors can carry hidden data.")
  static let tag = TextRule(
    id: "text.tag", severity: .block,
    sentence: "Invisible tag characters can carry hidden text, for instance to a model.")
  static let blankGlyph = TextRule(
    id: "text.blank-glyph", severity: .block,
    sentence: "A letter that is drawn as nothing can stand for a name or a blank.")
  static let veryLongLine = TextRule(
    id: "text.very-long-line", severity: .block,
    sentence: "The added line is longer than 5,000 bytes, which nobody reads to its end.")
  static let zeroWidth = TextRule(
    id: "text.zero-width", severity: .warn,
    sentence: "A character without width makes two words differ that look the same.")
  static let mixedScript = TextRule(
    id: "text.mixed-script", severity: .warn,
    sentence: "A word mixes Latin letters with letters of another script that look like them.")
  static let privateUse = TextRule(
    id: "text.private-use", severity: .warn,
    sentence: "A private-use character looks different on every machine.")
  static let normalisation = TextRule(
    id: "text.normalisation", severity: .warn,
    sentence:
      "The line differs from a removed one only in Unicode normalisation, which cannot be seen.")
  static let longLine = TextRule(
    id: "text.long-line", severity: .warn, sentence: "The added line is longer than 500 bytes.")
  static let formFeed = TextRule(
    id: "text.form-feed", severity: .note, sentence: "The line has a form feed.")
  static let invalidUTF8 = TextRule(
    id: "text.invalid-utf8", severity: .note, sentence: "The line is not valid UTF-8.")

  static let deceptivePath = TextRule(
    id: "path.deceptive", severity: .block,
    sentence: "The file's name holds characters that are not drawn, or that reorder it.")
  static let ambiguousPath = TextRule(
    id: "path.ambiguous", severity: .warn,
    sentence: "The file's name holds characters that look like others, or like nothing.")

  static let submodule = TextRule(
    id: "mode.submodule", severity: .block,
    sentence: "The change adds, moves or removes a submodule, whose content is not shown here.")
  static let escapingLink = TextRule(
    id: "mode.escaping-link", severity: .block,
    sentence: "The symbolic link leads out of the tree, or into .git.")
  static let link = TextRule(
    id: "mode.link", severity: .warn, sentence: "The change adds or redirects a symbolic link.")
  static let unusualMode = TextRule(
    id: "mode.unusual", severity: .block, sentence: "The file mode is none that git writes.")
  static let executable = TextRule(
    id: "mode.executable", severity: .warn, sentence: "The file becomes executable.")
  static let modeChange = TextRule(
    id: "mode.change", severity: .warn, sentence: "The file's mode changes.")

  static let deletedTest = TextRule(
    id: "test.deleted", severity: .warn, sentence: "A file of tests is deleted.")
  static let fewerTests = TextRule(
    id: "test.fewer", severity: .warn, sentence: "The change removes more tests than it adds.")
  static let fewerAssertions = TextRule(
    id: "test.fewer-assertions", severity: .note,
    sentence: "The change removes more assertions than it adds.")

  static let longBase64 = TextRule(
    id: "blob.base64", severity: .warn,
    sentence: "A long run of base64 hides what it contains.")
  static let longHex = TextRule(
    id: "blob.hex", severity: .warn,
    sentence: "A long run of hexadecimal digits or escapes hides what it contains.")

  static let all: [TextRule] = [
    bidi, carriageReturn, backspace, control, nul, variationSelector, tag, blankGlyph, veryLongLine,
    zeroWidth, mixedScript, privateUse, normalisation, longLine, formFeed, invalidUTF8,
    deceptivePath,
    ambiguousPath, submodule, escapingLink, link, unusualMode, executable, modeChange, deletedTest,
    fewerTests,
    fewerAssertions, longBase64, longHex,
  ]
}
