// Faults at every system call of a kind: afterwards the repository is whole and the decisions are there.

import Glibc
import TerminalHarness
import Testing

@Suite(
  .enabled(if: PerimeterTests.hasStrace, "strace cannot trace here."), .timeLimit(.minutes(15)))
struct FaultTests {
  /// Starts the session under strace, which lets `fault` happen in some call.
  private func open(_ review: RangeReview, fault: String) throws -> PseudoTerminal {
    try review.scratch.shell(
      "exec strace -f -qq -o /dev/null -e inject=\(fault) \"$countersign\" open \(review.session)")
  }

  /// Kinds of calls and which of them kills, counted from the start; the first ones are before the
  /// commit. COUNTERSIGN_DEEP tries many more.
  private static let faults: [(String, Int)] = {
    let isDeep = getenv("COUNTERSIGN_DEEP") != nil
    let kinds = [
      ("fsync,fdatasync", 2...6), ("rename,renameat,renameat2", 4...6), ("unlink,unlinkat", 3...4),
    ]
    return kinds.flatMap { calls, range in (isDeep ? 1...24 : range).map { (calls, $0) } }
  }()

  @Test(arguments: [1, 2, 3, 4])
  func `a decision that cannot be synced is said not to be recorded, and no other follows`(
    number: Int
  ) throws {
    let review = try RangeReview()
    let terminal = try open(review, fault: "fsync,fdatasync:error=ENOSPC:when=\(number)+")
    try terminal.waitFor("the review, or why it is not opened") {
      $0.tally?.undecided == 5 || $0.shows("could not save")
    }
    guard terminal.tally != nil else {
      try terminal.send("q")
      #expect(try terminal.waitForExit() == .code(0))
      return
    }
    try terminal.settle()
    var isRefused = false
    for _ in 1...5 where !isRefused {
      try terminal.send("y")
      let before = terminal.tally
      try terminal.waitFor("an answer") {
        $0.tally != before || $0.message.contains("could not be recorded")
      }
      try terminal.settle()
      try terminal.send("y")
      try terminal.waitFor("an answer") {
        $0.message.contains("recorded") || $0.tally?.undecided == 0 || $0.tally != before
      }
      isRefused = terminal.message.contains("recorded")
    }
    #expect(isRefused)
    try terminal.leave()
    let again = try review.open()
    #expect(again.tally.map { $0.approved <= number } ?? false)
    try again.leave()
    try review.scratch.expectClean()
  }

  @Test func `I14: what a commit rests on is on the disk before its branch moves`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let log = "\(scratch.path)/tmp/calls"
    let terminal = try scratch.tracedTerminal(opening: review.session, log: log)
    try terminal.waitFor("the review") { $0.tally?.total == RangeReview.hunkCount }
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.settle()
    let recorded = try TracedCall.all(in: log).count { $0.syncs("/ledger.jsonl") }
    try terminal.send("C")
    try terminal.waitFor(text: "To look at it:")
    try terminal.leave()

    let calls = try TracedCall.all(in: log)
    let branch = try scratch.git(
      "for-each-ref", "--format=%(refname)", "refs/heads/countersign-*")
    let moved = try #require(calls.firstIndex { $0.names("/\(branch)") })
    let earlier = calls[..<moved]
    #expect(calls[moved].isSynced(in: earlier), "the branch")
    #expect(earlier.count { $0.syncs("/ledger.jsonl") } > recorded, "the record of the approval")
    let journal = try #require(earlier.lastIndex { $0.names("/landing") })
    #expect(calls[journal].isSynced(in: earlier[..<journal]), "the journal")
    #expect(earlier[journal...].contains { $0.syncs("/\(review.session)") }, "the journal's name")
    let objects = try scratch.git("rev-list", "--objects", "--no-object-names", "\(branch)^!")
      .split(separator: "\n")
    // The commit, its tree, and the file of which a part was approved.
    #expect(objects.count == 3)
    for object in objects {
      let path = "/objects/\(object.prefix(2))/\(object.dropFirst(2))"
      let named = try #require(earlier.firstIndex { $0.names(path) })
      #expect(calls[named].isSynced(in: earlier[..<named]), "\(object)")
    }
  }

  @Test(
    arguments: faults)
  func `a kill at any such call of a commit leaves it whole or not begun`(
    calls: String, number: Int
  ) throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let preparing = try review.open()
    try preparing.approve()
    try preparing.reject()
    try preparing.leave()
    let terminal = try open(review, fault: "\(calls):signal=KILL:when=\(number)")
    // The kill may come at any time from the start on, or never.
    do {
      try terminal.waitFor("the review") { $0.tally != nil }
      try terminal.askToCommit()
      try terminal.waitFor("an end") { $0.shows("To look at it:") || $0.shows("Nothing was") }
      try terminal.leave()
    } catch HarnessError.ended {
      // Killed, as was wanted.
    }
    let fsck = try run(
      ["/usr/bin/env", "git", "fsck", "--full", "--no-dangling"],
      environment: scratch.environment(), directory: scratch.repository)
    #expect(fsck.exit == .code(0), "\(fsck.problem)")
    #expect(try scratch.git("rev-parse", "HEAD") == review.tip)
    #expect(try scratch.git("status", "--porcelain") == "")
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
    try again.askToCommit()
    try again.waitFor("a commit, this one or that of before") {
      $0.shows("To look at it:") || $0.shows("Nothing was") || $0.message.contains("Committed as")
    }
    #expect(!again.shows("Nothing was committed"), "\(again.screenText())")
    try again.send("q")
    try again.waitFor("another screen") { !$0.rowText(0).contains("Commit ") }
    let commits = try scratch.git(
      "for-each-ref", "--format=%(objectname)", "refs/heads/countersign-*"
    ).split(separator: "\n").map(String.init)
    let expected = try scratch.tree(
      of: review.base,
      with: ["a.txt": Array(numberedLines(60, "a", changing: [5: "A five"]).utf8)],
      in: scratch.repository)
    #expect(!commits.isEmpty)
    for commit in commits {
      #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
      #expect(try scratch.git("rev-parse", "\(commit)^") == review.base)
    }
    try scratch.expectClean()
  }
}
