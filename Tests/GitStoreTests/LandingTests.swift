import Approval
import GitStore
import Glibc
import Testing

@Suite struct LandingTests {
  @Test func `I6: a moved branch stays, and the commit goes to a side branch`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("more.txt", "more\n")
    let moved = try await scratch.commitAll("meanwhile")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(
      receipt.landed
        == .side(
          name: "countersign-main-change", reason: .tipMoved(to: moved),
          mergeCommand: "git merge countersign-main-change"))
    #expect(try await scratch.head() == moved)
    #expect(try await scratch.head("countersign-main-change") == receipt.commit)
    #expect(try await scratch.git("status", "--porcelain") == "")
    try await scratch.git("merge", "-q", "--no-edit", "countersign-main-change")
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\n")
  }

  @Test func `I6: a branch that moves between the checks is not overwritten`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      guard step == .journalWritten else { return }
      do { try await scratch.git("commit", "-q", "--allow-empty", "-m", "meanwhile") } catch {
        throw .interrupted(step)
      }
    }
    let receipt = try await repository.commit(change, request: request)
    guard case .side(_, .tipMoved, _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(try await scratch.git("log", "-1", "--format=%s") == "meanwhile")
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect(
      try await repository.finishLanding(journalDirectory: request.journalDirectory)
        == .finished(commit: receipt.commit))
  }

  @Test func `a dirty touched file is left alone, and the commit goes to a side branch`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("a.txt", "my own work\n")
    let before = try await scratch.userState()
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    guard case .side("countersign-main-change", .localChanges(let message), _) = receipt.landed
    else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(message.contains("a.txt"))
    #expect(scratch.text("a.txt") == "my own work\n")
    #expect(try await scratch.head() == tip)
    try await scratch.git("branch", "-q", "-D", "countersign-main-change")
    #expect(try await scratch.git("status", "--porcelain") == " M a.txt")
    #expect(before.contains("./a.txt"))
  }

  @Test func `a file made dirty at the last moment takes the branch back`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      guard step == .branchMoved else { return }
      do { try scratch.write("a.txt", "at the last moment\n") } catch { throw .interrupted(step) }
    }
    let receipt = try await repository.commit(change, request: request)
    guard case .side(_, .localChanges, _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(try await scratch.head() == tip)
    #expect(scratch.text("a.txt") == "at the last moment\n")
    #expect(try await scratch.git("status", "--porcelain") == " M a.txt")
  }

  @Test func `dirty, staged, intended and untracked files elsewhere stay as they are`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try scratch.write("other.txt", "dirty\n")
    try scratch.write("staged.txt", "staged\n")
    try scratch.write("intended.txt", "intended\n")
    try scratch.write("untracked.txt", "untracked\n")
    try await scratch.git("add", "staged.txt")
    try await scratch.git("add", "-N", "intended.txt")
    func state() async throws -> [Substring] {
      try await scratch.userState().split(separator: "\n").filter {
        $0.contains("other.txt") || $0.contains("staged.txt") || $0.contains("intended.txt")
          || $0.contains("untracked.txt")
      }
    }
    let before = try await state()
    let status = try await scratch.git("status", "--porcelain")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    #expect(receipt.landed == .branch("refs/heads/main"))
    #expect(try await state() == before)
    #expect(before.count == 4)
    #expect(try await scratch.git("status", "--porcelain") == status)
  }

  @Test func `an untracked file where a new one would go is not overwritten`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      contents: ["new.txt": "from the model\n"])
    try scratch.write("new.txt", "mine\n")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    guard case .side(_, .localChanges, _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(scratch.text("new.txt") == "mine\n")
  }

  @Test func `a locked index stops before anything moves, and landing can be tried again`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let lock = "\(scratch.work)/.git/index.lock"
    let prepared = try await repository.prepare(change, request: scratch.request(on: tip))
    let commit = try await repository.create(prepared, message: Array("m\n".utf8))
    let checked = try await repository.check(commit, of: prepared, message: Array("m\n".utf8))
    try scratch.write(lock, "")
    #expect(try await repository.snapshot().isIndexLocked)
    await #expect(throws: CommitError.indexLocked(path: lock)) {
      try await repository.land(checked, of: prepared)
    }
    #expect(try await scratch.head() == tip)
    unlink(lock)
    #expect(try await repository.land(checked, of: prepared).landed == .branch("refs/heads/main"))
  }

  @Test func `I14: the journal is on disk from before the branch moves until it is let go`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let request = scratch.request(on: tip)
    let journal = "\(request.journalDirectory)/landing"
    try scratch.hook(
      "reference-transaction", "test \"$1\" != prepared || cat '\(journal)' >'\(scratch.root)/seen'"
    )
    let receipt = try await repository.commit(change, request: request)
    let seen = try #require(scratch.text("\(scratch.root)/seen"))
    #expect(seen.contains("refs/heads/main\n\(tip)\n\(receipt.commit)\n"))
    #expect(try #require(scratch.text(journal)).hasPrefix("countersign-landed"))
    try Repository.endLanding(journalDirectory: request.journalDirectory)
    #expect(!exists(journal))
  }

  @Test func `I16: a merge begun meanwhile stops the landing`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      guard step == .checked else { return }
      do { try scratch.write(".git/MERGE_HEAD", tip.hex + "\n") } catch {
        throw .interrupted(step)
      }
    }
    await #expect(throws: CommitError.operationInProgress(.merge)) {
      try await repository.commit(change, request: request)
    }
    #expect(try await scratch.head() == tip)
  }

  @Test func `a landing that has begun is not cancelled half-way`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    let (moved, continuation) = AsyncStream.makeStream(of: Void.self)
    let (cancelled, goOn) = AsyncStream.makeStream(of: Void.self)
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step in
      guard step == .branchMoved else { return }
      continuation.finish()
      // Waiting on a stream ends at once when the task is cancelled, too.
      for await _ in cancelled {}
    }
    let asked = request
    let task = Task { try await repository.commit(change, request: asked) }
    for await _ in moved {}
    task.cancel()
    goOn.finish()
    #expect(try await task.value.landed == .branch("refs/heads/main"))
    #expect(try await scratch.git("status", "--porcelain") == "")
  }

  @Test func `a checkout that is on another branch by now keeps it`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    try await scratch.git("switch", "-q", "-c", "topic")
    let receipt = try await repository.commit(change, request: scratch.request(on: tip))
    guard case .side(_, .headElsewhere("refs/heads/topic"), _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(try await scratch.head("main") == tip)
  }

  @Test(arguments: ["", "one\n", "one\nTWO\n", "mine\n"])
  func
    `a file edited in the last moment is the user's, even when it is the beginning of the new one`(
      _ edited: String
    ) async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      if step == .branchMoved { try? scratch.write("a.txt", edited) }
    }
    let receipt = try await repository.commit(change, request: request)
    guard case .side(_, .localChanges, _) = receipt.landed else {
      Issue.record("landed as \(receipt.landed)")
      return
    }
    #expect(scratch.text("a.txt") == edited)
    #expect(try await scratch.head() == tip)
  }

  @Test func `side branches of the same name get numbers`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.landing = .side
    _ = try await repository.commit(change, request: request)
    let second = try await repository.commit(change, request: request)
    #expect(
      second.landed
        == .side(
          name: "countersign-main-change-2", reason: .asked,
          mergeCommand: "git merge countersign-main-change-2"))
    #expect(try await scratch.head() == tip)
  }

  @Test(arguments: CommitStep.allCases)
  func `I15: whatever step a crash cuts off at, the repository is as before or as after`(
    step: CommitStep
  ) async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      contents: ["a.txt": "one\nTWO\nthree\n", "other.txt": nil, "new.txt": "new\n"])
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { current throws(CommitError) in
      if current == step { throw .interrupted(step) }
    }
    let before = try await scratch.userState()
    await #expect(throws: CommitError.interrupted(step)) {
      try await repository.commit(change, request: request)
    }
    try await scratch.fsck()
    let hasMoved = [.branchMoved, .filesUpdated, .landingMarked].contains(step)
    let reopened = try await scratch.repository()
    let journal = request.journalDirectory
    let recovery = try await reopened.finishLanding(journalDirectory: journal)
    let head = try await scratch.head()
    #expect((head != tip) == hasMoved)
    switch step {
    case .journalWritten:
      guard case .nothingMoved = recovery else {
        Issue.record("recovered as \(String(describing: recovery))")
        return
      }
    case .branchMoved, .filesUpdated, .landingMarked:
      #expect(recovery == .finished(commit: head))
      #expect(
        try await reopened.finishLanding(journalDirectory: journal) == .finished(commit: head))
      try Repository.endLanding(journalDirectory: journal)
    case .treeWritten, .worktreeMade, .hooksRun, .commitMade, .checked: #expect(recovery == nil)
    }
    #expect(try await reopened.finishLanding(journalDirectory: journal) == nil)
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect((scratch.text("new.txt") == "new\n") == hasMoved)
    if [.treeWritten, .worktreeMade, .hooksRun, .commitMade, .checked].contains(step) {
      #expect(try await scratch.userState() == before)
    }
    if !hasMoved {
      request.faults = CommitFaults()
      let receipt = try await reopened.commit(change, request: request)
      #expect(receipt.landed == .branch("refs/heads/main"))
    }
    try await scratch.fsck()
  }

  @Test func `I15: a landing cut off while files were written is finished, its lock removed`()
    async throws
  {
    let (scratch, repository, change, tip) = try await Scratch.prepared(
      base: ["a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n", "later.txt": "l\n"],
      contents: [
        "a.txt": "A\n", "b.txt": "B\n", "gone.txt": nil, "later.txt": nil, "n/n": "n\n", "m": "m\n",
      ])
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      if step == .branchMoved { throw .interrupted(step) }
    }
    await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: request)
    }
    // As a killed read-tree leaves it: some files done, the index not written, the lock there.
    try scratch.write("a.txt", "A\n")
    try scratch.write("n/n", "n\n")
    unlink("\(scratch.work)/gone.txt")
    try scratch.write(".git/index.lock", "half")
    let recovery = try await repository.finishLanding(journalDirectory: request.journalDirectory)
    #expect(recovery == .finished(commit: try await scratch.head()))
    #expect(try await scratch.git("status", "--porcelain") == "")
    #expect(!exists("\(scratch.work)/.git/index.lock"))
    try await scratch.fsck()
  }

  @Test func `I15: recovery overwrites nothing that was written since`() async throws {
    let (scratch, repository, change, tip) = try await Scratch.prepared()
    var request = scratch.request(on: tip)
    request.faults.checkpoint = { step throws(CommitError) in
      if step == .branchMoved { throw .interrupted(step) }
    }
    await #expect(throws: CommitError.self) {
      try await repository.commit(change, request: request)
    }
    try scratch.write("a.txt", "mine\n")
    let head = try await scratch.head()
    for _ in 0..<2 {
      let recovery = try await repository.finishLanding(journalDirectory: request.journalDirectory)
      #expect(recovery == .blocked(commit: head, paths: [RepositoryPath("a.txt")]))
      #expect(scratch.text("a.txt") == "mine\n")
    }
    try scratch.write("a.txt", "one\ntwo\nthree\n")
    let recovery = try await repository.finishLanding(journalDirectory: request.journalDirectory)
    #expect(recovery == .finished(commit: head))
    #expect(scratch.text("a.txt") == "one\nTWO\nthree\n")
  }
}
