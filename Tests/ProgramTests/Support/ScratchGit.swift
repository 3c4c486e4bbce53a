// git as the oracle: what a repository holds, asked of git itself.

import TerminalHarness
import Testing

extension Scratch {
  /// Runs git in the test's repository and returns what it prints; fails unless it ends well.
  @discardableResult
  func git(_ arguments: String..., in directory: String? = nil, input: [UInt8] = []) throws
    -> String
  {
    String(decoding: try gitBytes(arguments, in: directory, input: input), as: UTF8.self)
      .droppingFinalNewline
  }

  func gitBytes(
    _ arguments: [String], in directory: String? = nil, input: [UInt8] = [],
    index: String? = nil
  ) throws -> [UInt8] {
    let result = try run(
      ["/usr/bin/env", "git"] + arguments, environment: environment(["GIT_INDEX_FILE": index]),
      directory: directory ?? repository, input: input)
    guard result.exit == .code(0) else {
      throw TestFailure("git \(arguments): \(result.exit) \(result.problem)")
    }
    return result.output
  }

  /// Makes the repository with one commit of `files`.
  func makeRepository(_ files: [String: String], branch: String = "main") throws {
    try git("init", "--quiet", "--initial-branch=\(branch)", ".")
    try commit(files, "base")
  }

  /// Commits files on top; an empty text deletes a file.
  @discardableResult
  func commit(_ files: [String: String], _ message: String) throws -> String {
    for (name, text) in files {
      if text.isEmpty {
        try git("rm", "--quiet", "--", name)
      } else {
        try write(Array(text.utf8), to: "repo/\(name)")
      }
    }
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--message", message)
    return try git("rev-parse", "HEAD")
  }

  /// The tree that `base` becomes when these files have these contents; nil deletes one.
  func tree(of base: String, with contents: [String: [UInt8]?], in directory: String) throws
    -> String
  {
    let index = "\(path)/oracle-index"
    _ = try gitBytes(["read-tree", base], in: directory, index: index)
    for (name, content) in contents {
      guard let content else {
        _ = try gitBytes(["update-index", "--force-remove", name], in: directory, index: index)
        continue
      }
      let blob = String(
        decoding: try gitBytes(
          ["hash-object", "-w", "--no-filters", "--stdin"], in: directory, input: content),
        as: UTF8.self
      ).droppingFinalNewline
      let entry = try gitBytes(["ls-tree", base, "--", name], in: directory)
      let mode = entry.isEmpty ? "100644" : String(decoding: entry.prefix(6), as: UTF8.self)
      _ = try gitBytes(
        ["update-index", "--add", "--cacheinfo", "\(mode),\(blob),\(name)"], in: directory,
        index: index)
    }
    return String(
      decoding: try gitBytes(["write-tree"], in: directory, index: index), as: UTF8.self
    ).droppingFinalNewline
  }

  /// Expects a repository that git finds whole, and a checkout without changes.
  func expectClean(
    _ directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let check = try run(
      ["/usr/bin/env", "git", "fsck", "--full", "--strict", "--no-dangling"],
      environment: environment(), directory: directory ?? repository)
    #expect(check.exit == .code(0), sourceLocation: sourceLocation)
    #expect(check.text + check.problem == "", sourceLocation: sourceLocation)
    #expect(
      try git("status", "--porcelain", "--untracked-files=all", in: directory) == "",
      sourceLocation: sourceLocation)
  }

  /// The name of the only session there is.
  func onlySession() throws -> String {
    let listing = try countersign(["sessions"])
    let lines = listing.text.split(separator: "\n")
    guard lines.count == 1, let id = lines[0].split(separator: " ").first else {
      throw TestFailure("one session was expected: \(listing.text)\(listing.problem)")
    }
    return String(id)
  }
}

extension String {
  fileprivate var droppingFinalNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}

/// A text of numbered lines, some of them replaced; line numbers are 1-based.
func numberedLines(_ count: Int, _ name: String, changing changes: [Int: String] = [:]) -> String {
  (1...count).map { changes[$0] ?? "\(name) line \($0)" }.joined(separator: "\n") + "\n"
}
