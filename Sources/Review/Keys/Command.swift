// Every command that a key can ask for: one table for footer, help and manual.

/// A named, bindable request of the user.
///
/// The raw value is the name used in configuration files and in the manual.
package enum Command: String, CaseIterable, Hashable, Sendable {
  // Everywhere
  case help
  case suspend
  case redraw
  case quit

  // Moving
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
  case nextHunk = "next-hunk"
  case previousHunk = "previous-hunk"
  case nextFile = "next-file"
  case previousFile = "previous-file"
  case nextUndecided = "next-undecided"
  case previousUndecided = "previous-undecided"

  // Deciding
  case approve
  case approveAndNext = "approve-and-next"
  case reject
  case rejectWithReason = "reject-with-reason"
  case approveFile = "approve-file"
  case acknowledge
  case selectLines = "select-lines"
  case selectGroup = "select-group"
  case split
  case undo
  case redo

  // Viewing
  case toggleMode = "toggle-mode"
  case toggleWrap = "toggle-wrap"
  case toggleFilePane = "toggle-file-pane"
  case moreContext = "more-context"
  case lessContext = "less-context"

  // Sessions and asking
  case open
  case newRequest = "new-request"
  case discard
  case restore
  case cancelRequest = "cancel-request"
  case send
  case showPrompt = "show-prompt"
  case nextField = "next-field"
  case previousField = "previous-field"
  case toggleFile = "toggle-file"
  case findServers = "find-servers"

  // Committing
  case commitSheet = "commit-sheet"
  case editMessage = "edit-message"
  case commit
  case cancelCommit = "cancel-commit"
  case unplacedEdits = "unplaced-edits"
  case reviewRest = "review-rest"
  case cancelSelection = "cancel-selection"
  case back

  /// A few words for the footer.
  package var label: String { Self.descriptions[self]?.label ?? rawValue }

  /// A sentence for help and manual.
  package var summary: String { Self.descriptions[self]?.summary ?? rawValue }

  private static let descriptions: [Command: (label: String, summary: String)] = [
    .help: ("help", "Shows the keys of this screen."),
    .suspend: ("suspend", "Suspends the program, as in any shell; `fg` comes back."),
    .redraw: ("redraw", "Draws the whole screen again."),
    .quit: ("leave", "Leaves; everything is saved, nothing is discarded."),
    .lineDown: ("down", "Moves one line down."),
    .lineUp: ("up", "Moves one line up."),
    .halfPageDown: ("half page", "Moves half a page down."),
    .halfPageUp: ("half page up", "Moves half a page up."),
    .pageDown: ("page", "Moves one page down."),
    .pageUp: ("page up", "Moves one page up."),
    .top: ("top", "Goes to the first line."),
    .bottom: ("bottom", "Goes to the last line."),
    .scrollLeft: ("left", "Scrolls left while lines are not wrapped."),
    .scrollRight: ("right", "Scrolls right while lines are not wrapped."),
    .nextHunk: ("next hunk", "Goes to the next hunk, in the next file if need be."),
    .previousHunk: ("previous hunk", "Goes to the previous hunk."),
    .nextFile: ("next file", "Goes to the next file."),
    .previousFile: ("previous file", "Goes to the previous file."),
    .nextUndecided: ("next undecided", "Goes to the next hunk that is not wholly decided."),
    .previousUndecided: (
      "previous undecided", "Goes to the previous hunk that is not wholly decided."
    ),
    .approve: ("approve, stay", "Approves the hunk or selection, or takes that back; stays."),
    .approveAndNext: (
      "approve", "Approves the hunk or selection and goes to the next undecided hunk."
    ),
    .reject: ("reject", "Rejects the hunk or selection and goes to the next undecided hunk."),
    .rejectWithReason: ("reject, why", "Rejects with a reason, which the ledger keeps."),
    .approveFile: (
      "approve file", "Approves what is left in this file, after asking; only what was on screen."
    ),
    .acknowledge: ("acknowledge", "Acknowledges the findings of this hunk, so it can be approved."),
    .selectLines: ("lines", "Starts or ends a selection of lines."),
    .selectGroup: ("group", "Selects the change group under the cursor."),
    .split: ("split", "Splits the hunk before the change group under the cursor, or joins again."),
    .undo: ("undo", "Takes back the last decision."),
    .redo: ("redo", "Takes the decision up again."),
    .toggleMode: ("unified", "Switches between side-by-side and unified."),
    .toggleWrap: ("wrap", "Wraps long lines, or cuts them and scrolls sideways."),
    .toggleFilePane: ("files", "Shows or hides the file pane."),
    .moreContext: ("more context", "Shows more unchanged lines."),
    .lessContext: ("less context", "Shows fewer unchanged lines."),
    .open: ("open", "Opens what is under the cursor."),
    .newRequest: ("new", "Asks the model for a new change."),
    .discard: ("discard", "Puts the session away; it can be restored."),
    .restore: ("restore", "Brings a discarded session back."),
    .cancelRequest: ("cancel", "Stops the model's work on this request."),
    .send: ("send", "Sends the request to the model."),
    .showPrompt: ("prompt", "Shows byte for byte what will be sent."),
    .nextField: ("next field", "Goes to the next field."),
    .previousField: ("previous field", "Goes to the previous field."),
    .toggleFile: ("add/remove", "Adds the file to the request, or removes it."),
    .findServers: ("find servers", "Looks for model servers on the loopback ports."),
    .commitSheet: ("commit", "Shows what would be committed, and the message."),
    .editMessage: ("edit message", "Opens the commit message in your editor."),
    .commit: ("commit now", "Commits exactly what was approved."),
    .cancelCommit: ("stop", "Stops the hook or the signing that runs; nothing is committed then."),
    .unplacedEdits: ("unplaced", "Shows the edits that could not be placed, with reasons."),
    .reviewRest: ("review the rest", "Opens what was not approved as a session on the new commit."),
    .cancelSelection: ("cancel", "Ends a selection; decides and leaves nothing."),
    .back: ("back", "Goes back."),
  ]
}
