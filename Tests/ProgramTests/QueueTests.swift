// Several requests: one after the other, over windows and restarts.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct QueueTests {
  /// A repository whose model does not end its first answer before the gate is opened.
  private func prepared(limit: Int = 1) throws -> (Scratch, LoopbackServer) {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    let server = try LoopbackServer { _, before in
      (before == 0 ? [.waitForGate] : [])
        + ServerAct.answer(
          "a.txt\n<<<<<<< SEARCH\na line 5\n=======\nanswer \(before)\n>>>>>>> REPLACE\n")
    }
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\nmax_requests = \(limit)\n\(server.setting)\n")
    return (scratch, server)
  }

  private func ask(_ words: String, _ terminal: PseudoTerminal) throws {
    try terminal.send("n")
    try terminal.waitFor(text: "of 1 tracked")
    // Nothing of what was asked before is left.
    try terminal.waitFor(text: "0 chosen of 1 tracked")
    try terminal.send(words + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor("the request in the list") { $0.shows("Sessions") && $0.shows(words) }
  }

  /// What was asked of the server so far, in order.
  private func asked(_ server: LoopbackServer, _ words: [String]) -> [String] {
    server.prompts.compactMap { prompt in
      let body = String(decoding: prompt.body, as: UTF8.self)
      return words.first { body.contains($0) }
    }
  }

  private static let words = ["First of all", "Second thing", "Third one"]

  @Test func `one is answered after the other, in the order that the queue shows`() throws {
    let (scratch, server) = try prepared()
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    for words in Self.words { try ask(words, terminal) }
    try terminal.send("Q")
    try terminal.waitFor(text: "1 at work, 2 waiting")
    #expect(asked(server, Self.words) == ["First of all"])
    // The list, one below the other: which one waits for how many.
    let rows = (2...4).map { terminal.rowText($0) }
    #expect(rows[1].contains("waiting, 1 before it") && rows[1].contains("Second thing"))
    #expect(rows[2].contains("waiting, 2 before it") && rows[2].contains("Third one"))
    try terminal.send("GK")
    try terminal.waitFor("the third before the second") { $0.rowText(3).contains("Third one") }
    try terminal.send("jp")
    try terminal.waitFor("the second held back") { $0.rowText(4).contains("paused") }
    server.openGate()
    // What is held back waits for nobody's turn.
    try terminal.waitFor(text: "0 at work, 0 waiting")
    try terminal.waitFor("the second alone") { $0.rowText(2).contains("paused") }
    #expect(asked(server, Self.words) == ["First of all", "Third one"])
    try terminal.send("p")
    try terminal.waitFor(text: "Nothing is asked of a model")
    #expect(asked(server, Self.words) == ["First of all", "Third one", "Second thing"])
    try terminal.send("q")
    try terminal.waitFor("three proposals") { terminal in
      (0..<10).count { terminal.rowText($0).contains("ready: 1 file") } == 3
    }
    try terminal.leave()
    #expect(try scratch.countersign(["queue"]).text == "")
  }

  @Test func `what waits, and what was being answered, goes on after a kill`() throws {
    let (scratch, server) = try prepared()
    let killed = try scratch.terminal([])
    try killed.waitFor(text: "Nothing under review")
    for words in Self.words { try ask(words, killed) }
    try killed.send("Q")
    try killed.waitFor(text: "1 at work, 2 waiting")
    try killed.send("Gp")
    try killed.waitFor("the third held back") { $0.rowText(4).contains("paused") }
    killed.signal(SIGKILL)
    _ = try killed.waitForExit()
    let listed = try scratch.countersign(["sessions", "--json"])
    #expect(listed.text.contains(#""request":{"ahead":0,"state":"waiting"}"#))
    #expect(listed.text.contains(#""state":"paused""#))
    let queue = try scratch.countersign(["queue"]).text
    #expect(queue.contains("goes on when its repository is opened"))
    server.openGate()
    let terminal = try scratch.terminal([])
    try terminal.waitFor("two proposals") { terminal in
      (0..<10).count { terminal.rowText($0).contains("ready: 1 file") } == 2
    }
    #expect(terminal.shows("paused"))
    #expect(
      asked(server, Self.words) == ["First of all", "First of all", "Second thing"])
    try terminal.leave()
    let ledgers = try scratch.countersign(["sessions"]).text
    #expect(ledgers.contains("paused"))
  }

  @Test
  func
    `a command on the shell waits for the turn of what a window asked, and a cancelled request is never sent`()
    throws
  {
    let (scratch, server) = try prepared()
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try ask(Self.words[0], terminal)
    try ask(Self.words[1], terminal)
    let command = try scratch.terminal(["ask", Self.words[2], "a.txt"])
    try command.waitFor(text: "waiting, 2 before it")
    try terminal.send(Keys.cancel)
    try terminal.waitFor(text: "Cancelled; what was written so far is kept.")
    try command.waitFor(text: "waiting, 1 before it")
    server.openGate()
    try command.waitFor(text: "1 file to review")
    #expect(asked(server, Self.words) == [Self.words[0], Self.words[2]])
    // Asked anew, as a session of its own; the cancelled one is put away.
    try terminal.send("r")
    try terminal.waitFor("the second asked anew") { terminal in
      (0..<10).contains {
        terminal.rowText($0).contains("ready: 1 file") && terminal.rowText($0).contains("Second")
      }
    }
    try terminal.waitFor(text: "discarded")
    #expect(asked(server, Self.words) == [Self.words[0], Self.words[2], Self.words[1]])
    try terminal.leave()
  }

  @Test func `a request that waited is not sent to another place than it was put in for`() throws {
    let (scratch, server) = try prepared()
    let killed = try scratch.terminal([])
    try killed.waitFor(text: "Nothing under review")
    try ask(Self.words[0], killed)
    try ask(Self.words[1], killed)
    killed.signal(SIGKILL)
    _ = try killed.waitForExit()
    // The same kind of server with the same model, at another place under the same name.
    let other = try LoopbackServer { _, _ in ServerAct.answer("Nothing.") }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(other.setting)\n")
    let terminal = try scratch.terminal([])
    try terminal.waitFor("both refused") { terminal in
      (0..<10).count { terminal.rowText($0).contains("failed") } == 2
    }
    try terminal.send(Keys.enter)
    try terminal.waitFor("where it was and is") {
      $0.unwrappedMessage.contains("test at http://127.0.0.1:\(server.port)")
        && $0.unwrappedMessage.contains("test at http://127.0.0.1:\(other.port) now")
    }
    // Nor is it asked anew there without the address on the screen.
    try terminal.send("r")
    try terminal.waitFor("a refusal") { $0.unwrappedMessage.contains("ask with a new request") }
    #expect(other.requests.isEmpty)
    try terminal.leave()
    server.openGate()
  }

  @Test func `where a recording plays nothing that waits is sent`() throws {
    let (scratch, server) = try prepared()
    let records = "\(scratch.path)/run/records"
    server.openGate()
    let recorded = try scratch.countersign(["ask", "Once.", "a.txt", "--record", records])
    #expect(recorded.exit == .code(0), "\(recorded.problem)")
    let name = String(
      decoding: try run(["/bin/ls", records], environment: [:], directory: "/").output,
      as: UTF8.self
    ).split(separator: "\n").first.map(String.init)
    let silent = try LoopbackServer { _, _ in [.waitForClose] }
    try scratch.configure("[[endpoint]]\nname = \"test\"\nmax_requests = 1\n\(silent.setting)\n")
    let killed = try scratch.terminal([])
    try killed.waitFor(text: "Sessions")
    for words in Self.words.prefix(2) { try ask(words, killed) }
    killed.signal(SIGKILL)
    _ = try killed.waitForExit()
    let before = silent.requests.count
    let terminal = try scratch.terminal(["--replay", "\(records)/\(try #require(name))"])
    try terminal.waitFor(text: "nothing is sent")
    usleep(2_500_000)
    #expect(silent.requests.count == before)
    try terminal.leave()
    // They are there again without the recording.
    #expect(try scratch.countersign(["queue"]).text.split(separator: "\n").count == 2)
  }

  @Test func `a request that had to wait is looked at again before it is sent`() throws {
    let (scratch, server) = try prepared()
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try ask(Self.words[0], terminal)
    try ask(Self.words[1], terminal)
    let before = server.requests.count(where: \.isQuestion)
    server.openGate()
    try terminal.waitFor("two proposals") { terminal in
      (0..<10).count { terminal.rowText($0).contains("ready: 1 file") } == 2
    }
    #expect(server.requests.count(where: \.isQuestion) > before)
    try terminal.leave()
  }

  @Test func `another window's cancel reaches the one that has the request`() throws {
    let (scratch, server) = try prepared()
    let first = try scratch.terminal([])
    try first.waitFor(text: "Nothing under review")
    try ask(Self.words[0], first)
    let second = try scratch.terminal([])
    // The list of a second window knows what the first is at.
    try second.waitFor("the request") { $0.shows(Self.words[0]) && !$0.shows("failed") }
    try second.send("Q")
    try second.waitFor(text: "1 at work")
    try second.send(Keys.cancel)
    try first.waitFor(text: "Cancelled; what was written so far is kept.")
    try second.waitFor(text: "Nothing is asked of a model")
    server.openGate()
    for terminal in [first, second] { try terminal.leave() }
  }

  @Test func `a question from inside a review goes at once and takes up room at the server`() throws
  {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    let server = try LoopbackServer { _, before in
      (before == 1 ? [.waitForGate] : [])
        + ServerAct.answer(
          "a.txt\n<<<<<<< SEARCH\na line 5\n=======\nanswer \(before)\n>>>>>>> REPLACE\n")
    }
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\nmax_requests = 1\n\(server.setting)\n")
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try ask(Self.words[0], terminal)
    try terminal.waitFor(text: "ready: 1 file")
    try terminal.send(Keys.enter)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model again?")
    try terminal.send(Keys.enter)
    #expect(server.waitForPrompt())
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try ask(Self.words[1], terminal)
    try terminal.send("Q")
    try terminal.waitFor(text: "1 at work, 1 waiting")
    #expect(server.prompts.count == 2)
    server.openGate()
    try terminal.waitFor(text: "Nothing is asked of a model")
    #expect(server.prompts.count == 3)
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try terminal.leave()
  }
}
