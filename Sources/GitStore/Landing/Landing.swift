// The last phase: the branch moves by compare-and-swap, then index and files follow, under a journal.

import Approval
import Glibc

/// The name git gives to no object.
let absentObject = String(repeating: "0", count: 40)

extension Repository {
  /// Moves the user's branch to a checked commit, or puts it on a side branch when that is not possible without loss.
  ///
  /// Once begun it is not cancelled.
  ///
  /// - Throws: `.indexLocked` and `.landingRefused` with nothing moved, to be tried again; `.halfLanded` keeps the journal.
  package func land(
    _ commit: CheckedCommit, of prepared: PreparedCommit,
    events: @escaping @Sendable (CommitEvent) -> Void = { _ in }
  ) async throws(CommitError) -> CommitReceipt {
    guard !Task.isCancelled else { throw .cancelled }
    events(.landing)
    let landed: Landed
    if let reason = try await obstacle(to: commit, of: prepared) {
      landed = try await landBeside(commit, prepared, reason)
    } else {
      landed = try await landOnBranch(commit, prepared)
    }
    if case .branch = landed { try await runPostCommit(prepared, events) }
    try committing { () throws(GitError) in try prepared.checkout.discard() }
    return CommitReceipt(commit: commit.id, tree: commit.tree, landed: landed)
  }

  // MARK: On the branch

  private func obstacle(
    to commit: CheckedCommit, of prepared: PreparedCommit
  ) async throws(CommitError) -> SideReason? {
    let request = prepared.request
    if request.landing == .side { return .asked }
    if let operation = store.operation() { throw .operationInProgress(operation) }
    let head = try committing { () throws(GitError) in try store.head() }
    let tip = try committing { () throws(GitError) in try store.target(of: request.branch) }
    guard head.target == request.branch else { return .headElsewhere(head.target) }
    guard tip == request.expectedTip else { return .tipMoved(to: tip) }
    let lock = "\(gitDirectory)/index.lock"
    guard access(lock, F_OK) != 0 else { throw .indexLocked(path: lock) }
    // Nothing is written to the files then.
    guard request.landing != .inPlace, request.landing != .inIndex else { return nil }
    let checkout = try committing { () throws(GitError) in
      try BeneathDirectory(opening: workDirectory)
    }
    for file in prepared.change.files {
      let standing = try committing { () throws(GitError) in try checkout.standing(of: file.path) }
      if case .blocked(let path) = standing { return .symlinkInTheWay(path) }
    }
    let trial: ChildResult
    do throws(GitError) {
      // Exit code 1 only says that there are modified files, as there may be.
      let refresh = git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain)
      _ = try await git.result(of: refresh)
      trial = try await moveFiles(prepared.change.proposal.baseTree, commit.tree, isTrial: true)
    } catch {
      throw .git(error)
    }
    if trial.status == .exited(0) { return nil }
    guard access(lock, F_OK) != 0 else { throw .indexLocked(path: lock) }
    return .localChanges(trial.message)
  }

  private func landOnBranch(
    _ commit: CheckedCommit, _ prepared: PreparedCommit
  ) async throws(CommitError) -> Landed {
    let request = prepared.request
    let oldTree = prepared.change.proposal.baseTree
    let journal = LandingJournal(
      branch: request.branch, old: request.expectedTip, new: commit.id, oldTree: oldTree,
      newTree: commit.tree, manner: Self.manner(request.landing))
    try committing { () throws(GitError) in try journal.write(in: request.journalDirectory) }
    try await request.faults.checkpoint(.journalWritten)
    do throws(GitError) {
      try await moveReference(
        request.branch, from: request.expectedTip, to: commit.id,
        message: try reflogMessage(of: commit.id))
    } catch {
      // Whatever git said, the ref tells whether it moved.
      let tip = try committing { () throws(GitError) in try store.target(of: request.branch) }
      if tip != commit.id {
        try removeJournal(request)
        guard tip == request.expectedTip else {
          return try await landBeside(commit, prepared, .tipMoved(to: tip))
        }
        guard case .command(_, _, let message) = error else { throw .git(error) }
        throw .landingRefused(message)
      }
    }
    try await request.faults.checkpoint(.branchMoved)
    if let message = try await messageOfFailedMove(commit, journal, request) {
      return try await takeBack(commit, prepared, because: message)
    }
    try await request.faults.checkpoint(.filesUpdated)
    try removeJournal(request)
    try await request.faults.checkpoint(.journalRemoved)
    return .branch(request.branch)
  }

  private static func manner(_ wish: LandingWish) -> LandingJournal.Manner {
    switch wish {
    case .branch, .side: .moving
    case .inPlace: .inPlace
    case .inIndex: .inIndex
    }
  }

  private func removeJournal(_ request: CommitRequest) throws(CommitError) {
    try committing { () throws(GitError) in
      try LandingJournal.remove(in: request.journalDirectory)
    }
  }

  /// Brings index and files to the commit; returns git's words when nothing of them was changed because something is in the way.
  private func messageOfFailedMove(
    _ commit: CheckedCommit, _ journal: LandingJournal, _ request: CommitRequest
  ) async throws(CommitError) -> String? {
    do throws(GitError) {
      if journal.manner != .moving {
        try await followInIndex(journal, scratchDirectory: request.journalDirectory)
        return nil
      }
      let moved = try await moveFiles(journal.oldTree, journal.newTree)
      switch moved.status {
      case .exited(0): return nil
      case .exited:
        if access("\(gitDirectory)/index.lock", F_OK) == 0 { return moved.message }
        let blocked = try await completeFiles(journal, request.journalDirectory)
        return blocked.isEmpty ? nil : moved.message
      case .signalled, .timedOut, .cancelled:
        throw .command(arguments: ["read-tree"], status: moved.status, message: moved.message)
      }
    } catch {
      // The journal stays: the next start finishes what may be half done.
      throw .halfLanded(commit: commit.id, message: "\(error)")
    }
  }

  /// The files changed between trial and landing: the branch goes back, the commit to a side branch.
  private func takeBack(
    _ commit: CheckedCommit, _ prepared: PreparedCommit, because message: String
  ) async throws(CommitError) -> Landed {
    let request = prepared.request
    do throws(GitError) {
      try await moveReference(
        request.branch, from: commit.id, to: request.expectedTip,
        message: "countersign: taken back, local changes in the way")
      try LandingJournal.remove(in: request.journalDirectory)
    } catch {
      throw .halfLanded(commit: commit.id, message: "\(message) (\(error))")
    }
    return try await landBeside(commit, prepared, .localChanges(message))
  }

  /// Brings index and files of the checkout from one tree to another, as switching would; refuses before touching anything.
  func moveFiles(
    _ old: ObjectID, _ new: ObjectID, isTrial: Bool = false
  ) async throws(GitError) -> ChildResult {
    let options = isTrial ? ["-n", "-m", "-u"] : ["-m", "-u"]
    return try await git.result(
      of: git.program(["read-tree"] + options + [old.hex, new.hex], in: workDirectory, .plain))
  }

  func moveReference(
    _ name: String, from old: ObjectID?, to new: ObjectID?, message: String
  ) async throws(GitError) {
    let update = ["-c", "core.fsync=all", "update-ref", "-m", message]
    let target = new.map { [name, $0.hex] } ?? ["-d", name]
    _ = try await git.text(
      update + target + [old?.hex ?? absentObject], in: workDirectory, .plain)
  }

  private func reflogMessage(of commit: ObjectID) throws(GitError) -> String {
    let summary = try store.commit(commit).summary
    return "countersign: " + String(decoding: summary.prefix(200), as: UTF8.self)
  }

  // MARK: Beside the branch

  private func landBeside(
    _ commit: CheckedCommit, _ prepared: PreparedCommit, _ reason: SideReason
  ) async throws(CommitError) -> Landed {
    let request = prepared.request
    let branch =
      request.branch.hasPrefix("refs/heads/")
      ? String(request.branch.dropFirst("refs/heads/".count)) : "detached"
    let stem = "countersign-\(branch.replacing("/", with: "-"))-\(request.slug)"
    for number in 1...1_000 {
      let name = number == 1 ? stem : "\(stem)-\(number)"
      let reference = "refs/heads/\(name)"
      do throws(GitError) {
        guard try store.target(of: reference) == nil else { continue }
        try await moveReference(
          reference, from: nil, to: commit.id, message: try reflogMessage(of: commit.id))
      } catch .command(_, _, let message) {
        throw .landingRefused(message)
      } catch {
        throw .git(error)
      }
      let unrelated = request.expectedTip == nil ? "--allow-unrelated-histories " : ""
      return .side(name: name, reason: reason, mergeCommand: "git merge \(unrelated)\(name)")
    }
    throw .landingRefused("there are too many branches named \(stem)")
  }

  // MARK: Afterwards

  /// The commit stands whatever post-commit says; its end is an event.
  private func runPostCommit(
    _ prepared: PreparedCommit, _ events: @escaping @Sendable (CommitEvent) -> Void
  ) async throws(CommitError) {
    let name = "post-commit"
    guard access("\(prepared.hooksDirectory)/\(name)", X_OK) == 0 else { return }
    events(.hookStarted(name))
    var program = git.program(
      ["hook", "run", "--ignore-missing", name], in: workDirectory, .users,
      setting: ["GIT_INDEX_FILE": "\(gitDirectory)/index", "GIT_EDITOR": ":", "GIT_PREFIX": ""])
    program.timeout = prepared.request.hookTimeout
    program.outputLimit = 1 << 20
    if let terminal = prepared.request.terminal { program.terminal = .standard(terminal) }
    do throws(ChildProcessError) {
      let result = try await program.run { events(.hookOutput(name, $0)) }
      events(.hookEnded(name, result.status))
    } catch {
      throw .git(.child(error))
    }
  }
}
