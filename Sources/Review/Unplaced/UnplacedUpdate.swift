// The unplaced edits: walking through them.

import Approval
import CellGrid

extension AppState {
  mutating func moveUnplaced(by distance: Int) {
    let count = review?.unplaced.count ?? 0
    unplacedIndex = min(max(0, unplacedIndex + distance), max(0, count - 1))
    unplacedTop = 0
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

  /// Opens the question whether the model is to send the edit again.
  private mutating func startRepair() {
    guard let review, review.unplaced.indices.contains(unplacedIndex) else { return }
    let item = review.unplaced[unplacedIndex]
    guard review.again == nil else {
      message = StatusMessage(
        .note,
        "The model is at work on this session; \(key(.cancelRequest, in: .unplaced)) cancels.")
      return
    }
    guard review.readOnlyReason == nil else {
      message = StatusMessage(.problem, review.readOnlyReason ?? "")
      return
    }
    switch review.endpointToAsk {
    case .failure(let problem): message = StatusMessage(.problem, problem.sentence)
    case .success(let endpoint):
      overlay = .askAgain(
        AgainDraft(
          session: review.heading.id, path: RepositoryPath(item.path), lines: [], comments: [],
          endpoint: endpoint, otherEndpoints: review.otherEndpointsToAsk, repair: item))
    }
  }

  /// Goes to the hunk that is nearest to where the edit could have been meant, in the same file.
  private mutating func openUnplaced() -> [Effect] {
    guard let review, review.unplaced.indices.contains(unplacedIndex) else { return [] }
    let item = review.unplaced[unplacedIndex]
    guard let index = review.proposal.index(of: RepositoryPath(item.path)) else {
      message = StatusMessage(
        .note, "No other edit of this file was placed, so the review does not have it.")
      return []
    }
    screen = .review
    self.review?.noteJump()
    self.review?.goToFile(
      index, place: item.candidateLine.map { .nearestHunk(oldLine: $0) } ?? .firstHunk, size: size)
    return effectsToLoad() + placeEffects()
  }
}
