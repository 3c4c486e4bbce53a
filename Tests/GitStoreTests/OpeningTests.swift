import Approval
import GitStore
import Glibc
import Testing

@Suite struct OpeningTests {
  @Test func `a directory without a repository is refused by name`() async throws {
    let scratch = try await Scratch.make(initialise: false)
    await #expect(throws: GitError.noRepository(directory: scratch.work)) {
      try await scratch.repository()
    }
  }

  @Test func `a bare repository and a git directory are refused`() async throws {
    let scratch = try await Scratch.make(initialise: false)
    try await scratch.git("init", "-q", "--bare", ".")
    await #expect(throws: GitError.noWorktree(directory: scratch.work)) {
      try await scratch.repository()
    }
    let other = try await Scratch.make()
    await #expect(throws: GitError.noWorktree(directory: other.work + "/.git")) {
      try await Repository.open(at: other.work + "/.git", environment: other.environment)
    }
  }

  @Test func `a repository opens from a subdirectory and from a linked worktree`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("dir/a", "a\n")
    try await scratch.commitAll()
    let inside = try await Repository.open(
      at: scratch.work + "/dir", environment: scratch.environment)
    #expect(inside.workDirectory == scratch.work)
    try await scratch.git("worktree", "add", "-q", "-b", "side", "../linked")
    let linked = try await Repository.open(
      at: scratch.root + "/linked", environment: scratch.environment)
    #expect(linked.workDirectory == scratch.root + "/linked")
    #expect(linked.commonDirectory == scratch.work + "/.git")
    guard case .branch("refs/heads/side", _) = try await linked.snapshot().head else {
      Issue.record("not on the linked worktree's branch")
      return
    }
  }

  @Test func `somebody else's repository is refused in git's words`() async throws {
    let scratch = try await Scratch.make()
    var environment = scratch.environment
    environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
    let error = await #expect(throws: GitError.self) {
      try await Repository.open(at: scratch.work, environment: environment)
    }
    guard case .foreignOwner(scratch.work, let message)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(message.contains("ownership"))
  }

  @Test func `variables that lead git elsewhere are not obeyed`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    let other = try await Scratch.make()
    try other.write("theirs.txt", "theirs\n")
    try await other.commitAll()
    let before = try await other.userState()
    for (name, value) in [
      ("GIT_DIR", "/.git"), ("GIT_COMMON_DIR", "/.git"), ("GIT_WORK_TREE", ""),
      ("GIT_INDEX_FILE", "/.git/index"), ("GIT_OBJECT_DIRECTORY", "/.git/objects"),
    ] {
      let environment = scratch.environment.merging([name: other.work + value]) { _, new in new }
      let repository = try await Repository.open(at: scratch.work, environment: environment)
      #expect(repository.gitDirectory == scratch.work + "/.git")
      let request = scratch.request(on: tip)
      let receipt = try await repository.commit(change, request: request)
      #expect(receipt.landed == .branch("refs/heads/main"), "\(name)")
      #expect(try await scratch.git("status", "--porcelain") == "", "\(name)")
      try await scratch.fsck()
      #expect(try await other.userState() == before, "\(name)")
      try await scratch.git("reset", "-q", "--hard", tip.hex)
    }
  }

  @Test func `a missing and an old git are refused by name`() async throws {
    let scratch = try await Scratch.make()
    var environment = scratch.environment
    environment["PATH"] = "\(scratch.root)/bin"
    await #expect(throws: GitError.gitMissing(searchPath: "\(scratch.root)/bin")) {
      try await Repository.open(at: scratch.work, environment: environment)
    }
    try scratch.write(
      "\(scratch.root)/bin/git", "#!/bin/sh\necho git version 2.35.9\n", mode: 0o755)
    await #expect(throws: GitError.gitTooOld(version: "2.35.9")) {
      try await Repository.open(at: scratch.work, environment: environment)
    }
  }

  @Test(arguments: [
    (["extensions.objectFormat", "sha256"], UnsupportedFeature.sha256),
    (["extensions.partialClone", "origin"], .partialClone),
    (["remote.origin.promisor", "true"], .partialClone),
    (["core.sparseCheckout", "true"], .sparseCheckout),
    (["core.splitIndex", "true"], .splitIndex),
  ])
  func `what cannot be done faithfully is refused by name`(
    setting: [String], feature: UnsupportedFeature
  ) async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a", "a\n")
    try await scratch.commitAll()
    if setting[0].hasPrefix("extensions") {
      try await scratch.git("config", "core.repositoryFormatVersion", "1")
    }
    try await scratch.git("config", setting[0], setting[1])
    let error = await #expect(throws: GitError.self) {
      try await scratch.repository()
    }
    guard case .unsupported(let found, _)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(found == feature)
  }

  @Test func `an unknown extension and a split index on disk are refused`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("a", "a\n")
    try await scratch.commitAll()
    try await scratch.git("update-index", "--split-index")
    let error = await #expect(throws: GitError.self) {
      try await scratch.repository()
    }
    guard case .unsupported(let found, _)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
    #expect(found == .splitIndex)
    try await scratch.git("update-index", "--no-split-index")
    try await scratch.git("config", "core.repositoryFormatVersion", "1")
    try await scratch.git("config", "extensions.somethingNew", "true")
    let second = await #expect(throws: GitError.self) {
      try await scratch.repository()
    }
    guard case .unsupported(let found, _)? = second else {
      Issue.record("threw \(String(describing: second))")
      return
    }
    #expect(found == .otherExtension)
  }
}
