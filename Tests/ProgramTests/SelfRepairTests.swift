// An edit without a place, asked for again without being told to.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct SelfRepairTests {
  /// An edit that is placed, and one that quotes what is not there.
  private static let answer =
    AskedAnswer.edit
    + "\n\nsrc/b.txt\n<<<<<<< SEARCH\nb lime 5\n=======\nb line five\n>>>>>>> REPLACE\n"
  private static let repaired =
    "src/b.txt\n<<<<<<< SEARCH\nb line 5\n=======\nb line five\n>>>>>>> REPLACE\n"

  @Test func `it has its place before the command ends, and the ledger says that nobody asked`()
    throws
  {
    let server = try LoopbackServer { _, before in
      ServerAct.answer(before == 0 ? Self.answer : Self.repaired)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let asked = try scratch.ask("src/a.txt", "src/b.txt")
    #expect(asked.exit == .code(0), "\(asked.problem)")
    #expect(asked.text.hasSuffix("2 files to review, 0 edits not placed\n"), "\(asked.text)")
    #expect(asked.problem.contains("asking again for an edit of src/b.txt"))
    let session = try scratch.onlySession()
    let patch = try scratch.countersign(["show", session, "--patch"]).text
    #expect(patch.contains("-b line 5\n+b line five\n"), "\(patch)")
    #expect(try scratch.countersign(["show", session, "--approved"]).text == "")
    // The second question has lines of the one file, and nothing of the other.
    #expect(server.prompts.count == 2)
    let second = server.prompts[1].body
    #expect(second.firstRange(of: Array("b line 20".utf8)) != nil)
    #expect(second.firstRange(of: Array("a line".utf8)) == nil)
    let ledger = try readFile(
      "\(scratch.repository)/.git/countersign/sessions/\(session)/ledger.jsonl")
    #expect(ledger.firstRange(of: Array(#""by_itself":true"#.utf8)) != nil)

    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.send("}")
    try terminal.waitFor(text: "forced anchor")
    try terminal.send("M")
    try terminal.waitFor(text: "by itself, again about src/b.txt")
    try terminal.send("q")
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test(arguments: [0, 1, 2])
  func `what has no place still is asked for as often as the settings say`(repairs: Int) throws {
    let server = try LoopbackServer { _, before in
      ServerAct.answer(before == 0 ? Self.answer : "I cannot do that.\n")
    }
    let scratch = try Scratch(asking: server, repairs: repairs)
    let asked = try scratch.ask("src/a.txt", "src/b.txt")
    #expect(asked.text.contains("1 file to review, 1 edit not placed"), "\(asked.problem)")
    #expect(server.prompts.count == 1 + repairs)
  }

  @Test func `a file that was not given along is not asked about`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try Scratch(asking: server, repairs: 2)
    let asked = try scratch.ask("src/a.txt")
    #expect(asked.text.contains("1 file to review, 1 edit not placed"), "\(asked.problem)")
    #expect(server.prompts.count == 1)
  }

  @Test func `another model than the one that was asked gets no question`() throws {
    let server = try LoopbackServer(model: { $0 == 0 ? "first" : "second" }) { _, _ in
      ServerAct.answer(Self.answer)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let asked = try scratch.ask("src/a.txt", "src/b.txt")
    #expect(asked.text.contains("1 file to review, 1 edit not placed"), "\(asked.problem)")
    #expect(asked.problem.contains("not sent: the request went to first"), "\(asked.problem)")
    #expect(server.prompts.count == 1)
  }

  @Test func `on the screen it comes as a round, and cancelling ends it`() throws {
    let server = try LoopbackServer { _, before in
      switch before {
      case 0, 2: ServerAct.answer(Self.answer)
      case 1: [.waitForGate] + ServerAct.answer(Self.repaired)
      default: [.stream([]), .waitForClose]
      }
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try scratch.terminal([])
    for round in [1, 2] {
      try terminal.writeRequest("Do \(round) @src/a.txt @src/b.txt ")
      try terminal.send(Keys.send)
      try terminal.waitFor(text: "1 unplaced")
      try terminal.send("\r")
      try terminal.waitFor(text: "asked again by itself")
      if round == 1 {
        server.openGate()
        try terminal.waitFor(text: "An edit that had no place has one now, round 2, undecided")
      } else {
        try terminal.send("\u{3}")
        try terminal.waitFor(text: "Cancelled; the round stands")
        #expect(server.waitForClose())
      }
      if round == 1 { try terminal.send("q") }
    }
    try terminal.leave()
    #expect(server.prompts.count == 4)
  }

  private func open(_ scratch: Scratch) throws -> PseudoTerminal {
    let terminal = try scratch.terminal([])
    try terminal.writeRequest("Do it @src/a.txt @src/b.txt ")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "asking again: 1 file, 1 unplaced")
    try terminal.send("\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    return terminal
  }

  @Test func `the human's own question comes first`() throws {
    let server = try LoopbackServer { _, before in
      switch before {
      case 0: ServerAct.answer(Self.answer)
      case 1: [.stream([]), .waitForClose]
      default: ServerAct.answer(Self.repaired)
      }
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try open(scratch)
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model for this edit again?")
    try terminal.send("\r")
    #expect(server.waitForClose())
    try terminal.waitFor(text: "The model's new version, round 2, undecided")
    try terminal.leave()
    #expect(server.prompts.count == 3)
    try scratch.expectClean()
  }

  @Test func `what is dropped meanwhile is no longer asked for`() throws {
    let server = try LoopbackServer { _, before in
      before == 0 ? ServerAct.answer(Self.answer) : [.stream([]), .waitForClose]
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try open(scratch)
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    try terminal.send("d")
    try terminal.waitFor(text: "The edit is dropped, round 2")
    #expect(server.waitForClose())
    try terminal.leave()
    #expect(server.prompts.count == 2)
    try scratch.expectClean()
  }

  /// An answer that comes while a question is on the screen waits for its key, and may then change what that key approved.
  @Test func `lines approved while the answer was on its way are not changed by it`() throws {
    let changing =
      "src/a.txt\n<<<<<<< SEARCH\na line 4\na line 5, checked\n=======\na line 4\na line 5, other\n>>>>>>> REPLACE\n"
    let first =
      AskedAnswer.edit
      + "\n\nsrc/a.txt\n<<<<<<< SEARCH\na lime 6\n=======\na line six\n>>>>>>> REPLACE\n"
    let server = try LoopbackServer { _, before in
      before == 0 ? ServerAct.answer(first) : [.waitForGate] + ServerAct.answer(changing)
    }
    let scratch = try Scratch(asking: server, repairs: 1)
    let terminal = try open(scratch)
    try terminal.send("A")
    try terminal.waitFor(text: "Approve what is left in this file?")
    server.openGate()
    // Whether the round waits for the key by now or comes after it, it is held against what is approved then.
    try terminal.send("y")
    try terminal.waitForReview(ShownTally(approved: 1, rejected: 0, undecided: 0))
    try terminal.waitFor("why nothing came of it") {
      $0.unwrappedMessage.contains("you decided on, so none of it was taken over")
    }
    try terminal.leave()
    let session = try scratch.onlySession()
    let approved = try scratch.countersign(["show", session, "--approved"]).text
    #expect(approved.contains("+a line 5, checked"), "\(approved)")
    try scratch.expectClean()
  }

  @Test func `it waits until nothing of the user's waits for the server`() throws {
    let server = try LoopbackServer { request, before in
      if before == 0 { return [.waitForGate] + ServerAct.answer(Self.answer) }
      return request.body.firstRange(of: Array("Second thing".utf8)) != nil
        ? [.stream([]), .waitForClose] : ServerAct.answer(Self.repaired)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    try scratch.configure("[[endpoint]]\nname = \"test\"\nmax_requests = 1\n\(server.setting)\n")
    let terminal = try scratch.terminal([])
    for words in ["First of all", "Second thing"] {
      try terminal.writeRequest("\(words) @src/a.txt @src/b.txt ")
      try terminal.send(Keys.send)
      try terminal.waitFor("the request in the list") { $0.shows("Sessions") && $0.shows(words) }
    }
    try terminal.waitFor(text: "waiting, 1 before it")
    server.openGate()
    try terminal.waitFor(text: "1 unplaced")
    // The second is at the server, and nobody asks beside it.
    try terminal.settle()
    #expect(server.prompts.count == 2 && !terminal.shows("asking again"))
    // It stands first in the list; once it is cancelled there is room.
    try terminal.send("g\u{3}")
    #expect(server.waitForClose())
    try terminal.waitFor("the repair's round") {
      $0.shows("ready: 2 files") || $0.shows("has one now")
    }
    #expect(server.prompts.count == 3)
    try terminal.leave()
    try scratch.expectClean()
  }

  @Test func `of an answer that misses often only some edits are asked for`() throws {
    let blocks = (0..<30).map {
      "src/b.txt\n<<<<<<< SEARCH\nnothing \($0)\n=======\nx\n>>>>>>> REPLACE\n"
    }
    let server = try LoopbackServer { _, before in
      ServerAct.answer(
        before == 0 ? AskedAnswer.edit + "\n\n" + blocks.joined(separator: "\n") : "No.\n")
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let asked = try scratch.ask("src/a.txt", "src/b.txt")
    #expect(asked.text.contains("30 edits not placed"), "\(asked.problem)")
    #expect(server.prompts.count == 1 + 4 * 2)
  }

  @Test func `what is being written stays when another request begins`() throws {
    let server = try LoopbackServer { _, before in
      before == 0 ? ServerAct.answer("No edit.\n") : [.waitForGate] + ServerAct.answer(Self.answer)
    }
    let scratch = try Scratch(asking: server)
    _ = try scratch.ask("src/a.txt")
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "failed (Enter says why)")
    try terminal.send("rn")
    try terminal.waitFor(text: "Ask for a change")
    try terminal.send("a long new instruction")
    try terminal.waitFor(text: "a long new instruction")
    #expect(server.waitForPrompt())
    try terminal.waitFor("the instruction still") { $0.shows("a long new instruction") }
    try terminal.send(" and more")
    try terminal.waitFor(text: "a long new instruction and more")
    server.openGate()
    try terminal.send("\u{1b}")
    try terminal.waitFor(text: "Sessions")
    try terminal.leave()
  }

  @Test func `what the human wrote goes nowhere by itself`() throws {
    let second = "src/b.txt\n<<<<<<< SEARCH\nb lime 9\n=======\nb line nine\n>>>>>>> REPLACE\n"
    let server = try LoopbackServer { _, before in
      before == 0
        ? ServerAct.answer(Self.answer + "\n" + second)
        : [.waitForGate] + ServerAct.answer(Self.repaired)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try scratch.terminal(
      [], environment: ["EDITOR": "sed -i 's/checked/TYPED-BY-HAND/'"])
    try terminal.writeRequest("Do it @src/a.txt @src/b.txt ")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "asking again: 1 file, 2 unplaced")
    try terminal.send("\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("E")
    try terminal.waitFor(text: "Your edit, round 2, undecided")
    server.openGate()
    // The answer is for a round that stands no more, and nothing more is asked for.
    try terminal.waitFor("the end of asking") { !$0.shows("asked again by itself") }
    try terminal.send("q")
    try terminal.waitFor("the list, without a question under way") {
      $0.shows("Sessions") && !$0.shows("asking again")
    }
    try terminal.leave()
    #expect(server.prompts.count == 2)
    for prompt in server.prompts {
      #expect(prompt.body.firstRange(of: Array("TYPED-BY-HAND".utf8)) == nil)
    }
    try scratch.expectClean()
  }

  @Test func `while its round waits for the screen nothing is asked for again`() throws {
    let server = try LoopbackServer { _, before in
      before == 0
        ? ServerAct.answer(Self.answer) : [.waitForGate] + ServerAct.answer(Self.repaired)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try open(scratch)
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    server.openGate()
    try terminal.waitFor("the end of the answer") { !$0.shows("Asking again by itself") }
    // Two looks at the queue and more.
    sleep(3)
    #expect(terminal.shows("1 of 1") && server.prompts.count == 2)
    try terminal.send("q")
    try terminal.waitFor(text: "An edit that had no place has one now, round 2, undecided")
    try terminal.leave()
    #expect(server.prompts.count == 2)
    try scratch.expectClean()
  }

  @Test func `on the commit sheet nothing that nobody asked for closes it`() throws {
    let server = try LoopbackServer { _, before in
      before == 0
        ? ServerAct.answer(Self.answer) : [.waitForGate] + ServerAct.answer(Self.repaired)
    }
    let scratch = try Scratch(asking: server, repairs: 2)
    let terminal = try open(scratch)
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    #expect(terminal.shows("1 edit has no place and is not in it"))
    server.openGate()
    try terminal.send("C")
    try terminal.waitFor("the commit") { $0.shows("Committed ") }
    try terminal.leave()
    #expect(try scratch.git("show", "--format=", "--name-only", "HEAD") == "src/a.txt")
    try scratch.expectClean()
  }
}
