// The unplaced edits: walking through them.

import Approval
import CellGrid

extension AppState {
  mutating func moveUnplaced(by distance: Int) {
    let count = review?.unplaced.count ?? 0
    unplacedIndex = min(max(0, unplacedIndex + distance), max(0, count - 1))
    unplacedPlace = 0
    unplacedTop = 0
  }

  /// Selects `item` again where it still is, else what stands in its place now.
  mutating func selectUnplaced(_ item: UnplacedItem?) {
    if let item, let index = review?.unplaced.firstIndex(of: item) {
      unplacedIndex = index
    } else {
      moveUnplaced(by: 0)
    }
  }

  /// The lines that are shown beside the unplaced edit that is selected.
  package var placeShown: NearPlace? {
    guard let places = selectedUnplaced?.places, places.indices.contains(unplacedPlace) else {
      return nil
    }
    return places[unplacedPlace]
  }

  package var selectedUnplaced: UnplacedItem? {
    guard let review, review.unplaced.indices.contains(unplacedIndex) else { return nil }
    return review.unplaced[unplacedIndex]
  }

  /// Shows the next of the places, after the last the first again.
  private mutating func flipPlace(by step: Int) {
    guard let item = selectedUnplaced else { return }
    guard item.places.count > 1 else {
      message = StatusMessage(
        .note,
        item.places.isEmpty
          ? "No lines of the file are near."
          : "There is no other place: these lines are the only ones near."
      )
      return
    }
    unplacedPlace = (unplacedPlace + step + item.places.count) % item.places.count
    unplacedTop = 0
  }

  /// Puts the edit in the place of the lines shown.
  private mutating func placeHere() -> [Effect] {
    guard let review, let item = selectedUnplaced else { return [] }
    guard let place = placeShown else {
      message = StatusMessage(
        .note,
        "No lines are near, so there is no place; \(key(.editHunk, in: .unplaced)) puts it in by hand."
      )
      return []
    }
    guard item.replacement != nil else {
      message = StatusMessage(
        .note,
        "The ledger of this session does not say what was to stand there; \(key(.editHunk, in: .unplaced)) puts it in by hand."
      )
      return []
    }
    guard mayChangeUnplaced(review) else { return [] }
    isHandEditing = true
    message = StatusMessage(.note, "Placing…")
    return [.placeUnplaced(review.heading.id, item, at: place)]
  }

  private mutating func dropUnplaced() -> [Effect] {
    guard let review, let item = selectedUnplaced else { return [] }
    guard mayChangeUnplaced(review) else { return [] }
    isHandEditing = true
    return [.dropUnplaced(review.heading.id, item)]
  }

  /// Whether a round may be made of an unplaced edit now; says why not.
  mutating func mayChangeUnplaced(_ review: ReviewState) -> Bool {
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return false
    }
    guard !isHandEditing else {
      message = StatusMessage(.note, "One edit after the other: this one is on its way.")
      return false
    }
    return true
  }

  mutating func performInUnplaced(_ command: Command) -> [Effect] {
    switch command {
    case .lineDown: moveUnplaced(by: 1)
    case .lineUp: moveUnplaced(by: -1)
    case .pageDown, .halfPageDown: unplacedTop += 10
    case .pageUp, .halfPageUp: unplacedTop = max(0, unplacedTop - 10)
    case .top: moveUnplaced(by: -unplacedIndex)
    case .bottom: moveUnplaced(by: Int(Int32.max))
    case .open: return openUnplaced()
    case .askAgain: startRepair()
    case .editHunk: return startHandEdit()
    case .nextPlace: flipPlace(by: 1)
    case .previousPlace: flipPlace(by: -1)
    case .placeHere: return placeHere()
    case .dropUnplaced: return dropUnplaced()
    case .showConversation:
      return review.map { [.showConversation($0.heading.id, origin: .unplaced)] } ?? []
    case .cancelRequest:
      guard let review, review.again != nil else {
        message = StatusMessage(.note, "The model is not at work on this session.")
        break
      }
      message = StatusMessage(.note, "Cancel sent.")
      return [.cancelRequest(review.heading.id)]
    case .back, .unplacedEdits:
      guard review?.proposal.files.isEmpty == false else {
        screen = .sessions
        return [.listSessions]
      }
      screen = .review
    default: break
    }
    return []
  }

  /// The reasons that the lines of the file, which would go along, have nothing to do with.
  private static let notAskedFor: Set<String> = [
    "path-not-offered", "file-absent", "file-exists", "path-unsafe", "path-twin",
    "path-kind-conflict", "not-text", "too-large",
  ]

  /// Opens the question whether the model is to send the edit again.
  private mutating func startRepair() {
    guard let review, let item = selectedUnplaced else { return }
    guard review.again.map(\.isByItself) ?? true else {
      message = StatusMessage(
        .note,
        "The model is at work on this session; \(key(.cancelRequest, in: .unplaced)) cancels.")
      return
    }
    guard review.readOnlyReason == nil else {
      message = StatusMessage(.problem, review.readOnlyReason ?? "")
      return
    }
    if let refusal = item.refusal, Self.notAskedFor.contains(refusal) {
      message = StatusMessage(
        .note,
        "Asking again does not help here: \(item.reason) Ask anew, with what it needs, or \(key(.editHunk, in: .unplaced)) puts it in by hand."
      )
      return
    }
    switch review.endpointToAsk {
    case .failure(let problem): message = StatusMessage(.problem, problem.sentence)
    case .success(let endpoint):
      overlay = .askAgain(
        AgainDraft(
          session: review.heading.id, path: RepositoryPath(item.path), lines: [], comments: [],
          endpoint: endpoint, otherEndpoints: review.otherEndpointsToAsk,
          repair: item, place: placeShown))
    }
  }

  /// Goes to the hunk that is nearest to where the edit could have been meant, in the same file.
  private mutating func openUnplaced() -> [Effect] {
    guard let review, let item = selectedUnplaced else { return [] }
    guard review.proposal.index(of: RepositoryPath(item.path)) != nil else {
      message = StatusMessage(
        .note, "No other edit of this file was placed, so the review does not have it.")
      return []
    }
    screen = .review
    goToHunk(of: item, near: placeShown)
    return effectsToLoad() + placeEffects()
  }

  /// Goes to the hunk of the file of `item` that is nearest to `place`.
  mutating func goToHunk(of item: UnplacedItem, near place: NearPlace?) {
    guard let index = review?.proposal.index(of: RepositoryPath(item.path)) else { return }
    review?.noteJump()
    review?.goToFile(
      index, place: place.map { .nearestHunk(oldLine: $0.line) } ?? .firstHunk, size: size)
  }
}
