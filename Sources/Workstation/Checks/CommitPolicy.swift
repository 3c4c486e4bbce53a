// What the user's policy asks of a commit, in one place: the commit sheet says it, and the commit is held to it.

import Approval
import AuditLog
import GitStore
import Glibc
import Review
import Scanner

/// A pattern over paths, as in `.gitignore`: without a slash it is the name of a file or directory anywhere, with one it is the path from the
/// top; `*` stays within a name, `**` does not.
struct PathPattern: Hashable, Sendable {
  let text: String

  func matches(_ path: RepositoryPath) -> Bool {
    let pattern = text.hasSuffix("/") ? String(text.dropLast()) : text
    guard pattern.contains("/") else {
      return path.bytes.split(separator: UInt8(ascii: "/")).contains {
        Self.matches(pattern, $0, crossing: false)
      }
    }
    let anchored = pattern.hasPrefix("/") ? String(pattern.dropFirst()) : pattern
    return Self.matches(anchored, path.bytes[...], crossing: anchored.contains("**"))
  }

  /// Whether `bytes`, or the directories it begins with, match.
  private static func matches(
    _ pattern: String, _ bytes: ArraySlice<UInt8>, crossing: Bool
  ) -> Bool {
    let leadingDirectory: CInt = 8
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    let flags = crossing ? 0 : FNM_PATHNAME
    return fnmatch(pattern, name, flags | leadingDirectory) == 0
  }
}

extension Configuration.Policy {
  /// A finding of class warn for a path that the policy protects.
  func findings(_ path: RepositoryPath) -> [Finding] {
    guard let pattern = protectedPaths.first(where: { PathPattern(text: $0).matches(path) }) else {
      return []
    }
    return [
      Finding(
        rule: "policy.protected-path", severity: .warn, path: path.bytes, line: nil,
        sentence: "Your policy protects this path (\(DisplayedBytes.text(of: pattern.utf8))).")
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
          let pattern = policy.forbiddenPaths.first(where: { PathPattern(text: $0).matches(path) })
        else { continue }
        return
          "Your policy lets no model change \(DisplayedBytes.text(of: path.bytes)) (\(DisplayedBytes.text(of: pattern.utf8))); reject it there, then commit again."
      }
    }
    if needsUntouchedTip(start), try await tip(of: start.branch) != proposal.baseCommit {
      return
        "Your policy requires an untouched tip, and \(Self.shortName(start.branch)) has moved since the base; move the review there, then commit again."
    }
    return nil
  }

  /// Whether the commit may only land where the review began.
  func needsUntouchedTip(_ start: SessionStart) -> Bool {
    policy.requiresUntouchedTip && start.branch.hasPrefix("refs/heads/")
  }

  private func tip(of branch: String) async throws -> ObjectID? {
    try await repository.tip(of: branch)
  }
}
