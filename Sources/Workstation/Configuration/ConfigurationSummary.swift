// The settings in effect, for `countersign config --check`.

import Approval
import AuditLog
import Review

extension Configuration {
  /// Returns the settings as lines for people, safe to print; what a command says after its program
  /// is left out, since it may hold a secret.
  package func describe() -> [String] {
    var lines = [
      path.map { "settings from \(DisplayedBytes.text(of: $0))" }
        ?? "no settings file, all defaults hold"
    ]
    lines += endpoints.isEmpty ? ["no endpoint configured"] : endpoints.flatMap { describe($0) }
    lines += [
      "theme \(theme), escape delay \(escapeDelayMilliseconds) ms",
      "keys: preset \(keys.preset.rawValue), \(keys.bindings.count) own bindings",
      "review: tab width \(review.tabWidth), \(review.contextLines) context lines, "
        + "wrap \(word(review.wrapsLines)), whole files above "
        + "\(review.wholeFileLimitMegabytes) MB, edits without a place asked for again "
        + "\(review.repairs == 0 ? "never" : review.repairs == 1 ? "once" : "twice") by itself",
      "commit: trailers \(word(commit.addsTrailers)), notes \(word(commit.writesNotes)), side branch \(word(commit.usesSideBranch))",
      "approvals: signed with \(commit.signingKey.map { DisplayedBytes.text(of: $0) } ?? "nothing"), allowed signers "
        + (commit.allowedSigners.map { DisplayedBytes.text(of: $0) } ?? "none"),
      "worktree: setup command \(worktree.setupCommand.map(shown) ?? "none"), links "
        + list(worktree.linkPaths.map { DisplayedBytes.text(of: $0) }),
    ]
    lines += checks.map { check in
      "check \(check.name): \(shown(check.command)), at most \(check.timeoutSeconds) s\(check.isRequired ? ", required" : "")"
    }
    lines += [
      "policy: protected paths \(list(policy.protectedPaths.map { shown($0.text) })), forbidden paths "
        + "\(list(policy.forbiddenPaths.map { shown($0.text) })), untouched tip "
        + "\(policy.requiresUntouchedTip ? "required" : "not required"), isolated checks "
        + "\(word(policy.isolatesChecks)), signed approvals "
        + "\(policy.requiresSignedApprovals ? "required" : "not required"), drawn lines at least "
        + "\(policy.minimumShownPercent) %, sessions expire "
        + (policy.sessionExpiryDays.map { "after \($0) days" } ?? "never")
    ]
    return lines
  }

  private func describe(_ endpoint: ConfiguredEndpoint) -> [String] {
    let mark = endpoint.name == defaultEndpoint ? " (default)" : ""
    var lines = ["endpoint \(endpoint.name)\(mark): \(shown(endpoint.address))"]
    if let model = endpoint.model { lines.append("  model \(shown(model))") }
    if let kind = endpoint.kind { lines.append("  kind \(kind.rawValue)") }
    switch endpoint.keySource {
    case .file(let path)?: lines.append("  API key from file \(DisplayedBytes.text(of: path))")
    case .command(let command)?: lines.append("  API key from command \(shown(command))")
    case nil: break
    }
    for (what, path) in [
      ("authorities", endpoint.authorityFile),
      ("client certificate", endpoint.clientCertificate), ("client key", endpoint.clientKey),
    ] {
      if let path { lines.append("  \(what) from file \(DisplayedBytes.text(of: path))") }
    }
    if !endpoint.allowedAddresses.isEmpty {
      lines.append("  allowed addresses \(list(endpoint.allowedAddresses.map(\.text)))")
    }
    if !endpoint.allowedNames.isEmpty {
      lines.append("  allowed names \(list(endpoint.allowedNames))")
    }
    if let person = endpoint.attestedBy { lines.append("  attested by \(shown(person))") }
    return lines
  }

  private func shown(_ address: ConfiguredEndpoint.Address) -> String {
    switch address {
    case .url(let url): url.text
    case .socket(let path): "socket \(DisplayedBytes.text(of: path))"
    case .managed(let model): "own llama-server for \(DisplayedBytes.text(of: model))"
    }
  }

  private func shown(_ command: ConfiguredCommand) -> String {
    switch command {
    case .program(let program, let arguments):
      return shown(program) + (arguments.isEmpty ? "" : " …")
    case .shell(let line):
      let program = line.prefix { !$0.isWhitespace }
      return shown(String(program)) + (program.count == line.count ? "" : " …")
    }
  }

  private func shown(_ text: String) -> String { DisplayedBytes.text(of: text.utf8) }

  private func word(_ isOn: Bool) -> String { isOn ? "on" : "off" }

  private func list(_ items: [String]) -> String {
    items.isEmpty ? "none" : items.joined(separator: ", ")
  }
}

extension RepositorySettings {
  /// What a repository asks for, for whoever is to trust it: commands whole, since they are no secret of the user's.
  package func description(beside own: Configuration) -> [String] {
    var lines = ["It asks for:"]
    for check in checks {
      let name = "  check \(check.name)\(check.isRequired ? ", required" : "")"
      if own.checks.contains(where: { $0.name == check.name }) {
        lines.append("\(name): your own command of that name runs instead")
      } else {
        lines.append("\(name), at most \(check.timeoutSeconds) s, runs:")
        let words =
          switch check.command {
          case .shell(let line): [line]
          case .program(let program, let arguments): [program] + arguments
          }
        lines += words.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
          .map { "      \(DisplayedBytes.text(of: $0.utf8))" }
      }
    }
    func list(_ what: String, _ patterns: [PathPattern]) -> [String] {
      patterns.map { "  \(what): \(DisplayedBytes.text(of: $0.text.utf8))" }
    }
    lines += list("no commit touches", policy.forbiddenPaths)
    lines += list("a warning for every change of", policy.protectedPaths)
    for (asks, words) in [
      (policy.requiresUntouchedTip, "no commit on a branch that has moved since the base"),
      (policy.requiresSignedApprovals, "signed approvals"),
      (isolatesChecks, "checks in a sandbox, or not at all"),
      (
        policy.minimumShownPercent > 0,
        "\(policy.minimumShownPercent) % of the approved lines on record as drawn"
      ),
    ] where asks { lines.append("  \(words)") }
    if lines.count == 1 { lines = ["It asks for nothing."] }
    return lines
  }
}
