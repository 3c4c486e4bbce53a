// Carries out effects: the only place that starts background work.

import Approval
import AuditLog
import CellGrid
import Diffing
import Digest
import GitStore
import Glibc
import ModelClient
import Review
import Scanner
import Terminal

/// Does what the update asks for. Used on the terminal's thread only; background work posts back to the mailbox.
final class Runner {
  let surroundings: Surroundings
  let store: SessionStore
  let mailbox: Mailbox<Arrival>
  /// Endpoints of the configuration, and those found on loopback in this run.
  var endpoints: [EndpointConfiguration]
  /// The user's requests, over all windows.
  let queue: QueueStore
  /// The request that was checked and is being put in.
  var ready: [SessionID: PreparedRequest] = [:]
  /// What casts doubt on answers whose edits are being placed.
  var warnings: [SessionID: String] = [:]
  /// What was sent and is being answered.
  var sent: [SessionID: PreparedRequest] = [:]
  var measures: [SessionID: AnswerMeasure] = [:]
  var isWatchingQueue = false
  /// Requests of this repository that another window has.
  var withOthers: Set<SessionID> = []
  var isBeatDue = false
  /// Whether requests outlive this program.
  let keepsRequests: Bool
  /// Sessions that are put away when what was asked in their place is there.
  var replacing: [SessionID: SessionID] = [:]
  var checkingCount = 0
  var exchanges: [SessionID: ChatExchange] = [:]
  /// Requests that are running, from the moment they were sent until they are settled.
  var running: [SessionID: SessionStart] = [:]
  /// Questions asked again that are running.
  var again: [SessionID: AgainRun] = [:]
  var againGeneration = 0
  /// Edits that are asked for again without being told to.
  var repairs: [SessionID: SelfRepairs] = [:]
  /// The commit message that the model is asked for.
  var drafting: DraftRun?
  var draftGeneration = 0
  var budgetTask: Task<Void, Never>?
  var suggestionTask: Task<Void, Never>?
  var mapTask: Task<Void, Never>?
  /// The commit that is being made; rounds that arrive for its session meanwhile wait until it is done.
  var committing: RunningCommit?
  /// The commit that is being taken back; the program does not end before that.
  var undoing: Task<Void, Never>?
  /// The checks that run.
  var checking: RunningChecks?
  /// The anchoring of sessions that goes on.
  var anchoring: Task<Void, Never>?
  /// A session that is shown and not on the disk yet.
  var unrecorded: NewSession?
  var readingAhead: FileBeingRead?
  /// The purging of what has expired.
  var purgingTask: Task<Void, Never>?
  var isAfterFirstFrame = false
  var placeToKeep: (id: SessionID, place: ReadingPlace)?
  /// Whether something was recorded since the place was kept last: the disk is at work then anyway.
  var hasRecorded = false
  /// Whether the user is writing or answering a question. Rounds wait for that too: what is being written is about the round that stands,
  /// and no key may reach another screen than the one it was meant for.
  var isUserAnswering = false
  /// Whether the user goes through the edits without a place: what nobody asked for waits, so that no key meets another edit than it was
  /// meant for.
  var isUserPlacing = false
  private var heldArrivals: [Arrival] = []

  init(
    surroundings: Surroundings, store: SessionStore, mailbox: Mailbox<Arrival>,
    keepsRequests: Bool = true
  ) {
    self.surroundings = surroundings
    self.keepsRequests = keepsRequests
    queue = QueueStore(stateDirectory: surroundings.locations.state)
    self.store = store
    self.mailbox = mailbox
    endpoints = surroundings.configuration.endpoints.map(\.forModelClient)
  }

  /// What the screen has to do itself.
  enum ScreenWork {
    case none
    case suspend
    case redraw
    case edit([UInt8])
    case editText(EditedText)
    case openFile(RepositoryPath, line: Int)
    case quit
  }

  /// Starts or does one piece of work; what follows at once is returned as events.
  func run(_ effect: Effect) -> (events: [Event], work: ScreenWork) {
    let recorded = effect.needsRecord ? recordNewSession() : []
    let (events, work) = start(effect)
    return (recorded + events, work)
  }

  private func start(_ effect: Effect) -> (events: [Event], work: ScreenWork) {
    switch effect {
    case .listSessions:
      return ([.sessionsListed(summaries)], .none)
    case .openSession(let id): return (openSession(id), .none)
    case .loadFile(let id, let index, let file): loadFile(id, index, file)
    case .record(let id, let notes): return (record(id, notes), .none)
    case .savePlace(let id, let place):
      placeToKeep = (id, place)
      if hasRecorded { return (keepPlace(), .none) }
    case .listTrackedFiles: listTrackedFiles()
    case .suggestFiles(let instruction, let chosen, let tracked):
      suggestFiles(instruction, chosen, tracked)
    case .findServers: findServers()
    case .computeBudget(let draft): computeBudget(draft)
    case .makeMap(let files): makeMap(files)
    case .showPrompt(let draft): showPrompt(draft)
    case .ask(let draft, let replaced): ask(draft, replacing: replaced)
    case .cancelRequest(let id): return (cancelRequest(id), .none)
    case .retry(let id): return (retry(id), .none)
    case .showServerLog(let endpoint, let origin):
      return (showServerLog(of: endpoint, origin), .none)
    case .watchQueue(let isWatching): return (watchQueue(isWatching), .none)
    case .changeQueue(let id, let change): return (changeQueue(id, change), .none)
    case .editText(let text): return ([], .editText(text))
    case .openFile(let path, let line): return ([], .openFile(path, line: line))
    case .propose(let id, let path, let content, let reason):
      return (propose(id, path, content, reason), .none)
    case .prepareHandEdit(let id, let item, let place):
      return (prepareHandEdit(id, item, place), .none)
    case .placeByHand(let id, let edit, let content):
      return (placeByHand(id, edit, content), .none)
    case .placeUnplaced(let id, let item, let place):
      return (unplacedRound(id) { try await $0.roundPlacing(item, at: place, $1) }, .none)
    case .dropUnplaced(let id, let item):
      return (unplacedRound(id) { try await $0.roundDropping(item, $1) }, .none)
    case .askAgain(let draft): return (askAgain(draft, isByItself: false), .none)
    case .showAgainPrompt(let draft): return (showAgainPrompt(draft), .none)
    case .findCandidates(let id, let path, let lines, let end):
      return (findCandidates(id, path, lines, from: end), .none)
    case .compareRounds(let id, let from, let to): return (compareRounds(id, from, to), .none)
    case .moveBase(let id): return (moveBase(id), .none)
    case .removeRejected(let id): return (removeRejected(id), .none)
    case .showLedger(let id): return (showLedger(id), .none)
    case .showProvenance(let id, let path, let lines, let newLines, let rungs):
      return (showProvenance(id, path, lines, newLines, rungs), .none)
    case .showConversation(let id, let origin): return (showConversation(id, origin), .none)
    case .discardSession(let id): return (discard(id), .none)
    case .restoreSession(let id): return (restore(id), .none)
    case .planCommit(let id, let sheet, let ledger, let acknowledged):
      planCommit(id, sheet, ledger, acknowledged)
    case .keepMessage(let id, let message):
      return (keepMessage(id, message), .none)
    case .editMessage(let message): return ([], .edit(message))
    case .draftMessage(let id, let ledger, let endpoint):
      return (draftMessage(id, ledger, endpoint), .none)
    case .showDraftPrompt(let id, let ledger, let endpoint):
      return (showDraftPrompt(id, ledger, endpoint), .none)
    case .cancelDraft: return (cancelDraft(), .none)
    case .undoCommit(let id, let commit): return (undoCommit(id, commit), .none)
    case .commit(let id, let ledger, let message):
      return (prepareCommit(id, ledger, message), .none)
    case .cancelCommit: committing?.task.cancel()
    case .runChecks(let id, let ledger): return (runChecks(id, ledger), .none)
    case .cancelChecks: checking?.task.cancel()
    case .reviewRest(let id, let commit): reviewRest(id, on: commit)
    case .suspend: return ([], .suspend)
    case .redraw: return ([], .redraw)
    case .quit: return ([], .quit)
    }
    return ([], .none)
  }

  /// Turns what background work posted into events, keeping records on the way.
  func take(_ arrival: Arrival) -> [Event] {
    if case .nextRound(let id, let next) = arrival,
      id == committing?.session || isUserAnswering || next.isByItself && isUserPlacing
    {
      heldArrivals.append(arrival)
      return []
    }
    switch arrival {
    case .nextRound(let id, let next): return follow(id, next)
    case .againReady(let prepared, let generation): return begin(prepared, generation: generation)
    case .again(let id, let event, let generation):
      guard let run = again[id], run.generation == generation else { return [] }
      return take(event, of: id, run)
    // What a cancelled run still posts is no business of the one that came after it.
    case .againFailed(let id, let reason, let generation):
      return again[id]?.generation == generation ? againFailed(id, reason) : []
    case .againAnswered(let id, let round, let generation):
      return again[id]?.generation == generation ? againAnswered(id, round) : []
    case .repairSilent(let id, let generation):
      return repairSilent(id, generation: generation)
    case .undoEnded(let id, let commit, let problem): return undoEnded(id, commit, problem)
    case .draftReady(let prepared, let generation): return begin(prepared, generation: generation)
    case .draft(let event, let generation): return take(event, ofDraft: generation)
    case .draftFailed(let reason, let generation):
      return draftFailed(reason, generation: generation)
    case .candidateReady(let id, let round): return keepCandidate(id, round)
    case .repairLost(let id, let problem):
      return (problem.map { [.repairFailed(id, nil, $0)] } ?? [])
        + repairEnded(id, mayTryAgain: problem == nil)
    case .commitFailed(let error):
      let failure = Self.failure(error)
      // What became of it is found out at the next start; until then it counts as being made, and nothing changes under it.
      if case .commitUncertain = failure { return [failure] }
      let session = committing?.session
      return [failure] + commitEnded() + (session.map { reviewHook(error, $0) } ?? [])
    case .event(let event): return [event]
    case .requestReady(let request): return checkedRequest() + begin(request)
    case .turnReady(let request): return turnReady(request)
    case .turnFailed(let id, let reason): return turnFailed(id, reason)
    case .adoptRequests: return adoptRequests()
    case .queueBeat: return beat()
    case .serverStarting(let words): return [.noted(StatusMessage(.note, words))]
    case .unsent(let id, let reason, _):
      // What was to be put away for it stays, and can be asked for anew.
      replacing[id] = nil
      return checkedRequest() + [.noted(StatusMessage(.problem, reason))]
    case .tooLong(let id, let overflow, _):
      replacing[id] = nil
      return checkedRequest() + [.promptTooLong(overflow)]
    case .model(let id, let event): return take(event, of: id)
    case .proposed(let id, let round): return proposed(id, round)
    case .unproposed(let id, let reason): return settle(id, failed: reason)
    case .approvalReady(let id, let approval, let ledger, let message):
      return recordApproval(id, approval, ledger, message)
    case .approvalSigned(let id, let approval): return commit(id, approval)
    case .purged(let sessions, let problems): return purged(sessions, problems)
    case .checksPrinted(let id): return checksPrinted(id)
    case .checked(let id, let result): return checked(id, result)
    case .checksEnded(let id, let problem): return checksEnded(id, problem)
    case .committed(let id, let report): return committed(id, report)
    case .restReady(let session): return beginRest(session)
    case .foundServers(let found, let choices):
      endpoints += found.filter { server in !endpoints.contains { $0.name == server.name } }
      return [.endpointsListed(configuredChoices + choices)]
    }
  }

  /// Ends what is running, when the program ends; waits for a commit that is landing.
  ///
  /// - Returns: what became of a commit that was being made, in a sentence, for after the screen is gone.
  func finish() -> String? {
    _ = recordNewSession()
    // Losing it costs a scroll, and there is no screen any more to say so.
    _ = keepPlace()
    for task in [anchoring, purgingTask].compactMap(\.self) { Self.wait(for: task) }
    putBackSent()
    for exchange in exchanges.values { exchange.cancel() }
    drafting?.exchange?.cancel()
    budgetTask?.cancel()
    suggestionTask?.cancel()
    mapTask?.cancel()
    defer { Self.wait(for: Task { await ManagedServers.shared.endAll() }) }
    return finishChecksAndCommit()
  }

  /// Takes in the rounds that had to wait, as far as they no longer have to.
  func takeHeld() -> [Event] {
    let held = heldArrivals
    heldArrivals = []
    return held.flatMap { take($0) }
  }
}

extension Effect {
  /// Whether it may need the session on the disk; reading files for the first frame does not.
  fileprivate var needsRecord: Bool { if case .loadFile = self { false } else { true } }
}
