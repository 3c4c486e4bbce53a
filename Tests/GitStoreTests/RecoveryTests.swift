import Approval
import GitStore
import Glibc
import Testing

/// What the next start finds of a landing that was cut off, and what a landing says of trouble after the branch has moved.
@Suite struct RecoveryTests {
  /// Commits until `step`, and stops there as a crash would.
  private func interrupted(
    at step: CommitStep, _ repository: Repository, _ change: ApprovedChange,
    _ request: CommitRequest
  ) async {
    var request = request
    request.faults.checkpoint = { current throws(CommitError) in
      if current == step { throw .interrupted(step) }
    }
    await #expect(throws: CommitError.interrupted(step)) {
      try await repository.commit(change, request: request)
    }
  }

  @Test func `I15: a commit that others built on since is told from one that never landed`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .journalWritten, repository, change, request)
    try await scratch.git("commit", "-q", "--allow-empty", "-m", "meanwhile")
    let never = try await repository.finishLanding(journalDirectory: request.journalDirectory)
    guard case .nothingMoved = never else {
      Issue.record("recovered as \(String(describing: never))")
      return
    }
    #expect(try await repository.finishLanding(journalDirectory: request.journalDirectory) == nil)
  }

  @Test(arguments: [["commit", "-q", "--allow-empty", "-m", "on it"], ["reset", "-q", "--hard"]])
  func `I15: a commit that landed is known, whatever became of the branch`(_ next: [String])
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .branchMoved, repository, change, request)
    let landed = try await scratch.head()
    let isReset = next.contains("reset")
    if isReset {
      // Away from it, to a commit that does not hold it.
      let other = try await scratch.git("commit-tree", "-p", tip.hex, "-m", "x", "\(tip)^{tree}")
      _ = try await scratch.run("/usr/bin/env", ["git"] + next + [other])
    } else {
      _ = try await scratch.run("/usr/bin/env", ["git"] + next)
    }
    let head = try await scratch.head()
    let recovery = try await repository.finishLanding(journalDirectory: request.journalDirectory)
    #expect(
      recovery
        == (isReset
          ? .takenBack(commit: landed) : .movedOn(commit: landed, head: head, isFollowed: false)))
    try Repository.endLanding(journalDirectory: request.journalDirectory)
    #expect(try await repository.finishLanding(journalDirectory: request.journalDirectory) == nil)
  }

  @Test func `I15: a side branch that was made is known too`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.landing = .side
    let before = try await scratch.userState()
    await interrupted(at: .journalWritten, repository, change, request)
    guard
      case .nothingMoved = try await repository.finishLanding(
        journalDirectory: request.journalDirectory)
    else {
      Issue.record("a branch that was not made counts as made")
      return
    }
    #expect(try await scratch.userState() == before)
    await interrupted(at: .branchMoved, repository, change, request)
    let commit = try await scratch.head("countersign-main-change")
    #expect(
      try await repository.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: commit))
    #expect(try await scratch.head() == tip)
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `I15: what was cut off in another checkout is left for that checkout`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .branchMoved, repository, change, request)
    let head = try await scratch.head()
    let other = "\(scratch.root)/linked"
    try await scratch.git("worktree", "add", "-q", "--detach", other, tip.hex)
    let linked = try await Repository.open(at: other, environment: scratch.environment)
    #expect(
      try await linked.finishLanding(journalDirectory: request.journalDirectory)
        == .elsewhere(commit: head, checkout: "."))
    #expect(
      try await repository.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: head))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `what has landed and lacks its record only is seen to from any checkout`() async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    let receipt = try await repository.commit(change, request: request)
    let other = "\(scratch.root)/linked"
    try await scratch.git("worktree", "add", "-q", "--detach", other, tip.hex)
    let linked = try await Repository.open(at: other, environment: scratch.environment)
    #expect(
      try await linked.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: receipt.commit))
  }

  @Test func `I15: a lock that a living git holds with a closed file is not removed`() async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .branchMoved, repository, change, request)
    let fifo = "\(scratch.root)/editing"
    mkfifo(fifo, 0o600)
    try scratch.write("\(scratch.root)/editor", "#!/bin/sh\nread line <'\(fifo)'\n", mode: 0o755)
    async let commit = scratch.git(
      "commit", "-q", "-a", "-e", "-m", "mine",
      setting: ["GIT_EDITOR": "\(scratch.root)/editor"])
    // Opening a pipe for writing waits for its reader: the editor runs then.
    let writer = await Task.detached { open(fifo, O_WRONLY | O_CLOEXEC) }.value
    let lock = "\(scratch.work)/.git/index.lock"
    #expect(exists(lock))
    _ = try? await repository.finishLanding(journalDirectory: request.journalDirectory)
    #expect(exists(lock))
    #expect(write(writer, "\n", 1) == 1)
    close(writer)
    _ = try await commit
    #expect(try await scratch.git("log", "-1", "--format=%s") == "mine")
  }

  @Test func `I15: a git that outlived its Countersign is waited for`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .journalWritten, repository, change, request)
    let journal = try #require(scratch.text("\(request.journalDirectory)/landing"))
    let commit = try #require(ObjectID(hex: String(journal.split(separator: "\n")[3])))
    let (begun, go) = ("\(scratch.root)/begun", "\(scratch.root)/go")
    mkfifo(begun, 0o600)
    mkfifo(go, 0o600)
    try scratch.hook(
      "reference-transaction",
      "test \"$1\" = prepared || exit 0\necho >'\(begun)'\nread line <'\(go)'")
    async let moved = scratch.git("update-ref", "refs/heads/main", commit.hex, tip.hex)
    let reader = await Task.detached { open(begun, O_RDONLY | O_CLOEXEC) }.value
    for _ in 0..<2 {
      #expect(
        try await repository.finishLanding(journalDirectory: request.journalDirectory)
          == .underWay(commit: commit))
    }
    let writer = await Task.detached { open(go, O_WRONLY | O_CLOEXEC) }.value
    #expect(write(writer, "\n", 1) == 1)
    close(writer)
    close(reader)
    _ = try await moved
    #expect(
      try await repository.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: commit))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `a hook that takes the branch back is noticed`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook(
      "reference-transaction",
      "test \"$1\" = committed || exit 0\ntest -e '\(scratch.root)/once' && exit 0\n"
        + ": >'\(scratch.root)/once'\ngit update-ref refs/heads/main \(tip)")
    await #expect(
      throws: CommitError.landingRefused("a reference-transaction hook took the branch back")
    ) { try await repository.commit(change, request: scratch.request(on: tip)) }
    #expect(try await scratch.git("status", "--porcelain") == "")
    _ = try await repository.commit(change, request: scratch.request(on: tip))
  }

  @Test func `once the branch has moved, trouble is told and the commit stands`() async throws {
    let (scratch, _, change, tip) = try await Scratch.prepared()
    try scratch.hook("post-commit", "exit 0")
    let git = "\(scratch.root)/bin/git"
    let real = try await scratch.run("/usr/bin/env", ["which", "git"])
    let path = String(decoding: real, as: UTF8.self).trimmingLineEnds
    try scratch.write(git, "#!/bin/sh\nexec '\(path)' \"$@\"\n", mode: 0o755)
    var environment = scratch.environment
    environment["PATH"] = "\(scratch.root)/bin"
    let repository = try await Repository.open(at: scratch.work, environment: environment)
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step in if step == .landingMarked { unlink(git) } }
    let receipt = try await repository.commit(change, request: request)
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await scratch.head() == receipt.commit)
    guard case .postCommit = receipt.troubles.first else {
      Issue.record("troubles: \(receipt.troubles)")
      return
    }
  }

  @Test func `a commit whose files have not followed comes before the next`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    await interrupted(at: .branchMoved, repository, change, request)
    let head = try await scratch.head()
    var next = request
    next.landing = .side
    await #expect(throws: CommitError.earlierLanding(commit: head)) {
      try await repository.commit(change, request: next)
    }
    _ = try await repository.finishLanding(journalDirectory: request.journalDirectory)
    try Repository.endLanding(journalDirectory: request.journalDirectory)
    _ = try await repository.commit(change, request: next)
  }

  @Test func `a commit that is not on record yet comes before the next`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    let receipt = try await repository.commit(change, request: request)
    let directory = request.journalDirectory
    await #expect(throws: CommitError.earlierLanding(commit: receipt.commit)) {
      try await repository.refuseUnendedLanding(journalDirectory: directory, isRecorded: false)
    }
    try await repository.refuseUnendedLanding(journalDirectory: directory, isRecorded: true)
    try Repository.endLanding(journalDirectory: directory)
    try await repository.refuseUnendedLanding(journalDirectory: directory, isRecorded: false)
  }

  // MARK: What the commit object must be

  @Test func `I1: a tree that is not the recorded one is not committed`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.recordedTree = change.proposal.baseTree
    await #expect(throws: CommitError.commitDiffers(what: "tree")) {
      try await repository.commit(change, request: request)
    }
    #expect(try await scratch.head() == tip)
  }

  @Test func `I1: a commit object with another message does not land`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let prepared = try await repository.prepare(change, request: scratch.request(on: tip))
    let commit = try await repository.create(prepared, message: Array("one\n".utf8))
    await #expect(throws: CommitError.commitDiffers(what: "message")) {
      _ = try await repository.check(commit, of: prepared, message: Array("two\n".utf8))
    }
    _ = try await repository.check(commit, of: prepared, message: Array("one".utf8))
  }

  @Test func `a commit-msg hook that drops the record's line stops the commit`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.hook("commit-msg", "sed -i /Countersign/d \"$1\"")
    var request = scratch.request(on: tip)
    request.trailers = [CommitTrailer(key: "Countersign-Record", value: "s1/3 sha256:00")]
    await #expect(
      throws: CommitError.trailerLost(
        hook: "commit-msg", line: "Countersign-Record: s1/3 sha256:00")
    ) { try await repository.commit(change, request: request) }
    #expect(try await scratch.head() == tip)
    request.ownKeys = ["Countersign-Record"]
    try scratch.hook("commit-msg", "printf 'countersign-record: fake/1\\n' >>\"$1\"")
    await #expect(throws: CommitError.foreignTrailer(line: "countersign-record: fake/1")) {
      try await repository.commit(change, request: request)
    }
    #expect(try await scratch.head() == tip)
    try scratch.hook("commit-msg", "printf 'Change-Id: I1\\n' >>\"$1\"")
    _ = try await repository.commit(change, request: request)
    #expect(
      try await scratch.git("log", "-1", "--format=%B").contains("Countersign-Record: s1/3 sha256"))
  }
}
