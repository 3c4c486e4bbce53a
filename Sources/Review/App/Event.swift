// Facts that reach the update, and work that leaves it.

package import Approval
package import CellGrid
package import Diffing
package import Scanner

/// Something that happened.
package enum Event: Sendable {
  case key(Key)
  case resized(GridSize)
  case sessionsListed([SessionSummary])
  /// So many requests wait for their server to be looked at.
  case checkingRequests(Int)
  /// With the request that it is of.
  case sessionStarted(SessionSummary, RequestDraft)
  case requestProgressed(SessionID, RequestProgress)
  /// All requests of the user, in the order of their turns.
  case queueListed([QueuedRequest])
  case answerGrew(SessionID, [UInt8])
  case sessionSettled(SessionID, SessionStanding)
  case sessionOpened(ReviewState)
  /// The first change of a large file is there; the rest is still compared.
  case fileBegun(SessionID, index: Int, FileChange)
  /// The file that was asked for, as it is or why it cannot be read.
  case fileLoaded(SessionID, index: Int, ProposedFile, LoadedFile)
  /// Another round stands in a session: the review of it, what to say, and whether who looks at the unplaced edits goes on there.
  case roundArrived(ReviewState, StatusMessage, keepsUnplaced: Bool)
  /// How far asking again is; nil when it has ended.
  case againProgressed(SessionID, AgainProgress?)
  /// Nothing came of an edit without a place that was asked for again by itself: why.
  ///
  /// With the edit, where it is one's own failure.
  case repairFailed(SessionID, UnplacedItem?, String)
  /// An endpoint is asked for a session, under this verdict.
  case verdictGiven(SessionID, String)
  /// How many rounds and versions a session has.
  case versionCount(SessionID, Int)
  /// The branch that a session is for has another tip than its base.
  case baseMoved(SessionID, tip: String)
  /// The lines in which an edit can be put by hand.
  case handEditReady(SessionID, HandEdit)
  /// Why nothing came of an edit by hand, and what was written, where something was.
  case handEditFailed(SessionID, String, written: [UInt8]?)
  /// What the user made of a text in the editor.
  case textEdited(EditedText)
  /// Two rounds to be read beside each other.
  case comparisonReady(SessionID, ReviewState)
  /// Versions of a file from other rounds, and which of them to show.
  case candidatesReady(SessionID, RepositoryPath, [CandidateVersion], from: CandidateEnd)
  /// The ledger could not be written: decisions are no longer safe.
  case recordingFailed(SessionID, String)
  case trackedFilesListed([RepositoryPath])
  /// Files that belong to a request with these chosen.
  case filesSuggested([FileSuggestion], chosen: [RepositoryPath])
  case endpointsListed([EndpointChoice])
  case budgetComputed(PromptBudget?)
  /// The map of the repository around the files that go along.
  case mapReady(ContextMap)
  /// The map is of another commit than the last.
  case mapOutdated
  /// No map can be made: why.
  case mapFailed(String)
  /// The model does not take a request's prompt: before it was sent, or as the server said.
  case promptTooLong(PromptOverflow)
  case viewerReady(ViewerState)
  /// For the sheet of this number; another one has been opened since when it is not the current one's.
  case commitPlanned(Int, CommitPlan)
  case planFailed(Int, String)
  case messageEdited([UInt8])
  case draftProgressed(SessionID, RequestProgress)
  /// A message that the model wrote, made harmless, and the model's name.
  case messageDrafted(SessionID, [UInt8], model: String)
  /// No message comes any more; a sentence, as a problem where it was not the user who stopped it.
  case draftEnded(SessionID, StatusMessage)
  /// Checks run, on this tree.
  case checksBegan(SessionID, tree: ObjectID)
  case checksProgressed(SessionID, String)
  case checksPrinted(SessionID, [UInt8])
  case checkEnded(SessionID, CheckResult)
  /// No check runs any more; a sentence where something kept them from running.
  case checksEnded(SessionID, String?)
  case commitProgressed(String)
  case commitPrinted([UInt8])
  case committed(SessionID, CommitOutcome)
  case commitFailed(String)
  /// Whether a commit was made could not be found out; a sentence.
  case commitUncertain(String)
  case noted(StatusMessage)
  /// The state as it is now has been painted on the terminal.
  case painted
}

/// What the ledger keeps besides decisions.
package enum LedgerNote: Hashable, Sendable {
  case entry(LedgerEntry)
  /// Changed lines that were drawn in full, and the size of the screen.
  case shown(RepositoryPath, EditScript, columns: Int, rows: Int)
  case acknowledged(Finding, phrase: String)
  /// Written, changed or, with an empty text, withdrawn.
  case comment(ReviewComment)
  /// The old lines at which change groups begin hunks of their own, for all of a file.
  case split(RepositoryPath, starts: Set<Int>)
}

/// Where the reader is, kept so that a restart comes back to it.
package struct ReadingPlace: Hashable, Sendable {
  package let path: RepositoryPath
  package let changedLine: Int

  package init(path: RepositoryPath, changedLine: Int) {
    self.path = path
    self.changedLine = changedLine
  }
}

/// Work to be done outside.
package enum Effect: Sendable {
  case listSessions
  case openSession(SessionID)
  case loadFile(SessionID, index: Int, ProposedFile)
  /// Must be on disk before the next key is handled.
  case record(SessionID, [LedgerNote])
  case savePlace(SessionID, ReadingPlace)
  /// Opens a text in the user's editor.
  case editText(EditedText)
  /// Opens a file of the user's checkout in the editor, at a 0-based line.
  case openFile(RepositoryPath, line: Int)
  /// Makes a round in which the file has other content.
  case propose(SessionID, RepositoryPath, content: [UInt8], RoundReason)
  /// Reads the lines around the place of an edit that could not be placed.
  ///
  /// `at` is the place that was shown beside it, if there was one; so in `placeUnplaced` too.
  case prepareHandEdit(SessionID, UnplacedItem, at: NearPlace?)
  /// Makes a round in which those lines are others, without the edit among the unplaced.
  case placeByHand(SessionID, HandEdit, content: [UInt8])
  /// Makes a round in which an edit that could not be placed stands where the human chose.
  case placeUnplaced(SessionID, UnplacedItem, at: NearPlace)
  /// Makes a round without an edit among the unplaced.
  case dropUnplaced(SessionID, UnplacedItem)
  case askAgain(AgainDraft)
  case showAgainPrompt(AgainDraft)
  /// Finds the versions that other rounds have of the lines around `oldLines` of the base, to show the first or the last of them.
  case findCandidates(SessionID, RepositoryPath, oldLines: Range<Int>, from: CandidateEnd)
  /// Opens the difference between two rounds.
  case compareRounds(SessionID, from: Int, to: Int)
  /// Moves the session onto the tip of its branch.
  case moveBase(SessionID)
  /// Takes what was rejected out of the user's files, after a backup.
  case removeRejected(SessionID)
  case showLedger(SessionID)
  /// Shows where changed lines of a file come from; no lines where the file is decided on as a whole.
  case showProvenance(
    SessionID, RepositoryPath, lines: [Int], newLines: Range<Int>, rungs: [String])
  /// Shows what was asked and answered in a session.
  case showConversation(SessionID, origin: ScreenKind)
  case listTrackedFiles
  case suggestFiles(instruction: String, chosen: [RepositoryPath], tracked: [RepositoryPath])
  case findServers
  case computeBudget(RequestDraft)
  /// Makes the map of the repository around files.
  case makeMap([RepositoryPath])
  case showPrompt(RequestDraft)
  /// `replacing` is put away once the new one is there.
  case ask(RequestDraft, replacing: SessionID?)
  case cancelRequest(SessionID)
  /// Asks anew for what came to nothing.
  case retry(SessionID)
  /// Whether the queue is on the screen, and to be listed whenever it changes.
  case watchQueue(Bool)
  case changeQueue(SessionID, QueueChange)
  /// Shows what the server printed that was started for an endpoint.
  case showServerLog(endpoint: String, origin: ScreenKind)
  case discardSession(SessionID)
  case restoreSession(SessionID)
  case planCommit(SessionID, sheet: Int, DecisionLedger, acknowledged: [Finding])
  /// Runs the configured checks on what is approved.
  case runChecks(SessionID, DecisionLedger)
  case cancelChecks
  case editMessage([UInt8])
  /// Asks the model for a message for what is approved.
  ///
  /// The endpoint is the one that was shown; no other one is asked instead.
  case draftMessage(SessionID, DecisionLedger, endpoint: String)
  case showDraftPrompt(SessionID, DecisionLedger, endpoint: String)
  case cancelDraft
  /// Takes the session's commit back.
  case undoCommit(SessionID, ObjectID)
  /// Keeps the message that was written for the session's commit.
  case keepMessage(SessionID, [UInt8])
  case commit(SessionID, DecisionLedger, message: [UInt8])
  /// Stops the hook or the signing that runs; a landing that has begun is ended all the same.
  case cancelCommit
  /// Opens what a committed session did not approve, on its commit.
  case reviewRest(SessionID, ObjectID)
  case suspend
  case redraw
  case quit
}
