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
  private var endpoints: [EndpointConfiguration]
  private var exchanges: [SessionID: ChatExchange] = [:]
  /// Requests that are running, from the moment they were sent until they are settled.
  private var running: [SessionID: SessionStart] = [:]
  private var prefetch: Task<Void, Never>?
  private var budgetTask: Task<Void, Never>?
  private var commitTask: Task<Void, Never>?

  init(surroundings: Surroundings, store: SessionStore, mailbox: Mailbox<Arrival>) {
    self.surroundings = surroundings
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
    case quit
  }

  /// Starts or does one piece of work; what follows at once is returned as events.
  func run(_ effect: Effect) -> (events: [Event], work: ScreenWork) {
    switch effect {
    case .listSessions:
      return ([.sessionsListed(store.summaries(running: Set(running.keys)))], .none)
    case .openSession(let id): return (openSession(id), .none)
    case .loadFile(let id, let index): loadFile(id, index)
    case .record(let id, let notes): return (record(id, notes), .none)
    case .savePlace(let id, let place): return (savePlace(id, place), .none)
    case .listTrackedFiles: listTrackedFiles()
    case .findServers: findServers()
    case .computeBudget(let draft): computeBudget(draft)
    case .showPrompt(let draft): showPrompt(draft)
    case .ask(let draft): ask(draft)
    case .cancelRequest(let id): exchanges[id]?.cancel()
    case .discardSession(let id): return (discard(id), .none)
    case .restoreSession(let id): return (restore(id), .none)
    case .planCommit(let id, let ledger, let acknowledged):
      planCommit(id, ledger, acknowledged)
    case .editMessage(let message): return ([], .edit(message))
    case .commit(let id, let ledger, let message): commit(id, ledger, message)
    case .cancelCommit: commitTask?.cancel()
    case .reviewRest(let id, let commit): reviewRest(id, on: commit)
    case .suspend: return ([], .suspend)
    case .redraw: return ([], .redraw)
    case .quit: return ([], .quit)
    }
    return ([], .none)
  }

  /// Turns what background work posted into events, keeping records on the way.
  func take(_ arrival: Arrival) -> [Event] {
    switch arrival {
    case .event(let event): return [event]
    case .requestReady(let request): return begin(request)
    case .unsent(let reason, _): return [.noted(StatusMessage(.problem, reason))]
    case .model(let id, let event): return take(event, of: id)
    case .proposed(let id, let round): return proposed(id, round)
    case .unproposed(let id, let reason): return settle(id, failed: reason)
    case .committed(let id, let report): return committed(id, report)
    case .restReady(let start, let round): return beginRest(start, round)
    case .foundServers(let found, let choices):
      endpoints += found.filter { server in !endpoints.contains { $0.name == server.name } }
      return [.endpointsListed(configuredChoices + choices)]
    }
  }

  /// Ends what is running, when the program ends.
  func finish() {
    for exchange in exchanges.values { exchange.cancel() }
    prefetch?.cancel()
    budgetTask?.cancel()
  }

  // MARK: Sessions

  private func openSession(_ id: SessionID) -> [Event] {
    do {
      let history = try store.openHistory(of: id)
      guard let round = history.round, let ledger = history.ledger else {
        return [.noted(StatusMessage(.problem, "This session has no proposal yet."))]
      }
      let review = ReviewRestoring.review(
        history, round: round, ledger: ledger, place: store.place(id),
        settings: surroundings.configuration.review)
      startPrefetch(id, round.proposal.files, first: review.fileIndex)
      return [.sessionOpened(review)]
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  private func reviewRest(_ id: SessionID, on commit: ObjectID) {
    let (source, mailbox) = (ReviewSource(surroundings: surroundings), mailbox)
    do {
      let history = try store.history(of: id)
      Task {
        do {
          let (start, round) = try await source.rest(of: history, on: commit)
          mailbox.post(.restReady(start, round))
        } catch ProposalProblem.changesNothing {
          mailbox.post(
            .event(.noted(StatusMessage(.note, "Nothing is left: all of it was approved."))))
        } catch {
          mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
        }
      }
    } catch {
      mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
    }
  }

  private func beginRest(_ start: SessionStart, _ round: SessionRound) -> [Event] {
    do {
      try store.create(start)
      try store.append(start.id, kind: "proposal", body: round.body)
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
    return [.sessionsListed(store.summaries(running: Set(running.keys)))] + openSession(start.id)
  }

  private func record(_ id: SessionID, _ notes: [LedgerNote]) -> [Event] {
    do {
      try store.append(id, notes)
      return []
    } catch {
      return [
        .recordingFailed(
          id,
          "The last decision could not be recorded, so nothing more can be decided in this session: \(error). Leave, mend that, and open it again; everything recorded before is safe."
        )
      ]
    }
  }

  private func savePlace(_ id: SessionID, _ place: ReadingPlace) -> [Event] {
    do {
      try store.savePlace(id, place)
      return []
    } catch {
      return [.noted(StatusMessage(.problem, "The place could not be kept: \(error)"))]
    }
  }

  private func discard(_ id: SessionID) -> [Event] {
    appendAndList(id, kind: "discarded", said: "Discarded; R restores it.")
  }

  private func restore(_ id: SessionID) -> [Event] {
    appendAndList(id, kind: "restored", said: "Restored.")
  }

  private func appendAndList(_ id: SessionID, kind: String, said: String) -> [Event] {
    do {
      try store.append(id, kind: kind, body: [:])
      return [
        .sessionsListed(store.summaries(running: Set(running.keys))),
        .noted(StatusMessage(.note, said)),
      ]
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  // MARK: Files

  private func loadFile(_ id: SessionID, _ index: Int) {
    guard let files = proposals[id], files.indices.contains(index) else { return }
    let file = files[index]
    let (repository, mailbox, limit) = (surroundings.repository, mailbox, wholeFileLimit)
    Task {
      let loaded = await repository.loadedFile(file, wholeFileLimit: limit)
      mailbox.post(.event(.fileLoaded(id, index: index, loaded)))
    }
  }

  /// Files of the sessions opened in this run.
  private var proposals: [SessionID: [ProposedFile]] = [:]

  private var wholeFileLimit: Int {
    surroundings.configuration.review.wholeFileLimitMegabytes * 1_000_000
  }

  /// Loads all files one after the other, the current one first; a file asked for meanwhile comes in between.
  private func startPrefetch(_ id: SessionID, _ files: [ProposedFile], first: Int) {
    proposals[id] = files
    prefetch?.cancel()
    guard !files.isEmpty else { return }
    let order = [first] + files.indices.filter { $0 != first }
    let (repository, mailbox, limit) = (surroundings.repository, mailbox, wholeFileLimit)
    prefetch = Task {
      for index in order {
        guard !Task.isCancelled else { return }
        let loaded = await repository.loadedFile(files[index], wholeFileLimit: limit)
        mailbox.post(.event(.fileLoaded(id, index: index, loaded)))
      }
    }
  }

  private func listTrackedFiles() {
    let (repository, mailbox) = (surroundings.repository, mailbox)
    mailbox.post(.event(.endpointsListed(configuredChoices)))
    Task {
      do {
        guard let tip = try await repository.head().tip else {
          mailbox.post(.event(.trackedFilesListed([])))
          return
        }
        mailbox.post(.event(.trackedFilesListed(try await repository.trackedFiles(in: tip))))
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }

  // MARK: Models

  /// The endpoints that can be chosen without connecting to any.
  private var configuredChoices: [EndpointChoice] {
    if let replay = surroundings.replay {
      return [
        EndpointChoice(
          name: replay.name, address: "a recording", verdict: "REPLAY", isUsable: true,
          model: replay.transcript.header.model)
      ]
    }
    return endpoints.map { endpoint in
      EndpointChoice(
        name: endpoint.name, address: endpoint.url, verdict: "checked before sending",
        isUsable: true, model: endpoint.model ?? "")
    }
  }

  private func findServers() {
    let mailbox = mailbox
    Task {
      let found = await findLocalServers(over: CurlTransport.shared)
      var configurations: [EndpointConfiguration] = []
      var choices: [EndpointChoice] = []
      for server in found {
        let (choice, configuration) = FoundServer.choice(server)
        choices.append(choice)
        if let configuration { configurations.append(configuration) }
      }
      mailbox.post(.foundServers(configurations, choices))
    }
  }

  private var maker: RequestMaker {
    RequestMaker(surroundings: surroundings, endpoints: endpoints)
  }

  private func computeBudget(_ draft: RequestDraft) {
    budgetTask?.cancel()
    let (maker, mailbox) = (maker, mailbox)
    budgetTask = Task {
      // An estimate from committed bytes; a draft that cannot be built yet has none.
      guard let tip = try? await maker.surroundings.repository.head().tip,
        let messages = try? await maker.messages(draft, base: tip), !Task.isCancelled
      else {
        mailbox.post(.event(.budgetComputed(nil)))
        return
      }
      let budget = Review.PromptBudget(
        tokens: TokenEstimator().tokens(in: messages), limit: nil, isExact: false)
      mailbox.post(.event(.budgetComputed(budget)))
    }
  }

  private func showPrompt(_ draft: RequestDraft) {
    let (maker, mailbox) = (maker, mailbox)
    Task {
      do {
        mailbox.post(.event(.viewerReady(try await maker.promptText(draft))))
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }

  private func ask(_ draft: RequestDraft) {
    let (maker, mailbox) = (maker, mailbox)
    let id = SessionNaming.fresh()
    let now = Int(time(nil))
    Task {
      do {
        mailbox.post(.requestReady(try await maker.prepare(draft, id: id, now: now)))
      } catch let error as ModelError {
        var isRefusal = false
        if case .refusedByPolicy = error.reason { isRefusal = true }
        mailbox.post(.unsent("\(error)", isRefusedByPolicy: isRefusal))
      } catch {
        mailbox.post(.unsent("\(error)", isRefusedByPolicy: false))
      }
    }
    mailbox.post(.event(.noted(StatusMessage(.note, "Checking the server…"))))
  }

  /// Records the session, then sends: no byte of source leaves without a record.
  private func begin(_ prepared: PreparedRequest) -> [Event] {
    let id = prepared.start.id
    let mailbox = mailbox
    do {
      try store.create(prepared.start)
      running[id] = prepared.start
      exchanges[id] = try prepared.connection.stream(prepared.request) { event in
        mailbox.post(.model(id, event))
      }
      return [
        .sessionStarted(
          SessionSummary(
            id: id, title: prepared.start.title, standing: .asking(.connecting),
            created: prepared.start.created, verdict: prepared.start.verdict,
            model: prepared.start.model, when: SessionNaming.date(prepared.start.created)))
      ]
    } catch {
      running[id] = nil
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  private func take(_ event: ModelEvent, of id: SessionID) -> [Event] {
    switch event {
    case .connecting: return [.requestProgressed(id, .connecting)]
    case .queued(let waiting): return [.requestProgressed(id, .queued(ahead: waiting))]
    case .readingPrompt(let processed, let total):
      return [.requestProgressed(id, .readingPrompt(processed: processed, total: total))]
    case .writing(let tokens, let rate):
      return [.requestProgressed(id, .writing(tokens: tokens, tokensPerSecond: rate))]
    case .text(let bytes):
      do {
        try store.appendAnswer(id, bytes)
      } catch {
        return [
          .answerGrew(id, bytes),
          .noted(StatusMessage(.problem, "The answer could not be kept on disk: \(error)")),
        ]
      }
      return [.answerGrew(id, bytes)]
    case .reasoning, .dropped: return []
    case .retrying(_, let milliseconds, let because):
      return [
        .noted(
          StatusMessage(
            .note, "\(because.reason.explanation) Trying again in \((milliseconds + 999) / 1000) s."
          ))
      ]
    case .done(let summary): return answered(id, summary)
    case .failed(let error, _):
      return settle(id, failed: "\(error)")
    case .cancelled:
      exchanges[id] = nil
      running[id] = nil
      return recordAndSettle(id, kind: "cancelled", body: [:], .cancelled)
    }
  }

  private func answered(_ id: SessionID, _ summary: ExchangeSummary) -> [Event] {
    exchanges[id] = nil
    guard let start = running[id] else { return [] }
    guard summary.outcome.isUsable else {
      return settle(id, failed: summary.outcome.sentence)
    }
    do {
      try store.append(
        id, kind: "answer",
        body: [
          "outcome": .text(summary.outcome.word), "bytes": .exact(summary.text.count),
          "sha256": .text(SHA256Digest.of(summary.text).hex),
        ])
    } catch {
      return settle(id, failed: "\(error)")
    }
    let maker = ProposalMaker(repository: surroundings.repository, session: id)
    let mailbox = mailbox
    Task {
      do {
        let round = try await maker.round(
          1, from: summary.text, base: start.baseCommit, baseTree: start.baseTree,
          offered: start.files)
        mailbox.post(.proposed(id, round))
      } catch {
        mailbox.post(.unproposed(id, "\(error)"))
      }
    }
    return [.requestProgressed(id, .placing)]
  }

  private func proposed(_ id: SessionID, _ round: SessionRound) -> [Event] {
    running[id] = nil
    let standing = SessionStanding.ready(
      files: round.proposal.files.count, unplaced: round.unplaced.count)
    return recordAndSettle(id, kind: "proposal", body: round.body, standing)
  }

  private func settle(_ id: SessionID, failed reason: String) -> [Event] {
    exchanges[id] = nil
    running[id] = nil
    return recordAndSettle(id, kind: "failed", body: ["reason": .text(reason)], .failed(reason))
  }

  private func recordAndSettle(
    _ id: SessionID, kind: String, body: RecordValue, _ standing: SessionStanding
  ) -> [Event] {
    do {
      try store.append(id, kind: kind, body: body)
      return [.sessionSettled(id, standing)]
    } catch {
      return [.sessionSettled(id, .failed("It could not be recorded: \(error)"))]
    }
  }

  // MARK: Committing

  private func planCommit(_ id: SessionID, _ ledger: DecisionLedger, _ acknowledged: [Finding]) {
    let work = CommitWork(surroundings: surroundings, session: id)
    let mailbox = mailbox
    do {
      let history = try store.history(of: id)
      Task {
        do {
          let plan = try await work.plan(history.start, ledger, acknowledged)
          mailbox.post(.event(.commitPlanned(id, plan)))
        } catch {
          mailbox.post(.event(.commitFailed("\(error)")))
        }
      }
    } catch {
      mailbox.post(.event(.commitFailed("\(error)")))
    }
  }

  private func commit(_ id: SessionID, _ ledger: DecisionLedger, _ message: [UInt8]) {
    let work = CommitWork(surroundings: surroundings, session: id)
    let mailbox = mailbox
    do {
      let history = try store.history(of: id)
      let head = try store.head(of: id)
      let directory = store.directory(of: id)
      commitTask = Task {
        do {
          let report = try await work.commit(
            history.start, ledger, message: message, head: head, journalDirectory: directory
          ) { mailbox.post(.event($0)) }
          mailbox.post(.committed(id, report))
        } catch {
          mailbox.post(.event(.commitFailed("\(error)")))
        }
      }
    } catch {
      mailbox.post(.event(.commitFailed("\(error)")))
    }
  }

  private func committed(_ id: SessionID, _ report: CommitReport) -> [Event] {
    do {
      try store.append(
        id, kind: "commit",
        body: [
          "commit": .text(report.outcome.commit.hex), "tree": .text(report.tree.hex),
          "landed": .text(report.outcome.landed),
        ])
    } catch {
      return [
        .committed(id, report.outcome),
        .noted(
          StatusMessage(.problem, "It is committed, but the ledger could not say so: \(error)")),
      ]
    }
    return [.committed(id, report.outcome)]
  }
}
