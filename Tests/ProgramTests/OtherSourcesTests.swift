// Reviews of what another tool wrote: the working tree, the index, one commit, two directories.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct OtherSourcesTests {
  private static let changed = numberedLines(
    40, "a", changing: [5: "five", 20: "twenty", 35: "thirty-five"])

  /// A repository whose file has three changed lines, and a new file that git does not know.
  private func prepared() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(40, "a"), "b.txt": "b\n"])
    try scratch.write(Array(Self.changed.utf8), to: "repo/a.txt")
    try scratch.write(Array("new\n".utf8), to: "repo/new.txt")
    return scratch
  }

  /// The review of what the files hold, with an editor that writes a message.
  private func opened(_ scratch: Scratch) throws -> PseudoTerminal {
    let screen = try scratch.terminal(
      ["review"], environment: ["EDITOR": "sed -i 1s/^/Message/"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    return screen
  }

  @Test func `what is approved of the working tree is committed, the rest stays in the files`()
    throws
  {
    let scratch = try prepared()
    let screen = try opened(scratch)
    try screen.approve()
    try screen.reject()
    try screen.approve()
    _ = try screen.commit(withMessageFromEditor: "Message")
    try screen.leave()
    #expect(
      try scratch.git("show", "HEAD:a.txt") + "\n"
        == numberedLines(40, "a", changing: [5: "five", 35: "thirty-five"]))
    #expect(try scratch.git("ls-tree", "--name-only", "HEAD") == "a.txt\nb.txt")
    // Files and the untracked one are as they were; only the index followed.
    #expect(try scratch.read("repo/a.txt") == Array(Self.changed.utf8))
    #expect(try scratch.git("status", "--porcelain") == " M a.txt\n?? new.txt")
    #expect(try scratch.git("diff", "--cached") == "")
  }

  @Test func `rejected lines are taken out of the files on request, after a backup`() throws {
    let scratch = try prepared()
    let screen = try scratch.terminal(["review", "--worktree"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.reject()
    try screen.approve()
    try screen.approve()
    try screen.reject()
    try screen.send("D")
    try screen.waitFor(text: "Take what you rejected out of your files?")
    try screen.press("y", saying: "2 files of yours changed")
    try screen.leave()
    #expect(
      try scratch.read("repo/a.txt")
        == Array(numberedLines(40, "a", changing: [20: "twenty", 35: "thirty-five"]).utf8))
    #expect(try scratch.git("status", "--porcelain") == " M a.txt")
    let backup = "refs/countersign/\(try scratch.onlySession())/backup"
    #expect(try scratch.git("show", "\(backup):a.txt") + "\n" == Self.changed)
    #expect(try scratch.git("show", "\(backup):new.txt") == "new")
    // The only copy of what was taken out is not purged along, unless it is said.
    let session = try scratch.onlySession()
    #expect(try scratch.countersign(["discard", session]).exit == .code(0))
    let kept = try scratch.countersign(["purge", session])
    #expect(kept.exit == .code(1) && kept.problem.contains("holds the backup"))
    #expect(try scratch.git("show", "\(backup):new.txt") == "new")
    #expect(try scratch.countersign(["purge", "--with-backup", session]).exit == .code(0))
    #expect(try scratch.git("for-each-ref", "refs/countersign").isEmpty)
  }

  @Test func `what is left of the working tree is what the files hold then`() throws {
    let scratch = try prepared()
    let screen = try opened(scratch)
    try screen.approve()
    try screen.reject()
    try screen.send("D")
    try screen.waitFor(text: "Take what you rejected out of your files?")
    try screen.press("y", saying: "1 file of yours changed")
    _ = try screen.commit(withMessageFromEditor: "Message")
    try screen.send("o")
    try screen.waitFor(text: "This is what is left, on ")
    // The rejected line is gone from the file, so there is nothing of it to be decided on.
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.leave()
    #expect(
      try scratch.read("repo/a.txt")
        == Array(numberedLines(40, "a", changing: [5: "five", 35: "thirty-five"]).utf8))
  }

  @Test func `files that git stores otherwise are not touched: no backup would have their bytes`()
    throws
  {
    let scratch = try prepared()
    try scratch.git("config", "core.autocrlf", "input")
    let text = Self.changed.replacing("\n", with: "\r\n")
    try scratch.write(Array(text.utf8), to: "repo/a.txt")
    let screen = try scratch.terminal(["review"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.reject()
    try screen.send("D")
    try screen.waitFor(text: "Take what you rejected out of your files?")
    try screen.press("y", saying: "git stores other bytes than your files have")
    try screen.leave()
    #expect(try scratch.read("repo/a.txt") == Array(text.utf8))
  }

  @Test
  func `a filter of git that ran is said, and so is a message that was written before a kill`()
    throws
  {
    let scratch = try prepared()
    try scratch.git("config", "filter.upper.clean", "tr a-z A-Z")
    try scratch.write(Array("new.txt filter=upper\n".utf8), to: "repo/.git/info/attributes")
    let screen = try scratch.terminal(
      ["review"], environment: ["EDITOR": "sed -i 1s/^/Message/"])
    try screen.waitFor(text: "git ran the filter upper")
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.approve()
    try screen.send("C")
    try screen.waitFor(text: "What will be committed")
    try screen.send("e")
    try screen.waitFor(text: "Message")
    screen.signal(SIGKILL)
    try screen.waitForExit()
    let again = try scratch.terminal(["open", try scratch.onlySession()])
    try again.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 3))
    try again.send("C")
    try again.waitFor(text: "What will be committed")
    #expect(again.shows("Message"))
  }

  @Test func `files changed since are never touched`() throws {
    let scratch = try prepared()
    let screen = try scratch.terminal(["review"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.reject()
    try scratch.write(Array("by somebody else\n".utf8), to: "repo/a.txt")
    try screen.send("D")
    try screen.waitFor(text: "Take what you rejected out of your files?")
    try screen.press("y", saying: "so none of your files was touched")
    try screen.leave()
    #expect(try scratch.read("repo/a.txt") == Array("by somebody else\n".utf8))
    #expect(try scratch.read("repo/new.txt") == Array("new\n".utf8))
  }

  @Test func `the same command comes back to the review of the same change`() throws {
    let scratch = try prepared()
    let screen = try opened(scratch)
    try screen.approve()
    try screen.leave()
    let again = try scratch.terminal(["review"])
    try again.waitFor(text: "Where you left it")
    try again.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 3))
    // Another Countersign has it: that is a review of its own.
    let beside = try scratch.terminal(["review"])
    try beside.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try beside.leave()
    try again.leave()
    let anew = try scratch.terminal(["review", "--new"])
    try anew.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try anew.leave()
    try scratch.write(Array("other\n".utf8), to: "repo/new.txt")
    let other = try scratch.terminal(["review"])
    try other.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try other.leave()
  }

  @Test func `flags that hide changes from git hide nothing here`() throws {
    let scratch = try prepared()
    try scratch.git("update-index", "--assume-unchanged", "a.txt")
    #expect(try scratch.git("status", "--porcelain") == "?? new.txt")
    let before = try scratch.read("repo/.git/index")
    let screen = try scratch.terminal(["review"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.leave()
    #expect(try scratch.read("repo/.git/index") == before, "the user's index is only read")
  }

  @Test func `what is approved of the index is committed, the rest stays staged`() throws {
    let scratch = try prepared()
    try scratch.git("add", "a.txt")
    try scratch.write(Array("b, not staged\n".utf8), to: "repo/b.txt")
    let screen = try scratch.terminal(
      ["review", "--staged"], environment: ["EDITOR": "sed -i 1s/^/Message/"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 3))
    try screen.approve()
    try screen.reject()
    _ = try screen.commit(withMessageFromEditor: "Message")
    try screen.leave()
    #expect(
      try scratch.git("show", "HEAD:a.txt") + "\n" == numberedLines(40, "a", changing: [5: "five"]))
    #expect(try scratch.git("show", ":a.txt") + "\n" == Self.changed)
    #expect(try scratch.git("status", "--porcelain") == "M  a.txt\n M b.txt\n?? new.txt")
  }

  @Test func `one commit is reviewed against its parent`() throws {
    let scratch = try prepared()
    try scratch.git("add", "--all")
    try scratch.git("commit", "--quiet", "--message", "three lines")
    let screen = try scratch.terminal(["review", "HEAD"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    #expect(screen.rowText(0).contains("HEAD: three lines"))
    try screen.leave()
    let first = try scratch.countersign(["review", "HEAD~1"])
    #expect(first.exit == .code(2), "there is no terminal")
  }

  @Test func `two directories are reviewed as git difftool gives them`() throws {
    let scratch = try prepared()
    try scratch.git("add", "--all")
    let program = try programPath()
    try scratch.git(
      "config", "difftool.countersign.cmd", "'\(program)' review --dirs \"$LOCAL\" \"$REMOTE\"")
    let screen = try scratch.shell("git difftool -d -t countersign HEAD")
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 4))
    try screen.approve()
    try screen.send("C")
    try screen.waitFor("the reason") { $0.message.contains("Two directories cannot be committed") }
    try screen.send("q")
    try screen.settle()
    try screen.leave()
    let patch = try scratch.countersign(["show", try scratch.onlySession(), "--approved"])
    #expect(patch.text.contains("+five") && !patch.text.contains("+twenty"))
  }

  @Test func `there is a sentence when nothing is changed, and when too much is asked`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": "a\n"])
    let nothing = try scratch.shell("$countersign review; echo \"ended $?\"")
    try nothing.waitFor(text: "Nothing is changed: the files are as in the last commit.")
    try nothing.waitFor(text: "ended 1")
    let both = try scratch.countersign(["review", "--staged", "--worktree"])
    #expect(both.exit == .code(2) && both.problem.contains("Review one thing at a time"))
  }
}
