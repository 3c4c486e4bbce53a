// The commit sheet's commands.

import Approval
import CellGrid

extension AppState {
  /// Opens the sheet; what was written in the editor outlives a look back at the review.
  mutating func openCommitSheet(_ review: ReviewState) -> [Effect] {
    let (message, draft) = (commit?.message ?? [], commit?.draft ?? .none)
    sheetCount += 1
    commit = CommitState(sheet: sheetCount)
    commit?.message = message
    commit?.draft = draft
    // It was taken for what was approved then.
    if case .taken(let model) = draft { commit?.draft = .untaken(model: model) }
    screen = .commit
    return [
      .planCommit(
        review.heading.id, sheet: sheetCount, review.ledger,
        acknowledged: Array(review.acknowledged))
    ]
  }

  /// Works the open sheet out again: a plan that is on its way was made before what is on record now.
  mutating func planAnew() -> [Effect] {
    guard let review, commit?.canBePlanned == true else { return [] }
    sheetCount += 1
    commit?.sheet = sheetCount
    commit?.phase = .preparing
    return [
      .planCommit(
        review.heading.id, sheet: sheetCount, review.ledger,
        acknowledged: Array(review.acknowledged))
    ]
  }

  /// A plan of a sheet that was left since, perhaps with other decisions, is not shown.
  private func awaitsPlan(_ sheet: Int) -> Bool {
    commit?.sheet == sheet && commit?.phase == .preparing
  }

  mutating func planFailed(_ reason: String, for sheet: Int) {
    guard awaitsPlan(sheet) else { return }
    commit?.phase = .failed(reason)
  }

  /// The end of the commit that runs; nothing else changes the sheet's phase.
  mutating func commitEnded(_ phase: CommitState.Phase) {
    guard commit?.isRunning == true else { return }
    commit?.phase = phase
    message = nil
  }

  mutating func planned(_ plan: CommitPlan, for sheet: Int) {
    guard awaitsPlan(sheet) else { return }
    commit?.plan = plan
    commit?.phase = .ready
    if commit?.message.isEmpty ?? true {
      commit?.message = plan.message
      if let model = plan.draftModel { commit?.draft = .untaken(model: model) }
    }
    if let obstacle = plan.obstacle { message = StatusMessage(.problem, obstacle) }
  }

  mutating func performInCommit(_ command: Command) -> [Effect] {
    guard let commit, let review else {
      screen = .review
      return []
    }
    switch command {
    case .lineDown: self.commit?.scroll(by: 1)
    case .lineUp: self.commit?.scroll(by: -1)
    case .halfPageDown, .pageDown: self.commit?.scroll(by: 10)
    case .halfPageUp, .pageUp: self.commit?.scroll(by: -10)
    case .top: self.commit?.top = 0
    case .bottom: self.commit?.scroll(by: 1_000_000)
    case .editMessage:
      guard commit.phase == .ready || commit.isFailed, !sayDraftIsAwaited() else { break }
      return [.editMessage(commit.textForEditor)]
    case .draftMessage: askForDraft(commit, review)
    case .commit: return commitNow(commit, review)
    case .reviewRest: return reviewRest()
    case .undoCommit: askToUndoCommit()
    case .runChecks:
      guard !commit.isRunning else {
        message = StatusMessage(.note, "The commit is being made already.")
        break
      }
      return runChecks(review)
    case .showChecks: showChecks()
    case .cancelCommit:
      if ownChecks?.isRunning == true { return cancelChecks() }
      if commit.awaitsDraft { return [.cancelDraft] }
      guard commit.isRunning else {
        message = StatusMessage(.note, "No commit is being made.")
        break
      }
      message = StatusMessage(.note, "Stopping…")
      return [.cancelCommit]
    case .back:
      if commit.isRunning {
        message = StatusMessage(
          .note, "The commit is being made; \(key(.cancelCommit, in: .commit)) stops it.")
        break
      }
      if case .done = commit.phase {
        screen = .sessions
        self.commit = nil
        return [.listSessions]
      }
      screen = .review
      if commit.awaitsDraft { return [.cancelDraft] }
    default: break
    }
    return []
  }

  private mutating func commitNow(_ commit: CommitState, _ review: ReviewState) -> [Effect] {
    switch commit.phase {
    case .preparing, .running:
      message = StatusMessage(.note, "Wait: this is still going on.")
      return []
    case .done:
      screen = .sessions
      self.commit = nil
      return [.listSessions]
    case .uncertain:
      message = StatusMessage(
        .problem, "Start countersign again first: it finds out what became of the commit.")
      return []
    case .ready, .failed: break
    }
    if ownChecks?.isRunning == true {
      message = StatusMessage(
        .note, "The checks are still running; \(key(.cancelCommit, in: .commit)) stops them.")
      return []
    }
    guard !sayDraftIsAwaited(), let plan = commit.plan else { return [] }
    if let obstacle = plan.obstacle {
      message = StatusMessage(.problem, obstacle)
      return []
    }
    guard commit.hasMessage else {
      message = StatusMessage(.problem, "The message is empty: e opens it in your editor.")
      return []
    }
    guard !commit.isTemplate else {
      message = StatusMessage(
        .problem,
        "The message is your template as it is: \(key(.editMessage, in: .commit)) opens it in your editor."
      )
      return []
    }
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return []
    }
    if case .untaken(let model) = commit.draft { return takeDraft(of: model, commit, review) }
    self.commit?.phase = .running("preparing")
    self.commit?.output = []
    return [.commit(review.heading.id, review.ledger, message: commit.message)]
  }
}

extension AppState {
  /// Asks whether the commit of this session is to be taken back.
  mutating func askToUndoCommit() {
    guard let commit = review?.committed else {
      message = StatusMessage(.note, "Nothing of this session is committed.")
      return
    }
    overlay = .undoCommit(commit)
  }

  /// Opens what was not approved as a session of its own, on the commit that was made.
  mutating func reviewRest() -> [Effect] {
    guard let review, let commit = review.committed else {
      message = StatusMessage(
        .note, "Nothing of this session is committed yet; \(key(.commitSheet)) commits.")
      return []
    }
    message = StatusMessage(.note, "Opening the rest on \(commit.short)…")
    return [.reviewRest(review.heading.id, commit)]
  }
}

extension CommitState {
  /// Scrolls, but never far beyond the end: the sheet has few rows besides message, files and output.
  mutating func scroll(by rows: Int) {
    let newline = UInt8(ascii: "\n")
    let lineCount =
      24 + message.count { $0 == newline } + (plan?.files.count ?? 0)
      + output.count { $0 == newline }
    top = min(max(0, top + rows), lineCount)
  }

  /// Keeps what hooks print, up to a mebibyte of it: a hook may print without end.
  mutating func print(_ bytes: [UInt8]) {
    output += bytes
    if output.count > 1 << 20 { output = Array(output.suffix(1 << 18)) }
  }

  package var isRunning: Bool { if case .running = phase { true } else { false } }

  /// Whether what would be committed can be worked out again: nothing is being made, and nothing was.
  var canBePlanned: Bool {
    switch phase {
    case .preparing, .ready, .failed: true
    case .running, .done, .uncertain: false
    }
  }

  package var isFailed: Bool { if case .failed = phase { true } else { false } }

  /// Whether git leaves the line of the message out.
  package func isComment(_ line: some Collection<UInt8>) -> Bool {
    guard let plan else { return line.first == UInt8(ascii: "#") }
    return plan.commentMark.map { line.starts(with: $0) } ?? false
  }

  var hasMessage: Bool {
    message.split(separator: UInt8(ascii: "\n")).contains { line in
      !isComment(line) && line.contains { $0 > 0x20 }
    }
  }
}
