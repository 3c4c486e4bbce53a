// The map of the repository: shown before it goes along, kept for asking again, and only when it is wanted.

import Glibc
import TerminalHarness
import Testing

@Suite(
  .enabled(if: access("/usr/bin/ctags", X_OK) == 0, "universal-ctags is not installed."),
  .timeLimit(.minutes(15)))
struct RepositoryMapTests {
  private func scratch(_ server: LoopbackServer) throws -> Scratch {
    let scratch = try Scratch(asking: server)
    try scratch.write(
      Array("from lib.parsing import parse_text\n\nprint(parse_text(\"x\"))\n".utf8),
      to: "repo/src/app.py")
    try scratch.write(
      Array(
        "def parse_text(text):\n    return scan_next(text)\n\n\ndef secret_other():\n    pass\n"
          .utf8), to: "repo/src/parsing.py")
    try scratch.write(
      Array("from app import parse_text\n\n\ndef test_it():\n    parse_text(1)\n".utf8),
      to: "repo/src/calls.py")
    try scratch.git("add", "-A")
    try scratch.git("commit", "-qm", "python")
    return scratch
  }

  private static let answer =
    "src/app.py\n<<<<<<< SEARCH\nprint(parse_text(\"x\"))\n=======\nprint(parse_text(\"y\"))\n>>>>>>> REPLACE\n"

  @Test func `it is shown, goes along as shown, and stays the same when asked again`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try scratch(server)
    let terminal = try scratch.terminal([])
    try terminal.writeRequest("Say y @src/app.py ")
    // Proposals come from the same definitions, without anything being sent.
    try terminal.waitFor(text: "defines parse_text, which they use")
    #expect(terminal.shows("src/app.py"))
    #expect(!terminal.shows("with a map"))
    try terminal.send("\u{14}")
    try terminal.waitFor(text: "with a map of 1 line of 1 other file")
    try terminal.send("\u{13}")
    try terminal.waitFor(text: "ready: 1 file")
    try terminal.send("\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.send("r")
    try terminal.waitFor(text: "Ask the model again?")
    try terminal.send("\r")
    try terminal.waitFor(text: "already")
    try terminal.leave()
    #expect(server.prompts.count == 2)
    for prompt in server.prompts {
      #expect(
        prompt.body.firstRange(of: Array("src/parsing.py\\n  def parse_text(text):".utf8)) != nil)
      #expect(prompt.body.firstRange(of: Array("secret_other".utf8)) == nil)
    }
    // Looked through once, and nobody else's business.
    var status = stat()
    #expect(stat("\(scratch.repository)/.git/countersign/tags", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    try scratch.expectClean()
  }

  @Test func `it goes along only when it is wanted`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try scratch(server)
    #expect(try scratch.ask("src/app.py").exit == .code(0))
    #expect(server.prompts[0].body.firstRange(of: Array("src/parsing.py".utf8)) == nil)
    let mapped = try scratch.countersign(["ask", "--map", "Say y", "src/app.py"])
    #expect(mapped.problem.contains("a map of 1 line of 1 other file goes along"))
    #expect(server.prompts[1].body.firstRange(of: Array("src/parsing.py".utf8)) != nil)
  }

  @Test func `no value goes along, and what is of another commit not at all`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try scratch(server)
    try scratch.write(
      Array(
        "API_TOKEN = \"tok-very-secret\"\n\n\ndef open_session(token=\"tok-default\"):\n    pass\n"
          .utf8),
      to: "repo/src/settings.py")
    try scratch.write(
      Array("{\"database_password\": \"hunter2\"}\n".utf8), to: "repo/src/settings.json")
    try scratch.write(
      Array(
        "from settings import API_TOKEN, open_session\n\nopen_session(API_TOKEN)\nprint(parse_text(\"x\"))\n"
          .utf8), to: "repo/src/app.py")
    try scratch.git("add", "-A")
    try scratch.git("commit", "-qm", "settings")
    let mapped = try scratch.countersign(["ask", "--map", "Say y, database_password", "src/app.py"])
    #expect(mapped.problem.contains("def open_session(token=…):"), "\(mapped.problem)")
    let first = server.prompts[0].body
    #expect(first.firstRange(of: Array("def open_session".utf8)) != nil)
    for secret in ["tok-very", "tok-default", "hunter2"] {
      #expect(first.firstRange(of: Array(secret.utf8)) == nil)
    }
    // The map that is on the screen is of a commit that is no longer the last.
    let terminal = try scratch.terminal([])
    try terminal.writeRequest("Say y @src/app.py ")
    try terminal.send("\u{14}")
    try terminal.waitFor(text: "with a map of")
    #expect(terminal.shows("of it goes along, in the map"))
    try scratch.git("rm", "-q", "src/settings.py")
    try scratch.git("commit", "-qm", "without settings")
    try terminal.send("\u{13}")
    try terminal.waitFor(text: "The map is of another commit than the last one")
    #expect(server.prompts.count == 1)
    try terminal.waitFor("the map of the last commit") { !$0.shows("settings.py  1 line") }
    try terminal.send("\u{1b}")
    try terminal.waitFor(text: "Sessions")
    try terminal.leave()
  }

  @Test func `what lies in the cache's place is neither written to nor waited for`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try scratch(server)
    let tags = "\(scratch.repository)/.git/countersign/tags"
    try scratch.write(Array("precious\n".utf8), to: "precious")
    mkdir("\(scratch.repository)/.git/countersign", 0o700)
    for place in ["link", "symlink", "pipe"] {
      switch place {
      case "link": #expect(link("\(scratch.path)/precious", tags) == 0)
      case "symlink": #expect(symlink("\(scratch.path)/precious", tags) == 0)
      default: #expect(mkfifo(tags, 0o600) == 0)
      }
      let asked = try scratch.countersign(
        ["ask", "--map", "Say y", "src/app.py"], timeoutSeconds: 60)
      #expect(asked.exit == .code(0), "\(place): \(asked.problem)")
      #expect(try readFile("\(scratch.path)/precious") == Array("precious\n".utf8))
      var status = stat()
      #expect(
        lstat(tags, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1)
      unlink(tags)
    }
  }

  @Test func `a ctags that will not do is said, and nothing waits for it`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let scratch = try scratch(server)
    try scratch.write(
      Array("#!/bin/sh\necho usage >&2\nexit 1\n".utf8), to: "bin/ctags", mode: 0o755)
    let terminal = try scratch.terminal(
      [], environment: ["PATH": "\(scratch.path)/bin:/usr/local/bin:/usr/bin:/bin"])
    try terminal.writeRequest("Say y @src/app.py ")
    try terminal.send("\u{14}")
    try terminal.waitFor(text: "No map goes along. ctags did not say")
    try terminal.send("\u{13}")
    try terminal.waitFor(text: "ready: 1 file")
    try terminal.leave()
    try scratch.expectClean()
  }
}
