// Recording what models answer, and playing it again.

import ArgumentParser
import ModelClient
import Workstation

struct TranscriptOptions: ParsableArguments {
  @Option(
    name: .customLong("record"),
    help: "Keep every answer, as it comes over the wire, in a file of this directory.")
  var directory: String?

  @Option(
    name: .customLong("replay"),
    help: "Play a recorded answer instead of asking a server; the verdict is REPLAY.")
  var file: String?

  func validate() throws {
    guard directory == nil || file == nil else {
      throw ValidationError("Either --record or --replay: there is nothing new in a replay.")
    }
  }

  func recorded() throws -> TranscriptRecording? {
    try directory.map { try TranscriptRecording(directory: $0) }
  }

  func replayed() throws -> ReplayModel? {
    try file.map { path in
      ReplayModel(
        name: "replay",
        transcript: try Transcript(reading: try LocalFiles.read(path), called: path),
        pace: .readable)
    }
  }

  /// What the screen says of it.
  var note: String? {
    if let directory { return "Answers are recorded in \(directory)." }
    return file.map { "Every question is answered by the recording \($0); nothing is sent." }
  }
}
