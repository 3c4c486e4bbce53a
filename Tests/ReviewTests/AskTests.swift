// Asking: what is sent is what was typed and chosen, and nothing is sent that cannot be.

import Approval
import CellGrid
import FilmStrip
import Review
import Testing

@Suite struct AskTests {
  private static let usable = EndpointChoice(
    name: "local", address: "unix:/run/s", verdict: "LOCAL unix", isUsable: true, model: "m")
  private static let refused = EndpointChoice(
    name: "cloud", address: "https://c.example.com", verdict: "outside", isUsable: false, model: "m"
  )

  private func player(
    _ endpoints: [EndpointChoice] = [usable], budget: PromptBudget? = nil
  ) -> Player {
    var world = World()
    world.tracked = ["b.swift", "a.swift", "deep/in/here/a.swift"].map { RepositoryPath($0) }
    world.budget = budget
    let state = AppState(
      size: .usual,
      repository: RepositoryHeading(name: Array("r".utf8), branch: "main", head: "1"),
      ask: AskState())
    var player = Player(
      Scene(state, world: world, opening: [.endpointsListed(endpoints)]), size: .usual)
    player.press(.character("n"))
    return player
  }

  private func sent(_ player: Player) -> [RequestDraft] {
    player.effects.compactMap { if case .ask(let draft, _) = $0 { draft } else { nil } }
  }

  private func type(_ text: String, _ player: inout Player) {
    for scalar in text.unicodeScalars { player.press(scalar == "\n" ? .enter : .character(scalar)) }
  }

  @Test func `a file named in the instruction is sent, shown first, and not taken away by a key`() {
    var player = player()
    type("Mend @b.swift", &player)
    player.press(.tab)
    #expect(player.state.ask.matches.first == RepositoryPath("b.swift"))
    player.press(.space)
    #expect(player.state.message?.kind == .note)
    player.press(.control("s"))
    #expect(sent(player).map(\.files) == [[RepositoryPath("b.swift")]])
  }

  @Test func `what is sent is the text typed, the files chosen, sorted, and the server shown`() {
    var player = player()
    type("two\nlines", &player)
    player.press(.tab, .space, .down, .down, .space, .control("s"))
    #expect(
      sent(player) == [
        RequestDraft(
          instruction: "two\nlines",
          files: [RepositoryPath("b.swift"), RepositoryPath("deep/in/here/a.swift")],
          endpoint: "local")
      ])
  }

  @Test func `a pasted instruction is taken as text, its line ends as line ends`() {
    var player = player()
    player.press(.paste(Array("y\tA\r\nsecond".utf8)))
    #expect(player.state.ask.instruction.text == "y A\nsecond")
    #expect(sent(player).isEmpty)
  }

  @Test
  func `without words, a server or a file nothing is sent, and the field that lacks is shown`() {
    var nothing = player()
    nothing.press(.control("s"))
    #expect(sent(nothing).isEmpty && nothing.state.ask.field == .instruction)
    for endpoints in [[], [Self.refused]] {
      var player = player(endpoints)
      type("x", &player)
      player.press(.control("s"))
      #expect(sent(player).isEmpty && player.state.ask.field == .model)
      #expect(player.state.message?.kind == .problem)
    }
    var fileless = player()
    type("x", &fileless)
    fileless.press(.control("s"))
    #expect(sent(fileless).isEmpty && fileless.state.ask.field == .files)
  }

  @Test func `a prompt over the budget is offered to be made shorter`() {
    for (tokens, isOffered) in [(101, true), (100, false)] {
      var player = player(budget: PromptBudget(tokens: tokens, limit: 100, isExact: true))
      type("x", &player)
      player.press(.tab, .space, .down, .space, .control("s"))
      if case .tooLong = player.state.overlay {
        #expect(isOffered)
      } else {
        #expect(!isOffered)
      }
    }
  }

  @Test
  func `a name behind an at is completed, and Tab goes on where there is nothing to complete`() {
    var player = player()
    type("see @deep", &player)
    #expect(player.state.ask.completions == [RepositoryPath("deep/in/here/a.swift")])
    player.press(.tab)
    #expect(player.state.ask.instruction.text == "see @deep/in/here/a.swift ")
    #expect(player.state.ask.goingAlong == [RepositoryPath("deep/in/here/a.swift")])
    #expect(player.state.ask.completions.isEmpty && player.state.ask.field == .instruction)
    player.press(.tab)
    #expect(player.state.ask.field == .files)
  }

  @Test func `a request that waits for its map is sent with it, unless a key is pressed meanwhile`()
  {
    for isPressed in [false, true] {
      var player = player()
      type("x", &player)
      player.press(.tab, .space, .control("t"), .control("s"))
      #expect(sent(player).isEmpty)
      if isPressed { player.press(.down) }
      let files = player.state.ask.goingAlong.sorted()
      player.take(
        .mapReady(
          ContextMap(
            commit: nil, files: files,
            parts: [ContextMap.Part(path: RepositoryPath("b.swift"), lines: [[0x78]])]
          )))
      #expect(sent(player).map(\.map) == (isPressed ? [] : [Array("b.swift\n  x\n".utf8)]))
    }
  }

  @Test func `the filter finds names before folders and keeps what was chosen`() {
    var player = player()
    player.press(.tab, .space)
    type("a.sw", &player)
    #expect(
      player.state.ask.matches == ["a.swift", "deep/in/here/a.swift"].map { RepositoryPath($0) })
    player.press(.enter)
    #expect(player.state.ask.chosen == Set(["a.swift", "b.swift"].map { RepositoryPath($0) }))
    #expect(player.state.ask.filter.isBlank)
  }

  @Test(arguments: [
    ("", "any/path", true), ("abc", "a/b/c", true), ("cba", "a/b/c", false),
    ("LED", "src/ledger", true),
    ("ledger", "ledge", false),
  ])
  func `a filter matches letters in order, whatever their case`(
    _ wanted: String, _ path: String, _ matches: Bool
  ) {
    #expect((FuzzyMatch.score(Array(wanted.utf8), in: Array(path.utf8)) != nil) == matches)
  }

  @Test func `leaving and coming back keeps what was typed`() {
    var player = player()
    type("half a thought", &player)
    player.press(.escape, .character("n"))
    #expect(player.state.ask.instruction.text == "half a thought")
  }
}
