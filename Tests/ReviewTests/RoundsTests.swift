// Further rounds in the review: what stays, what comes back undecided, and what happens while two versions are compared.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct RoundsTests {
  private static func text(_ changed: [Int: String], count: Int = 60) -> MadeSide {
    MadeSide((0..<count).map { changed[$0] ?? "line \($0)\n" }.joined())
  }

  /// Two files: one with two hunks far apart, one that stays as it is.
  private static let proposal = MadeProposal([
    MadeFile("a", old: text([:]), new: text([5: "five\n", 50: "fifty\n"])),
    MadeFile("b", old: MadeSide("1\n"), new: MadeSide("2\n")),
  ])

  /// A review in which the editor writes `line` in the place of the first changed line.
  private func player(writing line: String = "written\n", size: GridSize = .usual) -> Player {
    var player = Player.reviewing(Self.proposal, size: size)
    player.edits { text in
      Array(String(decoding: text.text, as: UTF8.self).replacing("five\n", with: line).utf8)
    }
    return player
  }

  private func press(_ player: inout Player, _ names: String...) {
    for name in names { for key in RandomKeys.keys(name) { player.press(key) } }
  }

  @Test
  func `an edit makes a round in which its hunk is undecided and every other decision stands`() {
    var player = player()
    press(&player, "y", "y", "y", "[", "[", "[")
    #expect(player.review.total.approved == 3)
    press(&player, "E")
    #expect(player.review.heading.round == 2 && player.review.total.approved == 2)
    #expect(player.review.total.undecided == 1)
    #expect(player.review.currentChange?.diff?.new.lineContent(5) == Array("written".utf8)[...])
    press(&player, "u")
    #expect(player.review.heading.round == 1 && player.review.total.approved == 3)
    press(&player, "ctrl-r")
    #expect(player.review.heading.round == 2 && player.review.total.approved == 2)
  }

  @Test func `an edit that changes nothing makes no round`() {
    var player = player(writing: "five\n")
    press(&player, "E")
    #expect(
      player.review.heading.round == 1 && player.state.message?.text == "Nothing was changed.")
  }

  @Test func `an edit that takes back the whole change takes the file out of the round`() {
    var player = player()
    player.edits { _ in Array("1\n".utf8) }
    press(&player, "}", "E")
    #expect(player.review.proposal.files.map(\.path) == [RepositoryPath("a")])
  }

  @Test func `what was seen stays seen where it is the same change, and nothing else is`() {
    var player = player()
    press(&player, "]", "}", "{")
    #expect(player.review.seen[0]?.count == 4)
    press(&player, "E")
    // Not painted yet: only what is the same was drawn before.
    var fresh = Player.reviewing(Self.proposal, size: .usual)
    fresh.edits { _ in Array("other\n".utf8) }
    for key in RandomKeys.keys("]", "[") { fresh.press(key) }
    fresh.take(.key(.character("E")))
    let review = fresh.review
    #expect(review.heading.round == 2)
    let diff = review.currentChange?.diff
    for line in review.seen[0]?.lines ?? [] {
      guard let changed = diff?.changedLine(at: line) else { continue }
      #expect(changed.line >= 40, "the edited hunk was not drawn yet")
    }
    #expect(review.seen[0]?.count == 2, "the other hunk was drawn in the round before")
  }

  @Test(arguments: ["y", "Space"])
  func `a key typed ahead of the frame of a new round approves nothing of what is new there`(
    _ name: String
  ) {
    var player = player()
    player.take(.key(.character("E")))
    for key in RandomKeys.keys(name, name) { player.take(.key(key)) }
    #expect(player.review.heading.round == 2)
    #expect(player.review.ledger.decisionsInForce.isEmpty)
  }

  @Test func `beside a comparison nothing is decided, and leaving it is as if it had not been`() {
    var player = player()
    press(&player, "x", "[", "[", "E", "i")
    guard case .rounds(from: 1, to: 2) = player.state.comparison?.kind else {
      Issue.record("no comparison is shown")
      return
    }
    let entries = player.recordedEntries
    press(
      &player, "y", "x", "Space", "A", "u", "ctrl-r", "s", "c", "E", "r", "R", "C", "o", "!", "X")
    #expect(player.recordedEntries == entries && player.state.screen == .review)
    #expect(player.state.overlay == nil)
    press(&player, "i")
    #expect(player.state.comparison == nil && player.review.heading.round == 2)
  }

  /// A text that was asked for from the review, as the workstation hands it over.
  private static let prompt = Event.viewerReady(
    ViewerState(title: "prompt", note: "", text: TextFile([]), origin: .review))

  @Test func `what is folded in a text comes and goes, and a text without it says so`() {
    var viewer = ViewerState(
      title: "x", note: "", text: TextFile(Array("a\n▸\nc\n".utf8)), origin: .review)
    viewer.other = TextFile(Array("a\n▾\nb\nb\nc\n".utf8))
    var player = player()
    player.take(.viewerReady(viewer))
    #expect(player.state.viewer?.isFolded == true)
    press(&player, "z", "G")
    #expect(player.state.viewer?.isFolded == false && player.state.viewer?.text.lineCount == 5)
    press(&player, "z")
    #expect(player.state.viewer?.isFolded == true && player.state.viewer?.text.lineCount == 3)
    #expect((player.state.viewer?.top ?? 9) < 3)
    press(&player, "q")
    player.take(Self.prompt)
    press(&player, "z")
    #expect(player.state.message?.kind == .note && player.state.viewer?.other == nil)
  }

  @Test func `the question goes round the endpoints, and explaining can be asked for`() {
    var player = player()
    var fresh = player.review
    fresh.otherEndpointsToAsk = ["b at 2", "c at 3"]
    player.take(.sessionOpened(fresh))
    press(&player, "r")
    guard case .askAgain(let asked) = player.state.overlay else {
      Issue.record("no question")
      return
    }
    #expect(asked.endpoints == [asked.endpoint, "b at 2", "c at 3"] && !asked.explainsFirst)
    var seen: [String] = []
    for _ in 0..<3 {
      press(&player, "m")
      if case .askAgain(let next) = player.state.overlay { seen.append(next.endpoint) }
    }
    #expect(seen == ["b at 2", "c at 3", asked.endpoint])
    press(&player, "e")
    guard case .askAgain(let explaining) = player.state.overlay else {
      Issue.record("the question is gone")
      return
    }
    #expect(explaining.explainsFirst)
    press(&player, "Esc")
    // Two versions were not what was wanted.
    fresh.askedCounts[asked.path] = 1
    player.take(.sessionOpened(fresh))
    press(&player, "r")
    guard case .askAgain(let later) = player.state.overlay else {
      Issue.record("no question")
      return
    }
    #expect(later.explainsFirst && later.endpoint == asked.endpoint)
  }

  @Test func `a question waits behind its prompt, and is not lost when none comes`() {
    var player = player()
    press(&player, "r", "+", "p")
    guard case .askAgain(let asked) = player.state.overlay else {
      Issue.record("the question is gone before its prompt is there")
      return
    }
    player.take(.noted(StatusMessage(.problem, "The file cannot be read.")))
    #expect(player.state.overlay == .askAgain(asked))
    player.take(Self.prompt)
    #expect(player.state.screen == .viewer && player.state.overlay == nil)
    press(&player, "q")
    #expect(player.state.screen == .review && player.state.overlay == .askAgain(asked))
    press(&player, "Esc")
    player.take(Self.prompt)
    press(&player, "q")
    #expect(player.state.screen == .review && player.state.overlay == nil)
  }

  @Test func `a file that is read while two rounds are compared is there afterwards`() {
    var player = Player.reviewing(Self.proposal, size: .usual, readsFiles: false)
    let other = Player.reviewing(Self.proposal, size: .usual)
    player.take(.loaded(other, 0))
    player.take(
      .candidatesReady(
        Player.session, RepositoryPath("a"),
        [
          CandidateVersion(
            round: 2, state: FileState(mode: .regular, blob: Self.proposal.proposal.tree),
            content: Array("other\n".utf8))
        ], from: .first))
    #expect(player.state.comparison != nil)
    player.take(.loaded(other, 1))
    press(&player, "q")
    #expect(player.state.comparison == nil)
    #expect(player.review.pendingCount == 0 && player.review.total.undecided == 3)
  }

  @Test func `a file that was asked for in another round is not taken for that of this one`() {
    var player = player()
    let before = player
    press(&player, "E")
    let after = player.review
    var unread = Player.reviewing(Self.proposal, size: .usual, readsFiles: false)
    unread.take(.sessionOpened(after.unread))
    unread.take(.loaded(before, 0))
    #expect(unread.review.currentChange == nil, "this is the file of round 1")
    unread.take(.loaded(player, 0))
    #expect(unread.review.currentChange?.file == after.proposal.files[0])
  }

  @Test func `what happens to the session while two rounds are compared holds afterwards`() {
    var player = player()
    press(&player, "E", "i")
    player.take(.baseMoved(Player.session, tip: "abc"))
    player.take(.versionCount(Player.session, 7))
    player.take(.recordingFailed(Player.session, "no space left"))
    press(&player, "q")
    #expect(player.review.movedTip == "abc" && player.review.roundCount == 7)
    press(&player, "x")
    #expect(player.review.ledger.decisionsInForce.isEmpty, "the ledger cannot be written")
  }

  @Test(arguments: ["q", "Enter"])
  func `a screen that changed its width during a comparison finds the review laid out for it`(
    _ name: String
  ) {
    var player = player(size: .wide)
    press(&player, "E", ">")
    guard case .candidates = player.state.comparison?.kind else {
      Issue.record("no version is shown")
      return
    }
    player.take(.resized(.usual))
    // Taking a version asks for a round; until it is there the review is drawn as it is.
    player.stopAnswering()
    press(&player, name)
    #expect(player.state.comparison == nil)
    #expect(player.review.layout?.mode == player.review.mode(for: .usual))
  }

  @Test func `a version that is taken is a round of its own, undecided`() {
    var player = player()
    press(&player, "E", "y", "[", ">", "Enter")
    #expect(player.review.heading.round == 3)
    #expect(player.review.currentChange?.diff?.new.lineContent(5) == Array("five".utf8)[...])
    #expect(player.review.total.approved == 0)
    press(&player, "u", "u")
    #expect(player.review.heading.round == 2 && player.review.total.undecided == 3)
  }

  @Test func `what is approved is not asked for again`() {
    var player = player()
    press(&player, "y", "[", "r")
    #expect(player.state.overlay == nil && player.state.message != nil)
    press(&player, "]", "R")
    guard case .askAgain(let draft) = player.state.overlay else {
      Issue.record("nothing is asked")
      return
    }
    #expect(draft.lines == [2, 3])
  }

  @Test func `a comment goes along with what it is about, and with no other hunk`() {
    var player = player()
    press(&player, "c", "a", "Enter", "]", "r")
    guard case .askAgain(let other) = player.state.overlay else {
      Issue.record("nothing is asked")
      return
    }
    #expect(other.comments.isEmpty)
    press(&player, "Esc", "[", "r")
    guard case .askAgain(let draft) = player.state.overlay else {
      Issue.record("nothing is asked")
      return
    }
    #expect(draft.comments == [0])
  }

  @Test func `on a moved base unchanged hunks stay, and are shown again before a commit`() {
    var player = player()
    press(&player, "y", "y", "y")
    player.take(.baseMoved(Player.session, tip: "abc"))
    press(&player, "B")
    #expect(player.review.ledger.hasMovedBase && player.review.total.approved == 3)
    player.take(.key(.character("g")))
    press(&player, "C")
    var steps = 0
    while player.state.screen != .commit, steps < 10 {
      press(&player, "C")
      steps += 1
    }
    #expect(steps > 0 && player.state.screen == .commit)
    for index in player.review.files.indices {
      #expect(player.review.seen[index]?.isEmpty == false)
    }
    // The ledger says so too, once.
    func shownCount() -> Int {
      player.effects.reduce(0) { count, effect in
        guard case .record(_, let notes) = effect else { return count }
        return count + notes.count { if case .shown = $0 { true } else { false } }
      }
    }
    let before = shownCount()
    #expect(before == 6)
    press(&player, "q", "C")
    #expect(player.state.screen == .commit && shownCount() == before)
  }

  @Test func `a round made after the base has moved does not count the old base as shown`() {
    var player = player()
    press(&player, "y", "y", "y", "[", "[", "[")
    player.take(.baseMoved(Player.session, tip: "abc"))
    // Typed ahead of every frame of the new base.
    player.take(.key(.character("B")))
    player.take(.key(.character("E")))
    #expect(player.review.heading.round == 3 && player.review.total.approved == 2)
    #expect(!player.review.ledger.hasMovedBase)
    #expect(player.review.ledger.decisionsFromOtherBases.count == 2)
    player.take(.key(.character("C")))
    #expect(player.state.screen == .review)
    #expect(player.state.message?.text.contains("not on screen yet") == true)
    // What is approved here is of this base.
    press(&player, "[", "[", "[", "y")
    #expect(player.review.ledger.decisionsFromOtherBases.count == 2)
    var steps = 0
    while player.state.screen != .commit, steps < 10 {
      press(&player, "C")
      steps += 1
    }
    #expect(player.state.screen == .commit)
  }
}

extension Event {
  /// A file that was read, as the review of `player` has it.
  fileprivate static func loaded(_ player: Player, _ index: Int) -> Event {
    .fileLoaded(
      Player.session, index: index, player.review.proposal.files[index], player.review.files[index])
  }
}

extension ReviewState {
  /// The same review as it is opened, with no file read.
  fileprivate var unread: ReviewState {
    ReviewState(heading: heading, ledger: ledger, unplaced: unplaced, placements: placements)
  }
}
