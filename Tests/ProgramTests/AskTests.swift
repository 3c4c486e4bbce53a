// `countersign ask` against servers that are well, busy, broken or hostile.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct AskTests {
  /// Expects that the request failed with a sentence, and that its session says so too.
  private func expectFailure(
    _ result: CommandResult, _ scratch: Scratch, saying words: String, code: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(result.exit == .code(code), sourceLocation: sourceLocation)
    #expect(result.problem.contains(words), sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    let session = try scratch.onlySession()
    #expect(result.problem.contains("kept as session \(session)"), sourceLocation: sourceLocation)
    let shown = try scratch.countersign(["show", session])
    #expect(shown.exit == .code(0), sourceLocation: sourceLocation)
    #expect(shown.text.contains("failed: "), sourceLocation: sourceLocation)
    try scratch.expectClean(sourceLocation: sourceLocation)
  }

  @Test func `an answer becomes a session, and nothing of the checkout changes`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let scratch = try Scratch(asking: server)
    let head = try scratch.git("rev-parse", "HEAD")
    let result = try scratch.ask()
    #expect(result.exit == .code(0), "\(result.problem)")
    let session = try scratch.onlySession()
    #expect(result.text == "\(session): 1 file to review, 0 edits not placed\n")
    #expect(result.problem.contains(", LOCAL 127.0.0.1"))
    let patch = try scratch.countersign(["show", session, "--patch"])
    #expect(patch.text.contains("-a line 5\n+a line 5, checked\n"))
    #expect(try scratch.countersign(["show", session, "--approved"]).text == "")
    #expect(try scratch.git("rev-parse", "HEAD") == head)
    try scratch.expectClean()
    #expect(server.prompts.count == 1)
    let prompt = try #require(server.prompts.first)
    #expect(prompt.body.firstRange(of: Array("a line 20".utf8)) != nil)
    #expect(prompt.body.firstRange(of: Array("b line".utf8)) == nil)
    #expect(server.requests.filter(\.isQuestion).allSatisfy { $0.body.isEmpty })
  }

  @Test func `numbers that no model has are shown as what they can be`() throws {
    let server = try LoopbackServer { _, _ in
      [
        .stream([Array("words ".utf8)]),
        .text(
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}],\"timings\":{\"predicted_n\":9007199254740991,\"predicted_per_second\":1e300},\"prompt_progress\":{\"total\":1,\"processed\":9007199254740991}}\n\n"
        ),
      ]
    }
    let scratch = try Scratch(asking: server)
    let asked = try scratch.ask()
    // It ends in words, not in a crash.
    #expect(asked.exit == .code(1), "\(asked.problem)")
  }

  @Test func `a busy server is asked again`() throws {
    let server = try LoopbackServer { _, before in
      before < 2
        ? [
          .response(
            "503 Service Unavailable", headers: "Retry-After: 1\r\n",
            #"{"error":{"message":"slot unavailable"}}"#)
        ] : ServerAct.answer(AskedAnswer.edit)
    }
    let scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    #expect(result.exit == .code(0), "\(result.problem)")
    #expect(result.problem.contains("overloaded: 503"))
    #expect(server.prompts.count == 3)
    #expect(Set(server.prompts.map(\.body)).count == 1)
  }

  @Test func `a server that stays busy ends the request with a sentence`() throws {
    let server = try LoopbackServer { _, _ in
      [.response("429 Too Many Requests", headers: "Retry-After: 0\r\n")]
    }
    let scratch = try Scratch(asking: server)
    try expectFailure(try scratch.ask(), scratch, saying: "overloaded: 429")
    #expect((2...20).contains(server.prompts.count))
  }

  @Test func `an answer that dies in the middle is kept and not applied`() throws {
    let server = try LoopbackServer { _, _ in
      [.stream([Array(AskedAnswer.edit.utf8), Array("\n\nsrc/a.txt\n<<<<<<< SEA".utf8)])]
    }
    let scratch = try Scratch(asking: server)
    try expectFailure(try scratch.ask(), scratch, saying: "ended in the middle of the answer")
    #expect(server.prompts.count == 1)
    let session = try scratch.onlySession()
    let answer = try scratch.read("repo/.git/countersign/sessions/\(session)/answer")
    #expect(answer.starts(with: AskedAnswer.edit.utf8))
  }

  @Test func `an answer without edits is kept and said to be one`() throws {
    let server = try LoopbackServer { _, _ in
      ServerAct.answer("I would rather not change anything here. Here is why: …")
    }
    let scratch = try Scratch(asking: server)
    try expectFailure(try scratch.ask(), scratch, saying: "The answer holds no edit")
  }

  @Test func `an empty answer is said to hold no edit`() throws {
    let server = try LoopbackServer { _, _ in [.stream([]), .end] }
    let scratch = try Scratch(asking: server)
    try expectFailure(try scratch.ask(), scratch, saying: "The answer holds no edit")
  }

  @Test func `a prompt that does not fit is said in tokens`() throws {
    let server = try LoopbackServer { _, _ in
      [
        .response(
          "400 Bad Request",
          #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#
        )
      ]
    }
    let scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    try expectFailure(result, scratch, saying: "9000 tokens")
    #expect(result.problem.contains("4096"))
    #expect(server.prompts.count == 1)
  }

  @Test func `the interrupt key ends a command in order, and the session says so`() throws {
    let server = try LoopbackServer { _, _ in [.stream([Array("I begin".utf8)]), .waitForClose] }
    let scratch = try Scratch(asking: server)
    let terminal = try scratch.terminal(["ask", "Check the amount.", "src/a.txt"])
    #expect(server.waitForPrompt())
    try terminal.waitFor(text: "session")
    try terminal.send("\u{3}")
    #expect(server.waitForClose())
    #expect(try terminal.waitForExit() == .code(1))
    #expect(terminal.screenText().contains("The request was cancelled; what was written"))
    #expect(try scratch.countersign(["sessions"]).text.contains("cancelled"))
    try scratch.expectClean()
  }

  @Test func `the meter goes by what the server counted last, and shows how much it takes`() throws
  {
    let usage = ServerAct.text(
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":9}}\n\n"
        + "data: [DONE]\n\n")
    let server = try LoopbackServer { _, _ in [.stream([Array(AskedAnswer.edit.utf8)]), usage] }
    let scratch = try Scratch(asking: server)
    func meter(_ says: @escaping (String) -> Bool) throws {
      let terminal = try scratch.terminal([])
      try terminal.writeRequest("Check the amount. @src/a.txt ")
      try terminal.waitFor("the meter") { terminal in
        (0..<40).contains {
          terminal.rowText($0).contains("prompt about") && says(terminal.rowText($0))
        }
      }
      try terminal.send("\u{1b}")
      try terminal.waitFor(text: "Sessions")
      try terminal.leave()
    }
    func tokens(_ row: String) -> Int {
      row.split(separator: " ").compactMap { Int($0.filter { $0 != "," }) }.first ?? 0
    }
    // A server that told nothing yet: by bytes, and no limit.
    try meter { !$0.contains(" of ") && tokens($0) < 900 }
    #expect(try scratch.ask().exit == .code(0))
    // The context is 24,576 tokens, of which a prompt may have 0.6; and the same prompt had 1,000.
    try meter { $0.contains(" of 14,745 tokens") && (950...1150).contains(tokens($0)) }
  }

  @Test func `what the server finds too long is offered to be made shorter`() throws {
    let server = try LoopbackServer { request, _ in
      request.body.firstRange(of: Array("a line 20".utf8)) != nil
        && request.body.firstRange(of: Array("b line 20".utf8)) != nil
        ? [
          .response(
            "400 Bad Request",
            #"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":4000,"n_ctx":6000}}"#
          )
        ] : ServerAct.answer(AskedAnswer.edit)
    }
    let scratch = try Scratch(asking: server)
    let terminal = try scratch.terminal([])
    try terminal.writeRequest("Do it @src/a.txt @src/b.txt ")
    try terminal.send("\u{13}")
    try terminal.waitFor(text: "asks which files stay out")
    try terminal.send("r")
    try terminal.waitFor(text: "Too long for the model: what stays out?")
    #expect(terminal.shows("The prompt has 4,000 tokens, and may have 3,600 here"))
    try terminal.send("\r")
    try terminal.waitFor(text: "ready: 1 file")
    #expect(server.prompts.count == 2)
    #expect(server.prompts[1].body.firstRange(of: Array("b line 20".utf8)) == nil)
    // The one that failed is put away for the one that was asked.
    #expect(!terminal.shows("failed"))
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test(arguments: [301, 302, 307, 308])
  func `a redirect is refused, and where it leads nothing arrives`(status: Int) throws {
    let elsewhere = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let place = "http://127.0.0.1:\(elsewhere.port)/v1/chat/completions"
    let server = try LoopbackServer { _, _ in
      [.response("\(status) Moved", headers: "Location: \(place)\r\n")]
    }
    let scratch = try Scratch(asking: server)
    try expectFailure(try scratch.ask(), scratch, saying: "redirects are never followed")
    #expect(server.prompts.count == 1)
    #expect(elsewhere.requests.isEmpty)
  }

  @Test func `an error in the middle of a stream is told in the server's words, made safe`() throws
  {
    let server = try LoopbackServer { _, _ in
      [
        .stream([Array("src/a.txt\n".utf8)]),
        .text(
          "data: {\"error\":{\"message\":\"out of \\u001b]0;memory\\u0007\",\"code\":500}}\n\n"),
      ]
    }
    let scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    try expectFailure(result, scratch, saying: "it failed while answering")
    #expect(!result.errors.contains(0x1B) && !result.errors.contains(0x07))
  }

  @Test func `edits outside of what was offered are not placed, and the good one is`() throws {
    let scratch: Scratch
    let hostile = [
      "src/b.txt", "../outside.txt", "/etc/passwd", ".git/config", "src/../.git/hooks/pre-commit",
      ".GIT/config", "src/.git/x", "sub/../../up.txt", "src\\..\\x.txt", "a\u{7}b.txt",
    ]
    var answer = AskedAnswer.edit + "\n\n"
    for path in hostile {
      answer += "\(path)\n<<<<<<< SEARCH\n"
      if path == "src/b.txt" { answer += "b line 5\n" }
      answer += "=======\npwned\n>>>>>>> REPLACE\n\n"
    }
    let text = answer
    let server = try LoopbackServer { _, _ in ServerAct.answer(text) }
    scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    #expect(result.exit == .code(0), "\(result.problem)")
    #expect(result.text.contains(": 1 file to review"))
    let session = try scratch.onlySession()
    let patch = try scratch.countersign(["show", session, "--patch"]).text
    #expect(patch.contains("+a line 5, checked") && !patch.contains("pwned"))
    let shown = try scratch.countersign(["show", session]).text
    let unplaced = shown.split(separator: "\n").filter { $0.hasPrefix("unplaced") }
    #expect(unplaced.count == hostile.count, "\(shown)")
    #expect(shown.utf8.allSatisfy { $0 != 0x07 })
    try scratch.expectClean()
    #expect(access("\(scratch.path)/outside.txt", F_OK) != 0)
    #expect(
      try readFile("\(scratch.repository)/.git/config").firstRange(of: Array("pwned".utf8)) == nil)
  }

  @Test func `an answer of nothing but misplaced edits still opens for reading`() throws {
    let server = try LoopbackServer { _, _ in
      ServerAct.answer("src/a.txt\n<<<<<<< SEARCH\nno such line\n=======\nx\n>>>>>>> REPLACE\n")
    }
    let scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    let session = try scratch.onlySession()
    #expect(result.text.contains("0 files to review, 1 edit not placed"), "\(result.problem)")
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitFor(text: "Unplaced edits")
    try terminal.waitFor(text: "no such line")
    try terminal.leave()
  }

  @Test func `a cancelled request closes its connection and says so`() throws {
    let server = try LoopbackServer { _, _ in [.waitForClose] }
    let scratch = try Scratch(asking: server)
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 2 tracked")
    try terminal.send("Check the amount." + Keys.tab)
    try terminal.send("a.txt" + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 2 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "waiting for the server")
    #expect(server.waitForPrompt())
    try terminal.send(Keys.cancel)
    try terminal.waitFor(text: "cancelled")
    #expect(server.waitForClose())
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try terminal.expectRestored()
    #expect(try scratch.countersign(["sessions"]).text.contains("cancelled"))
    #expect(server.prompts.count == 1)
  }

  @Test func `an answer under way survives leaving, as a session that says what happened`() throws {
    let server = try LoopbackServer { _, _ in [.stream([Array("half an ".utf8)]), .waitForClose] }
    let scratch = try Scratch(asking: server)
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 2 tracked")
    try terminal.send("Check." + Keys.tab + "a.txt" + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 2 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "half an")
    try terminal.send("q")
    try terminal.waitFor(text: "The model is still at work.")
    try terminal.send("y")
    #expect(try terminal.waitForExit() == .code(0))
    try terminal.expectRestored()
    #expect(server.waitForClose())
    let listing = try scratch.countersign(["sessions"])
    #expect(listing.exit == .code(0))
    // It is asked anew when somebody is back here.
    #expect(listing.text.contains("waiting for its turn"))
  }

  @Test func `an endpoint that policy refuses gets no prompt, and the exit code says so`() throws {
    let server = try LoopbackServer(as: .generic) { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let scratch = try Scratch(asking: server)
    let result = try scratch.ask()
    #expect(result.problem.contains("may pass requests on to another machine"))
    #expect(server.prompts.isEmpty)
    #expect(result.exit == .code(4))
    #expect(try scratch.countersign(["sessions"]).text == "")
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\n\(server.setting)\nattested_by = \"the tests\"\n")
    let attested = try scratch.ask()
    #expect(attested.exit == .code(0), "\(attested.problem)")
    #expect(attested.problem.contains("UNPROVEN 127.0.0.1"))
  }

  @Test func `a public address is refused with an exit code of its own`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["src/a.txt": "a\n"])
    // The range of RFC 5737 for documents: nobody would answer there.
    try scratch.configure("[[endpoint]]\nname = \"far\"\nurl = \"http://203.0.113.9:8080\"\n")
    let result = try scratch.ask()
    #expect(result.exit == .code(4))
    #expect(result.problem.contains("203.0.113.9 is a public address"), "\(result.problem)")
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `a file that is not in the last commit is named and nothing is sent`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let scratch = try Scratch(asking: server)
    try scratch.write(Array("new\n".utf8), to: "repo/new.txt")
    let result = try scratch.ask("src/a.txt", "new.txt")
    #expect(result.exit == .code(1))
    #expect(result.problem.contains("new.txt is not in the last commit"))
    #expect(server.prompts.isEmpty)
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `the instruction can come from a file or a pipe, from a directory below`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
    let scratch = try Scratch(asking: server)
    let result = try scratch.countersign(
      ["ask", "-F", "-", "a.txt"], in: "\(scratch.repository)/src",
      input: Array("Say what the pipe says.\n".utf8))
    #expect(result.exit == .code(0), "\(result.problem)")
    let prompt = try #require(server.prompts.first)
    #expect(prompt.body.firstRange(of: Array("Say what the pipe says.".utf8)) != nil)
  }
}
