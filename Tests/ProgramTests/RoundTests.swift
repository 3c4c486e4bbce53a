// Rounds: editing, asking again with comments, versions, a moved base; decisions that hold.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct RoundTests {
  private static let answer = """
    Two lines are checked.

    src/a.txt
    <<<<<<< SEARCH
    a line 5
    =======
    a line 5, checked
    >>>>>>> REPLACE

    src/a.txt
    <<<<<<< SEARCH
    a line 15
    =======
    a line 15, checked
    >>>>>>> REPLACE
    """

  private static func again(_ words: String) -> String {
    """
    Another way.

    src/a.txt
    <<<<<<< SEARCH
    a line 15
    =======
    a line 15, \(words)
    >>>>>>> REPLACE
    """
  }

  /// A repository and a session with two hunks in one file.
  private func prepared(_ server: LoopbackServer) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository(["src/a.txt": numberedLines(20, "a")])
    // Whatever becomes of rounds and bases, what is committed is on record as drawn.
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\n\(server.setting)\n[policy]\nminimum_shown_percent = 100\n")
    let asked = try scratch.countersign(["ask", "Check the lines.", "src/a.txt"])
    #expect(asked.exit == .code(0), "\(asked.problem)")
    return scratch
  }

  /// The same, with both hunks approved.
  private func approved() throws -> Scratch {
    let scratch = try prepared(LoopbackServer { _, _ in ServerAct.answer(Self.answer) })
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.approve()
    try screen.approve()
    try screen.leave()
    return scratch
  }

  private func open(
    _ scratch: Scratch, environment: [String: String?] = [:]
  ) throws -> PseudoTerminal {
    try scratch.terminal(["open", try scratch.onlySession()], environment: environment)
  }

  private func expectCommitted(
    _ scratch: Scratch, _ changes: [Int: String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(
      try scratch.git("show", "HEAD:src/a.txt") + "\n"
        == numberedLines(20, "a", changing: changes), sourceLocation: sourceLocation)
    try scratch.expectClean(sourceLocation: sourceLocation)
  }

  @Test func `an edited hunk comes back undecided, and undo takes the edit back`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try prepared(server)
    let editor = ["EDITOR": "sed -i 's/15, checked/15, by hand/'"]
    let first = try open(scratch, environment: editor)
    try first.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try first.approve()
    try first.approve()
    try first.send("[")
    try first.settle()
    try first.send("]")
    try first.settle()
    try first.press("E", saying: "Your edit, round 2")
    try first.waitFor(text: "a line 15, by hand")
    #expect(
      first.message.contains("1 approved lines") || first.message.contains("2 approved lines"))
    #expect(first.tally == ShownTally(approved: 1, rejected: 0, undecided: 1))
    #expect(first.reviewTitle.contains("edited by you"))
    // Undo brings the model's version back, with the approval of it; redo the human's, without one.
    try first.press("u", saying: "Taken back: round 2")
    try first.waitFor(text: "a line 15, checked")
    #expect(first.tally == ShownTally(approved: 2, rejected: 0, undecided: 0))
    try first.press(Keys.redo, saying: "Taken up again: round 2")
    try first.waitFor(text: "a line 15, by hand")
    try first.leave()

    // After a restart too.
    let second = try open(scratch, environment: editor)
    try second.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 1))
    try second.press("u", saying: "Taken back: round 2")
    try second.press(Keys.redo, saying: "Taken up again: round 2")
    try second.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 1))
    try second.send(Keys.tab)
    try second.settle()
    try second.approve()
    _ = try second.commit()
    try second.leave()
    try expectCommitted(scratch, [5: "a line 5, checked", 15: "a line 15, by hand"])
  }

  @Test func `what a later round left over is reviewed on top of its commit`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try prepared(server)
    let screen = try open(
      scratch, environment: ["EDITOR": "sed -i 's/15, checked/15, by hand/'"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.approve()
    try screen.press("E", saying: "Your edit, round 2")
    try screen.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 1))
    let first = try screen.commit()
    try screen.send("o")
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try screen.approve()
    _ = try screen.commit()
    try screen.leave()
    #expect(try scratch.git("rev-parse", "HEAD^") == first)
    try expectCommitted(scratch, [5: "a line 5, checked", 15: "a line 15, by hand"])
    #expect(try scratch.countersign(["verify", "HEAD~2..HEAD"]).exit == .code(0))
  }

  @Test func `an edit that changes nothing makes no round, and a failing editor loses nothing`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try prepared(server)
    let same = try open(scratch, environment: ["EDITOR": "true"])
    try same.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try same.press("E", saying: "Nothing was changed.")
    try same.leave()
    let failing = try open(scratch, environment: ["EDITOR": "false"])
    try failing.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try failing.press("E", saying: "did not end well")
    try failing.leave()
  }

  @Test func `asking again sends the conversation with the comment, and the rest stands`() throws {
    let server = try LoopbackServer { _, before in
      ServerAct.answer(before == 0 ? Self.answer : Self.again("asked \(before)"))
    }
    let scratch = try prepared(server)
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.approve()
    try screen.send("c")
    try screen.waitFor(text: "Comment on this line")
    try screen.press("Say it louder." + Keys.enter, saying: "Kept")
    try screen.waitFor(text: "┆ you: Say it louder.")
    try screen.send("r")
    try screen.waitFor(text: "Ask the model again?")
    try screen.waitFor(text: "┆ Say it louder.")
    // The exact prompt is only looked at; the question waits.
    try screen.send("p")
    try screen.waitFor("the prompt") { $0.rowText(0).contains("What will be sent") }
    try screen.send("q")
    try screen.waitFor(text: "Ask the model again?")
    try screen.send("+")
    try screen.waitFor(text: "Answers: 2")
    try screen.send(Keys.enter)
    try screen.waitFor(text: "a line 15, asked 1")
    try screen.waitFor("the second version") { $0.message.contains("Another version is there") }
    #expect(screen.tally == ShownTally(approved: 1, rejected: 0, undecided: 1))
    // The comment's line is gone; the comment is not.
    #expect(screen.shows("stale, round 1: Say it louder."))

    #expect(server.prompts.count == 3)
    let first = server.prompts[0].body
    let second = server.prompts[1].body
    let text = String(decoding: second, as: UTF8.self)
    #expect(text.contains("Say it louder."))
    #expect(text.contains("Two lines are checked."), "the first answer is part of the conversation")
    #expect(text.contains("src/a.txt line 5"), "what was accepted is named")
    // What came before stays byte for byte, so that a server's prefix cache holds.
    let prefix = Array(first.prefix(while: { $0 != UInt8(ascii: "]") }))
    #expect(second.starts(with: prefix.dropLast(1)))
    let third = String(decoding: server.prompts[2].body, as: UTF8.self)
    #expect(third.contains("\"seed\":1") && text.contains("\"seed\":0"))

    // The second answer is a version that can be looked at and taken.
    try screen.settle()
    try screen.send("<")
    try screen.waitFor(text: "from round 3")
    try screen.waitFor(text: "a line 15, asked 2")
    try screen.press(Keys.enter, saying: "The other version, round 4")
    try screen.waitFor("the version in the review") { $0.shows("version of round 3") }
    #expect(screen.tally == ShownTally(approved: 1, rejected: 0, undecided: 1))
    try screen.approve()
    _ = try screen.commit()
    try screen.leave()
    try expectCommitted(scratch, [5: "a line 5, checked", 15: "a line 15, asked 2"])
  }

  @Test func `a round that arrives while a comment is written waits until it is kept`() throws {
    let server = try LoopbackServer { _, before in
      before == 0
        ? ServerAct.answer(Self.answer)
        : [.waitForGate] + ServerAct.answer(Self.again("asked again"))
    }
    let scratch = try prepared(server)
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.send("]")
    try screen.settle()
    try screen.send("r")
    try screen.waitFor(text: "Ask the model again?")
    try screen.send(Keys.enter)
    try screen.waitFor(text: "asking again")
    try screen.send("[")
    try screen.settle()
    try screen.send("c")
    try screen.waitFor(text: "Comment on this line")
    try screen.send("half of it, ")
    server.openGate()
    try screen.waitFor("the answer") { !$0.shows("asking again") }
    // What is typed now would approve and reject, were it not part of the comment.
    for count in 1...20 {
      try screen.send("y")
      try screen.waitFor(text: "> half of it, \(String(repeating: "y", count: count))")
    }
    try screen.send(Keys.enter)
    try screen.waitFor(text: "a line 15, asked again")
    try screen.waitFor(text: "you: half of it, yyyy")
    #expect(screen.tally == ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.leave()
  }

  @Test func `an answer that changes what was approved is refused`() throws {
    let server = try LoopbackServer { _, before in
      ServerAct.answer(
        before == 0
          ? Self.answer
          : """
          Both.

          src/a.txt
          <<<<<<< SEARCH
          a line 5, checked
          =======
          a line 5, twice
          >>>>>>> REPLACE
          """)
    }
    let scratch = try prepared(server)
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.approve()
    try screen.send("r")
    try screen.waitFor(text: "Ask the model again?")
    try screen.press(Keys.enter, saying: "you approved, so none of it was taken over")
    #expect(screen.tally == ShownTally(approved: 1, rejected: 0, undecided: 1))
    try screen.leave()
  }

  @Test func `an answer without an edit leaves the round as it is`() throws {
    let server = try LoopbackServer { _, before in
      ServerAct.answer(before == 0 ? Self.answer : "I would rather not.")
    }
    let scratch = try prepared(server)
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.send("r")
    try screen.waitFor(text: "Ask the model again?")
    try screen.press(Keys.enter, saying: "The answer holds no edit")
    try screen.leave()
    let shown = try scratch.countersign(["show", try scratch.onlySession()])
    #expect(shown.exit == .code(0))
  }

  @Test func `asking again can be cancelled, and the server sees it`() throws {
    let server = try LoopbackServer { _, before in
      before == 0 ? ServerAct.answer(Self.answer) : [.waitForClose]
    }
    let scratch = try prepared(server)
    let screen = try open(scratch)
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.send("r")
    try screen.waitFor(text: "Ask the model again?")
    try screen.send(Keys.enter)
    try screen.waitFor(text: "asking again: waiting for the server")
    try screen.press(Keys.cancel, saying: "Cancelled")
    #expect(server.waitForClose())
    try screen.approve()
    try screen.leave()
  }

  @Test func `a review moves onto a tip, decisions hold, and what was approved is shown again`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try prepared(server)
    let before = try open(scratch)
    try before.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try before.approve()
    try before.reject()
    try before.leave()
    let moved = "first\n" + numberedLines(20, "a", changing: [10: "a line 10, moved"])
    let tip = try scratch.commit(["src/a.txt": moved], "meanwhile")

    let screen = try open(scratch)
    try screen.waitFor("the note") { $0.message.contains("The branch has moved on to") }
    try screen.press("B", saying: "Moved onto the tip, round 2")
    try screen.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 0))
    _ = try screen.commit()
    try screen.leave()
    #expect(try scratch.git("rev-parse", "HEAD^") == tip)
    #expect(
      try scratch.git("show", "HEAD:src/a.txt") + "\n"
        == "first\n"
        + numberedLines(20, "a", changing: [5: "a line 5, checked", 10: "a line 10, moved"]))
    try scratch.expectClean()
  }

  @Test func `a decision on lines that the tip changed falls away with them`() throws {
    let scratch = try approved()
    try scratch.commit(
      ["src/a.txt": numberedLines(20, "a", changing: [4: "a line 4, moved"])], "meanwhile")
    let screen = try open(scratch)
    try screen.waitFor("the note") { $0.message.contains("The branch has moved on to") }
    try screen.press("B", saying: "fell away")
    try screen.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 0))
    #expect(screen.shows("1 edit not placed") || screen.shows("⚠1 U"))
    try screen.leave()
  }

  @Test func `I6: on a tip whose lines are only similar nothing is placed`() throws {
    let scratch = try approved()
    // The lines of the change and those around it, indented: what a model's edit would still find.
    let indented = [Int: String](uniqueKeysWithValues: (2...8).map { ($0, "    a line \($0)") })
    try scratch.commit(["src/a.txt": numberedLines(20, "a", changing: indented)], "meanwhile")
    let screen = try open(scratch)
    try screen.waitFor("the note") { $0.message.contains("The branch has moved on to") }
    try screen.press("B", saying: "Nothing of the proposal would be left")
    #expect(screen.shows("round 1"))
    try screen.waitForReview(ShownTally(approved: 2, rejected: 0, undecided: 0))
    try screen.leave()
  }

  @Test func `two rounds can be compared`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try prepared(server)
    let screen = try open(scratch, environment: ["EDITOR": "sed -i 's/5, checked/5, by hand/'"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.press("i", saying: "This is the first round")
    try screen.press("E", saying: "Your edit, round 2")
    try screen.settle()
    try screen.send("i")
    try screen.waitFor(text: "round 1  →  round 2")
    #expect(screen.shows("a line 5, checked") && screen.shows("a line 5, by hand"))
    try screen.press("y", saying: "This compares two rounds")
    try screen.send("q")
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.leave()
  }
}
