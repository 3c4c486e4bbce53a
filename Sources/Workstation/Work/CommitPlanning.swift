// What the commit sheet shows: computed from the ledger and the repository as they are now, touching nothing.

import Approval
import AuditLog
import Diffing
import Digest
import GitStore
import Glibc
import Review
import Scanner

extension CommitWork {
  /// What a commit would be now; touches nothing, but writes the approved tree's objects.
  ///
  /// - Parameter message: one that was written for it before.
  func plan(
    _ history: SessionHistory, _ ledger: DecisionLedger, _ acknowledged: [Finding],
    message: [UInt8]?, journalDirectory: String
  ) async throws -> CommitPlan {
    let start = history.start
    let snapshot = try await repository.snapshot()
    var files: [CommitFileLine] = []
    for (index, file) in ledger.proposal.files.enumerated() {
      let decisions = ledger.decisions(forFile: index)
      guard decisions.takesAnything else { continue }
      if let line = Self.line(try await surroundings.fileChange(file), decisions) {
        files.append(line)
      }
    }
    let destination = destination(history, ledger.proposal, snapshot, files)
    let (tree, unwritable) =
      files.isEmpty ? (nil, nil) : try await tree(history, ledger, journalDirectory)
    let checks = plannedChecks(history, tree: tree)
    let refusal = try await refusal(history, ledger, checks, paths: files.map(\.path))
    let messages = try await repository.messageSettings()
    let editorDiff =
      messages.showsChangeInEditor
      ? try await SessionPatch(surroundings: surroundings)
        .text(of: ledger, session: session, onlyApproved: true) : nil
    return CommitPlan(
      files: files, identity: identity(snapshot),
      landing: destination.sentence, hooks: try await hooks(),
      signing: try await repository.signing(), approvalSigning: approvalSigning,
      message: message ?? Self.message(start, messages),
      acknowledged: Set(
        acknowledged.filter { Self.isCommitted($0, ledger) }.map(\.rule)
      ).sorted(),
      obstacle: files.isEmpty
        ? "Nothing is approved yet; q goes back to the review."
        : destination.obstacle ?? unwritable ?? refusal?.description,
      trailers: trailers(history, record: "\(session.text)/… (the record of these approvals)"),
      tree: tree, checks: checks, commentMark: messages.commentMark, template: messages.template,
      editorDiff: editorDiff.map { Array($0.prefix(1 << 20)) },
      draftModel: message.flatMap {
        Self.draftModel($0, history, commentMark: messages.commentMark)
      },
      remarks: [surroundings.repositorySettings.remark].compactMap { $0 })
  }

  /// How the approval will be signed.
  private var approvalSigning: String? {
    settings.signingKey.map { "with \(DisplayedBytes.text(of: $0)), by ssh-keygen" }
  }

  /// What runs before the commit: the hooks, and what sets them up.
  private func hooks() async throws -> [String] {
    let hooks = try await repository.hooksThatRun()
    guard !hooks.isEmpty, surroundings.configuration.worktree.setupCommand != nil else {
      return hooks
    }
    return ["setup command"] + hooks
  }

  /// The tree that would be committed, or why it cannot be: better said here than by the commit.
  private func tree(
    _ history: SessionHistory, _ ledger: DecisionLedger, _ journalDirectory: String
  ) async throws -> (ObjectID?, String?) {
    do {
      return (
        try await approvedTree(history, ledger, journalDirectory: journalDirectory).tree, nil
      )
    } catch CommitError.git(let error) where error.isAboutContent {
      return (nil, "\(error)")
    } catch let error as GitError where error.isAboutContent {
      return (nil, "\(error)")
    }
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
    _ history: SessionHistory, _ proposal: Proposal, _ snapshot: RepositorySnapshot,
    _ files: [CommitFileLine]
  ) -> (sentence: String, obstacle: String?) {
    let start = history.start
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
      let files =
        start.source == .worktree && !history.hookRounds.isEmpty
        ? "your files get what the hook made" : "your files stay as they are"
      return ("on \(branch); \(files), the index follows", nil)
    }
    let changed = Set(snapshot.changedPaths)
    if let file = files.first(where: {
      changed.contains($0.path) || $0.kind == "new" && isInCheckout($0.path)
    }) {
      return (
        "on a side branch: \(DisplayedBytes.text(of: file.path.bytes)) has changes of its own in your checkout",
        nil
      )
    }
    return ("on \(branch), in this checkout", nil)
  }

  private func isInCheckout(_ path: RepositoryPath) -> Bool {
    var status = stat()
    let whole = Array(repository.workDirectory.utf8) + [UInt8(ascii: "/")] + path.bytes
    return lstat(whole.map { CChar(bitPattern: $0) } + [0], &status) == 0
  }

  func landing(_ start: SessionStart) -> LandingWish {
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

  /// The model that wrote the message, where it is as it came; comment lines below it are not its.
  private static func draftModel(
    _ message: [UInt8], _ history: SessionHistory, commentMark: [UInt8]?
  ) -> String? {
    guard !history.drafts.isEmpty else { return nil }
    var lines = message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .prefix { line in !(commentMark.map { line.starts(with: $0) } ?? false) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    let digest = SHA256Digest.of(
      Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")])
    return history.drafts.last { $0.digest == digest }?.model
  }

  /// The message to start from: the request's first sentence and, where git leaves comment lines out, the request itself as such lines.
  private static func message(_ start: SessionStart, _ settings: MessageSettings) -> [UInt8] {
    var text: String
    var comments: [String] = []
    switch start.source {
    case .model: text = start.title + "\n"
    case .range:
      text = start.title.split(separator: ": ", maxSplits: 1).last.map { "\($0)\n" } ?? "\n"
    case .patch, .worktree, .staged, .directories:
      text = "\n"
      comments.append("Say what this change does; it came as: \(start.title)")
    }
    // Where git would begin with the template, it does; what is known already stands above it.
    let known = text == "\n" ? [] : Array("\(text)\n".utf8)
    let beginning = settings.template.map { known + $0 } ?? Array(text.utf8)
    guard let commentMark = settings.commentMark else { return beginning }
    let mark = String(decoding: commentMark, as: UTF8.self)
    if !start.instruction.isEmpty {
      comments.append("The request was (lines with \(mark) are left out):")
      comments += start.instruction.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  \($0)" }
    }
    let separator = comments.isEmpty ? "" : beginning.last == UInt8(ascii: "\n") ? "\n" : "\n\n"
    return beginning + Array((separator + comments.map { "\(mark) \($0)\n" }.joined()).utf8)
  }

  static func shortName(_ branch: String) -> String {
    branch.hasPrefix("refs/heads/") ? String(branch.dropFirst(11)) : branch
  }
}
