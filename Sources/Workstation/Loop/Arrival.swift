// What reaches the loop from other threads.

import Approval
import AuditLog
import GitStore
import ModelClient
import Review

/// Something posted to the loop by background work.
enum Arrival: Sendable {
  /// Ready for the update.
  case event(Event)
  /// A request may begin: its session is to be recorded and its stream started.
  case requestReady(PreparedRequest)
  /// A request that had to wait was checked again and may be sent.
  case turnReady(PreparedRequest)
  case turnFailed(SessionID, String)
  /// Requests of this repository whose program has ended are to be taken over.
  case adoptRequests
  /// Another second: somebody's turn may have come.
  case queueBeat
  /// A server of our own starts, or ended: a sentence.
  case serverStarting(String)
  /// A request was not sent; nothing was recorded.
  case unsent(SessionID, String, isRefusedByPolicy: Bool)
  /// A request was not sent, for its prompt is too long: the same as a sentence.
  case tooLong(SessionID, PromptOverflow, String)
  case model(SessionID, ModelEvent)
  case proposed(SessionID, SessionRound)
  /// The answer gave no proposal.
  case unproposed(SessionID, String)
  /// A round that is to take the place of the one that stands.
  case nextRound(SessionID, NextRound)
  /// What a model says to a question asked again, in that run.
  case again(SessionID, ModelEvent, generation: Int)
  case againReady(PreparedAgain, generation: Int)
  /// The model could not be asked, or its answer not be used.
  case againFailed(SessionID, String, generation: Int)
  case againAnswered(SessionID, SessionRound, generation: Int)
  /// No round came of an answer that was asked for by the program itself: another round came first.
  ///
  /// With the reason where there is another one.
  case repairLost(SessionID, String?)
  /// A question that nobody asked has waited long enough for its first word.
  case repairSilent(SessionID, generation: Int)
  /// A commit was taken back, and is to be recorded as that; or it was not, with the reason.
  case undoEnded(SessionID, ObjectID, problem: String?)
  case draftReady(PreparedDraft, generation: Int)
  case draft(ModelEvent, generation: Int)
  /// No message could be asked for.
  case draftFailed(String, generation: Int)
  /// A version to be kept beside the round that stands.
  case candidateReady(SessionID, SessionRound)
  /// What is about to be committed, to be recorded first.
  case approvalReady(SessionID, ApprovalRecord, DecisionLedger, message: [UInt8])
  /// Sessions that had expired were purged, or why not, a sentence each.
  case purged([SessionID], [String])
  /// Checks have printed something.
  case checksPrinted(SessionID)
  /// What a check said, to be recorded.
  case checked(SessionID, CheckResult)
  /// No check runs any more; a sentence where something kept them from running.
  case checksEnded(SessionID, String?)
  /// The approval is recorded, and signed where a key is configured: the commit may be made.
  case approvalSigned(SessionID, RecordedApproval)
  case committed(SessionID, CommitReport)
  case commitFailed(any Error)
  /// What a committed session left over, ready to be recorded as a session of its own.
  case restReady(NewSession)
  case foundServers([EndpointConfiguration], [EndpointChoice])
}

/// An approval on the ledger, with the commit that it is for.
struct RecordedApproval: Sendable {
  let record: ChainRecord
  let tree: ObjectID
  let ledger: DecisionLedger
  let message: [UInt8]
  /// Armoured; nil where no key is configured.
  var signature: [UInt8]?
}

/// A request that was checked and may be sent.
struct PreparedRequest: Sendable {
  let start: SessionStart
  let connection: ModelConnection
  let request: ChatRequest
}
