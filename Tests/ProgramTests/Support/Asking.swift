// A repository whose configured model server is scripted, and questions to it.

import TerminalHarness

enum AskedAnswer {
  /// One edit block for `src/a.txt` of `Scratch(asking:)`.
  static let edit = """
    The amount is checked.

    src/a.txt
    <<<<<<< SEARCH
    a line 5
    =======
    a line 5, checked
    >>>>>>> REPLACE
    """
}

extension Scratch {
  /// A repository with two files, and a configuration that names `server`.
  ///
  /// - Parameter repairs: how often an edit without a place is asked for again without being told to.
  convenience init(asking server: LoopbackServer, repairs: Int = 0) throws {
    try self.init()
    try makeRepository([
      "src/a.txt": numberedLines(20, "a"), "src/b.txt": numberedLines(20, "b"),
    ])
    try configure(
      "[[endpoint]]\nname = \"test\"\n\(server.setting)\n[review]\nrepairs = \(repairs)\n")
  }

  func ask(_ paths: String...) throws -> CommandResult {
    try countersign(["ask", "Check the amount."] + (paths.isEmpty ? ["src/a.txt"] : paths))
  }
}

extension PseudoTerminal {
  /// Opens the ask screen and writes a request on it, until as many files as it names go along; sends nothing.
  func writeRequest(_ instruction: String) throws {
    try waitFor(text: "Sessions")
    try send("n")
    try waitFor(text: "Ask for a change")
    try waitFor(text: "0 chosen of")
    try send(instruction)
    let count = instruction.split(separator: " ").count { $0.hasPrefix("@") }
    try waitFor(text: "\(count) chosen of")
  }
}
