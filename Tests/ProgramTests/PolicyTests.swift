// What the user's policy holds back.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct PolicyTests {
  @Test func `a policy's paths and tip hold the commit`() throws {
    let asked = try ModelSession(
      answering: ModelSession.fifthLine + """

        infra/main.tf
        <<<<<<< SEARCH
        =======
        new
        >>>>>>> REPLACE
        """, files: [:],
      configuration: """
        [policy]
        forbidden_paths = ["infra/"]
        protected_paths = ["a.*"]
        require_untouched_tip = true
        """)
    let scratch = asked.scratch
    let terminal = try scratch.terminal(["open", asked.session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.waitFor(text: "Your policy protects this path")
    try terminal.acknowledgeAll()
    try terminal.approve()
    try terminal.acknowledgeAll()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy forbids changes of infra/main.tf")
    try terminal.press("C", saying: "Your policy forbids changes of")
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

  @Test func `a forbidden path is held whoever wrote it, and a later round's model is named`()
    throws
  {
    let answer = """
      infra/main.tf
      <<<<<<< SEARCH
      i line 3
      =======
      written by a model
      >>>>>>> REPLACE
      """
    let scratch = try Scratch()
    try scratch.makeRepository(["infra/main.tf": numberedLines(5, "i"), "a.txt": "a\n"])
    let server = try LoopbackServer { _, _ in ServerAct.answer(answer) }
    try scratch.configure(
      """
      [[endpoint]]
      name = "test"
      \(server.setting)
      [policy]
      forbidden_paths = ["infra/"]
      """)
    try scratch.write(
      Array(numberedLines(5, "i", changing: [3: "by hand"]).utf8), to: "repo/infra/main.tf")
    let terminal = try scratch.terminal(["review"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model again?")
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "written by a model")
    try terminal.settle()
    try terminal.waitFor(text: "Your policy forbids changes here")
    try terminal.acknowledgeAll()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy forbids changes of infra/main.tf")
    try terminal.waitFor(text: "Assisted-by: countersign:")
    try terminal.send("C")
    try terminal.settle()
    #expect(!terminal.shows("Committed"))
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
  }

  @Test func `a repository's policy counts once its content is trusted`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository([
      "a.txt": numberedLines(5, "a"), "other.txt": "o\n",
      ".countersign.toml": "[policy]\nforbidden_paths = [\"a.txt\"]\n",
    ])
    try scratch.write(
      Array(numberedLines(5, "a", changing: [3: "by hand"]).utf8), to: "repo/a.txt")
    var terminal = try scratch.terminal(["review"])
    try terminal.waitFor(text: ".countersign.toml is not trusted")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "its checks and policy do not count")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()

    // Nobody but a person at a terminal can say so.
    let alone = try scratch.countersign(["trust"], input: Array("yes\n".utf8))
    #expect(alone.exit == .code(2) && alone.problem.contains("person at a terminal"))
    let refused = try scratch.terminal(["trust"])
    try refused.waitFor(text: "forbidden_paths = [\"a.txt\"]")
    try refused.waitFor(text: "Type yes to let it count")
    try refused.send("y\n")
    try refused.waitFor(text: "Left as it is.")
    let trusting = try scratch.terminal(["trust"])
    try trusting.waitFor(text: "Type yes to let it count")
    try trusting.send("yes\n")
    try trusting.waitFor(text: "It counts from now on")

    terminal = try scratch.terminal(["review"])
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.send("C")
    try terminal.waitFor(text: "Your policy forbids changes of a.txt")
    try terminal.press("C", saying: "Your policy forbids changes of")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    // Whoever changes the file, a model among them, puts the policy out of force by nothing.
    for change in ["printf '[policy]\\n' >.countersign.toml", "rm .countersign.toml"] {
      try scratch.script(change)
      let review = try scratch.terminal(["review", "--new"])
      try review.waitFor(text: "you trusted")
      try review.waitFor("the review") { $0.tally?.undecided == 2 }
      try review.settle()
      for _ in 1...2 { try review.approveWithFindings() }
      try review.send("C")
      try review.waitFor(text: "Your policy forbids changes of a.txt")
      try review.send("q")
      try review.waitFor("the review") { $0.tally != nil }
      try review.leave()
      #expect(try scratch.countersign(["doctor"]).text.contains("stays in force"))
      #expect(try scratch.countersign(["verify", "HEAD"]).problem.contains("stays in force"))
    }
    // No program takes it back either.
    let revoked = try scratch.countersign(["trust", "--revoke"], input: Array("yes\n".utf8))
    #expect(revoked.exit == .code(2) && revoked.problem.contains("person at a terminal"))
    for (answer, words) in [("no", "Left as it is."), ("yes", "counts now.")] {
      let revoking = try scratch.terminal(["trust", "--revoke"])
      try revoking.waitFor(text: "Type yes so that none of this counts")
      try revoking.send("\(answer)\n")
      try revoking.waitFor(text: words)
      #expect(try revoking.waitForExit() == .code(0))
      let stays = try scratch.countersign(["doctor"]).text.contains("stays in force")
      #expect(stays == (answer == "no"))
    }
  }
}
