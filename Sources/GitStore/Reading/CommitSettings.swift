// What the user's git configuration says about making commits, for showing it beforehand.

import Glibc

/// How messages begin and what of them is left out, from commit.cleanup, core.commentChar, commit.template and commit.verbose.
package struct MessageSettings: Hashable, Sendable {
  /// What lines begin with that are left out; nil where none are.
  package let commentMark: [UInt8]?
  package let template: [UInt8]?
  /// Whether the editor is shown the change below the message.
  package let showsChangeInEditor: Bool
}

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

  /// What the user's settings say of messages.
  ///
  /// - Throws: also when the template cannot be read, as `git commit` does.
  package func messageSettings() async throws(GitError) -> MessageSettings {
    let configuration = try await currentConfiguration()
    let cleaning = MessageCleaning(configuration: configuration, isFromEditor: true)
    let verbosity = configuration["commit.verbose"].flatMap { Int($0) } ?? 0
    return MessageSettings(
      commentMark: cleaning.mode == .strip ? cleaning.commentCharacter : nil,
      template: configuration["commit.template"] == nil ? nil : try await template(),
      showsChangeInEditor: configuration.isTrue("commit.verbose") || verbosity > 0)
  }

  private func template() async throws(GitError) -> [UInt8] {
    let name = try await git.text(
      ["config", "--type=path", "--get", "commit.template"], in: workDirectory)
    let path = name.hasPrefix("/") ? name : "\(workDirectory)/\(name)"
    guard let bytes = try readFile(path) else {
      throw .system(attempt: "read commit.template", path: path, code: ENOENT)
    }
    return bytes
  }

  /// The editor of git's configuration.
  package func configuredEditor() async throws(GitError) -> String? {
    try await currentConfiguration()["core.editor"]
  }
}
