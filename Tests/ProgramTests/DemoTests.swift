// The demo, as a visitor meets it: the whole job on a terminal, and what git says afterwards.

import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct DemoTests {
  @Test(arguments: [(36, 120), (24, 80)])
  func `the demo goes from the request to a commit of exactly what was approved`(
    rows: Int, columns: Int
  ) throws {
    let scratch = try Scratch()
    let terminal = try scratch.terminal(["demo"], rows: rows, columns: columns)
    let demo = try DemoOracle()
    try ask(terminal)
    let takesDirectionControls = columns == 80
    try decide(terminal, takesDirectionControls: takesDirectionControls)
    try terminal.press("u", saying: "Taken back")
    try terminal.waitFor("the undo") { $0.tally?.undecided == 1 }
    try terminal.press(Keys.redo, saying: "Taken up again")
    try terminal.waitFor("the redo") { $0.tally?.undecided == 0 }
    try terminal.send("u")
    try terminal.waitFor("the undo") { $0.tally?.undecided == 1 }

    try terminal.send("U")
    try terminal.waitFor(text: "Unplaced edits")
    try terminal.waitFor(text: "tools/store.py")
    try terminal.waitFor(text: "The quoted lines are nowhere in the file.")
    try terminal.waitFor(text: "def record_transfer(self, source, target, cents):")
    try terminal.send("q")
    try terminal.waitFor("the review") { $0.tally != nil && $0.shows("hunk") }

    let commit = try terminal.commit()
    try terminal.leave()
    try terminal.waitFor(text: "The demo's repository is at")

    let directory = try scratch.demoDirectory()
    #expect(String(decoding: terminal.output, as: UTF8.self).contains("is at \(directory)"))
    #expect(try scratch.git("rev-parse", "main", in: directory) == commit)
    #expect(try scratch.git("rev-parse", "main^", in: directory) == demo.head)
    try scratch.expectClean(directory)
    let expected = try scratch.tree(
      of: demo.head,
      with: try demo.contents(
        takesDirectionControls: takesDirectionControls, without: ["web/transferForm.ts"]
      ) { try scratch.gitBytes(["cat-file", "blob", "\(demo.head):\($0)"], in: directory) },
      in: directory)
    #expect(try scratch.git("rev-parse", "main^{tree}", in: directory) == expected)
    let tree = String(
      decoding: try scratch.gitBytes(["grep", "-h", "", "main"], in: directory), as: UTF8.self)
    #expect(!tree.contains("CERT_NONE") && !tree.contains("guard remaining(for:"))
    #expect(tree.contains("public func remaining(for account"))
    #expect(tree.utf8.contains(demo.directionControl) == takesDirectionControls)
  }

  /// From the ask screen to the open review.
  private func ask(_ terminal: PseudoTerminal) throws {
    try terminal.waitFor(text: "16 chosen of 16 tracked")
    #expect(terminal.isAlternateScreen)
    #expect(terminal.shows("REPLAY"))
    try terminal.send(Keys.send)
    try terminal.waitFor(text: "reading the prompt", timeoutSeconds: 60)
    try terminal.waitFor(text: "The model's answer so far", timeoutSeconds: 60)
    try terminal.waitFor(text: "writing, ", timeoutSeconds: 60)
    try terminal.waitFor(text: "The proposal is ready: 10 files, 1 edit", timeoutSeconds: 120)
    try terminal.send(Keys.enter)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 16))
  }

  /// Decides on every hunk as a careful reader does.
  private func decide(_ terminal: PseudoTerminal, takesDirectionControls: Bool) throws {
    var isSplit = false
    while let tally = terminal.tally, tally.undecided > 0 {
      let title = terminal.reviewTitle
      if title.contains("DailyLimits.swift"), !isSplit {
        #expect(title.contains("hunk 1 of 1"))
        try terminal.send("s")
        try terminal.waitFor(text: "hunk 1 of 2")
        try terminal.settle()
        isSplit = true
        try terminal.approve()
        #expect(terminal.reviewTitle.contains("hunk 2 of 2"))
        try terminal.reject()
      } else if title.contains("notify.py"), title.contains("hunk 1 of 2") {
        try seeWarning(terminal)
        try terminal.reject()
      } else if title.contains("api.ts"), title.contains("hunk 2 of 2") {
        try acknowledge(terminal)
        try takesDirectionControls ? terminal.approve() : terminal.reject()
      } else {
        try terminal.approve()
      }
    }
    try terminal.waitFor(text: "Everything is decided")
  }

  private func seeWarning(_ terminal: PseudoTerminal) throws {
    let before = terminal.tally
    try pressUntilRefused(terminal)
    try terminal.waitFor(text: "The certificate of the other side is n")
    #expect(terminal.tally == before)
  }

  /// Approving needs the phrase: neither a wrong one, nor a pasted one, nor none will do.
  private func acknowledge(_ terminal: PseudoTerminal) throws {
    let before = terminal.tally
    try pressUntilRefused(terminal)
    try terminal.waitFor(text: "acknowledge by typing")
    #expect(terminal.screenText().contains("<U+202E>"))
    for attempt in ["text", "", Keys.paste("text.bidi")] {
      try terminal.send("!")
      try terminal.waitFor(text: "To acknowledge, type: text.bidi")
      try terminal.press(attempt + Keys.enter, saying: "That is not the phrase")
      try terminal.send(Keys.escape)
      try terminal.waitFor("the box gone") { !$0.shows("To acknowledge, type") }
      try terminal.press("y", saying: "acknowledge by typing")
    }
    #expect(terminal.tally == before)
    try terminal.send("!")
    try terminal.waitFor(text: "To acknowledge, type: text.bidi")
    try terminal.press("text.bidi" + Keys.enter, saying: "Acknowledged and recorded")
    #expect(terminal.tally == before)
  }

  private func pressUntilRefused(_ terminal: PseudoTerminal) throws {
    var shown = terminal.message
    while true {
      try terminal.send("y")
      try terminal.waitFor("a refusal") {
        $0.message != shown && $0.message.contains("not on screen yet")
          || $0.message.contains("Press !")
      }
      if terminal.message.contains("Press !") { return }
      shown = terminal.message
    }
  }

  @Test func `a demo that is left at once leaves the terminal and a clean repository`() throws {
    let scratch = try Scratch()
    let terminal = try scratch.terminal(["demo"], rows: 24, columns: 80)
    try terminal.waitFor(text: "16 chosen of 16 tracked")
    try terminal.send(Keys.escape)
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try terminal.expectRestored()
    try scratch.expectClean(try scratch.demoDirectory())
  }
}

extension Scratch {
  /// The repository that the demo made.
  fileprivate func demoDirectory() throws -> String {
    let listing = try run(
      ["/bin/sh", "-c", "echo \(path)/tmp/countersign-demo-*"], environment: environment(),
      directory: path)
    let names = listing.text.split(whereSeparator: \.isWhitespace)
    guard names.count == 1, !names[0].hasSuffix("*") else {
      throw TestFailure("one demo was expected: \(listing.text)")
    }
    return String(names[0])
  }
}

/// What the demo's answer does to the demo's files, by a reading of the answer of its own.
private struct DemoOracle {
  let head: String
  let directionControl = Array("\u{202E}".utf8)
  private let blocks: [(path: String, search: [UInt8], replace: [UInt8])]

  init() throws {
    let fixtures = checkoutPath("Fixtures/demo")
    head = String(
      decoding: try readFile("\(fixtures)/head.txt").filter { $0 > 0x20 }, as: UTF8.self)
    var blocks: [(String, [UInt8], [UInt8])] = []
    var path = ""
    var sides: [[UInt8]] = [[], []]
    var side: Int?
    for line in try readFile("\(fixtures)/answer.md").split(
      separator: 0x0A, omittingEmptySubsequences: false)
    {
      let text = String(decoding: line, as: UTF8.self)
      switch (text, side) {
      case ("<<<<<<< SEARCH", nil): side = 0
      case ("=======", 0): side = 1
      case (">>>>>>> REPLACE", 1):
        blocks.append((path, sides[0], sides[1]))
        sides = [[], []]
        side = nil
      case (_, .some(let index)): sides[index] += line + [0x0A]
      default: path = text
      }
    }
    self.blocks = blocks
  }

  /// The files of the commit, from the base's files and the approved blocks alone.
  func contents(
    takesDirectionControls: Bool, without paths: Set<String>,
    base: (String) throws -> [UInt8]
  ) throws -> [String: [UInt8]?] {
    var contents: [String: [UInt8]?] = [:]
    for block in blocks where !paths.contains(block.path) {
      var replacement = block.replace
      if replacement.contains(Array("CERT_NONE".utf8)) { continue }
      if replacement.contains(directionControl), !takesDirectionControls { continue }
      if block.search.isEmpty {
        contents[block.path] = replacement
        continue
      }
      if block.path.hasSuffix("DailyLimits.swift") {
        // The first change group only: the new function, in front of what stays.
        let start = try #require(replacement.firstRange(of: Array("  /// Throws".utf8)))
        replacement = replacement[..<start.lowerBound] + block.search
      }
      var content = try contents[block.path].flatMap { $0 } ?? base(block.path)
      // The block that looks for what is not there changes nothing.
      guard let place = content.firstRange(of: block.search) else { continue }
      content.replaceSubrange(place, with: replacement)
      contents[block.path] = content
    }
    return contents
  }
}
