// From the ledger to a commit.

import Approval
import Digest
import AuditLog
import Diffing
import GitStore
import Glibc
import Review
import Scanner

/// Plans and makes the commit of one session.
struct CommitWork: Sendable {
  let surroundings: Surroundings
  let session: SessionID

  var repository: Repository { surroundings.repository }
  var settings: Configuration.Commit { surroundings.configuration.commit }

  /// What is about to be committed, for the ledger: the record that the commit then names.
  func approval(
    _ history: SessionHistory, _ ledger: DecisionLedger, journalDirectory: String
  ) async throws -> ApprovalRecord {
    try await repository.refuseUnendedLanding(
      journalDirectory: journalDirectory, isRecorded: false)
    let (approved, tree) = try await approvedTree(
      history, ledger, journalDirectory: journalDirectory)
    let files = try await repository.changes(from: ledger.proposal.baseTree, to: tree)
    if let refusal = try await refusal(
      history, ledger, plannedChecks(history, tree: tree), paths: files.map(\.path))
    {
      throw refusal
    }
    var blobs: [ObjectID: [UInt8]] = [:]
    for state in files.flatMap({ [$0.old, $0.new] }) {
      guard let state, state.mode != .submodule, blobs[state.blob] == nil else { continue }
      blobs[state.blob] = try await repository.content(of: state.blob)
    }
    let paths = Set(files.map(\.path))
    return ApprovalRecord(
      history, proposal: ledger.proposal, tree: tree,
      decisions: try CommittedDecisions.of(approved.decisions, on: files) { blobs[$0] ?? [] },
      acknowledged: history.acknowledged.map {
        ApprovalRecord.Acknowledgement(rule: $0.rule, path: RepositoryPath($0.path))
      }.filter { paths.contains($0.path) })
  }

  /// Keeps the approval as a note on its commit, unless the configuration says no.
  func keepNote(
    _ record: ChainRecord, signature: [UInt8]?, on commit: ObjectID
  ) async throws {
    guard settings.writesNotes else { return }
    try await repository.setNote(
      try ApprovalRecord.note(record, signature: signature), on: commit,
      under: ApprovalRecord.notesReference)
  }

  func approvedChange(_ ledger: DecisionLedger) async throws -> ApprovedChange {
    var changes: [Int: FileChange] = [:]
    let decided = Set(ledger.decisionsInForce.map(\.file.path))
    for (index, file) in ledger.proposal.files.enumerated() where decided.contains(file.path) {
      changes[index] = try await surroundings.fileChange(file)
    }
    return try ApprovedChange(folding: ledger) { index in
      guard let change = changes[index] else { throw ApprovalError.nothingApproved }
      return change
    }
  }

  /// Commits exactly what `ledger` approves, whose tree was recorded as `tree`.
  func commit(
    _ history: SessionHistory, _ ledger: DecisionLedger, message: [UInt8], tree: ObjectID,
    head: ChainHead, journalDirectory: String, _ report: @escaping @Sendable (Event) -> Void
  ) async throws -> CommitReport {
    let approved = try await approvedChange(ledger)
    try repository.removeStaleAnchorLocks(session: session.text)
    var request = try request(
      history, ledger.proposal, message: message, head: head, journalDirectory: journalDirectory)
    request.recordedTree = tree
    request.setUp = try await setUp(of: request)
    let receipt = try await repository.commit(approved, request: request) { event in
      for event in Self.events(event) { report(event) }
    }
    var report = CommitReport(
      outcome: Self.outcome(receipt, request.landing, following: .nothingToDo),
      tree: receipt.tree, troubles: receipt.troubles.map(\.description))
    // Only a branch that has moved has what the files are to follow.
    guard case .branch = receipt.landed else { return report }
    do {
      report.outcome = Self.outcome(
        receipt, request.landing,
        following: try await followHooks(history, scratchDirectory: journalDirectory))
    } catch {
      report.troubles.append("Your files could not be given what the hook made: \(error)")
    }
    return report
  }

  func request(
    _ history: SessionHistory, _ proposal: Proposal, message: [UInt8], head: ChainHead,
    journalDirectory: String
  ) throws -> CommitRequest {
    let start = history.start
    let worktrees = surroundings.locations.worktrees
    try PrivateDirectory.ensure(worktrees)
    var request = CommitRequest(
      session: session.text, message: message, branch: start.branch,
      expectedTip: proposal.baseCommit, slug: Self.slug(start.title),
      worktreeDirectory: surroundings.worktreeDirectory(of: session),
      journalDirectory: journalDirectory)
    request.isFromEditor = true
    request.needsExpectedTip = needsUntouchedTip(start)
    request.linkPaths = surroundings.configuration.worktree.linkPaths.map { RepositoryPath($0) }
    request.ownKeys = [Self.recordKey]
    request.landing = landing(start)
    let record = head.digest.map { "\(session.text)/\(head.count - 1) sha256:\($0.hex)" }
    for line in trailers(history, record: record) {
      let parts = line.split(separator: ":", maxSplits: 1)
      request.trailers.append(
        CommitTrailer(key: String(parts[0]), value: String(parts[1].dropFirst())))
    }
    return request
  }

  /// The key of the line that names the record of the approvals.
  private static let recordKey = "Countersign-Record"

  /// The lines that go at the end of the message, as `key: value`.
  func trailers(_ history: SessionHistory, record: String?) -> [String] {
    guard settings.addsTrailers else { return [] }
    var trailers: [String] = []
    trailers += history.models.map { "Assisted-by: countersign:\(Self.oneLine($0))" }
    if let record { trailers.append("\(Self.recordKey): \(record)") }
    return trailers
  }

  /// A few words of the title for a branch name.
  static func slug(_ title: String) -> String {
    var slug = ""
    for character in title.lowercased().unicodeScalars {
      if character.isASCII, character.properties.isAlphabetic || ("0"..."9").contains(character) {
        slug.unicodeScalars.append(character)
      } else if !slug.isEmpty, slug.last != "-" {
        slug.append("-")
      }
      if slug.utf8.count >= 32 { break }
    }
    while slug.last == "-" { slug.removeLast() }
    return slug.isEmpty ? "change" : slug
  }

  /// Printable ASCII of `text`, everything else as a blank, none at the ends, where git would cut it off: what ends up in a commit message
  /// must be harmless in every `git log`.
  private static func oneLine(_ text: String) -> String {
    text.unicodeScalars.split { !(0x21..<0x7F).contains($0.value) }.map(String.init)
      .joined(separator: " ")
  }

  private static func outcome(
    _ receipt: CommitReceipt, _ wish: LandingWish, following: HookFollowing
  ) -> CommitOutcome {
    let files =
      switch following {
      case .nothingToDo: "your files are as they were."
      case .followed(let count):
        "\(count) of your files \(count == 1 ? "has" : "have") what the hook made, the others are as they were."
      case .left(let paths):
        "your files are as they were, without what the hook made: "
          + paths.prefix(3).map { oneLine(String(decoding: $0.bytes, as: UTF8.self)) }
          .joined(separator: ", ") + " changed since the review began."
      }
    return switch receipt.landed {
    case .branch(let name):
      CommitOutcome(
        commit: receipt.commit,
        landed: "It is on \(shortName(name)); "
          + (receipt.hasFilesBehind
            ? "your checkout does not have it yet."
            : [.inPlace, .inIndex].contains(wish)
              ? files : "your checkout has it."),
        next: [
          "git show \(receipt.commit.short)", "git status",
          "countersign verify \(receipt.commit.short)",
        ])
    case .side(let name, let reason, let merge):
      CommitOutcome(
        commit: receipt.commit, landed: "It is on the branch \(name): \(words(reason))",
        // The files may hold the change already, where a merge would have to write it.
        next: ["git show \(receipt.commit.short)"]
          + ([.inPlace, .inIndex].contains(wish) || reason.isLocal
            ? ["git stash --include-untracked", merge, "git stash pop"] : [merge]))
    }
  }

  private static func words(_ reason: SideReason) -> String {
    switch reason {
    case .asked: "nothing of yours has moved."
    case .tipMoved: "your branch has moved since the base; review it there and merge."
    case .headElsewhere(let name): "\(name) is checked out now; merge when you are back."
    case .localChanges(let words):
      "your checkout has changes of its own in the way (\(oneLine(words))); nothing of them was touched."
    case .symlinkInTheWay(let path):
      "\(String(decoding: path.bytes, as: UTF8.self)) is reached through a link in your checkout; nothing was written through it."
    }
  }

  private static func events(_ event: CommitEvent) -> [Event] {
    switch event {
    case .preparing: [.commitProgressed("building the approved tree")]
    case .hookStarted(let name): [.commitProgressed("the \(Repository.words(ofHook: name)) runs")]
    case .hookOutput(_, let bytes): [.commitPrinted(bytes)]
    case .hookEnded(let name, _): [.commitProgressed("after the \(Repository.words(ofHook: name))")]
    case .hookNotExecutable(let path):
      [.commitPrinted(Array("\(path) is not executable and is left out, as git does.\n".utf8))]
    case .signing: [.commitProgressed("signing")]
    case .landing: [.commitProgressed("landing")]
    }
  }
}

extension SideReason {
  /// Whether changes in the checkout are what is in the way, and would be in the way of a merge too.
  fileprivate var isLocal: Bool { if case .localChanges = self { true } else { false } }
}
