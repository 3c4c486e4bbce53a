// Carries out effects: edits, asking again, versions, comparing, moving the base, the ledger's text.

import Approval
import AuditLog
import Diffing
import GitStore
import ModelClient
import Review
import Terminal

/// A place that the model is being asked for again.
struct AgainRun {
  let draft: AgainDraft
  /// What the session was when it was asked; every answer is for that.
  let history: SessionHistory
  let kept: KeptExchanges
  let comments: [ReviewComment]
  /// Tells this run from one that was cancelled before it.
  let generation: Int
  /// Which of the answers is awaited, from 1.
  var candidate = 1
  /// Under which number question and answer are kept.
  var ask = 0
  var prepared: PreparedAgain?
  var answer: [UInt8] = []
  /// How many answers became rounds.
  var roundCount = 0
}

extension Runner {
  private func roundMaker(_ id: SessionID) -> RoundMaker {
    RoundMaker(repository: surroundings.repository, session: id)
  }

  /// Does `body` off the terminal's thread and posts what comes of it, or says why nothing did.
  private func inBackground(_ body: @escaping @Sendable () async throws -> Arrival) {
    let mailbox = mailbox
    Task {
      do {
        mailbox.post(try await body())
      } catch {
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }

  /// Does `body` at once, or says why it could not be done.
  private func saying(_ body: () throws -> [Event]) -> [Event] {
    do {
      return try body()
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  // MARK: Rounds that follow

  /// Makes a round of content that is at hand; it arrives as `.nextRound`.
  func propose(
    _ id: SessionID, _ path: RepositoryPath, _ content: [UInt8], _ reason: RoundReason
  ) -> [Event] {
    saying {
      let maker = roundMaker(id)
      let history = try store.openHistory(of: id)
      inBackground {
        let (origin, rung): (RoundOrigin, String) =
          switch reason {
          case .edit: (.edit, "edited by you")
          case .candidate(let round): (.candidate, "version of round \(round)")
          }
        let round = try await maker.round(
          after: history, path: path, content: content, origin: origin, rung: rung)
        guard let ledger = history.ledger else { throw RoundProblem.noProposal }
        return .nextRound(id, try await maker.next(round, after: ledger))
      }
      return []
    }
  }

  /// Records a round in the place of the one before and shows it. Decisions made since its decisions were carried over are carried first.
  func follow(_ id: SessionID, _ next: NextRound) -> [Event] {
    saying {
      let history = try store.openHistory(of: id)
      guard let ledger = history.ledger else { throw RoundProblem.noProposal }
      guard history.commits.isEmpty else {
        return [
          .noted(StatusMessage(.note, "The session is committed, so the new round was left out."))
        ]
      }
      let isNumberFree = history.rounds[next.round.number] == nil
      guard isNumberFree, ledger.entries.count == next.entryCount else {
        let maker = roundMaker(id)
        inBackground {
          let round =
            isNumberFree
            ? next.round : try await maker.renumbered(next.round, history.nextRoundNumber)
          return .nextRound(id, try await maker.next(round, after: ledger))
        }
        return []
      }
      let unkept = keepPlace()
      try store.append(
        id, kind: "proposal",
        body: next.round.body(following: ledger.nextSequence, carried: next.carried.records))
      return unkept + [
        .roundArrived(
          try review(of: id),
          StatusMessage(.note, next.sentence))
      ]
    }
  }

  // MARK: Asking again

  func askAgain(_ draft: AgainDraft) -> [Event] {
    do {
      let history = try store.openHistory(of: draft.session)
      let run = AgainRun(
        draft: draft, history: history, kept: try KeptExchanges(store, history),
        comments: comments(for: draft, history), generation: againGeneration)
      againGeneration += 1
      again[draft.session] = run
      ask(run)
      return []
    } catch {
      return againFailed(draft.session, "\(error)")
    }
  }

  private func comments(for draft: AgainDraft, _ history: SessionHistory) -> [ReviewComment] {
    history.comments.values.filter { draft.comments.contains($0.id) }.sorted { $0.id < $1.id }
  }

  private func ask(_ run: AgainRun) {
    let (work, mailbox, id) = (AgainWork(maker: maker), mailbox, run.draft.session)
    Task {
      do {
        let prepared = try await work.prepare(
          run.draft, run.history, run.kept, comments: run.comments, seed: run.candidate - 1)
        mailbox.post(.againReady(prepared, generation: run.generation))
      } catch {
        mailbox.post(.againFailed(id, "\(error)"))
      }
    }
  }

  /// Records that the model is asked, then asks: no byte of source leaves without a record.
  func begin(_ prepared: PreparedAgain, generation: Int) -> [Event] {
    let id = prepared.draft.session
    guard var run = again[id], run.generation == generation else { return [] }
    let mailbox = mailbox
    do {
      run.ask = try store.openHistory(of: id).nextAsk
      run.prepared = prepared
      run.answer = []
      try store.append(
        id, kind: "asked-again",
        body: [
          "ask": .exact(run.ask), "path": .bytes(prepared.draft.path.bytes),
          "prompt": .text(prepared.promptDigest), "verdict": .text(prepared.verdict),
          "model": .text(RequestMaker.modelName(prepared.request.model)),
          "seed": .exact(prepared.request.seed ?? 0),
          "comments": .array(run.comments.map { .exact($0.id) }),
        ])
      try store.append(id, .question(ask: run.ask), prepared.question)
      again[id] = run
      exchanges[id] = try prepared.connection.stream(prepared.request) { event in
        mailbox.post(.model(id, event))
      }
      return [progress(of: run, .connecting)]
    } catch {
      return againFailed(id, "\(error)")
    }
  }

  private func progress(of run: AgainRun, _ progress: RequestProgress) -> Event {
    .againProgressed(
      run.draft.session,
      AgainProgress(
        path: run.draft.path, candidate: run.candidate, candidateCount: run.draft.candidateCount,
        progress: progress))
  }

  func take(_ event: ModelEvent, of id: SessionID, _ run: AgainRun) -> [Event] {
    switch event {
    case .connecting: return [progress(of: run, .connecting)]
    case .queued(let waiting): return [progress(of: run, .queued(ahead: waiting))]
    case .readingPrompt(let processed, let total):
      return [progress(of: run, .readingPrompt(processed: processed, total: total))]
    case .writing(let tokens, let rate):
      return [progress(of: run, .writing(tokens: tokens, tokensPerSecond: rate))]
    case .text(let bytes):
      again[id]?.answer += bytes
      do {
        try store.append(id, .answer(ask: run.ask), bytes)
      } catch {
        return [
          .noted(StatusMessage(.problem, "The answer could not be kept on disk: \(error)"))
        ]
      }
      return []
    case .reasoning, .dropped: return []
    case .retrying(_, let milliseconds, let because):
      return [
        .noted(
          StatusMessage(
            .note, "\(because.reason.explanation) Trying again in \((milliseconds + 999) / 1000) s."
          ))
      ]
    case .done(let summary):
      exchanges[id] = nil
      guard summary.outcome.isUsable, let prepared = run.prepared else {
        return againFailed(id, summary.outcome.sentence)
      }
      let (work, mailbox) = (AgainWork(maker: maker), mailbox)
      Task {
        do {
          mailbox.post(
            .againAnswered(id, try await work.round(prepared, answer: summary.text)))
        } catch {
          mailbox.post(.againFailed(id, "\(error)"))
        }
      }
      return [progress(of: run, .placing)]
    case .failed(let error, _): return againFailed(id, "\(error)")
    case .cancelled:
      exchanges[id] = nil
      return againCancelled(id)
    }
  }

  private func againCancelled(_ id: SessionID) -> [Event] {
    again[id] = nil
    return [
      .againProgressed(id, nil), .noted(StatusMessage(.note, "Cancelled; the round stands.")),
    ]
  }

  /// Cancels a request of either kind; one that has not been sent yet is not sent.
  func cancelRequest(_ id: SessionID) -> [Event] {
    if let exchange = exchanges[id] {
      exchange.cancel()
      return []
    }
    return again[id] == nil ? [] : againCancelled(id)
  }

  /// The answer is a round: the first one that stands takes the place of the one before, later ones are versions to flip through.
  func againAnswered(_ id: SessionID, _ round: SessionRound) -> [Event] {
    guard var run = again[id] else { return [] }
    run.roundCount += 1
    again[id] = run
    let path = run.draft.path
    let maker = roundMaker(id)
    let kept = saying {
      let history = try store.openHistory(of: id)
      guard let ledger = history.ledger else { throw RoundProblem.noProposal }
      if run.roundCount == 1, ledger.roundNumber == run.history.ledger?.roundNumber {
        inBackground {
          let next = try await maker.next(round, after: ledger)
          let lost = next.carried.fallen.filter { $0.verdict == .approved && $0.path == path }
            .reduce(0) { $0 + $1.lineCount }
          guard lost == 0 else { throw AgainProblem.touchesApproved(lost) }
          return .nextRound(id, next)
        }
      } else {
        inBackground {
          .candidateReady(id, try await maker.renumbered(round, history.nextRoundNumber))
        }
      }
      return []
    }
    return kept + goOn(run)
  }

  /// Records a version that does not stand.
  func keepCandidate(_ id: SessionID, _ round: SessionRound) -> [Event] {
    saying {
      let history = try store.openHistory(of: id)
      guard history.rounds[round.number] == nil else {
        let maker = roundMaker(id)
        inBackground {
          .candidateReady(id, try await maker.renumbered(round, history.nextRoundNumber))
        }
        return []
      }
      try store.append(id, kind: "candidate", body: round.body)
      return [
        .versionCount(id, history.rounds.count + 1),
        .noted(StatusMessage(.note, "Another version is there; > shows it beside this one.")),
      ]
    }
  }

  /// Asks for the next answer, if more are wanted.
  private func goOn(_ run: AgainRun) -> [Event] {
    var run = run
    guard run.candidate < run.draft.candidateCount else {
      again[run.draft.session] = nil
      return [.againProgressed(run.draft.session, nil)]
    }
    run.candidate += 1
    again[run.draft.session] = run
    ask(run)
    return [progress(of: run, .connecting)]
  }

  func againFailed(_ id: SessionID, _ reason: String) -> [Event] {
    exchanges[id] = nil
    let said = Event.noted(StatusMessage(.problem, reason))
    guard let run = again[id], run.prepared != nil else {
      again[id] = nil
      return [.againProgressed(id, nil), said]
    }
    return goOn(run) + [said]
  }

  func showAgainPrompt(_ draft: AgainDraft) -> [Event] {
    saying {
      let work = AgainWork(maker: maker)
      let history = try store.openHistory(of: draft.session)
      let kept = try KeptExchanges(store, history)
      let comments = comments(for: draft, history)
      inBackground {
        let prepared = try await work.prepare(draft, history, kept, comments: comments, seed: 0)
        return .event(
          .viewerReady(
            RequestMaker.viewer(
              prepared.request, over: prepared.connection, called: "the model", origin: .review)))
      }
      return []
    }
  }

  // MARK: Looking at rounds

  func findCandidates(
    _ id: SessionID, _ path: RepositoryPath, _ lines: Range<Int>, from end: CandidateEnd
  ) -> [Event] {
    saying {
      let finder = CandidateFinder(repository: surroundings.repository)
      let history = try store.openHistory(of: id)
      inBackground {
        .event(
          .candidatesReady(
            id, path, try await finder.versions(history, path: path, oldLines: lines), from: end))
      }
      return []
    }
  }

  func compareRounds(_ id: SessionID, _ from: Int, _ to: Int) -> [Event] {
    saying {
      let history = try store.openHistory(of: id)
      guard let old = history.rounds[from]?.proposal, let new = history.rounds[to]?.proposal else {
        return []
      }
      let (repository, start) = (surroundings.repository, history.start)
      inBackground {
        let proposal = Proposal(
          baseCommit: nil, baseTree: old.tree, tree: new.tree,
          files: try await repository.changes(from: old.tree, to: new.tree))
        let heading = SessionHeading(
          id: id.comparison, title: "round \(from)  →  round \(to)", round: to,
          branch: start.branch, verdict: start.verdict, model: start.model)
        return .event(
          .comparisonReady(
            id,
            ReviewState(
              heading: heading, ledger: DecisionLedger(proposal: proposal), unplaced: [],
              placements: [:])))
      }
      return []
    }
  }

  // MARK: The base

  /// Says so when the branch of a session has moved on.
  func watchBase(_ id: SessionID) {
    let (repository, mailbox) = (surroundings.repository, mailbox)
    guard let history = try? store.openHistory(of: id), history.start.source != .range,
      let base = history.ledger?.proposal.baseCommit
    else { return }
    Task {
      // A tip that cannot be read now is read again at the commit, which then says what is wrong.
      guard let tip = try? await repository.currentTip(of: history.start.branch), tip != base else {
        return
      }
      mailbox.post(.event(.baseMoved(id, tip: tip.short)))
    }
  }

  func moveBase(_ id: SessionID) -> [Event] {
    saying {
      let repository = surroundings.repository
      let mover = BaseMover(repository: repository, session: id)
      let maker = roundMaker(id)
      let history = try store.openHistory(of: id)
      inBackground {
        guard let ledger = history.ledger,
          let tip = try await repository.currentTip(of: history.start.branch)
        else { throw RoundProblem.noProposal }
        let round = try await mover.round(after: history, onto: tip)
        return .nextRound(id, try await maker.next(round, after: ledger))
      }
      return []
    }
  }

  // MARK: The user's files

  func removeRejected(_ id: SessionID) -> [Event] {
    saying {
      let history = try store.openHistory(of: id)
      let removal = RejectedRemoval(
        repository: surroundings.repository, session: id,
        scratchDirectory: String(decoding: store.directory(of: id), as: UTF8.self))
      inBackground {
        let count = try await removal.run(history)
        return .event(
          .noted(
            StatusMessage(
              .success,
              "\(count) file\(count == 1 ? "" : "s") of yours changed; as they were: git checkout refs/countersign/\(id)/backup -- <path>"
            )))
      }
      return []
    }
  }

  // MARK: The ledger

  func showLedger(_ id: SessionID) -> [Event] {
    saying {
      let text = try LedgerText(store, id)
      return [
        .viewerReady(
          ViewerState(
            title: "Ledger of \(id)", note: text.note, text: TextFile(text.bytes), origin: .review))
      ]
    }
  }
}

extension Repository {
  /// The tip of a branch by its full name or, for `HEAD`, of the detached head.
  fileprivate func currentTip(of branch: String) throws(GitError) -> ObjectID? {
    branch == "HEAD" ? try head().tip : try tip(of: branch)
  }
}
