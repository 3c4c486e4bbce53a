// The command that prints an API key.

import GitStore
import ModelClient

/// Runs the command that prints an API key.
enum KeyCommand {
  static func run(
    _ command: [String], environment: [String: String]
  ) async throws(KeyProblem) -> [UInt8] {
    guard let program = command.first, program.hasPrefix("/") else {
      throw KeyProblem("the key's command must begin with an absolute path.")
    }
    var child = ChildProcess(
      executable: program, arguments: Array(command.dropFirst()), environment: environment,
      directory: "/")
    child.outputLimit = 64 << 10
    child.timeout = .seconds(30)
    do {
      let result = try await child.run()
      guard result.status == .exited(0) else {
        throw KeyProblem("the key's command \(program) did not succeed.")
      }
      return result.output
    } catch let problem as KeyProblem {
      throw problem
    } catch {
      throw KeyProblem("\(error)")
    }
  }
}
