// What we cannot do faithfully in a repository, named before any work.

import Approval
import CLibgit2
import Glibc

/// Configuration as git itself reads it, worktree configuration and includes applied.
struct GitConfiguration: Hashable, Sendable {
  /// Every value per key, in order; keys with section and name in lower case.
  let values: [String: [String]]

  /// Reads the output of `git config --list -z`.
  init(listing: [UInt8]) {
    var values: [String: [String]] = [:]
    for entry in listing.split(separator: 0) {
      let end = entry.firstIndex(of: UInt8(ascii: "\n"))
      let key = String(decoding: entry[..<(end ?? entry.endIndex)], as: UTF8.self)
      // A key without a value means true.
      let value = end.map { String(decoding: entry[($0 + 1)...], as: UTF8.self) } ?? "true"
      values[key, default: []].append(value)
    }
    self.values = values
  }

  subscript(key: String) -> String? { values[key]?.last }

  func isTrue(_ key: String) -> Bool {
    guard let value = self[key]?.lowercased() else { return false }
    return ["true", "yes", "on"].contains(value) || Int(value).map { $0 != 0 } ?? false
  }

  /// Whether it has hooks, as later versions of git know them besides the files.
  var namesHooks: Bool { values.keys.contains { $0.hasPrefix("hook.") } }

  /// The first thing in the way, by configuration alone.
  var unsupportedFeature: (UnsupportedFeature, detail: String)? {
    if let format = self["extensions.objectformat"], format != "sha1" { return (.sha256, format) }
    if let storage = self["extensions.refstorage"], storage != "files" {
      return (.reftable, storage)
    }
    if let remote = self["extensions.partialclone"] { return (.partialClone, remote) }
    let promisors = values.keys.filter { key in
      key.hasPrefix("remote.")
        && (key.hasSuffix(".promisor") && isTrue(key) || key.hasSuffix(".partialclonefilter"))
    }
    if let key = promisors.min() { return (.partialClone, key) }
    if isTrue("extensions.relativeworktrees") { return (.relativeWorktrees, "") }
    if isTrue("extensions.preciousobjects") { return (.preciousObjects, "") }
    if isTrue("extensions.worktreeconfig"), self["core.repositoryformatversion"] != "0" {
      return (.worktreeConfigV1, "")
    }
    let known: Set<String> = [
      "extensions.objectformat", "extensions.refstorage", "extensions.worktreeconfig",
      "extensions.noop", "extensions.relativeworktrees", "extensions.preciousobjects",
    ]
    if let key = values.keys.filter({ $0.hasPrefix("extensions.") && !known.contains($0) }).min() {
      return (.otherExtension, key)
    }
    if isTrue("index.sparse"), isTrue("core.sparsecheckout") { return (.sparseIndex, "") }
    if isTrue("core.sparsecheckout") { return (.sparseCheckout, "") }
    if isTrue("core.splitindex") { return (.splitIndex, "") }
    return nil
  }
}

extension GitCommand {
  /// The configuration as a git called in `directory` with `variables` would read it.
  func configuration(
    in directory: String, setting variables: [String: String] = [:]
  ) async throws(GitError) -> GitConfiguration {
    GitConfiguration(
      listing: try await output(
        of: program(["config", "--list", "-z"], in: directory, .plain, setting: variables)))
  }
}

extension ObjectStore {
  /// Refuses an index that libgit2 cannot read.
  func checkIndex() throws(GitError) {
    do throws(GitError) {
      let index = try OwnedPointer("read the index", free: git_index_free) {
        git_repository_index(&$0, repository.raw)
      }
      // Opening is lazy for some formats; reading is not.
      try GitLibrary.check("read the index") { git_index_read(index.raw, 1) }
    } catch .library(let attempt, let code, let message) {
      if message.contains("'link'") { throw .unsupported(.splitIndex, detail: "") }
      if message.contains("'sdir'") { throw .unsupported(.sparseIndex, detail: "") }
      throw .library(attempt: attempt, code: code, message: message)
    }
  }

  /// Refuses a repository that libgit2 sees elsewhere than git does.
  func checkPlaces(workDirectory: String, commonDirectory: String) throws(GitError) {
    let seen = git_repository_workdir(repository.raw).map { String(cString: $0) } ?? ""
    let seenCommon = git_repository_commondir(repository.raw).map { String(cString: $0) } ?? ""
    guard realPath(seen) == realPath(workDirectory),
      realPath(seenCommon) == realPath(commonDirectory)
    else {
      throw .unsupported(
        .separateWorktree, detail: "git: \(workDirectory), libgit2: \(seen)")
    }
  }
}

/// The path without symbolic links, or nil when it does not exist.
func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
