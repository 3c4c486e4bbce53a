// A commit taken back while nobody has it: branch, index and files as before, and the review open again.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct UndoCommitTests {
  /// A repository in which a model's proposal of two changes was committed, on the screen after that.
  private func committed() throws -> (Scratch, head: String, commit: String, PseudoTerminal) {
    let asked = try ModelSession(files: ["b.txt": "b\n", "staged.txt": "s\n"])
    let scratch = asked.scratch
    let head = try scratch.git("rev-parse", "HEAD")
    let terminal = try scratch.terminal(["open", asked.session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.waitFor(text: "To look at it:")
    return (scratch, head, commit, terminal)
  }

  @Test func `the branch, the index and the files are as before, and the review can go on`() throws
  {
    let (scratch, head, commit, terminal) = try committed()
    // What else there is stays as it is.
    try scratch.write(Array("mine\n".utf8), to: "repo/b.txt")
    try scratch.write(Array("mine too\n".utf8), to: "repo/staged.txt")
    try scratch.git("add", "staged.txt")
    try terminal.send("u")
    try terminal.waitFor(text: "Take the commit")
    try terminal.send("n")
    try terminal.waitFor("no question") { !$0.shows("Take the commit") }
    #expect(try scratch.git("rev-parse", "HEAD") == commit)
    try terminal.send("u")
    try terminal.waitFor(text: "Take the commit")
    try terminal.press("y", saying: "is taken back; the review is open again")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    #expect(try scratch.git("status", "--porcelain") == " M b.txt\nM  staged.txt")
    #expect(
      String(decoding: try scratch.read("repo/a.txt"), as: UTF8.self) == numberedLines(20, "a"))
    #expect(access("\(scratch.repository)/sub/new.txt", F_OK) != 0)
    // Both decisions stand; one is changed, and what is approved is committed anew.
    try terminal.waitForReview(ShownTally(approved: 2, rejected: 0, undecided: 0))
    try terminal.send("gx")
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 0))
    let second = try terminal.commit()
    try terminal.leave()
    #expect(second != commit)
    #expect(try scratch.git("rev-parse", "HEAD^") == head)
    #expect(try scratch.countersign(["verify", "HEAD"]).exit == .code(0))
    #expect(try scratch.git("status", "--porcelain") == " M b.txt\nM  staged.txt")
    #expect(try scratch.countersign(["sessions"]).problem == "")
  }

  @Test func `a commit that others have, or built on, or whose files changed, is not taken back`()
    throws
  {
    let (scratch, _, commit, terminal) = try committed()
    func refused(_ words: String) throws {
      let before = try scratch.git("status", "--porcelain")
      let tip = try scratch.git("rev-parse", "HEAD")
      try terminal.send("u")
      try terminal.waitFor(text: "Take the commit")
      try terminal.send("y")
      try terminal.waitFor("a refusal") { $0.unwrappedMessage.contains(words) }
      #expect(try scratch.git("rev-parse", "HEAD") == tip)
      #expect(try scratch.git("status", "--porcelain") == before)
    }
    try scratch.script("git update-ref refs/remotes/origin/main \(commit)")
    try refused("is in origin/main already")
    try scratch.script("git update-ref -d refs/remotes/origin/main; echo mine >>a.txt")
    try refused("changes of its own in the way")
    try scratch.script("git checkout -q -- a.txt; git switch -q -c other")
    try refused("is not checked out here")
    try scratch.script(
      "git switch -q main; echo b >>b.txt; git commit -q -a -m more")
    try refused("No branch ends with")
    try terminal.leave()
    // Nothing was recorded of what did not happen.
    let session = try scratch.onlySession()
    let ledger = try readFile(
      "\(scratch.repository)/.git/countersign/sessions/\(session)/ledger.jsonl")
    #expect(!String(decoding: ledger, as: UTF8.self).contains("commit-undone"))
  }

  @Test func `a side branch goes, and a working tree's files stay`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    let commit = try terminal.commit()
    let side = try review.scratch.git(
      "for-each-ref", "--format=%(refname:short)", "refs/heads/countersign-*")
    // Another checkout has it: it would stand without a commit.
    try review.scratch.script("git worktree add -q ../elsewhere \(side)")
    try terminal.send("u")
    try terminal.waitFor(text: "Take the commit")
    try terminal.send("y")
    try terminal.waitFor("a refusal") { $0.unwrappedMessage.contains("is checked out at") }
    #expect(try review.scratch.git("rev-parse", side) == commit)
    try review.scratch.script("git worktree remove ../elsewhere")
    try terminal.send("u")
    try terminal.waitFor(text: "Take the commit")
    try terminal.press("y", saying: "is taken back")
    #expect(try review.scratch.git("for-each-ref", "refs/heads/countersign-*").isEmpty)
    #expect(try review.scratch.git("cat-file", "-t", commit) == "commit")
    try terminal.leave()
    try review.scratch.expectClean()

    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    try scratch.write(
      Array(numberedLines(20, "a", changing: [5: "five", 15: "fifteen"]).utf8), to: "repo/a.txt")
    let screen = try scratch.terminal(["review"], environment: ["EDITOR": "sed -i 1s/^/Words/"])
    try screen.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try screen.approve()
    let before = try scratch.git("diff")
    _ = try screen.commit(withMessageFromEditor: "Words")
    #expect(try scratch.git("diff") != before)
    try screen.send("u")
    try screen.waitFor(text: "Take the commit")
    try screen.press("y", saying: "is taken back")
    #expect(try scratch.git("diff") == before && scratch.git("diff", "--cached").isEmpty)
    #expect(try scratch.git("rev-list", "--count", "HEAD") == "1")
    try screen.leave()
  }

  @Test func `from the review of a committed session, u asks the same`() throws {
    let (scratch, head, _, terminal) = try committed()
    try terminal.leave()
    let again = try scratch.terminal(["open", try scratch.onlySession()])
    try again.waitFor("the review") { $0.tally != nil }
    try again.settle()
    try again.send("u")
    try again.waitFor(text: "Take the commit")
    try again.press("y", saying: "is taken back")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try again.leave()
    try scratch.expectClean()
  }

  @Test(
    .enabled(if: PerimeterTests.hasStrace, "strace cannot trace here."),
    arguments: [
      ("rename,renameat,renameat2", 1), ("rename,renameat,renameat2", 2), ("fsync,fdatasync", 3),
      ("fsync,fdatasync", 5),
    ])
  func `a kill while it is taken back leaves it committed or taken back, whole`(
    calls: String, number: Int
  ) throws {
    let (scratch, head, commit, terminal) = try committed()
    try terminal.leave()
    let session = try scratch.onlySession()
    let killed = try scratch.shell(
      "exec strace -f -o /dev/null -e inject=\(calls):signal=KILL:when=\(number) \"$countersign\" open \(session)"
    )
    do {
      try killed.waitFor("the review") { $0.tally != nil }
      try killed.settle()
      try killed.send("u")
      try killed.waitFor(text: "Take the commit")
      try killed.send("y")
      try killed.waitFor("an answer") {
        $0.shows("is taken back") || ["signal", "is locked"].contains(where: $0.message.contains)
      }
      try killed.send("qqq")
      _ = try killed.waitForExit()
    } catch HarnessError.ended {
      // Killed, as was wanted.
    }
    #expect(try scratch.countersign(["sessions"]).exit == .code(0))
    try scratch.expectClean()
    let tip = try scratch.git("rev-parse", "HEAD")
    #expect(tip == head || tip == commit)
    let ledger = try readFile(
      "\(scratch.repository)/.git/countersign/sessions/\(session)/ledger.jsonl")
    #expect(String(decoding: ledger, as: UTF8.self).contains("commit-undone") == (tip == head))
  }
}
