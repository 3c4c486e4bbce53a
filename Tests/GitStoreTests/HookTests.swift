import Approval
import GitStore
import Glibc
import Testing

@Suite struct HookTests {
  @Test func `hooks see the approved tree, the user's branch, and their output streams`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("other.txt", "dirty, not approved\n")
    try scratch.hook(
      "pre-commit",
      """
      echo branch $(git rev-parse --abbrev-ref HEAD)
      echo top $(git rev-parse --show-toplevel)
      echo staged $(git diff --cached --name-only)
      echo unstaged $(git diff --name-only)
      echo author $GIT_AUTHOR_NAME $GIT_AUTHOR_DATE editor $GIT_EDITOR
      cat a.txt other.txt
      """)
    let log = EventLog()
    _ = try await repository.commit(change, request: scratch.request(on: tip)) { log.record($0) }
    var output: [UInt8] = []
    for case .hookOutput("pre-commit", let bytes) in await log.finished() { output += bytes }
    #expect(
      String(decoding: output, as: UTF8.self)
        == """
        branch main
        top \(scratch.root)/state/worktree
        staged a.txt
        unstaged
        author A U Thor @1700000000 +0000 editor :
        one
        TWO
        three
        other

        """)
    #expect(await log.events.contains(.hookEnded("pre-commit", .exited(0))))
    #expect(scratch.text("other.txt") == "dirty, not approved\n")
  }

  @Test func `links, modes and unusual names reach a hook as they are committed`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("run", "#!/bin/sh\n", mode: 0o755)
    try scratch.write("dir/ä b", "x\r\n")
    symlink("dir/ä b", "\(scratch.work)/link")
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await propose(["new": "n\n"], on: tip, in: repository)
    try scratch.hook("pre-commit", "test -x run && test -L link && cat link && git status --short")
    let log = EventLog()
    _ = try await repository.commit(
      approve(proposal, in: repository), request: scratch.request(on: tip)
    ) { log.record($0) }
    var output: [UInt8] = []
    for case .hookOutput(_, let bytes) in await log.finished() { output += bytes }
    #expect(String(decoding: output, as: UTF8.self) == "x\r\nA  new\n")
  }

  @Test func `a hook that asks on the terminal gets one`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let terminal = try PseudoTerminal()
    try scratch.hook(
      "pre-commit", "test -t 1 && read answer </dev/tty && test \"$answer\" = yes || exit 1")
    terminal.type("yes\n")
    var request = scratch.request(on: tip)
    request.terminal = terminal.device
    _ = try await repository.commit(change, request: request)
  }

  @Test(arguments: ["pre-commit", "prepare-commit-msg", "commit-msg"])
  func `a failing hook stops the commit with everything kept`(name: String) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook(name, "echo no way; exit 3")
    let before = try await scratch.userState()
    await #expect(
      throws: CommitError.hookFailed(
        name: name, status: .exited(3), output: Array("no way\n".utf8))
    ) { try await repository.commit(change, request: scratch.request(on: tip)) }
    #expect(try await scratch.userState() == before)
    #expect(exists("\(scratch.root)/state/worktree/a.txt"))
    unlink("\(scratch.work)/.git/hooks/\(name)")
    _ = try await repository.commit(change, request: scratch.request(on: tip))
  }

  @Test func `message hooks change the message`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("prepare-commit-msg", "test \"$2\" = message && echo prepared >>\"$1\"")
    try scratch.hook("commit-msg", "echo 'Change-Id: 1' >>\"$1\"")
    _ = try await repository.commit(change, request: scratch.request(on: tip, "Subject\n"))
    #expect(
      try await scratch.git("log", "-1", "--format=%B") == "Subject\nprepared\nChange-Id: 1")
  }

  @Test(arguments: [
    "printf 'one\\nreformatted\\nthree\\n' >a.txt; git add a.txt",
    "printf 'one\\nreformatted\\nthree\\n' >a.txt",
    "printf 'one\\nreformatted\\nthree\\n' | git hash-object -w --stdin >id; "
      + "git update-index --cacheinfo 100644,$(cat id),a.txt; rm id; git checkout-index -f a.txt",
  ])
  func `I13: what a hook changes is never committed but comes back as a tree`(
    script: String
  ) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("pre-commit", script)
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard
      case .hookChangedContent("pre-commit", _, to: let tree, [RepositoryPath("a.txt")])? = error
    else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    let listing = try await repository.treeListing(of: tree)
    let state = try #require(listing[RepositoryPath("a.txt")])
    #expect(try await repository.blob(state.blob) == Array("one\nreformatted\nthree\n".utf8))
    #expect(listing.count == 2)
    #expect(try await scratch.head() == tip)
  }

  @Test func `I13: a file that a hook stages, deletes or makes executable is noticed`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    for script in ["echo x >x; git add x", "rm other.txt", "chmod +x other.txt"] {
      try scratch.hook("pre-commit", script)
      let error = await #expect(throws: CommitError.self) {
        try await repository.commit(change, request: scratch.request(on: tip))
      }
      guard case .hookChangedContent(_, _, to: let tree, _)? = error else {
        Issue.record("threw \(String(describing: error))")
        return
      }
      #expect(tree != change.proposal.tree)
    }
    try scratch.hook("pre-commit", "echo built >build.log; touch a.txt")
    _ = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(!exists("\(scratch.work)/build.log"))
  }

  @Test func `I13: what a set-up changes comes back as a tree, and no hook runs on it`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("pre-commit", "touch '\(scratch.root)/hook-ran'")
    var request = scratch.request(on: tip)
    request.setUp = WorktreeSetUp(command: ["sh", "-c", "echo more >>a.txt"])
    let asked = request
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: asked)
    }
    guard
      case .hookChangedContent("setup command", _, to: let tree, [RepositoryPath("a.txt")])? = error
    else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(tree != change.proposal.tree)
    #expect(!exists("\(scratch.root)/hook-ran"))
    #expect(try await scratch.head() == tip)
  }

  @Test func `I11, I13: nothing is read through a link that a hook puts in place of a directory`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      base: ["dir/a.txt": "a\n", "b.txt": "b\n"], contents: ["b.txt": "B\n"])
    try scratch.write("\(scratch.root)/private/a.txt", "not of this repository\n")
    try scratch.hook("pre-commit", "rm -r dir; ln -s '\(scratch.root)/private' dir")
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard case .hookChangedContent(_, _, to: let tree, _)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    let listing = try await repository.treeListing(of: tree)
    #expect(listing.keys.sorted() == [RepositoryPath("b.txt")])
  }

  @Test(arguments: [
    ("git commit -q --no-verify --allow-empty -m sneaked", "refs/heads/main"),
    ("git update-ref refs/heads/main HEAD^ 2>/dev/null || git branch other", "refs/heads/other"),
    ("git tag v1", "refs/tags/v1"),
    ("git update-ref refs/stash HEAD", "refs/stash"),
  ])
  func `a hook that moves refs stops the commit`(script: String, moved: String) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("pre-commit", script)
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard case .hookMovedReferences("pre-commit", let moves)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(moves.map(\.name) == [moved])
  }

  @Test func `a hook that moves the checkout's HEAD stops the commit`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try await scratch.git("branch", "other")
    try scratch.hook(
      "pre-commit",
      "unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE; git -C '\(scratch.work)' switch -q other")
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard case .hookMovedReferences(_, let moves)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(moves.map(\.name) == ["HEAD"])
    #expect(moves.map(\.before) == ["refs/heads/main"])
    #expect(moves.map(\.after) == ["refs/heads/other"])
  }

  @Test func `a relative core.hooksPath is found in the user's checkout though git ignores it`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      base: [
        "a.txt": "one\ntwo\nthree\n", ".husky/pre-commit": "echo husky ran in $PWD\nexit 5\n",
        ".gitignore": ".husky/_\n",
      ])
    try await scratch.git("config", "core.hooksPath", ".husky/_")
    try scratch.write(
      ".husky/_/pre-commit", "#!/bin/sh\nsh -e \"$(dirname \"$(dirname \"$0\")\")/pre-commit\"\n",
      mode: 0o755)
    await #expect(
      throws: CommitError.hookFailed(
        name: "pre-commit", status: .exited(5),
        output: Array("husky ran in \(scratch.root)/state/worktree\n".utf8))
    ) { try await repository.commit(change, request: scratch.request(on: tip)) }
  }

  @Test func `a hook whose interpreter is missing stops the commit`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write(".git/hooks/pre-commit", "#!/nonexistent/interpreter\n", mode: 0o755)
    await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    #expect(try await scratch.head() == tip)
  }

  @Test func `a hook that is not executable is left out as git does, and said so`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("pre-commit", "exit 1", mode: 0o644)
    let log = EventLog()
    _ = try await repository.commit(change, request: scratch.request(on: tip)) { log.record($0) }
    let path = "\(scratch.work)/.git/hooks/pre-commit"
    #expect(await log.finished().contains(.hookNotExecutable(path: path)))
  }

  /// A commit in which this hook hangs, with a child of its own, and that is then cancelled.
  private func cancelled(
    in hook: String, _ scratch: Scratch, _ repository: Repository, _ change: ApprovedChange,
    _ tip: ObjectID
  ) async throws -> Task<CommitReceipt, any Error> {
    try scratch.hook(hook, "echo started; sleep 1000 & wait")
    let log = EventLog()
    let task = Task {
      try await repository.commit(change, request: scratch.request(on: tip)) { log.record($0) }
    }
    for await event in log.stream {
      if case .hookOutput = event { break }
    }
    task.cancel()
    return task
  }

  @Test func `cancelling ends a hanging hook with its children`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let task = try await cancelled(in: "pre-commit", scratch, repository, change, tip)
    await #expect(throws: CommitError.cancelled) { try await task.value }
    #expect(try await scratch.head() == tip)
  }

  @Test func `a hook that takes too long is stopped`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("pre-commit", "exec sleep 1000")
    var request = scratch.request(on: tip)
    request.hookTimeout = .milliseconds(100)
    await #expect(
      throws: CommitError.hookFailed(name: "pre-commit", status: .timedOut, output: [])
    ) { try await repository.commit(change, request: request) }
  }

  @Test func `the commit is by who it was to be by, whatever a hook configures`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook(
      "pre-commit",
      "git config user.name Evil; git config user.email e@e; git config i18n.commitEncoding latin1")
    _ = try await repository.commit(change, request: scratch.request(on: tip))
    let commit = try await scratch.git("cat-file", "commit", "HEAD")
    #expect(commit.contains("committer A U Thor <author@example.org>"))
    #expect(!commit.contains("Evil") && !commit.contains("encoding"), "\(commit)")
  }

  @Test func `a post-commit hook that hangs can be stopped, and the commit stands`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let task = try await cancelled(in: "post-commit", scratch, repository, change, tip)
    let receipt = try await task.value
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.head() == receipt.commit)
  }

  @Test func `post-commit runs in the checkout and cannot undo the commit`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook(
      "post-commit",
      "git rev-parse HEAD >'\(scratch.root)/seen'; pwd >>'\(scratch.root)/seen'; exit 1")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(scratch.text("\(scratch.root)/seen") == "\(receipt.commit)\n\(scratch.work)\n")
    #expect(receipt.landed == .branch("refs/heads/main"))
  }

  @Test func `reference-transaction can refuse the landing, and nothing has moved`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("reference-transaction", "test \"$1\" != prepared || exit 1")
    let error = await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: scratch.request(on: tip))
    }
    guard case .landingRefused? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(try await scratch.head() == tip)
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect(
      try await repository.finishLanding(journalDirectory: "\(scratch.root)/state/journal") == nil)
  }
}
