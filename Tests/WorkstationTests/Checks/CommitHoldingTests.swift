// What holds a commit back besides the approvals: checks and policy, below the screens.

import TestSupport
import Approval
import AuditLog
import Diffing
import GitStore
import Glibc
import Review
import Testing

@testable import Workstation

/// A repository in which one file of bytes changed, approved as a whole, or one of two lines, in a session of its own.
private struct ApprovedSession {
  let work: CommitWork
  let store: SessionStore
  let id: SessionID
  let scratch: Scratch
  private let ledger: DecisionLedger
  private let edit: EditScript?

  init(_ configuration: Configuration, ofLines: Bool = false) async throws {
    scratch = Scratch()
    let script = """
      set -e
      git init -q -b main "$1" && cd "$1"
      printf "$2" > bytes && git add bytes && git commit -q -m base
      git switch -q -c side && printf "$3" > bytes && git commit -q -a -m change
      git switch -q main
      """
    let surroundings = try await scratch.surroundings(
      of: script, ofLines ? ["a\\n", "b\\n"] : ["a\\0b", "c\\0d"], configuration)
    store = surroundings.makeStore()
    let session = try await ReviewSource(surroundings: surroundings)
      .session(ofRevision: "main..side")
    id = session.start.id
    try store.create(session)
    let file = try #require(session.round.proposal.files.first)
    var ledger = DecisionLedger(proposal: session.round.proposal)
    let diff = try await surroundings.fileChange(file).diff
    edit = diff.map { $0.editScript(of: .all(of: $0)) }
    let unit =
      if let diff, let edit {
        DecisionUnit.lines(edit, digest: LinesDigest.of(edit, old: diff.old, new: diff.new))
      } else { DecisionUnit.whole }
    let decision = LedgerEntry.decision(
      DecisionRecord(
        sequence: ledger.nextSequence, file: file, unit: unit, verdict: .approved, reason: ""))
    try ledger.append(decision)
    try store.append(id, [.entry(decision)])
    self.ledger = ledger
    work = CommitWork(surroundings: surroundings, session: id)
  }

  func approval() async throws -> ApprovalRecord {
    try await work.approval(
      try store.history(of: id), ledger, journalDirectory: store.journalDirectory(of: id))
  }

  func tree() async throws -> ObjectID {
    try await work.approvedTree(
      try store.history(of: id), ledger, journalDirectory: store.journalDirectory(of: id)
    ).tree
  }

  func recordShown() throws {
    let path = try #require(ledger.proposal.files.first).path
    try store.append(id, [.shown(path, try #require(edit), columns: 120, rows: 36)])
  }

  func record(_ result: CheckResult) throws {
    try store.append(id, kind: "check", body: .check(result))
  }
}

struct CommitHoldingTests {
  private func result(
    _ tree: ObjectID, _ outcome: CheckOutcome, name: String = "test", line: String = "make test",
    sandbox: CheckSandbox = .bubblewrap, ground: [String] = []
  ) -> CheckResult {
    CheckResult(
      name: name, command: ["/bin/sh", "-c", line], ground: ground, tree: tree, outcome: outcome,
      seconds: 1,
      sandbox: sandbox)
  }

  private func configuration(isRequired: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.checks = [
      Configuration.Check(name: "test", command: .shell("make test"), isRequired: isRequired)
    ]
    return configuration
  }

  @Test func `only a pass of that check, by that command, on that tree lets it through`()
    async throws
  {
    let session = try await ApprovedSession(configuration(isRequired: true))
    let tree = try await session.tree()
    let other = ObjectID.emptyTree
    func isHeld() async throws -> Bool {
      do {
        #expect(try await session.approval().tree == tree)
        return false
      } catch is CommitRefusal {
        return true
      }
    }
    #expect(try await isHeld())
    for wrong in [
      result(other, .passed), result(tree, .passed, name: "lint"),
      result(tree, .passed, line: "true"), result(tree, .failed(1)), result(tree, .timedOut(5)),
      result(tree, .cancelled), result(tree, .couldNotRun("no reason")),
      // The set-up was another one, and a sandbox is asked for.
      result(tree, .passed, ground: ["setup", "make"]),
      result(tree, .passed, sandbox: .none),
    ] {
      try session.record(wrong)
      #expect(try await isHeld(), "\(wrong)")
    }
    try session.record(result(tree, .passed))
    #expect(try await !isHeld())
    // A run that was broken off takes nothing back; the last word of one that was not counts.
    try session.record(result(tree, .cancelled))
    try session.record(result(tree, .couldNotRun("no reason")))
    #expect(try await !isHeld())
    try session.record(result(tree, .failed(1)))
    #expect(try await isHeld())
  }

  @Test func `a policy on what was shown holds what the ledger does not show as drawn`()
    async throws
  {
    var configuration = Configuration()
    configuration.policy.minimumShownPercent = 1
    let session = try await ApprovedSession(configuration, ofLines: true)
    let refusal = await #expect(throws: CommitRefusal.self) { try await session.approval() }
    #expect("\(try #require(refusal))".contains("0 of 2 were"))
    try session.recordShown()
    #expect(try await session.approval().tree == session.tree())
    // What is decided on as a whole has no lines to be shown.
    configuration.policy.minimumShownPercent = 100
    let whole = try await ApprovedSession(configuration)
    #expect(try await whole.approval().tree == whole.tree())
  }

  @Test func `a check that is not required holds nothing`() async throws {
    let session = try await ApprovedSession(configuration(isRequired: false))
    let tree = try await session.tree()
    try session.record(result(tree, .failed(1)))
    #expect(try await session.approval().tree == tree)
  }

  @Test(arguments: [
    CheckOutcome.passed, .failed(3), .timedOut(7), .cancelled, .couldNotRun("no <shell>\u{1B}"),
  ])
  func `what a check said is read back as it was`(outcome: CheckOutcome) async throws {
    let session = try await ApprovedSession(Configuration())
    let result = result(ObjectID.emptyTree, outcome)
    try session.record(result)
    #expect(try session.store.openHistory(of: session.id).checks == [result])
  }
}

struct SessionExpiryTests {
  @Test func `what is finished expires with its days, what is not never does`() async throws {
    var configuration = Configuration()
    configuration.policy.sessionExpiryDays = 30
    let session = try await ApprovedSession(configuration)
    let purging = SessionPurging(session.work.surroundings)
    let now = Int(time(nil))
    let (month, year) = (30 * 86_400, 365 * 86_400)
    session.store.close(session.id)
    #expect(await purging.purgeExpired(now: now + year).purged.isEmpty)
    try session.store.setDiscarded(session.id, true)
    #expect(await purging.purgeExpired(now: now + month - 60).purged.isEmpty)
    // What a crash left of another purge goes too.
    let left = String(decoding: session.store.directory, as: UTF8.self) + "/.purged-other"
    #expect(mkdir(left, 0o700) == 0)
    let (purged, problems) = await purging.purgeExpired(now: now + month + 60)
    #expect(purged == [session.id] && problems.isEmpty, "\(problems)")
    #expect(session.store.ids.isEmpty && access(left, F_OK) != 0)
    #expect(try await session.work.repository.anchors(session: session.id.text).isEmpty)
  }

  @Test func `one that is open elsewhere is left and said`() async throws {
    var configuration = Configuration()
    configuration.policy.sessionExpiryDays = 1
    let session = try await ApprovedSession(configuration)
    try session.store.append(session.id, kind: "discarded", body: [:])
    let (purged, problems) = await SessionPurging(session.work.surroundings)
      .purgeExpired(now: Int(time(nil)) + 10 * 86_400)
    #expect(purged.isEmpty && problems.count == 1 && session.store.ids == [session.id])
  }
}

struct PathPatternTests {
  private static let patterns = [
    "infra/", "infra", "*.key", "/infra", "src/*.swift", "src/**/x", "deploy/**", "a?c",
    "[ab].txt", "[!a].txt", "[a-c]?", "**/*.pem", "src/**/*.swift", "a/*/b/**", "**/x", "x/**/y/*",
    "*", "a*b*c", "\\*.txt", "**", "src/", "/*", "*/b", "[]a]", "deploy/**/", "a/**/b",
  ]

  private static let paths = [
    "infra/a/b.tf", "infra", "src/infra/x", "infra2/x", "a/b/server.key", "server.key",
    "src/a.swift",
    "src/a/b.swift", "src/a/b/x", "src/x", "deploy/a/b", "deploys/a", "abc", "a/abc", "b.txt",
    "c.txt", "d/b.txt", "ab", "server.pem", "a/x/b/c", "a/x/y/b/c", "a/b/c", "x", "d/x/e", "x/y/z",
    "x/a/y/z", "x/y", "aXbYc", "*.txt", "a/b", "a/z/b", "]", "src", "deploy", "ü/x",
  ]

  @Test func `patterns match as git's own do`() async throws {
    let scratch = Scratch()
    let directory = scratch.text("repo")
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": scratch.text("home"), "GIT_CONFIG_NOSYSTEM": "1",
    ]
    for pattern in Self.patterns {
      let script = """
        set -e
        rm -rf "$1" && git init -q "$1" && cd "$1"
        printf '%s\\n' "$2" > .git/info/exclude
        shift 2
        git -c core.quotePath=false check-ignore --no-index -- "$@" || true
        """
      let asked = try await ChildProcess(
        executable: "/bin/sh", arguments: ["-c", script, "sh", directory, pattern] + Self.paths,
        environment: environment, directory: "/"
      ).run()
      try #require(asked.status == .exited(0))
      let ignored = Set(
        String(decoding: asked.output, as: UTF8.self).split(separator: "\n").map(String.init))
      let made = try #require(PathPattern(pattern))
      for path in Self.paths {
        #expect(
          made.matches(RepositoryPath(Array(path.utf8))) == ignored.contains(path),
          "\(pattern) and \(path)")
      }
    }
  }

  @Test(arguments: ["", "/", "//", "!x", "#x", "./infra", "a/../b"])
  func `what would match nothing is no pattern`(text: String) {
    #expect(PathPattern(text) == nil)
  }
}
