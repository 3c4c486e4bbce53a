// Presets and the user's own bindings: what is taken over, what is refused and why, and keys of several.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct KeymapBuildingTests {
  // MARK: Presets

  private static let everywhere = KeymapPreset.allCases.flatMap { preset in
    KeyContext.allCases.map { (preset, $0) }
  }

  @Test(arguments: everywhere)
  func `a preset binds no keys twice on a screen, nor keys that begin other keys`(
    _ preset: KeymapPreset, _ context: KeyContext
  ) {
    let bindings = preset.keymap.bindings(in: context)
    for (index, left) in bindings.enumerated() {
      for right in bindings[(index + 1)...] {
        #expect(!left.keys.collides(with: right.keys), "\(left) and \(right)")
      }
    }
  }

  @Test(arguments: everywhere)
  func `a preset binds on a screen only what does something there, and finds it by its keys`(
    _ preset: KeymapPreset, _ context: KeyContext
  ) {
    let keymap = preset.keymap
    for binding in keymap.bindings(in: context) {
      #expect(CommandTable.entry(of: binding.command).contexts.contains(context), "\(binding)")
      #expect(keymap.answer(to: binding.keys.keys, in: context) == .command(binding.command))
      for length in 1..<max(1, binding.keys.keys.count) {
        guard
          case .prefix(let longer) = keymap.answer(
            to: Array(binding.keys.keys.prefix(length)), in: context)
        else {
          Issue.record("\(binding.keys) cannot be reached")
          continue
        }
        #expect(longer.contains(binding))
      }
    }
  }

  @Test(arguments: everywhere)
  func `with a preset every screen can be left, explains itself, and moves`(
    _ preset: KeymapPreset, _ context: KeyContext
  ) {
    let keymap = preset.keymap
    let leaves = [Command.back, .quit].contains { keymap.keys(for: $0, in: context) != nil }
    #expect(leaves)
    var needed: [Command] = [.help, .redraw, .suspend]
    if context != .ask { needed += [.palette, .lineDown, .lineUp, .pageDown, .pageUp] }
    for command in needed { #expect(keymap.keys(for: command, in: context) != nil, "\(command)") }
  }

  @Test(arguments: KeymapPreset.allCases)
  func `with a preset every command of the review has a key or is in the palette`(
    _ preset: KeymapPreset
  ) {
    let proposal = MadeProposal([MadeFile("a", old: nil, new: MadeSide("a\n"))])
    let player = Player.reviewing(proposal, size: .usual, keymap: preset.keymap)
    let palette = player.state.paletteCommands
    for command in Command.allCases where CommandTable.entry(of: command).contexts.contains(.review)
    {
      let hasKey = preset.keymap.keys(for: command, in: .review) != nil
      #expect(hasKey || palette.contains(command), "\(command)")
    }
    let deciding: [Command] = [
      .approve, .approveAndNext, .reject, .undo, .redo, .nextUndecided, .selectLines, .comment,
      .askAgain, .commitSheet, .nextHunk, .previousHunk, .back, .cancelSelection, .search,
    ]
    for command in deciding {
      #expect(preset.keymap.keys(for: command, in: .review) != nil, "\(command) has no key")
    }
  }

  @Test(arguments: KeymapPreset.allCases)
  func `with a preset no key of the text fields is taken, and each binding has a name that is read`(
    _ preset: KeymapPreset
  ) {
    for binding in preset.keymap.bindings(in: .ask) {
      for key in binding.keys.keys { if case .character = key { Issue.record("\(binding)") } }
    }
    for context in KeyContext.allCases {
      for binding in preset.keymap.bindings(in: context) {
        #expect(KeySequence(parsing: binding.keys.description) == binding.keys)
      }
    }
  }

  @Test func `vim is another name of the default`() {
    for context in KeyContext.allCases {
      #expect(
        KeymapPreset.vim.keymap.bindings(in: context)
          == KeymapPreset.default.keymap.bindings(in: context))
    }
  }

  @Test(arguments: KeymapPreset.allCases)
  func `a walk with a preset's keys approves, rejects, undoes and leaves`(_ preset: KeymapPreset) {
    let keymap = preset.keymap
    var player = Player.reviewing(
      MadeProposal([
        MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n")),
        MadeFile("b", old: MadeSide("1\n"), new: MadeSide("2\n")),
      ]), size: .usual, keymap: keymap)
    func press(_ command: Command) {
      for key in keymap.keys(for: command, in: player.state.context)?.keys ?? [] {
        player.press(key)
      }
    }
    press(.approveAndNext)
    press(.reject)
    #expect(player.review.total.approved == 1 && player.review.total.rejected == 1)
    press(.undo)
    press(.undo)
    #expect(player.review.total.undecided == 2)
    press(.redo)
    #expect(player.review.total.approved == 1)
    press(.back)
    #expect(player.state.screen == .sessions)
    press(.quit)
    #expect(player.state.isLeaving)
  }

  // MARK: The user's bindings

  private func problem(
    _ written: (String, String)..., preset: KeymapPreset = .default
  ) -> BindingProblem? {
    do throws(BindingProblem) {
      _ = try Keymap(preset, written.map { WrittenBinding(keys: $0.0, command: $0.1) })
      return nil
    } catch {
      return error
    }
  }

  private func keymap(_ written: (String, String)..., preset: KeymapPreset = .default) throws
    -> Keymap
  {
    try Keymap(preset, written.map { WrittenBinding(keys: $0.0, command: $0.1) })
  }

  @Test func `keys, commands and screens that do not exist are named by their binding`() {
    #expect(problem(("j", "line-down"), ("hyper-x", "undo")) == .unknownKey(index: 1))
    #expect(problem(("", "undo")) == .unknownKey(index: 0))
    #expect(problem(("review:", "undo")) == .unknownKey(index: 0))
    #expect(problem(("j", "fly")) == .unknownCommand(index: 0))
    #expect(problem(("j", "line_down")) == .unknownCommand(index: 0))
    #expect(problem(("kitchen: j", "line-down")) == .unknownScreen(index: 0))
    #expect(problem(("commit: j", "split")) == .notThere(index: 0, .split))
    #expect(problem(("ask: ctrl-y", "undo")) == .notThere(index: 0, .undo))
  }

  @Test func `two bindings that want one key for two things are both named`() {
    #expect(
      problem(("p", "undo"), ("j", "line-down"), ("p", "redo"))
        == .conflict(index: 2, with: 0, .review))
    #expect(problem(("review: p", "undo"), ("commit: p", "commit")) == nil)
    #expect(problem(("p", "undo"), ("p", "undo")) == nil)
    #expect(
      problem(("review: p", "line-down"), ("p", "page-down"))
        == .conflict(index: 1, with: 0, .review))
  }

  @Test func `keys that begin other keys are a conflict in either order`() {
    #expect(
      problem(("ctrl-x", "redo"), ("ctrl-x u", "undo")) == .conflict(index: 1, with: 0, .review))
    #expect(
      problem(("ctrl-x u", "undo"), ("ctrl-x", "redo")) == .conflict(index: 1, with: 0, .review))
    #expect(
      problem(("ctrl-x", "undo"), ("ctrl-x u", "undo")) == .conflict(index: 1, with: 0, .review))
    #expect(problem(("ctrl-x u", "undo"), ("ctrl-x r", "redo")) == nil)
  }

  @Test func `a binding takes keys over from the preset, with all that they begin`() throws {
    let one = try keymap(("y", "reject"))
    #expect(one.command(for: .character("y"), in: .review) == .reject)
    #expect(one.keys(for: .reject, in: .review)?.description == "y", "the user's key is shown")
    #expect(one.keys(for: .approveAndNext, in: .review)?.description == "a")
    #expect(one.command(for: .character("x"), in: .review) == .reject, "other keys stay")
    let two = try keymap(("ctrl-x", "redo"), preset: .magit)
    #expect(two.command(for: .control("x"), in: .review) == .redo)
    #expect(two.answer(to: RandomKeys.keys("ctrl-x", "u"), in: .review) == .nothing)
    #expect(two.keys(for: .undo, in: .review)?.description == "ctrl-_")
    let three = try keymap(("g g", "top"))
    #expect(three.command(for: .character("g"), in: .review) == nil)
    #expect(three.answer(to: RandomKeys.keys("g", "g"), in: .viewer) == .command(.top))
  }

  @Test func `a colon is a key like others`() throws {
    let map = try keymap((":", "undo"), ("review: ;", "redo"))
    #expect(map.command(for: .character(":"), in: .review) == .undo)
    #expect(map.command(for: .character(":"), in: .viewer) == .palette)
    #expect(map.command(for: .character(";"), in: .review) == .redo)
  }

  @Test func `text stays text on the screen where a request is written`() throws {
    #expect(problem(("ask: x", "send")) == .typesText(index: 0, .ask))
    #expect(problem(("x", "send")) == .typesText(index: 0, .ask))
    #expect(problem(("ctrl-x x", "send")) == .typesText(index: 0, .ask))
    let map = try keymap(("H", "help"))
    #expect(map.command(for: .character("H"), in: .ask) == nil)
    #expect(map.command(for: .character("H"), in: .review) == .help)
    #expect(map.keys(for: .help, in: .ask)?.description == "F1")
  }

  @Test(arguments: ["Enter", "Backspace", "Left", "ctrl-a", "ctrl-w", "ctrl-u", "Space", "Up"])
  func `a key that edits text is not taken from the screen where a request is written`(
    _ name: String
  ) {
    #expect(problem(("ask: \(name)", "send")) == .typesText(index: 0, .ask))
  }

  @Test func `no binding locks the user in`() {
    #expect(
      problem(("review: q", "undo")) == .locksIn(index: 0, .review))
    #expect(problem(("q", "redo"), preset: .magit) == .locksIn(index: 0, .review))
    #expect(problem(("review: Q", "back"), ("review: q", "undo")) == nil)
    #expect(problem(("sessions: q", "discard")) == .locksIn(index: 0, .sessions))
    #expect(problem(("ask: Esc", "send")) == .locksIn(index: 0, .ask))
  }

  // MARK: Keys of several

  private func player(_ keymap: Keymap = KeymapPreset.magit.keymap) -> Player {
    Player.reviewing(
      MadeProposal([
        MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n")),
        MadeFile("b", old: MadeSide("1\n"), new: MadeSide("2\n")),
      ]), size: .usual, keymap: keymap)
  }

  private func press(_ player: inout Player, _ names: String...) {
    for name in names { for key in RandomKeys.keys(name) { player.press(key) } }
  }

  @Test func `keys of several wait for each other and then do what they are bound to`() {
    var player = player()
    press(&player, "s", "ctrl-x")
    #expect(player.state.pendingKeys == RandomKeys.keys("ctrl-x"))
    #expect(player.review.total.approved == 1)
    press(&player, "u")
    #expect(player.state.pendingKeys.isEmpty && player.review.total.approved == 0)
    press(&player, "ctrl-x", "ctrl-u")
    #expect(player.review.total.approved == 1)
  }

  @Test(arguments: ["s", "k", "y", "Space", "Enter", "x"])
  func `a continuation that is bound to nothing says so and decides nothing`(_ name: String) {
    var player = player()
    press(&player, "ctrl-x", name)
    #expect(player.state.pendingKeys.isEmpty && player.review.ledger.entries.isEmpty)
    #expect(player.state.message?.text == "ctrl-x \(name) is bound to nothing here.")
  }

  @Test func `Esc ends what was begun, and nothing else`() {
    var player = player()
    press(&player, "ctrl-@")
    #expect(player.review.mark != nil)
    press(&player, "ctrl-x", "Esc")
    #expect(player.state.pendingKeys.isEmpty && player.state.message == nil)
    #expect(player.review.mark != nil, "the selection is still open")
    press(&player, "u")
    #expect(player.state.pendingKeys.isEmpty)
  }

  @Test func `a mouse or a paste between two keys ends what was begun`() {
    let between: [Key] = [
      .paste(Array("u".utf8)), .wheel(.down, row: 3, column: 3), .click(row: 4, column: 3),
    ]
    for key in between {
      var player = player()
      press(&player, "s", "ctrl-x")
      player.press(key)
      #expect(player.state.pendingKeys.isEmpty, "\(key.name)")
      press(&player, "ctrl-u")
      #expect(player.state.message?.text.contains("ctrl-x") != true, "\(key.name)")
    }
  }

  @Test func `what was begun on one screen does not go on on another`() {
    var player = player()
    press(&player, "ctrl-x")
    player.take(
      .viewerReady(ViewerState(title: "log", note: "", text: TextFile([]), origin: .review)))
    #expect(player.state.screen == .viewer)
    press(&player, "q")
    #expect(player.state.screen == .review, "q leaves; it does not go on with ctrl-x")
  }
}
