// Asks the model again for a place: one answer after the other, each a round or a version of its own.

import Approval
import AuditLog
import Diffing
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
  /// Whether nobody asked for it: an edit of the first answer had no place.
  let isByItself: Bool
  /// Which of the answers is awaited, from 1.
  var candidate = 1
  /// Under which number question and answer are kept.
  var ask = 0
  var prepared: PreparedAgain?
  var answer: [UInt8] = []
  /// When anything was heard of the server last.
  var heardAt: ContinuousClock.Instant?
  /// How many answers became rounds.
  var roundCount = 0
}

extension Runner {
  func askAgain(_ draft: AgainDraft, isByItself: Bool) -> [Event] {
    // A question of the human comes before those that nobody asked for.
    if !isByItself { endRepairs(draft.session) }
    guard again[draft.session] == nil else {
      return [.noted(StatusMessage(.note, "The model is at work on this session."))]
    }
    do {
      let history = try store.openHistory(of: draft.session)
      let run = AgainRun(
        draft: draft, history: history, kept: try KeptExchanges(store, history),
        comments: comments(for: draft, history), generation: againGeneration,
        isByItself: isByItself)
      againGeneration += 1
      again[draft.session] = run
      ask(run)
      return isByItself ? [progressed(run, .connecting)] : []
    } catch {
      guard isByItself else { return againFailed(draft.session, "\(error)") }
      return repairsFailed(draft.session, "\(error)")
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
        mailbox.post(.againFailed(id, "\(error)", generation: run.generation))
      }
    }
  }

  /// Records that the model is asked, then asks: no byte of source leaves without a record.
  func begin(_ prepared: PreparedAgain, generation: Int) -> [Event] {
    let id = prepared.draft.session
    guard var run = again[id], run.generation == generation else { return [] }
    let mailbox = mailbox
    if run.isByItself, let reason = reasonNotToRepair(prepared) {
      repairs[id] = nil
      return againFailed(id, "not sent: \(reason)")
    }
    do {
      run.ask = try store.openHistory(of: id).nextAsk
      run.prepared = prepared
      run.answer = []
      try store.append(
        id, kind: "asked-again",
        body: .object(
          JSONObject(
            prepared.use.members + [
              ("ask", .exact(run.ask)), ("path", .bytes(prepared.draft.path.bytes)),
              ("repair", .bool(prepared.draft.repair != nil)),
              ("by_itself", .bool(run.isByItself)),
              ("explained", .bool(prepared.draft.explainsFirst)),
              ("comments", .array(run.comments.map { .exact($0.id) })),
            ])))
      try store.append(id, .question(ask: run.ask), prepared.question)
      again[id] = run
      occupy(run.history.start, prepared.use)
      exchanges[id] = try prepared.connection.stream(prepared.request) { event in
        mailbox.post(.again(id, event, generation: generation))
      }
      if run.isByItself { watchSilence(id, generation: generation) }
      return [.verdictGiven(id, prepared.use.verdict), progressed(run, .connecting)]
    } catch {
      leaveQueue(id)
      return againFailed(id, "\(error)")
    }
  }

  private func progressed(_ run: AgainRun, _ step: RequestProgress) -> Event {
    .againProgressed(run.draft.session, progress(of: run, step))
  }

  func progress(of run: AgainRun, _ step: RequestProgress) -> AgainProgress {
    AgainProgress(
      path: run.draft.path, candidate: run.candidate, candidateCount: run.draft.candidateCount,
      isByItself: run.isByItself, progress: step)
  }

  func take(_ event: ModelEvent, of id: SessionID, _ run: AgainRun) -> [Event] {
    again[id]?.heardAt = .now
    if let progress = event.progress {
      noteProgress(id, progress)
      return [progressed(run, progress)]
    }
    if event.isLast { leaveQueue(id) }
    switch event {
    case .connecting, .queued, .readingPrompt, .writing: return []
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
    case .reasoning(let bytes): return keepReasoning(id, ask: run.ask, bytes)
    case .dropped:
      guard let prepared = run.prepared else { return [] }
      return recordSentAnew(
        id, ask: run.ask,
        ModelUse(of: prepared.request, over: prepared.connection, called: prepared.use.endpoint))
    case .retrying(_, let milliseconds, let because):
      return [.noted(Self.retrying(milliseconds, because))]
    case .done(let summary):
      exchanges[id] = nil
      guard summary.outcome.isUsable, let prepared = run.prepared else {
        return againFailed(id, summary.outcome.sentence)
      }
      let (work, mailbox) = (AgainWork(maker: maker), mailbox)
      Task {
        do {
          mailbox.post(
            .againAnswered(
              id, try await work.round(prepared, answer: summary.text), generation: run.generation))
        } catch {
          mailbox.post(.againFailed(id, "\(error)", generation: run.generation))
        }
      }
      return [progressed(run, .placing)]
    case .failed(let error, _): return againFailed(id, "\(error)")
    case .cancelled:
      exchanges[id] = nil
      return againCancelled(id)
    }
  }

  static func retrying(_ milliseconds: Int, _ because: ModelError) -> StatusMessage {
    StatusMessage(
      .note, "\(because.reason.explanation) Trying again in \((milliseconds + 999) / 1000) s.")
  }

  private func againCancelled(_ id: SessionID) -> [Event] {
    repairs[id] = nil
    again[id] = nil
    return [.againProgressed(id, nil)] + verdictOfLast(id)
      + [.noted(StatusMessage(.note, "Cancelled; the round stands."))]
  }

  /// The verdict that is on screen again where a question came to nothing before its endpoint was looked at.
  private func verdictOfLast(_ id: SessionID) -> [Event] {
    saying { [.verdictGiven(id, try store.openHistory(of: id).verdict)] }
  }

  /// Cancels a request of either kind; one that has not been sent yet is not sent.
  func cancelRequest(_ id: SessionID) -> [Event] {
    if let exchange = exchanges[id] {
      exchange.cancel()
      return []
    }
    if drafting?.session == id { return cancelDraft() }
    if again[id] != nil { return againCancelled(id) }
    if let cancelled = cancelWaiting(id) { return cancelled }
    return again[id] == nil ? [] : againCancelled(id)
  }

  /// The answer is a round: the first one that stands takes the place of the one before, later ones are versions to flip through.
  func againAnswered(_ id: SessionID, _ round: SessionRound) -> [Event] {
    guard var run = again[id] else { return [] }
    run.roundCount += 1
    again[id] = run
    return keep(round, of: run) + goOn(run)
  }

  private func keep(_ round: SessionRound, of run: AgainRun) -> [Event] {
    let (id, isByItself) = (run.draft.session, run.isByItself)
    let maker = roundMaker(id)
    do {
      let history = try store.openHistory(of: id)
      guard let ledger = history.ledger else { throw RoundProblem.noProposal }
      if run.roundCount == 1, ledger.roundNumber == run.history.ledger?.roundNumber {
        if isByItself { repairs[id]?.isPlacing = true }
        inBackground(repairing: isByItself ? id : nil) {
          var next = try await maker.next(round, after: ledger)
          next.isByItself = isByItself
          return .nextRound(id, next)
        }
      } else if isByItself {
        mailbox.post(.repairLost(id, nil))
      } else {
        inBackground { .candidateReady(id, round) }
      }
      return []
    } catch {
      return isByItself
        ? repairsFailed(id, "\(error)") : [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  /// Records a version that does not stand.
  func keepCandidate(_ id: SessionID, _ round: SessionRound) -> [Event] {
    saying {
      let history = try store.openHistory(of: id)
      if let same = history.rounds.values.first(where: { $0.proposal.tree == round.proposal.tree })
      {
        return [
          .versionCount(id, history.rounds.count),
          .noted(StatusMessage(.note, "Another answer came to the same as round \(same.number).")),
        ]
      }
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
      let ended = [Event.againProgressed(run.draft.session, nil)]
      // What became a round goes on once that stands.
      return run.isByItself && run.roundCount == 0
        ? ended + repairEnded(run.draft.session, mayTryAgain: true) : ended
    }
    run.candidate += 1
    again[run.draft.session] = run
    ask(run)
    return [progressed(run, .connecting)]
  }

  func againFailed(_ id: SessionID, _ reason: String) -> [Event] {
    exchanges[id] = nil
    let isByItself = again[id]?.isByItself ?? false
    let said: Event =
      isByItself
      ? .repairFailed(id, again[id]?.draft.repair, reason) : .noted(StatusMessage(.problem, reason))
    guard let run = again[id], run.prepared != nil else {
      again[id] = nil
      return [.againProgressed(id, nil)] + verdictOfLast(id) + [said]
        + (isByItself ? repairEnded(id, mayTryAgain: false) : [])
    }
    return [said] + goOn(run)
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
              prepared.request, over: prepared.connection, called: draft.endpoint,
              origin: draft.repair == nil ? .review : .unplaced, of: draft)))
      }
      return []
    }
  }
}
