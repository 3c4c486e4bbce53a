// Carries out effects: edits, versions, comparing, moving the base, the ledger's text.

import Approval
import Diffing
import GitStore
import Review
import Terminal

extension Runner {
  func roundMaker(_ id: SessionID) -> RoundMaker {
    RoundMaker(surroundings: surroundings, session: id)
  }

  /// Does `body` off the terminal's thread and posts what comes of it, or says why nothing did.
  ///
  /// - Parameter repairing: the session of whose repair it is a part: that is told too.
  func inBackground(
    repairing: SessionID? = nil, _ body: @escaping @Sendable () async throws -> Arrival
  ) {
    let mailbox = mailbox
    Task {
      do {
        mailbox.post(try await body())
      } catch {
        if let repairing { return mailbox.post(.repairLost(repairing, "\(error)")) }
        mailbox.post(.event(.noted(StatusMessage(.problem, "\(error)"))))
      }
    }
  }

  /// Does `body` at once, or says why it could not be done.
  func saying(_ body: () throws -> [Event]) -> [Event] {
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

  func prepareHandEdit(_ id: SessionID, _ item: UnplacedItem, _ place: NearPlace?) -> [Event] {
    byHand(id, written: nil) { work, history in
      .event(.handEditReady(id, try await work.handEdit(of: item, at: place, history)))
    }
  }

  /// Makes a round of an edit that was put in by hand; it arrives as `.nextRound`.
  func placeByHand(_ id: SessionID, _ edit: HandEdit, _ content: [UInt8]) -> [Event] {
    unplacedRound(id, written: content) { work, history in
      try await work.roundByHand(history, edit, content: content)
    }
  }

  /// Makes a round of what was done with an unplaced edit; it arrives as `.nextRound`.
  ///
  /// - Parameter written: what the user wrote, shown where nothing comes of it.
  func unplacedRound(
    _ id: SessionID, written: [UInt8]? = nil,
    _ body: @escaping @Sendable (UnplacedWork, SessionHistory) async throws -> SessionRound
  ) -> [Event] {
    let maker = roundMaker(id)
    return byHand(id, written: written) { work, history in
      guard let ledger = history.ledger else { throw RoundProblem.noProposal }
      return .nextRound(id, try await maker.next(try await body(work, history), after: ledger))
    }
  }

  /// Does a step of an edit by hand in the background; where it fails, what was written is shown.
  private func byHand(
    _ id: SessionID, written: [UInt8]?,
    _ body: @escaping @Sendable (UnplacedWork, SessionHistory) async throws -> Arrival
  ) -> [Event] {
    do {
      let work = UnplacedWork(surroundings: surroundings)
      let history = try store.openHistory(of: id)
      inBackground {
        do {
          return try await body(work, history)
        } catch {
          return .event(.handEditFailed(id, "\(error)", written: written))
        }
      }
      return []
    } catch {
      return [.handEditFailed(id, "\(error)", written: written)]
    }
  }

  /// Records a round in the place of the one before and shows it. Decisions made since its decisions were carried over are carried first.
  func follow(_ id: SessionID, _ next: NextRound) -> [Event] {
    // What nobody asked for was stopped meanwhile; its answer is kept beside the ledger.
    if next.isByItself, repairs[id] == nil { return [] }
    do {
      return try standing(id, next)
    } catch {
      return next.isByItself
        ? repairsFailed(id, "\(error)") : [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  private func standing(_ id: SessionID, _ next: NextRound) throws -> [Event] {
    let history = try store.openHistory(of: id)
    guard let ledger = history.ledger else { throw RoundProblem.noProposal }
    guard history.commits.isEmpty, !history.isDiscarded else {
      let what = history.isDiscarded ? "discarded" : "committed"
      return endRepairs(id) + [
        .noted(StatusMessage(.note, "The session is \(what), so the new round was left out."))
      ]
    }
    // Its tree has nothing of a round that came to stand meanwhile, and would take that back.
    guard next.predecessor == ledger.roundNumber else {
      if next.isByItself { return repairEnded(id, mayTryAgain: true) }
      guard [.edit, .again, .candidate, .placed].contains(next.round.origin) else {
        return [.handEditFailed(id, "\(RoundProblem.overtaken)", written: nil)]
      }
      return keepCandidate(id, next.round)
    }
    let isNumberFree =
      history.rounds[next.round.number] == nil && next.round.number >= ledger.nextRoundNumber
    guard isNumberFree, ledger.entries.count == next.entryCount else {
      let maker = roundMaker(id)
      inBackground(repairing: next.isByItself ? id : nil) {
        let round =
          isNumberFree
          ? next.round : try await maker.renumbered(next.round, history.nextRoundNumber)
        var again = try await maker.next(round, after: ledger, madeOf: next.predecessor)
        again.isByItself = next.isByItself
        return .nextRound(id, again)
      }
      return []
    }
    // Looked at here and nowhere before: the user may have approved lines while the answer was on its way.
    if next.round.origin == .again {
      // Of what nobody asked for, no decision at all may fall.
      let lost = next.carried.fallen.filter { next.isByItself || $0.verdict == .approved }
        .reduce(0) { $0 + $1.lineCount }
      if lost > 0 {
        let problem: AgainProblem =
          next.isByItself ? .touchesDecided(lost) : .touchesApproved(lost)
        return next.isByItself
          ? [.repairFailed(id, nil, "\(problem)")] + repairEnded(id, mayTryAgain: false)
          : [.noted(StatusMessage(.problem, "\(problem)"))]
      }
    }
    let unkept = keepPlace()
    try store.append(
      id, kind: "proposal",
      body: next.round.body(following: ledger.nextSequence, carried: next.carried.records))
    return unkept + [
      .roundArrived(
        try review(of: id), StatusMessage(.note, next.sentence),
        keepsUnplaced: next.round.origin == .dropped || next.isByItself)
    ] + (next.isByItself ? repairEnded(id, mayTryAgain: false) : try endSuperseded(id))
  }

  /// Brings up what a hook made of the approved files as a round, so that nothing of it is committed unseen.
  func reviewHook(_ error: any Error, _ id: SessionID) -> [Event] {
    guard
      case .hookChangedContent(let hook, let approved, let result, _)? = error as? CommitError,
      hook != Repository.setupName
    else { return [] }
    return saying {
      let maker = roundMaker(id)
      let history = try store.openHistory(of: id)
      inBackground {
        guard let ledger = history.ledger else { throw RoundProblem.noProposal }
        let round = try await HookRoundMaker(maker: maker)
          .round(after: history, by: hook, from: approved, to: result)
        return .nextRound(id, try await maker.next(round, after: ledger))
      }
      return []
    }
  }

  // MARK: Looking at rounds

  func findCandidates(
    _ id: SessionID, _ path: RepositoryPath, _ lines: Range<Int>, from end: CandidateEnd
  ) -> [Event] {
    saying {
      let finder = CandidateFinder(surroundings: surroundings)
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
      guard let old = history.rounds[from]?.proposal else { throw RoundProblem.noRound(from) }
      guard let new = history.rounds[to]?.proposal else { throw RoundProblem.noRound(to) }
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
    // A ledger that cannot be read says so where the session is opened.
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
      let maker = roundMaker(id)
      let mover = BaseMover(maker: maker)
      let history = try store.openHistory(of: id)
      inBackground {
        guard let ledger = history.ledger,
          let tip = try await repository.currentTip(of: history.start.branch)
        else { throw RoundProblem.noProposal }
        guard history.start.source != .range, let base = ledger.proposal.baseCommit, tip != base
        else {
          return .event(
            .noted(StatusMessage(.note, "The branch stands where this review began.")))
        }
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
        surroundings: surroundings, session: id, scratchDirectory: store.journalDirectory(of: id))
      inBackground {
        let count = try await removal.run(history)
        return .event(
          .noted(
            StatusMessage(
              .success,
              "\(count) file\(count == 1 ? "" : "s") of yours changed; backup: refs/countersign/\(id)/backup"
            )))
      }
      return []
    }
  }

  // MARK: Where it comes from

  func showProvenance(
    _ id: SessionID, _ path: RepositoryPath, _ lines: [Int], _ newLines: Range<Int>,
    _ rungs: [String]
  ) -> [Event] {
    saying {
      let provenance = Provenance(surroundings: surroundings)
      let history = try store.history(of: id)
      inBackground {
        let text = try await provenance.text(
          of: history, path: path, lines: lines, newLines: newLines, rungs: rungs)
        return .event(
          .viewerReady(
            ViewerState(
              title: "Where this hunk comes from", note: "as the ledger of \(id) has it",
              text: TextFile(text), origin: .review)))
      }
      return []
    }
  }

  func showConversation(_ id: SessionID, _ origin: ScreenKind) -> [Event] {
    saying {
      let conversation = try Conversation(store, id)
      var viewer = ViewerState(
        title: "What was asked and answered", note: conversation.note,
        text: TextFile(conversation.folded), origin: origin)
      if conversation.unfolded != conversation.folded {
        viewer.other = TextFile(conversation.unfolded)
      }
      return [.viewerReady(viewer)]
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
  func currentTip(of branch: String) throws(GitError) -> ObjectID? {
    branch == "HEAD" ? try head().tip : try tip(of: branch)
  }
}
