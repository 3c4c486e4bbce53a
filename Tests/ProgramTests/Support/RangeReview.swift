// A repository with a range of commits to review: the quickest way to a review with known hunks.

import TerminalHarness
import Testing

/// Three files, five hunks: `a.txt` has three, `b.txt` one, `c.txt` is new.
struct RangeReview {
  let scratch: Scratch
  let base: String
  let tip: String
  let session: String

  static let hunkCount = 5

  init() throws {
    scratch = try Scratch()
    try scratch.makeRepository([
      "a.txt": numberedLines(60, "a"), "b.txt": numberedLines(20, "b"), "keep.txt": "kept\n",
    ])
    base = try scratch.git("rev-parse", "HEAD")
    tip = try scratch.commit(
      [
        "a.txt": numberedLines(60, "a", changing: [5: "A five", 30: "A thirty", 55: "A end"]),
        "b.txt": numberedLines(20, "b", changing: [10: "B ten\nB ten and a half"]),
        "c.txt": "new one\nnew two\n",
      ], "all the changes")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: Self.hunkCount))
    try terminal.leave()
    session = try scratch.onlySession()
  }

  /// Opens the session and waits until it is all there.
  func open(rows: Int = 36, columns: Int = 120) throws -> PseudoTerminal {
    let terminal = try scratch.terminal(["open", session], rows: rows, columns: columns)
    try terminal.waitFor("the review") { $0.tally?.total == Self.hunkCount }
    try terminal.settle()
    return terminal
  }
}
