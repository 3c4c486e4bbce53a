// A text that is only read: the exact prompt, a log.

package import Diffing

package struct ViewerState: Sendable {
  package let title: String
  /// What the text is and how much of it there is.
  package internal(set) var note: String
  package internal(set) var text: TextFile
  package var top = 0
  package var horizontalOffset = 0
  package var wraps = true
  package var pattern: SearchPattern?
  /// The line of the match that was gone to last.
  package var match: Int?
  /// The screen to go back to.
  package let origin: ScreenKind
  /// Whether it is the output of checks, which grows while they run.
  var isOfChecks = false
  /// The same text with what is folded in `text`, or without it while it is unfolded; nil where nothing can be folded.
  package var other: TextFile?
  package internal(set) var isFolded = true
  /// The question that the text was opened from, and is the prompt of: it is asked again when the reader comes back.
  var question: AgainDraft?

  package init(
    title: String, note: String, text: TextFile, origin: ScreenKind, question: AgainDraft? = nil
  ) {
    self.question = question
    self.title = title
    self.note = note
    self.text = text
    self.origin = origin
  }
}
