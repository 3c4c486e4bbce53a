// A session of what a model answered: the quickest way to a review that lands on the branch that is checked out.

import TerminalHarness
import Testing

/// A repository with a session, and the server that the session's model is on, which listens as long as this is kept.
struct ModelSession {
  let scratch: Scratch
  let session: String
  let server: LoopbackServer

  /// Line 5 of `a.txt`.
  static let fifthLine = """
    a.txt
    <<<<<<< SEARCH
    a line 5
    =======
    a line five
    >>>>>>> REPLACE

    """
  /// A new file in a new directory.
  static let newFile = """

    sub/new.txt
    <<<<<<< SEARCH
    =======
    new
    >>>>>>> REPLACE
    """
  static let twoChanges = fifthLine + newFile

  /// - Parameters:
  ///   - files: besides `a.txt` of twenty lines.
  ///   - configuration: what follows the endpoint in the configuration file.
  init(
    answering answer: String = ModelSession.twoChanges, files: [String: String] = ["b.txt": "b\n"],
    configuration: String = ""
  ) throws {
    scratch = try Scratch()
    try scratch.makeRepository(
      files.merging(["a.txt": numberedLines(20, "a")]) { given, _ in given })
    server = try LoopbackServer { _, _ in ServerAct.answer(answer) }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n\(configuration)\n")
    let asked = try scratch.countersign(["ask", "Change it.", "a.txt"])
    #expect(asked.exit == .code(0), "\(asked.problem)")
    session = try scratch.onlySession()
  }
}
