// Where servers of our own live: their sockets, logs and command lines.

import AuditLog
import GitStore
import Glibc

/// The directories and the environment for servers of our own.
package struct ServerPlace: Hashable, Sendable {
  /// Private; for sockets.
  private let runtime: [UInt8]
  private let state: [UInt8]
  let environment: [String: String]

  package init(_ locations: StateLocations, environment: [String: String]) {
    state = locations.state
    runtime =
      Self.isOurs(parentOf: locations.runtime) ? locations.runtime : state + Array("/run".utf8)
    // A proxy is nothing that a server without a network needs, and none that we want it to find with one.
    self.environment = environment.filter { !$0.key.lowercased().hasSuffix("_proxy") }
  }

  /// Whether the directory above `path` is ours or the system's: whoever else owns it could put another in its place, as after `su`.
  private static func isOurs(parentOf path: [UInt8]) -> Bool {
    let parent = path.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? path[...]
    var status = stat()
    guard stat(String(decoding: parent, as: UTF8.self), &status) == 0 else { return true }
    return status.st_uid == geteuid() || status.st_uid == 0 && status.st_mode & 0o022 == 0
  }

  private var logs: String { String(decoding: state, as: UTF8.self) + "/servers" }

  /// The log of this process' server for an endpoint, whether there is one or not: two windows have a server each.
  package func logPath(_ name: String) -> String { "\(logs)/\(name)-\(getpid()).log" }

  func log(_ name: String) throws -> String {
    try PrivateDirectory.ensure(Array(logs.utf8))
    sweep(logs, ".log")
    return logPath(name)
  }

  /// Removes what processes left that have ended: sockets, and logs that nobody has asked for since.
  private func sweep(_ directory: String, _ ending: String) {
    for name in LocalFiles.names(in: directory) ?? [] where name.hasSuffix(ending) {
      guard let dash = name.lastIndex(of: "-"),
        let process = pid_t(name[name.index(after: dash)...].dropLast(ending.count)),
        process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      // One of another process namespace is not seen here, and may be at work.
      var status = stat()
      guard lstat("\(directory)/\(name)", &status) == 0, status.st_mtim.tv_sec < time(nil) - 86_400
      else { continue }
      unlink("\(directory)/\(name)")
    }
  }

  /// A path at which nothing listens: what an earlier server left is removed.
  func freshSocket(_ model: ManagedModel) throws -> String {
    try PrivateDirectory.ensure(runtime)
    sweep(String(decoding: runtime, as: UTF8.self), ".sock")
    let path = String(decoding: runtime, as: UTF8.self) + "/\(model.name)-\(getpid()).sock"
    guard path.utf8.count <= 107 else {
      throw ManagedServerProblem.couldNotStart(
        "The path of its socket is too long (\(path)): set XDG_RUNTIME_DIR to a shorter directory.")
    }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw ManagedServerProblem.couldNotStart(
        "The socket \(path) cannot be replaced: \(SystemMessage.of(errno)).")
    }
    return path
  }

  /// The absolute path of the program that serves.
  package func program(_ model: ManagedModel) throws -> String {
    let name = model.command[0]
    guard let path = find(name) else { throw ManagedServerProblem.noProgram(name) }
    return path
  }

  private func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    return (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      .filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Whether a program can be kept from every network here; tried with one that does nothing.
  package func canLeaveNetwork() async -> Bool {
    guard let unshare = find("unshare") else { return false }
    var trial = ChildProcess(
      executable: unshare, arguments: Self.namespaces + ["--", "/bin/sh", "-c", ":"],
      environment: environment, directory: "/")
    trial.timeout = .seconds(10)
    return (try? await trial.run())?.status == .exited(0)
  }

  private static let namespaces = [
    "--user", "--map-current-user", "--net", "--pid", "--fork", "--kill-child=KILL",
  ]

  /// What is run: the server below a shell that ends it when its input ends.
  func commandLine(_ program: String, _ arguments: [String], isOffline: Bool) -> [String] {
    let held = ["/bin/sh", "-c", Self.holding, "sh", program] + arguments
    guard isOffline, let unshare = find("unshare") else { return held }
    return [unshare] + Self.namespaces + ["--"] + held
  }

  /// Runs its arguments until they end or the input does: then they get a signal, and three seconds later another.
  private static let holding = """
    exec 3<&0 </dev/null
    "$@" 3<&- &
    server=$!
    (
      read -r _ <&3
      kill "$server"
      sleep 3
      kill -9 "$server"
    ) >/dev/null 2>&1 &
    exec 3<&-
    wait "$server"
    status=$?
    kill -9 "$!" 2>/dev/null
    exit "$status"
    """
}
