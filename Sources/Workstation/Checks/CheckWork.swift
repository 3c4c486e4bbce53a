// The user's checks, run on exactly the tree that would be committed.

import Approval
import AuditLog
import GitStore
import Glibc
import Review

/// What running checks reports.
enum CheckReport: Sendable {
  /// What runs now, in words.
  case step(String)
  case printed([UInt8])
  case result(CheckResult)
}

/// Why no check of a run could begin, in a sentence.
struct CheckProblem: Error, CustomStringConvertible {
  let description: String
}

extension CommitWork {
  private var checks: [Configuration.Check] { surroundings.configuration.checks }

  /// What the approved part makes of the base; writes its objects, guards it, and touches nothing else.
  func approvedTree(
    _ start: SessionStart, _ ledger: DecisionLedger, journalDirectory: String
  ) async throws -> (change: ApprovedChange, tree: ObjectID) {
    let change = try await approvedChange(ledger)
    let request = try request(
      start, ledger.proposal, message: [], head: .start, journalDirectory: journalDirectory)
    return (change, try await repository.guardedTree(of: change, request: request))
  }

  /// Runs every configured check on the approved tree, in the order of their names, and what fails there on the whole proposal too: so it
  /// is seen whether something is missing that was left out.
  ///
  /// Cancelling the task ends the check that runs and everything it started.
  func runChecks(
    _ start: SessionStart, _ ledger: DecisionLedger, journalDirectory: String,
    _ report: @escaping @Sendable (CheckReport) -> Void
  ) async throws {
    guard !checks.isEmpty else {
      throw CheckProblem(
        description:
          "No check is configured: give them in the table [checks] of config.toml, as name = \"command\"."
      )
    }
    report(.step("building the approved tree"))
    let (_, tree) = try await approvedTree(start, ledger, journalDirectory: journalDirectory)
    var failed: [Configuration.Check] = []
    try await run(checks, on: tree, ledger, journalDirectory, "", report) { check, outcome in
      if case .failed = outcome { failed.append(check) }
    }
    guard !failed.isEmpty, tree != ledger.proposal.tree, !Task.isCancelled else { return }
    try await run(
      failed, on: ledger.proposal.tree, ledger, journalDirectory, " on the whole proposal", report
    ) { _, _ in }
  }

  private func run(
    _ checks: [Configuration.Check], on tree: ObjectID, _ ledger: DecisionLedger,
    _ journalDirectory: String, _ suffix: String,
    _ report: @escaping @Sendable (CheckReport) -> Void,
    _ ended: (Configuration.Check, CheckOutcome) -> Void
  ) async throws {
    let place = try place(journalDirectory)
    let checkout = try await repository.checkOut(
      tree, onto: ledger.proposal.baseCommit, worktree: place.worktree,
      gitDirectory: place.gitDirectory, scratch: place.scratch,
      links: surroundings.configuration.worktree.linkPaths.map { RepositoryPath($0) })
    // What stays behind is removed by the next run.
    defer { try? checkout.discard() }
    guard let isolation = await isolation(at: place) else {
      let reason =
        "they run code that a model wrote, and neither bubblewrap nor namespaces of the kernel can keep it apart here; install bubblewrap, or set isolate_checks = false in [policy]"
      for check in checks {
        report(.result(result(check, tree, .couldNotRun(reason), seconds: 0, nil)))
        ended(check, .couldNotRun(reason))
      }
      return
    }
    if let setup = surroundings.configuration.worktree.setupCommand {
      report(.step("setting up\(suffix)"))
      let outcome = await outcome(of: setup, timeout: 3600, checkout, place, isolation, report)
      guard outcome == .passed else {
        let reason = "the setup command \(outcome.words)"
        for check in checks {
          let outcome = outcome == .cancelled ? outcome : .couldNotRun(reason)
          report(.result(result(check, tree, outcome, seconds: 0, isolation)))
          ended(check, outcome)
        }
        return
      }
    }
    for check in checks {
      guard !Task.isCancelled else {
        report(.result(result(check, tree, .cancelled, seconds: 0, isolation)))
        continue
      }
      report(.step("\(check.name)\(suffix)"))
      report(.printed(Array("── \(check.name)\(suffix) ──\n".utf8)))
      let begin = ContinuousClock.now
      let outcome = await outcome(
        of: check.command, timeout: check.timeoutSeconds, checkout, place, isolation, report)
      let seconds = Int((ContinuousClock.now - begin) / .seconds(1))
      report(.result(result(check, tree, outcome, seconds: seconds, isolation)))
      ended(check, outcome)
    }
  }

  private func isolation(at place: CheckPlace) async -> CheckIsolation? {
    guard surroundings.configuration.policy.isolatesChecks else { return CheckIsolation.none }
    return await CheckIsolation.find(at: place, environment: surroundings.environment)
  }

  private func outcome(
    of command: ConfiguredCommand, timeout: Int, _ checkout: TreeCheckout, _ place: CheckPlace,
    _ isolation: CheckIsolation, _ report: @escaping @Sendable (CheckReport) -> Void
  ) async -> CheckOutcome {
    // The shell says of a program that is not there what the isolation would not.
    let shelled = ["/bin/sh", "-c", "exec \"$@\"", "sh"] + command.arguments
    let line = isolation.wrapped(shelled, at: place)
    var program = ChildProcess(
      executable: line[0], arguments: Array(line.dropFirst()),
      environment: CheckIsolation.environment(surroundings.environment, at: place)
        .merging(checkout.variables) { _, new in new },
      directory: place.worktree)
    program.timeout = .seconds(timeout)
    program.outputLimit = 1 << 20
    do throws(ChildProcessError) {
      let result = try await program.run { report(.printed($0)) }
      switch result.status {
      case .exited(0): return .passed
      case .exited(126), .exited(127):
        return .couldNotRun("its command cannot be found or executed")
      case .exited(let code): return .failed(Int(code))
      case .signalled(let number): return .couldNotRun("signal \(number) ended it")
      case .timedOut: return .timedOut(timeout)
      case .cancelled: return .cancelled
      }
    } catch {
      return .couldNotRun("\(error)")
    }
  }

  private func result(
    _ check: Configuration.Check, _ tree: ObjectID, _ outcome: CheckOutcome, seconds: Int,
    _ isolation: CheckIsolation?
  ) -> CheckResult {
    CheckResult(
      name: check.name, command: check.command.arguments, tree: tree, outcome: outcome,
      seconds: seconds, isolation: isolation?.words ?? "")
  }

  /// Directories of this session's checks, apart from those of its commit.
  private func place(_ journalDirectory: String) throws -> CheckPlace {
    let worktrees = surroundings.locations.worktrees
    try PrivateDirectory.ensure(worktrees)
    let base = surroundings.worktreeDirectory(of: session)
    return CheckPlace(
      worktree: "\(base)-check", gitDirectory: "\(journalDirectory)/check.git",
      scratch: "\(base)-check-scratch", checkout: repository.workDirectory,
      repository: repository.commonDirectory)
  }

  // MARK: What was found

  /// The configured checks with what the ledger says of `tree`.
  func plannedChecks(_ history: SessionHistory, tree: ObjectID?) -> [PlannedCheck] {
    checks.map { check in
      func last(on tree: ObjectID?) -> CheckResult? {
        history.checks.last {
          $0.tree == tree && $0.name == check.name && $0.command == check.command.arguments
        }
      }
      let whole = history.ledger?.proposal.tree
      return PlannedCheck(
        name: check.name, isRequired: check.isRequired, result: last(on: tree),
        onProposal: whole == tree ? nil : last(on: whole))
    }
  }

  /// Refuses a tree of which a required check has not said that it passes.
  func requirePassedChecks(_ history: SessionHistory, tree: ObjectID) throws {
    if let obstacle = plannedChecks(history, tree: tree).compactMap(\.obstacle).first {
      throw CheckProblem(description: "\(obstacle).")
    }
  }
}
