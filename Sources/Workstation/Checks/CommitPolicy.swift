// What the user's policy asks of a commit, in one place: the commit sheet says it, and the commit is held to it.

import Approval
import AuditLog
import Diffing
import GitStore
import Review
import Scanner

extension Configuration.Policy {
  /// Findings of class warn for a path that the policy protects, or where it forbids every change.
  func findings(_ path: RepositoryPath) -> [Finding] {
    if let pattern = forbiddenPaths.first(where: { $0.matches(path) }) {
      return [
        Finding(
          rule: Finding.forbiddenPathRule, severity: .warn, path: path.bytes, line: nil,
          sentence:
            "Your policy forbids changes here (\(DisplayedBytes.text(of: pattern.text.utf8))): with this approved, nothing can be committed."
        )
      ]
    }
    guard let pattern = protectedPaths.first(where: { $0.matches(path) }) else {
      return []
    }
    return [
      Finding(
        rule: "policy.protected-path", severity: .warn, path: path.bytes, line: nil,
        sentence: "Your policy protects this path (\(DisplayedBytes.text(of: pattern.text.utf8))).")
    ]
  }
}

/// Why nothing is committed, or nothing checked, as a sentence for the user.
struct CommitRefusal: Error, Hashable, CustomStringConvertible {
  let description: String
}

extension CommitWork {
  private var policy: Configuration.Policy { surroundings.configuration.policy }

  /// Why these paths may not be committed with what the checks said; nil when they may.
  ///
  /// The sheet shows it, and the commit asks again.
  func refusal(
    _ history: SessionHistory, _ ledger: DecisionLedger, _ checks: [PlannedCheck],
    paths: some Sequence<RepositoryPath>
  ) async throws -> CommitRefusal? {
    if let obstacle = try await policyObstacle(history.start, ledger.proposal, paths) {
      return CommitRefusal(description: obstacle)
    }
    if let obstacle = try await shownObstacle(history, ledger) {
      return CommitRefusal(description: obstacle)
    }
    return checks.compactMap(\.obstacle).first.map { CommitRefusal(description: "\($0).") }
  }

  /// Why too little of what is approved is on record as drawn.
  private func shownObstacle(
    _ history: SessionHistory, _ ledger: DecisionLedger
  ) async throws -> String? {
    guard policy.minimumShownPercent > 0 else { return nil }
    var (approvedCount, shownCount) = (0, 0)
    var unseen: RepositoryPath?
    for (index, file) in ledger.proposal.files.enumerated() {
      let decisions = ledger.decisions(forFile: index)
      guard decisions.takesAnything, let diff = try await surroundings.fileChange(file).diff else {
        continue
      }
      let approved = decisions.approvedSelection(in: diff.outline)
      let scripts = (history.shown[file] ?? []) + ledger.carriedApprovals(of: file)
      let shown = LineSelection(scripts.flatMap { diff.selection(of: $0)?.lines ?? [] })
      let count = approved.lines.count { shown.contains($0) }
      approvedCount += approved.count
      shownCount += count
      if unseen == nil, count < approved.count { unseen = file.path }
    }
    guard let unseen, shownCount * 100 < approvedCount * policy.minimumShownPercent else {
      return nil
    }
    return
      "Your policy asks that \(policy.minimumShownPercent) % of the approved lines were on screen on this base, and \(shownCount) of \(approvedCount) were; reject what is approved in \(DisplayedBytes.text(of: unseen.bytes)) and approve it again."
  }

  private func policyObstacle(
    _ start: SessionStart, _ proposal: Proposal, _ paths: some Sequence<RepositoryPath>
  ) async throws -> String? {
    for path in paths {
      guard let pattern = policy.forbiddenPaths.first(where: { $0.matches(path) }) else { continue }
      return
        "Your policy forbids changes of \(DisplayedBytes.text(of: path.bytes)) (\(DisplayedBytes.text(of: pattern.text.utf8))); reject it there, then commit again."
    }
    if policy.requiresSignedApprovals, settings.signingKey == nil {
      return
        "Your policy requires signed approvals: set signing_key in the table [commit] of config.toml."
    }
    if needsUntouchedTip(start),
      try await repository.currentTip(of: start.branch) != proposal.baseCommit
    {
      return
        "Your policy requires an untouched tip, and \(Self.shortName(start.branch)) has moved since the base; move the review there, then commit again."
    }
    return nil
  }

  /// Whether the commit may only land where the review began; what lands on a side branch anyway has no tip to be at.
  func needsUntouchedTip(_ start: SessionStart) -> Bool {
    policy.requiresUntouchedTip && landing(start) != .side
  }
}

extension SessionHistory {
  /// The models that had a hand in the session, in order, each once: any of their versions may have been taken up.
  var models: [String] {
    var models: [String] = []
    let all =
      (start.source == .model ? [start.model] : []) + start.otherModels
      + answered.map(\.use.model) + drafts.map(\.model)
    for model in all where !model.isEmpty && !models.contains(model) { models.append(model) }
    return models
  }
}
