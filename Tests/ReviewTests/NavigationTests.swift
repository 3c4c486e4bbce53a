// Moving about: every hunk is reached, the cursor never leaves the window.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct NavigationTests {
  /// A hunk by what it is about: file and first changed line.
  private struct Place: Hashable {
    let file: Int
    let changedLine: Int?
  }

  private func place(_ player: Player) -> Place {
    let review = player.review
    let line = review.currentHunk.flatMap { review.layout?.hunks[$0].changedLines.lowerBound }
    return Place(file: review.fileIndex, changedLine: line)
  }

  private func allPlaces(_ proposal: MadeProposal) -> Set<Place> {
    Set(
      proposal.files.indices.flatMap { index -> [Place] in
        let hunks = proposal.change(index)?.diff?.hunks() ?? []
        return hunks.isEmpty
          ? [Place(file: index, changedLine: nil)]
          : hunks.map { Place(file: index, changedLine: $0.changedLines.lowerBound) }
      })
  }

  @Test(arguments: 0..<20)
  func `the next and the previous hunk visit every hunk of every file`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let proposal = MadeProposal.random(&random)
    var player = Player.reviewing(proposal, size: random.pick([.wide, .usual, .least]))
    for (key, file) in [("]", proposal.files.count - 1), ("[", 0)] {
      var visited: Set<Place> = [place(player)]
      for _ in 0..<500 {
        let before = place(player)
        player.press(.character(Unicode.Scalar(key)!))
        visited.insert(place(player))
        if place(player) == before { break }
      }
      #expect(visited == allPlaces(proposal), "seed \(seed), key \(key)")
      #expect(player.review.fileIndex == file)
    }
  }

  @Test(arguments: 0..<20)
  func `the next undecided visits everything until all is rejected`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let proposal = MadeProposal.random(&random)
    var player = Player.reviewing(proposal, size: random.pick([.wide, .usual, .least]))
    let units = proposal.files.indices.reduce(0) { $0 + (proposal.change($1)?.unitCount ?? 0) }
    for _ in 0..<units where player.review.total.undecided + player.review.pendingCount > 0 {
      player.press(.character("x"))
    }
    #expect(player.review.total.undecided == 0, "seed \(seed): x alone must get through everything")
    #expect(player.review.pendingCount == 0)
    player.press(.tab)
    #expect(player.state.message?.kind == .success)
  }

  @Test(arguments: 0..<20)
  func `the cursor's row is in the window after any key and any resize`(_ seed: UInt64) {
    var random = SeededRandom(seed &+ 1_000)
    var player = Player.reviewing(.random(&random), size: random.size())
    for step in 0..<60 {
      if random.oneIn(10) { player.take(.resized(random.size())) }
      let key = random.key(RandomKeys.reading, in: player.state)
      player.press(key)
      let size = player.state.size
      let review = player.review
      guard !size.isTooSmall, let metrics = review.metrics(for: size) else { continue }
      var rows: Set<Int> = []
      metrics.forEachVisibleRow(from: review.top, height: review.geometry(for: size).bodyHeight) {
        _, row, _, _ in rows.insert(row)
      }
      #expect(
        rows.contains(review.cursor), "seed \(seed), step \(step): after \(key.name) at \(size)")
    }
  }

  @Test(arguments: ["ctrl-d", "PageDown", "j", "Down"], 0..<8)
  func `keys that go down never go up, and reach the end`(_ name: String, _ seed: UInt64) {
    var random = SeededRandom(seed &+ 2_000)
    var player = Player.reviewing(.random(&random), size: random.pick([.least, .usual]))
    player.press(.character("G"), .character("g"), .character("]"), .character("["))
    let key = RandomKeys.keys(name)[0]
    for _ in 0..<400 {
      let before = player.review
      player.press(key)
      let after = player.review
      guard after.fileIndex == before.fileIndex else {
        // Paging goes on to the next file.
        #expect(before.cursor == (before.layout?.rows.count ?? 0) - 1, "seed \(seed)")
        return
      }
      #expect(after.cursor >= before.cursor && after.top >= before.top, "seed \(seed)")
      if after.cursor == before.cursor, after.top == before.top { break }
    }
    #expect(player.review.cursor == (player.review.layout?.rows.count ?? 0) - 1, "seed \(seed)")
  }

  @Test(arguments: ["PageDown", "j"], 0..<10)
  func `reading on from the top draws every changed line`(_ name: String, _ seed: UInt64) {
    var random = SeededRandom(seed &+ 3_000)
    let proposal = MadeProposal.random(&random)
    var player = Player.reviewing(proposal, size: random.pick([.least, .usual, .wide]))
    let key = RandomKeys.keys(name)[0]
    for index in proposal.files.indices {
      while player.review.fileIndex < index { player.press(.character("}")) }
      player.press(.character("g"))
      for _ in 0..<600 {
        let before = player.review
        player.press(key)
        let after = player.review
        if after.fileIndex != before.fileIndex { break }
        if after.cursor == before.cursor, after.top == before.top { break }
      }
      guard let diff = proposal.change(index)?.diff else { continue }
      let seen = player.review.seen[index] ?? LineSelection()
      #expect(seen == .all(of: diff), "seed \(seed), file \(index): not everything was drawn")
    }
  }

  @Test func `an unplaced edit opens at the hunk nearest to where it could have been meant`() {
    let lines = { (changed: Set<Int>) in
      MadeSide((1...60).map { changed.contains($0) ? "changed \($0)\n" : "line \($0)\n" }.joined())
    }
    var proposal = MadeProposal([
      MadeFile("a", old: lines([]), new: lines([5, 30, 55])),
      MadeFile("b", old: lines([]), new: lines([9])),
    ])
    func item(_ path: String, _ line: Int?) -> UnplacedItem {
      UnplacedItem(
        path: Array(path.utf8), reason: "Not there.", text: [], wanted: [],
        places: line.map { [NearPlace(line: $0, text: [10])] } ?? [])
    }
    proposal.unplaced = [item("a", 33), item("b", nil), item("nowhere", 3)]
    var player = Player.reviewing(proposal, size: .wide)
    player.press(.character("U"), .enter)
    #expect(player.state.screen == .review)
    #expect(player.review.fileIndex == 0 && player.review.currentHunk == 1)
    player.press(.character("U"), .character("j"), .enter)
    #expect(player.review.fileIndex == 1 && player.review.currentHunk == 0)
    player.press(.character("U"), .character("j"), .enter)
    #expect(player.state.screen == .unplaced)
    #expect(player.state.message?.text.contains("does not have it") == true)
  }

  @Test func `an unplaced edit of a file that was not read yet opens there once it is read`() {
    let (old, new) = (
      MadeSide("1\n2\n3\n4\n5\n6\n7\n8\n9\n"), MadeSide("one\n2\n3\n4\n5\n6\n7\n8\nnine\n")
    )
    let names = (0..<9).map { "f\($0)" }
    var proposal = MadeProposal(names.map { MadeFile($0, old: old, new: new) })
    proposal.unplaced = [
      UnplacedItem(
        path: Array("f7".utf8), reason: "Not there.", text: [], wanted: [],
        places: [NearPlace(line: 7, text: [10])])
    ]
    let other = Player.reviewing(proposal, size: .wide)
    var player = Player.reviewing(proposal, size: .wide, readsFiles: false)
    player.press(.character("U"), .enter)
    #expect(player.review.fileIndex == 7 && player.review.currentChange == nil)
    #expect(
      player.effects.contains {
        if case .loadFile(_, index: 7, _) = $0 { true } else { false }
      })
    player.take(
      .fileLoaded(
        Player.session, index: 7, player.review.proposal.files[7], other.review.files[7]))
    #expect(player.review.currentHunk == 1)
  }

  @Test func `paging reaches the end of a last line that is broken into many rows`() {
    let end = (0..<120).map { "word\($0)" }.joined(separator: " ")
    let lines = (0..<20).map { "line \($0)\n" }.joined()
    var player = Player.reviewing(
      MadeProposal([MadeFile("a", old: MadeSide(lines), new: MadeSide(lines + end))]), size: .least)
    for _ in 0..<10 { player.press(.pageDown) }
    #expect(player.review.seen[0]?.contains(0) == true)
  }

  @Test func `a click on the file pane selects the file that is drawn there`() {
    let files = (10..<99).map { MadeFile("file\($0)", old: nil, new: MadeSide("\($0)\n")) }
    var player = Player.reviewing(MadeProposal(files), size: .wide)
    for index in 0..<60 {
      let pane = (2..<34).map { player.frame.grid.rowText($0).prefix(25) }
      #expect(pane.contains { $0.contains("file\(10 + index)") }, "the current file is not listed")
      player.press(.character("}"))
    }
    for row in [2, 9, 20, 33] {
      let drawn = player.frame.grid.rowText(row).prefix(25)
      player.press(.click(row: row, column: 5))
      let path = player.review.proposal.files[player.review.fileIndex].path
      #expect(drawn.contains(String(decoding: path.bytes, as: UTF8.self)), "row \(row): \(drawn)")
    }
  }

  @Test func `a layout has as many rows as there is change, however long the file is`() {
    func rows(_ lineCount: Int) -> Int {
      let old = (0..<lineCount).map { "line \($0)\n" }
      var new = old
      for line in [10, lineCount / 2, lineCount - 10] { new[line] = "changed\n" }
      let proposal = MadeProposal([
        MadeFile("long", old: MadeSide(old.joined()), new: MadeSide(new.joined()))
      ])
      let player = Player.reviewing(proposal, size: .wide)
      return player.review.layout?.rows.count ?? -1
    }
    #expect(rows(1_000) == rows(100_000))
  }
}
