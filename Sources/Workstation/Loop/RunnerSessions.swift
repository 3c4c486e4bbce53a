// Sessions at the user's hands: opened, recorded, kept from git gc, put away and taken back.

import Approval
import AuditLog
import Digest
import GitStore
import Review
import Terminal

extension Runner {
  /// Shows a session that is not on the disk yet; `recordNewSession` is to follow.
  func open(_ session: NewSession) -> [Event] {
    unrecorded = session
    do {
      let note = session.note.map { Event.noted(StatusMessage(.note, $0)) }
      return [.sessionOpened(try review(of: session.history))] + (note.map { [$0] } ?? [])
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  /// Records the session that was shown before that, if there is one.
  func recordNewSession() -> [Event] {
    guard let session = unrecorded else { return [] }
    unrecorded = nil
    let id = session.start.id
    func failure(_ error: any Error) -> Event {
      .recordingFailed(
        id, "This session could not be recorded, so nothing can be decided in it: \(error)")
    }
    do {
      try store.create(session)
    } catch {
      return [failure(error)]
    }
    keepAnchored(id, session.round.proposal)
    watchBase(id)
    return []
  }

  /// Sees to it that the objects of a session's first round are in refs of ours: a kill may have come before that.
  private func keepAnchored(_ id: SessionID, _ first: Proposal) {
    let (repository, mailbox, before) = (surroundings.repository, mailbox, anchoring)
    anchoring = Task {
      await before?.value
      do {
        guard try await repository.anchors(session: id.text)[.round(1)] == nil else { return }
        try repository.removeStaleAnchorLocks(session: id.text)
        try await repository.anchorFirstRound(first, session: id.text)
      } catch {
        mailbox.post(
          .event(
            .noted(
              StatusMessage(
                .problem, "The session's objects could not be kept from git gc: \(error)"))))
      }
    }
  }

  func openSession(_ id: SessionID) -> [Event] {
    _ = keepPlace()
    do {
      var review = try review(of: id)
      review.again = again[id].map { progress(of: $0, .connecting) }
      if review.readOnlyReason == nil { watchBase(id) }
      if let first = try store.history(of: id).rounds[1]?.proposal {
        keepAnchored(id, first)
      }
      return [.sessionOpened(review)]
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  /// The review of a session as its ledger has it; takes the session's lock.
  func review(of id: SessionID) throws -> ReviewState {
    try review(of: try store.openHistory(of: id))
  }

  private func review(of history: SessionHistory) throws -> ReviewState {
    let id = history.start.id
    guard let round = history.round, let ledger = history.ledger else {
      throw StandingProblem.noProposal(id)
    }
    var review = ReviewRestoring.review(
      history, round: round, ledger: ledger, place: store.place(id),
      settings: surroundings.configuration.review)
    do {
      let work = AgainWork(maker: maker)
      review.endpointToAsk = .success(try work.endpointWords(history.start))
      review.otherEndpointsToAsk = try work.otherEndpointsWords(history.start)
    } catch {
      review.endpointToAsk = .failure(SpokenProblem("\(error)"))
    }
    return review
  }

  func reviewRest(_ id: SessionID, on commit: ObjectID) {
    let (source, mailbox) = (ReviewSource(surroundings: surroundings), mailbox)
    do {
      let history = try store.history(of: id)
      Task {
        do {
          let rest = try await source.rest(of: history, on: commit)
          try await source.surroundings.repository.anchorFirstRound(
            rest.round.proposal, session: rest.start.id.text)
          mailbox.post(.restReady(rest))
        } catch let problem as SourceProblem {
          mailbox.post(.event(.noted(StatusMessage(.note, "\(problem)"))))
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

  func beginRest(_ session: NewSession) -> [Event] {
    do {
      try store.create(session)
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
    let base = session.start.baseCommit.map { ", on \($0.short)" } ?? ""
    return [
      .sessionsListed(summaries),
      .noted(StatusMessage(.note, "This is what is left\(base).")),
    ] + openSession(session.start.id)
  }

  func record(_ id: SessionID, _ notes: [LedgerNote]) -> [Event] {
    do {
      try store.append(id, notes)
      hasRecorded = true
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

  var hasPlaceToKeep: Bool { placeToKeep != nil }

  /// Keeps the reading place on disk, when there is a new one: once the keys rest, not with every key.
  func keepPlace() -> [Event] {
    guard let (id, place) = placeToKeep else { return [] }
    placeToKeep = nil
    hasRecorded = false
    do {
      try store.savePlace(id, place)
      return []
    } catch {
      return [.noted(StatusMessage(.problem, "The place could not be kept: \(error)"))]
    }
  }

  func keepMessage(_ id: SessionID, _ message: [UInt8]) -> [Event] {
    saying {
      try store.keepMessage(id, message)
      return []
    }
  }

  func discard(_ id: SessionID) -> [Event] {
    endRepairs(id)
      + appendAndList(id, kind: "discarded", said: "Discarded, and kept: it can be restored.")
  }

  func restore(_ id: SessionID) -> [Event] {
    appendAndList(id, kind: "restored", said: "Restored.")
  }

  private func appendAndList(_ id: SessionID, kind: String, said: String) -> [Event] {
    do {
      try store.append(id, kind: kind, body: [:])
      return [
        .sessionsListed(summaries),
        .noted(StatusMessage(.note, said)),
      ]
    } catch {
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }
}
