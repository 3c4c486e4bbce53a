// The scripted world: answers effects from values in memory.

package import Approval
import Diffing
package import Review
import Scanner

/// What there is outside the program; an effect that has no answer here stays without one.
package struct World: Sendable {
  /// Gives the files of the session under review.
  package var proposal: MadeProposal?
  package var sessions: [SessionSummary] = []
  package var tracked: [RepositoryPath]?
  package var budget: PromptBudget?
  package var plansCommits = true
  /// The exact prompt that is shown.
  package var prompt: [UInt8]?

  package init(_ proposal: MadeProposal? = nil) {
    self.proposal = proposal
  }

  func answer(to effect: Effect, _ state: AppState) -> [Event] {
    switch effect {
    case .listSessions: return [.sessionsListed(sessions)]
    case .openSession(let id):
      // A session that was open before comes back with its decisions, as from the ledger on disk.
      if let review = state.review, review.heading.id == id { return [.sessionOpened(review)] }
      return proposal.map { [.sessionOpened($0.review(id: id))] } ?? []
    case .loadFile(let id, let index, _):
      return proposal.map { [.fileLoaded(id, index: index, $0.files[index])] } ?? []
    case .listTrackedFiles: return tracked.map { [.trackedFilesListed($0)] } ?? []
    case .computeBudget: return budget.map { [.budgetComputed($0)] } ?? []
    case .showPrompt:
      return prompt.map { bytes in
        [
          .viewerReady(
            ViewerState(
              title: "The exact prompt", note: "\(bytes.count) bytes, sent as they are",
              text: TextFile(bytes), origin: state.screen))
        ]
      } ?? []
    case .planCommit(let id, let ledger, let acknowledged):
      guard plansCommits, let proposal else { return [] }
      return [
        .commitPlanned(id, proposal.plan(of: ledger, acknowledged: acknowledged.map(\.rule)))
      ]
    default:
      // Most effects change the world outside and are answered by events that a test scripts.
      return []
    }
  }
}
