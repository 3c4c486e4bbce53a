// What the user's policy asks of a commit, in one place: the commit sheet says it, and the commit is held to it.

import Approval
import AuditLog
import GitStore
import Review
import Scanner

extension Configuration.Policy {
  /// A finding of class warn for a path that the policy protects.
  func findings(_ path: RepositoryPath) -> [Finding] {
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

extension CommitWork {
  private var policy: Configuration.Policy { surroundings.configuration.policy }

  /// Why the policy refuses a commit of these paths onto that tip, in a sentence; nil when it does not.
  func policyObstacle(
    _ start: SessionStart, _ proposal: Proposal, paths: some Sequence<RepositoryPath>
  ) async throws -> String? {
    if start.source == .model {
      for path in paths {
        guard
          let pattern = policy.forbiddenPaths.first(where: { $0.matches(path) })
        else { continue }
        return
          "Your policy lets no model change \(DisplayedBytes.text(of: path.bytes)) (\(DisplayedBytes.text(of: pattern.text.utf8))); reject it there, then commit again."
      }
    }
    if needsUntouchedTip(start), try await repository.tip(of: start.branch) != proposal.baseCommit {
      return
        "Your policy requires an untouched tip, and \(Self.shortName(start.branch)) has moved since the base; move the review there, then commit again."
    }
    return nil
  }

  /// Whether the commit may only land where the review began; what lands on a side branch anyway has no tip to be at.
  func needsUntouchedTip(_ start: SessionStart) -> Bool {
    policy.requiresUntouchedTip && start.branch.hasPrefix("refs/heads/") && landing(start) != .side
  }
}
