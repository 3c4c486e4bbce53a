// The plain tables of `config.toml`.

import Approval
import AuditLog

extension Configuration.Reading {
  private enum Key: String, CaseIterable {
    case wrap
    case tabWidth = "tab_width"
    case contextLines = "context_lines"
    case wholeFileLimit = "whole_file_limit_mb"
    case repairs
  }

  init(_ table: SettingsTable) throws(ConfigurationError) {
    self.init()
    let section = try Section<Key>(table)
    tabWidth = try section.integer(.tabWidth, in: 1...16) ?? tabWidth
    contextLines = try section.integer(.contextLines, in: 0...200) ?? contextLines
    wrapsLines = try section.boolean(.wrap) ?? wrapsLines
    wholeFileLimitMegabytes =
      try section.integer(.wholeFileLimit, in: 1...1024) ?? wholeFileLimitMegabytes
    repairs = try section.integer(.repairs, in: 0...2) ?? repairs
  }
}

extension Configuration.Commit {
  private enum Key: String, CaseIterable {
    case trailers
    case notes
    case sideBranch = "side_branch"
    case signingKey = "signing_key"
    case allowedSigners = "allowed_signers"
  }

  init(_ table: SettingsTable, home: [UInt8]?) throws(ConfigurationError) {
    self.init()
    let section = try Section<Key>(table)
    addsTrailers = try section.boolean(.trailers) ?? addsTrailers
    writesNotes = try section.boolean(.notes) ?? writesNotes
    signingKey = try section.path(.signingKey, home: home)
    allowedSigners = try section.path(.allowedSigners, home: home)
    usesSideBranch = try section.boolean(.sideBranch) ?? usesSideBranch
  }
}

extension Configuration.Worktree {
  private enum Key: String, CaseIterable {
    case setupCommand = "setup_command"
    case linkPaths = "link_paths"
  }

  init(_ table: SettingsTable) throws(ConfigurationError) {
    self.init()
    let section = try Section<Key>(table)
    setupCommand = try section.command(.setupCommand)
    for path in try section.texts(.linkPaths) ?? [] {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false)
      let staysInside = parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".." && part.lowercased() != ".git"
      }
      guard staysInside else {
        throw section.refusal(
          .linkPaths,
          "\"\(DisplayedBytes.text(of: path.utf8))\" must be a path below the worktree's top, "
            + "without \".\", \"..\" or \".git\"")
      }
      linkPaths.append(Array(path.utf8))
    }
    for path in linkPaths {
      let inside = path + [UInt8(ascii: "/")]
      guard let nested = linkPaths.first(where: { $0.starts(with: inside) }) else { continue }
      throw section.refusal(
        .linkPaths,
        "\"\(DisplayedBytes.text(of: nested))\" is inside \"\(DisplayedBytes.text(of: path))\", which is linked already"
      )
    }
  }
}

extension Configuration.Check {
  private enum Key: String, CaseIterable {
    case command
    case timeout = "timeout_seconds"
    case required
  }

  /// Reads `name = "command"` and `[checks.name]`.
  static func parse(_ table: SettingsTable) throws(ConfigurationError) -> [Configuration.Check] {
    var checks: [Configuration.Check] = []
    for entry in table.table.entries {
      guard SettingName.isValid(entry.key), !entry.key.isEmpty else {
        throw table.error(
          .refused(
            key: entry.key, reason: "a check's name is made of letters, digits, -, _ and dots"),
          line: entry.line)
      }
      checks.append(try check(entry, in: table))
    }
    return checks.sorted { $0.name < $1.name }
  }

  private static func check(_ entry: TOMLTable.Entry, in table: SettingsTable)
    throws(ConfigurationError) -> Configuration.Check
  {
    guard case .table = entry.node.value else {
      return Configuration.Check(name: entry.key, command: try table.command(entry))
    }
    let section = try Section<Key>(table.subtable(entry))
    guard let command = try section.command(.command) else {
      throw section.error(.command, .missing(key: "command"))
    }
    var check = Configuration.Check(name: entry.key, command: command)
    check.timeoutSeconds = try section.integer(.timeout, in: 1...86_400) ?? check.timeoutSeconds
    check.isRequired = try section.boolean(.required) ?? check.isRequired
    return check
  }
}

extension Configuration.Policy {
  private static func patterns(
    _ key: Key, _ section: Section<Key>
  ) throws(ConfigurationError) -> [PathPattern] {
    var patterns: [PathPattern] = []
    for text in try section.texts(key) ?? [] {
      guard let pattern = PathPattern(text) else {
        throw section.refusal(
          key,
          "\"\(DisplayedBytes.text(of: text.utf8))\" must be a pattern as in .gitignore, "
            + "neither empty nor beginning with \"!\" or \"#\"")
      }
      patterns.append(pattern)
    }
    return patterns
  }

  private enum Key: String, CaseIterable {
    case protectedPaths = "protected_paths"
    case forbiddenPaths = "forbidden_paths"
    case requireUntouchedTip = "require_untouched_tip"
    case isolateChecks = "isolate_checks"
    case signedApprovals = "require_signed_approvals"
    case minimumShownPercent = "minimum_shown_percent"
    case sessionExpiryDays = "session_expiry_days"
  }

  init(_ table: SettingsTable) throws(ConfigurationError) {
    self.init()
    let section = try Section<Key>(table)
    protectedPaths = try Self.patterns(.protectedPaths, section)
    forbiddenPaths = try Self.patterns(.forbiddenPaths, section)
    requiresUntouchedTip = try section.boolean(.requireUntouchedTip) ?? requiresUntouchedTip
    requiresSignedApprovals = try section.boolean(.signedApprovals) ?? requiresSignedApprovals
    minimumShownPercent = try section.integer(.minimumShownPercent, in: 0...100) ?? 0
    isolatesChecks = try section.boolean(.isolateChecks) ?? isolatesChecks
    sessionExpiryDays = try section.integer(.sessionExpiryDays, in: 1...3650)
  }
}
