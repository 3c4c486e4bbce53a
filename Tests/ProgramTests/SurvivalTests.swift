// Nothing is lost: kills, signals and hang-ups, and what is there afterwards.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct SurvivalTests {
  /// Keys that decide, and one that takes a decision back; the fifth decides in the next file.
  private static let script = ["y", "x", "u", "y", "x", "y", "u", "x"]

  @Test func `a kill after any key loses neither a decision nor the place`() throws {
    let review = try RangeReview()
    var decided = 0
    for (number, key) in Self.script.enumerated() {
      let terminal = try review.open()
      #expect(terminal.tally?.decided == decided)
      try terminal.send(key)
      decided += key == "u" ? -1 : 1
      try terminal.waitFor("the answer to key \(number), \(key)") { $0.tally?.decided == decided }
      try terminal.settle()
      let (tally, title) = (terminal.tally, terminal.reviewTitle)
      terminal.signal(SIGKILL)
      #expect(try terminal.waitForExit() == .signal(Int(SIGKILL)))
      let again = try review.open()
      #expect(again.tally == tally, "after key \(number), \(key)")
      #expect(again.reviewTitle == title, "after key \(number), \(key)")
      again.signal(SIGKILL)
      try again.waitForExit()
    }
  }

  @Test func `a kill at any moment of a key leaves the decisions of before or after it`() throws {
    let review = try RangeReview()
    var decided = 0
    for (number, key) in (Self.script + Self.script).enumerated() {
      let terminal = try review.open()
      let found = try #require(terminal.tally?.decided)
      #expect(abs(found - decided) <= 1, "before key \(number)")
      decided = found
      let seen = terminal.output.count
      try terminal.send(key)
      // At once, or as soon as the program begins to answer.
      if number % 2 == 1 {
        try terminal.waitFor("any output") { $0.output.count > seen }
      }
      terminal.signal(SIGKILL)
      try terminal.waitForExit()
    }
    let listing = try review.scratch.countersign(["sessions"])
    #expect(listing.exit == .code(0))
    #expect(!listing.text.contains("failed"))
    #expect(try review.scratch.git("rev-parse", "HEAD") == review.tip)
    try review.scratch.expectClean()
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func `a signal that ends the program restores the terminal first`(number: Int32) throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    terminal.signal(number)
    #expect(try terminal.waitForExit() == .signal(Int(number)))
    try terminal.expectRestored()
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 0, undecided: 4))
  }

  @Test func `a closed window ends the program, and the decisions are there`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    terminal.hangUp()
    try terminal.waitForExit()
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
    try again.leave()
  }

  @Test func `a session that one window holds is not decided on in another`() throws {
    let review = try RangeReview()
    let first = try review.open()
    try first.approve()
    let second = try review.scratch.terminal(["open", review.session])
    try second.waitFor(text: "Sessions")
    try second.waitFor("a sentence") { $0.message.utf8.count > 20 }
    #expect(second.tally == nil)
    try second.send("q")
    #expect(try second.waitForExit() == .code(0))
    try first.reject()
    try first.leave()
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
  }

  @Test func `a kill in the commit leaves a repository that git and the next start find whole`()
    throws
  {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.settle()
    let seen = terminal.output.count
    try terminal.send("C")
    try terminal.waitFor("the beginning of the commit") { $0.output.count > seen }
    terminal.signal(SIGKILL)
    try terminal.waitForExit()
    try review.scratch.expectClean()
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
    try again.leave()
  }

  /// A hook that stops git at refs of a kind, says so in the file `begun`, and waits for the file `go`.
  private func stop(_ scratch: Scratch, at references: String) throws -> String {
    let (begun, go) = ("\(scratch.path)/begun", "\(scratch.path)/go")
    try scratch.write(
      Array(
        """
        #!/bin/sh
        test "$1" = prepared && grep -q '\(references)' || exit 0
        : >'\(begun)'
        while ! test -e '\(go)'; do sleep 0.02; done

        """.utf8), to: "repo/.git/hooks/reference-transaction", mode: 0o755)
    return begun
  }

  /// Approves one hunk and commits until git is stopped.
  private func commitUntilStopped(
    _ review: RangeReview, at references: String
  ) throws -> PseudoTerminal {
    let terminal = try review.open()
    try terminal.approve()
    let begun = try stop(review.scratch, at: references)
    try terminal.askToCommit()
    try terminal.waitFor("the hook") { _ in access(begun, F_OK) == 0 }
    return terminal
  }

  private func landed(_ scratch: Scratch) throws -> String {
    try scratch.git("for-each-ref", "--format=%(objectname)", "refs/heads/countersign-*")
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a signal in a landing waits for its end, and the commit is on record`(number: Int32) throws
  {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try commitUntilStopped(review, at: "refs/heads/")
    terminal.signal(number)
    try scratch.write([], to: "go")
    #expect(try terminal.waitForExit() == .signal(Int(number)))
    try terminal.expectRestored()
    let commit = try landed(scratch)
    let listing = try scratch.countersign(["show", review.session, "--json"])
    #expect(commit.utf8.count == 40 && listing.text.contains(commit), "\(listing.text)")
    #expect(listing.problem.isEmpty, "\(listing.problem)")
    try scratch.expectClean()
  }

  @Test func `a collection of garbage takes nothing of a session`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try review.open()
    try terminal.approve()
    try terminal.leave()
    // The tip is in no branch any more: only the session knows the proposal.
    try scratch.git("reset", "--quiet", "--hard", review.base)
    try scratch.git("reflog", "expire", "--expire=now", "--all")
    try scratch.git("gc", "--quiet", "--prune=now")
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 0, undecided: 4))
    for _ in 1...4 { try again.approve() }
    let commit = try again.commit()
    try again.leave()
    #expect(try scratch.git("diff", "--name-only", review.base, commit) == "a.txt\nb.txt\nc.txt")
    try scratch.expectClean()
  }

  @Test func `a torn last record costs that record only`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    try terminal.leave()
    let ledger = try review.ledgerName()
    let whole = try review.scratch.read(ledger)
    try review.scratch.write(Array(whole.dropLast(40)), to: ledger)
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 0, undecided: 4))
    try again.reject()
    try again.leave()
    let third = try review.open()
    #expect(third.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
  }

  @Test func `a forged record is found, and the session is not opened`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.reject()
    try terminal.reject()
    try terminal.leave()
    let ledger = try review.ledgerName()
    var forged = try review.scratch.read(ledger)
    let verdict = try #require(forged.firstRange(of: Array("\"rejected\"".utf8)))
    forged.replaceSubrange(verdict, with: Array("\"approved\"".utf8))
    try review.scratch.write(forged, to: ledger)
    let listing = try review.scratch.countersign(["sessions"])
    #expect(listing.exit == .code(0) && listing.text.contains("failed: "))
    let shown = try review.scratch.countersign(["show", review.session, "--approved"])
    #expect(shown.exit == .code(1) && shown.output.isEmpty)
    let again = try review.scratch.terminal(["open", review.session])
    try again.waitFor(text: "Sessions")
    try again.waitFor("a sentence") { $0.message.utf8.count > 20 }
    #expect(again.tally == nil)
    try again.send("q")
    #expect(try again.waitForExit() == .code(0))
  }

  @Test func `a session that a window holds is not put away by a command`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    let result = try review.scratch.countersign(["discard", review.session])
    #expect(result.exit == .code(1))
    #expect(result.problem.split(separator: "\n").count == 1)
    try terminal.approve()
    try terminal.leave()
    #expect(try review.scratch.countersign(["discard", review.session]).exit == .code(0))
  }
}

extension RangeReview {
  /// The session's ledger, below the scratch directory.
  fileprivate func ledgerName() throws -> String {
    let place = "repo/.git/countersign/sessions/\(session)"
    let listing = try run(
      ["/bin/sh", "-c", "ls -S \(scratch.path)/\(place)/*.jsonl"],
      environment: scratch.environment(), directory: scratch.path)
    let name = try #require(listing.text.split(separator: "\n").first?.split(separator: "/").last)
    return "\(place)/\(name)"
  }

  @Test func `a note that could not be kept is kept at the next start`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try review.open()
    try terminal.approve()
    try scratch.write([], to: "repo/.git/refs/notes/countersign.lock")
    let commit = try terminal.commit()
    try terminal.waitFor("the trouble") {
      $0.unwrappedMessage.contains("could not be kept, and the next start tries again")
    }
    try terminal.leave()
    #expect(try scratch.git("for-each-ref", "refs/notes") == "")
    // It is in nobody's way meanwhile, and said as long as it cannot be kept.
    let waiting = try scratch.countersign(["sessions"])
    #expect(waiting.exit == .code(0) && waiting.problem.contains("could not be kept yet again"))
    // It belongs to the commit, not to the branch that it landed on.
    let side = try scratch.git("for-each-ref", "--format=%(refname:short)", "refs/heads/counter*")
    try scratch.git("tag", "kept", commit)
    try scratch.git("branch", "--quiet", "-D", side)
    #expect(unlink("\(scratch.repository)/.git/refs/notes/countersign.lock") == 0)
    #expect(try scratch.countersign(["sessions"]).problem == "")
    #expect(
      try scratch.git("notes", "--ref=countersign", "show", commit).contains("\"approval\""))
    #expect(try scratch.countersign(["verify", commit]).exit == .code(0))
    let again = try scratch.git("rev-parse", "refs/notes/countersign")
    #expect(try scratch.countersign(["sessions"]).problem == "")
    #expect(try scratch.git("rev-parse", "refs/notes/countersign") == again)
  }
}
