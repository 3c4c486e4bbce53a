// The last phase: the branch moves by compare-and-swap, then index and files follow, under a journal.

import Approval
import Glibc

/// The name git gives to no object.
let absentObject = String(repeating: "0", count: 40)

extension Repository {
  /// Moves the user's branch to a checked commit, or puts it on a side branch when that is not possible without loss.
  ///
  /// Once begun it is not cancelled, and from the moment a ref names the commit nothing is thrown: what goes wrong then is in the receipt.
  /// The journal stays until `endLanding`.
  ///
  /// - Throws: `.indexLocked` and `.landingRefused` with nothing moved, to be tried again; `.landingUnknown`.
  package func land(
    _ commit: CheckedCommit, of prepared: PreparedCommit,
    events: @escaping @Sendable (CommitEvent) -> Void = { _ in }
  ) async throws(CommitError) -> CommitReceipt {
    guard !Task.isCancelled else { throw .cancelled }
    events(.landing)
    try refuseUnendedLanding(
      journalDirectory: prepared.request.journalDirectory, isRecorded: true)
    var receipt: CommitReceipt
    if let reason = try await obstacle(to: commit, of: prepared) {
      receipt = try await landBeside(commit, prepared, reason)
    } else {
      receipt = try await landOnBranch(commit, prepared)
    }
    if case .branch = receipt.landed, receipt.troubles.isEmpty {
      do throws(GitError) {
        try await runPostCommit(prepared, events)
      } catch {
        receipt.troubles.append(.postCommit(error))
      }
    }
    do throws(GitError) {
      try prepared.checkout.discard()
    } catch {
      receipt.troubles.append(.cleaningUp(error))
    }
    return receipt
  }

  // MARK: On the branch

  private func obstacle(
    to commit: CheckedCommit, of prepared: PreparedCommit
  ) async throws(CommitError) -> SideReason? {
    let request = prepared.request
    if request.needsExpectedTip {
      let tip = try committing { () throws(GitError) in try store.target(of: request.branch) }
      guard tip == request.expectedTip else { throw .tipMoved(branch: request.branch, to: tip) }
    }
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
  ) async throws(CommitError) -> CommitReceipt {
    let request = prepared.request
    let oldTree = prepared.change.proposal.baseTree
    var journal = LandingJournal(
      branch: request.branch, old: request.expectedTip, new: commit.id, oldTree: oldTree,
      newTree: commit.tree, checkout: checkoutName, manner: Self.manner(request.landing))
    try committing { () throws(GitError) in try journal.write(in: request.journalDirectory) }
    try await request.faults.checkpoint(.journalWritten)
    do throws(GitError) {
      try await moveReference(
        request.branch, from: request.expectedTip, to: commit.id,
        message: try reflogMessage(of: commit.id))
    } catch {
      let tip = try tipAfterMove(of: request.branch, commit, refusal: error)
      if tip != commit.id {
        try removeJournal(request)
        guard tip == request.expectedTip else {
          guard !request.needsExpectedTip else {
            throw .tipMoved(branch: request.branch, to: tip)
          }
          return try await landBeside(commit, prepared, .tipMoved(to: tip))
        }
        guard case .command(_, _, let message) = error else { throw .git(error) }
        throw .landingRefused(message)
      }
    }
    // A hook may take it back once git has moved it.
    let tip = try tipAfterMove(of: request.branch, commit)
    guard tip != request.expectedTip else {
      try removeJournal(request)
      throw .landingRefused("a reference-transaction hook took the branch back")
    }
    try await request.faults.checkpoint(.branchMoved)
    var receipt = CommitReceipt(
      commit: commit.id, tree: commit.tree, landed: .branch(request.branch))
    let obstacle: String?
    do throws(GitError) {
      obstacle = try await messageOfFailedMove(journal, request)
      if obstacle == nil { try syncFiles(journal) }
    } catch {
      // The journal stays: the next start finishes what may be half done.
      receipt.troubles.append(.filesDidNotFollow("\(error)"))
      return receipt
    }
    if let obstacle { return try await takeBack(commit, prepared, because: obstacle) }
    try await request.faults.checkpoint(.filesUpdated)
    journal.manner = .landed
    do throws(GitError) {
      try journal.write(in: request.journalDirectory)
    } catch {
      receipt.troubles.append(.journal(error))
    }
    try await request.faults.checkpoint(.landingMarked)
    return receipt
  }

  /// One journal at a time: an earlier one whose files could not follow is the next start's.
  ///
  /// - Parameter isRecorded: whether an earlier one that has ended is on record, so that its journal may go.
  package func refuseUnendedLanding(
    journalDirectory: String, isRecorded: Bool
  ) throws(CommitError) {
    let earlier = try committing { () throws(GitError) in
      try LandingJournal.read(in: journalDirectory)
    }
    guard let earlier, !(earlier.manner.isEnded && isRecorded) else { return }
    throw .earlierLanding(commit: earlier.new)
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
    _ journal: LandingJournal, _ request: CommitRequest
  ) async throws(GitError) -> String? {
    if journal.manner != .moving {
      try await followInIndex(journal, scratchDirectory: request.journalDirectory)
      return nil
    }
    let moved = try await moveFiles(journal.oldTree, journal.newTree)
    switch moved.status {
    case .exited(0): return nil
    case .exited:
      if access("\(gitDirectory)/index.lock", F_OK) == 0 { return moved.message }
      // git looks at every file before it writes the first: any other failure, of a full disk for one, may have left half a file.
      let isRefused = Self.isRefusal(moved.message)
      let blocked = try await completeFiles(
        journal, request.journalDirectory, takesTorn: !isRefused)
      if blocked.isEmpty { return nil }
      guard isRefused else {
        throw .command(arguments: ["read-tree"], status: moved.status, message: moved.message)
      }
      return moved.message
    case .signalled, .timedOut, .cancelled:
      throw .command(arguments: ["read-tree"], status: moved.status, message: moved.message)
    }
  }

  /// Whether git's words say that something of the user's was in the way, so that it touched nothing.
  private static func isRefusal(_ message: String) -> Bool {
    ["Cannot merge", "would be overwritten", "would be removed", "would lose", "Cannot update"]
      .contains { message.contains($0) }
  }

  /// The files changed between trial and landing: the branch goes back, the commit to a side branch.
  private func takeBack(
    _ commit: CheckedCommit, _ prepared: PreparedCommit, because message: String
  ) async throws(CommitError) -> CommitReceipt {
    let request = prepared.request
    do throws(GitError) {
      try await moveReference(
        request.branch, from: commit.id, to: request.expectedTip,
        message: "countersign: taken back, local changes in the way")
    } catch {
      guard try tipAfterMove(of: request.branch, commit, refusal: error) == request.expectedTip
      else {
        return CommitReceipt(
          commit: commit.id, tree: commit.tree, landed: .branch(request.branch),
          troubles: [.filesDidNotFollow("\(message) (\(error))")])
      }
    }
    // The journal is the side branch's next; with the old one a crash in between finds the branch where it was.
    return try await landBeside(commit, prepared, .localChanges(message))
  }

  /// Brings index and files of the checkout from one tree to another, as switching would; refuses before touching anything.
  func moveFiles(
    _ old: ObjectID, _ new: ObjectID, isTrial: Bool = false
  ) async throws(GitError) -> ChildResult {
    let options = isTrial ? ["-n", "-m", "-u"] : ["-m", "-u"]
    return try await git.result(
      of: git.program(
        Self.durably + ["read-tree"] + options + [old.hex, new.hex], in: workDirectory, .plain))
  }

  /// Options for git to sync what it writes; files of the checkout it never does, see `syncFiles`.
  static let durably = ["-c", "core.fsync=all"]

  func moveReference(
    _ name: String, from old: ObjectID?, to new: ObjectID?, message: String
  ) async throws(GitError) {
    let update = Self.durably + ["update-ref", "-m", message]
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
  ) async throws(CommitError) -> CommitReceipt {
    let request = prepared.request
    let branch =
      request.branch.hasPrefix("refs/heads/")
      ? String(request.branch.dropFirst("refs/heads/".count)) : "detached"
    let stem = "countersign-\(branch.replacing("/", with: "-"))-\(request.slug)"
    for number in 1...1_000 {
      let name = number == 1 ? stem : "\(stem)-\(number)"
      let reference = "refs/heads/\(name)"
      guard try await makeBranch(reference, at: commit, prepared) else { continue }
      let unrelated = request.expectedTip == nil ? "--allow-unrelated-histories " : ""
      return CommitReceipt(
        commit: commit.id, tree: commit.tree,
        landed: .side(name: name, reason: reason, mergeCommand: "git merge \(unrelated)\(name)"))
    }
    throw .landingRefused("there are too many branches named \(stem)")
  }

  /// Makes a branch at the commit, journalled; false when there is one of that name.
  private func makeBranch(
    _ reference: String, at commit: CheckedCommit, _ prepared: PreparedCommit
  ) async throws(CommitError) -> Bool {
    let request = prepared.request
    let taken = try committing { () throws(GitError) in try store.target(of: reference) }
    guard taken == nil else { return false }
    let journal = LandingJournal(
      branch: reference, old: nil, new: commit.id, oldTree: prepared.change.proposal.baseTree,
      newTree: commit.tree, checkout: checkoutName, manner: .beside)
    try committing { () throws(GitError) in try journal.write(in: request.journalDirectory) }
    try await request.faults.checkpoint(.journalWritten)
    do throws(GitError) {
      try await moveReference(
        reference, from: nil, to: commit.id, message: try reflogMessage(of: commit.id))
    } catch {
      let tip = try tipAfterMove(of: reference, commit, refusal: error)
      guard tip != commit.id else { return true }
      try removeJournal(request)
      guard tip == nil else { return false }
      guard case .command(_, _, let message) = error else { throw .git(error) }
      throw .landingRefused(message)
    }
    guard try tipAfterMove(of: reference, commit) != nil else {
      try removeJournal(request)
      throw .landingRefused("a reference-transaction hook took the branch away")
    }
    try await request.faults.checkpoint(.branchMoved)
    return true
  }

  /// Where the ref is after git was to move it: whatever git said, that tells whether it moved.
  private func tipAfterMove(
    of reference: String, _ commit: CheckedCommit, refusal: GitError? = nil
  ) throws(CommitError) -> ObjectID? {
    do throws(GitError) {
      return try store.target(of: reference)
    } catch {
      let said = [refusal, error].compactMap { $0?.description }.joined(separator: " ")
      throw .landingUnknown(commit: commit.id, message: said)
    }
  }

  // MARK: Afterwards

  /// The commit stands whatever post-commit says; its end is an event.
  private func runPostCommit(
    _ prepared: PreparedCommit, _ events: @escaping @Sendable (CommitEvent) -> Void
  ) async throws(GitError) {
    let name = "post-commit"
    guard access("\(prepared.hooksDirectory)/\(name)", X_OK) == 0 else { return }
    events(.hookStarted(name))
    var program = git.program(
      ["hook", "run", "--ignore-missing", name], in: workDirectory, .users,
      setting: ["GIT_INDEX_FILE": "\(gitDirectory)/index", "GIT_EDITOR": ":", "GIT_PREFIX": ""])
    // The commit stands; a hook that hangs must not hold the program.
    program.isCancellable = true
    program.timeout = prepared.request.hookTimeout
    program.outputLimit = 1 << 20
    if let terminal = prepared.request.terminal { program.terminal = .standard(terminal) }
    do throws(ChildProcessError) {
      let result = try await program.run { events(.hookOutput(name, $0)) }
      events(.hookEnded(name, result.status))
    } catch {
      throw .child(error)
    }
  }
}
