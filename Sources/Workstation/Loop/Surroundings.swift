// What a workstation works with: repository, store, settings, models.

import Approval
package import GitStore
package import ModelClient
import Review

/// How the commands and the screens reach the world.
package struct Surroundings: Sendable {
  package let repository: Repository
  /// The user's own settings with what a trusted repository adds.
  package let configuration: Configuration
  package let ownConfiguration: Configuration
  package let repositorySettings: RepositorySettingsStanding
  package let environment: [String: String]
  package let locations: StateLocations
  /// A recorded model, for the demo: the only endpoint then.
  package let replay: ReplayModel?
  /// Where answers are kept as they came over the wire; nil keeps none.
  package var recording: TranscriptRecording?
  /// What was done about landings that a crash had cut off, in sentences.
  package var recoveries: [String] = []

  package init(
    repository: Repository, configuration: Configuration, environment: [String: String],
    locations: StateLocations, replay: ReplayModel? = nil, recording: TranscriptRecording? = nil
  ) {
    self.repository = repository
    repositorySettings = RepositoryTrust(locations: locations, repository: repository).standing()
    ownConfiguration = configuration
    self.configuration =
      repositorySettings.inForce.map { configuration.tightened(by: $0) } ?? configuration
    self.environment = environment
    self.locations = locations
    self.replay = replay
    self.recording = recording
  }

  /// Above this many bytes a file is decided on as a whole.
  var wholeFileLimit: Int { configuration.review.wholeFileLimitMegabytes * 1_000_000 }

  /// What the proposal does to a file, line by line where the configuration's limit allows. O(file).
  func fileChange(_ file: ProposedFile) async throws -> FileChange {
    try await repository.fileChange(file, limit: wholeFileLimit)
  }

  /// The way to model servers.
  var transport: any Transport { recording?.transport ?? CurlTransport.shared }

  package var gitCommonDirectory: [UInt8] { Array(repository.commonDirectory.utf8) }

  package func makeStore() -> SessionStore {
    SessionStore(gitCommonDirectory: gitCommonDirectory)
  }
}

extension RepositoryTrust {
  package init(locations: StateLocations, repository: Repository) {
    self.init(
      locations: locations, workDirectory: Array(repository.workDirectory.utf8),
      gitCommonDirectory: Array(repository.commonDirectory.utf8))
  }
}

/// A transcript that stands in for a server.
package struct ReplayModel: Sendable {
  package let name: String
  package let transcript: Transcript
  package let pace: ReplayPace

  package init(name: String, transcript: Transcript, pace: ReplayPace) {
    self.name = name
    self.transcript = transcript
    self.pace = pace
  }
}
