// What every command does and which keys ask for it: the one table behind help, palette, footer, manual and keymap checks.

/// One row of the table.
package struct CommandEntry: Sendable {
  package let command: Command
  /// A few words for the footer.
  package let label: String
  /// A sentence for help and manual.
  package let summary: String
  /// The keys of the default preset per screen; a screen without keys still offers the command in the palette.
  package let keys: [(contexts: [KeyContext], names: [String])]

  fileprivate init(
    _ command: Command, _ label: String, _ summary: String,
    _ keys: (contexts: [KeyContext], names: [String])...
  ) {
    self.command = command
    self.label = label
    self.summary = summary
    self.keys = keys
  }

  /// The screens on which the command does something.
  package var contexts: [KeyContext] {
    KeyContext.allCases.filter { context in keys.contains { $0.contexts.contains(context) } }
  }
}

package enum CommandTable {
  /// Every command once, in the order of help.
  package static let entries: [CommandEntry] =
    deciding + changing + working + moving + finding + viewing + everywhere

  package static func entry(of command: Command) -> CommandEntry {
    guard let entry = byCommand[command] else {
      preconditionFailure("\(command) is not in the table")
    }
    return entry
  }

  private static let byCommand = Dictionary(uniqueKeysWithValues: entries.map { ($0.command, $0) })

  private static let review: [KeyContext] = [.review]
  private static let lists: [KeyContext] = [
    .sessions, .queue, .review, .unplaced, .commit, .viewer,
  ]

  private static let deciding: [CommandEntry] = [
    CommandEntry(
      .approveAndNext, "approve",
      "Approves the hunk or selection and goes to the next undecided hunk.", (review, ["y", "a"])),
    CommandEntry(
      .reject, "reject", "Rejects the hunk or selection and goes to the next undecided hunk.",
      (review, ["x"])),
    CommandEntry(
      .approve, "approve, stay", "Approves the hunk or selection, or takes that back; stays.",
      (review, ["Space"])),
    CommandEntry(
      .selectLines, "lines", "Starts or ends a selection of lines.", (review, ["v"])),
    CommandEntry(
      .selectGroup, "group", "Selects the change group under the cursor.", (review, ["V"])),
    CommandEntry(
      .split, "split",
      "Splits the hunk before the change group under the cursor, or joins again.",
      (review, ["s", "\\"])),
    CommandEntry(
      .rejectWithReason, "reject, why", "Rejects with a reason, which the ledger keeps.",
      (review, ["X"])),
    CommandEntry(
      .approveFile, "approve file",
      "Approves what is left in this file, after asking; only what was on screen.", (review, ["A"])),
    CommandEntry(
      .acknowledge, "acknowledge",
      "Acknowledges a finding of this hunk, so that it can be approved.", (review, ["!"])),
    CommandEntry(
      .undo, "undo", "Takes back the last decision, edit or round.", (review, ["u"])),
    CommandEntry(
      .redo, "redo", "Takes it up again.", (review, ["ctrl-r"])),
  ]

  private static let changing: [CommandEntry] = [
    CommandEntry(
      .editHunk, "edit",
      "Edits the new side of the hunk in your editor, or puts an unplaced edit in by hand; it comes back undecided.",
      ([.review, .unplaced], ["E"])),
    CommandEntry(
      .comment, "comment",
      "Comments on the selection, the line or the hunk; on a header line, on the file.",
      (review, ["c"])),
    CommandEntry(
      .askAgain, "ask again",
      "Asks the model again for this hunk or selection, with your comments; or for an edit that could not be placed.",
      ([.review, .unplaced], ["r"])),
    CommandEntry(
      .askAgainFile, "ask again: file",
      "Asks the model again for what is not approved in this file.", (review, ["R"])),
    CommandEntry(
      .nextCandidate, "next version",
      "Shows the next version of this hunk beside the present one.", (review, [">"])),
    CommandEntry(
      .previousCandidate, "previous version",
      "Shows the previous version of this hunk beside the present one.", (review, ["<"])),
    CommandEntry(
      .takeCandidate, "take it", "Takes the version that is shown; the hunk comes back undecided.",
      (review, ["Enter"])),
    CommandEntry(
      .compareRounds, "compare", "Shows what this round changed against the one before.",
      (review, ["i"])),
    CommandEntry(
      .moveBase, "move base",
      "Moves the review onto the tip of its branch; unchanged hunks keep their decisions.",
      (review, ["B"])),
    CommandEntry(
      .removeRejected, "remove rejected",
      "Takes what you rejected out of your files, after a backup; in a review of the working tree.",
      (review, ["D"])),
    CommandEntry(
      .nextPlace, "next place", "Shows the next place where an unplaced edit could go.",
      ([.unplaced], [">"])),
    CommandEntry(
      .previousPlace, "previous place", "Shows the previous of those places.",
      ([.unplaced], ["<"])),
    CommandEntry(
      .placeHere, "place here",
      "Puts an unplaced edit in the place of the lines shown beside it; it comes back undecided.",
      ([.unplaced], ["p"])),
    CommandEntry(
      .dropUnplaced, "drop",
      "Drops an unplaced edit; undo in the review brings it back.", ([.unplaced], ["d"])),
    CommandEntry(
      .openFile, "open file", "Opens the file of your checkout at this line in your editor.",
      (review, ["e"])),
  ]

  private static let moving: [CommandEntry] = [
    CommandEntry(
      .nextUndecided, "next undecided", "Goes to the next hunk that is not wholly decided.",
      (review, ["Tab"])),
    CommandEntry(
      .previousUndecided, "previous undecided",
      "Goes to the previous hunk that is not wholly decided.", (review, ["shift-tab"])),
    CommandEntry(
      .nextHunk, "next hunk", "Goes to the next hunk, in the next file if need be.",
      (review, ["]", "alt-down"])),
    CommandEntry(
      .previousHunk, "previous hunk", "Goes to the previous hunk.", (review, ["[", "alt-up"])),
    CommandEntry(
      .nextFile, "next file", "Goes to the next file that the pane lists.", (review, ["}", "J"])),
    CommandEntry(
      .previousFile, "previous file", "Goes to the previous file that the pane lists.",
      (review, ["{", "K"])),
    CommandEntry(.lineDown, "down", "Moves one line down.", (lists, ["j", "Down"])),
    CommandEntry(.lineUp, "up", "Moves one line up.", (lists, ["k", "Up"])),
    CommandEntry(.halfPageDown, "half page", "Moves half a page down.", (lists, ["ctrl-d"])),
    CommandEntry(.halfPageUp, "half page up", "Moves half a page up.", (lists, ["ctrl-u"])),
    CommandEntry(.pageDown, "page", "Moves one page down.", (lists, ["PageDown", "ctrl-f"])),
    CommandEntry(.pageUp, "page up", "Moves one page up.", (lists, ["PageUp", "ctrl-b"])),
    CommandEntry(.top, "top", "Goes to the first line.", (lists, ["g", "Home"])),
    CommandEntry(.bottom, "bottom", "Goes to the last line.", (lists, ["G", "End"])),
    CommandEntry(
      .scrollLeft, "left", "Scrolls left while lines are not wrapped.",
      ([.review, .viewer], ["h", "Left"])),
    CommandEntry(
      .scrollRight, "right", "Scrolls right while lines are not wrapped.",
      ([.review, .viewer], ["l", "Right"])),
  ]

  private static let finding: [CommandEntry] = [
    CommandEntry(
      .search, "search", "Searches the lines shown, of this file or of all files.",
      ([.review, .viewer], ["/"])),
    CommandEntry(
      .searchNext, "next match", "Goes to the next match.", ([.review, .viewer], ["n"])),
    CommandEntry(
      .searchPrevious, "previous match", "Goes to the previous match.",
      ([.review, .viewer], ["N"])),
    CommandEntry(
      .findFile, "find file", "Goes to a file by some letters of its path.", (review, ["ctrl-p"])),
    CommandEntry(
      .filterFiles, "filter files",
      "Narrows the file pane: undecided, flagged, or by some letters of the path.",
      (review, ["F"])),
    CommandEntry(
      .jumpBack, "jump back", "Goes back to where a jump began.",
      (review, ["ctrl-o", "alt-left"])),
    CommandEntry(
      .jumpForward, "jump forward", "Goes forward again after a jump back.",
      (review, ["ctrl-n", "alt-right"])),
    CommandEntry(
      .palette, "commands", "Finds a command by its name and runs it.", (lists, [":", "ctrl-k"])),
  ]

  private static let viewing: [CommandEntry] = [
    CommandEntry(
      .toggleMode, "unified", "Switches between side-by-side and unified.", (review, ["|", "="])),
    CommandEntry(
      .toggleWrap, "wrap", "Wraps long lines, or cuts them and scrolls sideways.",
      ([.review, .viewer], ["w"])),
    CommandEntry(
      .toggleWhitespace, "whitespace", "Draws every blank with a sign, or only the last ones.",
      (review, ["W"])),
    CommandEntry(
      .toggleFilePane, "files", "Shows or hides the file pane.", (review, ["f"])),
    CommandEntry(
      .moreContext, "more context", "Shows more unchanged lines, up to the whole file.",
      (review, ["+"])),
    CommandEntry(
      .lessContext, "less context", "Shows fewer unchanged lines.", (review, ["-"])),
    CommandEntry(
      .toggleFold, "fold",
      "Opens or closes the fold of unchanged lines at the cursor; in a conversation, the reasoning.",
      (review, ["z"]), ([.viewer], ["z"])),
    CommandEntry(
      .unplacedEdits, "unplaced", "Shows the edits that could not be placed, with reasons.",
      (review, ["U"])),
    CommandEntry(
      .showLedger, "ledger", "Shows what was shown and decided in this session, and when.",
      (review, ["L"])),
    CommandEntry(
      .showProvenance, "provenance",
      "Shows where this hunk comes from: round, model, sampling, prompt, placement.",
      (review, ["P"])),
    CommandEntry(
      .showConversation, "conversation",
      "Shows what was asked and answered in this session, reasoning folded.",
      ([.sessions, .review, .unplaced], ["M"])),
  ]

  private static let working: [CommandEntry] = [
    CommandEntry(
      .commitSheet, "commit", "Shows what would be committed, and the message.", (review, ["C"])),
    CommandEntry(
      .runChecks, "checks",
      "Runs your checks on exactly what is approved; review on while they run.",
      ([.review, .commit], ["t"])),
    CommandEntry(
      .showChecks, "checks' output", "Shows what the checks printed.",
      ([.review, .commit], ["T"])),
    CommandEntry(
      .open, "open", "Opens what is under the cursor.", ([.sessions, .queue, .unplaced], ["Enter"])),
    CommandEntry(.newRequest, "new", "Asks the model for a new change.", ([.sessions], ["n"])),
    CommandEntry(
      .discard, "discard", "Puts the session away; it can be restored.", ([.sessions], ["d"])),
    CommandEntry(
      .restore, "restore", "Brings a discarded session back.", ([.sessions], ["R"])),
    CommandEntry(
      .cancelRequest, "cancel", "Stops the model's work on this request, or the checks.",
      ([.sessions, .queue, .review, .unplaced], ["ctrl-c"])),
    CommandEntry(
      .retry, "ask anew", "Asks again for what failed or was cancelled, as a request of its own.",
      ([.sessions], ["r"])),
    CommandEntry(
      .showQueue, "queue", "Shows all your requests, over all repositories, in their order.",
      ([.sessions, .review, .unplaced], ["Q"])),
    CommandEntry(
      .moveEarlier, "earlier", "Lets the request have its turn before the one above.",
      ([.queue], ["K"])),
    CommandEntry(
      .moveLater, "later", "Lets the one below have its turn first.", ([.queue], ["J"])),
    CommandEntry(
      .pauseRequest, "pause", "Holds the request back, or lets it go on.", ([.queue], ["p"])),
    CommandEntry(
      .raisePriority, "sooner", "Raises the priority: low, normal, high.", ([.queue], ["+"])),
    CommandEntry(
      .lowerPriority, "less urgent", "Lowers the priority.", ([.queue], ["-"])),
    CommandEntry(
      .send, "send", "Sends the request to the model.", ([.ask], ["ctrl-s", "f5"])),
    CommandEntry(
      .showPrompt, "prompt", "Shows byte for byte what will be sent.", ([.ask], ["ctrl-p", "f2"])),
    CommandEntry(
      .toggleMap, "map",
      "Lets a map go along or not: lines of other files that define what the chosen ones use.",
      ([.ask], ["f4", "ctrl-t"])),
    CommandEntry(
      .findServers, "find servers", "Looks for model servers on the loopback ports.",
      ([.ask], ["ctrl-f"])),
    CommandEntry(
      .showServerLog, "server's log",
      "Shows what the server printed that was started for a model file.",
      ([.ask], ["f3"]), ([.queue], ["L"])),
    CommandEntry(.nextField, "next field", "Goes to the next field.", ([.ask], ["Tab"])),
    CommandEntry(
      .previousField, "previous field", "Goes to the previous field.", ([.ask], ["shift-tab"])),
    CommandEntry(
      .toggleFile, "add/remove", "Adds the file to the request, or removes it.", ([.ask], [])),
    CommandEntry(
      .commit, "commit now", "Commits exactly what was approved.", ([.commit], ["C"])),
    CommandEntry(
      .editMessage, "edit message", "Opens the commit message in your editor.", ([.commit], ["e"])),
    CommandEntry(
      .draftMessage, "draft message",
      "Asks the model for a message for what is approved; you edit it or take it.",
      ([.commit], ["m"])),
    CommandEntry(
      .undoCommit, "take back",
      "Takes the commit back, while it is the tip and not pushed; the review is open again.",
      ([.commit], ["u"])),
    CommandEntry(
      .cancelCommit, "stop",
      "Stops the checks, the model, the hook or the signing that runs; nothing is committed then.",
      ([.commit, .viewer], ["ctrl-c"])),
    CommandEntry(
      .reviewRest, "review the rest", "Opens what was not approved as a session on the new commit.",
      ([.commit, .review], ["o"])),
  ]

  private static let everywhere: [CommandEntry] = [
    CommandEntry(
      .help, "help", "Shows the keys of this screen.", (lists, ["?", "f1"]), ([.ask], ["f1"])),
    CommandEntry(
      .redraw, "redraw", "Draws the whole screen again.", (KeyContext.allCases, ["ctrl-l"])),
    CommandEntry(
      .suspend, "suspend", "Suspends the program, as in any shell; `fg` comes back.",
      (KeyContext.allCases, ["ctrl-z"])),
    CommandEntry(
      .cancelSelection, "cancel",
      "Ends a selection, a search, a comparison or a filter; decides and leaves nothing.",
      (review, ["Esc"])),
    CommandEntry(
      .back, "back", "Goes back.", (review, ["q"]),
      ([.queue, .unplaced, .commit, .viewer], ["q", "Esc"]),
      ([.ask], ["Esc"])),
    CommandEntry(
      .quit, "leave", "Leaves; everything is saved, nothing is discarded.", ([.sessions], ["q"])),
  ]
}
