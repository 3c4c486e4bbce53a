// A whole session with three requests in the queue of a real llama.cpp server; `make pictures` writes it down.

import Glibc
import TerminalHarness
import Testing

@Suite(
  .enabled(
    if: LlamaServer.python != nil,
    "COUNTERSIGN_LLAMA_PYTHON names no Python with the server; make test sets it."),
  .timeLimit(.minutes(15)))
struct QueuePictureTests {
  private static let files = ["limits", "names", "totals"]

  /// An answer that takes the tiny model a while: what it explains is long.
  private static func answer(_ file: String) -> String {
    let lines = (1...20).map {
      "\($0). The \(file) are looked at again, line by line, before a word is said."
    }
    return lines.joined(separator: "\n")
      + "\n\nsrc/\(file).txt\n<<<<<<< SEARCH\n\(file) line 6\n=======\n\(file) line 6, checked\n>>>>>>> REPLACE\n\n"
      + "src/\(file).txt\n<<<<<<< SEARCH\n\(file) line 20\n=======\n\(file) line 20, which nobody wants\n>>>>>>> REPLACE\n"
  }

  /// The screens, each under a sentence that says what was done.
  private final class Film {
    private let home: String
    private var text =
      "A session with three requests, recorded from a terminal of 100 columns.\n"
      + "The server is llama.cpp over a unix socket; its model has random weights, and a grammar makes it write\n"
      + "the answers. What stands here is what stood on the terminal (`make pictures` records it anew).\n"

    init(in home: String) { self.home = home }

    func shoot(_ words: String, _ terminal: PseudoTerminal) {
      let rows = (0..<24).map { row -> String in
        var line = terminal.rowText(row).replacing(home, with: "~")
        while line.last == " " { line.removeLast() }
        return "| \(line)"
      }
      text += "\n== \(words)\n\n" + rows.joined(separator: "\n") + "\n"
    }

    func keep() throws {
      guard let directory = getenv("COUNTERSIGN_PICTURES").map({ String(cString: $0) }) else {
        return
      }
      let stream = try #require(fopen("\(directory)/three-requests.txt", "w"))
      defer { fclose(stream) }
      fputs(text, stream)
    }
  }

  private func ask(_ file: String, _ terminal: PseudoTerminal) throws {
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 3 tracked")
    try terminal.send("Check the \(file). @src/\(file).txt ")
    try terminal.waitFor(text: "1 chosen of 3 tracked")
  }

  private func send(_ file: String, _ terminal: PseudoTerminal) throws {
    try terminal.send(Keys.send)
    try terminal.waitFor("the request in the list") {
      $0.shows("Sessions") && $0.shows("Check the \(file)")
    }
  }

  @Test func `three requests wait for one server, and are reviewed while it writes`() throws {
    let scratch = try Scratch()
    let server = try LlamaServer(
      in: "\(scratch.path)/run", python: try #require(LlamaServer.python), context: 16_384)
    let proxy = try GrammarProxy(
      on: "\(scratch.path)/run/proxy.sock", before: server.socketPath,
      answering: Self.answer("limits"), Self.answer("names"), Self.answer("totals"))
    try scratch.makeRepository(
      Dictionary(uniqueKeysWithValues: Self.files.map { ("src/\($0).txt", numberedLines(30, $0)) }))
    try scratch.configure(
      "[[endpoint]]\nname = \"tiny\"\nmax_requests = 1\nsocket = \"\(proxy.socketPath)\"\n")
    let film = Film(in: scratch.path)
    let terminal = try scratch.terminal([], rows: 24, columns: 100)
    try terminal.waitFor(text: "Nothing under review")
    try ask("limits", terminal)
    film.shoot("n, the instruction, @ for the file: the first of three requests", terminal)
    try send("limits", terminal)
    for file in ["names", "totals"] {
      try ask(file, terminal)
      try send(file, terminal)
    }
    film.shoot("two more requests: one is being answered, the others wait their turn", terminal)
    try terminal.send("Q")
    try terminal.waitFor("a queue") { $0.shows("at work") }
    film.shoot("Q: the queue of all windows and repositories", terminal)
    try terminal.send("q")
    try terminal.waitFor("the first proposal", timeoutSeconds: 120) { $0.shows("ready: 1 file") }
    // The first that was asked stands last in the list.
    try terminal.send("G" + Keys.enter)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 2))
    film.shoot("Enter: the first proposal, read while the next answer is being written", terminal)
    try terminal.approve()
    try terminal.reject()
    film.shoot("y and x: one hunk approved, one rejected", terminal)
    let commit = try terminal.commit()
    film.shoot("C, C: exactly the approved hunk is committed", terminal)
    try terminal.send("q")
    try terminal.waitFor("three proposals", timeoutSeconds: 120) { terminal in
      terminal.shows("Sessions")
        && (0..<10).count { terminal.rowText($0).contains("ready: 1 file") } == 2
    }
    film.shoot(
      "the other two are ready; they were answered meanwhile, one after the other", terminal)
    try terminal.leave()
    #expect(proxy.prompts.count == 3)
    for (prompt, file) in zip(proxy.prompts, Self.files) {
      #expect(String(decoding: prompt, as: UTF8.self).contains("Check the \(file)."))
    }
    #expect(
      try scratch.git("show", "--format=", "--unified=0", commit).contains(
        "-limits line 6\n+limits line 6, checked"))
    #expect(try scratch.git("show", "\(commit):src/limits.txt").contains("limits line 20\n"))
    try scratch.expectClean()
    try film.keep()
  }
}
