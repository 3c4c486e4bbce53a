// The git command: where it is, whether it is new enough, and how we call it.

import Glibc

/// The git program with the environment that its calls start from.
package struct GitCommand: Sendable {
  /// What a call may set off besides git itself.
  enum Manner: Hashable, Sendable {
    /// No hook, no file-system monitor, no optional lock: for everything before a commit is asked for (invariant I8).
    case quiet
    /// With the hooks and settings of the repository; its messages in English, for us to read.
    case plain
    /// As the user's own call, for what the user's own programs see.
    case users
  }

  /// Variables that would send git elsewhere than where we say, or change what its output means.
  private static let droppedVariables: Set<String> = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE", "GIT_CONFIG", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE", "GIT_DEFAULT_HASH", "GIT_REFLOG_ACTION", "GIT_NO_REPLACE_OBJECTS",
  ]

  package let executable: String
  let environment: [String: String]

  /// Finds git in the absolute directories of PATH, without running it.
  package static func locate(environment: [String: String]) throws(GitError) -> GitCommand {
    let searchPath = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    let candidates = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }
    let programs = candidates.map { directory in String(directory) + "/git" }
    guard let executable = programs.first(where: { access($0, X_OK) == 0 }) else {
      throw .gitMissing(searchPath: searchPath)
    }
    let kept = environment.filter {
      !droppedVariables.contains($0.key) && !$0.key.hasPrefix("GIT_TRACE")
    }
    return GitCommand(executable: executable, environment: kept)
  }

  /// As `git --version` says it; runs git.
  ///
  /// - Throws: `.gitTooOld` below 2.36, with which nothing can be committed.
  package func version() async throws(GitError) -> String {
    let answer = try await text(["--version"], in: "/", .plain)
    let version = answer.hasPrefix("git version ") ? String(answer.dropFirst(12)) : answer
    let numbers = version.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { throw .unexpected(source: "git --version", answer: answer) }
    guard numbers[0] > 2 || numbers[0] == 2 && numbers[1] >= 36 else {
      throw .gitTooOld(version: version)
    }
    return version
  }

  /// A call as a program, to be adjusted and run; cancelling does not stop it, since most are short and some must not stop half-way.
  func program(
    _ arguments: [String], in directory: String, _ manner: Manner,
    setting variables: [String: String] = [:]
  ) -> ChildProcess {
    var environment = environment
    var options: [String] = []
    if manner == .quiet {
      options = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
      environment["GIT_OPTIONAL_LOCKS"] = "0"
    }
    if manner != .users {
      environment["GIT_TERMINAL_PROMPT"] = "0"
      environment["GIT_NO_REPLACE_OBJECTS"] = "1"
      environment["LC_ALL"] = "C"
      // No call of ours may fetch, not even a missing object of a partial clone.
      environment["GIT_ALLOW_PROTOCOL"] = "none"
      environment["GIT_NO_LAZY_FETCH"] = "1"
    }
    environment.merge(variables) { _, new in new }
    var program = ChildProcess(
      executable: executable, arguments: options + arguments, environment: environment,
      directory: directory)
    program.isCancellable = false
    return program
  }

  /// Runs a call whatever its exit code is.
  func result(of program: ChildProcess) async throws(GitError) -> ChildResult {
    do throws(ChildProcessError) {
      return try await program.run()
    } catch {
      throw .child(error)
    }
  }

  /// Runs a call and returns its standard output.
  ///
  /// - Throws: `.command` for another exit code than 0, and when output had to be cut off.
  func output(of program: ChildProcess) async throws(GitError) -> [UInt8] {
    let result = try await result(of: program)
    guard result.status == .exited(0), !result.isTruncated else {
      throw .command(
        arguments: program.arguments, status: result.status,
        message: result.isTruncated ? "too much output" : result.message)
    }
    return result.output
  }

  /// Runs a call and returns its standard output as text, without the final line end.
  func text(
    _ arguments: [String], in directory: String, _ manner: Manner = .quiet,
    setting variables: [String: String] = [:], input: [UInt8] = []
  ) async throws(GitError) -> String {
    var program = program(arguments, in: directory, manner, setting: variables)
    program.input = input
    var bytes = try await output(of: program)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unsupported(.pathNotText, detail: String(decoding: bytes, as: UTF8.self))
    }
    return text
  }
}
