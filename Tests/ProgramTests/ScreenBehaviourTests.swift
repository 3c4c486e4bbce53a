// The program among sizes, shells, editors, pastes and poor terminals.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct ScreenBehaviourTests {
  @Test func `a storm of sizes in a review ends with a whole frame of the last`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.approve()
    for step in 0..<60 {
      try terminal.resize(rows: 5 + step * 7 % 50, columns: 20 + step * 13 % 160)
      if step % 9 == 0 { try terminal.send("j") }
    }
    try terminal.resize(rows: 30, columns: 110)
    try terminal.waitFor("the last size") {
      $0.tally == ShownTally(approved: 1, rejected: 0, undecided: 4)
        && $0.rowText(29).contains("approve") && $0.rowText(29).contains("help")
    }
    try terminal.settle()
    try terminal.leave()
  }

  @Test func `a window that is too small says so, decides nothing, and comes back`() throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(["open", review.session], rows: 5, columns: 20)
    try terminal.waitFor("a sentence") { $0.screenText().contains("Countersign") }
    try terminal.send("jjkk]")
    try terminal.resize(rows: 24, columns: 80)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.resize(rows: 5, columns: 20)
    try terminal.waitFor("a sentence") { $0.screenText().contains("Countersign") }
    try terminal.resize(rows: 40, columns: 130)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.leave()
  }

  @Test func `a key does not decide while nothing of the hunk can be seen`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.resize(rows: 5, columns: 20)
    try terminal.waitFor("a sentence") { $0.screenText().contains("Countersign") }
    let seen = terminal.output.count
    // Drawn again after the key: so the key was taken before the size changes.
    try terminal.send("y\u{C}")
    try terminal.waitFor("another drawing") { $0.output.count > seen }
    try terminal.resize(rows: 36, columns: 120)
    try terminal.waitFor("the review") { $0.tally != nil }
    try terminal.settle()
    #expect(terminal.tally == ShownTally(approved: 0, rejected: 0, undecided: 5))
  }

  @Test func `the stop key gives the terminal to the shell, and fg takes it back`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    var environment = scratch.environment(["countersign": try programPath(), "PS1": "shell> "])
    environment["HISTFILE"] = "/dev/null"
    let terminal = try PseudoTerminal(
      ["/bin/bash", "--noprofile", "--norc", "-i"], environment: environment, rows: 36,
      columns: 120, directory: scratch.repository)
    try terminal.waitFor(text: "shell>")
    try terminal.send("$countersign open \(review.session)\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.approve()
    for round in 1...2 {
      try terminal.send(Keys.suspend)
      try terminal.waitFor("the shell") { !$0.isAlternateScreen && $0.shows("Stopped") }
      #expect(!terminal.reportsMouse)
      try terminal.send("echo 'between' $((\(round) + 40))\r")
      try terminal.waitFor(text: "between \(round + 40)")
      if round == 2 { try terminal.resize(rows: 24, columns: 90) }
      try terminal.send("fg\r")
      try terminal.waitFor("the screen again") { $0.isAlternateScreen && $0.tally != nil }
      try terminal.settle()
    }
    try terminal.reject()
    #expect(terminal.tally == ShownTally(approved: 1, rejected: 1, undecided: 3))
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    try terminal.waitFor("the shell") { !$0.isAlternateScreen }
    try terminal.send("echo status $?; exit\r")
    try terminal.waitFor(text: "status 0")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test func `a stop from outside is survived too`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let file = "\(scratch.path)/tmp/pid"
    var environment = scratch.environment(["countersign": try programPath(), "PS1": "shell> "])
    environment["HISTFILE"] = "/dev/null"
    let terminal = try PseudoTerminal(
      ["/bin/bash", "--noprofile", "--norc", "-i"], environment: environment, rows: 36,
      columns: 120, directory: scratch.repository)
    try terminal.waitFor(text: "shell>")
    try terminal.send(
      "sh -c 'echo $$ > \(file); exec \"$countersign\" open \(review.session)'\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    let digits = try scratch.read("tmp/pid").filter { $0 > 0x20 }
    let process = try #require(Int32(String(decoding: digits, as: UTF8.self)))
    let before = terminal.output.count
    kill(process, SIGSTOP)
    try terminal.waitFor("the shell") {
      $0.output[before...].firstRange(of: Array("Stopped".utf8)) != nil
    }
    try terminal.send("stty sane; fg\r")
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.approve()
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    try terminal.waitFor("the shell") { !$0.isAlternateScreen }
  }

  @Test(arguments: ["GIT_EDITOR", "core.editor", "VISUAL", "EDITOR"])
  func `the message goes through the editor that git would use`(setting: String) throws {
    let review = try RangeReview()
    let scratch = review.scratch
    try scratch.write(
      Array("#!/bin/sh\ntest -t 0 && echo \"appended by the editor, a tty\" >> \"$1\"\n".utf8),
      to: "tmp/editor with blank", mode: 0o755)
    let editor = "'\(scratch.path)/tmp/editor with blank'"
    var changes: [String: String?] = [:]
    if setting == "core.editor" {
      try scratch.git("config", "core.editor", editor)
      changes["EDITOR"] = "false"
    } else {
      changes[setting] = editor
    }
    let terminal = try scratch.terminal(["open", review.session], environment: changes)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.send("e")
    try terminal.waitFor(text: "appended by the editor, a tty")
    #expect(terminal.isAlternateScreen)
    try terminal.send("C")
    try terminal.waitFor(text: "To look at it:")
    try terminal.leave()
    let branch = try scratch.git("for-each-ref", "--format=%(refname)", "refs/heads/countersign-*")
    #expect(try scratch.git("log", "-1", "--format=%B", branch).contains("appended by the editor"))
  }

  @Test(arguments: ["exit 3", "kill -9 $$", "/nonexistent/editor"])
  func `an editor that fails leaves the message and says so`(end: String) throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(
      ["open", review.session], environment: ["EDITOR": "echo over''written > \"$1\"; \(end);"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "What will be committed")
    try terminal.settle()
    try terminal.send("e")
    try terminal.waitFor("the sheet, and a sentence about the editor") {
      $0.shows("What will be committed") && $0.shows("editor") && $0.shows("C commit now")
    }
    #expect(terminal.shows("HEAD~1..HEAD") && !terminal.shows("overwritten"))
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally?.approved == 1 && $0.shows("hunk") }
    try terminal.leave()
  }

  @Test func `pasted text is not read as keys`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    try terminal.press(Keys.paste("yyxAyCC\rqq\u{3}"), saying: "Pasted text is not read as keys")
    #expect(terminal.tally == ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.leave()
  }

  @Test func `the mouse does not decide`() throws {
    let review = try RangeReview()
    let terminal = try review.open()
    for row in 3...12 { try terminal.send("\u{1B}[<0;60;\(row)M\u{1B}[<0;60;\(row)m") }
    try terminal.send("\u{1B}[<64;60;9M\u{1B}[<65;60;9M\u{1B}[<2;60;9M\u{1B}[<2;60;9m")
    try terminal.settle()
    #expect(terminal.tally == ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.leave()
  }

  @Test func `with NO_COLOR no colour is asked for`() throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(
      ["open", review.session], environment: ["NO_COLOR": "1", "COLORTERM": "truecolor"])
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 5))
    try terminal.approve()
    try terminal.leave()
    let colours = sequences(in: terminal.output, final: UInt8(ascii: "m")).filter { parameters in
      parameters.split(whereSeparator: { ";:".contains($0) }).contains { number in
        Int(number).map { (30...38).contains($0) || (40...48).contains($0) || $0 >= 90 } ?? false
      }
    }
    #expect(colours == [])
  }

  @Test(arguments: [
    ["TERM": "xterm"], ["TERM": "vt100"], ["TERM": "linux"], ["TERM": "screen"],
    ["TERM": "xterm-256color", "LANG": "C"], ["TERM": "xterm-256color", "LC_ALL": "POSIX"],
    ["TERM": "xterm-256color", "COLORTERM": "truecolor"],
  ])
  func `it works on this terminal`(changes: [String: String]) throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(
      ["open", review.session], rows: 24, columns: 80,
      environment: changes.mapValues { .some($0) })
    try terminal.waitFor("the review") { $0.shows("a.txt") && $0.shows("hunk 1 of 3") }
    try terminal.send("y")
    try terminal.waitFor("the next hunk") { $0.shows("hunk 2 of 3") }
    try terminal.send("q")
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try terminal.modes() == terminal.initialModes)
    let again = try review.open()
    #expect(again.tally == ShownTally(approved: 1, rejected: 0, undecided: 4))
  }

  @Test(arguments: [nil, "", "dumb", "no-such-terminal"])
  func `a terminal that cannot show the screen is refused in a sentence`(type: String?) throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal([], environment: ["TERM": type])
    let exit = try terminal.waitForExit()
    #expect(exit == .code(1) || exit == .code(2))
    try terminal.expectRestored()
    let words = terminal.screenText().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("TERM") || words.contains("terminal"), "\(words)")
    #expect(words.contains(" Try TERM=") || words.contains(" try TERM="), "\(words)")
  }
}

/// The parameters of all control sequences in `output` that end in `final`.
func sequences(in output: [UInt8], final: UInt8) -> [String] {
  var found: [String] = []
  var rest = output[...]
  while let start = rest.firstRange(of: [0x1B, UInt8(ascii: "[")]) {
    let body = rest[start.upperBound...]
    guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) }) else { break }
    if body[end] == final { found.append(String(decoding: body[..<end], as: UTF8.self)) }
    rest = rest[(end + 1)...]
  }
  return found
}
