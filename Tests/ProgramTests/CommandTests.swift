// The commands as scripts meet them: what they print, where, and how they end.

import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct CommandTests {
  /// Expects one problem in words on standard error, nothing on standard output.
  private func expectProblem(
    _ result: CommandResult, code: Int, saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.exit == .code(code), sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    #expect(result.problem.contains(words), sourceLocation: sourceLocation)
    #expect(
      result.problem.hasSuffix("\n") && result.problem.split(separator: "\n").count == 1,
      "one sentence: \(result.problem)", sourceLocation: sourceLocation)
  }

  private func repository() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    return scratch
  }

  @Test func `help and version go to standard output`() throws {
    let scratch = try Scratch()
    let help = try scratch.countersign(["--help"])
    #expect(help.exit == .code(0) && help.errors.isEmpty)
    for word in [
      "demo", "ask", "review", "sessions", "show", "discard", "restore", "purge", "doctor",
      "config",
    ] {
      #expect(help.text.contains("\n  \(word) "), "\(word)")
      let own = try scratch.countersign([word, "--help"])
      #expect(own.exit == .code(0) && own.text.contains("USAGE: countersign \(word)"))
    }
    let version = try scratch.countersign(["--version"])
    #expect(version.exit == .code(0))
    #expect(version.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: [
    ["--nonsense"], ["sessions", "--nonsense"], ["show"], ["discard"], ["purge"],
    ["purge", "x", "--expired"], ["review"],
    ["review", "a..b", "--patch", "x"], ["ask"], ["ask", "  "], ["ask", "do it"],
  ])
  func `wrong use ends with 2 and says what is wrong`(arguments: [String]) throws {
    let result = try repository().countersign(arguments)
    #expect(result.exit == .code(2))
    #expect(result.output.isEmpty && result.errors.count > 20)
    #expect(!result.problem.contains("Fatal error"))
  }

  @Test(arguments: [
    [], ["open"], ["demo"], ["review", "HEAD~1..HEAD"], ["review", "--patch", "-"],
  ])
  func `what needs a person refuses without a terminal`(arguments: [String]) throws {
    let scratch = try repository()
    expectProblem(try scratch.countersign(arguments), code: 2, saying: "terminal")
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test func `sessions are listed, shown, put away and brought back`() throws {
    let review = try RangeReview()
    let (scratch, id) = (review.scratch, review.session)
    #expect(try scratch.countersign(["sessions"]).text.hasPrefix("\(id)  ready, 3 files  "))
    let listing = try parsed(
      scratch.countersign(["sessions", "--json"]).output, as: SessionsDocument.self)
    #expect(listing.schema == "countersign.sessions/1")
    #expect(listing.sessions.map(\.id) == [id])
    let shown = try scratch.countersign(["show", String(id.prefix(10))])
    #expect(shown.exit == .code(0) && shown.text.contains("session    \(id)"))
    let document = try parsed(
      scratch.countersign(["show", id, "--json"]).output, as: SessionDocument.self)
    #expect(document.schema == "countersign.session/1")
    #expect(document.decisions.isEmpty && document.commits.isEmpty)

    let gone = try scratch.countersign(["discard", id])
    #expect(gone.exit == .code(0) && gone.text.contains("discarded"))
    #expect(try scratch.countersign(["sessions"]).text.contains("  discarded  "))
    expectProblem(try scratch.countersign(["discard", id]), code: 1, saying: "discarded already")
    #expect(try scratch.countersign(["restore", id]).exit == .code(0))
    expectProblem(try scratch.countersign(["restore", id]), code: 1, saying: "is not discarded")
    expectProblem(try scratch.countersign(["show", "nope"]), code: 1, saying: "no session nope")
    expectProblem(
      try scratch.countersign(["discard", "../x"]), code: 1, saying: "There is no session")
  }

  @Test func `the proposal and its approved part print as patches that git applies`() throws {
    let review = try RangeReview()
    let (scratch, id) = (review.scratch, review.session)
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    try terminal.leave()
    let document = try parsed(
      scratch.countersign(["show", id, "--json"]).output, as: SessionDocument.self)
    #expect(document.decisions.map(\.verdict) == ["approved", "rejected"])
    #expect(document.standing == "in review, 2 decisions")
    try scratch.git("checkout", "--quiet", "--detach", review.base)
    let all = try scratch.countersign(["show", id, "--patch"]).output
    try scratch.git("apply", "--index", "-", input: all)
    #expect(try scratch.git("write-tree") == scratch.git("rev-parse", "\(review.tip)^{tree}"))
    try scratch.git("reset", "--quiet", "--hard")
    let approved = try scratch.countersign(["show", id, "--approved"]).output
    try scratch.git("apply", "--index", "-", input: approved)
    let expected = try scratch.tree(
      of: review.base,
      with: ["a.txt": Array(numberedLines(60, "a", changing: [5: "A five"]).utf8)],
      in: scratch.repository)
    #expect(try scratch.git("write-tree") == expected)
  }

  @Test func `a range of commits lands on a side branch, with the approved part only`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let terminal = try review.open()
    try terminal.approve()
    try terminal.reject()
    try terminal.approve()
    try terminal.approve()
    try terminal.reject()
    let commit = try terminal.commit()
    try terminal.leave()
    #expect(try scratch.git("rev-parse", "\(commit)^") == review.base)
    #expect(try scratch.git("rev-parse", "HEAD") == review.tip)
    #expect(try scratch.git("symbolic-ref", "HEAD") == "refs/heads/main")
    let branch = try scratch.git(
      "for-each-ref", "--format=%(refname:short)", "--points-at", commit, "refs/heads")
    #expect(branch.hasPrefix("countersign-main-"))
    let expected = try scratch.tree(
      of: review.base,
      with: [
        "a.txt": Array(numberedLines(60, "a", changing: [5: "A five", 55: "A end"]).utf8),
        "b.txt": Array(
          numberedLines(20, "b", changing: [10: "B ten\nB ten and a half"]).utf8),
      ], in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
    #expect(try scratch.git("diff", "--name-only", review.base, commit) == "a.txt\nb.txt")
    let message = try scratch.git("log", "-1", "--format=%B", commit)
    #expect(message.contains("Countersign-Record: \(review.session)/"))
    #expect(!message.contains("Signed-off-by"))
    try scratch.expectClean()
    #expect(message.hasPrefix("all the changes\n"), "\(message)")
  }

  @Test func `a range that changes nothing is refused`() throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(["review", "HEAD..HEAD"])
    #expect(try terminal.waitForExit() == .code(1))
    #expect(terminal.shows("The change is empty"))
    try terminal.expectRestored()
    #expect(try review.scratch.onlySession() == review.session)
  }

  @Test(arguments: ["nowhere", "HEAD..nowhere", "--output=x..HEAD", "..", "a...b"])
  func `what is no range of commits is refused in a sentence`(expression: String) throws {
    let review = try RangeReview()
    let terminal = try review.scratch.terminal(["review", "--", expression])
    let exit = try terminal.waitForExit()
    #expect(exit == .code(1) || exit == .code(2))
    #expect(terminal.screenText().contains("."))
    try terminal.expectRestored()
    #expect(try review.scratch.onlySession() == review.session)
  }

  @Test func `the configuration is found, described, and checked`() throws {
    let scratch = try Scratch()
    let path = try scratch.countersign(["config", "--path"])
    #expect(path.text == "\(scratch.path)/config/countersign/config.toml\n")
    #expect(try scratch.countersign(["config", "--check"]).text.contains("all defaults hold"))
    try scratch.configure("[[endpoint]]\nname = \"box\"\nurl = \"http://127.0.0.1:1\"\n")
    let good = try scratch.countersign(["config", "--check"])
    #expect(good.exit == .code(0) && good.text.contains("endpoint box: http://127.0.0.1:1"))
    try scratch.configure("[review]\ntab_widht = 8\n")
    let bad = try scratch.countersign(["config", "--check"])
    expectProblem(bad, code: 1, saying: "tab_width")
    #expect(bad.problem.contains("config.toml"))
    expectProblem(try scratch.countersign(["sessions"]), code: 1, saying: "tab_widht")
  }

  @Test func `doctor looks at git, the repository and the endpoints`() throws {
    let scratch = try repository()
    try scratch.configure("[[endpoint]]\nname = \"gone\"\nsocket = \"\(scratch.path)/none.sock\"\n")
    let result = try scratch.countersign(["doctor"])
    #expect(result.exit == .code(1))
    #expect(result.text.contains("✓ repository: \(scratch.repository), refs/heads/main"))
    #expect(result.text.contains("✗ endpoint gone: "))
    let document = try parsed(
      scratch.countersign(["doctor", "--json"]).output, as: DoctorDocument.self)
    #expect(document.schema == "countersign.doctor/1")
    #expect(
      Set(document.findings.map(\.subject)).isSuperset(of: ["git", "repository", "terminal"]))
  }

  @Test func `doctor lists the themes and marks the one in use`() throws {
    let scratch = try repository()
    try scratch.configure("theme = \"light\"\n")
    let result = try scratch.countersign(["doctor", "--theme"])
    #expect(result.exit == .code(0))
    #expect(result.text.contains("\n  dark ") && result.text.contains("\n✓ light "))
    #expect(result.text.contains("  colour-blind-light  ") && result.text.contains("  ansi "))
  }

  @Test(arguments: [
    (["COLORTERM": "truecolor"], ScreenColour.rgb(0x10, 0x29, 0x1A)),
    (["COLORTERM": nil], .indexed(22)), (["NO_COLOR": "1"], .standard),
  ])
  func `doctor shows a theme in the colours of the terminal`(
    variables: [String: String?], added: ScreenColour
  ) throws {
    let scratch = try repository()
    let terminal = try scratch.terminal(
      ["doctor", "--theme", "dark"], rows: 60, environment: variables)
    #expect(try terminal.waitForExit() == .code(0))
    let row = try #require((0..<60).first { terminal.rowText($0).hasPrefix("   preprocessor") })
    #expect(terminal.cell(row: row, column: 17).background == added)
    #expect(terminal.cell(row: 0, column: 0).background == .standard)
    #expect(terminal.screenText().contains("14 +   log(\"posted\") // <U+202E>"))
  }

  @Test func `doctor shows a theme without a terminal in plain text, and names one that is none`()
    throws
  {
    let scratch = try repository()
    let shown = try scratch.countersign(
      ["doctor", "--theme", "ansi"], environment: ["COLORTERM": "truecolor"])
    #expect(shown.exit == .code(0) && !shown.output.contains(0x1B))
    #expect(shown.text.contains("Theme ansi, without colours"))
    expectProblem(
      try scratch.countersign(["doctor", "--theme", "../x"]), code: 1,
      saying: "There is no theme ../x")
    for arguments in [["doctor", "light"], ["doctor", "--json", "--theme"]] {
      #expect(try scratch.countersign(arguments).exit == .code(2), "\(arguments)")
    }
  }

  @Test func `doctor says in one line that git has no identity`() throws {
    let scratch = try repository()
    try scratch.git("config", "user.useConfigOnly", "true")
    let result = try scratch.countersign(
      ["doctor"],
      environment: [
        "GIT_AUTHOR_NAME": nil, "GIT_AUTHOR_EMAIL": nil, "GIT_COMMITTER_NAME": nil,
        "GIT_COMMITTER_EMAIL": nil,
      ])
    #expect(result.exit == .code(1))
    #expect(result.text.contains("✗ identity: "))
    #expect(!result.text.contains("<U+000A>"), "\(result.text)")
  }

  @Test(arguments: [["sessions"], ["show", "x"], ["ask", "do it", "a.txt"], ["discard", "x"]])
  func `without a repository there is a sentence`(arguments: [String]) throws {
    let scratch = try Scratch()
    expectProblem(
      try scratch.countersign(arguments, in: "\(scratch.path)/home"), code: 1,
      saying: "There is no git repository at \(scratch.path)/home")
  }

  @Test func `a bare repository is refused`() throws {
    let scratch = try Scratch()
    try scratch.git("init", "--quiet", "--bare", ".")
    expectProblem(try scratch.countersign(["sessions"]), code: 1, saying: "bare")
  }

  @Test func `an empty repository opens, and a patch makes its first commit`() throws {
    let scratch = try Scratch()
    try scratch.git("init", "--quiet", "--initial-branch=main", ".")
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    #expect(terminal.rowText(0).contains("main (no commit)"))
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try scratch.write(
      Array("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n".utf8), to: "first.patch")
    try scratch.git("config", "core.editor", "echo the first one >\"$1\"; :")
    let review = try scratch.terminal(["review", "--patch", "\(scratch.path)/first.patch"])
    try review.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try review.approve()
    let commit = try review.commit(withMessageFromEditor: "the first one")
    try review.leave()
    #expect(try scratch.git("show", "\(commit):new.txt") == "one\ntwo")
    #expect(try scratch.git("rev-list", "--count", commit) == "1")
  }

  @Test func `a detached HEAD is named`() throws {
    let review = try RangeReview()
    try review.scratch.git("checkout", "--quiet", "--detach")
    let terminal = try review.open()
    #expect(terminal.rowText(0).contains("detached at"))
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()
    #expect(try review.scratch.git("rev-parse", "HEAD") == review.tip)
    #expect(try review.scratch.git("rev-parse", "\(commit)^") == review.base)
    try review.scratch.expectClean()
  }

  @Test func `a checkout in the middle of a merge is refused by name`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    try scratch.write(Array("\(review.base)\n".utf8), to: "repo/.git/MERGE_HEAD")
    let terminal = try review.open()
    try terminal.approve()
    try terminal.send("C")
    try terminal.waitFor(text: "middle of a merge")
    try terminal.send("C")
    try terminal.waitFor(text: "middle of a merge")
    #expect(try scratch.git("for-each-ref", "refs/heads/countersign-*") == "")
  }
}
