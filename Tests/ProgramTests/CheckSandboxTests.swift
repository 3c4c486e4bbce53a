// Checks run code that a model wrote: what they can reach, and what is left of them.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct CheckSandboxTests {
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
    let review = try RangeReview(
      configuration:
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
      ? try review.path(
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
    try terminal.openChecksSheet()
    try terminal.send("t")
    try terminal.waitFor(text: "passed in")
    try terminal.waitFor(
      text: ["bwrap": "(bubblewrap)", "unshare": "(namespaces)"][way] ?? "without a sandbox")
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

  @Test(.enabled(if: Sandboxes.hasBubblewrap, "bubblewrap does not work here."))
  func `a check in bubblewrap reaches nothing and changes nothing of the user's`() throws {
    try expectKeptApart(try attempt("bwrap"))
  }

  @Test(.enabled(if: Sandboxes.hasNamespaces, "namespaces do not work here."))
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

  @Test func `what cannot be kept apart does not run, and that is no pass`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let ran = "\(scratch.path)/ran"
    try scratch.configure("[checks.any]\ncommand = \"touch \(ran)\"\nrequired = true\n")
    let terminal = try scratch.terminal(
      ["open", review.session], environment: ["PATH": try review.path(allowing: [])])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    try terminal.approve()
    try terminal.openChecksSheet()
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

  @Test(.enabled(if: Sandboxes.hasNamespaces, "namespaces do not work here."))
  func `nothing of a check in namespaces outlives it`() throws {
    let review = try RangeReview(
      configuration:
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
      environment: ["PATH": try review.path(allowing: ["unshare", "setsid", "sleep"])])
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

  @Test(.enabled(if: Sandboxes.hasNamespaces, "namespaces do not work here."))
  func `a kill of the program ends its check`() throws {
    let review = try RangeReview(
      configuration:
        "[checks.daemon]\ncommand = \"trap '' TERM; while :; do sleep 873 & wait; done\"\n")
    let terminal = try review.scratch.terminal(
      ["open", review.session],
      environment: ["PATH": try review.path(allowing: ["unshare", "sleep"])])
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.settle()
    try terminal.approve()
    try terminal.send("t")
    func sleepers() throws -> String {
      let left = try run(
        ["/bin/sh", "-c", "ps -e -o stat=,args= | grep '[s]leep 873' | grep -v '^Z'"],
        environment: ["PATH": "/usr/bin:/bin"], directory: "/")
      return String(decoding: left.output, as: UTF8.self)
    }
    for _ in 0..<500 where try sleepers().isEmpty { usleep(20_000) }
    #expect(try !sleepers().isEmpty)
    terminal.signal(SIGKILL)
    for _ in 0..<250 where try !sleepers().isEmpty { usleep(20_000) }
    #expect(try sleepers().isEmpty)
  }

  @Test func `what was rejected does not run to compare`() throws {
    let review = try RangeReview(
      configuration:
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
    #expect(try review.ledger().matches(of: /"kind":"check"/).count == 1)
  }
}
