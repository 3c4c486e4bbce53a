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
  /// The text with what is folded in it, where something is.
  package var unfolded: TextFile?
  /// The text without that, while `text` is the one with it.
  var folded: TextFile?
  /// The question that the text was opened from: it is asked again when the reader comes back.
  var question: AgainDraft?

  package init(title: String, note: String, text: TextFile, origin: ScreenKind) {
    self.title = title
    self.note = note
    self.text = text
    self.origin = origin
  }
}
