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
}
