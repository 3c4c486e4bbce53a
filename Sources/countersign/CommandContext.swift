// What every command needs: environment, configuration, repository.

import Approval
import GitStore
import Glibc
import Review
import Workstation

/// The repository of the current directory, opened while the command line is still being read: git and libgit2 take longer to start than
/// that does.
enum EarlyRepository {
  static let opening = Task {
    try await Repository.open(
      at: try CommandContext.currentDirectory(), environment: CommandContext.processEnvironment())
  }
}

struct CommandContext {
  let environment: [String: String]
  let locations: StateLocations
  let configuration: Configuration

  init() throws {
    environment = Self.processEnvironment()
    locations = try StateLocations(environment: .current())
    configuration = try Configuration.load(environment: .current())
  }

  /// Opens the repository of the current directory, and ends what a crash left half done, saying so on standard error.
  func surroundings(
    _ transcripts: TranscriptOptions? = nil, at directory: String? = nil
  ) throws -> Surroundings {
    let (replay, recording) = (try transcripts?.replayed(), try transcripts?.recorded())
    let (environment, configuration, locations) = (environment, configuration, locations)
    return try waiting {
      let repository =
        if let directory {
          try await Repository.open(at: directory, environment: environment)
        } else {
          try await EarlyRepository.opening.value
        }
      var surroundings = Surroundings(
        repository: repository, configuration: configuration, environment: environment,
        locations: locations, replay: replay ?? nil, recording: recording ?? nil)
      surroundings.recoveries = await surroundings.finishInterruptedLandings()
      for sentence in surroundings.recoveries { Output.problem(sentence) }
      return surroundings
    }
  }

  static func heading(_ surroundings: Surroundings) throws -> RepositoryHeading {
    try waiting {
      let head = try await surroundings.repository.head()
      let name = surroundings.repository.workDirectory.split(separator: "/").last ?? "/"
      let branch: String
      switch head {
      case .branch(let full, _):
        branch = full.hasPrefix("refs/heads/") ? String(full.dropFirst(11)) : full
      case .unborn(let full):
        branch =
          (full.hasPrefix("refs/heads/") ? String(full.dropFirst(11)) : full) + " (no commit)"
      case .detached(let id): branch = "detached at \(id.short)"
      }
      return RepositoryHeading(
        name: Array(String(name).utf8), branch: branch, head: head.tip?.short ?? "")
    }
  }

  /// Refuses, in one sentence, where there is no person at a terminal.
  static func requireTerminal() throws {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw CommandFailure.misuse(
        "This needs a person at a terminal, and there is none: run it in one.")
    }
    close(descriptor)
  }

  static func currentDirectory() throws -> String {
    guard let path = getcwd(nil, 0) else {
      throw CommandFailure.couldNot(
        "The current directory cannot be found: \(SystemMessage.of(errno)).")
    }
    defer { free(path) }
    return String(cString: path)
  }

  static func processEnvironment() -> [String: String] {
    var result: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "=") {
        result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      entry += 1
    }
    return result
  }
}
