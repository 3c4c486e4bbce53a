// A prompt that is too long: what is proposed to stay out, and what is asked then.

import Approval
import CellGrid
import FilmStrip
import Review
import TestSupport
import Testing

@Suite struct PromptOverflowTests {
  private func overflow(
    _ sizes: [(String, Int)], named: Set<String> = [], tokens: Int, limit: Int
  ) -> PromptOverflow {
    let files = sizes.map { name, size in
      PromptOverflow.File(
        path: RepositoryPath(Array(name.utf8)), tokens: size, isNamed: named.contains(name))
    }
    return PromptOverflow(
      draft: RequestDraft(
        instruction: "x", files: files.map(\.path).sorted(), endpoint: "local"),
      replaced: nil, tokens: tokens, limit: limit, isExact: false, files: files)
  }

  private func dropped(_ overflow: PromptOverflow) -> Set<String> {
    Set(overflow.dropped.map { String(decoding: $0.bytes, as: UTF8.self) })
  }

  @Test func `as few files as can be are proposed, and what is named last`() {
    let sizes = [("a", 100), ("b", 300), ("c", 500)]
    #expect(dropped(overflow(sizes, tokens: 1000, limit: 920)) == ["a"])
    #expect(dropped(overflow(sizes, tokens: 1000, limit: 800)) == ["b"])
    #expect(dropped(overflow(sizes, tokens: 1000, limit: 300)) == ["c", "b"])
    #expect(dropped(overflow(sizes, named: ["c"], tokens: 1000, limit: 700)) == ["b"])
    #expect(dropped(overflow(sizes, named: ["c"], tokens: 1000, limit: 650)) == ["a", "b"])
    // One stays, whatever it is.
    let hopeless = overflow(sizes, tokens: 5000, limit: 10)
    #expect(hopeless.dropped.count == 2 && !hopeless.fits)
  }

  @Test func `whatever is proposed leaves one file, and fits where that can be`() {
    var random = SeededRandom(7)
    for _ in 0..<2000 {
      let sizes = (0..<random.below(6) + 1).map { ("f\($0)", random.below(400) + 1) }
      let named = Set(sizes.map(\.0).filter { _ in random.oneIn(3) })
      let rest = random.below(200)
      let all = sizes.reduce(rest) { $0 + $1.1 }
      let limit = random.below(all + 1)
      let made = overflow(sizes, named: named, tokens: all, limit: limit)
      #expect(made.dropped.count < sizes.count)
      #expect(made.tokensLeft >= rest)
      #expect(made.shorter.files.count == sizes.count - made.dropped.count)
      let smallest = sizes.map(\.1).min() ?? 0
      if named.isEmpty, rest + smallest <= limit, sizes.count > 1 { #expect(made.fits) }
    }
  }

  /// The ask screen with two files chosen, and the overflow of what stands there.
  private func asking() -> (Player, PromptOverflow) {
    var world = World()
    world.tracked = ["a", "b"].map { RepositoryPath($0) }
    let state = AppState(
      size: .usual,
      repository: RepositoryHeading(name: Array("r".utf8), branch: "main", head: "1"),
      ask: AskState())
    let endpoint = EndpointChoice(
      name: "local", address: "unix:/run/s", verdict: "LOCAL unix", isUsable: true, model: "m")
    var player = Player(
      Scene(state, world: world, opening: [.endpointsListed([endpoint])]), size: .usual)
    player.press(
      .character("n"), .character("x"), .tab, .space, .down, .space, .backTab)
    return (player, overflow([("a", 100), ("b", 300)], tokens: 500, limit: 250))
  }

  private func sent(_ player: Player) -> [[String]] {
    player.effects.compactMap {
      if case .ask(let draft, _) = $0 {
        draft.files.map { String(decoding: $0.bytes, as: UTF8.self) }
      } else {
        nil
      }
    }
  }

  @Test func `on the ask screen it is asked without what is dropped, and not while it is too long`()
  {
    var (player, overflow) = asking()
    player.take(.promptTooLong(overflow))
    guard case .tooLong(let shown)? = player.state.overlay else {
      Issue.record("nothing is offered")
      return
    }
    #expect(dropped(shown) == ["b"])
    player.press(.space)
    player.press(.enter)
    #expect(player.state.overlay != nil)
    #expect(player.state.message?.text.contains("too long still") == true)
    player.press(.space, .enter)
    #expect(player.state.overlay == nil)
    #expect(sent(player) == [["a"]])
  }

  @Test func `no key that is meant for something else sends anything`() {
    // The next instruction is being typed.
    var (player, overflow) = asking()
    player.press(.character("y"))
    player.take(.promptTooLong(overflow))
    player.press(.enter)
    #expect(player.state.overlay == nil && sent(player).isEmpty)
    // One that failed is offered on the key that asks anew.
    let id = Player.session
    let late = PromptOverflow(
      draft: overflow.draft, replaced: id, tokens: 500, limit: 250, isExact: true,
      files: overflow.files)
    player.press(.escape)
    player.take(
      .sessionsListed([
        SessionSummary(
          id: id, title: "x", standing: .failed("too long"), created: 1, verdict: "LOCAL unix",
          model: "m")
      ]))
    player.take(.promptTooLong(late))
    player.press(.enter, .space)
    #expect(player.state.overlay == nil && sent(player).isEmpty)
    player.press(.character("r"), .enter)
    #expect(sent(player) == [["a"]])
  }

  @Test func `a server that does not say how much it takes is offered anything shorter`() {
    let unknown = PromptOverflow(
      draft: RequestDraft(instruction: "x", files: [], endpoint: "e"), replaced: nil, tokens: 500,
      limit: nil, isExact: false,
      files: overflow([("a", 100), ("b", 300)], tokens: 500, limit: 1).files)
    #expect(dropped(unknown) == ["b"] && unknown.fits)
    // Refused, it is too long even where an estimate says that it is not.
    let refused = overflow([("a", 100), ("b", 300)], tokens: 200, limit: 250)
    #expect(refused.dropped.count == 1)
  }
}
