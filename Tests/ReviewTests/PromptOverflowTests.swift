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

  @Test func `on the ask screen it is asked without what is dropped, and not while it is too long`()
  {
    let state = AppState(
      size: .usual,
      repository: RepositoryHeading(name: Array("r".utf8), branch: "main", head: "1"),
      ask: AskState())
    var player = Player(Scene(state, world: World(), opening: []), size: .usual)
    player.press(.character("n"))
    player.take(.promptTooLong(overflow([("a", 100), ("b", 300)], tokens: 500, limit: 250)))
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
    let sent = player.effects.compactMap { if case .ask(let draft, _) = $0 { draft } else { nil } }
    #expect(sent.map(\.files) == [[RepositoryPath(Array("a".utf8))]])
  }

  @Test func `elsewhere a sentence says so, and nothing is in the way`() {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("x\n"), new: MadeSide("y\n"))]), size: .usual)
    player.take(.promptTooLong(overflow([("a", 100), ("b", 300)], tokens: 500, limit: 250)))
    #expect(player.state.overlay == nil)
    #expect(player.state.message?.text.contains("the model takes 250") == true)
  }
}
