// Reading and pressing on the review screen, as a person does: look, press, look again.

import TerminalHarness
import Testing

/// The counts of the header.
struct ShownTally: Equatable {
  var approved: Int
  var rejected: Int
  var partial = 0
  var undecided: Int

  var decided: Int { approved + rejected + partial }
  /// A tally that is torn between two frames has another one.
  var total: Int { decided + undecided }
}

extension PseudoTerminal {
  /// The tally in the header, once all files are read; nil on other screens.
  var tally: ShownTally? {
    // While files are still read, their number stands behind the tally.
    guard
      let match = rowText(0).firstMatch(of: /(\d+) ✓ (\d+) ✗ (?:(\d+) ◐ )?(\d+) ○$/)
    else { return nil }
    return ShownTally(
      approved: Int(match.1) ?? -1, rejected: Int(match.2) ?? -1,
      partial: match.3.flatMap { Int($0) } ?? 0, undecided: Int(match.4) ?? -1)
  }

  /// Whether the header has another tally of the same hunks, all of it.
  func hasTally(after before: ShownTally) -> Bool {
    tally.map { $0 != before && $0.total == before.total } ?? false
  }

  /// Path and hunk of the review screen: the row below the header, without the file pane.
  var reviewTitle: String {
    let row = rowText(1)
    return row.firstIndex(of: "│").map { String(row[row.index(after: $0)...]) } ?? row
  }

  /// Whether `text` stands in a row of the screen.
  /// Opens a text with `key`, looks at it, and goes back to the review.
  func look(_ key: String, at text: String, _ body: () throws -> Void = {}) throws {
    try send(key)
    try waitFor(text: text)
    try body()
    try send("q")
    try waitFor(text: "hunk 1 of 1")
  }

  func shows(_ text: String) -> Bool { (0..<size.rows).contains { rowText($0).contains(text) } }

  /// What the program says above the footer.
  var message: String { rowText(size.rows - 2) }

  /// The lowest rows in one line: a long message takes several.
  var unwrappedMessage: String {
    (size.rows - 5..<size.rows - 1).flatMap { rowText($0).split(separator: " ") }
      .joined(separator: " ")
  }

  /// Waits for the review screen with this tally.
  func waitForReview(_ tally: ShownTally, timeoutSeconds: Double = 30) throws {
    try waitFor("a review with \(tally)", timeoutSeconds: timeoutSeconds) { $0.tally == tally }
    try settle()
  }

  /// Waits until all of the present frame has arrived.
  ///
  /// A frame comes in pieces, from the top to the bottom, so a row that is new says nothing about
  /// those below. Help comes and goes after the frame; when its lowest row has gone, all is there.
  func settle() throws {
    try send("?")
    try waitFor(text: "? or Esc closes")
    try waitFor("the end of the help") { $0.shows("└") }
    try send("?")
    try waitFor("the screen below the help") { !$0.shows("└") }
  }

  /// Presses a key and waits for the message that answers it.
  func press(_ keys: String, saying words: String) throws {
    try send(keys)
    try waitFor("the message “\(words)”") { $0.message.contains(words) }
  }

  /// Presses `y` until the hunk is approved: as long as lines were not on screen yet, it shows them.
  func approve() throws {
    let before = try #require(tally)
    var shown = message
    while true {
      try send("y")
      try waitFor("an answer to y") {
        $0.hasTally(after: before)
          || $0.message != shown && $0.message.contains("not on screen yet")
          || $0.message.contains("Press !")
      }
      if let tally, hasTally(after: before) {
        #expect(tally.approved + tally.partial == before.approved + before.partial + 1)
        if tally.undecided > 0 { try settle() }
        return
      }
      guard message.contains("not on screen yet") else {
        throw TestFailure("not to be approved: \(message)\n\(screenText())")
      }
      shown = message
    }
  }

  /// Presses `x` and waits until one hunk more is rejected.
  func reject() throws {
    let before = try #require(tally)
    try send("x")
    try waitFor("a rejection") { $0.hasTally(after: before) }
    #expect(tally?.decided == before.decided + 1)
    if tally?.undecided ?? 0 > 0 { try settle() }
  }

  /// Acknowledges the findings of the hunk one after the other, typing what must be typed.
  func acknowledgeAll() throws {
    while true {
      try settle()
      try send("!")
      try waitFor("an answer to !") {
        $0.shows("Esc does not") || $0.message.contains("Acknowledged")
          || $0.message.contains("nothing to acknowledge")
      }
      if let match = screenText().firstMatch(of: /To acknowledge, type: (\S+)/) {
        try press(String(match.1) + Keys.enter, saying: "Acknowledged and recorded")
      } else if message.contains("It can be approved now")
        || message.contains("nothing to acknowledge")
      {
        return
      }
    }
  }

  /// Commits a change that comes without a message: an empty one is refused, the editor gives one.
  func commit(withMessageFromEditor words: String) throws -> String {
    try send("C")
    try waitFor(text: "What will be committed")
    try press("C", saying: "The message is empty")
    try send("e")
    try waitFor(text: words)
    return try commit()
  }

  /// Opens the commit sheet and asks for the commit.
  func askToCommit() throws {
    try send("C")
    try waitFor(text: "What will be committed")
    try send("C")
  }

  /// Opens the commit sheet and commits; returns the id that is shown.
  func commit() throws -> String {
    try askToCommit()
    try waitFor("the commit") { $0.committedID != nil || $0.shows("Nothing was committed") }
    guard let id = committedID else { throw TestFailure("not committed:\n\(screenText())") }
    return id
  }

  private var committedID: String? {
    screenText().firstMatch(of: /Committed ([0-9a-f]{40})/).map { String($0.1) }
  }

  /// Leaves the program from the commit sheet or a review; expects the terminal as it was.
  func leave(sourceLocation: SourceLocation = #_sourceLocation) throws {
    try send("q")
    try waitFor(text: "Sessions")
    try send("q")
    #expect(try waitForExit() == .code(0), sourceLocation: sourceLocation)
    try expectRestored(sourceLocation: sourceLocation)
  }

  /// Expects the modes, the main screen and the cursor of before.
  func expectRestored(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(try modes() == initialModes, sourceLocation: sourceLocation)
    #expect(!isAlternateScreen, sourceLocation: sourceLocation)
    #expect(isCursorVisible, sourceLocation: sourceLocation)
    #expect(!reportsMouse, sourceLocation: sourceLocation)
  }
}

/// Keys that are not characters.
enum Keys {
  static let enter = "\r"
  static let escape = "\u{1B}"
  static let tab = "\t"
  static let suspend = "\u{1A}"
  static let cancel = "\u{3}"
  static let send = "\u{13}"
  static let redo = "\u{12}"
  static func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }
}
