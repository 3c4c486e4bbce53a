// How checks are kept away from the network and from the user's files: they run code that a model wrote.

import GitStore
import Glibc
import Review

/// The directories that a check has to do with, all absolute.
struct CheckDirectories: Hashable, Sendable {
  /// Where it runs; it may write there.
  var worktree: String
  /// The private git directory beside it; it may write there.
  var gitDirectory: String
  /// For caches and temporary files, fresh for every check; it may write there.
  var scratch: String
  /// The user's checkout, to be read only.
  var checkout: String
  /// The repository's objects and refs, to be read only.
  var repository: String
  /// The user's home, to be read only.
  var home: String

  /// A home that is the root, or is not there, is nothing to protect beyond the rest.
  var readOnly: [String] {
    var status = stat()
    let hasHome = home != "/" && stat(home, &status) == 0
    return (hasHome ? [home] : []) + [checkout, repository]
  }
  var writable: [String] { [gitDirectory, worktree, scratch] }

  /// Where sockets and secrets of the user's are, below the home: agents, containers, keys.
  private static let secretPlaces = [
    ".ssh", ".gnupg", ".docker", ".colima", ".lima", ".podman", ".rd", ".kube", ".aws", ".azure",
    ".config/gcloud", ".config/countersign", ".local/share/keyrings", ".local/share/containers",
    ".password-store",
  ]

  /// The system's directories that a check is not to see; what it may see of them is shown again.
  var hidden: [String] { Self.directories(["/tmp", "/var/tmp", "/run", "/var/run"]) }

  /// The user's directories that a check is not to see at all.
  var secret: [String] { Self.directories(Self.secretPlaces.map { "\(home)/\($0)" }) }

  private static func directories(_ places: [String]) -> [String] {
    places.filter { place in
      var status = stat()
      // What a link leads to is hidden by its own name.
      return lstat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
  }
}

/// What stands between a check and the rest of the machine.
struct CheckIsolation: Hashable, Sendable {
  let kind: CheckSandbox
  /// The program that makes it; empty for `.none`.
  private let program: String

  /// As any program of the user's: the configuration says so.
  static let none = CheckIsolation(kind: .none, program: "")

  /// Why no sandbox can be had here, one reason for each that was tried.
  struct Unavailable: Error, CustomStringConvertible {
    let reasons: [String]

    var description: String {
      "checks run code that a model wrote, and nothing can keep it apart here "
        + "(\(reasons.joined(separator: "; "))); install bubblewrap, or set isolate_checks = false in [policy]"
    }
  }

  /// The first sandbox that works here, tried with a program that does nothing.
  ///
  /// - Throws: `Unavailable`, or `CancellationError`.
  static func find(
    for directories: CheckDirectories, environment: [String: String]
  ) async throws -> CheckIsolation {
    let path = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    var reasons: [String] = []
    for (kind, name) in [(CheckSandbox.bubblewrap, "bwrap"), (.namespaces, "unshare")] {
      let candidates = path.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
      guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
        reasons.append("no \(name) in the PATH")
        continue
      }
      let isolation = CheckIsolation(kind: kind, program: program)
      guard let reason = await isolation.obstacle(directories, environment) else {
        return isolation
      }
      try Task.checkCancellation()
      reasons.append("\(name): \(reason)")
    }
    throw Unavailable(reasons: reasons)
  }

  /// Why it does not work, in the words of the program that should make it; nil when it does.
  private func obstacle(
    _ directories: CheckDirectories, _ environment: [String: String]
  ) async -> String? {
    let command = wrapped(["/bin/sh", "-c", ":"], in: directories)
    var trial = ChildProcess(
      executable: command[0], arguments: Array(command.dropFirst()), environment: environment,
      directory: "/")
    trial.timeout = .seconds(20)
    do throws(ChildProcessError) {
      let result = try await trial.run()
      if result.status == .exited(0) { return nil }
      let words = String(decoding: result.errorOutput.prefix(300), as: UTF8.self)
      return words.split(separator: "\n").first.map(String.init) ?? "it ended with \(result.status)"
    } catch {
      return "\(error)"
    }
  }

  /// The command line that runs `command`, program first, in this sandbox.
  func wrapped(_ command: [String], in directories: CheckDirectories) -> [String] {
    switch kind {
    case .none: command
    case .bubblewrap: bubblewrap(directories) + command
    case .namespaces:
      [
        program, "--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid",
        "--fork", "--kill-child=KILL", "--mount-proc", "--", "/bin/sh", "-c", Self.mounts, "sh",
        directories.worktree,
      ] + directories.hidden.filter { $0 != "/run" }.map { "hide:\($0)" }
        + directories.readOnly.map { "ro:\($0)" } + directories.secret.map { "hide:\($0)" }
        + directories.writable.map { "rw:\($0)" } + ["--"] + command
    }
  }

  private func bubblewrap(_ directories: CheckDirectories) -> [String] {
    var line = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    for hidden in directories.hidden { line += ["--tmpfs", hidden] }
    line += ["--ro-bind-try", "/run/current-system", "/run/current-system"]
    for shown in directories.readOnly { line += ["--ro-bind", shown, shown] }
    for secret in directories.secret { line += ["--tmpfs", secret] }
    for own in directories.writable { line += ["--bind", own, own] }
    return line + [
      "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--chdir", directories.worktree,
      "--",
    ]
  }

  /// Takes the worktree ($1) and, in order, what is to be hidden, read-only and writable, up to `--`; then gives up the right to undo that,
  /// and runs the rest. What is kept is bound to a place in /run first, where hiding does not reach it.
  private static let mounts = """
    set -e
    users=$PATH
    PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
    cd /
    mount -t tmpfs tmpfs /run
    mkdir /run/kept
    number=0
    for place; do
      [ "$place" = -- ] && break
      number=$((number + 1))
      case $place in
        r[ow]:*) mkdir /run/kept/$number; mount --bind "${place#*:}" /run/kept/$number ;;
      esac
    done
    number=0
    for place; do
      [ "$place" = -- ] && break
      number=$((number + 1))
      path=${place#*:}
      case $place in
        hide:*) mount -t tmpfs tmpfs "$path" ;;
        ro:*) mkdir -p "$path"; mount --bind /run/kept/$number "$path"
          mount -o remount,bind,ro "$path" ;;
        rw:*) mkdir -p "$path"; mount --bind /run/kept/$number "$path" ;;
      esac
    done
    for number in /run/kept/*; do umount "$number"; done
    cd "$1"
    while [ "$1" != -- ]; do shift; done
    shift
    setpriv=$(command -v setpriv)
    PATH=$users
    exec "$setpriv" --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
    """

  /// The environment of a check: no agent, bus or container of the user's, caches and temporary files in the scratch directory.
  static func environment(
    _ users: [String: String], in directories: CheckDirectories
  ) -> [String: String] {
    let dropped: Set<String> = [
      "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS",
      "DBUS_SYSTEM_BUS_ADDRESS", "DOCKER_HOST", "CONTAINER_HOST", "DISPLAY", "WAYLAND_DISPLAY",
      "XAUTHORITY", "XDG_RUNTIME_DIR", "TMUX", "STY",
    ]
    var result = users.filter { !dropped.contains($0.key) && !$0.key.hasPrefix("GIT_") }
    result["TMPDIR"] = directories.scratch
    result["XDG_CACHE_HOME"] = "\(directories.scratch)/cache"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_OPTIONAL_LOCKS"] = "0"
    return result
  }
}
