// What is approved was drawn: no burst of keys, no size and no cut line gets around that.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct SeenBeforeApprovedTests {
  /// A repository with one new file of `count` lines to review.
  private func longFile(_ count: Int, width: Int = 10) throws -> (Scratch, PseudoTerminal) {
    let scratch = try Scratch()
    try scratch.makeRepository(["keep.txt": "kept\n"])
    try scratch.commit(
      ["long.txt": numberedLines(count, String(repeating: "x", count: width))], "long")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"], rows: 24, columns: 80)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    return (scratch, terminal)
  }

  @Test func `keys typed ahead do not approve what was never on the screen`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    #expect(!terminal.shows("B ten and a half"))
    let before = terminal.output.count
    // All in one piece: the program finds them together.
    try terminal.send("yyyyy")
    try terminal.waitFor("an answer") { $0.tally.map { $0.approved > 0 } ?? false }
    try terminal.settle()
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    let drawn = Array(terminal.output[before...])
    try terminal.send("q")
    try terminal.waitForExit()
    let approved = try review.scratch.countersign(["show", review.session, "--approved"]).text
    for text in ["B ten and a half", "new two"] where approved.contains(text) {
      #expect(
        drawn.firstRange(of: Array(text.utf8)) != nil, "“\(text)” is approved, but was never drawn")
    }
  }

  @Test func `a hunk longer than the screen is approved only after its end was drawn`() throws {
    let (scratch, terminal) = try longFile(90)
    #expect(!terminal.shows("line 90"))
    try terminal.press("y", saying: "not on screen yet")
    #expect(terminal.tally?.approved == 0)
    try terminal.settle()
    try terminal.press("A", saying: "not on screen yet")
    #expect(terminal.tally?.approved == 0)
    try terminal.approve()
    try terminal.waitFor(text: "line 90")
    try terminal.leave()
    #expect(try scratch.countersign(["sessions"]).text.contains("in review, 1 decision"))
  }

  @Test func `lines that are cut at the edge do not count as seen`() throws {
    let (scratch, terminal) = try longFile(12, width: 300)
    // Rows below the first screen were never there, and without wrapping they never count.
    try terminal.send("w")
    try terminal.settle()
    #expect(terminal.shows("›"))
    try terminal.press("y", saying: "do not count as seen")
    #expect(terminal.tally?.approved == 0)
    try terminal.press("y", saying: "do not count as seen")
    try terminal.settle()
    try terminal.send("w")
    try terminal.settle()
    try terminal.approve()
    try terminal.leave()
    #expect(try scratch.countersign(["sessions"]).text.contains("in review, 1 decision"))
  }

  @Test func `all of a file at once asks first and leaves out what has findings`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.sh": numberedLines(60, "# a")])
    try scratch.commit(
      [
        "a.sh": numberedLines(
          60, "# a",
          changing: [5: "echo five", 30: "echo \u{202E}thirty", 55: "echo fifty-five"])
      ], "changes")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"], rows: 60, columns: 120)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 3))
    try terminal.send("A")
    try terminal.waitFor(text: "Approve what is left in this file?")
    try terminal.waitFor(text: "1 hunk with findings stays out.")
    try terminal.press("n", saying: "Nothing approved.")
    #expect(terminal.tally?.approved == 0)
    try terminal.send("A")
    try terminal.waitFor(text: "Approve what is left in this file?")
    try terminal.send("y")
    try terminal.waitForReview(ShownTally(approved: 2, rejected: 0, undecided: 1))
    try terminal.leave()
  }

  @Test func `single lines are approved, and the commit has just those`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try review.open()
    for _ in 1...3 { try terminal.reject() }
    try terminal.waitFor("b.txt") { $0.reviewTitle.contains("b.txt") }
    // From the pair down to the second added line, and only that.
    try terminal.send("jv")
    try terminal.waitFor(text: "1 changed line selected")
    try terminal.press("y", saying: "The rest of this hunk is still undecided.")
    let commit = try terminal.commit()
    try terminal.leave()
    let expected = try scratch.tree(
      of: review.base,
      with: [
        "b.txt": Array(
          numberedLines(20, "b", changing: [10: "b line 10\nB ten and a half"]).utf8)
      ], in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
  }

  @Test func `a rejection keeps its reason`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.send("X")
    try terminal.waitFor(text: "Reject: why?")
    try terminal.send("because of é\u{7F}e" + Keys.enter)
    try terminal.waitFor("a rejection") { $0.tally?.rejected == 1 }
    try terminal.leave()
    let json = try review.scratch.countersign(["show", review.session, "--json"]).text
    #expect(json.contains(#""reason":"because of e""#))
  }

  @Test func `without anything approved nothing is committed`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.reject()
    try terminal.send("C")
    try terminal.waitFor(text: "Nothing is approved yet")
    try terminal.send("C")
    try terminal.waitFor(text: "Nothing is approved yet")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }
    try terminal.leave()
    #expect(try review.scratch.git("for-each-ref", "refs/heads/countersign-*") == "")
  }
}
