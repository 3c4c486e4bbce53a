// `countersign ask` against servers that are well, busy, broken or hostile.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct AskTests {
  private static let edit = """
    The amount is checked.

    src/a.txt
    <<<<<<< SEARCH
    a line 5
    =======
    a line 5, checked
    >>>>>>> REPLACE
    """

  /// A repository with two files, and a configuration that names `server`.
  private func prepared(_ server: LoopbackServer) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository([
      "src/a.txt": numberedLines(20, "a"), "src/b.txt": numberedLines(20, "b"),
    ])
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    return scratch
  }

  private func ask(_ scratch: Scratch, _ paths: String...) throws -> CommandResult {
    try scratch.countersign(["ask", "Check the amount."] + (paths.isEmpty ? ["src/a.txt"] : paths))
  }

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
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try prepared(server)
    let head = try scratch.git("rev-parse", "HEAD")
    let result = try ask(scratch)
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

  @Test
  func `an answer is recorded when that is asked for, for the user only, and can be played again`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try prepared(server)
    let records = "\(scratch.path)/run/records"
    let result = try scratch.countersign([
      "ask", "Check the amount.", "src/a.txt", "--record", records,
    ])
    #expect(result.exit == .code(0), "\(result.problem)")
    let names = String(
      decoding: try run(["/bin/ls", records], environment: [:], directory: "/").output,
      as: UTF8.self
    ).split(separator: "\n")
    let name = try #require(names.first)
    #expect(names.count == 1 && name.hasSuffix(".transcript.jsonl"))
    var status = stat()
    #expect(stat("\(records)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(records, &status) == 0 && status.st_mode & 0o777 == 0o700)
    let transcript = String(decoding: try readFile("\(records)/\(name)"), as: UTF8.self)
    #expect(
      transcript.hasPrefix("{\"countersign_transcript\":1") && !transcript.contains("a line 20"))
    // Nobody is asked, and the same comes of it.
    try scratch.configure("")
    let played = try scratch.countersign([
      "ask", "Check the amount.", "src/a.txt", "--replay", "\(records)/\(name)",
    ])
    #expect(played.exit == .code(0), "\(played.problem)")
    #expect(played.problem.contains("REPLAY") && server.prompts.count == 1)
    let session = try #require(played.text.split(separator: ":").first)
    let patch = try scratch.countersign(["show", String(session), "--patch"])
    #expect(patch.text.contains("-a line 5\n+a line 5, checked\n"))
    // Off by default, and what cannot be kept is said before anything is asked.
    let refused = try scratch.countersign([
      "ask", "Check.", "src/a.txt", "--record", "\(scratch.path)/run/records/\(name)",
    ])
    #expect(refused.exit == .code(1) && refused.problem.contains("Not a directory"))
    let both = try scratch.countersign(["ask", "x", "src/a.txt", "--record", "a", "--replay", "b"])
    #expect(both.exit == .code(2))
  }

  @Test
  func `files that belong to a request are proposed with the reason, and an at sign chooses one`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try Scratch()
    try scratch.makeRepository([
      "src/ledger.swift": "func total() {}\n", "tests/ledgerTests.swift": "x\n",
      "src/report.swift": "let transferLimit = 1\n", "src/\u{1B}[31mred.swift": "transferLimit\n",
      "src/other.swift": "x\n", "docs/plan.md": "x\n",
    ])
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    for number in 1...3 {
      try scratch.script(
        "echo \(number) >>src/ledger.swift; echo \(number) >>docs/plan.md; git commit -qam \(number)"
      )
    }
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 6 tracked")
    try terminal.send("Let @ledger.swift and @total respect transferLimit.")
    // It counts as soon as it is written, and so does the preview.
    try terminal.waitFor(text: "1 chosen of 6 tracked")
    try terminal.send("\u{10}")
    try terminal.waitFor(text: "What will be sent to test")
    #expect(terminal.shows("func total"))
    try terminal.send("q")
    try terminal.waitFor(text: "What should be changed?")
    try terminal.send(Keys.tab)
    try terminal.waitFor(text: "by name, with ledger.swift")
    func row(_ text: String) -> String {
      (0..<terminal.size.rows).map { terminal.rowText($0) }.first { $0.contains(text) } ?? ""
    }
    #expect(row("src/ledger.swift").contains("✓"))
    #expect(row("tests/ledgerTests.swift").contains("by name, with ledger.swift"))
    #expect(row("docs/plan.md").contains("changed 4 times with them"))
    #expect(row("src/report.swift").contains("mentions transferLimit"))
    #expect(row("red.swift").contains("mentions transferLimit"))
    #expect(!row("src/other.swift").contains("mentions"))
    // A proposal is only that: nothing but what was chosen goes along.
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "Sessions")
    #expect(server.waitForPrompt())
    let prompt = String(decoding: try #require(server.prompts.first).body, as: UTF8.self)
    #expect(prompt.contains("func total") && !prompt.contains("let transferLimit"))
    try terminal.waitFor("an end") { $0.shows("ready") || $0.shows("failed") }
    try terminal.leave()
  }

  @Test func `a file that the model only named does not go along for a repair`() throws {
    let server = try LoopbackServer { _, _ in
      ServerAct.answer(
        Self.edit + "\n\nsrc/b.txt\n<<<<<<< SEARCH\nb line 1\n=======\nx\n>>>>>>> REPLACE\n")
    }
    let scratch = try prepared(server)
    let asked = try ask(scratch)
    #expect(asked.text.contains("1 edit not placed"), "\(asked.problem)")
    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model for this edit again?")
    try terminal.send(Keys.enter)
    try terminal.waitFor("a refusal") {
      $0.unwrappedMessage.contains("was not among the files of this request")
    }
    #expect(server.prompts.count == 1)
    try terminal.send("q")
    try terminal.leave()
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
    let scratch = try prepared(server)
    let asked = try ask(scratch)
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
        ] : ServerAct.answer(Self.edit)
    }
    let scratch = try prepared(server)
    let result = try ask(scratch)
    #expect(result.exit == .code(0), "\(result.problem)")
    #expect(result.problem.contains("overloaded: 503"))
    #expect(server.prompts.count == 3)
    #expect(Set(server.prompts.map(\.body)).count == 1)
  }

  @Test func `a server that stays busy ends the request with a sentence`() throws {
    let server = try LoopbackServer { _, _ in
      [.response("429 Too Many Requests", headers: "Retry-After: 0\r\n")]
    }
    let scratch = try prepared(server)
    try expectFailure(try ask(scratch), scratch, saying: "overloaded: 429")
    #expect((2...20).contains(server.prompts.count))
  }

  @Test func `an answer that dies in the middle is kept and not applied`() throws {
    let server = try LoopbackServer { _, _ in
      [.stream([Array(Self.edit.utf8), Array("\n\nsrc/a.txt\n<<<<<<< SEA".utf8)])]
    }
    let scratch = try prepared(server)
    try expectFailure(try ask(scratch), scratch, saying: "ended in the middle of the answer")
    #expect(server.prompts.count == 1)
    let session = try scratch.onlySession()
    let answer = try scratch.read("repo/.git/countersign/sessions/\(session)/answer")
    #expect(answer.starts(with: Self.edit.utf8))
  }

  @Test func `an answer without edits is kept and said to be one`() throws {
    let server = try LoopbackServer { _, _ in
      ServerAct.answer("I would rather not change anything here. Here is why: …")
    }
    let scratch = try prepared(server)
    try expectFailure(try ask(scratch), scratch, saying: "The answer holds no edit")
  }

  @Test func `an empty answer is said to hold no edit`() throws {
    let server = try LoopbackServer { _, _ in [.stream([]), .end] }
    let scratch = try prepared(server)
    try expectFailure(try ask(scratch), scratch, saying: "The answer holds no edit")
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
    let scratch = try prepared(server)
    let result = try ask(scratch)
    try expectFailure(result, scratch, saying: "9000 tokens")
    #expect(result.problem.contains("4096"))
    #expect(server.prompts.count == 1)
  }

  @Test(arguments: [301, 302, 307, 308])
  func `a redirect is refused, and where it leads nothing arrives`(status: Int) throws {
    let elsewhere = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let place = "http://127.0.0.1:\(elsewhere.port)/v1/chat/completions"
    let server = try LoopbackServer { _, _ in
      [.response("\(status) Moved", headers: "Location: \(place)\r\n")]
    }
    let scratch = try prepared(server)
    try expectFailure(try ask(scratch), scratch, saying: "redirects are never followed")
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
    let scratch = try prepared(server)
    let result = try ask(scratch)
    try expectFailure(result, scratch, saying: "it failed while answering")
    #expect(!result.errors.contains(0x1B) && !result.errors.contains(0x07))
  }

  @Test func `edits outside of what was offered are not placed, and the good one is`() throws {
    let scratch: Scratch
    let hostile = [
      "src/b.txt", "../outside.txt", "/etc/passwd", ".git/config", "src/../.git/hooks/pre-commit",
      ".GIT/config", "src/.git/x", "sub/../../up.txt", "src\\..\\x.txt", "a\u{7}b.txt",
    ]
    var answer = Self.edit + "\n\n"
    for path in hostile {
      answer += "\(path)\n<<<<<<< SEARCH\n"
      if path == "src/b.txt" { answer += "b line 5\n" }
      answer += "=======\npwned\n>>>>>>> REPLACE\n\n"
    }
    let text = answer
    let server = try LoopbackServer { _, _ in ServerAct.answer(text) }
    scratch = try prepared(server)
    let result = try ask(scratch)
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
    let scratch = try prepared(server)
    let result = try ask(scratch)
    let session = try scratch.onlySession()
    #expect(result.text.contains("0 files to review, 1 edit not placed"), "\(result.problem)")
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitFor(text: "Unplaced edits")
    try terminal.waitFor(text: "no such line")
    try terminal.leave()
  }

  @Test func `a cancelled request closes its connection and says so`() throws {
    let server = try LoopbackServer { _, _ in [.waitForClose] }
    let scratch = try prepared(server)
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
    let scratch = try prepared(server)
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
    let server = try LoopbackServer(as: .generic) { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try prepared(server)
    let result = try ask(scratch)
    #expect(result.problem.contains("may pass requests on to another machine"))
    #expect(server.prompts.isEmpty)
    #expect(result.exit == .code(4))
    #expect(try scratch.countersign(["sessions"]).text == "")
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\n\(server.setting)\nattested_by = \"the tests\"\n")
    let attested = try ask(scratch)
    #expect(attested.exit == .code(0), "\(attested.problem)")
    #expect(attested.problem.contains("UNPROVEN 127.0.0.1"))
  }

  @Test func `a public address is refused with an exit code of its own`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["src/a.txt": "a\n"])
    // The range of RFC 5737 for documents: nobody would answer there.
    try scratch.configure("[[endpoint]]\nname = \"far\"\nurl = \"http://203.0.113.9:8080\"\n")
    let result = try ask(scratch)
    #expect(result.exit == .code(4))
    #expect(result.problem.contains("203.0.113.9 is a public address"), "\(result.problem)")
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `a file that is not in the last commit is named and nothing is sent`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try prepared(server)
    try scratch.write(Array("new\n".utf8), to: "repo/new.txt")
    let result = try ask(scratch, "src/a.txt", "new.txt")
    #expect(result.exit == .code(1))
    #expect(result.problem.contains("new.txt is not in the last commit"))
    #expect(server.prompts.isEmpty)
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `the instruction can come from a file or a pipe, from a directory below`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.edit) }
    let scratch = try prepared(server)
    let result = try scratch.countersign(
      ["ask", "-F", "-", "a.txt"], in: "\(scratch.repository)/src",
      input: Array("Say what the pipe says.\n".utf8))
    #expect(result.exit == .code(0), "\(result.problem)")
    let prompt = try #require(server.prompts.first)
    #expect(prompt.body.firstRange(of: Array("Say what the pipe says.".utf8)) != nil)
  }
}
