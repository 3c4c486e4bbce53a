// Folds, context up to the whole file, whitespace and the scrollbar: what is shown and what counts as seen.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct FoldTests {
  private static func text(_ changed: [Int: String], count: Int = 60) -> MadeSide {
    MadeSide((0..<count).map { changed[$0] ?? "line \($0)\n" }.joined())
  }

  private static let proposal = MadeProposal([
    MadeFile("a", old: text([:]), new: text([15: "fifteen\n", 45: "forty-five\n"]))
  ])

  private func press(_ player: inout Player, _ names: String...) {
    for name in names { for key in RandomKeys.keys(name) { player.press(key) } }
  }

  /// The old lines that rows show, in order.
  private func shown(_ player: Player) -> [Int] {
    (player.review.layout?.rows ?? []).compactMap { row in
      switch row {
      case .context(let old, _): old
      case .change(let old, _, _, _): old
      case .hunkHeader, .rest, .mode, .whole, .comment: nil
      }
    }
  }

  /// Shown and folded lines together: always all of the file.
  private func lineCount(_ player: Player) -> Int {
    (player.review.layout?.rows ?? []).reduce(0) { count, row in
      switch row {
      case .context: count + 1
      case .change(let old, _, _, _): count + (old == nil ? 0 : 1)
      case .hunkHeader(_, let skipped): count + skipped
      case .rest(let rest): count + rest
      case .mode, .whole, .comment: count
      }
    }
  }

  @Test func `a fold above, between and below opens and closes where the cursor is`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    let closed = shown(player)
    press(&player, "z")
    #expect(shown(player) == Array(0..<19) + Array(42..<49))
    press(&player, "z")
    #expect(shown(player) == closed)
    press(&player, "]", "z")
    #expect(shown(player) == Array(12..<49))
    press(&player, "G", "z")
    #expect(shown(player) == Array(12..<60))
    press(&player, "g", "z")
    #expect(shown(player) == Array(0..<60))
  }

  @Test(arguments: 0..<12)
  func `whatever is folded, split and shown, every line of the file is somewhere`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 600)
    var player = Player.reviewing(.random(&random), size: random.pick([.least, .usual, .wide]))
    let keys = RandomKeys.keys(
      "z", "z", "z", "+", "-", "|", "s", "]", "[", "j", "k", "G", "g", "}", "w", "W", "c", "ctrl-d")
    for step in 0..<60 {
      let key = random.pick(keys)
      player.press(key)
      if player.state.overlay != nil { player.press(.character("x"), .enter) }
      guard let diff = player.review.currentChange?.diff, diff.changedLineCount > 0 else {
        continue
      }
      #expect(
        lineCount(player) == diff.old.lineCount, "seed \(seed), step \(step): \(key.name)")
      let lines = shown(player)
      #expect(lines == lines.sorted() && Set(lines).count == lines.count)
    }
  }

  @Test(arguments: ["|", "j"])
  func `opening and closing a fold keeps the cursor on its line`(_ mode: String) {
    var player = Player.reviewing(Self.proposal, size: .wide)
    press(&player, mode, "]")
    let line = player.review.changedLineAtCursor
    for _ in 0..<4 {
      press(&player, "z")
      #expect(player.review.changedLineAtCursor == line)
    }
  }

  @Test func `more context goes on up to the whole file, and less to none`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    for _ in 0..<12 { press(&player, "+") }
    #expect(player.state.message?.text == "The whole file is shown.")
    #expect(shown(player) == Array(0..<60) && player.review.layout?.hunks.count == 1)
    for _ in 0..<12 { press(&player, "-") }
    #expect(player.state.message?.text == "No unchanged lines are shown.")
    #expect(shown(player) == [15, 45] && player.review.layout?.hunks.count == 2)
  }

  @Test func `the whole file as one hunk is approved only when all of its changes were on screen`()
  {
    var player = Player.reviewing(Self.proposal, size: .least)
    for _ in 0..<12 { player.take(.key(.character("+"))) }
    for key in RandomKeys.keys("g", "y", "y") { player.take(.key(key)) }
    #expect(player.review.ledger.entries.isEmpty)
    var steps = 0
    while player.review.total.approved == 0, steps < 40 {
      press(&player, "y")
      steps += 1
    }
    #expect(steps > 1 && player.review.seen[0]?.count == 4)
  }

  @Test func `a change scrolled away by an opened fold is not seen by it`() {
    var player = Player.reviewing(Self.proposal, size: .least)
    press(&player, "g", "z")
    #expect(player.review.total.approved == 0)
    for key in RandomKeys.keys("]", "]", "y") { player.take(.key(key)) }
    #expect(player.review.ledger.entries.isEmpty, "the second hunk was not drawn")
  }

  @Test func `blanks drawn with signs change nothing of what is decided and seen`() {
    var player = Player.reviewing(Self.proposal, size: .usual)
    let (seen, rows) = (player.review.seen[0], player.review.layout?.rows)
    press(&player, "W")
    #expect(player.review.showsWhitespace)
    #expect(player.review.layout?.rows == rows && player.review.seen[0] == seen)
    press(&player, "W", "y")
    #expect(!player.review.showsWhitespace && player.review.total.approved == 1)
  }

  @Test func `what was cut at the edge is not seen, with all blanks signed or not`() {
    let long = (0..<60).map { "word\($0)" }.joined(separator: " ")
    let proposal = MadeProposal([MadeFile("a", old: nil, new: MadeSide("\(long)\n"))])
    var player = Player.reviewing(proposal, size: .usual)
    player.take(.resized(.usual))
    var fresh = Player.reviewing(proposal, size: .usual, readsFiles: false)
    fresh.take(.key(.character("w")))
    fresh.take(
      .fileLoaded(Player.session, index: 0, proposal.proposal.files[0], proposal.files[0]))
    fresh.take(.painted)
    for key in RandomKeys.keys("W", "y", "W", "y", "l", "y") { fresh.press(key) }
    #expect(fresh.review.ledger.entries.isEmpty)
    for key in RandomKeys.keys("w", "y") { fresh.press(key) }
    #expect(fresh.review.total.approved == 1)
  }

  // MARK: Scrollbar

  @Test(arguments: 0..<15)
  func `the scrollbar is as tall as the window, and marks window and hunks where they are`(
    _ seed: UInt64
  ) {
    var random = SeededRandom(seed &+ 700)
    var player = Player.reviewing(.random(&random), size: random.pick([.least, .usual, .wide]))
    for _ in 0..<40 {
      player.press(random.pick(RandomKeys.review))
      let (size, review) = (player.state.size, player.review)
      guard let layout = review.layout, let metrics = review.metrics(for: size) else { continue }
      let height = review.geometry(for: size).bodyHeight
      let cells = review.scrollbar(for: size)
      var visible: Set<Int> = []
      metrics.forEachVisibleRow(from: review.top, height: height) { _, row, _, _ in
        visible.insert(row)
      }
      guard visible.count < layout.rows.count else {
        #expect(cells.isEmpty, "everything is shown")
        continue
      }
      #expect(cells.count == height)
      let marked = cells.indices.filter { cells[$0].isInWindow }
      guard !marked.isEmpty else {
        Issue.record("the window is nowhere")
        continue
      }
      #expect(marked == Array(marked[0]...marked[marked.count - 1]), "the window is one piece")
      let isMarked = cells.contains { $0.standing != nil }
      #expect(isMarked == !layout.hunks.isEmpty)
      if layout.rows.count <= height {
        for (hunk, row) in layout.hunkRows.enumerated() {
          #expect(cells[row].standing == review.standing(ofHunk: hunk))
        }
      }
    }
  }

  @Test func `of several hunks in one cell the scrollbar shows what is left to decide`() {
    let changed = Dictionary(uniqueKeysWithValues: (0..<60).map { ($0 * 10 + 5, "changed\n") })
    var player = Player.reviewing(
      MadeProposal([
        MadeFile("a", old: Self.text([:], count: 600), new: Self.text(changed, count: 600))
      ]), size: .least)
    press(&player, "-", "-", "-")
    for _ in 0..<59 { press(&player, "x") }
    press(&player, "g")
    let cells = player.review.scrollbar(for: .least)
    #expect(cells.count(where: { $0.standing == .undecided }) == 1)
    #expect(cells.count(where: { $0.standing == .rejected }) == cells.count - 1)
  }

  @Test func `a click on the scrollbar goes there and decides nothing`() {
    let proposal = MadeProposal([
      MadeFile("a", old: nil, new: MadeSide((0..<300).map { "line \($0)\n" }.joined()))
    ])
    var player = Player.reviewing(proposal, size: .usual)
    let column = GridSize.usual.columns - 1
    player.press(.click(row: 21, column: column))
    #expect(player.review.cursor > 250)
    player.press(.click(row: 2, column: column))
    #expect(player.review.cursor < 20)
    press(&player, "ctrl-o")
    #expect(player.review.ledger.entries.isEmpty)
  }
}
