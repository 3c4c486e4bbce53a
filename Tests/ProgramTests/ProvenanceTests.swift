// Where a hunk comes from and what was said in a session: as the ledger has it, on a key.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct ProvenanceTests {
  private static func thinking(_ words: String) -> ServerAct {
    .text(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        + "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"\(words)\"}}]}\n\n")
  }

  private static func delta(_ text: String) -> ServerAct {
    .text(
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"
        + String(decoding: jsonText(Array(text.utf8)), as: UTF8.self) + "}}]}\n\n")
  }

  private static func edit(_ words: String) -> String {
    "I do.\n\nsrc/a.txt\n<<<<<<< SEARCH\na line 5\n=======\na line 5, \(words)\n>>>>>>> REPLACE\n"
  }

  /// - Parameter refusesSeed: whether a body with a seed is refused, as some gateways do.
  private static func server(_ words: String, refusesSeed: Bool = false) throws -> LoopbackServer {
    try LoopbackServer { request, count in
      if refusesSeed, request.body.firstRange(of: Array("\"seed\"".utf8)) != nil {
        return [
          .response(
            "400 Bad Request", #"{"error":{"message":"Unrecognized request argument: seed"}}"#)
        ]
      }
      return [thinking("pondering \(words) \(count)"), delta(edit("\(words) \(count)")), .end]
    }
  }

  @Test func `another model can be asked, and a hunk and the conversation say who said what`()
    throws
  {
    let (own, other) = (try Self.server("own"), try Self.server("other", refusesSeed: true))
    let scratch = try Scratch(asking: own)
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\n\(own.setting)\n[[endpoint]]\nname = \"second\"\n\(other.setting)\n"
    )
    #expect(try scratch.ask().exit == .code(0))
    let session = try scratch.onlySession()
    let terminal = try scratch.terminal(["open", session])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))

    try terminal.look("P", at: "came with   the request, round 1 of 1") {
      #expect(terminal.shows("server      test, LOCAL"))
      #expect(terminal.shows("sampling    temperature 0.2, no seed, at most"))
    }

    // The first time the model goes straight to work; after that it explains before it edits.
    try terminal.send("r")
    try terminal.waitFor(text: "It goes to test at")
    #expect(terminal.shows("Explains before it edits: no"))
    try terminal.send("m")
    try terminal.waitFor(text: "It goes to second at")
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "round 2, undecided")
    #expect(own.prompts.count == 1 && other.prompts.count == 2)
    #expect(try #require(other.prompts.last).body.firstRange(of: Array("six lines".utf8)) == nil)
    try terminal.look("P", at: "came with   an answer to asking again, round 2 of 2") {
      #expect(terminal.shows("server      second, LOCAL"))
      // As it was sent, not as it was meant.
      #expect(terminal.shows("sampling    temperature 0.2, no seed, at most"))
    }

    try terminal.send("r")
    try terminal.waitFor(text: "Explains before it edits: yes")
    #expect(terminal.shows("It goes to test at"))
    try terminal.send(Keys.enter)
    try terminal.waitFor(text: "round 3, undecided")
    #expect(own.prompts.count == 2 && other.prompts.count == 2)
    #expect(try #require(own.prompts.last).body.firstRange(of: Array("six lines".utf8)) != nil)

    try terminal.look("M", at: "What was asked and answered") {
      #expect(terminal.shows("▸ reasoning: 1 line") && !terminal.shows("pondering"))
      try terminal.send("z")
      try terminal.waitFor(text: "│ pondering own")
      try terminal.send("G")
      try terminal.waitFor(text: "▾ reasoning: 1 line")
    }
    try terminal.leave()

    var status = stat()
    for name in ["reasoning", "reasoning-1", "reasoning-2"] {
      let path = "\(scratch.repository)/.git/countersign/sessions/\(session)/\(name)"
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }
}
