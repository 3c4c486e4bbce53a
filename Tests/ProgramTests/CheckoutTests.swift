// The user's checkout: untouched until the commit, and afterwards as after a commit of git's own.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct CheckoutTests {
  /// A repository with a session of one changed and one new file.
  private func prepared() throws -> (Scratch, String, LoopbackServer) {
    let asked = try ModelSession(
      files: ["b.txt": numberedLines(5, "b"), ".gitignore": "*.log\n"])
    return (asked.scratch, asked.session, asked.server)
  }

  private func commitAll(
    _ scratch: Scratch, _ session: String, landingAs words: String = "lands"
  ) throws -> (id: String, screen: String) {
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: words)
    try terminal.send("q")
    try terminal.waitFor(text: "y approve")
    let id = try terminal.commit()
    try terminal.waitFor(text: "To look at it:")
    let screen = terminal.screenText()
    try terminal.leave()
    return (id, screen)
  }

  /// Everything in the git directory that is the user's: names, sizes and contents.
  private func userState(_ scratch: Scratch) throws -> String {
    let listing = try run(
      [
        "/bin/sh", "-c",
        """
        cd \(scratch.repository) && find . -path ./.git/objects -prune -o \
        -path ./.git/countersign -prune -o -path ./.git/refs/countersign -prune -o \
        -type f -printf '%p %m %T@ ' -exec sha256sum {} \\; | LC_ALL=C sort
        git for-each-ref --format='%(refname) %(objectname)' | grep -v ' refs/countersign/' \
        | grep -v '^refs/countersign/'
        """,
      ], environment: scratch.environment(), directory: scratch.repository)
    return listing.text
  }

  @Test func `until the commit is asked for nothing of the user's changes by a byte`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a"), "b.txt": "b\n"])
    try scratch.git("stash", "list")
    try scratch.write(Array("changed\n".utf8), to: "repo/b.txt")
    try scratch.write(Array("untracked\n".utf8), to: "repo/c.txt")
    try scratch.write(
      Array("#!/bin/sh\ntouch \"$TMPDIR/a-hook-ran\"\n".utf8), to: "repo/.git/hooks/pre-commit",
      mode: 0o755)
    try scratch.git("config", "core.fsmonitor", "touch \(scratch.path)/tmp/fsmonitor-ran; false")
    let before = try userState(scratch)
    let server = try LoopbackServer { _, _ in ServerAct.answer(ModelSession.twoChanges) }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    #expect(try scratch.countersign(["ask", "Change it.", "a.txt"]).exit == .code(0))
    let session = try scratch.onlySession()
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.reject()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }
    try terminal.leave()
    #expect(try scratch.countersign(["show", session, "--patch"]).exit == .code(0))
    #expect(try scratch.countersign(["discard", session]).exit == .code(0))
    #expect(try userState(scratch) == before)
    #expect(access("\(scratch.path)/tmp/a-hook-ran", F_OK) != 0)
    #expect(access("\(scratch.path)/tmp/fsmonitor-ran", F_OK) != 0)
  }

  @Test func `a clean checkout follows its branch, and other changes stay as they are`() throws {
    let (scratch, session, _) = try prepared()
    try scratch.write(Array("staged\n".utf8), to: "repo/staged.txt")
    try scratch.git("add", "staged.txt")
    try scratch.write(Array("b changed\n".utf8), to: "repo/b.txt")
    try scratch.write(Array("untracked\n".utf8), to: "repo/untracked.txt")
    let before = try scratch.git("status", "--porcelain")
    let (commit, screen) = try commitAll(scratch, session)
    #expect(screen.contains("It is on main; your checkout has it."))
    #expect(try scratch.git("rev-parse", "main") == commit)
    #expect(try scratch.git("status", "--porcelain") == before)
    #expect(try scratch.git("diff", "--cached", "--name-only") == "staged.txt")
    #expect(
      try scratch.read("repo/a.txt")
        == Array(numberedLines(20, "a", changing: [5: "a line five"]).utf8))
    #expect(try scratch.read("repo/sub/new.txt") == Array("new\n".utf8))
    #expect(try scratch.git("diff", "--name-only", "main^", "main") == "a.txt\nsub/new.txt")
  }

  @Test(.enabled(if: PerimeterTests.hasStrace, "strace cannot trace here."))
  func `I15: files that follow the branch are on the disk before the landing counts as ended`()
    throws
  {
    let (scratch, session, _) = try prepared()
    let log = "\(scratch.path)/tmp/calls"
    let terminal = try scratch.tracedTerminal(opening: session, log: log)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.approve()
    _ = try terminal.commit()
    try terminal.leave()
    let calls = try TracedCall.all(in: log)
    // Once before the branch moves, and once more when the files have followed.
    let journals = calls.indices.filter { calls[$0].names("/landing") }
    try #require(journals.count == 2)
    for path in ["a.txt", "sub/new.txt", "sub"] {
      let between = calls[journals[0]..<journals[1]]
      #expect(between.contains { $0.syncs("\(scratch.repository)/\(path)") }, "\(path)")
    }
  }

  @Test(arguments: ["repo/a.txt", "repo/sub/new.txt"])
  func `a file in the way keeps its content, and the commit is on a side branch`(path: String)
    throws
  {
    let (scratch, session, _) = try prepared()
    let head = try scratch.git("rev-parse", "HEAD")
    try scratch.write(Array("mine, not committed\n".utf8), to: path)
    let before = try scratch.git("status", "--porcelain")
    // The sheet says so before, and what it says to do afterwards works.
    let (commit, screen) = try commitAll(
      scratch, session, landingAs: "has changes of its own in your checkout")
    #expect(screen.contains("It is on the branch countersign-main-"))
    #expect(screen.contains("git stash --include-untracked"))
    #expect(try scratch.read(path) == Array("mine, not committed\n".utf8))
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    #expect(try scratch.git("status", "--porcelain") == before)
    #expect(try scratch.git("rev-parse", "\(commit)^") == head)
    #expect(
      try scratch.git("for-each-ref", "--points-at", commit, "--format=%(refname:short)")
        .hasPrefix("countersign-main-"))
  }

  @Test func `a branch that moved meanwhile is not touched`() throws {
    let (scratch, session, _) = try prepared()
    let base = try scratch.git("rev-parse", "HEAD")
    let moved = try scratch.commit(["b.txt": "moved\n"], "meanwhile")
    let (commit, screen) = try commitAll(scratch, session)
    #expect(screen.contains("It is on the branch countersign-main-"))
    #expect(try scratch.git("rev-parse", "main") == moved)
    #expect(try scratch.git("rev-parse", "\(commit)^") == base)
    try scratch.expectClean()
  }

  @Test func `a linked worktree gets its own commit`() throws {
    let (scratch, _, server) = try prepared()
    let tree = "\(scratch.path)/linked"
    try scratch.git("worktree", "add", "--quiet", "-b", "topic", tree)
    let asked = try scratch.countersign(["ask", "Change it here.", "a.txt"], in: tree)
    #expect(asked.exit == .code(0), "\(asked.problem)")
    #expect(server.prompts.count == 2)
    let session = try #require(asked.text.split(separator: ":").first)
    let terminal = try scratch.terminal(["open", String(session)], in: tree)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "topic") == commit)
    #expect(try scratch.git("rev-parse", "topic^") == scratch.git("rev-parse", "main"))
    try scratch.expectClean(tree)
    try scratch.expectClean()
  }

  @Test func `hooks run with their output shown, and what they refuse is not committed`() throws {
    let (scratch, session, _) = try prepared()
    let head = try scratch.git("rev-parse", "HEAD")
    try scratch.write(
      Array("#!/bin/sh\necho 'no: the hook says so'\ntest -e \"$HOME/allowed\"\n".utf8),
      to: "repo/.git/hooks/pre-commit", mode: 0o755)
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "pre-commit")
    try terminal.send("C")
    try terminal.waitFor(text: "Nothing was committed.")
    try terminal.waitFor(text: "no: the hook says so")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try scratch.expectClean()
    try scratch.write([], to: "home/allowed")
    try terminal.send("C")
    try terminal.waitFor(text: "To look at it:")
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "HEAD^") == head)
    try scratch.expectClean()
  }

  @Test func `a kill between landing and record is told at the next start, which records it`()
    throws
  {
    let (scratch, session, _) = try prepared()
    let begun = "\(scratch.path)/begun"
    try scratch.write(
      Array("#!/bin/sh\n: >'\(begun)'\nwhile test -e '\(begun)'; do sleep 0.02; done\n".utf8),
      to: "repo/.git/hooks/post-commit", mode: 0o755)
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.askToCommit()
    try terminal.waitFor("the hook") { _ in access(begun, F_OK) == 0 }
    terminal.signal(SIGKILL)
    try terminal.waitForExit()
    unlink(begun)
    let commit = try scratch.git("rev-parse", "HEAD")
    let listing = try scratch.countersign(["show", session, "--json"])
    #expect(listing.text.contains(commit), "\(listing.text)")
    #expect(listing.problem.contains("was completed"), "\(listing.problem)")
    #expect(try scratch.countersign(["sessions"]).problem.isEmpty)
    let verified = try scratch.countersign(["verify", commit])
    #expect(verified.exit == .code(0), "\(verified.text)\(verified.problem)")
    try scratch.expectClean()
  }

  @Test func `a hook that wants an answer from the terminal neither hangs nor eats keys`() throws {
    let (scratch, session, _) = try prepared()
    try scratch.write(
      Array(
        "#!/bin/sh\n(exec < /dev/tty && read -r answer && echo \"got $answer\") || echo no terminal\nexit 1\n"
          .utf8), to: "repo/.git/hooks/pre-commit", mode: 0o755)
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "pre-commit")
    try terminal.send("C")
    try terminal.waitFor(text: "Committing:")
    try terminal.send("an answer" + Keys.enter)
    try terminal.waitFor(text: "Nothing was committed.", timeoutSeconds: 60)
    try terminal.waitFor("the hook's words") {
      $0.shows("got an answer") || $0.shows("no terminal")
    }
  }

  @Test func `a git that is too old for hooks is said at once, and commits nothing`() throws {
    let (scratch, session, _) = try prepared()
    let head = try scratch.git("rev-parse", "HEAD")
    let old = "\(scratch.path)/old"
    try scratch.write(
      Array(
        """
        #!/bin/sh
        [ "$1" = --version ] && { echo git version 2.34.1; exit; }
        exec /usr/bin/git "$@"

        """.utf8), to: "old/git", mode: 0o755)
    let terminal = try scratch.terminal(
      ["open", session], environment: ["PATH": "\(old):/usr/bin:/bin"])
    try terminal.waitFor(text: "Nothing can be committed: git is 2.34.1")
    try terminal.approve()
    try terminal.approve()
    try terminal.askToCommit()
    try terminal.waitFor(text: "Nothing was committed")
    try terminal.waitFor(text: "git is 2.34.1")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "HEAD") == head)
  }
}
