// Sessions forgotten for good: what was rejected must not live for ever.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct PurgeTests {
  private func state(_ scratch: Scratch) throws -> (references: String, records: String) {
    let records = try run(
      [
        "/bin/sh", "-c",
        "find .git/countersign/sessions ../state -type f | grep -vE 'debug.log|/queue.(json|lock)$'; true",
      ], environment: scratch.environment(), directory: scratch.repository)
    return (
      try scratch.git("for-each-ref", "refs/countersign"),
      String(decoding: records.output, as: UTF8.self)
    )
  }

  @Test func `only what is finished is purged, and then nothing of it is left`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let early = try scratch.countersign(["purge", review.session])
    #expect(early.exit == .code(1) && early.problem.contains("neither committed nor discarded"))
    #expect(try scratch.countersign(["discard", review.session]).exit == .code(0))
    #expect(try !state(scratch).references.isEmpty)
    let blob = try scratch.git("rev-parse", "\(review.tip):c.txt")
    // The proposal is held by the session alone.
    try scratch.git("reset", "-q", "--hard", review.base)
    try scratch.git("reflog", "expire", "--expire=now", "--all")
    try scratch.git("gc", "-q", "--prune=now")
    #expect(try scratch.git("cat-file", "-t", blob) == "blob")
    let purged = try scratch.countersign(["purge", review.session])
    #expect(purged.exit == .code(0) && purged.text.hasPrefix("\(review.session) is purged."))
    let left = try state(scratch)
    #expect(left.references.isEmpty && left.records.isEmpty, "\(left)")
    #expect(try scratch.countersign(["sessions"]).text == "")
    #expect(try scratch.countersign(["queue"]).text == "")
    let again = try scratch.countersign(["purge", review.session])
    #expect(again.exit == .code(1) && again.problem.contains("There is no session"))
    try scratch.git("gc", "-q", "--prune=now")
    let gone = try run(
      ["/usr/bin/git", "cat-file", "-t", blob], environment: scratch.environment(),
      directory: scratch.repository)
    #expect(gone.exit != .code(0))
    try scratch.expectClean()
  }

  @Test func `a commit of a purged session is still verified by its note`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try review.open()
    try terminal.approve()
    let commit = try terminal.commit()
    let busy = try scratch.countersign(["purge", review.session])
    #expect(busy.exit == .code(1) && busy.problem.contains("open in another Countersign"))
    try terminal.leave()
    #expect(try scratch.countersign(["purge", review.session]).exit == .code(0))
    #expect(try state(scratch).references.isEmpty)
    let verified = try scratch.countersign(["verify", commit])
    #expect(verified.exit == .code(0) && verified.text.contains("verified"), "\(verified.text)")
  }

  @Test func `expiry asks for a policy`() throws {
    let review = try RangeReview()
    let without = try review.scratch.countersign(["purge", "--expired"])
    #expect(without.exit == .code(2) && without.problem.contains("session_expiry_days"))
    try review.scratch.configure("[policy]\nsession_expiry_days = 1\n")
    let young = try review.scratch.countersign(["purge", "--expired"])
    #expect(young.exit == .code(0) && young.text == "No finished session is that old.\n")
    #expect(try review.scratch.onlySession() == review.session)
  }
}
