// Carries out effects: requests to a model, from the ask screen to the first proposal.

import Approval
import AuditLog
import Diffing
import Digest
import GitStore
import Glibc
import ModelClient
import Review
import Terminal

extension Runner {
  /// The endpoints that can be chosen without connecting to any.
  var configuredChoices: [EndpointChoice] {
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

  func findServers() {
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

  var maker: RequestMaker {
    let mailbox = mailbox
    return RequestMaker(surroundings: surroundings, endpoints: endpoints, counts: counts) {
      mailbox.post(.serverStarting($0))
    }
  }

  func suggestFiles(
    _ instruction: String, _ chosen: [RepositoryPath], _ tracked: [RepositoryPath]
  ) {
    suggestionTask?.cancel()
    let (repository, mailbox) = (surroundings.repository, mailbox)
    let environment = surroundings.environment
    suggestionTask = Task {
      do {
        guard let tip = try await repository.head().tip else { return }
        try await FileSuggesting(repository: repository, environment: environment).suggest(
          instruction, chosen: chosen, tracked: tracked, tip: tip
        ) { suggestions in
          guard !Task.isCancelled else { return }
          mailbox.post(.event(.filesSuggested(suggestions, chosen: chosen)))
        }
      } catch {
        guard !Task.isCancelled else { return }
        mailbox.post(
          .event(.noted(StatusMessage(.problem, "No files could be proposed: \(error)"))))
      }
    }
  }

  /// The log of the server that was started for an endpoint, its end where it is long.
  func showServerLog(of name: String, _ origin: ScreenKind) -> [Event] {
    guard
      surroundings.configuration.endpoints.contains(where: {
        $0.name == name && $0.managedModel != nil
      })
    else {
      return [
        .noted(
          StatusMessage(
            .note,
            "\(name) is no server of ours: only one that is started for a model file has its log here."
          ))
      ]
    }
    return saying {
      let place = ServerPlace(surroundings.locations, environment: surroundings.environment)
      let path = place.logPath(name)
      guard access(path, F_OK) == 0 else {
        return [
          .noted(
            StatusMessage(
              .note,
              "The server for \(name) has not been started by this window: the first question does that."
            ))
        ]
      }
      let shown = try LocalFiles.end(of: path, byteCount: Self.longestLog)
      return [
        .viewerReady(
          ViewerState(
            title: "What the server for \(name) printed",
            note: shown.count == Self.longestLog ? "\(path) · its last \(shown.count) bytes" : path,
            text: TextFile(shown), origin: origin))
      ]
    }
  }

  private static let longestLog = 1 << 20

  /// Makes the map around files that go along; it arrives as `.mapReady`.
  func makeMap(_ files: [RepositoryPath]) {
    mapTask?.cancel()
    let (surroundings, mailbox) = (surroundings, mailbox)
    mapTask = Task {
      do {
        let map = try await RepositoryMap.text(around: files, surroundings)
        // Another one is being made: this would stand in its place.
        guard !Task.isCancelled else { return }
        mailbox.post(.event(.mapReady(map)))
      } catch {
        guard !Task.isCancelled else { return }
        mailbox.post(.event(.mapFailed("\(error)")))
      }
    }
  }

  func computeBudget(_ draft: RequestDraft) {
    budgetTask?.cancel()
    let (maker, mailbox) = (maker, mailbox)
    budgetTask = Task {
      // An estimate from committed bytes; a draft that cannot be built yet has none.
      guard let tip = try? await maker.surroundings.repository.head().tip,
        let messages = try? await maker.messages(draft, base: tip)
      else {
        if !Task.isCancelled { mailbox.post(.event(.budgetComputed(nil))) }
        return
      }
      // Another draft is being computed: what is said of this one would stand in its place.
      guard !Task.isCancelled else { return }
      let budget = Review.PromptBudget(
        tokens: maker.estimator(for: draft.endpoint).tokens(in: messages),
        limit: maker.counts[draft.endpoint]?.limit, isExact: false)
      mailbox.post(.event(.budgetComputed(budget)))
    }
  }

  func showPrompt(_ draft: RequestDraft) {
    let (maker, mailbox) = (maker, mailbox)
    Task {
      do {
        mailbox.post(.event(.viewerReady(try await maker.promptText(draft))))
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }

  /// - Parameter replaced: the session that is put away for this one.
  func ask(_ draft: RequestDraft, replacing replaced: SessionID?) {
    let (maker, mailbox) = (maker, mailbox)
    let id = SessionNaming.fresh()
    replacing[id] = replaced
    checkingCount += 1
    let now = Int(time(nil))
    Task {
      do {
        var draft = draft
        // Of a request that is asked anew nobody looks at the map again.
        if replaced != nil, !draft.map.isEmpty,
          try await maker.surroundings.repository.head().tip != draft.mapCommit
        {
          draft = RequestDraft(
            instruction: draft.instruction, files: draft.files, endpoint: draft.endpoint)
          mailbox.post(
            .event(
              .noted(
                StatusMessage(.note, "Its map was of another commit, and is left out this time."))))
        }
        let prepared = try await maker.prepare(draft, id: id, now: now)
        mailbox.post(.requestReady(prepared))
      } catch AskProblem.mapOutdated {
        mailbox.post(.event(.mapOutdated))
        mailbox.post(.unsent(id, "\(AskProblem.mapOutdated)", isRefusedByPolicy: false))
      } catch let error as PromptTooLong {
        mailbox.post(.tooLong(id, error.overflow(of: draft, replacing: replaced), "\(error)"))
      } catch let error as ModelError {
        var isRefusal = false
        if case .refusedByPolicy = error.reason { isRefusal = true }
        mailbox.post(.unsent(id, "\(error)", isRefusedByPolicy: isRefusal))
      } catch {
        mailbox.post(.unsent(id, "\(error)", isRefusedByPolicy: false))
      }
    }
    mailbox.post(.event(.checkingRequests(checkingCount)))
    mailbox.post(.event(.noted(StatusMessage(.note, "Checking the server…"))))
  }

  /// Records the session, then lets it wait for its turn: no byte of source leaves without a record.
  func begin(_ prepared: PreparedRequest) -> [Event] {
    let start = prepared.start
    do {
      try store.create(start)
    } catch {
      replacing[start.id] = nil
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
    let began = Event.sessionStarted(
      SessionSummary(
        id: start.id, title: start.title, standing: .asking(.connecting), created: start.created,
        verdict: start.verdict, model: start.model, when: SessionNaming.date(start.created)),
      start.draft)
    return [began] + putAway(replacing.removeValue(forKey: start.id), for: start.id)
      + enqueue(prepared)
  }

  /// A request was looked at, and is put in or was refused.
  func checkedRequest() -> [Event] {
    checkingCount -= 1
    return [.checkingRequests(checkingCount)]
  }

  private func putAway(_ id: SessionID?, for other: SessionID) -> [Event] {
    guard let id else { return [] }
    do {
      try store.append(id, kind: "discarded", body: ["for": .text(other.text)])
      return [.sessionSettled(id, .discarded)]
    } catch StoreError.inUse {
      // Another window shows it still; it can be put away there.
      return []
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  func take(_ event: ModelEvent, of id: SessionID) -> [Event] {
    if let progress = event.progress {
      noteProgress(id, progress)
      return [.requestProgressed(id, progress)]
    }
    switch event {
    case .connecting, .queued, .readingPrompt, .writing: return []
    case .text(let bytes):
      // Nothing that comes late may be taken for the first answer.
      guard running[id] != nil else { return [] }
      do {
        try store.append(id, .answer(ask: nil), bytes)
      } catch {
        return [
          .answerGrew(id, bytes),
          .noted(StatusMessage(.problem, "The answer could not be kept on disk: \(error)")),
        ]
      }
      return [.answerGrew(id, bytes)]
    case .reasoning(let bytes):
      return running[id] == nil ? [] : keepReasoning(id, ask: nil, bytes)
    case .dropped:
      guard let sent = sent[id] else { return [] }
      return recordSentAnew(
        id, ask: nil,
        ModelUse(of: sent.request, over: sent.connection, called: sent.start.endpoint))
    case .retrying(_, let milliseconds, let because):
      return [.noted(Self.retrying(milliseconds, because))]
    case .done(let summary): return answered(id, summary) + turnEnded(id, summary)
    case .failed(let error, _):
      if case .contextOverflow(let tokens, let context) = error.reason {
        offerShorter(id, tokens: tokens, contextTokens: context)
      }
      return settle(id, failed: "\(error)") + takeTurns()
    case .cancelled:
      exchanges[id] = nil
      running[id] = nil
      let settled = recordAndSettle(id, kind: "cancelled", body: [:], .cancelled)
      leaveQueue(id)
      return settled + takeTurns()
    }
  }

  /// Offers to ask without some files, once it is known how much each of them takes.
  private func offerShorter(_ id: SessionID, tokens: Int?, contextTokens: Int?) {
    guard let sent = sent[id], sent.start.files.count > 1 else { return }
    let start = sent.start
    // Others name what may count the answer as well.
    let isExact = sent.connection.server.kind == .llamaServer
    let draft = start.draft
    let maker = maker
    inBackground {
      let problem = try await maker.tooLong(
        draft, base: start.baseCommit, tokens: tokens, contextTokens: contextTokens,
        isExact: isExact)
      return .event(.promptTooLong(problem.overflow(of: draft, replacing: id)))
    }
  }

  func keepReasoning(_ id: SessionID, ask: Int?, _ bytes: [UInt8]) -> [Event] {
    do {
      try store.append(id, .reasoning(ask: ask), bytes)
      return []
    } catch {
      return [
        .noted(
          StatusMessage(.problem, "The model's reasoning could not be kept on disk: \(error)"))
      ]
    }
  }

  func answered(_ id: SessionID, _ summary: ExchangeSummary) -> [Event] {
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
          "warning": summary.warning.map { .text($0) } ?? .null,
        ])
      warnings[id] = summary.warning
    } catch {
      return settle(id, failed: "\(error)")
    }
    return place(id, summary.text, start)
  }

  /// Places the edits of an answer that is recorded.
  func place(_ id: SessionID, _ answer: [UInt8], _ start: SessionStart) -> [Event] {
    let (repository, mailbox) = (surroundings.repository, mailbox)
    Task {
      do {
        let round = try await ProposalMaker(repository: repository).round(
          1, from: answer, base: start.baseCommit, baseTree: start.baseTree,
          offered: start.files)
        try await repository.anchorFirstRound(round.proposal, session: id.text)
        mailbox.post(.proposed(id, round))
      } catch {
        mailbox.post(.unproposed(id, "\(error)"))
      }
    }
    return [.requestProgressed(id, .placing)]
  }

  func proposed(_ id: SessionID, _ round: SessionRound) -> [Event] {
    let start = running.removeValue(forKey: id)
    defer { leaveQueue(id) }
    let standing = SessionStanding.ready(
      files: round.proposal.files.count, unplaced: round.unplaced.count)
    let warned = warnings.removeValue(forKey: id).map {
      Event.noted(StatusMessage(.problem, "The proposal is there, but look twice: \($0)"))
    }
    let settled = recordAndSettle(id, kind: "proposal", body: round.body, standing)
    let repairing = start.map { repairByItself(id, round, $0) } ?? []
    return settled + [warned].compactMap(\.self) + repairing
  }

  func settle(_ id: SessionID, failed reason: String) -> [Event] {
    exchanges[id] = nil
    running[id] = nil
    defer { leaveQueue(id) }
    return recordAndSettle(id, kind: "failed", body: ["reason": .text(reason)], .failed(reason))
  }

  func recordAndSettle(
    _ id: SessionID, kind: String, body: RecordValue, _ standing: SessionStanding
  ) -> [Event] {
    do {
      try store.append(id, kind: kind, body: body)
      return [.sessionSettled(id, standing)]
    } catch {
      return [.sessionSettled(id, .failed("It could not be recorded: \(error)"))]
    }
  }
}

extension ModelEvent {
  /// How far the request is, where that is all that the event says.
  var progress: RequestProgress? {
    switch self {
    case .connecting: .connecting
    case .queued(let waiting): .queued(ahead: waiting)
    case .readingPrompt(let processed, let total):
      .readingPrompt(processed: processed, total: total)
    case .writing(let tokens, let rate): .writing(tokens: tokens, tokensPerSecond: rate)
    case .text, .reasoning, .dropped, .retrying, .done, .failed, .cancelled: nil
    }
  }
}
