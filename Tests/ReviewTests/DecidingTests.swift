// Only keys decide, and every decision can be taken back.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct DecidingTests {
  @Test(arguments: 0..<15)
  func `undo takes every decision back, and redo makes it again`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 9_000)
    let proposal = MadeProposal.random(&random)
    var player = Player.reviewing(proposal, size: .usual)
    var standings = [standing(player)]
    for _ in 0..<80 {
      let count = player.review.ledger.decisionsInForce.count
      player.press(
        random.pick(RandomKeys.review.filter { $0 != .character("u") && $0 != .control("r") }))
      if player.review.ledger.decisionsInForce.count > count { standings.append(standing(player)) }
    }
    if player.state.overlay != nil { player.press(.escape) }
    for expected in standings.dropLast().reversed() {
      player.press(.character("u"))
      #expect(standing(player) == expected, "seed \(seed)")
    }
    for expected in standings.dropFirst() {
      player.press(.control("r"))
      #expect(standing(player) == expected, "seed \(seed)")
    }
  }

  private func standing(_ player: Player) -> [FileDecisions] {
    player.review.files.indices.map { player.review.ledger.decisions(forFile: $0) }
  }

  @Test(arguments: 0..<15)
  func `nothing but a key of the keyboard decides`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 11_000)
    var player = Player.reviewing(.random(&random), size: .wide)
    for _ in 0..<60 {
      player.press(random.pick(RandomKeys.any))
      let before = player.review.ledger.entries
      for event in bystanders(&random, player.state) { player.take(event) }
      #expect(player.review.ledger.entries == before, "seed \(seed)")
      // Rounds are recorded by who makes them.
      #expect(
        decisions(player.recordedEntries) == decisions(before),
        "seed \(seed): what is recorded is what stands")
    }
  }

  private func decisions(_ entries: [LedgerEntry]) -> [LedgerEntry] {
    entries.filter { if case .decision = $0 { true } else { false } }
  }

  /// Events that are no key press, with contents that would approve if they were.
  private func bystanders(_ random: inout SeededRandom, _ state: AppState) -> [Event] {
    let row = Int.random(in: 0..<40, using: &random)
    let column = Int.random(in: 0..<130, using: &random)
    return [
      .key(.click(row: row, column: column)), .key(.wheel(.down, row: row, column: column)),
      .key(.wheel(.up, row: row, column: column)), .key(.paste(Array("y".utf8))),
      .key(.paste(Array("yAy y\r\n".utf8))), .key(.resize), .key(.unknown("y")),
      .resized(random.pick([.wide, .usual, .least, GridSize(rows: 1, columns: 1)])),
      .resized(.wide), .sessionsListed(state.sessions.list), .messageEdited(Array("y\n".utf8)),
      .commitPrinted(Array("y".utf8)), .answerGrew(Player.session, Array("y".utf8)),
      .requestProgressed(Player.session, .placing),
      .sessionSettled(Player.session, .ready(files: 1, unplaced: 0)), .trackedFilesListed([]),
      .endpointsListed([]), .budgetComputed(nil), .noted(StatusMessage(.note, "y")),
      .commitFailed("y"),
      .fileLoaded(
        Player.session, index: 0,
        MadeProposal([MadeFile("y", old: nil, new: MadeSide("y"))]).proposal.files[0], .failed("y")),
    ]
  }

  @Test func `a paste does not type an acknowledgement`() {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: nil, new: MadeSide("x\u{202E}y\n"))]), size: .wide)
    player.press(.character("!"))
    guard case .acknowledge(_, let phrase, _) = player.state.overlay else {
      Issue.record("there is nothing to acknowledge")
      return
    }
    player.press(.paste(Array(phrase.utf8)), .enter)
    #expect(player.review.acknowledged.isEmpty)
    guard case .acknowledge = player.state.overlay else {
      Issue.record("the box has gone, and what is typed next would run as commands")
      return
    }
    for scalar in phrase.unicodeScalars { player.press(.character(scalar)) }
    player.press(.enter)
    #expect(!player.review.acknowledged.isEmpty)
    #expect(player.review.ledger.entries.isEmpty, "an acknowledgement is no approval")
    player.press(.character("y"))
    #expect(player.review.total.approved == 1)
  }

  @Test(arguments: ["y", "Space", "x", "A", "u", "ctrl-r"])
  func `no key decides once the ledger cannot be written`(_ name: String) {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    player.press(.space, .character("x"), .character("u"), .character("u"))
    let before = player.review.ledger.entries
    player.take(.recordingFailed(Player.session, "no space left"))
    for key in RandomKeys.keys(name, "y") {
      player.press(key)
      #expect(player.review.ledger.entries == before)
      #expect(player.state.message?.kind == .problem)
    }
  }

  @Test func `a question that was open when the ledger failed approves nothing`() {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    player.press(.character("A"))
    #expect(player.state.overlay != nil)
    player.take(.recordingFailed(Player.session, "no space left"))
    player.press(.character("y"))
    #expect(player.review.ledger.entries.isEmpty)
  }

  @Test(arguments: ["y", "Space", "x", "A"])
  func `no key decides while the screen is too small to show anything`(_ name: String) {
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide("1\n"), new: MadeSide("2\n"))]), size: .usual)
    player.take(.resized(GridSize(rows: 5, columns: 20)))
    player.press(RandomKeys.keys(name)[0], .character("y"))
    #expect(player.review.ledger.entries.isEmpty)
  }

  @Test func `a mode beside hunks is reached by approving on and on`() {
    var player = Player.reviewing(
      MadeProposal([MadeFile("run", old: MadeSide("a\n"), new: MadeSide("b\n", .executable))]),
      size: .usual)
    for _ in 0..<3 { player.press(.character("!"), .character("y")) }
    #expect(player.review.total.undecided == 0)
    #expect(player.review.ledger.decisions(forFile: 0).mode == .approved)
  }

  @Test func `a refusal goes to the uppermost row that was not drawn`() {
    let old = (0..<60).map { "line \($0)\n" }.joined()
    let new = (0..<60).map { "other \($0)\n" }.joined()
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide(old), new: MadeSide(new))]), size: .usual)
    player.press(.character("y"))
    guard let layout = player.review.layout, let seen = player.review.seen[0] else {
      Issue.record("nothing is drawn")
      return
    }
    let unseenAbove = layout.rows[..<player.review.cursor].contains { row in
      if case .change(_, _, _, let changed) = row {
        changed.contains { !seen.contains($0) }
      } else {
        false
      }
    }
    #expect(!unseenAbove)
  }

  @Test func `keys typed ahead of a frame approve nothing that it would have shown`() {
    let file = MadeFile(
      "a", old: nil, new: MadeSide((0..<60).map { "line \($0)\n" }.joined()))
    var player = Player.reviewing(MadeProposal([file]), size: .usual)
    for _ in 0..<8 { player.take(.key(.pageDown)) }
    for key in RandomKeys.keys("y", "Space", "A", "y") { player.take(.key(key)) }
    #expect(player.review.ledger.entries.isEmpty)
    for key in RandomKeys.keys("g", "PageDown", "PageDown", "PageDown", "PageDown", "y") {
      player.press(key)
    }
    #expect(player.review.total.approved == 1)
  }

  @Test(arguments: ["y", "Space", "A"])
  func `a file decided on as a whole, or a mode, is not approved before its frame`(_ name: String) {
    var player = Player.reviewing(
      MadeProposal([
        MadeFile("a", old: nil, new: MadeSide("text\n")),
        MadeFile("b", old: MadeSide([0]), new: MadeSide([0, 1])),
      ]), size: .usual)
    for key in RandomKeys.keys("}", name) { player.take(.key(key)) }
    #expect(player.review.fileIndex == 1)
    #expect(player.review.ledger.entries.isEmpty)
    player.take(.painted)
    player.press(.character("y"))
    #expect(player.review.ledger.decisions(forFile: 1).whole == .approved)
  }

  @Test func `a link is approved only once all of its target was on screen`() {
    let target = (0..<60).map { "directory\($0)/" }.joined()
    var player = Player.reviewing(
      MadeProposal([MadeFile("link", old: nil, new: MadeSide(target, .symlink))]), size: .least)
    player.press(.character("!"), .character("y"), .space, .character("A"))
    #expect(player.review.ledger.entries.isEmpty && player.review.acknowledged.isEmpty)
    for _ in 0..<20 { player.press(.pageDown) }
    for _ in 0..<3 { player.press(.character("!")) }
    player.press(.character("y"))
    #expect(player.review.total.approved == 1)
  }

  @Test func `part of a tall row does not count as drawn after the width changed`() {
    let line = (0..<700).map { "word\($0)" }.joined(separator: " ")
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: nil, new: MadeSide(line + "\n"))]),
      size: GridSize(rows: 12, columns: 44))
    for _ in 0..<60 { player.press(.character("j")) }
    player.take(.resized(GridSize(rows: 12, columns: 99)))
    player.take(.painted)
    #expect(player.review.seen[0]?.contains(0) != true)
  }
}
