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
    let place = "\(scratch.path)/bin"
    try scratch.write([], to: "bin/.made")
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

  @Test(arguments: ["bwrap", "unshare"])
  func `a check reaches no network and changes nothing of the user's`(way: String) throws {
    guard way == "bwrap" ? Self.hasBubblewrap : Self.hasNamespaces else { return }
    let server = try LoopbackServer { _, _ in [] }
    let review = try review(
      """
      [checks]
      reach = '''
      exec 2>&1
      bash -c "exec 3<>/dev/tcp/127.0.0.1/\(server.port)" && echo REACHED
      touch "$REPOSITORY/written" && echo WRITTEN
      echo x >> "$REPOSITORY/.git/config" && echo CONFIGURED
      git update-ref refs/heads/made HEAD && echo MOVED
      touch made-here && git status --short && echo "here: $(git rev-parse HEAD)"
      '''
      """)
    let scratch = review.scratch
    let path =
      way == "bwrap"
      ? "/usr/bin:/bin"
      : try path(scratch, allowing: ["unshare", "mount", "setpriv", "bash", "touch"])
    let terminal = try scratch.terminal(
      ["open", review.session],
      environment: ["PATH": path, "REPOSITORY": scratch.repository])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    let before = try scratch.git("for-each-ref", "refs/heads")
    try terminal.approve()
    try sheet(terminal)
    try terminal.send("t")
    try terminal.waitFor(text: "passed in")
    try terminal.waitFor(text: way == "bwrap" ? "(bubblewrap)" : "(namespaces)")
    try terminal.send("T")
    try terminal.waitFor(text: "here: \(review.base)")
    try terminal.waitFor(text: "?? made-here")
    for word in ["REACHED", "WRITTEN", "CONFIGURED", "MOVED"] {
      #expect(!terminal.shows(" \(word)"), "\(terminal.screenText())")
    }
    try terminal.send("q")
    try terminal.waitFor(text: "Checks on exactly this")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(server.requests.isEmpty)
    #expect(try scratch.git("for-each-ref", "refs/heads") == before)
    #expect(access("\(scratch.repository)/written", F_OK) != 0)
    try scratch.expectClean()
  }

  @Test func `what cannot be kept apart does not run, and that is no pass`() throws {
    let review = try review("[checks.any]\ncommand = \"touch /tmp/ran\"\nrequired = true\n")
    let scratch = review.scratch
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
    try terminal.leave()
    #expect(try hasGone())
    let ledger = try ledger(review)
    #expect(ledger.contains("\"timed-out\"") && ledger.contains("\"cancelled\""))
  }

  @Test func `what the project needs is linked and set up, for checks and for hooks`() throws {
    let review = try review(
      """
      [policy]
      isolate_checks = false
      [worktree]
      link_paths = ["deps", "a.txt"]
      setup_command = "echo generated > generated.txt"
      [checks]
      uses = "test -L deps && test -f deps/library && cat generated.txt && ! test -L a.txt"
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
