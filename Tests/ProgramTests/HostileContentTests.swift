// Names, branches, messages, files and answers that attack the terminal: none of it arrives raw.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct HostileContentTests {
  /// Sets the title, asks for an answer, moves, clears, rings, and turns the direction of writing.
  private static let attack =
    "\u{1B}]0;pwned\u{7}\u{1B}[6n\u{1B}[2J\u{1B}[31;5mred\u{9B}6n\u{202E}reversed\u{2066}x\u{200B}\u{E0041}"

  /// Expects that no byte of an attack is in what a program sent to its terminal.
  private func expectHarmless(
    _ output: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let forbidden: [(String, [UInt8])] = [
      ("an operating system command", [0x1B, UInt8(ascii: "]")]),
      ("a device control string", [0x1B, UInt8(ascii: "P")]),
      ("an application command", [0x1B, UInt8(ascii: "_")]),
      ("a question to the terminal", Array("\u{1B}[6n".utf8)),
      ("a blinking style", Array("\u{1B}[31;5m".utf8)),
      ("a C1 control", Array("\u{9B}".utf8)),
      ("a C1 control", Array("\u{90}".utf8)),
      ("a direction control", Array("\u{202E}".utf8)),
      ("a direction isolate", Array("\u{2066}".utf8)),
      ("a blank without width", Array("\u{200B}".utf8)),
      ("a tag", Array("\u{E0041}".utf8)),
    ]
    for (name, bytes) in forbidden {
      #expect(output.firstRange(of: bytes) == nil, "\(name)", sourceLocation: sourceLocation)
    }
    #expect(!output.contains(0x07), "the bell", sourceLocation: sourceLocation)
    #expect(
      String(validating: output, as: UTF8.self) != nil, "only UTF-8", sourceLocation: sourceLocation
    )
  }

  /// A repository whose every name and text attacks; the tip changes the contents of all files.
  private func hostileRepository() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.git(
      "init", "--quiet", "--initial-branch=topic/\u{202E}evil\u{200B}", ".")
    let names: [[UInt8]] = [
      Array("bidi\u{202E}txt.c".utf8), Array("zero\u{200B}width".utf8), [0x62, 0xFF, 0xFE, 0x63],
      Array("tab\u{E0041}tag".utf8), Array("c1\u{9B}31m".utf8),
    ]
    for round in ["before", "after"] {
      for name in names {
        let content = "\(round)\n\(Self.attack)\(round)\nsame\r\n\u{0C}\(round)\n"
        try scratch.write(
          Array(content.utf8) + [0xFF, 0x1B, 0x5B, 0x36, 0x6E, 0x0A], to: Array("repo/".utf8) + name
        )
      }
      try scratch.git("add", "--all")
      try scratch.git("commit", "--quiet", "-m", "\(round) \(Self.attack)\n\n\(Self.attack)")
    }
    return scratch
  }

  @Test(arguments: [(36, 120), (24, 80)])
  func `a hostile range is reviewed without a raw byte of it`(rows: Int, columns: Int) throws {
    let scratch = try hostileRepository()
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"], rows: rows, columns: columns)
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.settle()
    #expect(
      terminal.screenText().contains("<U+001B>") || terminal.screenText().contains("<U+202E>"))
    for keys in ["}", "}", "}", "}", "w", "l", "l", "w", "=", "f", "{", "v", "jj", "v", "+", "-"] {
      try terminal.send(keys)
    }
    try terminal.settle()
    try terminal.send("y")
    try terminal.waitFor("an answer") {
      $0.message.contains("Press !") || $0.message.contains("not on")
    }
    try terminal.settle()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }
    try terminal.leave()
    expectHarmless(terminal.output)
  }

  @Test func `names with control characters are refused or spelled, never sent`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["plain.txt": "plain\n"])
    for name in ["esc\u{1B}]0;pwned\u{7}.txt", "new\nline.txt", "cr\rback\u{8}.txt"] {
      try scratch.write(Array("one\n".utf8), to: "repo/\(name)")
    }
    try scratch.git("add", "--all")
    try scratch.git("commit", "--quiet", "-m", "names")
    let terminal = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try terminal.waitFor("a review or a refusal") {
      $0.tally != nil || $0.screenText().contains("control character")
    }
    if terminal.isAlternateScreen {
      try terminal.settle()
      try terminal.leave()
    } else {
      #expect(try terminal.waitForExit() == .code(1))
    }
    expectHarmless(terminal.output)
    // And as files that could go along with a request.
    let ask = try scratch.terminal([])
    try ask.waitFor(text: "Sessions")
    try ask.send("n")
    try ask.waitFor(text: "0 chosen of 4 tracked")
    try ask.send(Keys.escape)
    try ask.waitFor(text: "Sessions")
    try ask.send("q")
    try ask.waitForExit()
    expectHarmless(ask.output)
  }

  @Test func `what commands print about hostile sessions is harmless on a terminal`() throws {
    let scratch = try hostileRepository()
    let review = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try review.waitFor("the review") { $0.tally != nil }
    try review.settle()
    try review.leave()
    let id = try scratch.onlySession()
    for arguments in [
      ["sessions"], ["show", id], ["show", id, "--patch"], ["show", "\u{1B}]0;pwned\u{7}"],
      ["doctor"], ["doctor", "--theme", "\u{1B}]0;pwned\u{7}\u{202E}"],
      ["ask", "x", "\u{1B}]0;pwned\u{7}\u{202E}"], ["--\u{1B}]0;pwned\u{7}"],
      ["review", "\u{1B}[6n..HEAD"], ["discard", "\u{202E}"], ["config", "--check"],
    ] {
      let terminal = try scratch.terminal(arguments)
      try terminal.waitForExit()
      expectHarmless(terminal.output)
    }
  }

  @Test(arguments: [["sessions", "--json"], ["show", "2", "--json"]])
  func `JSON on a terminal is as harmless, and the same JSON`(arguments: [String]) throws {
    let scratch = try hostileRepository()
    let review = try scratch.terminal(["review", "HEAD~1..HEAD"])
    try review.waitFor("the review") { $0.tally != nil }
    try review.settle()
    try review.leave()
    let terminal = try scratch.terminal(arguments)
    #expect(try terminal.waitForExit() == .code(0))
    expectHarmless(terminal.output)
    if arguments[0] == "sessions" {
      let piped = try scratch.countersign(arguments).output
      #expect(
        try parsed(terminal.output, as: SessionsDocument.self).sessions[0].title
          == parsed(piped, as: SessionsDocument.self).sessions[0].title)
    }
  }

  @Test func `a hostile answer streams, is reviewed and committed without a raw byte of it`()
    throws
  {
    let attack = Self.attack
    let answer = """
      Plan \(attack)

      a\(attack).txt
      <<<<<<< SEARCH
      =======
      x
      >>>>>>> REPLACE

      a.txt
      <<<<<<< SEARCH
      a line 5
      =======
      a line five \(attack)
      >>>>>>> REPLACE

      a.txt
      <<<<<<< SEARCH
      not there \(attack)
      =======
      x
      >>>>>>> REPLACE
      """
    let server = try LoopbackServer { _, _ in ServerAct.answer(answer) }
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    try scratch.configure(
      "[[endpoint]]\nname = \"test\"\n\(server.setting)\nmodel = \"m\u{202E}\"\n")
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 1 tracked")
    // What is typed and pasted is as little to be trusted: it may come from a web page.
    try terminal.send(Keys.paste("Check it. \(attack)") + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "The proposal is ready: 1 file")
    try terminal.send(Keys.enter)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    #expect(terminal.screenText().contains("<U+202E>"))
    try terminal.send("U")
    try terminal.waitFor(text: "Unplaced edits")
    try terminal.send("j")
    try terminal.waitFor(text: "2 of 2")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }
    try terminal.acknowledgeAll()
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()
    expectHarmless(terminal.output)
    let expected = try scratch.tree(
      of: "\(commit)^",
      with: ["a.txt": Array(numberedLines(20, "a", changing: [5: "a line five \(attack)"]).utf8)],
      in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
    try scratch.expectClean()
  }

  @Test func `a hook's output is shown as what it is`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    try scratch.write(
      Array(
        "#!/bin/sh\nprintf 'hook \\033]0;pwned\\007 \\033[6n\\342\\200\\256says\\n'\nexit 1\n".utf8),
      to: "repo/.git/hooks/pre-commit", mode: 0o755)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "pre-commit")
    try terminal.send("C")
    try terminal.waitFor(text: "Nothing was committed.")
    try terminal.waitFor(text: "hook <U+001B>]0;pwned<U+0007>")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }
    try terminal.leave()
    expectHarmless(terminal.output)
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign-*") == "")
  }
}
