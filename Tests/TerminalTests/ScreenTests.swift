// The screen on a pseudo terminal, as a program and its user meet it.

import Glibc
import TerminalHarness
import Testing

@Suite struct ScreenTests {
  @Test func `a frame is painted with its text, colours and attributes`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.isAlternateScreen)
    #expect(terminal.reportsMouse)
    #expect(terminal.isCursorVisible)
    #expect(terminal.cursor == (4, 2))
    #expect(terminal.rowText(0).hasPrefix("probe 24x80"))
    #expect(terminal.cell(row: 1, column: 0).background == .indexed(22))
    #expect(terminal.cell(row: 1, column: 6).background == .indexed(88))
    #expect(terminal.cell(row: 0, column: 0).isBold)
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test func `wide glyphs and combining marks keep their columns`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.cell(row: 2, column: 0).text == "漢")
    #expect(terminal.cell(row: 2, column: 0).width == 2)
    #expect(terminal.cell(row: 2, column: 2).text == "字")
    #expect(
      terminal.cell(row: 2, column: 4).text.unicodeScalars.elementsEqual("e\u{301}".unicodeScalars))
    #expect(terminal.cell(row: 2, column: 5).text == "|")
  }

  @Test func `untrusted bytes reach the terminal only as their spelling`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "a<U+001B><U+202E><FF>b")
    #expect(terminal.cell(row: 3, column: 1).background == .indexed(215))
  }

  @Test func `keys arrive by name, also when their bytes are torn apart`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    for byte in Array("\u{1B}[1;3Bé漢".utf8) { try terminal.send([byte]) }
    try terminal.waitFor(text: "key: alt-down|")
    try terminal.waitFor(text: "key: é|")
    try terminal.waitFor(text: "key: 漢|")
    try terminal.send("\u{1B}")
    try terminal.waitFor(text: "key: Esc|")
    try terminal.send("\u{1B}OA\u{4}\t \r")
    for key in ["Up", "ctrl-d", "Tab", "Space", "Enter"] {
      try terminal.waitFor(text: "key: \(key)|")
    }
    try terminal.send("\u{1B}[<64;10;3M\u{1B}[<0;5;6M\u{1B}[<0;5;6m")
    try terminal.waitFor(text: "key: wheel-up 2,9|")
    try terminal.waitFor(text: "key: click 5,4|")
  }

  @Test func `a paste is one event and none of its bytes is a key`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.output.contains(Array("\u{1B}[?2004h".utf8)))
    try terminal.send("\u{1B}[200~qyq\r\u{1B}[A\u{1B}[201~")
    try terminal.waitFor(text: "key: paste qyq<U+000D><U+001B>[A|")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test func `a storm of sizes ends with a frame of the last one`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    for step in 0..<40 { try terminal.resize(rows: 10 + step % 20, columns: 30 + step * 3) }
    try terminal.resize(rows: 31, columns: 97)
    try terminal.waitFor(text: "probe 31x97")
    try terminal.resize(rows: 2, columns: 5)
    try terminal.waitFor("a tiny frame") { $0.rowText(0) == "probe" && $0.rowText(1) == "added" }
    try terminal.resize(rows: 24, columns: 80)
    try terminal.waitFor(text: "note: ready|")
  }

  @Test func `leaving restores the modes, the main screen and the cursor`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    #expect(try terminal.modes() != terminal.initialModes)
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try expectRestored(terminal)
  }

  @Test(arguments: [(SIGTERM, 25), (SIGINT, 12), (SIGHUP, 5)] as [(Int32, Int32)])
  func `a signal to end is an event, and the terminal is restored`(
    signal: Int32, code: Int32
  ) throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    terminal.signal(signal)
    #expect(try terminal.waitForExit() == .code(Int(code)))
    try expectRestored(terminal)
  }

  @Test(arguments: [SIGSEGV, SIGABRT, SIGQUIT])
  func `a fatal signal restores the terminal and still kills`(signal: Int32) throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    terminal.signal(signal)
    #expect(try terminal.waitForExit() == .signal(Int(signal)))
    try expectRestored(terminal)
  }

  @Test func `a trap restores the terminal and its message is printed`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    try terminal.send("c")
    let exit = try terminal.waitForExit()
    #expect(exit == .signal(Int(SIGILL)) || exit == .signal(Int(SIGTRAP)))
    try expectRestored(terminal)
    #expect(terminal.screenText().contains("the probe was asked to trap"))
  }

  @Test func `a hang-up ends the program`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    terminal.hangUp()
    let exit = try terminal.waitForExit()
    #expect(exit == .code(5) || exit == .code(6))
  }

  @Test func `standard error does not touch the screen and is printed afterwards`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    try terminal.send("l")
    try terminal.waitFor(text: "key: l|")
    #expect(!terminal.screenText().contains("logged while"))
    try terminal.send("q")
    try terminal.waitForExit()
    #expect(terminal.screenText().contains("logged while the screen was up"))
  }

  @Test func `an editor gets the terminal, and the screen comes back in full`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    try terminal.send("e")
    try terminal.waitFor(text: "in the editor")
    #expect(!terminal.isAlternateScreen)
    #expect(try terminal.modes() == terminal.initialModes)
    try terminal.resize(rows: 30, columns: 90)
    try terminal.send("done\r")
    try terminal.waitFor(text: "note: editor code(7)|")
    #expect(terminal.isAlternateScreen)
    #expect(terminal.rowText(0).hasPrefix("probe 30x90"))
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try expectRestored(terminal)
  }

  @Test func `a shell can stop the program and bring it back`() throws {
    let shell = try PseudoTerminal(
      ["/bin/bash", "--norc", "--noediting", "-i"],
      environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "PS1": "shell> "])
    try shell.waitFor(text: "shell>")
    try shell.send("'\(try probePath())'\r")
    try shell.waitFor(text: "note: ready|")
    try shell.send("\u{1A}")
    // What is typed before the shell asks is lost: it takes the terminal's modes back first.
    try shell.waitFor("the shell's second prompt") {
      $0.screenText().contains("Stopped") && $0.prompts == 2
    }
    #expect(!shell.isAlternateScreen)
    #expect(shell.isCursorVisible)
    try shell.resize(rows: 20, columns: 70)
    try shell.send("fg\r")
    try shell.waitFor(text: "note: back|")
    #expect(shell.isAlternateScreen)
    #expect(shell.rowText(0).hasPrefix("probe 20x70"))
    try shell.send("q")
    try shell.waitFor("the shell's third prompt") { !$0.isAlternateScreen && $0.prompts == 3 }
    try shell.send("exit $?\r")
    #expect(try shell.waitForExit() == .code(0))
  }

  @Test func `stopping where no shell could continue it changes nothing`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    try terminal.send("\u{1A}")
    try terminal.waitFor(text: "note: back|")
    #expect(terminal.isAlternateScreen)
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test func `a program stopped and continued from outside takes its terminal back`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    terminal.signal(SIGSTOP)
    let painted = terminal.output.count
    terminal.signal(SIGCONT)
    try terminal.waitFor("a full repaint") { terminal in
      Array(terminal.output[painted...]).contains(Array("note: ready".utf8))
    }
    try terminal.send("x")
    try terminal.waitFor(text: "key: x|")
  }

  @Test func `another thread wakes the loop through the mailbox`() throws {
    let terminal = try startProbe()
    try terminal.waitFor(text: "note: ready|")
    try terminal.send("t")
    try terminal.waitFor(text: "note: from the terminal actor|")
  }

  @Test(arguments: [
    (String?.none, "TERM is not set"), ("no-such-terminal", "no entry for TERM=no-such-terminal"),
    ("dumb", "cannot place the cursor"), ("evil\u{1B}[31m", "TERM=evil<U+001B>[31m"),
  ])
  func `a terminal that will not do is refused in a sentence`(
    type: String?, sentence: String
  ) throws {
    let terminal = try startProbe(type: type, columns: 200)
    #expect(try terminal.waitForExit() == .code(3))
    #expect(terminal.screenText().contains(sentence))
    #expect(!terminal.isAlternateScreen)
  }

  @Test(arguments: ["xterm", "vt100", "linux", "screen", "tmux-256color", "rxvt"])
  func `poorer terminals show the same text`(type: String) throws {
    let terminal = try startProbe(type: type)
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.rowText(1) == "added removed")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
  }

  @Test func `NO_COLOR takes the colours and leaves attributes`() throws {
    let terminal = try startProbe(environment: ["NO_COLOR": "1", "COLORTERM": "truecolor"])
    try terminal.waitFor(text: "note: ready|")
    for row in 0..<24 {
      for column in 0..<80 {
        let cell = terminal.cell(row: row, column: column)
        #expect(cell.foreground == .standard && cell.background == .standard)
      }
    }
    #expect(terminal.cell(row: 3, column: 1).isReversed)
    #expect(terminal.cell(row: 1, column: 6).isUnderlined)
  }

  @Test func `a locale that is not UTF-8 does not change what is drawn`() throws {
    let terminal = try startProbe(environment: ["LANG": "C", "LC_ALL": "C"])
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.cell(row: 2, column: 0).text == "漢")
  }

  @Test func `24-bit colours are sent where the terminal claims them and the entry exists`() throws
  {
    let directory = try TemporaryDirectory()
    // What the entry of that name in the terminal database says, in the spelling the emulator reads.
    let colour = { (own: String, extended: String) in
      #"\E[%?%p1%{8}%<%t"# + own
        + #"%p1%d%e"# + extended
        + #":2:%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m"#
    }
    let entry = """
      xterm-direct|for a test,
      \tRGB, colors#0x1000000, pairs#0x10000, initc@, ccc@,
      \tsetaf=\(colour("3", "38")), setab=\(colour("4", "48")), use=xterm-256color,

      """
    try directory.write(entry, to: "entry")
    let compiler = try PseudoTerminal(
      ["/usr/bin/tic", "-x", "-o", directory.path, "\(directory.path)/entry"], environment: [:])
    #expect(try compiler.waitForExit() == .code(0), "\(compiler.screenText())")
    let terminal = try startProbe(environment: [
      "TERMINFO": directory.path, "TERMINFO_DIRS": "\(directory.path):/lib/terminfo",
      "COLORTERM": "truecolor",
    ])
    try terminal.waitFor(text: "note: ready|")
    #expect(terminal.cell(row: 1, column: 0).background == .rgb(0x10, 0x29, 0x1A))
    #expect(terminal.cell(row: 1, column: 6).background == .rgb(0x7A, 0x1D, 0x2A))
  }

  private func expectRestored(_ terminal: PseudoTerminal) throws {
    #expect(!terminal.isAlternateScreen)
    #expect(terminal.isCursorVisible)
    #expect(!terminal.reportsMouse)
    #expect(try terminal.modes() == terminal.initialModes)
    let paste = terminal.output.lastRange(of: Array("\u{1B}[?2004".utf8))
    #expect(paste.map { terminal.output[$0.upperBound] } == UInt8(ascii: "l"))
  }
}

extension [UInt8] {
  fileprivate func contains(_ other: [UInt8]) -> Bool { lastRange(of: other) != nil }

  fileprivate func lastRange(of other: [UInt8]) -> Range<Int>? {
    indices.reversed().first { self[$0...].starts(with: other) }.map { $0..<$0 + other.count }
  }
}

extension PseudoTerminal {
  /// How often the shell has asked, as far as it is on the screen.
  fileprivate var prompts: Int { screenText().ranges(of: "shell>").count }
}
