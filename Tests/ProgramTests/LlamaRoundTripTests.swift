// The whole job with a real model server: ask, review, commit.

import Glibc
import TerminalHarness
import Testing

@Suite(
  .enabled(
    if: LlamaServer.python != nil,
    "COUNTERSIGN_LLAMA_PYTHON names no Python with the server; make test sets it."),
  .serialized, .timeLimit(.minutes(15)))
struct LlamaRoundTripTests {
  private static let answer = """
    The entry is checked first.

    src/ledger.txt
    <<<<<<< SEARCH
    ledger line 6
    =======
    ledger line 6, with a “guard” and a\ttab
    a line of its own
    >>>>>>> REPLACE

    src/ledger.txt
    <<<<<<< SEARCH
    ledger line 30
    =======
    this one is rejected
    >>>>>>> REPLACE

    src/ledger.txt
    <<<<<<< SEARCH
    ledger line 99
    =======
    and this one is not to be placed
    >>>>>>> REPLACE
    """

  @Test func `a request to llama.cpp becomes a commit of exactly the approved hunk`() throws {
    let scratch = try Scratch()
    let server = try LlamaServer(
      in: "\(scratch.path)/run", python: try #require(LlamaServer.python))
    let proxy = try GrammarProxy(
      on: "\(scratch.path)/run/proxy.sock", before: server.socketPath, answering: Self.answer)
    try scratch.makeRepository([
      "src/ledger.txt": numberedLines(40, "ledger"), "src/other.txt": numberedLines(5, "other"),
    ])
    try scratch.configure(
      "[[endpoint]]\nname = \"tiny\"\nsocket = \"\(proxy.socketPath)\"\n[review]\nrepairs = 0\n")
    let base = try scratch.git("rev-parse", "HEAD")

    let asked = try scratch.countersign(
      ["ask", "Check the entry first.", "src/ledger.txt"], timeoutSeconds: 120)
    #expect(asked.exit == .code(0), "\(asked.problem)")
    let session = try scratch.onlySession()
    #expect(asked.text == "\(session): 1 file to review, 1 edit not placed\n")
    #expect(asked.problem.contains("LOCAL unix"))
    let prompt = try #require(proxy.prompts.first)
    #expect(proxy.prompts.count == 1)
    #expect(prompt.firstRange(of: Array("ledger line 40".utf8)) != nil)
    #expect(prompt.firstRange(of: Array("other line".utf8)) == nil)
    #expect(try scratch.git("rev-parse", "HEAD") == base)
    try scratch.expectClean()

    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    #expect(terminal.rowText(0).contains("LOCAL unix"))
    #expect(terminal.reviewTitle.contains("src/ledger.txt"))
    #expect(terminal.reviewTitle.contains("exact"))
    try terminal.approve()
    try terminal.reject()
    let commit = try terminal.commit()
    try terminal.leave()

    #expect(try scratch.git("rev-parse", "HEAD") == commit)
    #expect(try scratch.git("rev-parse", "\(commit)^") == base)
    let content = numberedLines(
      40, "ledger",
      changing: [6: "ledger line 6, with a “guard” and a\ttab\na line of its own"])
    let expected = try scratch.tree(
      of: base, with: ["src/ledger.txt": Array(content.utf8)], in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
    #expect(try scratch.read("repo/src/ledger.txt") == Array(content.utf8))
    let shown = try scratch.git("show", "--format=", "--unified=0", commit)
      .split(separator: "\n").filter { "+-".contains($0.first ?? " ") }.dropFirst(2)
    #expect(
      shown == [
        "-ledger line 6", "+ledger line 6, with a “guard” and a\ttab", "+a line of its own",
      ])
    let message = try scratch.git("log", "-1", "--format=%B", commit)
    #expect(message.hasPrefix("Check the entry first\n"))
    #expect(message.contains("Assisted-by: countersign:"))
    #expect(message.contains("Countersign-Record: \(session)/"))
    try scratch.expectClean()
  }

  @Test func `an edit that was not placed is asked for again and quotes only lines that are there`()
    throws
  {
    let scratch = try Scratch()
    let server = try LlamaServer(
      in: "\(scratch.path)/run", python: try #require(LlamaServer.python))
    let wrong = (1...4).map {
      "src/ledger.txt\n<<<<<<< SEARCH\nno line \($0)\n=======\nnew \($0)\n>>>>>>> REPLACE\n"
    }
    let proxy = try GrammarProxy(
      on: "\(scratch.path)/run/proxy.sock", before: server.socketPath,
      answering: "I change it.\n\n" + wrong.joined(separator: "\n"))
    try scratch.makeRepository(["src/ledger.txt": numberedLines(40, "ledger")])
    try scratch.configure(
      "[[endpoint]]\nname = \"tiny\"\nsocket = \"\(proxy.socketPath)\"\n[review]\nrepairs = 0\n")
    let asked = try scratch.countersign(
      ["ask", "Check the entry first.", "src/ledger.txt"], timeoutSeconds: 120)
    #expect(asked.text.contains("0 files to review, 4 edits not placed"), "\(asked.text)")
    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    for left in (1...4).reversed() {
      if left < 4 {
        try terminal.send("U")
      }
      try terminal.waitFor(text: "1 of \(left)")
      try terminal.send("r")
      try terminal.waitFor(text: "Ask the model for this edit again?")
      try terminal.send(Keys.enter)
      try terminal.waitFor(text: "The model's new version", timeoutSeconds: 60)
      try terminal.settle()
      #expect(terminal.reviewTitle.contains("forced anchor"))
    }
    let prompts = proxy.prompts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
    #expect(prompts.count == 4)
    for number in 1...4 { #expect(prompts.contains { $0.contains("no line \(number)") }) }
    // Only the block that failed and the file's lines went along, not the answer before.
    #expect(prompts.allSatisfy { !$0.contains("I change it.") })
    let ledger = try scratch.countersign(["show", try scratch.onlySession(), "--json"]).text
    #expect(ledger.contains("forced anchor"))
    try terminal.leave()
  }

  @Test func `asked again with a comment, llama.cpp answers in a round of its own`() throws {
    let scratch = try Scratch()
    let server = try LlamaServer(
      in: "\(scratch.path)/run", python: try #require(LlamaServer.python), context: 16_384)
    let proxy = try GrammarProxy(
      on: "\(scratch.path)/run/proxy.sock", before: server.socketPath,
      answering: Self.answer,
      """
      Then not so.

      src/ledger.txt
      <<<<<<< SEARCH
      ledger line 30
      =======
      ledger line 30, kept
      >>>>>>> REPLACE
      """)
    try scratch.makeRepository(["src/ledger.txt": numberedLines(40, "ledger")])
    try scratch.configure(
      "[[endpoint]]\nname = \"tiny\"\nsocket = \"\(proxy.socketPath)\"\n[review]\nrepairs = 0\n")
    let asked = try scratch.countersign(
      ["ask", "Check the entry first.", "src/ledger.txt"], timeoutSeconds: 120)
    #expect(asked.exit == .code(0), "\(asked.problem)")

    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.send("c")
    try terminal.waitFor(text: "Comment on this line")
    try terminal.press("Keep what is there." + Keys.enter, saying: "Kept")
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model again?")
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "ledger line 30, kept", timeoutSeconds: 60)
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 1))
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()

    #expect(proxy.prompts.count == 2)
    let (first, second) = (proxy.prompts[0], proxy.prompts[1])
    #expect(String(decoding: second, as: UTF8.self).contains("Keep what is there."))
    // The server read the common beginning once: that is what its cache is for.
    let common = zip(first, second).prefix { $0 == $1 }.count
    #expect(common > first.count * 9 / 10)
    #expect(
      try scratch.git("show", "\(commit):src/ledger.txt") + "\n"
        == numberedLines(
          40, "ledger",
          changing: [
            6: "ledger line 6, with a “guard” and a\ttab\na line of its own",
            30: "ledger line 30, kept",
          ]))
    try scratch.expectClean()
  }

  @Test func `a request on the screen shows the model at work and can be cancelled`() throws {
    let scratch = try Scratch()
    let server = try LlamaServer(
      in: "\(scratch.path)/run", python: try #require(LlamaServer.python))
    let proxy = try GrammarProxy(
      on: "\(scratch.path)/run/proxy.sock", before: server.socketPath,
      answering: String(repeating: "thinking on and on about it\n", count: 400))
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    try scratch.configure(
      "[[endpoint]]\nname = \"tiny\"\nsocket = \"\(proxy.socketPath)\"\n[review]\nrepairs = 0\n")
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 1 tracked")
    try terminal.send("Think." + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "thinking on and on", timeoutSeconds: 60)
    try terminal.waitFor(text: "writing, ")
    try terminal.send(Keys.cancel)
    try terminal.waitFor(text: "Cancelled; what was written so far is kept.")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try terminal.expectRestored()
    let session = try scratch.onlySession()
    let kept = try scratch.read("repo/.git/countersign/sessions/\(session)/answer")
    #expect(kept.starts(with: "thinking on and on".utf8))
    #expect(try scratch.countersign(["sessions"]).text.contains("cancelled"))
  }
}
