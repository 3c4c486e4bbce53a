// From the ledger to a commit: the sheet's plan, then the commit itself.

import Digest
import Approval
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

  private var repository: Repository { surroundings.repository }
  private var settings: Configuration.Commit { surroundings.configuration.commit }

  // MARK: Plan

  /// What a commit would be now; touches nothing.
  func plan(
    _ start: SessionStart, _ ledger: DecisionLedger, _ acknowledged: [Finding]
  ) async throws -> CommitPlan {
    let snapshot = try await repository.snapshot()
    var files: [CommitFileLine] = []
    for (index, file) in ledger.proposal.files.enumerated() {
      let decisions = ledger.decisions(forFile: index)
      guard decisions.takesAnything else { continue }
      if let line = Self.line(try await surroundings.fileChange(file), decisions) {
        files.append(line)
      }
    }
    let destination = await destination(start, ledger.proposal, snapshot)
    return CommitPlan(
      files: files, identity: identity(snapshot),
      landing: destination.sentence, hooks: try await repository.hooksThatRun(),
      signing: try await repository.signing(), message: Self.message(start),
      acknowledged: Set(
        acknowledged.filter { Self.isCommitted($0, ledger) }.map(\.rule)
      ).sorted(),
      obstacle: files.isEmpty
        ? "Nothing is approved yet; q goes back to the review." : destination.obstacle,
      trailers: trailers(start, record: "\(session.text)/… (the record of these approvals)"))
  }

  /// What the sheet says of a file; nil when nothing of it is approved.
  private static func line(_ change: FileChange, _ decisions: FileDecisions) -> CommitFileLine? {
    let file = change.file
    var kind = file.old == nil ? "new" : file.new == nil ? "deleted" : "changed"
    guard let diff = change.diff else {
      guard decisions.whole == .approved else { return nil }
      return CommitFileLine(
        path: file.path, kind: kind, addedLines: 0, removedLines: 0, isWhole: true)
    }
    let selection = decisions.approvedSelection(in: diff.outline)
    let takesMode = file.changesMode && decisions.mode == .approved
    guard !selection.isEmpty || takesMode else { return nil }
    let script = diff.editScript(of: selection)
    let isWhole =
      selection.count == diff.changedLineCount && takesMode == file.changesMode
    if selection.isEmpty { kind = "mode" }
    if kind == "deleted", !isWhole { kind = "changed" }
    return CommitFileLine(
      path: file.path, kind: kind, addedLines: script.insertedLineCount,
      removedLines: script.removedLineCount, isWhole: isWhole)
  }

  private func destination(
    _ start: SessionStart, _ proposal: Proposal, _ snapshot: RepositorySnapshot
  ) async -> (sentence: String, obstacle: String?) {
    let branch = Self.shortName(start.branch)
    if let operation = snapshot.operation {
      return (
        "nowhere: a \(operation.rawValue) is in progress",
        "The repository is in the middle of a \(operation.rawValue); end it first, then commit again."
      )
    }
    if case .refused = snapshot.author {
      return ("nowhere: git has no identity", Self.identityMissing)
    }
    if start.source == .directories {
      return (
        "nowhere: two directories have no branch",
        "Two directories cannot be committed; `countersign show \(session) --approved` prints the approved part."
      )
    }
    if landing(start) == .side {
      let why =
        settings.usesSideBranch
        ? "as the configuration asks" : "a range or patch moves no branch of yours"
      return ("on a side branch countersign-\(branch)-…: \(why)", nil)
    }
    if snapshot.head.target != start.branch || snapshot.head.tip != proposal.baseCommit {
      return (
        "on a side branch: \(branch) has moved since the base, or another branch is checked out",
        nil
      )
    }
    if snapshot.isIndexLocked {
      return (
        "nowhere: the index is locked",
        "Another git holds the index of this checkout; wait for it to end, then commit again."
      )
    }
    if [.inPlace, .inIndex].contains(landing(start)) {
      return ("on \(branch); your files stay as they are, the index follows", nil)
    }
    return ("on \(branch), in this checkout", nil)
  }

  private func landing(_ start: SessionStart) -> LandingWish {
    switch start.source {
    case .range, .patch, .directories: .side
    // On another branch the files would still hold the change.
    case .worktree: .inPlace
    case .staged: .inIndex
    case .model: settings.usesSideBranch ? .side : .branch
    }
  }

  private func identity(_ snapshot: RepositorySnapshot) -> String {
    switch snapshot.author {
    case .known(let text): text.lastIndex(of: ">").map { String(text[...$0]) } ?? text
    case .refused: "nobody"
    }
  }

  static let identityMissing =
    "git has no name and address for commits: set user.name and user.email with git config."

  /// Whether `finding` is about something that will be committed.
  private static func isCommitted(_ finding: Finding, _ ledger: DecisionLedger) -> Bool {
    guard let index = ledger.proposal.index(of: RepositoryPath(finding.path)) else { return false }
    let decisions = ledger.decisions(forFile: index)
    guard let line = finding.line else { return decisions.takesAnything }
    return decisions.whole == .approved
      || decisions.verdict(of: ChangedLine(side: .added, line: line)) == .approved
  }

  /// The message to start from: the request's first sentence, and the request itself as comment lines, which git leaves out.
  private static func message(_ start: SessionStart) -> [UInt8] {
    var text: String
    switch start.source {
    case .model: text = start.title + "\n"
    case .range:
      text = start.title.split(separator: ": ", maxSplits: 1).last.map { "\($0)\n" } ?? "\n"
    case .patch, .worktree, .staged, .directories:
      text = "\n\n# Say what this change does; it came as: \(start.title)\n"
    }
    if !start.instruction.isEmpty {
      text += "\n# The request was (lines with # are left out):\n"
      for line in start.instruction.split(separator: "\n", omittingEmptySubsequences: false) {
        text += "#   \(line)\n"
      }
    }
    return Array(text.utf8)
  }

  private static func shortName(_ branch: String) -> String {
    branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : branch
  }

  // MARK: Commit

  /// What is about to be committed, for the ledger: the record that the commit then names.
  func approval(
    _ history: SessionHistory, _ ledger: DecisionLedger, journalDirectory: String
  ) async throws -> ApprovalRecord {
    let approved = try await approvedChange(ledger)
    let request = try request(
      history.start, ledger.proposal, message: [], head: .start, journalDirectory: journalDirectory)
    let tree = try await repository.guardedTree(of: approved, request: request)
    let files = try await repository.changes(from: ledger.proposal.baseTree, to: tree)
    var blobs: [ObjectID: [UInt8]] = [:]
    for state in files.flatMap({ [$0.old, $0.new] }) {
      guard let state, state.mode != .submodule, blobs[state.blob] == nil else { continue }
      blobs[state.blob] = try await repository.content(of: state.blob)
    }
    let paths = Set(files.map(\.path))
    return ApprovalRecord(
      history.start, proposal: ledger.proposal, tree: tree,
      decisions: try CommittedDecisions.of(approved.decisions, on: files) { blobs[$0] ?? [] },
      acknowledged: history.acknowledged.map {
        ApprovalRecord.Acknowledgement(rule: $0.rule, path: RepositoryPath($0.path))
      }.filter { paths.contains($0.path) })
  }

  /// Keeps the approval as a note on its commit, unless the configuration says no.
  func keepNote(_ record: ChainRecord, on commit: ObjectID) async throws {
    guard settings.writesNotes else { return }
    try await repository.setNote(
      try ApprovalRecord.note(record), on: commit, under: ApprovalRecord.notesReference)
  }

  private func approvedChange(_ ledger: DecisionLedger) async throws -> ApprovedChange {
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
    _ start: SessionStart, _ ledger: DecisionLedger, message: [UInt8], tree: ObjectID,
    head: ChainHead, journalDirectory: String, _ report: @escaping @Sendable (Event) -> Void
  ) async throws -> CommitReport {
    let approved = try await approvedChange(ledger)
    try repository.removeStaleAnchorLocks(session: session.text)
    var request = try request(
      start, ledger.proposal, message: message, head: head, journalDirectory: journalDirectory)
    request.recordedTree = tree
    let receipt = try await repository.commit(approved, request: request) { event in
      for event in Self.events(event) { report(event) }
    }
    return CommitReport(
      outcome: Self.outcome(receipt), tree: receipt.tree,
      troubles: receipt.troubles.map(\.description))
  }

  private func request(
    _ start: SessionStart, _ proposal: Proposal, message: [UInt8], head: ChainHead,
    journalDirectory: String
  ) throws -> CommitRequest {
    let worktrees = surroundings.locations.worktrees
    try PrivateDirectory.ensure(worktrees)
    // A copied repository has the same sessions; their worktrees must not meet.
    let place = SHA256Digest.of(surroundings.gitCommonDirectory)
    var request = CommitRequest(
      session: session.text, message: message, branch: start.branch,
      expectedTip: proposal.baseCommit, slug: Self.slug(start.title),
      worktreeDirectory: String(decoding: worktrees, as: UTF8.self)
        + "/\(session.text)-\(place.hex.prefix(8))",
      journalDirectory: journalDirectory)
    request.isFromEditor = true
    request.landing = landing(start)
    let record = head.digest.map { "\(session.text)/\(head.count - 1) sha256:\($0.hex)" }
    for line in trailers(start, record: record) {
      let parts = line.split(separator: ":", maxSplits: 1)
      request.trailers.append(
        CommitTrailer(key: String(parts[0]), value: String(parts[1].dropFirst())))
    }
    return request
  }

  /// The lines that go at the end of the message, as `key: value`.
  private func trailers(_ start: SessionStart, record: String?) -> [String] {
    guard settings.addsTrailers else { return [] }
    var trailers: [String] = []
    if start.source == .model, !start.model.isEmpty {
      trailers.append("Assisted-by: countersign:\(Self.oneLine(start.model))")
    }
    if let record { trailers.append("Countersign-Record: \(record)") }
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

  private static func outcome(_ receipt: CommitReceipt) -> CommitOutcome {
    switch receipt.landed {
    case .branch(let name):
      CommitOutcome(
        commit: receipt.commit,
        landed: "It is on \(shortName(name)); your checkout "
          + (receipt.hasFilesBehind ? "does not have it yet." : "has it."),
        next: ["git show \(receipt.commit.short)", "git status"])
    case .side(let name, let reason, let merge):
      CommitOutcome(
        commit: receipt.commit, landed: "It is on the branch \(name): \(words(reason))",
        next: ["git show \(receipt.commit.short)", merge])
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
    case .hookStarted(let name): [.commitProgressed("the \(name) hook runs")]
    case .hookOutput(_, let bytes): [.commitPrinted(bytes)]
    case .hookEnded(let name, _): [.commitProgressed("after the \(name) hook")]
    case .hookNotExecutable(let path):
      [.commitPrinted(Array("\(path) is not executable and is left out, as git does.\n".utf8))]
    case .signing: [.commitProgressed("signing")]
    case .landing: [.commitProgressed("landing")]
    }
  }
}
