// A repository that a shell script makes, opened as the program opens one.

import GitStore
import TestSupport
import Testing

@testable import Workstation

extension Scratch {
  /// Runs `script` with the place of a repository to make as `$1` and `arguments` after it, and opens what it made.
  func surroundings(
    of script: String, _ arguments: [String] = [], _ configuration: Configuration = Configuration()
  ) async throws -> Surroundings {
    let directory = text("repo")
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": text("home"), "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.test", "GIT_COMMITTER_NAME": "A",
      "GIT_COMMITTER_EMAIL": "a@example.test",
    ]
    let made = try await ChildProcess(
      executable: "/bin/sh", arguments: ["-c", script, "sh", directory] + arguments,
      environment: environment, directory: "/"
    ).run()
    try #require(made.status == .exited(0), "\(String(decoding: made.errorOutput, as: UTF8.self))")
    return Surroundings(
      repository: try await Repository.open(at: directory, environment: environment),
      configuration: configuration, environment: environment,
      locations: try StateLocations(
        environment: ["HOME": text("home"), "XDG_STATE_HOME": text("state")]))
  }
}
