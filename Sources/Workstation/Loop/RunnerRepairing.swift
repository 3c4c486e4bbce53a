// Edits of a first answer that could not be placed, asked for again without being told to.

import Approval
import Placement
import Review
import Terminal

/// The edits of one session that are asked for again by the program itself, one after the other.
struct SelfRepairs {
  /// The one that is asked for, and those after it.
  var items: [UnplacedItem]
  /// How often the first of them was asked for.
  var tries = 0
}

extension Runner {
  /// The reasons that another answer can do away with: what was quoted was not there, not clear or not whole.
  private static let repairableReasons: Set<String> = [
    "not-found", "ambiguous", "indentation", "elision", "blank-search",
  ]

  /// Whether edits of a session are being asked for again without being told to.
  func isRepairing(_ id: SessionID) -> Bool { repairs[id] != nil }

  /// Asks for the edits of a first answer again that could not be placed, where that can help and the settings allow it.
  ///
  /// Nothing goes along that did not go before: the same endpoint, verdict and model, and lines of files that the request was made with.
  func repairByItself(_ id: SessionID, _ round: SessionRound, _ start: SessionStart) -> [Event] {
    guard surroundings.configuration.review.repairs > 0, surroundings.replay == nil,
      start.source == .model, !start.endpoint.isEmpty
    else { return [] }
    let items = round.unplaced.filter { item in
      item.refusal.map(Self.repairableReasons.contains) ?? false
        && start.files.contains(RepositoryPath(item.path))
    }
    guard !items.isEmpty else { return [] }
    repairs[id] = SelfRepairs(items: items)
    return nextRepair(id)
  }

  private func nextRepair(_ id: SessionID) -> [Event] {
    // A question of the human goes before, and ends these.
    guard var left = repairs[id], again[id] == nil else {
      repairs[id] = nil
      return []
    }
    do {
      let history = try store.openHistory(of: id)
      let unplaced = history.round?.unplaced ?? []
      if let first = left.items.first, !unplaced.contains(first) { left.tries = 0 }
      left.items = left.items.filter { unplaced.contains($0) }
      guard let item = left.items.first, !history.isDiscarded, history.commits.isEmpty else {
        repairs[id] = nil
        return []
      }
      repairs[id] = left
      let draft = AgainDraft(
        session: id, path: RepositoryPath(item.path), lines: [], comments: [],
        endpoint: try AgainWork(maker: maker).endpointWords(history.start), repair: item,
        place: item.places.first)
      return askAgain(draft, isByItself: true)
    } catch {
      repairs[id] = nil
      return [.noted(StatusMessage(.problem, "\(error)"))]
    }
  }

  /// One of the questions has come to something, or to nothing.
  ///
  /// - Parameter mayTryAgain: whether the same question may be asked once more.
  func repairEnded(_ id: SessionID, mayTryAgain: Bool) -> [Event] {
    guard var left = repairs[id] else { return [] }
    left.tries += 1
    if !mayTryAgain || left.tries >= surroundings.configuration.review.repairs {
      // Where it has its place it is among the unplaced no more, and is left out anyway.
      left.items.removeFirst()
      left.tries = 0
    }
    repairs[id] = left
    return nextRepair(id)
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
