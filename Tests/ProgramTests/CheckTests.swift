// The user's checks: on exactly the tree that would be committed, kept apart, and no pass unless they passed.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct CheckTests {
  /// Whether programs can be kept apart here, by the one way and by the other.
  static let hasBubblewrap = works(["bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"])
  static let hasNamespaces = works([
    "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "true",
  ])

  private static func works(_ command: [String]) -> Bool {
    let result = try? run(
      ["/usr/bin/env"] + command, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"],
      directory: "/")
    return result?.exit == .code(0)
  }

  private func review(_ checks: String) throws -> RangeReview {
    let review = try RangeReview()
    try review.scratch.configure(checks)
    return review
  }

  /// A PATH that has what is needed, but nothing that keeps programs apart except `allowed`.
  private func path(_ scratch: Scratch, allowing allowed: [String]) throws -> String {
    // In the repository, which a check may read: /tmp is hidden from it.
    let place = "\(scratch.repository)/.git/bin"
    try scratch.write([], to: "repo/.git/bin/.made")
    for name in ["git", "sh"] + allowed {
      #expect(symlink("/usr/bin/\(name)", "\(place)/\(name)") == 0)
    }
    return place
  }

  private func ledger(_ review: RangeReview) throws -> String {
    let place = "\(review.scratch.repository)/.git/countersign/sessions/\(review.session)"
    return String(decoding: try readFile("\(place)/ledger.jsonl"), as: UTF8.self)
  }

  private func sheet(_ terminal: PseudoTerminal) throws {
    try terminal.send("C")
    try terminal.waitFor(text: "Checks on exactly this")
  }

  @Test(.enabled(if: hasBubblewrap || hasNamespaces, "programs cannot be kept apart here."))
  func `a required check holds the commit until it passes on that very tree`() throws {
    let review = try review(
      """
      [checks.both]
      command = "grep -q 'A five' a.txt && grep -q 'B ten' b.txt || { echo one is missing; exit 4; }"
      required = true
      """)
    let terminal = try review.open()
    try terminal.approve()
    try sheet(terminal)
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
    try sheet(terminal)
    try terminal.waitFor(text: "has not run on this")
    try terminal.press("C", saying: "has not run on this tree")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    for _ in 2..<RangeReview.hunkCount { try terminal.approve() }
    // All of it: that tree was looked at already, to compare.
    try sheet(terminal)
    try terminal.waitFor(text: "passed in")
    let commit = try terminal.commit()
    try terminal.leave()
    #expect(
      try review.scratch.git("rev-parse", "\(commit)^{tree}")
        == review.scratch.git("rev-parse", "\(review.tip)^{tree}"))
    let ledger = try ledger(review)
    #expect(ledger.matches(of: /"kind":"check"/).count == 2)
  }

  /// What a check of a hostile model would try; says what it could do.
  private static let attempts = """
    exec 2>&1
    bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT" && echo REACHED
    touch "$REPOSITORY/written" && echo WRITTEN
    touch "$HOME/written" && echo HOME
    echo x >> "$REPOSITORY/.git/config" && echo CONFIGURED
    git -C "$REPOSITORY" update-ref refs/heads/made HEAD && echo MOVED
    test -e "$SOCKET" && echo SOCKET
    test -e "$HOME/.ssh/id" && echo KEY
    touch made-here && git status --short && echo "here: $(git rev-parse HEAD)"
    """
  private static let successes = [
    "REACHED", "WRITTEN", "HOME", "CONFIGURED", "MOVED", "SOCKET", "KEY",
  ]

  /// Runs the attempts as a check; returns what its output shows.
  private func attempt(_ way: String) throws -> (output: String, review: RangeReview) {
    let server = try LoopbackServer { _, _ in [] }
    let place = "/tmp/countersign-socket-\(getpid())-\(way)"
    let listener = try LoopbackServer(socketPath: place) { _, _ in [] }
    let review = try review(
      """
      [policy]
      isolate_checks = \(way != "none")
      [checks]
      reach = '''
      \(Self.attempts)
      '''
      """)
    let scratch = review.scratch
    try scratch.write(Array("key".utf8), to: "home/.ssh/id")
    let path =
      way == "unshare"
      ? try path(
        scratch,
        allowing: ["unshare", "bash", "touch"])
      : "/usr/bin:/bin"
    let terminal = try scratch.terminal(
      ["open", review.session], rows: 60,
      environment: [
        "PATH": path, "REPOSITORY": scratch.repository, "SOCKET": place, "PORT": "\(server.port)",
      ])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    try terminal.approve()
    try sheet(terminal)
    try terminal.send("t")
    try terminal.waitFor(text: "passed in")
    try terminal.waitFor(
      text: ["bwrap": "(bubblewrap)", "unshare": "(namespaces)"][way] ?? "not kept apart")
    try terminal.send("T")
    try terminal.waitFor(text: "here: \(review.base)")
    try terminal.waitFor(text: "?? made-here")
    let output = terminal.screenText()
    try terminal.send("q")
    try terminal.waitFor(text: "Checks on exactly this")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    withExtendedLifetime((server, listener)) {}
    return (output, review)
  }

  @Test(.enabled(if: hasBubblewrap, "bubblewrap does not work here."))
  func `a check in bubblewrap reaches nothing and changes nothing of the user's`() throws {
    try expectKeptApart(try attempt("bwrap"))
  }

  @Test(.enabled(if: hasNamespaces, "namespaces do not work here."))
  func `a check in namespaces reaches nothing and changes nothing of the user's`() throws {
    try expectKeptApart(try attempt("unshare"))
  }

  private func expectKeptApart(_ run: (output: String, review: RangeReview)) throws {
    for word in Self.successes {
      #expect(
        run.output.firstMatch(of: try Regex("(?m)^ *\\d+ \(word)\\s*$")) == nil, "\(run.output)")
    }
    let scratch = run.review.scratch
    #expect(try scratch.git("for-each-ref", "refs/heads/made").isEmpty)
    #expect(access("\(scratch.repository)/written", F_OK) != 0)
    #expect(access("\(scratch.path)/home/written", F_OK) != 0)
    try scratch.expectClean()
  }

  @Test func `without a sandbox the same check does all of it`() throws {
    let (output, _) = try attempt("none")
    for word in Self.successes {
      #expect(
        output.firstMatch(of: try Regex("(?m)^ *\\d+ \(word)\\s*$")) != nil, "\(word): \(output)")
    }
  }

  @Test func `nothing that one check writes is there for the next`() throws {
    let review = try review(
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
    try terminal.waitFor(text: "2 of 2 checks passed")
    try terminal.leave()
  }

  @Test func `a setup command that changes the tree is no ground for a pass`() throws {
    let review = try review(
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

  @Test func `a sheet that was left for the output is up to date when the reader comes back`()
    throws
  {
    let review = try review(
      "[policy]\nisolate_checks = false\n[checks.slow]\ncommand = \"sleep 1\"\nrequired = true\n")
    let terminal = try review.open()
    try terminal.approve()
    try sheet(terminal)
    try terminal.send("t")
    try terminal.waitFor(text: "slow…")
    try terminal.send("T")
    try terminal.waitFor(text: "Output of the checks")
    try terminal.waitFor(text: "1 of 1 checks passed")
    try terminal.send("q")
    try terminal.waitFor(text: "slow  passed in")
    _ = try terminal.commit()
    try terminal.leave()
  }

  @Test func `what cannot be kept apart does not run, and that is no pass`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let ran = "\(scratch.path)/ran"
    try scratch.configure("[checks.any]\ncommand = \"touch \(ran)\"\nrequired = true\n")
    let terminal = try scratch.terminal(
      ["open", review.session], environment: ["PATH": try path(scratch, allowing: [])])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    try terminal.approve()
    try sheet(terminal)
    try terminal.send("t")
    try terminal.waitFor(text: "could not run")
    try terminal.send("C")
    try terminal.waitFor(text: "The check any, which is required, could not run")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign*").isEmpty)
    #expect(access(ran, F_OK) != 0)
  }

  @Test func `a check that hangs is stopped by a key, by its time and by leaving`() throws {
    let review = try review(
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
    let ledger = try ledger(review)
    #expect(ledger.contains("\"timed-out\"") && ledger.contains("\"cancelled\""))
  }

  @Test(arguments: [true, false])
  func `what the project needs is linked and set up, for checks and for hooks`(
    isIsolated: Bool
  ) throws {
    guard !isIsolated || Self.hasBubblewrap || Self.hasNamespaces else { return }
    let review = try review(
      """
      [policy]
      isolate_checks = \(isIsolated)
      [worktree]
      link_paths = ["deps", "a.txt"]
      setup_command = "echo generated > generated.txt"
      [checks]
      uses = "test -L deps && test -f deps/library && cat generated.txt && ! test -L a.txt && ! git status --short | grep deps"
      """)
    let scratch = review.scratch
    try scratch.write([], to: "repo/deps/library")
    try scratch.write(Array("deps\n".utf8), to: "repo/.git/info/exclude")
    try scratch.write(
      Array("#!/bin/sh\nset -e\ntest -f deps/library\ncat generated.txt\n".utf8),
      to: "repo/.git/hooks/pre-commit", mode: 0o755)
    let terminal = try review.open()
    try terminal.approve()
    try sheet(terminal)
    try terminal.send("t")
    try terminal.waitFor(text: "passed in")
    try terminal.waitFor("the sheet, worked out anew") { !$0.shows("Working out") }
    _ = try terminal.commit()
    try terminal.leave()
  }

  @Test func `a test that makes repositories of its own leaves the user's alone`() throws {
    let review = try review(
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
    let review = try review(
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

  @Test(.enabled(if: hasNamespaces, "namespaces do not work here."))
  func `nothing of a check in namespaces outlives it`() throws {
    let review = try review(
      """
      [checks.daemon]
      command = '''
      trap "" TERM
      setsid sh -c 'trap "" TERM; exec sleep 876' &
      exec sleep 875
      '''
      timeout_seconds = 2
      """)
    let scratch = review.scratch
    let terminal = try scratch.terminal(
      ["open", review.session],
      environment: ["PATH": try path(scratch, allowing: ["unshare", "setsid", "sleep"])])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    try terminal.approve()
    try terminal.send("t")
    try terminal.waitFor(text: "daemon stopped after 2 s")
    let left = try run(
      ["/bin/sh", "-c", "ps -e -o args= | grep '^sleep 87[56]'"],
      environment: ["PATH": "/usr/bin:/bin"], directory: "/")
    #expect(left.output.isEmpty)
    try terminal.leave()
  }

  @Test func `what was rejected does not run to compare`() throws {
    let review = try review(
      """
      [checks]
      both = "grep -q 'A five' a.txt && grep -q 'B ten' b.txt"
      """)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    try terminal.send("t")
    try terminal.waitFor("the end") {
      $0.message.contains("both ") && $0.message.contains("shows the output")
    }
    try terminal.leave()
    #expect(try ledger(review).matches(of: /"kind":"check"/).count == 1)
  }

  @Test func `a policy's paths and tip hold the commit`() throws {
    let answer = """
      a.txt
      <<<<<<< SEARCH
      a line 5
      =======
      a line five
      >>>>>>> REPLACE

      infra/main.tf
      <<<<<<< SEARCH
      =======
      new
      >>>>>>> REPLACE
      """
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    let server = try LoopbackServer { _, _ in ServerAct.answer(answer) }
    try scratch.configure(
      """
      [[endpoint]]
      name = "test"
      \(server.setting)
      [policy]
      forbidden_paths = ["infra/"]
      protected_paths = ["a.*"]
      require_untouched_tip = true
      """)
    let asked = try scratch.countersign(["ask", "Change it.", "a.txt"])
    #expect(asked.exit == .code(0), "\(asked.problem)")
    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.waitFor(text: "Your policy protects this path")
    try terminal.acknowledgeAll()
    try terminal.approve()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy lets no model change infra/main.tf")
    try terminal.press("C", saying: "Your policy lets no model change")
    try terminal.send("q")
    try terminal.send("x")
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 0))
    // The branch moves while the sheet is open: the commit itself is held to the policy.
    try terminal.send("C")
    try terminal.waitFor(text: "lands        on main, in this checkout")
    _ = try scratch.commit(["other.txt": "new\n"], "meanwhile")
    let head = try scratch.git("rev-parse", "HEAD")
    try terminal.send("C")
    try terminal.waitFor(text: "Nothing was committed")
    try terminal.waitFor(text: "Your policy requires an untouched tip")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy requires an untouched tip")
    try terminal.press("C", saying: "Your policy requires an untouched tip")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign*").isEmpty)
  }
}
