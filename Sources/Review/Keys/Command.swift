// The commands that a key, the palette or a binding can ask for.

/// A named, bindable request of the user.
///
/// The raw value is the name used in configuration files, in the palette and in the manual. What there is to say of each stands in
/// `CommandTable`.
package enum Command: String, CaseIterable, Hashable, Sendable {
  // Deciding
  case approveAndNext = "approve-and-next"
  case approve
  case reject
  case rejectWithReason = "reject-with-reason"
  case approveFile = "approve-file"
  case acknowledge
  case selectLines = "select-lines"
  case selectGroup = "select-group"
  case split
  case undo
  case redo

  // Changing and asking again
  case editHunk = "edit-hunk"
  case openFile = "open-file"
  case comment
  case askAgain = "ask-again"
  case askAgainFile = "ask-again-file"
  case nextCandidate = "next-candidate"
  case previousCandidate = "previous-candidate"
  case takeCandidate = "take-candidate"
  case compareRounds = "compare-rounds"
  case moveBase = "move-base"
  case removeRejected = "remove-rejected"
  case nextPlace = "next-place"
  case previousPlace = "previous-place"
  case placeHere = "place-here"
  case dropUnplaced = "drop-unplaced"
  case cancelRequest = "cancel-request"

  // Moving
  case nextUndecided = "next-undecided"
  case previousUndecided = "previous-undecided"
  case nextHunk = "next-hunk"
  case previousHunk = "previous-hunk"
  case nextFile = "next-file"
  case previousFile = "previous-file"
  case lineDown = "line-down"
  case lineUp = "line-up"
  case halfPageDown = "half-page-down"
  case halfPageUp = "half-page-up"
  case pageDown = "page-down"
  case pageUp = "page-up"
  case top
  case bottom
  case scrollLeft = "scroll-left"
  case scrollRight = "scroll-right"

  // Finding
  case search
  case searchNext = "search-next"
  case searchPrevious = "search-previous"
  case findFile = "find-file"
  case filterFiles = "filter-files"
  case jumpBack = "jump-back"
  case jumpForward = "jump-forward"
  case palette

  // Viewing
  case toggleMode = "toggle-mode"
  case toggleWrap = "toggle-wrap"
  case toggleWhitespace = "toggle-whitespace"
  case toggleFilePane = "toggle-file-pane"
  case moreContext = "more-context"
  case lessContext = "less-context"
  case toggleFold = "toggle-fold"
  case showLedger = "show-ledger"
  case showProvenance = "show-provenance"
  case showConversation = "show-conversation"

  // Sessions and asking
  case open
  case newRequest = "new-request"
  case discard
  case restore
  case send
  case toggleMap = "toggle-map"
  case showPrompt = "show-prompt"
  case nextField = "next-field"
  case previousField = "previous-field"
  case toggleFile = "toggle-file"
  case findServers = "find-servers"
  case showServerLog = "show-server-log"
  case retry

  // The queue
  case showQueue = "show-queue"
  case moveEarlier = "move-earlier"
  case moveLater = "move-later"
  case pauseRequest = "pause-request"
  case raisePriority = "raise-priority"
  case lowerPriority = "lower-priority"

  // Committing
  case commitSheet = "commit-sheet"
  case runChecks = "run-checks"
  case showChecks = "show-checks"
  case editMessage = "edit-message"
  case draftMessage = "draft-message"
  case undoCommit = "undo-commit"
  case commit
  case cancelCommit = "cancel-commit"
  case unplacedEdits = "unplaced-edits"
  case reviewRest = "review-rest"

  // Everywhere
  case cancelSelection = "cancel-selection"
  case back
  case help
  case redraw
  case suspend
  case quit

  /// A few words for the footer.
  package var label: String { CommandTable.entry(of: self).label }

  /// A sentence for help and manual.
  package var summary: String { CommandTable.entry(of: self).summary }
}
