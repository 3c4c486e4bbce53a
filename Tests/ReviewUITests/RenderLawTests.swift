// Laws of every frame: any state at any size, full rows, printable cells, and only what was drawn counts as seen.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import ReviewUI
import Testing

@Suite struct RenderLawTests {
  private static let walkCount: UInt64 = Depth.isDeep ? 400 : 6

  @Test(arguments: 0..<walkCount)
  func `any state renders at any size, in full rows of printable cells`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 20_000)
    var proposal = MadeProposal.random(&random)
    if random.oneIn(3) { proposal.unplaced = SampleProposals.unplaced.unplaced }
    var player = Player.reviewing(proposal, size: random.size())
    player.answersRounds()
    for step in 0..<45 {
      if random.oneIn(4) { player.take(.resized(random.size())) }
      let key = random.key(RandomKeys.any, in: player.state)
      player.press(key)
      if random.oneIn(12) { player.take(.endpointsListed(Scenes.endpoints)) }
      let problem = Self.problem(of: player.frame, player.state.size)
      #expect(problem == nil, "seed \(seed), step \(step), \(key.name), \(player.state.size)")
    }
  }

  @Test(arguments: [
    (1, 1), (1, 200), (60, 1), (11, 40), (12, 39), (12, 40), (12, 99), (12, 100),
    (30, 101),
  ])
  func `every screen and question renders at the sizes where things change`(
    _ rows: Int, _ columns: Int
  ) {
    let size = GridSize(rows: rows, columns: columns)
    var scenes = [Scenes.empty(), Scenes.sessions(), Scenes.ask(), Scenes.ask([])]
    scenes += [
      SampleProposals.ordinary, SampleProposals.hostile, SampleProposals.wholes,
      SampleProposals.long, SampleProposals.unplaced, SampleProposals.nothingPlaced,
    ].map { Scenes.review($0) }
    for scene in scenes {
      for keys in ["", "?", "n", "C", "U", "A", "X", "}}!", "w", "f|"] {
        var player = Player(scene, size: .wide)
        for key in keys.unicodeScalars { player.press(.character(key)) }
        player.take(.resized(size))
        #expect(Self.problem(of: player.frame, size) == nil, "\(keys) at \(size)")
      }
    }
  }

  /// What is wrong with a frame, or nil.
  private static func problem(of frame: Frame, _ size: GridSize) -> String? {
    guard frame.grid.size == size else { return "the grid is \(frame.grid.size)" }
    if let cursor = frame.cursor,
      !(0..<size.rows).contains(cursor.row) || !(0..<size.columns).contains(cursor.column)
    {
      return "the cursor is at \(cursor)"
    }
    for row in 0..<size.rows {
      var columns = 0
      var wideBefore = false
      for cell in frame.grid.row(row) {
        guard cell.isRightHalf == wideBefore else { return "row \(row) has half a glyph" }
        wideBefore = cell.width == 2
        columns += cell.width
        if !cell.isRightHalf, !isPrintable(cell) { return "row \(row) holds \(cell.base.value)" }
      }
      guard columns == size.columns, !wideBefore else { return "row \(row) has \(columns) columns" }
    }
    return nil
  }

  private static func isPrintable(_ cell: Cell) -> Bool {
    switch cell.base.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .nonspacingMark, .enclosingMark:
      return false
    default: break
    }
    return DisplayWidth.of(cell.base) > 0
      && [cell.marks.first, cell.marks.second].allSatisfy {
        $0.map { DisplayWidth.of($0) == 0 } ?? true
      }
  }

  @Test(arguments: 0..<walkCount)
  func `a line counts as seen exactly when all of it stood on the screen`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 30_000)
    let proposal = MadeProposal.random(&random)
    var player = Player.reviewing(proposal, size: random.pick([.least, .usual, .wide]))
    var progress: [Int: Set<ChangedLine>] = [:]
    var reading = ReadingProgress()
    let keys = RandomKeys.reading.filter { $0 != .character("A") && $0 != .character("!") }
    for step in 0..<70 {
      let before = player.review
      if step > 0 {
        if random.oneIn(15) {
          player.take(.resized(random.pick([.least, .usual, .wide])))
          player.take(.painted)
        } else {
          player.press(random.key(keys, in: player.state))
        }
      }
      let review = player.review
      guard player.state.overlay == nil, let diff = review.currentChange?.diff else { continue }
      if review.wraps != before.wraps { reading = ReadingProgress() }
      reading.read(player.frame, review)
      progress[review.fileIndex, default: []].formUnion(reading.wholly)
      let drawn = progress[review.fileIndex] ?? []
      let seen = review.seen[review.fileIndex] ?? LineSelection()
      for line in seen.lines {
        #expect(
          drawn.contains(diff.changedLine(at: line)),
          "seed \(seed), step \(step): line \(diff.changedLine(at: line)) was not drawn in full")
      }
      var glance = ReadingProgress()
      glance.read(player.frame, review)
      for case .change(_, _, _, let changed) in review.layout?.rows ?? []
      where review.wraps && changed.allSatisfy({ glance.wholly.contains(diff.changedLine(at: $0)) })
      {
        #expect(
          changed.allSatisfy(seen.contains),
          "seed \(seed), step \(step): lines \(changed) were drawn in full")
      }
    }
  }

  @Test func `help lists every key of every screen`() {
    for context in KeyContext.allCases {
      var player = Player(
        Scenes.review(SampleProposals.unplaced), size: GridSize(rows: 60, columns: 120))
      switch context {
      case .review: break
      case .sessions: player.press(.character("q"))
      case .queue: player.press(.character("Q"))
      case .ask: player.press(.character("q"), .character("n"))
      case .unplaced: player.press(.character("U"))
      case .commit: player.press(.character("C"))
      case .viewer:
        player.take(.endpointsListed(Scenes.endpoints))
        player.take(
          .viewerReady(
            ViewerState(title: "log", note: "", text: TextFile([]), origin: .review)))
      }
      #expect(player.state.context == context)
      player.press(.function(1, []))
      var screen: Set<String> = []
      for _ in 0..<5 {
        let frame = player.frame
        screen.formUnion((0..<60).map { frame.grid.rowText($0) })
        player.press(.pageDown)
      }
      for binding in Keymap.standard.bindings(in: context) {
        let row = screen.first { row in
          row.contains(binding.command.summary.prefix(50))
            && row.split(whereSeparator: { $0 == " " || $0 == "│" })
              .contains(Substring(binding.keys.description))
        }
        #expect(row != nil, "\(context): \(binding.keys), \(binding.command)")
      }
    }
  }

  @Test(arguments: KeyContext.allCases)
  func `no bound key is dead: each changes the screen or asks for work somewhere`(
    _ context: KeyContext
  ) {
    let beginnings: [(scene: Scene, keys: [String])] = [
      (Scenes.sessions(), ["jj", "jjjjjjj", "G", "Gk"]),
      (Scenes.queue(), ["Q", "Qj", "Qjjj", "QG"]),
      (Scenes.ask(), ["n"]),
      (
        Scenes.review(SampleProposals.ordinary),
        ["", "}}", "}}jjj", "}}x", "}}xu", "}}w", "}}wll", "Cjjj"]
      ),
      (Scenes.review(SampleProposals.tall), ["jjjjj", "G"]),
      (Scenes.review(SampleProposals.unplaced), ["U", "Uj"]),
      (viewing(), ["", "G", "wll"]),
    ]
    var players: [Player] = []
    for (scene, keys) in beginnings {
      for keys in keys {
        var player = Player(scene, size: .least)
        for key in keys.unicodeScalars { player.press(.character(key)) }
        guard player.state.context == context else { continue }
        players.append(player)
        player.press(.pageDown)
        if player.state.context == context { players.append(player) }
      }
    }
    for binding in Keymap.standard.bindings(in: context) {
      let isAlive = players.contains { before in
        var player = before
        for key in binding.keys.keys { player.press(key) }
        let works = player.effects.dropFirst(before.effects.count).contains {
          if case .savePlace = $0 { false } else { true }
        }
        return works || player.frame != before.frame
      }
      #expect(isAlive, "\(context): \(binding.keys) does nothing for \(binding.command)")
    }
  }

  private func viewing() -> Scene {
    var scene = Scenes.review(SampleProposals.ordinary)
    let lines = (0..<90).map { "\($0) \(String(repeating: "word ", count: 20))\n" }.joined()
    scene.opening.append(
      .viewerReady(
        ViewerState(
          title: "log", note: "", text: TextFile(Array(lines.utf8)), origin: .review)))
    return scene
  }

  @Test func `a frame of a long file takes no more work than one of a short file`() {
    func cost(_ lineCount: Int) -> Duration {
      let old = (0..<lineCount).map { "line \($0)\n" }
      let new = old.enumerated().map { $0 % 50 == 7 ? "changed\n" : $1 }
      let proposal = MadeProposal([
        MadeFile("long", old: MadeSide(old.joined()), new: MadeSide(new.joined()))
      ])
      let player = Player.reviewing(proposal, size: .usual)
      let clock = ContinuousClock()
      return (0..<8).map { _ in clock.measure { _ = player.frame } }.min() ?? .zero
    }
    #expect(cost(12_000) < cost(1_000) * 8)
  }
}
