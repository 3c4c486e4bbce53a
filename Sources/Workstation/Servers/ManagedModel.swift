// A model file that is served by a server of our own.

import Glibc

/// What is started for an endpoint that names a model file.
package struct ManagedModel: Hashable, Sendable {
  /// The endpoint's name.
  package let name: String
  /// The model's file, an absolute path.
  package let path: String
  /// The program and its own arguments; what it serves and where is added.
  package let command: [String]
  /// The context to load the model with, in tokens; nil leaves it to the server.
  package let contextTokens: Int?

  static let usualCommand = ["llama-server"]

  func checkFile() throws {
    guard access(path, R_OK) == 0 else {
      throw ManagedServerProblem.noModelFile(path, reason: SystemMessage.of(errno))
    }
    guard !LocalFiles.isDirectory(path) else {
      throw ManagedServerProblem.noModelFile(path, reason: "it is a directory")
    }
  }

  /// The whole command line but for the program's own path.
  func arguments(socket: String) -> [String] {
    var arguments = Array(command.dropFirst()) + ["--model", path, "--host", socket]
    if let contextTokens { arguments += ["--ctx-size", "\(contextTokens)"] }
    return arguments
  }
}

/// Why there is no server for a model file.
package enum ManagedServerProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case noModelFile(String, reason: String)
  case noProgram(String)
  case couldNotStart(String)
  /// It ended; the last line that it wrote, and the whole log.
  case ended(program: String, how: String, lastLine: String, log: String)
  case tooSlow(program: String, minutes: Int, log: String)

  package var description: String {
    switch self {
    case .noModelFile(let path, let reason):
      "The model \(path) cannot be read (\(reason)): set `model` of the endpoint to a .gguf file."
    case .noProgram(let name):
      "There is no \(name) in the PATH: install llama.cpp's server, or set `server_command` of the endpoint."
    case .couldNotStart(let reason): reason
    case .ended(let program, let how, let lastLine, let log):
      "\(program) \(how)\(lastLine.isEmpty ? "" : ", saying: \(lastLine)"). Its log is \(log)."
    case .tooSlow(let program, let minutes, let log):
      "\(program) did not load its model within \(minutes) minutes. Its log is \(log)."
    }
  }
}
