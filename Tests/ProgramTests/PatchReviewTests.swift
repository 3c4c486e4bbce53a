// Reviewing a patch of another tool, from a file and from a pipe.

import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct PatchReviewTests {
  /// Good, ambiguous, no-op, and of a file that is not there; with line numbers that lie.
  private static let patch = """
    diff --git a/a.txt b/a.txt
    --- a/a.txt
    +++ b/a.txt
    @@ -1,3 +1,3 @@
     a line 9
    -a line 10
    +A TEN
     a line 11
    diff --git a/twice.txt b/twice.txt
    --- a/twice.txt
    +++ b/twice.txt
    @@ -900,2 +900,2 @@
     same
    -again
    +AGAIN
    diff --git a/b.txt b/b.txt
    --- a/b.txt
    +++ b/b.txt
    @@ -2,2 +2,2 @@
     b line 2
    -b line 3
    +b line 3
    diff --git a/gone.txt b/gone.txt
    --- a/gone.txt
    +++ b/gone.txt
    @@ -1 +1 @@
    -was here
    +is here
    diff --git a/new.txt b/new.txt
    new file mode 100644
    --- /dev/null
    +++ b/new.txt
    @@ -0,0 +1 @@
    +brand new

    """

  private func prepared() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository([
      "a.txt": numberedLines(20, "a"), "b.txt": numberedLines(5, "b"),
      "twice.txt": "same\nagain\nbetween\nsame\nagain\n",
    ])
    try scratch.write(Array(Self.patch.utf8), to: "the.patch")
    try scratch.git("config", "core.editor", "echo taken from the patch >\"$1\"; :")
    return scratch
  }

  /// Approves the good hunk, rejects the new file, looks at what was not placed, and commits.
  private func review(_ terminal: PseudoTerminal, _ scratch: Scratch) throws {
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    #expect(terminal.reviewTitle.contains("a.txt"))
    try terminal.approve()
    try terminal.reject()
    try terminal.send("U")
    try terminal.waitFor(text: "Unplaced edits")
    try terminal.waitFor(text: "1 of 3")
    for name in ["b.txt", "gone.txt", "twice.txt"] { try terminal.waitFor(text: name) }
    try terminal.waitFor(text: "The block changes nothing.")
    try terminal.waitFor(text: "occur 2 times")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && !$0.shows("Unplaced edits") }
    let head = try scratch.git("rev-parse", "HEAD")
    let commit = try terminal.commit(withMessageFromEditor: "taken from the patch")
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    let expected = try scratch.tree(
      of: head, with: ["a.txt": Array(numberedLines(20, "a", changing: [10: "A TEN"]).utf8)],
      in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
    try scratch.expectClean()
  }

  @Test func `a patch from a file is placed by its lines`() throws {
    let scratch = try prepared()
    try review(
      try scratch.terminal(["review", "--patch", "\(scratch.path)/the.patch"]), scratch)
  }

  @Test func `a patch from a pipe is reviewed with keys from the terminal`() throws {
    let scratch = try prepared()
    let terminal = try scratch.shell(
      "cat \(scratch.path)/the.patch | \"$countersign\" review --patch -")
    try review(terminal, scratch)
  }

  @Test func `keys in the pipe are not keys`() throws {
    let scratch = try prepared()
    let terminal = try scratch.shell(
      "(cat \(scratch.path)/the.patch; printf 'yyyyACC\\rq') | \"$countersign\" review --patch -")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.leave()
    #expect(try scratch.git("rev-list", "--all", "--count") == "1")
  }

  @Test(arguments: ["", "hello\n", "+ added\n- removed\n"])
  func `what holds no edit is refused in a sentence`(text: String) throws {
    let scratch = try prepared()
    try scratch.write(Array(text.utf8), to: "no.patch")
    let terminal = try scratch.terminal(["review", "--patch", "\(scratch.path)/no.patch"])
    #expect(try terminal.waitForExit() == .code(1))
    #expect(terminal.screenText().contains("no edit"))
    try terminal.expectRestored()
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `a patch file that is not there is named`() throws {
    let scratch = try prepared()
    let terminal = try scratch.terminal(["review", "--patch", "none.patch"])
    #expect(try terminal.waitForExit() == .code(1))
    #expect(terminal.screenText().contains("none.patch"))
  }
}
