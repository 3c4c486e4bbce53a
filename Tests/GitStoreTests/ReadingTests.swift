import Approval
import GitStore
import Glibc
import Testing

@Suite struct ReadingTests {
  @Test func `a listing holds every file of a tree as git lists it`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "a\n")
    try scratch.write("dir/run.sh", "#!/bin/sh\n", mode: 0o755)
    try scratch.write("dir/deep/ä \"q\".txt", "x\n")
    symlink("a.txt", "\(scratch.work)/link")
    let head = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let tree = try await repository.commitContent(head).tree
    let listing = try await repository.treeListing(of: tree)
    var expected: TreeListing = [:]
    let output = try await scratch.run("/usr/bin/env", ["git", "ls-tree", "-r", "-z", tree.hex])
    for line in output.split(separator: 0) {
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      let tab = try #require(words[2].firstIndex(of: UInt8(ascii: "\t")))
      let mode = try #require(UInt32(String(decoding: words[0], as: UTF8.self), radix: 8))
      let id = try #require(ObjectID(hex: String(decoding: words[2][..<tab], as: UTF8.self)))
      expected[RepositoryPath(words[2][(tab + 1)...])] = FileState(
        mode: try #require(FileMode(rawValue: mode)), blob: id)
    }
    #expect(listing == expected)
    #expect(try await repository.trackedFiles(in: head) == expected.keys.sorted())
  }

  @Test func `a blob is read whole, or refused by its size`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "0123456789")
    try await scratch.commitAll()
    let repository = try await scratch.repository()
    let id = try #require(ObjectID(hex: try await scratch.git("rev-parse", "HEAD:a.txt")))
    #expect(try await repository.blob(id) == Array("0123456789".utf8))
    #expect(try await repository.blobSize(id) == 10)
    await #expect(throws: GitError.tooLarge(id, byteCount: 10, limit: 9)) {
      try await repository.blob(id, limit: 9)
    }
  }

  @Test func `changes between trees ignore attributes and keep renames apart`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write(".gitattributes", "* -diff\n")
    try scratch.write("same.txt", "same\n")
    try scratch.write("old.txt", "moved\n")
    try scratch.write("dir/x", "x\n")
    try scratch.write("file", "f\n")
    let base = try await scratch.commitAll()
    rename("\(scratch.work)/old.txt", "\(scratch.work)/new.txt")
    chmod("\(scratch.work)/dir/x", 0o755)
    unlink("\(scratch.work)/file")
    try scratch.write("file/inside", "f\n")
    let next = try await scratch.commitAll("next")
    let repository = try await scratch.repository()
    let trees = (
      try await repository.commitContent(base).tree, try await repository.commitContent(next).tree
    )
    let changes = try await repository.changes(from: trees.0, to: trees.1)
    let names = changes.map { String(decoding: $0.path.bytes, as: UTF8.self) }
    #expect(names == ["dir/x", "file", "file/inside", "new.txt", "old.txt"])
    #expect(changes[0].old?.blob == changes[0].new?.blob)
    #expect(changes[0].new?.mode == .executable)
    #expect(changes[1].new == nil)
    #expect(changes[3].old == nil)
  }

  @Test func `revisions and ranges resolve to commits`() async throws {
    let scratch = try await Scratch.make()
    let first = try await scratch.commitAll("first")
    let second = try await scratch.commitAll("second\n\nbody")
    try await scratch.git("tag", "-a", "-m", "t", "v1", first.hex)
    let repository = try await scratch.repository()
    #expect(try await repository.resolve("HEAD") == .commit(second))
    #expect(try await repository.resolve("v1") == .commit(first))
    #expect(try await repository.resolve("v1..main") == .range(from: first, to: second))
    #expect(try await repository.resolve("v1...main") == .symmetric(from: first, to: second))
    let content = try await repository.commitContent(second)
    #expect(content.parents == [first])
    #expect(Array(content.summary) == Array("second".utf8))
    await #expect(throws: GitError.self) { try await repository.resolve("nowhere") }
  }

  @Test func `a snapshot tells branch, identity and changed paths`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "a\n")
    try scratch.write("b.txt", "b\n")
    let tip = try await scratch.commitAll()
    try scratch.write("a.txt", "changed\n")
    try scratch.write("untracked", "u\n")
    let before = try await scratch.userState()
    let repository = try await scratch.repository()
    let snapshot = try await repository.snapshot()
    #expect(snapshot.head == .branch(name: "refs/heads/main", tip: tip))
    #expect(snapshot.changedPaths == [RepositoryPath("a.txt")])
    #expect(!snapshot.isClean)
    #expect(snapshot.operation == nil)
    #expect(!snapshot.isIndexLocked)
    #expect(snapshot.author == .known("A U Thor <author@example.org> 1700000000 +0000"))
    #expect(try await scratch.userState() == before)
  }

  @Test func `a snapshot names a detached and an unborn HEAD`() async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    #expect(try await repository.snapshot().head == .unborn(name: "refs/heads/main"))
    let tip = try await scratch.commitAll()
    try await scratch.git("checkout", "-q", "--detach")
    #expect(try await repository.snapshot().head == .detached(tip))
  }

  @Test(arguments: [
    ("MERGE_HEAD", OperationInProgress.merge),
    ("CHERRY_PICK_HEAD", .cherryPick), ("REVERT_HEAD", .revert), ("BISECT_LOG", .bisect),
    ("rebase-merge/interactive", .rebase), ("rebase-merge/head-name", .rebase),
    ("rebase-apply/rebasing", .rebase), ("rebase-apply/applying", .applyMailbox),
  ])
  func `I16: an operation in progress is named`(
    file: String, operation: OperationInProgress
  ) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write(".git/\(file)", tip.hex + "\n")
    #expect(try await repository.snapshot().operation == operation)
    for landing in [LandingWish.branch, .side] {
      var request = scratch.request(on: tip)
      request.landing = landing
      await #expect(throws: CommitError.operationInProgress(operation)) {
        try await repository.commit(change, request: request)
      }
    }
    #expect(try await scratch.git("for-each-ref", "refs/heads/countersign-*") == "")
  }

  @Test func `I8, I9: reading the checkout runs no hook and no monitor, and writes no index`()
    async throws
  {
    let scratch = try await Scratch.make()
    try scratch.write("a.txt", "a\n")
    try scratch.write("b.txt", "b\n")
    try await scratch.commitAll()
    let mark = "\(scratch.root)/ran"
    for hook in ["post-index-change", "reference-transaction", "pre-commit"] {
      try scratch.hook(hook, "echo \(hook) >>'\(mark)'")
    }
    try scratch.write(
      "\(scratch.root)/monitor", "#!/bin/sh\necho monitor >>'\(mark)'\nexit 1\n", mode: 0o755)
    try await scratch.git("config", "core.fsmonitor", "\(scratch.root)/monitor")
    try scratch.write("b.txt", "changed\n")
    // The same content at another time: whoever asks git or libgit2 may bring the index up to date.
    let moment = [
      timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0),
    ]
    #expect(utimensat(AT_FDCWD, "\(scratch.work)/a.txt", moment, 0) == 0)
    let before = try await scratch.userState()
    let repository = try await scratch.repository()
    #expect(try await repository.snapshot().changedPaths == [RepositoryPath("b.txt")])
    _ = try await repository.writeWorkingTree(scratchDirectory: "\(scratch.root)/state")
    _ = try await repository.writeIndexTree(scratchDirectory: "\(scratch.root)/state")
    #expect(try await scratch.userState() == before)
    #expect(scratch.text(mark) == nil)
  }

  @Test func `anchors keep trees alive, stay out of log --all, and come and go`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let trees: [SessionAnchor: ObjectID] = [
      .base: change.proposal.baseTree, .round(1): change.proposal.tree,
    ]
    try await repository.restoreAnchors(trees, session: "s1")
    #expect(try await repository.anchors(session: "s1") == trees)
    #expect(try await repository.anchoredSessions() == ["s1"])
    try await scratch.git("gc", "-q", "--prune=now")
    #expect(try await repository.treeListing(of: change.proposal.tree).count == 2)
    #expect(try await scratch.git("log", "--all", "--format=%H") == tip.hex)
    try await scratch.fsck()
    #expect(try await repository.deleteAnchors(session: "s1") == trees)
    #expect(try await repository.anchors(session: "s1") == [:])
    #expect(try await repository.anchoredSessions() == [])
  }

  @Test func `a change of the same size in the same moment as the index is seen`() async throws {
    let scratch = try await Scratch.make()
    try await scratch.git("config", "core.trustctime", "false")
    // A while ago: git compares whole seconds.
    let moment = [
      timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0),
    ]
    try scratch.write("a.txt", "one\ntwo\n")
    #expect(utimensat(AT_FDCWD, "\(scratch.work)/a.txt", moment, 0) == 0)
    try await scratch.commitAll()
    try scratch.write("a.txt", "one\nTwo\n")
    // As with an agent that writes right after a commit: only the index's own time tells git to look into the file.
    for file in ["a.txt", ".git/index"] {
      #expect(utimensat(AT_FDCWD, "\(scratch.work)/\(file)", moment, 0) == 0)
    }
    let repository = try await scratch.repository()
    let tree = try await repository.writeWorkingTree(scratchDirectory: "\(scratch.root)/state")
    let state = try #require(try await repository.treeListing(of: tree)[RepositoryPath("a.txt")])
    #expect(try await repository.blob(state.blob) == Array("one\nTwo\n".utf8))
  }

  @Test func `rounds made side by side do not take each other's anchor, and keep their bases`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let (first, second) = (change.proposal.tree, change.proposal.baseTree)
    func anchor(_ tree: ObjectID, base: ObjectID?) async throws -> Int {
      try await repository.anchorRound(from: 2, session: "s1", tree: tree, base: base)
    }
    #expect(try await anchor(first, base: nil) == 2)
    #expect(try await anchor(second, base: first) == 3)
    #expect(try await anchor(first, base: nil) == 2, "the same round again")
    let anchors: [SessionAnchor: ObjectID] = [
      .round(2): first, .round(3): second, .baseOfRound(3): first,
    ]
    #expect(try await repository.anchors(session: "s1") == anchors)
    try scratch.write(".git/refs/countersign/s1/base-4.lock", "")
    try repository.removeStaleAnchorLocks(session: "s1")
    #expect(
      try await repository.anchorRound(from: 4, session: "s1", tree: second, base: first) == 4)
    #expect(try await scratch.git("log", "--all", "--format=%H") == tip.hex)
  }
}
