// The message as the user's git settings have it: template, the change below it in the editor.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct MessageSettingsTests {
  private func reviewed(
    _ settings: [(String, String)], editor: String
  ) throws -> (Scratch, PseudoTerminal) {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    for (name, value) in settings { try scratch.git("config", name, value) }
    try scratch.write(
      Array(numberedLines(20, "a", changing: [3: "approved", 15: "left out"]).utf8),
      to: "repo/a.txt")
    let terminal = try scratch.terminal(["review"], environment: ["EDITOR": editor])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    try terminal.approve()
    try terminal.reject()
    return (scratch, terminal)
  }

  /// Edits the message on the sheet and commits; returns the commit's message.
  private func committed(
    _ scratch: Scratch, _ terminal: PseudoTerminal, sheet: String, edited: String
  ) throws -> String {
    try terminal.send("C")
    try terminal.waitFor(text: sheet)
    try terminal.send("e")
    try terminal.waitFor(text: edited)
    _ = try terminal.commit()
    try terminal.leave()
    return try scratch.git("log", "-1", "--format=%B")
  }

  @Test func `a message begins with the template, and the template alone is none`() throws {
    let (scratch, terminal) = try reviewed(
      [("commit.template", "~/template")], editor: "sed -i 1s/$/done/")
    try scratch.write(
      Array("Ticket: \n\n# Which one?\nReviewed as usual.\n".utf8), to: "home/template")
    try terminal.send("C")
    try terminal.waitFor(text: "Reviewed as usual.")
    try terminal.waitFor(text: "# Which one?")
    try terminal.press("C", saying: "is your template as it is")
    #expect(try scratch.git("rev-list", "--count", "HEAD") == "1")
    try terminal.send("e")
    try terminal.waitFor(text: "Ticket: done")
    try terminal.send("C")
    try terminal.waitFor(text: "To look at it:")
    #expect(
      try scratch.git("log", "-1", "--format=%B").hasPrefix(
        "Ticket: done\n\nReviewed as usual.\n"))
    try terminal.leave()
  }

  @Test func `a template that cannot be read is said`() throws {
    let (scratch, terminal) = try reviewed([("commit.template", "nowhere")], editor: "true")
    try terminal.send("C")
    try terminal.waitFor(text: "read commit.template")
    try terminal.send("q")
    try terminal.waitFor(text: "y approve")
    try terminal.leave()
    #expect(try scratch.git("rev-list", "--count", "HEAD") == "1")
  }

  @Test func `with commit.verbose the editor shows what is approved, and none of it is message`()
    throws
  {
    let (scratch, terminal) = try reviewed(
      [("commit.verbose", "true")],
      editor: "sh -c 'cp \"$1\" \"$TMPDIR/seen\"; sed -i 1s/^/Words/ \"$1\"' sh")
    let message = try committed(
      scratch, terminal, sheet: "What will be committed", edited: "  Words")
    let seen = String(decoding: try scratch.read("tmp/seen"), as: UTF8.self)
    #expect(seen.contains("# ------------------------ >8 ------------------------\n"))
    #expect(seen.contains("\n+approved\n") && !seen.contains("+left out"))
    #expect(message.hasPrefix("Words\n") && !message.contains("approved"))
  }

  @Test func `with another comment sign our own lines are comments all the same`() throws {
    let (scratch, terminal) = try reviewed(
      [("core.commentChar", ";")], editor: "sed -i 1s/^/#1\\ is\\ fixed/")
    let message = try committed(
      scratch, terminal, sheet: "; Say what this change does", edited: "#1 is fixed")
    #expect(message.hasPrefix("#1 is fixed\n") && !message.contains("Say what"))
  }

  @Test(arguments: ["verbatim", "whitespace", "scissors"])
  func `where git leaves no comments out, none of ours is there`(mode: String) throws {
    let (scratch, terminal) = try reviewed(
      [("commit.cleanup", mode)], editor: "sed -i 1s/^/Words/")
    let message = try committed(
      scratch, terminal, sheet: "What will be committed", edited: "  Words")
    #expect(!message.contains("Say what"))
  }
}
