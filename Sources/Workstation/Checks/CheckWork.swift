// The user's checks, run on exactly the tree that would be committed.

import Approval
import AuditLog
import GitStore
import Glibc
import Review

/// What running checks reports.
enum CheckReport: Sendable {
  /// The approved tree that the checks are about.
  case began(ObjectID)
  /// What runs now, in words.
  case step(String)
  case printed([UInt8])
  case result(CheckResult)
}

extension CommitWork {
  /// What the approved part makes of the base; writes its objects, guards it, and touches nothing else.
  func approvedTree(
    _ history: SessionHistory, _ ledger: DecisionLedger, journalDirectory: String
  ) async throws -> (change: ApprovedChange, tree: ObjectID) {
    let change = try await approvedChange(ledger)
    let request = try request(
      history, ledger.proposal, message: [], head: .start, journalDirectory: journalDirectory)
    return (change, try await repository.guardedTree(of: change, request: request))
  }

  /// Runs every configured check on the approved tree, the required ones first, and what fails there on the whole proposal too: so it
  /// is seen whether something is missing that was left out.
  ///
  /// Cancelling the task ends the check that runs and everything it started; those that did not begin say nothing.
  func runChecks(
    _ history: SessionHistory, _ ledger: DecisionLedger, journalDirectory: String,
    _ report: @escaping @Sendable (CheckReport) -> Void
  ) async throws {
    // What holds the commit goes first.
    let checks = surroundings.configuration.checks.sorted {
      ($0.isRequired ? 0 : 1, $0.name) < ($1.isRequired ? 0 : 1, $1.name)
    }
    guard !checks.isEmpty else {
      throw CommitRefusal(
        description:
          "No check is configured: [checks] in config.toml gives them, as name = \"command\"."
      )
    }
    report(.step("building the approved tree"))
    let (_, tree) = try await approvedTree(history, ledger, journalDirectory: journalDirectory)
    report(.began(tree))
    try PrivateDirectory.ensure(surroundings.locations.worktrees)
    let run = CheckRun(
      surroundings: surroundings, session: session, parent: ledger.proposal.baseCommit,
      gitDirectory: "\(journalDirectory)/check.git", report: report)
    let whole = ledger.proposal.tree
    var failed: [Configuration.Check] = []
    for check in checks {
      try Task.checkCancellation()
      if case .failed = try await run.run(check, on: tree, "") { failed.append(check) }
    }
    // The whole proposal holds what nobody approved: it is never run outside a sandbox, and not where something of it was rejected.
    guard surroundings.configuration.policy.isolatesChecks,
      !ledger.decisionsInForce.contains(where: { $0.verdict == .rejected })
    else { return }
    for check in failed where tree != whole {
      try Task.checkCancellation()
      _ = try await run.run(check, on: whole, " on the whole proposal")
    }
  }
}

/// One run of the checks of a session.
private struct CheckRun {
  let surroundings: Surroundings
  let session: SessionID
  /// What HEAD names where they run.
  let parent: ObjectID?
  let gitDirectory: String
  let report: @Sendable (CheckReport) -> Void

  private var worktree: Configuration.Worktree { surroundings.configuration.worktree }

  /// Runs one check in a checkout of its own: nothing that another one wrote is there.
  func run(
    _ check: Configuration.Check, on tree: ObjectID, _ suffix: String
  ) async throws -> CheckOutcome {
    report(.step("\(check.name)\(suffix)"))
    let checkout = try await surroundings.repository.checkOut(
      tree, onto: parent, worktree: surroundings.checkDirectory(of: session),
      gitDirectory: gitDirectory, scratch: surroundings.checkScratch(of: session),
      links: worktree.linkPaths.map { RepositoryPath($0) })
    // What stays behind is removed by the next run.
    defer { try? checkout.discard() }
    try Task.checkCancellation()
    let begin = ContinuousClock.now
    let (outcome, sandbox) = try await outcome(of: check, checkout, suffix)
    let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
    report(.printed(Array("\n── \(check.name)\(suffix): \(outcome.words) ──\n".utf8)))
    report(
      .result(
        CheckResult(
          name: check.name, command: check.command.arguments,
          ground: surroundings.configuration.worktree.ground, tree: tree, outcome: outcome,
          seconds: seconds, sandbox: sandbox)))
    return outcome
  }

  private func outcome(
    of check: Configuration.Check, _ checkout: TreeCheckout, _ suffix: String
  ) async throws -> (CheckOutcome, CheckSandbox) {
    var isolation = CheckIsolation.none
    let view = surroundings.sandboxView(
      worktree: checkout.worktree, writable: [checkout.gitDirectory, checkout.scratch])
    if surroundings.configuration.policy.isolatesChecks {
      do {
        isolation = try await CheckIsolation.find(
          for: view, environment: surroundings.environment)
      } catch let unavailable as CheckIsolation.Unavailable {
        return (.couldNotRun("\(unavailable)"), .none)
      }
    }
    if let setup = worktree.setupCommand {
      report(.printed(Array("── setup for \(check.name)\(suffix) ──\n".utf8)))
      let outcome = await outcome(of: setup, timeout: 3600, checkout, isolation, view)
      guard outcome == .passed else {
        return (
          outcome == .cancelled ? outcome : .couldNotRun("the setup command \(outcome.words)"),
          isolation.kind
        )
      }
      if let path = try checkout.changedFile() {
        let name = DisplayedBytes.text(of: path.bytes)
        return (.couldNotRun("the setup command changed \(name)"), isolation.kind)
      }
    }
    report(.printed(Array("── \(check.name)\(suffix) ──\n".utf8)))
    let outcome = await outcome(
      of: check.command, timeout: check.timeoutSeconds, checkout, isolation, view)
    if outcome == .passed, let path = try checkout.changedFile() {
      let name = DisplayedBytes.text(of: path.bytes)
      return (.couldNotRun("it changed \(name), so what passed is another tree"), isolation.kind)
    }
    return (outcome, isolation.kind)
  }

  private func outcome(
    of command: ConfiguredCommand, timeout: Int, _ checkout: TreeCheckout,
    _ isolation: CheckIsolation, _ view: SandboxView
  ) async -> CheckOutcome {
    // The mark tells a command that failed from a sandbox that could not be made.
    let mark = "\(checkout.scratch)/.begun"
    unlink(mark)
    let marked = ["/bin/sh", "-c", ": > \"$1\"; shift; exec \"$@\"", "sh", mark]
    let line = isolation.wrapped(marked + command.arguments, in: view)
    var program = ChildProcess(
      executable: line[0], arguments: Array(line.dropFirst()),
      environment: CheckIsolation.environment(
        surroundings.environment, scratch: checkout.scratch),
      directory: checkout.worktree)
    program.timeout = .seconds(timeout)
    program.outputLimit = 1 << 16
    program.endsGroup = true
    do throws(ChildProcessError) {
      let result = try await program.run { report(.printed($0)) }
      switch result.status {
      case .exited(0): return .passed
      case .cancelled: return .cancelled
      case .timedOut: return .timedOut(timeout)
      case .exited, .signalled:
        guard access(mark, F_OK) == 0 else {
          let words = String(decoding: result.errorOutput.prefix(300), as: UTF8.self)
          return .couldNotRun(
            words.split(separator: "\n").first.map(String.init) ?? "its sandbox could not be made")
        }
      }
      switch result.status {
      case .exited(126), .exited(127):
        return .couldNotRun("its command, or one in it, cannot be found or executed")
      case .exited(let code): return .failed(Int(code))
      case .signalled(let number): return .couldNotRun("signal \(number) ended it")
      case .timedOut, .cancelled: return .cancelled
      }
    } catch {
      return .couldNotRun("\(error)")
    }
  }
}

extension CommitWork {
  /// What sets up a commit's worktree for its hooks, in the sandbox that checks have: it runs code of the same tree.
  func setUp(of request: CommitRequest) async throws -> WorktreeSetUp? {
    guard let setup = surroundings.configuration.worktree.setupCommand else { return nil }
    guard surroundings.configuration.policy.isolatesChecks else {
      return WorktreeSetUp(command: setup.arguments)
    }
    let view = surroundings.sandboxView(worktree: request.worktreeDirectory, writable: [])
    // The worktree is made only then; the sandbox is tried on a directory that is there.
    var trial = view
    trial.worktree = String(decoding: surroundings.locations.worktrees, as: UTF8.self)
    let isolation = try await CheckIsolation.find(
      for: trial, environment: surroundings.environment)
    return WorktreeSetUp(
      command: isolation.wrapped(setup.arguments, in: view),
      environment: CheckIsolation.environment(surroundings.environment, scratch: "/tmp"))
  }
}

extension Surroundings {
  /// What programs in `worktree` see of the machine, in a sandbox.
  fileprivate func sandboxView(worktree: String, writable: [String]) -> SandboxView {
    SandboxView(
      worktree: worktree, writable: writable, checkout: repository.workDirectory,
      repository: repository.commonDirectory, homes: SandboxView.homes(environment),
      keyFiles: configuration.keyFiles)
  }
}

extension Configuration {
  /// The files with keys that it names.
  fileprivate var keyFiles: [String] {
    var files = endpoints.compactMap(\.clientKey) + [commit.signingKey].compactMap(\.self)
    for endpoint in endpoints {
      if case .file(let path)? = endpoint.keySource { files.append(path) }
    }
    return files.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Configuration.Worktree {
  /// What a check stands on besides its tree: setup and links, as words.
  var ground: [String] {
    (setupCommand.map { ["setup"] + $0.arguments } ?? [])
      + linkPaths.map { "link " + String(decoding: $0, as: UTF8.self) }
  }
}

// MARK: - What was found

extension CommitWork {
  /// The configured checks with what the ledger says of `tree`.
  func plannedChecks(_ history: SessionHistory, tree: ObjectID?) -> [PlannedCheck] {
    let isIsolated = surroundings.configuration.policy.isolatesChecks
    return surroundings.configuration.checks.map { check in
      func last(on tree: ObjectID?) -> CheckResult? {
        let results = history.checks.filter {
          $0.tree == tree && $0.name == check.name && $0.command == check.command.arguments
            && $0.ground == surroundings.configuration.worktree.ground
            // What ran without a sandbox says nothing where one is asked for.
            && !(isIsolated && $0.outcome == .passed && $0.sandbox == .none)
        }
        // A run that was broken off takes nothing back.
        return results.last { $0.outcome.isVerdict } ?? results.last
      }
      let whole = history.ledger?.proposal.tree
      return PlannedCheck(
        name: check.name, isRequired: check.isRequired, result: last(on: tree),
        onProposal: whole == tree ? nil : last(on: whole))
    }
  }
}
