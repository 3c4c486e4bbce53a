// Checks between key and commit sheet: what runs, for whom, and what the sheet is told.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct CheckUpdateTests {
  private static let tree = ObjectID(hex: String(repeating: "cd", count: 20))!
  private static let other = ObjectID(hex: String(repeating: "ab", count: 20))!

  private func player() -> Player {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    player.press(.character("y"))
    return player
  }

  private func result(_ outcome: CheckOutcome, on tree: ObjectID = tree) -> CheckResult {
    CheckResult(
      name: "test", command: ["make"], tree: tree, outcome: outcome, seconds: 1,
      sandbox: .bubblewrap)
  }

  private func plans(_ player: Player) -> [Int] {
    player.effects.compactMap {
      if case .planCommit(_, let sheet, _, _) = $0 { sheet } else { nil }
    }
  }

  private func runs(_ player: Player) -> Int {
    player.effects.count { if case .runChecks = $0 { true } else { false } }
  }

  @Test func `a second key asks for no second run, and the keys stop the one that runs`() {
    var player = player()
    player.press(.character("t"), .character("t"))
    #expect(runs(player) == 1 && player.state.checks?.isRunning == true)
    player.press(.control("c"))
    #expect(player.effects.contains { if case .cancelChecks = $0 { true } else { false } })
    player.take(.checksEnded(Player.session, nil))
    player.press(.control("c"))
    #expect(player.effects.count { if case .cancelChecks = $0 { true } else { false } } == 1)
    player.press(.character("t"))
    #expect(runs(player) == 2)
  }

  @Test func `nothing approved is nothing to check`() {
    var player = player()
    player.press(.character("u"), .character("t"))
    #expect(runs(player) == 0 && player.state.checks == nil)
  }

  @Test func `the sheet is worked out anew when the checks end, whatever is shown then`() {
    var player = player()
    player.press(.character("C"), .character("t"), .character("T"))
    #expect(player.state.screen == .viewer)
    let before = plans(player)
    player.take(.checkEnded(Player.session, result(.passed)))
    player.take(.checksEnded(Player.session, nil))
    #expect(plans(player).count == before.count + 1)
    // A plan that was on its way has an older number, and is not taken.
    #expect(plans(player).last != before.last)
    #expect(player.state.commit?.phase == .ready)
    player.press(.character("q"))
    #expect(player.state.screen == .commit)
  }

  @Test func `their output grows on the screen, and who reads its end stays at the end`() {
    var player = player()
    player.press(.character("t"), .character("T"))
    let lines = (1...100).map { "line \($0)\n" }.joined()
    player.take(.checksPrinted(Player.session, Array(lines.utf8)))
    #expect(player.state.viewer?.text.lineCount == 100)
    let end = player.state.viewer?.top
    #expect(end.map { $0 > 50 } == true)
    player.press(.character("k"))
    player.take(.checksPrinted(Player.session, Array("more\nand more\n".utf8)))
    #expect(player.state.viewer?.text.lineCount == 102 && player.state.viewer?.top == end! - 1)
    player.press(.control("c"))
    #expect(player.effects.contains { if case .cancelChecks = $0 { true } else { false } })
  }

  @Test func `an approval of what is approved is recorded once`() {
    var player = player()
    let entries = player.review.ledger.entries
    player.press(.character("y"), .character("y"))
    #expect(player.review.ledger.entries == entries)
    player.press(.character("u"))
    #expect(player.review.total.approved == 0)
  }

  @Test func `while they run, no commit is asked for`() {
    var player = player()
    player.press(.character("C"), .character("t"), .character("C"))
    #expect(!player.effects.contains { if case .commit = $0 { true } else { false } })
    player.take(.checksEnded(Player.session, nil))
    player.press(.character("C"))
    #expect(player.effects.contains { if case .commit = $0 { true } else { false } })
  }

  @Test func `what is said is of the tree they began with`() {
    var player = player()
    player.press(.character("t"))
    player.take(.checksBegan(Player.session, tree: Self.tree))
    player.take(.checkEnded(Player.session, result(.passed, on: Self.other)))
    player.take(.checksEnded(Player.session, nil))
    #expect(player.state.message?.kind == .problem)
    player.press(.character("t"))
    player.take(.checksBegan(Player.session, tree: Self.tree))
    player.take(.checkEnded(Player.session, result(.passed)))
    player.take(.checksEnded(Player.session, nil))
    #expect(player.state.message?.kind == .success)
  }

  @Test func `a result that could not be recorded is no success`() {
    var player = player()
    player.press(.character("t"))
    player.take(.checksBegan(Player.session, tree: Self.tree))
    player.take(.checkEnded(Player.session, result(.passed)))
    player.take(.checksEnded(Player.session, "no space left"))
    #expect(player.state.message == StatusMessage(.problem, "no space left"))
  }

  @Test func `checks of another session are left alone here, and named`() throws {
    var player = player()
    let id = try #require(SessionID("another"))
    player.press(.character("t"))
    player.take(.checksProgressed(id, "theirs"))
    #expect(player.state.checks?.step != "theirs")
    player.take(.checksEnded(id, nil))
    #expect(player.state.checks?.isRunning == true)
  }

  @Test func `leaving while they run asks first`() {
    var player = player()
    player.press(.character("t"), .character("q"), .character("q"))
    #expect(
      player.state.overlay == .leaveWhileWorking(requests: 0, again: 0, unsent: 0, checks: true))
    player.press(.character("n"))
    #expect(!player.state.isLeaving)
    player.press(.character("q"), .character("y"))
    #expect(player.state.isLeaving)
  }
}
