// The user's checks: on exactly the tree that would be committed, kept apart, and no pass unless they passed.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct CheckTests {
  @Test(
    .enabled(
      if: Sandboxes.hasAny, "programs cannot be kept apart here.")
  )
  func `a required check holds the commit until it passes on that very tree`() throws {
    let review = try RangeReview(
      configuration:
        """
        [checks.both]
        command = "grep -q 'A five' a.txt && grep -q 'B ten' b.txt || { echo one is missing; exit 4; }"
        required = true
        """)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.openChecksSheet()
    try terminal.press("C", saying: "The check both is required and has not run on this tree")
    try terminal.send("t")
    try terminal.waitFor(text: "failed with 4")
    try terminal.waitFor(text: "passes on the whole proposal")
    try terminal.press("C", saying: "failed with 4")
    try terminal.send("T")
    try terminal.waitFor(text: "one is missing")
    try terminal.send("q")
    try terminal.waitFor(text: "Checks on exactly this")
    // Another tree: what was said of the first is not said of it.
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.approve()
    try terminal.openChecksSheet()
    try terminal.waitFor(text: "has not run on this")
    try terminal.press("C", saying: "has not run on this tree")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    for _ in 2..<RangeReview.hunkCount { try terminal.approve() }
    // All of it: that tree was looked at already, to compare.
    try terminal.openChecksSheet()
    try terminal.waitFor(text: "passed in")
    let commit = try terminal.commit()
    try terminal.leave()
    #expect(
      try review.scratch.git("rev-parse", "\(commit)^{tree}")
        == review.scratch.git("rev-parse", "\(review.tip)^{tree}"))
    let ledger = try review.ledger()
    #expect(ledger.matches(of: /"kind":"check"/).count == 2)
  }

  @Test func `nothing that one check writes is there for the next`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [checks]
        a = "printf x > a.txt; touch planted; git config x.y z; mkdir -p $XDG_CACHE_HOME; touch $XDG_CACHE_HOME/c"
        b = "grep -q 'A five' a.txt && ! test -e planted && ! test -e $XDG_CACHE_HOME/c"
        """)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("t")
    try terminal.waitFor(text: "a could not run: it changed a.txt")
    try terminal.openChecksSheet()
    try terminal.waitFor(text: "b  passed")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
  }

  @Test func `a setup command that changes the tree is no ground for a pass`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [worktree]
        setup_command = "printf x >> a.txt"
        [checks]
        any = "true"
        """)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("t")
    try terminal.waitFor(text: "the setup command changed a.txt")
    try terminal.leave()
  }

  @Test func `a check that mends the tree before it looks does not pass`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [checks]
        mends = "sed -i 's/A five/mended/' a.txt; grep -q mended a.txt"
        touches = "touch a.txt"
        """)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.openChecksSheet()
    try terminal.send("t")
    try terminal.waitFor(text: "could not run: it changed a.txt")
    try terminal.waitFor(text: "touches  passed")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
  }

  @Test func `a set-up that replaces a link stops the commit`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [worktree]
        link_paths = ["deps"]
        setup_command = "rm deps; mkdir deps; echo evil > deps/tool"
        """)
    let scratch = review.scratch
    try review.makeDependencies(hook: "touch \(scratch.path)/hook-ran")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.askToCommit()
    try terminal.waitFor(text: "The setup command replaced `deps`")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(access("\(scratch.path)/hook-ran", F_OK) != 0)
  }

  @Test func `a sheet that was left for the output is up to date when the reader comes back`()
    throws
  {
    let review = try RangeReview(
      configuration:
        "[policy]\nisolate_checks = false\n[checks.slow]\ncommand = \"sleep 3\"\nrequired = true\n")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.openChecksSheet()
    try terminal.send("t")
    try terminal.waitFor(text: "slow  is running")
    try terminal.send("T")
    try terminal.waitFor(text: "Output of the checks")
    try terminal.waitFor(text: "1 of 1 checks passed")
    try terminal.send("q")
    try terminal.waitFor(text: "slow  passed in")
    try terminal.waitFor("the sheet, worked out anew") { !$0.shows("Working out") }
    _ = try terminal.commit()
    try terminal.leave()
  }

  @Test func `a check that hangs is stopped by a key, by its time and by leaving`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [checks.hang]
        command = "echo $$ > \\"$PIDS\\"; sleep 1000 & wait"
        timeout_seconds = 4
        """)
    let scratch = review.scratch
    let pids = "\(scratch.path)/tmp/pids"
    func open() throws -> PseudoTerminal {
      let terminal = try scratch.terminal(
        ["open", review.session], environment: ["PIDS": pids])
      try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
      try terminal.settle()
      return terminal
    }
    func begun() throws {
      for _ in 0..<1000 where access(pids, F_OK) != 0 { usleep(10_000) }
      #expect(access(pids, F_OK) == 0)
    }
    func hasGone() throws -> Bool {
      let leader = String(decoding: try readFile(pids), as: UTF8.self).prefix { $0.isNumber }
      #expect(!leader.isEmpty)
      let all = try run(
        ["/bin/sh", "-c", "ps -e -o pgid=,stat= | grep -v Z"],
        environment: ["PATH": "/usr/bin:/bin"], directory: "/")
      return !String(decoding: all.output, as: UTF8.self).split(separator: "\n").contains {
        $0.split(separator: " ").first.map { $0 == leader } ?? false
      }
    }
    let terminal = try open()
    try terminal.approve()
    try terminal.send("t")
    try terminal.waitFor(text: "hang stopped after 4 s")
    #expect(try hasGone())
    unlink(pids)
    try terminal.send("t")
    try begun()
    try terminal.send("\u{3}")
    try terminal.waitFor(text: "hang cancelled")
    #expect(try hasGone())
    unlink(pids)
    try terminal.send("t")
    try begun()
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    try terminal.waitFor(text: "The checks are still running")
    try terminal.send("y")
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try hasGone())
    let ledger = try review.ledger()
    #expect(ledger.contains("\"timed-out\"") && ledger.contains("\"cancelled\""))
  }

  @Test(arguments: Sandboxes.hasAny ? [true, false] : [false])
  func `what the project needs is linked and set up, for checks and for hooks`(
    isIsolated: Bool
  ) throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = \(isIsolated)
        [worktree]
        link_paths = ["deps", "a.txt"]
        setup_command = "echo generated > generated.txt"
        [checks]
        uses = "test -L deps && test -f deps/library && cat generated.txt && ! test -L a.txt && ! git status --short | grep deps"
        """)
    try review.makeDependencies(hook: "test -f deps/library\ncat generated.txt")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.openChecksSheet()
    try terminal.send("t")
    try terminal.waitFor(text: "checks passed on what was approved")
    try terminal.waitFor("the sheet, worked out anew") { !$0.shows("Working out") }
    _ = try terminal.commit()
    try terminal.leave()
  }

  @Test func `a test that makes repositories of its own leaves the user's alone`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [checks]
        inits = "d=$(mktemp -d) && cd $d && git init -q . && git config user.name x && git rev-parse --git-dir"
        """)
    let scratch = review.scratch
    let before = try scratch.git("config", "--list", "--local")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("t")
    try terminal.waitFor(text: "1 of 1 checks passed")
    try terminal.leave()
    #expect(try scratch.git("config", "--list", "--local") == before)
    try scratch.expectClean()
  }

  @Test func `a check that leaves a deep directory blocks nothing`() throws {
    let review = try RangeReview(
      configuration:
        """
        [policy]
        isolate_checks = false
        [checks]
        deep = '''
        i=0
        while [ $i -lt 1500 ]; do mkdir d && cd d || exit 5; i=$((i + 1)); done
        mkdir x && chmod 000 x
        '''
        """)
    let terminal = try review.open()
    try terminal.approve()
    for _ in 1...2 {
      try terminal.send("t")
      try terminal.waitFor(text: "The checks begin")
      try terminal.waitFor(text: "1 of 1 checks passed")
    }
    try terminal.leave()
    let left = try run(
      ["/usr/bin/find", "\(review.scratch.path)/state", "-name", "*-check*"],
      environment: review.scratch.environment(), directory: "/")
    #expect(left.output.isEmpty, "\(String(decoding: left.output, as: UTF8.self).prefix(200))")
  }

}
