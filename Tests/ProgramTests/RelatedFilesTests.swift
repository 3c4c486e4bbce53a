// Which files go along with a question or its repair, and which are only proposed.

import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct RelatedFilesTests {
  @Test
  func `files that belong to a request are proposed with the reason, and an at sign chooses one`()
    throws
  {
    let server = try LoopbackServer { _, _ in ServerAct.answer(AskedAnswer.edit) }
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
    // Proposals for the whole instruction come when its field is left.
    try terminal.waitFor(text: "mentions transferLimit")
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
        AskedAnswer.edit + "\n\nsrc/b.txt\n<<<<<<< SEARCH\nb line 1\n=======\nx\n>>>>>>> REPLACE\n")
    }
    let scratch = try Scratch(asking: server)
    let asked = try scratch.ask()
    #expect(asked.text.contains("1 edit not placed"), "\(asked.problem)")
    let terminal = try scratch.terminal(["open", try scratch.onlySession()])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("U")
    try terminal.waitFor(text: "1 of 1")
    try terminal.send("r")
    try terminal.waitFor(text: "Asking again does not help here")
    #expect(server.prompts.count == 1)
    try terminal.send("q")
    try terminal.leave()
  }
}
