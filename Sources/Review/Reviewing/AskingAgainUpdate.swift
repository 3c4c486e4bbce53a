// Asking the model again: what the question is about, and its box.

import Approval
import CellGrid

extension AppState {
  /// Opens the question about changed `lines` of the current file.
  mutating func startAgain(_ review: ReviewState, lines: [Int]) -> [Effect] {
    guard review.again.map(\.isByItself) ?? true else {
      message = StatusMessage(
        .note, "The model is at work on this session; \(key(.cancelRequest)) cancels.")
      return []
    }
    guard let change = review.currentChange, change.diff != nil else {
      message = StatusMessage(.note, "Only a text file can be asked for again.")
      return []
    }
    guard !lines.isEmpty else {
      message = StatusMessage(
        .note, "What is approved is not asked for again; take the approval back first.")
      return []
    }
    switch review.endpointToAsk {
    case .failure(let problem): message = StatusMessage(.problem, problem.sentence)
    case .success(let endpoint):
      var draft = AgainDraft(
        session: review.heading.id, path: change.file.path, lines: lines,
        comments: review.comments(about: lines).map(\.id), endpoint: endpoint,
        otherEndpoints: review.otherEndpointsToAsk)
      // The first version and the one that followed it were not what was wanted.
      draft.explainsFirst = (review.askedCounts[draft.path] ?? 0) >= 1
      overlay = .askAgain(draft)
    }
    return []
  }

  mutating func handle(_ key: Key, in draft: AgainDraft) -> [Effect] {
    var draft = draft
    switch key {
    case .enter:
      overlay = nil
      review?.mark = nil
      // Until it is checked, no verdict is the one of another endpoint.
      if draft.endpoint != draft.endpoints.first { review?.heading.verdict = "being checked" }
      review?.again = AgainProgress(
        path: draft.path, candidate: 1, candidateCount: draft.candidateCount,
        progress: .connecting)
      if draft.repair != nil {
        message = StatusMessage(
          .note,
          "Asked again; \(self.key(.cancelRequest, in: .unplaced)) cancels, the answer comes as a round."
        )
      }
      return [.askAgain(draft)]
    case .character("+") where draft.repair == nil, .right where draft.repair == nil,
      .up where draft.repair == nil:
      draft.candidateCount = min(AgainDraft.mostCandidates, draft.candidateCount + 1)
    case .character("-"), .left, .down: draft.candidateCount = max(1, draft.candidateCount - 1)
    case .character("e") where draft.repair == nil: draft.explainsFirst.toggle()
    case .character("m"): draft.takeNextEndpoint()
    case .character("p"): return [.showAgainPrompt(draft)]
    default: break
    }
    overlay = .askAgain(draft)
    return []
  }
}
