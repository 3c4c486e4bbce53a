// Nothing is lost: kills, signals and hang-ups, and what is there afterwards.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(5))) struct SurvivalTests {
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
    let commit = try again.commit()
    try again.leave()
    #expect(
      try review.scratch.git("rev-parse", "\(commit)^{tree}")
        == review.scratch.tree(
          of: review.base, with: ["a.txt": Array(numberedLines(60, "a", changing: [5: "A five"]).utf8)],
          in: review.scratch.repository))
    try review.scratch.expectClean()
  }
}
