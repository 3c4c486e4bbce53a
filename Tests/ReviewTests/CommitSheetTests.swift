// The commit sheet: a commit is asked for only with a plan, a message and a ledger that can be written.

import Approval
import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct CommitSheetTests {
  private func player(approving: Bool = true) -> Player {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    if approving { player.press(.character("y")) }
    player.press(.character("C"))
    return player
  }

  private func commits(_ player: Player) -> [(ledger: DecisionLedger, message: [UInt8])] {
    player.effects.compactMap {
      if case .commit(_, let ledger, let message) = $0 { (ledger, message) } else { nil }
    }
  }

  @Test func `the commit gets the ledger and the message that are shown`() {
    var player = player()
    player.take(.messageEdited(Array("Mine\n".utf8)))
    player.press(.character("C"))
    #expect(commits(player).map(\.message) == [Array("Mine\n".utf8)])
    #expect(commits(player).map(\.ledger.entries) == [player.review.ledger.entries])
  }

  @Test func `an edited message outlives a look back at the review`() {
    var player = player()
    player.take(.messageEdited(Array("Mine\n".utf8)))
    player.press(.character("q"), .character("u"), .character("y"), .character("C"))
    #expect(player.state.commit?.message == Array("Mine\n".utf8))
  }

  @Test func `a second key while the commit is made asks for no second commit`() {
    var player = player()
    player.press(.character("C"), .character("C"), .enter, .character("q"), .character("e"))
    #expect(commits(player).count == 1)
    #expect(player.state.screen == .commit)
  }

  @Test func `with nothing approved, or no message, nothing is committed`() {
    var nothing = player(approving: false)
    nothing.press(.character("C"))
    #expect(commits(nothing).isEmpty && nothing.state.message?.kind == .problem)
    for message in ["", "\n \n", "# only\n# comments\n"] {
      var player = player()
      player.take(.messageEdited(Array(message.utf8)))
      player.press(.character("C"))
      #expect(commits(player).isEmpty && player.state.message?.kind == .problem)
    }
  }

  @Test func `a ledger that cannot be written stops the commit`() {
    var player = player()
    player.take(.recordingFailed(Player.session, "no space left"))
    player.press(.character("C"))
    #expect(commits(player).isEmpty)
  }

  @Test func `after a failure it can be tried again, after a success the session is closed`() throws
  {
    var player = player()
    player.press(.character("C"))
    player.take(.commitFailed("a hook refused"))
    player.press(.character("C"))
    #expect(commits(player).count == 2)
    let commit = try #require(ObjectID(hex: String(repeating: "ab", count: 20)))
    player.take(.committed(Player.session, CommitOutcome(commit: commit, landed: "", next: [])))
    #expect(player.review.readOnlyReason != nil)
    let entries = player.review.ledger.entries
    player.press(.character("q"), .enter, .character("u"), .space, .character("x"))
    #expect(player.review.ledger.entries == entries)
    player.press(.character("o"))
    #expect(player.effects.contains { if case .reviewRest = $0 { true } else { false } })
  }

  private static let otherPlan = CommitPlan(
    files: [], identity: "someone else", landing: "", hooks: [], signing: nil, message: [],
    acknowledged: [], obstacle: nil)

  @Test func `a plan of a sheet that was left is not shown`() throws {
    var player = player()
    let left = try #require(player.state.commit?.sheet)
    player.press(.character("q"), .character("C"))
    let plan = try #require(player.state.commit?.plan)
    #expect(player.state.commit?.sheet != left)
    player.take(.commitPlanned(left, Self.otherPlan))
    player.take(.planFailed(left, "too late"))
    #expect(player.state.commit?.plan == plan)
    #expect(player.state.commit?.phase == .ready)
  }

  @Test func `a plan that comes while the commit is made does not offer a second commit`() throws {
    var player = player()
    let sheet = try #require(player.state.commit?.sheet)
    player.press(.character("C"))
    player.take(.commitPlanned(sheet, Self.otherPlan))
    player.press(.character("C"), .character("C"))
    #expect(commits(player).count == 1)
  }

  @Test func `what a commit says reaches only the sheet it runs on`() {
    var player = player()
    player.take(.commitProgressed("landing"))
    player.take(.commitFailed("a hook refused"))
    #expect(player.state.commit?.phase == .ready)
  }

  @Test func `where the outcome is not known it is not tried again`() {
    var player = player()
    player.press(.character("C"))
    player.take(.commitUncertain("The ref could not be read."))
    player.press(.character("C"))
    #expect(commits(player).count == 1)
    player.press(.character("q"))
    #expect(player.state.screen == .review)
  }
}
