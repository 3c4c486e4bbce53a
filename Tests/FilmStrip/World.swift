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
  /// The checks of one plan after the other; the last for all that follow.
  package var checksOfPlans: [[PlannedCheck]] = []
  /// The exact prompt that is shown.
  package var prompt: [UInt8]?
  /// What the user makes of a text in the editor; nil when no editor comes up.
  package var edit: (@Sendable (EditedText) -> [UInt8])?
  /// What the model makes of the new side of a file that it is asked for again; nil when it never answers.
  package var answerAgain: (@Sendable (AgainDraft, [UInt8]) -> [UInt8])?
  /// The rounds of the session, once there is a proposal.
  package private(set) var rounds: WorldRounds?

  package init(_ proposal: MadeProposal? = nil) {
    self.proposal = proposal
  }

  mutating func answer(to effect: Effect, _ state: AppState) -> [Event] {
    if let proposal, rounds == nil { rounds = WorldRounds(proposal) }
    switch effect {
    case .listSessions: return [.sessionsListed(sessions)]
    case .openSession(let id):
      // A session that was open before comes back with its decisions, as from the ledger on disk.
      if let review = state.review, review.heading.id == id,
        rounds?.stands(review.proposal) ?? true
      {
        return [.sessionOpened(review)]
      }
      return rounds.map { [.sessionOpened($0.review(id: id))] } ?? []
    case .loadFile(let id, let index, let file):
      guard proposal != nil else { return [] }
      return rounds?.loaded(file).map { [.fileLoaded(id, index: index, file, $0)] } ?? []
    case .record(_, let notes):
      rounds?.record(notes)
      return []
    case .savePlace(_, let place):
      rounds?.place = place
      return []
    case .editText(var text):
      guard let edit else { return [] }
      text.text = edit(text)
      return [.textEdited(text)]
    case .propose(let id, let path, let content, let reason):
      let said = if case .edit = reason { "Your edit" } else { "The other version" }
      return rounds?.follow(id, path, content, said: said) ?? []
    case .askAgain(let draft):
      guard let answerAgain, let now = rounds?.content(of: draft.path) else { return [] }
      let events =
        rounds?.follow(
          draft.session, draft.path, answerAgain(draft, now), said: "The model's new version") ?? []
      return events + [.againProgressed(draft.session, nil)]
    case .compareRounds(let id, let from, let to):
      return rounds?.comparison(id, from, to).map { [.comparisonReady(id, $0)] } ?? []
    case .findCandidates(let id, let path, let lines, let end):
      guard let versions = rounds?.versions(of: path, around: lines) else { return [] }
      return [.candidatesReady(id, path, versions, from: end)]
    case .moveBase(let id): return rounds?.moveBase(id) ?? []
    case .listTrackedFiles: return tracked.map { [.trackedFilesListed($0)] } ?? []
    case .ask(let draft, let replaced):
      guard let budget, let limit = budget.limit, budget.tokens > limit else { return [] }
      // Each file half of what is left by those before it, so that their order shows.
      var left = budget.tokens
      let files = draft.files.map { path in
        left /= 2
        return PromptOverflow.File(path: path, tokens: left, isNamed: false)
      }
      return [
        .promptTooLong(
          PromptOverflow(
            draft: draft, replaced: replaced, tokens: budget.tokens, limit: limit,
            isExact: budget.isExact, files: files))
      ]
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
    case .planCommit(_, let sheet, let ledger, let acknowledged):
      guard plansCommits, let proposal else { return [] }
      let checks = checksOfPlans.first ?? []
      if checksOfPlans.count > 1 { checksOfPlans.removeFirst() }
      return [
        .commitPlanned(
          sheet,
          proposal.plan(of: ledger, acknowledged: acknowledged.map(\.rule), checks: checks))
      ]
    default:
      // Most effects change the world outside and are answered by events that a test scripts.
      return []
    }
  }
}
