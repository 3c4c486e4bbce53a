// How checks are kept away from the network and from the user's repository: they run code that a model wrote.

import GitStore
import Glibc

/// The directories that a check has to do with, all absolute.
struct CheckPlace: Hashable, Sendable {
  /// Where it runs; it may write there.
  var worktree: String
  /// The private git directory beside it; it may write there.
  var gitDirectory: String
  /// For caches and temporary files, fresh for every run; it may write there.
  var scratch: String
  /// The user's checkout, to be read only.
  var checkout: String
  /// The repository's objects and refs, to be read only.
  var repository: String
}

/// What stands between a check and the rest of the machine.
enum CheckIsolation: Hashable, Sendable {
  /// No network, every file but the check's own read-only, no sockets of the user's (bubblewrap).
  case bubblewrap(String)
  /// No network, the repository read-only, nothing in /run (namespaces of the kernel's, by util-linux).
  case namespaces(String)
  /// As any program of the user's: the configuration says so.
  case none

  /// In a few words, for screens and ledger.
  var words: String {
    switch self {
    case .bubblewrap: "without network, files read-only (bubblewrap)"
    case .namespaces: "without network, repository read-only (namespaces)"
    case .none: "not isolated"
    }
  }

  /// The first way that works here, tried with a program that does nothing; nil when none does.
  static func find(at place: CheckPlace, environment: [String: String]) async -> CheckIsolation? {
    let directories = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    func program(_ name: String) -> String? {
      directories.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
        .first { access($0, X_OK) == 0 }
    }
    let ways: [CheckIsolation?] = [
      program("bwrap").map { .bubblewrap($0) }, program("unshare").map { .namespaces($0) },
    ]
    for way in ways.compactMap(\.self) where await way.works(at: place, environment) { return way }
    return nil
  }

  private func works(at place: CheckPlace, _ environment: [String: String]) async -> Bool {
    let command = wrapped(["/bin/sh", "-c", ":"], at: place)
    var trial = ChildProcess(
      executable: command[0], arguments: Array(command.dropFirst()), environment: environment,
      directory: place.worktree)
    trial.timeout = .seconds(20)
    // Whatever keeps it from working, the answer is that it does not.
    let result = try? await trial.run()
    return result?.status == .exited(0)
  }

  /// The command line that runs `command`, program first, in this isolation.
  func wrapped(_ command: [String], at place: CheckPlace) -> [String] {
    switch self {
    case .none: command
    case .bubblewrap(let program): Self.bubblewrap(program, place) + command
    case .namespaces(let program):
      [
        program, "--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid",
        "--fork", "--kill-child=KILL", "--mount-proc", "--", "/bin/sh", "-c", Self.mounts, "sh",
        place.checkout, place.repository, place.gitDirectory, place.worktree,
      ] + command
    }
  }

  private static func bubblewrap(_ program: String, _ place: CheckPlace) -> [String] {
    var line = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    // Where sockets of the user's are: display, agents, containers, buses.
    for hidden in ["/tmp", "/run", "/var/run", "/var/tmp"] where isDirectory(hidden) {
      line += ["--tmpfs", hidden]
    }
    line += ["--ro-bind-try", "/run/current-system", "/run/current-system"]
    for shown in [place.checkout, place.repository] { line += ["--ro-bind", shown, shown] }
    for own in [place.gitDirectory, place.worktree, place.scratch] { line += ["--bind", own, own] }
    return line + [
      "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--chdir", place.worktree, "--",
    ]
  }

  /// A real directory: a link to one is hidden with what it leads to.
  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes the checkout ($1) and the repository ($2) read-only, except the private git directory ($3), empties /run, gives up the right to
  /// undo that, and runs the rest of the arguments in $4.
  private static let mounts = """
    set -e
    for place in "$1" "$2"; do
      mount --bind "$place" "$place"
      mount -o remount,bind,ro "$place"
    done
    mount --bind "$3" "$3"
    mount -o remount,bind,rw "$3"
    mount -t tmpfs tmpfs /run
    cd "$4"
    shift 4
    exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
    """

  /// The environment of a check: no agent, bus or container of the user's, caches and temporary files in the scratch directory.
  static func environment(_ users: [String: String], at place: CheckPlace) -> [String: String] {
    let dropped: Set<String> = [
      "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS",
      "DBUS_SYSTEM_BUS_ADDRESS", "DOCKER_HOST", "CONTAINER_HOST", "DISPLAY", "WAYLAND_DISPLAY",
      "XAUTHORITY", "XDG_RUNTIME_DIR", "TMUX", "STY",
    ]
    var result = users.filter { !dropped.contains($0.key) && !$0.key.hasPrefix("GIT_") }
    result["TMPDIR"] = place.scratch
    result["XDG_CACHE_HOME"] = "\(place.scratch)/cache"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_OPTIONAL_LOCKS"] = "0"
    return result
  }
}
