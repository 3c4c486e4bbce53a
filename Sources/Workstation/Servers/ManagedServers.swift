// Servers of our own: started when they are first wanted, watched, and ended with us.

import AuditLog
import GitStore
import Glibc
import ModelClient

/// The servers that this process has started, one for each endpoint with a model file.
///
/// A server runs below a shell whose input is a pipe that only we hold: however we end, the pipe closes, and the shell ends the server. Where
/// the kernel lets us, both are in a process and a network namespace of their own: the server reaches nothing but its socket, and nothing of
/// it outlives the shell.
package actor ManagedServers {
  package static let shared = ManagedServers()

  private struct Server {
    let child: HeldChild
    let socket: String
    let log: String
    /// Whether it was started again after it had ended by itself.
    var hasRestarted: Bool
  }

  private var servers: [ManagedModel: Server] = [:]
  /// Starts that go on: whoever else wants the server waits for the same.
  private var starting: [ManagedModel: Task<String, any Error>] = [:]

  /// What is to be said of servers that start or end.
  package typealias Notice = @Sendable (String) -> Void

  private init() {}

  /// The socket at which the model is served; starts the server and waits until it has loaded the model.
  ///
  /// One that ended by itself is started again once.
  ///
  /// - Throws: a `ManagedServerProblem`, or `CancellationError`.
  package func socket(
    for model: ManagedModel, in place: ServerPlace, notice: @escaping Notice
  ) async throws -> String {
    // Whoever comes while it loads waits for the same.
    if let task = starting[model] { return try await task.value }
    var hasRestarted = false
    if let server = servers[model] {
      guard let end = server.child.end else { return server.socket }
      servers[model] = nil
      let problem = Self.problem(model, end, log: server.log)
      guard !server.hasRestarted else { throw problem }
      notice("\(problem) It is started again.")
      hasRestarted = true
    }
    let task = Task { [hasRestarted] in
      try await self.start(model, in: place, hasRestarted: hasRestarted, notice: notice)
    }
    starting[model] = task
    defer { starting[model] = nil }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// Lets all servers go: each ends within seconds, whether or not this process waits for it.
  package func endAll() {
    for task in starting.values { task.cancel() }
    for server in servers.values {
      server.child.release()
      unlink(server.socket)
    }
    servers = [:]
  }

  private func start(
    _ model: ManagedModel, in place: ServerPlace, hasRestarted: Bool, notice: @escaping Notice
  ) async throws -> String {
    try model.checkFile()
    let program = try place.program(model)
    let isOffline = await place.canLeaveNetwork()
    let socket = try place.freshSocket(model)
    let log = try place.log(model.name)
    let line = place.commandLine(program, model.arguments(socket: socket), isOffline: isOffline)
    let child: HeldChild
    do throws(ChildProcessError) {
      child = try HeldChild(
        executable: line[0], arguments: Array(line.dropFirst()), environment: place.environment,
        directory: "/", log: log)
    } catch {
      throw ManagedServerProblem.couldNotStart("\(error)")
    }
    do {
      try await wait(for: model, child, isOffline: isOffline, socket, log, notice)
    } catch {
      // The shell ends it within seconds; nobody waits for that.
      child.release()
      throw error
    }
    servers[model] = Server(
      child: child, socket: socket, log: log, hasRestarted: hasRestarted)
    return socket
  }

  private static let patience = Duration.seconds(600)
  private static let pause = Duration.milliseconds(150)

  /// Waits until the model is loaded, saying each second how long that takes.
  private func wait(
    for model: ManagedModel, _ child: HeldChild, isOffline: Bool, _ socket: String, _ log: String,
    _ notice: Notice
  ) async throws {
    let name = Self.fileName(model.path)
    let began = ContinuousClock.now
    var said = -1
    while true {
      try Task.checkCancellation()
      if let end = child.end { throw Self.problem(model, end, log: log) }
      let health: ServerHealth =
        access(socket, F_OK) == 0
        ? try await ServerHealth.of(socket: socket, over: CurlTransport.shared) : .silent
      if health == .ready { return }
      let passed = ContinuousClock.now - began
      guard passed < Self.patience else {
        throw ManagedServerProblem.tooSlow(
          program: model.command[0], minutes: Int(Self.patience / .seconds(60)), log: log)
      }
      let seconds = Int(passed / .seconds(1))
      if seconds > said {
        said = seconds
        let doing = health == .loading ? "loads" : "starts for"
        notice(
          "\(Self.fileName(model.command[0])) \(doing) \(name)"
            + (isOffline ? "" : ", with the network")
            + (seconds > 0 ? ", \(seconds) s so far…" : "…"))
      }
      try await Task.sleep(for: Self.pause)
    }
  }

  private static func problem(
    _ model: ManagedModel, _ end: ExitStatus, log: String
  ) -> ManagedServerProblem {
    let how =
      switch end {
      case .exited(let status) where status > 128: "was ended by signal \(status - 128)"
      case .exited(let status): "ended with status \(status)"
      case .signalled(let number): "was ended by signal \(number)"
      case .timedOut, .cancelled: "was ended"
      }
    return .ended(
      program: fileName(model.command[0]), how: how, lastLine: lastLine(of: log), log: log)
  }

  /// The last line of a log that says something, made harmless.
  private static func lastLine(of log: String) -> String {
    guard let bytes = try? LocalFiles.end(of: log, byteCount: 4096) else { return "" }
    let line = bytes.split(separator: UInt8(ascii: "\n")).last {
      $0.contains { $0 > 0x20 }
    }
    return line.map { DisplayedBytes.text(of: $0, limit: 200) } ?? ""
  }

  private static func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
