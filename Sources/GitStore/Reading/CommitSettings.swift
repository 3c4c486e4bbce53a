// What the user's git configuration says about making commits, for showing it beforehand.

import Glibc

extension Repository {
  /// The hooks that a commit and its landing run, as far as they are there and executable.
  private static let hookNames = [
    "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction",
  ]

  /// The names of the hooks that will run for a commit in this checkout, in order.
  package func hooksThatRun() async throws(GitError) -> [String] {
    let directory = try await git.text(
      ["rev-parse", "--path-format=absolute", "--git-path", "hooks"], in: workDirectory, .plain)
    return Self.hookNames.filter { access("\(directory)/\($0)", X_OK) == 0 }
  }

  /// How commits are signed, such as `ssh, key …`; nil when they are not.
  package func signing() async throws(GitError) -> String? {
    let configuration = try await currentConfiguration()
    guard configuration.isTrue("commit.gpgsign") else { return nil }
    let format = configuration["gpg.format"] ?? "openpgp"
    return configuration["user.signingkey"].map { "\(format), key \($0)" } ?? format
  }

  /// What a message begins with by the user's settings; nil where they name no template.
  ///
  /// - Throws: when the file cannot be read, as `git commit` does.
  package func messageTemplate() async throws(GitError) -> [UInt8]? {
    guard try await currentConfiguration()["commit.template"] != nil else { return nil }
    let name = try await git.text(
      ["config", "--type=path", "--get", "commit.template"], in: workDirectory)
    let path = name.hasPrefix("/") ? name : "\(workDirectory)/\(name)"
    guard let bytes = try readFile(path) else {
      throw .system(attempt: "read commit.template", path: path, code: ENOENT)
    }
    return bytes
  }

  /// Whether the editor is shown the change below the message, as commit.verbose says.
  package func showsChangeInEditor() async throws(GitError) -> Bool {
    let configuration = try await currentConfiguration()
    return configuration.isTrue("commit.verbose")
      || configuration["commit.verbose"].flatMap { Int($0) }.map { $0 > 0 } ?? false
  }

  /// The editor of git's configuration.
  package func configuredEditor() async throws(GitError) -> String? {
    try await currentConfiguration()["core.editor"]
  }
}
