// Edits of a first answer that could not be placed, asked for again without being told to.

import Approval
import ModelClient
import Placement
import Review
import Terminal

/// The edits of one session that are asked for again by the program itself, one after the other.
struct SelfRepairs {
  /// The one that is asked for, and those after it.
  var items: [UnplacedItem]
  /// How often the first of them was asked for.
  var tries = 0
  /// Whether an answer is there and its round is on its way: nothing is asked for before that stands, or does not.
  var isPlacing = false
}

extension Runner {
  /// Of one answer; who misses more has misread the file, and asking for each is no help.
  private static let mostEdits = 4
  /// So long a server may be silent to a question that nobody asked.
  private static let longestSilence = Duration.seconds(120)

  /// Whether edits of a session are being asked for again without being told to.
  func isRepairing(_ id: SessionID) -> Bool { repairs[id] != nil }

  /// Asks for the edits of a first answer again that could not be placed, where that can help and the settings allow it.
  ///
  /// Nothing goes along that did not go before: the same endpoint, verdict and model, and lines of files that the request was made with,
  /// as the model was given them or made them.
  func repairByItself(_ id: SessionID, _ round: SessionRound, _ start: SessionStart) -> [Event] {
    guard surroundings.configuration.review.repairs > 0, surroundings.replay == nil,
      start.source == .model, !start.endpoint.isEmpty
    else { return [] }
    let items = round.unplaced.filter { item in
      item.canBeRepaired && start.files.contains(RepositoryPath(item.path))
    }
    guard !items.isEmpty else { return [] }
    repairs[id] = SelfRepairs(items: Array(items.prefix(Self.mostEdits)))
    return nextRepair(id)
  }

  /// Asks for the next edit, where there is room at the server: whatever waits in the queue comes first.
  private func nextRepair(_ id: SessionID) -> [Event] {
    // One at a time: the next is counted at its server only once it is sent.
    guard var left = repairs[id], again[id] == nil, drafting?.session != id,
      !left.isPlacing, !again.values.contains(where: \.isByItself)
    else { return [] }
    do {
      let history = try store.openHistory(of: id)
      let unplaced = history.round?.unplaced ?? []
      if let first = left.items.first, !unplaced.contains(first) { left.tries = 0 }
      left.items = left.items.filter { unplaced.contains($0) }
      guard let item = left.items.first, mayRepair(history) else {
        repairs[id] = nil
        return []
      }
      repairs[id] = left
      guard hasRoom(at: history.start.endpoint) else {
        // A command does not wait for other windows.
        if keepsRequests { keepBeat() } else { repairs[id] = nil }
        return []
      }
      let draft = AgainDraft(
        session: id, path: RepositoryPath(item.path), lines: [], comments: [],
        endpoint: try AgainWork(maker: maker).endpointWords(history.start), repair: item,
        place: item.places.first)
      return askAgain(draft, isByItself: true)
    } catch {
      return repairsFailed(id, "\(error)")
    }
  }

  /// Whether what stands is nothing but what the model was given or made, at an endpoint that is where it was.
  private func mayRepair(_ history: SessionHistory) -> Bool {
    guard let ledger = history.ledger, !history.isDiscarded, history.commits.isEmpty,
      ledger.proposal.baseCommit == history.start.baseCommit,
      maker.address(of: history.start.endpoint) == history.start.address
    else { return false }
    let origins: Set<RoundOrigin> = [.request, .again, .placed, .dropped]
    return ledger.standingRounds.allSatisfy { number in
      history.rounds[number].map { origins.contains($0.origin) } ?? false
    }
  }

  /// Goes on where repairs had to wait.
  func resumeRepairs() -> [Event] { repairs.keys.flatMap { nextRepair($0) } }

  /// One of the questions has come to something, or to nothing.
  ///
  /// - Parameter mayTryAgain: whether the same question may be asked once more.
  func repairEnded(_ id: SessionID, mayTryAgain: Bool) -> [Event] {
    guard var left = repairs[id] else { return [] }
    left.isPlacing = false
    left.tries += 1
    if !mayTryAgain || left.tries >= surroundings.configuration.review.repairs {
      // Where it has its place it is among the unplaced no more, and is left out anyway.
      if !left.items.isEmpty { left.items.removeFirst() }
      left.tries = 0
    }
    repairs[id] = left
    return nextRepair(id)
  }

  /// Gives a question up to which the server is silent.
  func watchSilence(_ id: SessionID, generation: Int) {
    let (mailbox, silence) = (mailbox, Self.longestSilence)
    Task {
      // Only the end of the program could cut it short, and then nobody is left to hear it.
      do { try await Task.sleep(for: silence) } catch {}
      mailbox.post(.repairSilent(id, generation: generation))
    }
  }

  func repairSilent(_ id: SessionID, generation: Int) -> [Event] {
    guard let run = again[id], run.generation == generation else { return [] }
    guard run.heardAt.map({ .now - $0 >= Self.longestSilence }) ?? true else {
      watchSilence(id, generation: generation)
      return []
    }
    endRepairs(id)
    return [
      .againProgressed(id, nil),
      .repairFailed(
        id, run.draft.repair, "the server was silent for two minutes, so it was left alone."),
    ] + takeTurns()
  }

  /// Nothing more is asked for in a session, and why.
  func repairsFailed(_ id: SessionID, _ reason: String) -> [Event] {
    repairs[id] = nil
    return [.againProgressed(id, nil), .repairFailed(id, nil, reason)]
  }

  /// Asks for nothing more by itself in a session, and stops the question that is being answered; a round that is on its way does not stand.
  ///
  /// - Returns: what the screen is told: nothing where nothing was stopped.
  @discardableResult
  func endRepairs(_ id: SessionID) -> [Event] {
    repairs[id] = nil
    guard let run = again[id], run.isByItself else { return [] }
    again[id] = nil
    exchanges.removeValue(forKey: id)?.cancel()
    leaveQueue(id)
    return [.againProgressed(id, nil)]
  }

  /// After a round of the human: a question about an edit that has its place now, or was dropped, is stopped, and the next is asked for.
  func endSuperseded(_ id: SessionID) throws -> [Event] {
    guard let run = again[id], run.isByItself, let item = run.draft.repair, let left = repairs[id],
      try store.openHistory(of: id).round?.unplaced.contains(item) == false
    else { return [] }
    let stopped = endRepairs(id)
    repairs[id] = left
    return stopped + nextRepair(id)
  }

  /// Why a question that nobody asked for is not sent; nil where all is as it was for the request.
  func reasonNotToRepair(_ prepared: PreparedAgain) -> String? {
    let first = prepared.history.firstUse
    guard prepared.use.verdict == first.verdict, prepared.use.model == first.model else {
      return
        "the request went to \(first.model), \(first.verdict), and it would go to \(prepared.use.model), \(prepared.use.verdict)."
    }
    return nil
  }
}

extension UnplacedItem {
  /// Whether another answer can do away with the reason: what was quoted was not there, not clear or not whole.
  fileprivate var canBeRepaired: Bool {
    refusal.map(PlacementRefusal.repairableWords.contains) ?? false
  }
}
