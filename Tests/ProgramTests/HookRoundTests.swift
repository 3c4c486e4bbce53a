// Hooks that change what they are given: their changes are reviewed before they are committed, and never smuggled in.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct HookRoundTests {
  private static let answer =
    ModelSession.fifthLine
      + """

      a.txt
      <<<<<<< SEARCH
      a line 15
      =======
      a line fifteen
      >>>>>>> REPLACE

      """ + ModelSession.newFile

  /// A session of two changed places and a new file, in a repository with a pre-commit hook; the first place and the file are approved.
  private func prepared(
    _ hook: String, configuration: String = ""
  ) throws -> (Scratch, PseudoTerminal) {
    let asked = try ModelSession(
      answering: Self.answer, files: ["b.txt": "b\n", ".gitignore": "deps/\n"],
      configuration: configuration)
    let scratch = asked.scratch
    try scratch.write(
      Array("#!/bin/sh\nset -e\n\(hook)\n".utf8), to: "repo/.git/hooks/pre-commit", mode: 0o755)
    let terminal = try scratch.terminal(["open", asked.session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 3))
    try terminal.approve()
    try terminal.send("x")
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 1))
    try terminal.approve()
    return (scratch, terminal)
  }

  @Test func `a formatter's changes come up as a round, and are committed once they are approved`()
    throws
  {
    // As prettier or black behind pre-commit do: files are rewritten, staged, and found in order the next time.
    let (scratch, terminal) = try prepared(
      """
      sed -i 's/five$/five;/' a.txt; grep -q made c.txt 2>/dev/null || echo made > c.txt
      git add a.txt c.txt
      """)
    let head = try scratch.git("rev-parse", "HEAD")
    try terminal.askToCommit()
    try terminal.waitFor(text: "What the hook made, round 2")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try terminal.settle()
    // The line it changed and the file it made are open again; what was rejected stays rejected, what it left alone approved.
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 2))
    try terminal.waitFor(text: "a line five;")
    try terminal.approve()
    try terminal.approve()
    try terminal.waitForReview(ShownTally(approved: 3, rejected: 1, undecided: 0))
    let commit = try terminal.commit()
    #expect(try scratch.git("rev-parse", "HEAD") == commit)
    #expect(
      try scratch.git("show", "HEAD:a.txt") + "\n"
        == numberedLines(20, "a", changing: [5: "a line five;"]))
    #expect(try scratch.git("show", "HEAD:c.txt") == "made")
    #expect(try scratch.countersign(["verify", "HEAD"]).exit == .code(0))
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test
  func `what the hook made and nobody approved is not in the commit, and the hook's word stands`()
    throws
  {
    let (scratch, terminal) = try prepared("echo smuggled > c.txt; git add c.txt")
    let head = try scratch.git("rev-parse", "HEAD")
    try terminal.askToCommit()
    try terminal.waitFor(text: "What the hook made, round 2")
    try terminal.waitForReview(ShownTally(approved: 2, rejected: 1, undecided: 1))
    // The hook makes it again, and no round would be another one than the one that stands.
    try terminal.send("x")
    try terminal.waitForReview(ShownTally(approved: 2, rejected: 2, undecided: 0))
    try terminal.askToCommit()
    try terminal.waitFor("a reason") {
      $0.unwrappedMessage.contains("is in the proposal already, and you have not approved it")
    }
    try terminal.waitFor(text: "Nothing was committed.")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign-*") == "")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test func `the files of a working tree have what the hook made, as after git commit`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a"), "b.txt": "b\n"])
    try scratch.write(
      Array(
        "#!/bin/sh\nsed -i 's/five$/five;/' a.txt; echo made >c.txt; git add a.txt c.txt\n".utf8),
      to: "repo/.git/hooks/pre-commit", mode: 0o755)
    try scratch.write(
      Array(numberedLines(20, "a", changing: [5: "a line five", 15: "rejected"]).utf8),
      to: "repo/a.txt")
    try scratch.write(Array("also changed\n".utf8), to: "repo/b.txt")
    let terminal = try scratch.terminal(
      ["review"], environment: ["EDITOR": "sed -i 1s/^/Words/"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 3))
    try terminal.approve()
    for rejected in 1...2 {
      try terminal.send("x")
      try terminal.waitForReview(
        ShownTally(approved: 1, rejected: rejected, undecided: 2 - rejected))
    }
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.press("C", saying: "The message is empty")
    try terminal.send("e")
    try terminal.waitFor(text: "Words")
    try terminal.askToCommit()
    try terminal.waitFor(text: "What the hook made, round 2")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 2, undecided: 2))
    try terminal.approve()
    try terminal.approve()
    _ = try terminal.commit()
    try terminal.waitFor(text: "2 of your files have what the hook made")
    try terminal.leave()
    // What was rejected is still there, and nothing else: the formatter's work is not taken back by the files.
    #expect(
      try scratch.git("diff") == scratch.git("diff", "HEAD")
        && scratch.git("diff", "--stat", "HEAD").contains("2 files changed, 2 insertions(+), 2 del")
    )
    #expect(
      String(decoding: try scratch.read("repo/a.txt"), as: UTF8.self)
        == numberedLines(20, "a", changing: [5: "a line five;", 15: "rejected"]))
    #expect(try scratch.git("status", "--porcelain") == " M a.txt\n M b.txt")
  }

  @Test func `a link to what git ignores as a directory is no change of the hook's`() throws {
    let (scratch, terminal) = try prepared(
      "test -f deps/library; git add --all",
      configuration: "[worktree]\nlink_paths = [\"deps\"]\n")
    try scratch.write([], to: "repo/deps/library")
    let commit = try terminal.commit()
    #expect(
      try scratch.git("diff-tree", "-r", "--name-only", "HEAD~1", commit) == "a.txt\nsub/new.txt")
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test func `what a hook does to lines that are not approved stops the commit and says where`()
    throws
  {
    // The base's line is there in the approved tree, and the proposal has another one.
    let (scratch, terminal) = try prepared("sed -i 's/line 15$/line 15;/' a.txt")
    let head = try scratch.git("rev-parse", "HEAD")
    try terminal.askToCommit()
    try terminal.waitFor("a reason") {
      $0.unwrappedMessage.contains("meets lines of the proposal that are not approved")
    }
    try terminal.waitFor(text: "Nothing was committed.")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test func `a hook that never rests is stopped after two rounds and named`() throws {
    let (scratch, terminal) = try prepared("echo again >> b.txt; git add b.txt; date >/dev/null")
    let head = try scratch.git("rev-parse", "HEAD")
    for round in 2...3 {
      try terminal.askToCommit()
      try terminal.waitFor(text: "What the hook made, round \(round)")
      try terminal.waitFor("an open hunk") { $0.tally?.undecided == 1 }
      try terminal.settle()
      try terminal.approve()
    }
    try terminal.askToCommit()
    try terminal.waitFor("its name") {
      $0.unwrappedMessage.contains("The pre-commit hook has changed its own changes twice already")
    }
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    try scratch.expectClean()
  }
}
