// An edit that could not be placed, put in by hand in the editor.

import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct UnplacedByHandTests {
  /// One edit of a file that nothing else changes, which quotes what is not there.
  private static let answer =
    "I do.\n\nsrc/b.txt\n<<<<<<< SEARCH\nb lime 5\n=======\nb line five\n>>>>>>> REPLACE\n\n"
    + AskedAnswer.edit

  private func terminal(_ scratch: Scratch, editor: String) throws -> PseudoTerminal {
    let terminal = try scratch.terminal(
      ["open", try scratch.onlySession()], environment: ["EDITOR": editor])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    return terminal
  }

  @Test func `it becomes a round, undecided, by hand, and is no longer among the unplaced`() throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try Scratch(asking: server)
    let asked = try scratch.ask("src/a.txt", "src/b.txt")
    #expect(asked.text.contains("1 edit not placed"), "\(asked.problem)")
    let session = try scratch.onlySession()

    // An editor that loses the divider: what was written is shown, and nothing is taken over.
    let careless = try terminal(scratch, editor: "sed -i -e '2,$d' -e 's/.*/mine/'")
    try careless.send("E")
    try careless.waitFor(text: "What you wrote; nothing of it was taken over")
    #expect(careless.shows("mine"))
    try careless.send("q")
    try careless.waitFor(text: "1 of 1")
    try careless.send("q")
    try careless.leave()

    // An editor that changes the block, not the file.
    let mistaken = try terminal(scratch, editor: "sed -i '1s/^/mine /'")
    try mistaken.send("E")
    try mistaken.waitFor(text: "Only what stands below the line counts")
    #expect(mistaken.shows("mine "))
    try mistaken.send("q")
    try mistaken.waitFor(text: "1 of 1")
    try mistaken.send("q")
    try mistaken.leave()

    let careful = try terminal(scratch, editor: "sed -i 's/^b line 5$/b line five/'")
    try careful.send("E")
    try careful.waitFor(text: "Your edit, round 2, undecided")
    try careful.send("}")
    try careful.waitFor(text: "hunk 1 of 1 · by hand")
    #expect(!careful.shows("⚠1"))
    try careful.leave()
    let patch = try scratch.countersign(["show", session, "--patch"])
    #expect(patch.text.contains("-b line 5\n+b line five\n"), "\(patch.problem)")
    #expect(try scratch.countersign(["show", session, "--approved"]).text == "")
    #expect(server.prompts.count == 1)
    try scratch.expectClean()
  }

  /// An edit that fits twice, one that fits nowhere and is near twice, and one that is placed.
  private static let ambiguous =
    "src/c.txt\n<<<<<<< SEARCH\nsame\nend\n=======\nother\nend\n>>>>>>> REPLACE\n\n"
    + "src/c.txt\n<<<<<<< SEARCH\nnear one two three\n=======\nplaced\n>>>>>>> REPLACE\n\n"
    + AskedAnswer.edit

  @Test func `its places are shown one after the other, and it goes where the human chooses`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.ambiguous) }
    let scratch = try Scratch(asking: server)
    let content =
      "first\nsame\nend\n\nsecond\nsame\nend\n\nnear one two four\n1\n2\n3\n4\nnear one two five\n"
    try scratch.write(Array(content.utf8), to: "repo/src/c.txt")
    try scratch.git("add", "-A")
    try scratch.git("commit", "-qm", "c")
    let asked = try scratch.ask("src/a.txt", "src/c.txt")
    #expect(asked.text.contains("2 edits not placed"), "\(asked.problem)")
    let session = try scratch.onlySession()
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("U")
    try terminal.waitFor(text: "Place 1 of 2, from line 2")
    try terminal.send(">")
    try terminal.waitFor(text: "Place 2 of 2, from line 6")
    #expect(terminal.shows("second"))
    try terminal.send("p")
    try terminal.waitFor(text: "The edit is where you chose, round 2, undecided")
    try terminal.waitFor(text: "place chosen by you")
    // The next one shows its best place again, and is dropped; a round brings it back.
    try terminal.send("U")
    try terminal.waitFor(text: "Place 1 of 2, from line 9")
    try terminal.send("d")
    try terminal.waitFor(text: "The edit is dropped, round 3")
    #expect(!terminal.shows("not placed"))
    try terminal.send("u")
    try terminal.waitFor(text: "1 edit not placed")
    try terminal.send("U")
    try terminal.waitFor(text: "Place 1 of 2, from line 9")
    try terminal.send(">p")
    try terminal.waitFor(text: "The edit is where you chose, round 4, undecided")
    try terminal.leave()
    let patch = try scratch.countersign(["show", session, "--patch"]).text
    #expect(patch.contains(" second\n-same\n+other\n end\n"), "\(patch)")
    #expect(patch.contains("-near one two five\n+placed\n"), "\(patch)")
    #expect(try scratch.countersign(["show", session, "--approved"]).text == "")
    #expect(server.prompts.count == 1)
    try scratch.expectClean()
  }

  @Test func `lines that another edit has changed since are no place`() throws {
    let server = try LoopbackServer { _, _ in
      ServerAct.answer(
        "src/b.txt\n<<<<<<< SEARCH\nb line 5\n=======\nb line five\n>>>>>>> REPLACE\n\n"
          + "src/b.txt\n<<<<<<< SEARCH\nb lime 5\n=======\nb lime five\n>>>>>>> REPLACE\n")
    }
    let scratch = try Scratch(asking: server)
    _ = try scratch.ask("src/b.txt")
    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("U")
    try terminal.waitFor(text: "The nearest lines, from 5")
    try terminal.send("p")
    try terminal.waitFor(text: "Another edit has changed these lines since")
    try terminal.send("q")
    try terminal.leave()
  }
}
