// Everything git can hold, the whole way: reviewed on a terminal, committed, and looked at with git.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct EveryRepositoryTests {
  /// A repository with `shape` in its files.
  private func prepared(_ shape: ContentShape) throws -> Scratch {
    let scratch = try Scratch()
    try scratch.script("git init --quiet --initial-branch=main\n\(shape.base)")
    try scratch.script(
      "git add --all 2>\"$TMPDIR/words\"; git commit --quiet --allow-empty --message base")
    try scratch.script(shape.change)
    return scratch
  }

  @Test(arguments: ContentShape.all)
  func `a working tree is committed as git commits it, and is the same change as a range`(
    shape: ContentShape
  ) throws {
    let scratch = try prepared(shape)
    let way = try WholeWay(scratch)
    let commit = try way.commitAll()
    try way.commitAllBeside("HEAD~1..HEAD")
    #expect(try scratch.git("rev-parse", "HEAD") == commit)
  }

  @Test(arguments: RepositoryForm.all)
  func `a repository of this form takes the commit as git would`(form: RepositoryForm) throws {
    let scratch = try Scratch()
    let directory = try #require(scratch.script(form.script).split(separator: "\n").last)
    let way = try WholeWay(scratch, in: String(directory))
    let commit = try way.commitAll()
    if way.base != nil { try scratch.expectVerified("HEAD~1..HEAD", in: way.directory) }
    try way.commitAllBeside("HEAD")
    #expect(try scratch.git("rev-parse", "HEAD", in: way.directory) == commit)
  }

  @Test(arguments: ["--worktree", "--staged"])
  func `one half of everything is committed, then the other, and together they are all of it`(
    source: String
  ) throws {
    let scratch = try prepared(.together)
    if source == "--staged" { try scratch.git("add", "--all") }
    let way = try WholeWay(scratch)
    let first = try way.commit(from: source) { screen in
      var isTaken = true
      while screen.tally?.undecided ?? 0 > 0 {
        if isTaken { try screen.approveWithFindings() } else { try screen.reject() }
        isTaken.toggle()
      }
    }
    try way.expectFilesAsBefore()
    try scratch.expectVerified(first)
    let index = try scratch.git("write-tree")
    let half = try scratch.git("rev-parse", "HEAD^{tree}")
    #expect(index == (source == "--staged" ? way.expectedTree : half))
    #expect(half != way.expectedTree)
    let second = try way.commit(from: source) { try $0.approveEverything() }
    try way.expectFilesAsBefore()
    try way.expectCommit(second, on: first)
  }

  @Test func `a merge commit is reviewed as what it brought to its first parent`() throws {
    let scratch = try Scratch()
    try scratch.makeRepository(["a": "a\n"])
    try scratch.script(
      """
      git checkout --quiet -b side; seq 5 >b; git add b; git commit --quiet -m side
      git checkout --quiet main; seq 5 >c; git add c; git commit --quiet -m main
      git merge --quiet --no-edit side
      """)
    let way = try WholeWay(scratch)
    try way.commitAllBeside("HEAD", on: "HEAD^1")
  }

  @Test(arguments: RefusedShape.all)
  func `what cannot be committed is refused by name, and the rest goes without it`(
    refused: RefusedShape
  ) throws {
    let scratch = try prepared(refused.shape)
    let way = try WholeWay(scratch)
    let before = try way.stateForGit()
    let screen = try way.reviewed("--worktree") { try $0.approveEverything() }
    try screen.send("C")
    try screen.waitFor(text: "What will be committed")
    // The sheet says so before anybody asks for the commit, and the key says it again.
    try screen.waitFor("the reason") { $0.unwrappedMessage.contains(refused.words) }
    try screen.send("e")
    try screen.waitFor(text: "Message")
    try screen.send("C")
    try screen.waitFor("the reason") { $0.unwrappedMessage.contains(refused.words) }
    #expect(try way.stateForGit() == before)
    try way.expectFilesAsBefore()
    try screen.send("q")
    try screen.waitFor(text: "y approve")
    try screen.rejectFile(refused.title)
    let commit = try screen.commit()
    try screen.leave()
    #expect(
      try scratch.git("diff-tree", "-r", "--no-renames", "--name-only", "HEAD~1", "HEAD") == "a")
    #expect(try scratch.git("rev-parse", "HEAD:a") == scratch.git("hash-object", "a"))
    #expect(try scratch.git("rev-parse", "HEAD") == commit)
    #expect(before.contains(" M a\n"))
    #expect(try scratch.git("status", "--porcelain") == refused.statusAfter)
    try way.expectFilesAsBefore()
    try way.expectWhole()
    try scratch.expectVerified(commit)
  }

  @Test(arguments: [
    ("a repository without a commit", "git init -q inside", "'inside/'"),
    ("a pipe where a file was", "rm a; mkfifo a", "a: can only add regular files"),
    ("a name that git refuses", "seq 3 >'git~1'", "'git~1'"),
    (
      "endings that git may not convert",
      "git config core.autocrlf input; git config core.safecrlf true; printf '1\\r\\n' >a",
      "CRLF would be replaced by LF in a"
    ),
  ])
  func `what git itself cannot take in is refused in its words`(
    name: String, change: String, words: String
  ) throws {
    let scratch = try prepared(ContentShape(name: name, base: "seq 3 >a", change: change))
    let before = try scratch.git("status", "--porcelain")
    let screen = try scratch.terminal(["review"])
    #expect(try screen.waitForExit() == .code(1))
    #expect(screen.screenText().contains(words), "\(screen.screenText())")
    try screen.expectRestored()
    #expect(try scratch.git("status", "--porcelain") == before)
    #expect(try scratch.git("rev-list", "--all", "--count") == "1")
  }

  @Test func `ten thousand changed files are one proposal, and any of them is committed`() throws {
    let scratch = try Scratch()
    try scratch.script(
      """
      git init --quiet --initial-branch=main
      for round in one two; do
        printf 'blob\\nmark :1\\ndata 4\\n%s\\n' $round
        printf 'commit refs/heads/main\\ncommitter C <c@example.test> 1700000000 +0000\\n'
        printf 'data 4\\n%s\\n' $round
        seq 10000 19999 | sed 's|^\\(..\\)\\(.*\\)|M 100644 :1 d\\1/f\\1\\2|'
        echo
      done | git fast-import --quiet
      git reset --quiet --hard; git reset --quiet HEAD~1
      """)
    let way = try WholeWay(scratch)
    let commit = try way.commit(from: "--worktree") { screen in
      #expect(screen.tally == ShownTally(approved: 0, rejected: 0, undecided: 10_000))
      try screen.approve()
      try screen.approve()
      try screen.send("\u{1B}[Z")
      try screen.waitFor(text: "d19/f19999")
      try screen.approve()
    }
    try way.expectFilesAsBefore()
    #expect(
      try scratch.git("diff-tree", "-r", "--name-only", "HEAD~1", "HEAD")
        == "d10/f10000\nd10/f10001\nd19/f19999")
    #expect(try scratch.git("show", "HEAD:d19/f19999") == "two")
    #expect(try scratch.git("rev-parse", "HEAD^{tree}") == scratch.git("write-tree"))
    #expect(
      try scratch.git("status", "--porcelain").split(separator: "\n").count { $0.hasPrefix(" M d") }
        == 9_997)
    try way.expectWhole()
    try scratch.expectVerified(commit)
  }
}
