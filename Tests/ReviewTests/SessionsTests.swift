// The start screen: nothing is thrown away by one key, nothing runs on unnoticed.

import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct SessionsTests {
  private func summary(_ name: String, _ standing: SessionStanding) -> SessionSummary {
    guard let id = SessionID(name) else { preconditionFailure("not a session name: \(name)") }
    return SessionSummary(
      id: id, title: name, standing: standing, created: 1, verdict: "LOCAL unix", model: "m")
  }

  private func player(_ sessions: [SessionSummary]) -> Player {
    let state = AppState(
      size: .usual,
      repository: RepositoryHeading(name: Array("r".utf8), branch: "main", head: "1"),
      ask: AskState())
    var world = World()
    world.sessions = sessions
    return Player(Scene(state, world: world, opening: [.sessionsListed(sessions)]), size: .usual)
  }

  private func isDiscarded(_ player: Player) -> Bool {
    player.effects.contains { if case .discardSession = $0 { true } else { false } }
  }

  private func hasLeft(_ player: Player) -> Bool {
    player.effects.contains { if case .quit = $0 { true } else { false } }
  }

  @Test(arguments: ["d", "n", "Esc", "Enter", "Space", "Y"])
  func `discarding asks, and only y says yes`(_ name: String) {
    var player = player([summary("one", .ready(files: 1, unplaced: 0))])
    player.press(.character("d"))
    player.press(RandomKeys.keys(name)[0])
    #expect(!isDiscarded(player))
    player.press(.character("d"), .character("y"))
    #expect(isDiscarded(player))
  }

  @Test func `a session the model works on is not discarded but cancelled first`() {
    var player = player([summary("one", .asking(.connecting))])
    player.press(.character("d"), .character("y"))
    #expect(!isDiscarded(player))
    player.press(.control("c"))
    #expect(player.effects.contains { if case .cancelRequest = $0 { true } else { false } })
  }

  @Test func `leaving asks while a model is at work, and not otherwise`() {
    var busy = player([summary("one", .asking(.placing)), summary("two", .cancelled)])
    busy.press(.character("q"))
    #expect(!hasLeft(busy))
    busy.press(.character("n"))
    #expect(!hasLeft(busy))
    busy.press(.character("q"), .character("y"))
    #expect(hasLeft(busy) && busy.state.isLeaving)
    var idle = player([summary("two", .cancelled)])
    idle.press(.character("q"))
    #expect(hasLeft(idle))
  }

  @Test func `leaving asks while a request is not put in yet`() {
    var player = player([summary("ready", .ready(files: 1, unplaced: 0))])
    player.take(.checkingRequests(1))
    player.press(.character("q"))
    #expect(
      player.state.overlay == .leaveWhileWorking(requests: 0, again: 0, unsent: 1, checks: false))
    player.press(.character("n"))
    #expect(!hasLeft(player))
    player.take(.checkingRequests(0))
    player.press(.character("q"))
    #expect(hasLeft(player))
  }

  @Test func `a new list keeps the selection on the same session`() {
    let sessions = ["one", "two", "three"].map { summary($0, .cancelled) }
    var player = player(sessions)
    player.press(.character("j"))
    player.take(.sessionsListed([summary("new", .asking(.connecting))] + sessions))
    #expect(player.state.sessions.current?.title == "two")
    player.take(.sessionsListed([]))
    #expect(player.state.sessions.current == nil)
    player.press(.character("j"), .character("G"), .character("d"), .enter)
    #expect(player.state.screen == .ask, "Enter on an empty list asks for a change")
  }

  @Test(arguments: [
    SessionStanding.asking(.connecting), .failed("why"), .cancelled, .discarded,
  ])
  func `what cannot be opened says why`(_ standing: SessionStanding) {
    var player = player([summary("one", standing)])
    player.press(.enter)
    #expect(player.state.screen == .sessions)
    #expect(player.state.message != nil)
    #expect(!player.effects.contains { if case .openSession = $0 { true } else { false } })
  }
}
