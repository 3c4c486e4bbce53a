// Searching, filtering, jumping and picking.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Testing

@Suite struct FindingTests {
  private static func lines(_ changed: [Int: String], count: Int = 40) -> MadeSide {
    MadeSide((0..<count).map { changed[$0] ?? "line \($0)\n" }.joined())
  }

  /// Three files with a needle in some removed, added and unchanged lines.
  private static let proposal = MadeProposal([
    MadeFile(
      "a.txt", old: lines([5: "old needle\n", 20: "Needle\n"]),
      new: lines([5: "new needle\n", 20: "Needle gone\n"])),
    MadeFile("b.txt", old: lines([3: "needle\n"]), new: lines([3: "another needle\n"])),
    MadeFile("c.txt", old: nil, new: MadeSide("one needle\ntwo\nthree NEEDLE\n")),
  ])

  private func player(_ size: GridSize = .wide) -> Player {
    Player.reviewing(Self.proposal, size: size)
  }

  private func press(_ player: inout Player, _ names: String...) {
    for name in names { for key in RandomKeys.keys(name) { player.press(key) } }
  }

  private func search(_ player: inout Player, _ text: String, everywhere: Bool = false) {
    player.press(.character("/"))
    if everywhere { player.press(.tab) }
    for scalar in text.unicodeScalars { player.press(.character(scalar)) }
    player.press(.enter)
  }

  private func place(_ player: Player) -> [Int] { [player.review.fileIndex, player.review.cursor] }

  /// The numbers in `Match 2 of 5 in 2 files.`
  private func match(_ player: Player) -> (place: Int, total: Int)? {
    let words = (player.state.message?.text ?? "").split(separator: " ")
    guard words.count > 3, words[0] == "Match" else { return nil }
    return Int(words[1]).flatMap { place in
      Int(words[3].filter(\.isNumber)).map { (place, $0) }
    }
  }

  @Test(arguments: [
    ("needle", "A Needle", true), ("needle", "NEEDLE", true), ("Needle", "needle", false),
    ("Needle", "a Needle", true), ("NEEDLE", "Needle", false), ("é", "É", false), ("é", "é", true),
    (" ", "ab", false), ("aab", "aaab", true), ("abc", "ab", false), ("", "ab", false),
  ])
  func `a text without capitals is found in either case, one with capitals as it is`(
    _ text: String, _ line: String, _ isFound: Bool
  ) {
    let found = SearchPattern(text)?.occurs(in: Array(line.utf8)[...]) ?? false
    #expect(found == isFound)
  }

  @Test(arguments: 0..<20)
  func `the places of a pattern are those of a plain search, without overlap`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let word = { (length: Int, random: inout SeededRandom) in
      String((0..<length).map { _ in random.pick(["a", "b", "A"]) as Character })
    }
    for _ in 0..<50 {
      let text = word(Int.random(in: 1...3, using: &random), &random)
      let prefix = Array("xx".utf8)
      let line = Array(word(Int.random(in: 0...12, using: &random), &random).utf8)
      let hasCapital = text.contains("A")
      let fold = { (bytes: [UInt8]) in hasCapital ? bytes : bytes.map { $0 == 65 ? 97 : $0 } }
      var expected: [Range<Int>] = []
      var offset = 0
      let (wanted, searched) = (fold(Array(text.utf8)), fold(line))
      while offset + wanted.count <= searched.count {
        if Array(searched[offset..<offset + wanted.count]) == wanted {
          expected.append(offset..<offset + wanted.count)
          offset += wanted.count
        } else {
          offset += 1
        }
      }
      // A slice of a longer array: offsets are into the line, not into the file.
      let slice = (prefix + line)[prefix.count...]
      #expect(SearchPattern(text)?.ranges(in: slice) == expected, "\(text) in \(line)")
    }
  }

  @Test(arguments: [true, false], ["|", "j"])
  func `n and N go around all matches, each once, and count them alike in both modes`(
    _ everywhere: Bool, _ mode: String
  ) {
    var player = player()
    press(&player, mode)
    search(&player, "needle", everywhere: everywhere)
    guard let first = match(player) else {
      Issue.record("\(player.state.message?.text ?? "no message")")
      return
    }
    var places = [place(player)]
    var numbers = [first.place]
    for _ in 1..<first.total {
      press(&player, "n")
      #expect(match(player)?.total == first.total, "the total does not change on the way")
      numbers.append(match(player)?.place ?? -1)
      places.append(place(player))
    }
    #expect(Set(places).count == first.total, "\(places)")
    #expect(numbers == (0..<first.total).map { (first.place - 1 + $0) % first.total + 1 })
    press(&player, "n")
    #expect(place(player) == places[0], "around the end")
    for expected in places.reversed() {
      press(&player, "N")
      #expect(place(player) == expected)
    }
    let files = Set(places.map { $0[0] })
    #expect(files == (everywhere ? [0, 1, 2] : [0]))
  }

  @Test(arguments: [["+"], ["-"], ["z"], ["|"], ["c", "l", "i", "n", "e", "Enter"]])
  func `a total stays true when more or other rows are shown`(_ names: [String]) {
    var player = player()
    search(&player, "line", everywhere: true)
    for name in names { press(&player, name) }
    press(&player, "n")
    guard let first = match(player) else {
      Issue.record("\(player.state.message?.text ?? "no message")")
      return
    }
    var places = [place(player)]
    for _ in 0..<500 {
      press(&player, "n")
      if place(player) == places[0] { break }
      places.append(place(player))
    }
    #expect(places.count == first.total && match(player)?.total == first.total)
  }

  @Test func `what is not there is said, and nothing moves`() {
    var player = player()
    let before = place(player)
    search(&player, "absent", everywhere: true)
    #expect(player.state.message?.text == "Not found in what is shown of any file.")
    press(&player, "n", "N")
    #expect(place(player) == before)
    press(&player, "Esc", "n")
    #expect(player.state.message?.text.hasPrefix("Nothing was searched for") == true)
  }

  @Test func `Esc in the prompt keeps the search of before`() {
    var player = player()
    search(&player, "needle")
    press(&player, "/", "x", "Esc", "n")
    #expect(match(player) != nil)
  }

  @Test func `a search decides nothing, whatever is typed and pasted`() {
    var player = player()
    player.press(.character("/"))
    for key in RandomKeys.keys("y", "x", "A", "u", "Space") { player.press(key) }
    player.press(.paste(Array("y\ny\n".utf8)))
    #expect(player.review.ledger.entries.isEmpty)
    press(&player, "Esc")
    #expect(player.state.overlay == nil && player.review.ledger.entries.isEmpty)
  }

  // MARK: Filter

  @Test func `a filter lists what passes, and files are gone through in its list`() {
    var player = player()
    press(&player, "F", "c", "Enter")
    #expect(player.review.paneFiles == [2] && player.review.fileIndex == 2)
    press(&player, "}")
    #expect(player.review.fileIndex == 2, "no other file is listed")
    press(&player, "F", "Esc")
    #expect(player.review.paneFiles == nil)
    press(&player, "{")
    #expect(player.review.fileIndex == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `files that a filter brings together are not loaded and let go of for ever`() {
    // Together far above the budget for contents, and far from each other in the proposal.
    let line = String(repeating: "x", count: 99) + "\n"
    let large = String(repeating: line, count: 40_000)
    let files = (0..<40).map { index in
      let isLarge = index % 13 == 0
      return MadeFile(
        "\(index + 10)-\(isLarge ? "large" : "small")", old: MadeSide(isLarge ? large : "a\n"),
        new: MadeSide(isLarge ? large + "y\n" : "b\n"))
    }
    var player = Player.reviewing(MadeProposal(files), size: .usual)
    func loads() -> Int { player.effects.count { if case .loadFile = $0 { true } else { false } } }
    let before = loads()
    press(&player, "F", "l", "a", "r", "g", "e", "Enter")
    #expect(player.review.paneFiles?.count == 4)
    for _ in 0..<3 { press(&player, "}") }
    #expect(loads() - before < 20)
  }

  @Test func `a filter that nothing passes lists all`() {
    var player = player()
    press(&player, "F", "z", "z", "Enter")
    #expect(player.review.paneFiles == nil && player.state.message != nil)
  }

  @Test func `undecided files leave the list as they are decided`() {
    var player = player()
    press(&player, "F", "Tab", "Enter")
    #expect(player.review.paneFiles == [0, 1, 2])
    press(&player, "x", "x")
    #expect(player.review.paneFiles == [1, 2])
    press(&player, "u")
    #expect(player.review.paneFiles == [0, 1, 2])
  }

  @Test func `the next undecided hunk is found outside the filter too`() {
    var player = player()
    press(&player, "F", "b", "Enter", "x")
    #expect(player.review.fileIndex != 1, "what is left to decide is not hidden by a filter")
  }

  // MARK: Jumps

  @Test func `jumps are gone back over and taken again`() {
    var player = player()
    let start = place(player)
    press(&player, "}", "}")
    let end = place(player)
    press(&player, "ctrl-o")
    #expect(player.review.fileIndex == 1)
    press(&player, "ctrl-o")
    #expect(place(player) == start)
    press(&player, "ctrl-o")
    #expect(place(player) == start && player.state.message?.text == "No jump to go back over.")
    press(&player, "ctrl-n", "ctrl-n")
    #expect(place(player) == end)
    press(&player, "ctrl-n")
    #expect(place(player) == end && player.state.message?.text == "No jump to take again.")
  }

  @Test func `a search is a jump`() {
    var player = player()
    let start = place(player)
    search(&player, "two", everywhere: true)
    #expect(player.review.fileIndex == 2)
    press(&player, "ctrl-o")
    #expect(place(player) == start)
  }

  // MARK: Pickers

  @Test func `a file is found by some of its letters`() {
    var player = player()
    press(&player, "ctrl-p", "c", "t", "Enter")
    #expect(player.review.fileIndex == 2)
    press(&player, "ctrl-o")
    #expect(player.review.fileIndex == 0)
  }

  @Test(arguments: KeyContext.allCases.filter { $0 != .ask })
  func `the palette offers every command of its screen and runs the one that is picked`(
    _ context: KeyContext
  ) {
    var state = player().state
    state.screen = context.screen
    let expected = Command.allCases.filter {
      CommandTable.entry(of: $0).contexts.contains(context) && $0 != .palette
    }
    #expect(Set(state.paletteCommands) == Set(expected))
  }

  @Test func `the palette approves only what the key would approve`() {
    var player = player(.least)
    // Typed ahead of any frame that shows the second hunk.
    for key in RandomKeys.keys("G", ":") { player.take(.key(key)) }
    for scalar in "approve-and-next".unicodeScalars { player.take(.key(.character(scalar))) }
    player.take(.key(.enter))
    #expect(player.review.ledger.decisionsInForce.allSatisfy { $0.verdict != .approved })
    player.take(.painted)
    press(&player, "g", "]", "[", ":")
    for scalar in "approve-and-next".unicodeScalars { player.press(.character(scalar)) }
    press(&player, "Enter")
    #expect(player.review.total.approved == 1)
  }
}

extension KeyContext {
  fileprivate var screen: ScreenKind {
    switch self {
    case .sessions: .sessions
    case .queue: .queue
    case .ask: .ask
    case .review: .review
    case .unplaced: .unplaced
    case .commit: .commit
    case .viewer: .viewer
    }
  }
}
