// Reviews with checks: how they are configured, and how their sheet is opened.

import Glibc
import TerminalHarness
import Testing

/// Whether programs can be kept apart here, by the one way and by the other.
enum Sandboxes {
  static let hasBubblewrap = works(["bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"])
  static let hasNamespaces = works([
    "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc",
    "sh", "-c",
    "mount -t tmpfs tmpfs /run && mount -o remount,bind,ro / && setpriv --bounding-set=-all true",
  ])

  static let hasAny = hasBubblewrap || hasNamespaces

  private static func works(_ command: [String]) -> Bool {
    let result = try? run(
      ["/usr/bin/env"] + command, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"],
      directory: "/")
    return result?.exit == .code(0)
  }
}

extension RangeReview {
  /// A review in which checks are configured.
  init(configuration: String) throws {
    try self.init()
    try scratch.configure(configuration)
  }

  /// A PATH that has what is needed, but nothing that keeps programs apart except `allowed`.
  func path(allowing allowed: [String]) throws -> String {
    // In the repository, which a check may read: /tmp is hidden from it.
    let place = "\(scratch.repository)/.git/bin"
    try scratch.write([], to: "repo/.git/bin/.made")
    for name in ["git", "sh"] + allowed {
      #expect(symlink("/usr/bin/\(name)", "\(place)/\(name)") == 0)
    }
    return place
  }

  /// Makes a directory `deps` that git ignores, with a library in it, and a pre-commit hook.
  func makeDependencies(hook: String) throws {
    try scratch.write([], to: "repo/deps/library")
    try scratch.write(Array("deps\n".utf8), to: "repo/.git/info/exclude")
    try scratch.write(
      Array("#!/bin/sh\nset -e\n\(hook)\n".utf8), to: "repo/.git/hooks/pre-commit", mode: 0o755)
  }

  /// The session's ledger, line by line.
  func ledger() throws -> String {
    let place = "\(scratch.repository)/.git/countersign/sessions/\(session)"
    return String(decoding: try readFile("\(place)/ledger.jsonl"), as: UTF8.self)
  }
}

extension PseudoTerminal {
  /// Opens the commit sheet of a review with checks.
  func openChecksSheet() throws {
    try send("C")
    try waitFor(text: "Checks on exactly this")
  }
}
