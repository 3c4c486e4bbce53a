// A commit message from the model: asked for on the commit sheet, read and taken by the human, recorded.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct MessageDraftTests {
  private func reviewed(_ answer: [ServerAct]) throws -> (Scratch, LoopbackServer, PseudoTerminal) {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    let server = try LoopbackServer { _, _ in answer }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    try scratch.write(
      Array(numberedLines(20, "a", changing: [3: "approved", 15: "left out"]).utf8),
      to: "repo/a.txt")
    let terminal = try scratch.terminal(["review"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.send("x")
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 1, undecided: 0))
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    return (scratch, server, terminal)
  }

  @Test func `the approved part goes to the model, and its message is committed once it is taken`()
    throws
  {
    let (scratch, server, terminal) = try reviewed(
      ServerAct.answer(
        "Say it better\n\nBecause it was\u{1B}[31m unclear.\n\nSigned-off-by: X <x@y>\n"))
    try terminal.send("m")
    try terminal.waitFor(text: "Ask the model for a commit message?")
    // Where it goes, not only what that is called; and the verdict is on the screen as soon as it is asked.
    try terminal.waitFor(text: "test at http://127.0.0.1:\(server.port)")
    #expect(terminal.shows("no model"))
    #expect(server.prompts.isEmpty)
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "Because it was[31m unclear.")
    try terminal.waitFor(text: "Assisted-by: countersign:")
    try terminal.waitFor("the verdict") { $0.rowText(0).contains("127.0.0.1:\(server.port)") }
    let prompt = String(decoding: try #require(server.prompts.first).body, as: UTF8.self)
    // Only what was approved has gone out.
    #expect(prompt.contains("+approved") && !prompt.contains("left out"))
    try terminal.press("C", saying: "wrote this message")
    #expect(try scratch.git("rev-list", "--count", "HEAD") == "1")
    try terminal.send("C")
    try terminal.waitFor(text: "Committed")
    let message = try scratch.git("log", "-1", "--format=%B")
    #expect(message.hasPrefix("Say it better\n\nBecause it was[31m unclear.\n"))
    #expect(!message.contains("Signed-off-by") && message.contains("Assisted-by: countersign:"))
    #expect(try scratch.countersign(["verify", "HEAD"]).exit == .code(0))
    try terminal.leave()
    let ledger = String(
      decoding: try readFile(
        "\(scratch.repository)/.git/countersign/sessions/\(try scratch.onlySession())/ledger.jsonl"),
      as: UTF8.self)
    #expect(ledger.contains("\"asked-message\"") && ledger.contains("\"message\""))
  }

  @Test func `a model that is stopped, or fails, leaves the message as it is`() throws {
    let (scratch, server, terminal) = try reviewed(
      [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"), .waitForClose])
    try terminal.send("m")
    try terminal.waitFor(text: "Ask the model for a commit message?")
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "the model is writing a draft")
    #expect(server.waitForPrompt())
    // It takes up room at the server like any other question, for all windows.
    #expect(try scratch.countersign(["queue"]).text.split(separator: "\n").count == 1)
    try terminal.press(Keys.cancel, saying: "Stopped; the message stays.")
    #expect(server.waitForClose())
    try terminal.waitFor(text: "it came as: changes of the working tree")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.leave()
    #expect(try scratch.countersign(["queue"]).text == "")
    #expect(try scratch.git("rev-list", "--count", "HEAD") == "1")
  }
}
