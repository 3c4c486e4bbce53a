// What a repository asks of those who review in it: `.countersign.toml`, which counts once the user has trusted exactly that content.

import AuditLog

/// The checks that a repository adds and the policy that it tightens; it can loosen nothing and configure nothing else.
package struct RepositorySettings: Hashable, Sendable {
  /// Sorted by name.
  package var checks: [Configuration.Check] = []
  /// What it asks besides the user's own policy.
  package var policy = Configuration.Policy()
  /// Whether checks have to be kept in a sandbox, whatever the user's own settings say.
  package var isolatesChecks = false

  /// At the top of the working tree.
  package static let fileName = ".countersign.toml"

  /// Reads settings from the bytes of a file; `path` says in errors where they come from.
  package static func parse(
    _ bytes: [UInt8], path: [UInt8]
  ) throws(ConfigurationError) -> RepositorySettings {
    let table = try SettingsTable(file: bytes, path: path)
    for entry in table.table.entries
    where Key(rawValue: entry.key) == nil && Configuration.knows(entry.key) {
      throw table.error(
        .refused(key: entry.key, reason: "only your own config.toml may say this; \(bounds)"),
        line: entry.line)
    }
    let top = try Section<Key>(table)
    var settings = RepositorySettings()
    if let checks = try top.table(.checks) {
      settings.checks = try Configuration.Check.parse(checks)
    }
    if let policy = try top.table(.policy) {
      settings.policy = try Configuration.Policy(policy)
      settings.isolatesChecks = policy.table.entry("isolate_checks") != nil
      try refuseLoosening(policy)
    }
    return settings
  }

  private enum Key: String, CaseIterable { case checks, policy }

  private static let bounds = "a repository may add [checks] and tighten [policy]"

  private static func refuseLoosening(_ policy: SettingsTable) throws(ConfigurationError) {
    for entry in policy.table.entries {
      let isTightening =
        switch entry.key {
        case "protected_paths", "forbidden_paths", "minimum_shown_percent": true
        case "require_untouched_tip", "require_signed_approvals", "isolate_checks":
          if case .boolean(true) = entry.node.value { true } else { false }
        // What else there may be is not a repository's to say before somebody has thought about it.
        default: false
        }
      guard !isTightening else { continue }
      throw policy.error(
        .refused(key: entry.key, reason: "this tightens nothing; \(bounds)"), line: entry.line)
    }
  }
}

extension Configuration {
  /// These settings with what a trusted repository adds to them.
  ///
  /// Of two checks of one name the user's own command runs, and it is required when either says so.
  package func tightened(by repository: RepositorySettings) -> Configuration {
    var result = self
    for check in repository.checks {
      if let own = result.checks.firstIndex(where: { $0.name == check.name }) {
        result.checks[own].isRequired = result.checks[own].isRequired || check.isRequired
      } else {
        result.checks.append(check)
      }
    }
    result.checks.sort { $0.name < $1.name }
    result.policy.tighten(by: repository)
    return result
  }
}

extension Configuration.Policy {
  fileprivate mutating func tighten(by repository: RepositorySettings) {
    let other = repository.policy
    protectedPaths += other.protectedPaths
    forbiddenPaths += other.forbiddenPaths
    requiresUntouchedTip = requiresUntouchedTip || other.requiresUntouchedTip
    requiresSignedApprovals = requiresSignedApprovals || other.requiresSignedApprovals
    isolatesChecks = isolatesChecks || repository.isolatesChecks
    minimumShownPercent = max(minimumShownPercent, other.minimumShownPercent)
  }
}

/// Whether a repository has settings, and which of them count.
package enum RepositorySettingsStanding: Hashable, Sendable {
  case absent
  case trusted(RepositorySettings)
  /// Nobody has trusted anything of this repository's.
  case untrusted
  /// The file is another one than was trusted, or gone. What was trusted stays in force: whoever can write files here cannot put a policy
  /// out of force by that.
  case superseded(RepositorySettings, isGone: Bool)
  /// With the reason, as a sentence.
  case unusable(String)

  /// What holds besides the user's own settings.
  package var inForce: RepositorySettings? {
    switch self {
    case .trusted(let settings), .superseded(let settings, _): settings
    case .absent, .untrusted, .unusable: nil
    }
  }

  /// What the user should know of it, as a sentence; nil when all is as it should be.
  package var remark: String? {
    let file = RepositorySettings.fileName
    return switch self {
    case .absent, .trusted: nil
    case .untrusted:
      "This repository's \(file) is not trusted: its checks and policy do not count. Read it with: countersign trust"
    case .superseded(_, isGone: false):
      "This repository's \(file) has changed since you trusted it: what you trusted stays in force. Read the new one with: countersign trust"
    case .superseded(_, isGone: true):
      "This repository's \(file) is gone: what you trusted of it stays in force until: countersign trust --revoke"
    case .unusable(let reason):
      "This repository's settings do not count, because they cannot be used: \(reason)"
    }
  }
}
