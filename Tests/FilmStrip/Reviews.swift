// Reviews ready to be walked through.

package import CellGrid
import Approval
package import Review

extension Player {
  /// The name of every session under test.
  package static let session: SessionID = {
    guard let id = SessionID("under-test") else { preconditionFailure("not a session name") }
    return id
  }()

  /// A review of `proposal` just opened; leaving it comes back with its decisions.
  package static func reviewing(_ proposal: MadeProposal, size: GridSize) -> Player {
    let state = AppState(
      size: size,
      repository: RepositoryHeading(name: Array("work".utf8), branch: "main", head: "3fd21c8"),
      ask: AskState())
    var world = World(proposal)
    world.sessions = [
      SessionSummary(
        id: session, title: "a change", standing: .ready(files: 1, unplaced: 0), created: 1,
        verdict: "LOCAL unix", model: "model")
    ]
    world.tracked = proposal.proposal.files.map(\.path)
    world.prompt = Array("prompt\n".utf8)
    return Player(
      Scene(state, world: world, opening: [.sessionOpened(proposal.review(id: session))]),
      size: size)
  }

  /// The review, which is always there in a player made by `reviewing`.
  package var review: ReviewState {
    guard let review = state.review else { preconditionFailure("no review was opened") }
    return review
  }
}
