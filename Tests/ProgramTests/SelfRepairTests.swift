// An edit without a place, asked for again without being told to.

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
      try terminal.waitFor(text: "Sessions")
      try terminal.send("n")
      try terminal.waitFor(text: "Ask")
      try terminal.send("Do \(round) @src/a.txt @src/b.txt ")
      try terminal.send("\u{13}")
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
}
