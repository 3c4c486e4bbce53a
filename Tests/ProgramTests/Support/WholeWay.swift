// From a change to its commit, and what plain git says of both.

import TerminalHarness
import Testing

extension PseudoTerminal {
  /// Approves the hunk, after its findings were acknowledged where it has any.
  func approveWithFindings() throws {
    do {
      try approve()
    } catch is TestFailure {
      try acknowledgeAll()
      try approve()
    }
  }

  /// Approves until nothing is left.
  func approveEverything() throws {
    while let tally, tally.undecided > 0 { try approveWithFindings() }
  }

  /// Goes to the file of this name and rejects its only hunk, which was approved.
  func rejectFile(_ title: String) throws {
    try settle()
    for key in ["{", "}", "}"] where !" \(reviewTitle) ".contains(" \(title) ") {
      try send(key)
      try settle()
    }
    try send("x")
    try waitFor("a rejection") { $0.tally?.rejected == 1 }
  }

  /// Waits for a review, however many hunks it has.
  func waitForAnyReview() throws {
    try waitFor("a review", timeoutSeconds: 60) { $0.tally != nil }
    try settle()
  }
}

/// One checkout, what is to be committed in it, and what git would make of that.
struct WholeWay {
  let scratch: Scratch
  let directory: String
  /// What `git add --all` and `git commit` would commit.
  let expectedTree: String
  /// The commit that is checked out, or nil on an unborn branch.
  let base: String?
  private let filesBefore: String

  /// Asks git what it would commit; its objects stay out of the repository. The index is copied with its time: git looks into files that
  /// are as old as that.
  init(_ scratch: Scratch, in directory: String? = nil) throws {
    self.scratch = scratch
    self.directory = directory ?? scratch.repository
    base = try? scratch.git("rev-parse", "--verify", "HEAD", in: directory)
    expectedTree = try scratch.script(
      """
      objects=$(git rev-parse --path-format=absolute --git-path objects)
      index=$(git rev-parse --path-format=absolute --git-path index)
      mkdir -p "$TMPDIR/oracle"
      export GIT_OBJECT_DIRECTORY="$TMPDIR/oracle" GIT_ALTERNATE_OBJECT_DIRECTORIES="$objects"
      test -e "$index" && cp -p "$index" "$TMPDIR/index"
      GIT_INDEX_FILE="$TMPDIR/index" git add --all
      GIT_INDEX_FILE="$TMPDIR/index" git write-tree
      """, in: directory)
    filesBefore = try Self.files(scratch, self.directory)
  }

  /// Opens a review of the working tree or the index, and decides.
  func reviewed(_ source: String, decide: (PseudoTerminal) throws -> Void) throws -> PseudoTerminal
  {
    let screen = try scratch.terminal(
      ["review", source], in: directory, environment: ["EDITOR": "sed -i 1s/^/Message/"])
    try screen.waitForAnyReview()
    try decide(screen)
    return screen
  }

  /// Reviews the working tree or the index, decides, commits on what is checked out, and leaves.
  func commit(
    from source: String, sourceLocation: SourceLocation = #_sourceLocation,
    decide: (PseudoTerminal) throws -> Void
  ) throws -> String {
    let screen = try reviewed(source, decide: decide)
    let commit = try screen.commit(withMessageFromEditor: "Message")
    try screen.leave(sourceLocation: sourceLocation)
    let head = try scratch.git("rev-parse", "HEAD", in: directory)
    #expect(head == commit, sourceLocation: sourceLocation)
    return commit
  }

  /// Commits all of the working tree, and expects what a commit of git's leaves.
  func commitAll(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let commit = try commit(from: "--worktree", sourceLocation: sourceLocation) {
      try $0.approveEverything()
    }
    try expectFilesAsBefore(sourceLocation: sourceLocation)
    try expectCommit(commit, on: base, sourceLocation: sourceLocation)
    return commit
  }

  /// Approves all of a commit or a range that holds what was to be committed: it lands beside the branch.
  func commitAllBeside(
    _ revision: String, on parent: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try scratch.git("rev-parse", "HEAD", in: directory)
    let screen = try scratch.terminal(["review", revision], in: directory)
    try screen.waitForAnyReview()
    try screen.approveEverything()
    let commit = try screen.commit()
    try screen.leave(sourceLocation: sourceLocation)
    #expect(commit != before, sourceLocation: sourceLocation)
    let after = try scratch.git("rev-parse", "HEAD", in: directory)
    #expect(after == before, sourceLocation: sourceLocation)
    let base = try parent.map { try scratch.git("rev-parse", $0, in: directory) } ?? base
    try expectCommit(commit, on: base, sourceLocation: sourceLocation)
  }

  /// Expects a commit of exactly what was to be committed, and a checkout and an index that are as it.
  func expectCommit(
    _ commit: String, on parent: String?, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let tree = try scratch.git("rev-parse", "\(commit)^{tree}", in: directory)
    #expect(tree == expectedTree, sourceLocation: sourceLocation)
    let parents = try scratch.git("log", "-1", "--format=%P", commit, in: directory)
    #expect(parents == parent ?? "", sourceLocation: sourceLocation)
    try scratch.expectClean(directory, sourceLocation: sourceLocation)
    let staged = try scratch.git("write-tree", in: directory)
    #expect(staged == expectedTree, "the index follows", sourceLocation: sourceLocation)
    try scratch.expectVerified(commit, in: directory, sourceLocation: sourceLocation)
  }

  /// Expects that no file of the checkout was written, not even with the same bytes.
  func expectFilesAsBefore(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let files = try Self.files(scratch, directory)
    #expect(files == filesBefore, sourceLocation: sourceLocation)
  }

  /// Expects a repository in which git finds nothing wrong; the files may have changes.
  func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let said = try scratch.script(
      "git fsck --full --strict --no-dangling 2>&1", in: directory)
    #expect(said == "", sourceLocation: sourceLocation)
  }

  /// What git tells of branches, index and files.
  func stateForGit() throws -> String {
    try scratch.script(
      """
      git status --porcelain; git ls-files --stage; git rev-parse HEAD; git symbolic-ref HEAD
      git for-each-ref refs/heads refs/tags refs/notes refs/stash
      """, in: directory)
  }

  /// Names, modes, sizes and times of all files of the checkout; nobody can set the time of the last change.
  private static func files(_ scratch: Scratch, _ directory: String) throws -> String {
    try scratch.script(
      """
      find . -name .git -prune -o -type d -printf '%p %m\\n' -o -printf '%p %y %m %l %s %T@ %C@\\n' \
        | LC_ALL=C sort
      """, in: directory)
  }
}

extension Scratch {
  /// Runs a shell script; returns what it prints, fails when a command of it fails.
  @discardableResult
  func script(_ text: String, in directory: String? = nil) throws -> String {
    let result = try run(
      ["/bin/sh", "-euc", text], environment: environment(), directory: directory ?? repository)
    guard result.exit == .code(0) else {
      throw TestFailure("\(text)\n\(result.exit) \(result.problem)")
    }
    return result.text.hasSuffix("\n") ? String(result.text.dropLast()) : result.text
  }

  /// Expects that `verify` finds this commit to be what was approved.
  func expectVerified(
    _ commit: String, in directory: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let verified = try countersign(["verify", commit], in: directory)
    #expect(
      verified.exit == .code(0), "\(verified.text)\(verified.problem)",
      sourceLocation: sourceLocation)
  }
}
