// What git knows of files that belong together: which changed together, and which mention a word.

package import Approval

extension Repository {
  /// How often files changed together with any of `paths` in the last `limit` commits that touched those.
  ///
  /// Commits of more than `mostFiles` files say nothing about what belongs together and are passed over. O(history looked at).
  package func changedTogether(
    with paths: [RepositoryPath], from commit: ObjectID, limit: Int = 200, mostFiles: Int = 30
  ) async throws(GitError) -> [RepositoryPath: Int] {
    guard !paths.isEmpty else { return [:] }
    var program = git.program(
      [
        "log", "--no-merges", "--full-diff", "--no-renames", "--name-only", "-z",
        "--format=%x00%x00", "--max-count=\(limit)", commit.hex, "--",
      ] + paths.map { ":(top,literal)\(String(decoding: $0.bytes, as: UTF8.self))" },
      in: workDirectory, .quiet)
    program.timeout = Self.patience
    let result = try await git.result(of: program)
    // A history that is too long to be gone through in time says nothing.
    guard result.status != .timedOut else { return [:] }
    guard result.status == .exited(0) else {
      throw .command(arguments: program.arguments, status: result.status, message: result.message)
    }
    let bytes = result.output
    let asked = Set(paths)
    var counts: [RepositoryPath: Int] = [:]
    var files: [RepositoryPath] = []
    func take() {
      if files.count <= mostFiles {
        for file in files where !asked.contains(file) { counts[file, default: 0] += 1 }
      }
      files = []
    }
    // An empty name is what stands before a commit's own.
    for name in bytes.split(separator: 0, omittingEmptySubsequences: false) {
      let path = name.first == UInt8(ascii: "\n") ? name.dropFirst() : name
      if path.isEmpty { take() } else { files.append(RepositoryPath(path)) }
    }
    take()
    return counts
  }

  /// The files of a commit that have one of `words` as a whole word; at most `limit` for each word, nothing for a word that more have.
  package func files(
    mentioning words: [String], in commit: ObjectID, limit: Int = 40
  ) async throws(GitError) -> [String: [RepositoryPath]] {
    var found: [String: [RepositoryPath]] = [:]
    for word in words {
      found[word] = try await files(
        ["--word-regexp", "--fixed-strings", "-e", word], in: commit, limit: limit)
    }
    return found
  }

  /// The files of a commit in which `symbol` stands behind a word that defines things in one of many languages.
  package func files(
    defining symbol: String, in commit: ObjectID, limit: Int = 8
  ) async throws(GitError) -> [RepositoryPath] {
    guard symbol.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return [] }
    return try await files(
      [
        "--word-regexp", "--extended-regexp", "-e", "(\(Self.definers)) +(\\([^)]*\\) *)?\(symbol)",
      ],
      in: commit, limit: limit)
  }

  /// So long git may look; what it has not found then is not proposed.
  private static let patience = Duration.seconds(10)

  private static let definers =
    "func|class|struct|enum|protocol|actor|extension|typealias|def|fn|type|interface|trait|impl|mod|module|record|object|namespace|function|const|let|var|macro|package"

  private func files(
    _ pattern: [String], in commit: ObjectID, limit: Int
  ) async throws(GitError) -> [RepositoryPath] {
    var program = git.program(
      ["grep", "-z", "--files-with-matches", "-I"] + pattern + [commit.hex], in: workDirectory,
      .quiet)
    program.timeout = Self.patience
    let result = try await git.result(of: program)
    guard result.status != .timedOut else { return [] }
    // 1 says that nothing was found.
    guard result.status == .exited(0) else {
      guard result.status == .exited(1) else {
        throw .command(
          arguments: program.arguments, status: result.status, message: result.message)
      }
      return []
    }
    let prefix = Array("\(commit.hex):".utf8)
    let paths = result.output.split(separator: 0).compactMap { name in
      name.starts(with: prefix) ? RepositoryPath(Array(name.dropFirst(prefix.count))) : nil
    }
    return paths.count > limit ? [] : paths
  }
}
