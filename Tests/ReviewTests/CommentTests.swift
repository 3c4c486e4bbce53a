// Comments: found again by what they are about, never dropped, and no way around reading before approving.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct CommentTests {
  private static func file(_ lines: [String]) -> TextFile {
    TextFile(Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  private static func diff(_ old: [String], _ new: [String]) -> FileDiff {
    FileDiff.between(file(old), file(new))
  }

  private static func anchor(
    _ line: Int, _ lines: [String], _ side: CommentAnchor.Side = .new
  ) -> CommentAnchor {
    CommentAnchor(side: side, line: line, lines: lines.map { Array("\($0)\n".utf8) })
  }

  private static func place(
    _ anchor: CommentAnchor?, _ diff: FileDiff?
  ) -> PlacedComment.Place {
    let comment = ReviewComment(
      id: 0, path: RepositoryPath("f"), anchor: anchor, text: "text", round: 1)
    return PlacedComment(comment, in: diff).place
  }

  @Test(arguments: [
    (0, 0), (1, 0), (2, 0), (3, 4), (4, 4), (5, 4), (6, 4), (7, 8), (8, 8), (50, 8),
  ])
  func `of several equal places a comment takes the nearest to where it was`(
    _ line: Int, _ expected: Int
  ) {
    let diff = Self.diff([], ["x", "1", "2", "3", "x", "5", "6", "7", "x"])
    // Halfway between two places either is as near.
    guard line != 2, line != 6 else { return }
    #expect(
      Self.place(Self.anchor(line, ["x"]), diff) == .lines(.new, expected..<expected + 1))
  }

  @Test(arguments: 0..<40)
  func `the place is one with the same lines, and there is no nearer one`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let lines = (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(["a", "b"]) }
    let length = Int.random(in: 1...3, using: &random)
    let wanted = (0..<length).map { _ in random.pick(["a", "b"]) }
    let line = Int.random(in: 0...14, using: &random)
    let matches = lines.indices.filter { start in
      start + length <= lines.count && Array(lines[start..<start + length]) == wanted
    }
    switch Self.place(Self.anchor(line, wanted), Self.diff([], lines)) {
    case .lines(.new, let range):
      #expect(matches.contains(range.lowerBound) && range.count == length)
      #expect(matches.allSatisfy { abs($0 - line) >= abs(range.lowerBound - line) })
    case .stale: #expect(matches.isEmpty)
    case .lines(.old, _), .file: Issue.record("another side")
    }
  }

  @Test func `a comment belongs to its side, its bytes and their line ends`() {
    let diff = Self.diff(["gone", "kept"], ["kept", "come"])
    #expect(Self.place(Self.anchor(0, ["gone"], .old), diff) == .lines(.old, 0..<1))
    #expect(Self.place(Self.anchor(0, ["gone"]), diff) == .stale)
    #expect(Self.place(Self.anchor(0, ["kept"]), diff) == .lines(.new, 0..<1))
    let unended = CommentAnchor(side: .new, line: 1, lines: [Array("come".utf8)])
    #expect(Self.place(unended, diff) == .stale)
    #expect(Self.place(nil, diff) == .file && Self.place(nil, nil) == .file)
    #expect(Self.place(Self.anchor(0, ["kept"]), nil) == .stale)
  }

  // MARK: On the screen

  private static func text(_ changed: [Int: String], count: Int = 60) -> MadeSide {
    MadeSide((0..<count).map { changed[$0] ?? "line \($0)\n" }.joined())
  }

  private static let proposal = MadeProposal([
    MadeFile("a", old: text([:]), new: text([5: "five\n", 50: "fifty\n"])),
    MadeFile("z.bin", old: MadeSide([0, 1]), new: MadeSide([0, 2])),
  ])

  private func press(_ player: inout Player, _ names: String...) {
    for name in names { for key in RandomKeys.keys(name) { player.press(key) } }
  }

  private func comment(_ player: inout Player, _ text: String, tabs: Int = 0) {
    player.press(.character("c"))
    for _ in 0..<tabs { player.press(.tab) }
    for scalar in text.unicodeScalars { player.press(.character(scalar)) }
    player.press(.enter)
  }

  private func commentRows(_ player: Player) -> [Int] {
    (player.review.layout?.rows ?? []).indices.filter {
      if case .comment = player.review.layout?.rows[$0] { true } else { false }
    }
  }

  @Test(arguments: ["|", "j"])
  func `a comment stands below the line it is about, in both modes`(_ mode: String) {
    var player = Player.reviewing(Self.proposal, size: .wide)
    press(&player, mode, "g", "]", "[")
    comment(&player, "why")
    let rows = player.review.layout?.rows ?? []
    guard let row = commentRows(player).first, commentRows(player).count == 1 else {
      Issue.record("no row, or several")
      return
    }
    guard case .change(_, let new, _, _) = rows[row - 1] else {
      Issue.record("it stands below \(rows[row - 1])")
      return
    }
    #expect(player.review.comments[0]?.anchor?.lines == [Array("five\n".utf8)] || new == nil)
  }

  @Test func `a comment is changed in its place, and withdrawn when it is emptied`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    comment(&player, "why")
    guard let row = commentRows(player).first else {
      Issue.record("no row")
      return
    }
    while player.review.cursor < row { press(&player, "j") }
    comment(&player, "?")
    #expect(player.review.comments.values.map(\.text) == ["why?"])
    press(&player, "c", "ctrl-u", "Enter")
    #expect(player.review.comments.isEmpty && commentRows(player).isEmpty)
    let kept = player.recorded.compactMap { note -> String? in
      if case .comment(let comment) = note { comment.text } else { nil }
    }
    #expect(kept == ["why", "why?", ""])
  }

  @Test func `an empty comment is not kept`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    press(&player, "c", "Space", "Enter")
    #expect(player.review.comments.isEmpty && player.recorded.isEmpty)
  }

  @Test func `Tab goes around what a comment can be about, from the line to the file`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    for (tabs, expected) in [(0, 1), (1, 1), (2, nil), (3, 1)] as [(Int, Int?)] {
      comment(&player, "about \(tabs)", tabs: tabs)
      let comment = player.review.comments.values.first { $0.text == "about \(tabs)" }
      #expect(comment != nil && comment?.anchor?.lines.count == expected)
      press(&player, "g", "]", "[")
    }
    press(&player, "v", "j", "j", "j", "j", "j", "j")
    comment(&player, "selected")
    let selected = player.review.comments.values.first { $0.text == "selected" }
    #expect((selected?.anchor?.lines.count ?? 0) >= 2)
  }

  @Test func `a comment whose lines are gone is shown as stale, and comes back with them`() {
    var player = Player.reviewing(Self.proposal, size: .wide)
    comment(&player, "why")
    player.edits { text in
      Array(String(decoding: text.text, as: UTF8.self).replacing("five\n", with: "six\n").utf8)
    }
    press(&player, "E")
    #expect(player.review.heading.round == 2 && player.review.comments.count == 1)
    #expect(player.review.layout?.comments.map(\.place) == [.stale])
    #expect(commentRows(player) == [(player.review.layout?.rows.count ?? 0) - 1], "at the end")
    press(&player, "u")
    #expect(player.review.layout?.comments.map(\.place) == [.lines(.new, 5..<6)])
  }

  @Test(arguments: ["-", "z", "|", "w", "W", "s"])
  func `every comment has exactly one row, whatever is shown`(_ name: String) {
    var player = Player.reviewing(Self.proposal, size: .wide)
    comment(&player, "line")
    comment(&player, "file", tabs: 2)
    press(&player, "g", "z", "j", "j")
    comment(&player, "in a fold")
    for _ in 0..<4 {
      press(&player, name)
      #expect(commentRows(player).count == 3)
    }
  }

  @Test func `comments stand in no way of a file decided on as a whole, however many there are`() {
    var player = Player.reviewing(Self.proposal, size: .usual)
    press(&player, "}")
    for number in 0..<30 { comment(&player, "comment \(number)") }
    #expect(player.review.comments.count == 30)
    // Opened again, it is asked for before it was on screen.
    var fresh = Player.reviewing(Self.proposal, size: .usual)
    let review = player.review
    fresh.take(.key(.character("}")))
    for comment in review.comments.values.sorted(by: { $0.id < $1.id }) {
      fresh.take(.key(.character("c")))
      for scalar in comment.text.unicodeScalars { fresh.take(.key(.character(scalar))) }
      fresh.take(.key(.enter))
    }
    fresh.take(.key(.character("g")))
    fresh.take(.painted)
    for _ in 0..<3 { press(&fresh, "y") }
    #expect(fresh.review.ledger.decisions(forFile: 1).whole == .approved)
  }

  @Test func `a comment longer than the window is scrolled through`() {
    var player = Player.reviewing(Self.proposal, size: .least)
    player.press(.character("c"))
    for number in 0..<30 {
      for scalar in "row \(number)".unicodeScalars { player.press(.character(scalar)) }
      player.press(.control("j"))
    }
    player.press(.enter)
    var rows: Set<String> = []
    press(&player, "g")
    for _ in 0..<80 {
      let frame = player.frame
      for row in 0..<12 { rows.insert(frame.grid.rowText(row)) }
      press(&player, "j")
    }
    for number in 0..<30 {
      #expect(rows.contains { $0.contains("row \(number) ") }, "row \(number) was never shown")
    }
  }

  @Test func `lines below a tall comment are not approved before they were on screen`() {
    let proposal = MadeProposal([
      MadeFile("a", old: nil, new: MadeSide((0..<12).map { "line \($0)\n" }.joined()))
    ])
    var player = Player.reviewing(proposal, size: .least)
    press(&player, "g", "j")
    player.press(.character("c"))
    for _ in 0..<20 { player.press(.character("t"), .control("j")) }
    player.press(.character("t"), .enter)
    press(&player, "y")
    let seen = player.review.seen[0] ?? LineSelection()
    #expect(player.review.total.approved == 0 || seen.count == 12)
    var steps = 0
    while player.review.total.approved == 0, steps < 60 {
      press(&player, "PageDown", "y")
      steps += 1
    }
    #expect(player.review.seen[0]?.count == 12 && player.review.total.approved == 1)
  }
}
