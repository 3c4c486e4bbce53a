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
  case sessionStarted(SessionSummary)
  case requestProgressed(SessionID, RequestProgress)
  case answerGrew(SessionID, [UInt8])
  case sessionSettled(SessionID, SessionStanding)
  case sessionOpened(ReviewState)
  case fileLoaded(SessionID, index: Int, LoadedFile)
  /// The ledger could not be written: decisions are no longer safe.
  case recordingFailed(SessionID, String)
  case trackedFilesListed([RepositoryPath])
  case endpointsListed([EndpointChoice])
  case budgetComputed(PromptBudget?)
  case viewerReady(ViewerState)
  case commitPlanned(SessionID, CommitPlan)
  case messageEdited([UInt8])
  case commitProgressed(String)
  case commitPrinted([UInt8])
  case committed(SessionID, CommitOutcome)
  case commitFailed(String)
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
  case loadFile(SessionID, index: Int)
  /// Must be on disk before the next key is handled.
  case record(SessionID, [LedgerNote])
  case savePlace(SessionID, ReadingPlace)
  case listTrackedFiles
  case findServers
  case computeBudget(RequestDraft)
  case showPrompt(RequestDraft)
  case ask(RequestDraft)
  case cancelRequest(SessionID)
  case discardSession(SessionID)
  case restoreSession(SessionID)
  case planCommit(SessionID, DecisionLedger, acknowledged: [Finding])
  case editMessage([UInt8])
  case commit(SessionID, DecisionLedger, message: [UInt8])
  /// Stops the hook or the signing that runs; a landing that has begun is ended all the same.
  case cancelCommit
  /// Opens what a committed session did not approve, on its commit.
  case reviewRest(SessionID, ObjectID)
  case suspend
  case redraw
  case quit
}
