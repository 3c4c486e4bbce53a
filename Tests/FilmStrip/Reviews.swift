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
  package static func reviewing(
    _ proposal: MadeProposal, size: GridSize, keymap: Keymap = .standard, readsFiles: Bool = true
  ) -> Player {
    let state = AppState(
      size: size,
      repository: RepositoryHeading(name: Array("work".utf8), branch: "main", head: "3fd21c8"),
      ask: AskState(), keymap: keymap)
    var world = World(readsFiles ? proposal : nil)
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

  /// Lets an editor come up that changes what it is given in one of some ways, and a model answer likewise.
  package mutating func answersRounds() {
    world.edit = { Self.edited($0.text) }
    world.answerAgain = { draft, content in
      let start = content.count * (draft.lines[0] % 4) / 4
      let cut = content[..<start].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      return content[..<cut] + Self.edited(Array(content[cut...]))
    }
  }

  /// Lets an editor come up in which `edit` is what the user does.
  package mutating func edits(_ edit: @escaping @Sendable (EditedText) -> [UInt8]) {
    world.edit = edit
  }

  /// From now on nothing outside answers.
  package mutating func stopAnswering() { world = World() }

  /// Drops, doubles, changes or keeps a line; which, the text itself decides.
  private static func edited(_ text: [UInt8]) -> [UInt8] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let sum = text.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xffff }
    let place = sum % lines.count
    switch sum / 7 % 5 {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: place)
    case 2: lines[place] = ArraySlice("edited \(sum)".utf8)
    case 3: lines.insert(ArraySlice("written \(sum)".utf8), at: place)
    default: break
    }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// The review, which is always there in a player made by `reviewing`.
  package var review: ReviewState {
    guard let review = state.review else { preconditionFailure("no review was opened") }
    return review
  }
}
