// Commits of changes that the user's files hold already: files stay, the index follows, crashes are finished.

import Approval
import GitStore
import Glibc
import Testing

@Suite struct InPlaceLandingTests {
  private static let contents: [String: String?] = [
    "a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n",
  ]

  /// The user's files hold the change already, as in a review of the working tree.
  private func hold(_ scratch: Scratch) throws {
    for (path, content) in Self.contents {
      if let content {
        try scratch.write(path, content)
      } else {
        #expect(unlink("\(scratch.work)/\(path)") == 0)
      }
    }
  }

  @Test func `files stay untouched, and the index follows where it had the base's version`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(contents: Self.contents)
    try hold(scratch)
    try scratch.write("a.txt", "one\nTWO\nthree\nand more\n")
    var before = stat()
    #expect(stat("\(scratch.work)/a.txt", &before) == 0)
    var request = scratch.request(on: tip)
    request.landing = .inPlace
    let receipt = try await repository.commit(change, request: request)
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.git("status", "--porcelain") == " M a.txt")
    #expect(try await scratch.git("diff", "--cached") == "")
    var after = stat()
    #expect(stat("\(scratch.work)/a.txt", &after) == 0)
    #expect(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec && before.st_ino == after.st_ino)
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\nand more\n")
    try await scratch.fsck()
  }

  /// Nothing that was committed stands in the index as taken back, and what is staged beside it stays staged.
  @Test(arguments: [
    // The same line in another version, and the file has what was committed.
    (staged: "one\nstaged\nthree\n", file: "one\nTWO\nthree\n", index: "one\nTWO\nthree"),
    // The same, and the file has gone on: neither is the other's beginning.
    (
      staged: "one\nstaged\nthree\n", file: "one\nTWO\nthree\nfour\n",
      index: "one\nTWO\nthree"
    ),
    // The same line in another version and other lines beside it: these stay staged.
    (
      staged: "one\nstaged\nthree\n\nfour\n", file: "one\nTWO\nthree\nlast\n",
      index: "one\nTWO\nthree\n\nfour"
    ),
    // Other lines.
    (
      staged: "one\ntwo\nthree\n\nfour\n", file: "one\nTWO\nthree\n\nfour\n",
      index: "one\nTWO\nthree\n\nfour"
    ),
    // The same change.
    (staged: "one\nTWO\nthree\n", file: "one\nTWO\nthree\n", index: "one\nTWO\nthree"),
  ])
  func `what is staged beside the change stays staged`(
    staged: String, file: String, index: String
  ) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(contents: Self.contents)
    try scratch.write("a.txt", staged)
    _ = try await scratch.git("add", "a.txt")
    try hold(scratch)
    try scratch.write("a.txt", file)
    var request = scratch.request(on: tip)
    request.landing = .inPlace
    _ = try await repository.commit(change, request: request)
    #expect(try await scratch.git("show", ":a.txt") == index)
    #expect(try await scratch.git("show", "HEAD:a.txt") == "one\nTWO\nthree")
    #expect(scratch.text("a.txt") == file)
    try await scratch.fsck()
  }

  @Test func `what the user hides from git stays hidden`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(contents: Self.contents)
    try await scratch.git("update-index", "--assume-unchanged", "a.txt")
    try hold(scratch)
    var request = scratch.request(on: tip)
    request.landing = .inPlace
    _ = try await repository.commit(change, request: request)
    #expect(try await scratch.git("ls-files", "-v", "a.txt") == "h a.txt")
    #expect(try await scratch.git("diff", "--cached") == "")
  }

  @Test func `an index that holds the change keeps what was not approved of it`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(contents: Self.contents)
    try scratch.write("a.txt", "ONE\nTWO\nthree\n")
    _ = try await scratch.git("add", "a.txt")
    try hold(scratch)
    var request = scratch.request(on: tip)
    request.landing = .inIndex
    _ = try await repository.commit(change, request: request)
    #expect(try await scratch.git("show", ":a.txt") == "ONE\nTWO\nthree")
    #expect(try await scratch.git("show", "HEAD:a.txt") == "one\nTWO\nthree")
  }

  @Test func `a tip that moved, or another branch, sends the commit beside it`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(contents: Self.contents)
    try hold(scratch)
    _ = try await scratch.git("checkout", "-q", "-b", "elsewhere")
    var request = scratch.request(on: tip)
    request.landing = .inPlace
    let receipt = try await repository.commit(change, request: request)
    guard case .side = receipt.landed else {
      Issue.record("landed \(receipt.landed)")
      return
    }
    #expect(try await scratch.head() == tip)
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\n")
  }

  @Test(arguments: ["checked", "journalWritten", "branchMoved", "filesUpdated"])
  func `after kill -9 the next start finds it as before or finishes the index`(
    step: String
  ) async throws {
    let (scratch, _, _, tip) = try await Scratch.prepared(contents: Self.contents)
    try hold(scratch)
    let (work, root, environment) = (scratch.work, scratch.root, scratch.environment)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [
        work = work as String, root = root as String, step = step as String,
        environment = environment as [String: String], tip = tip.hex as String
      ] in
      let tip = try #require(ObjectID(hex: tip))
      let repository = try await Repository.open(at: work, environment: environment)
      let proposal = try await propose(
        ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new/new.txt": "new\n"], on: tip,
        in: repository)
      var request = CommitRequest(
        session: "s1", message: Array("m\n".utf8), branch: "refs/heads/main", expectedTip: tip,
        slug: "change", worktreeDirectory: "\(root)/state/worktree",
        journalDirectory: "\(root)/state/journal")
      request.landing = .inPlace
      request.faults.checkpoint = { current in
        if current.rawValue == step { kill(getpid(), SIGKILL) }
      }
      _ = try await repository.commit(approve(proposal, in: repository), request: request)
    }
    let repository = try await scratch.repository()
    _ = try await repository.finishLanding(journalDirectory: "\(scratch.root)/state/journal")
    let head = try await scratch.head()
    if ["checked", "journalWritten"].contains(step) {
      #expect(head == tip)
      #expect(try await scratch.git("diff", "--cached") == "")
    } else {
      #expect(head != tip)
      #expect(try await scratch.git("status", "--porcelain") == "")
    }
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\n" && scratch.text("other.txt") == nil)
    try await scratch.fsck()
  }

  @Test func `files are brought over all or not at all, and never through a link`() async throws {
    let (scratch, repository, _, tip) = try await Scratch.prepared(contents: Self.contents)
    let proposal = try await propose(Self.contents, on: tip, in: repository)
    try hold(scratch)
    let directory = "\(scratch.root)/state"
    try scratch.write("a.txt", "somebody else\n")
    let blocked = try await repository.bringFiles(
      from: proposal.tree, to: proposal.baseTree, scratchDirectory: directory)
    #expect(blocked == .changed([RepositoryPath("a.txt")]))
    #expect(exists("\(scratch.work)/new/new.txt"))
    try scratch.write("a.txt", "one\nTWO\nthree\n")
    #expect(rename("\(scratch.work)/new", "\(scratch.root)/outside") == 0)
    #expect(symlink("\(scratch.root)/outside", "\(scratch.work)/new") == 0)
    let linked = try await repository.bringFiles(
      from: proposal.tree, to: proposal.baseTree, scratchDirectory: directory)
    #expect(linked == .changed([RepositoryPath("new/new.txt")]))
    #expect(exists("\(scratch.root)/outside/new.txt"))
    #expect(unlink("\(scratch.work)/new") == 0)
    #expect(rename("\(scratch.root)/outside", "\(scratch.work)/new") == 0)
    #expect(
      try await repository.bringFiles(
        from: proposal.tree, to: proposal.baseTree, scratchDirectory: directory) == .done(count: 3))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }
}
