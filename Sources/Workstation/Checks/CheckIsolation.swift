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
  /// Further files that a check finds empty: keys that the configuration names.
  var keyFiles: [String] = []

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
    ".config/gcloud", ".config/gh", ".config/countersign", ".config/op", ".local/share/keyrings",
    ".local/share/containers", ".password-store", ".1password", ".terraform.d",
  ]
  /// Files with passwords and tokens, below the home.
  private static let secretFiles = [
    ".netrc", ".git-credentials", ".config/git/credentials", ".npmrc", ".pypirc", ".pgpass",
    ".cargo/credentials", ".cargo/credentials.toml", ".gem/credentials", ".vault-token",
    ".m2/settings.xml",
    ".gradle/gradle.properties",
  ]

  /// The system's directories that a check is not to see; what it may see of them is shown again.
  var hidden: [String] { Self.directories(["/tmp", "/var/tmp", "/run", "/var/run"]) }

  /// The user's directories that a check is not to see at all.
  var secret: [String] { Self.directories(Self.secretPlaces.map { "\(home)/\($0)" }) }

  /// Files that a check finds empty: secrets, and the sockets and pipes that can be found where it may look.
  var emptied: [String] {
    let files = (Self.secretFiles.map { "\(home)/\($0)" } + keyFiles).compactMap(Self.resolved)
    let shown = readOnly + writable
    func isIn(_ file: String, _ places: [String]) -> Bool {
      places.contains { file.hasPrefix("\($0)/") }
    }
    let found = Set(files + Self.sockets() + readOnly.flatMap { Self.sockets(below: $0, depth: 3) })
    return found.sorted().filter { file in
      access(file, F_OK) == 0 && !isIn(file, secret)
        && (!isIn(file, hidden) || isIn(file, shown))
    }
  }

  /// A place that would be shown and holds one that is to be hidden; nil when there is none.
  var contradiction: String? {
    readOnly.first { shown in
      hidden.contains { $0 == shown || $0.hasPrefix("\(shown)/") } || shown == "/"
    }
  }

  /// The real directories of those places, each once.
  private static func directories(_ places: [String]) -> [String] {
    var found: [String] = []
    for place in places.compactMap(resolved) where !found.contains(place) {
      var status = stat()
      if stat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { found.append(place) }
    }
    return found
  }

  private static func resolved(_ path: String) -> String? {
    guard let path = realpath(path, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  /// The sockets and pipes below a directory, so many levels deep; links are not followed.
  private static func sockets(below place: String, depth: Int) -> [String] {
    guard depth > 0, let stream = opendir(place) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let kind = Int(entry.pointee.d_type)
      guard kind == Int(DT_SOCK) || kind == Int(DT_FIFO) || kind == Int(DT_DIR) else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      if kind == Int(DT_DIR) {
        found += sockets(below: "\(place)/\(name)", depth: depth - 1)
      } else {
        found.append("\(place)/\(name)")
      }
    }
    return found
  }

  /// The sockets of this machine that have a path.
  private static func sockets() -> [String] {
    guard let table = try? LocalFiles.read("/proc/net/unix") else { return [] }
    let paths = String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst()
      .compactMap { line -> String? in
        let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
        guard fields.count == 8, fields[7].hasPrefix("/") else { return nil }
        return resolved(String(fields[7]))
      }
    return Set(paths).sorted()
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
    if let place = directories.contradiction {
      throw Unavailable(reasons: ["\(place) holds what a check must not see"])
    }
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
        // What makes the namespaces ends with us, whatever ends us.
        "/usr/bin/setpriv", "--pdeathsig", "KILL", "--", program, "--user", "--map-root-user",
        "--net", "--ipc", "--uts", "--mount", "--pid",
        "--fork", "--kill-child=KILL", "--mount-proc", "--", "/bin/sh", "-c", Self.mounts, "sh",
        directories.worktree,
      ] + directories.hidden.filter { $0 != "/run" }.map { "hide:\($0)" }
        + directories.readOnly.map { "ro:\($0)" } + directories.secret.map { "hide:\($0)" }
        + directories.emptied.map { "empty:\($0)" }
        + directories.writable.map { "rw:\($0)" } + ["--"] + command
    }
  }

  private func bubblewrap(_ directories: CheckDirectories) -> [String] {
    var line = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    // The kernel's own settings belong to a user, not to a namespace.
    for kernel in ["sys", "sysrq-trigger", "irq", "bus", "fs"] {
      line += ["--ro-bind-try", "/proc/\(kernel)", "/proc/\(kernel)"]
    }
    line += ["--size", "67108864", "--tmpfs", "/dev/shm"]
    // A check may not fill the memory.
    for hidden in directories.hidden { line += ["--size", "1073741824", "--tmpfs", hidden] }
    line += ["--ro-bind-try", "/run/current-system", "/run/current-system"]
    for shown in directories.readOnly { line += ["--ro-bind", shown, shown] }
    for secret in directories.secret { line += ["--size", "65536", "--tmpfs", secret] }
    for file in directories.emptied { line += ["--ro-bind", "/dev/null", file] }
    for own in directories.writable { line += ["--bind", own, own] }
    return line + [
      "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--chdir", directories.worktree,
      "--",
    ]
  }

  /// Takes the worktree ($1) and, in order, what is to be hidden, read-only, emptied and writable, up to `--`; makes everything else
  /// read-only and /dev a small one; then gives up the right to undo that, and runs the rest. What is kept is bound to a place in /run
  /// first, where hiding does not reach it. The shell stays as the first process of its own process space: when it ends, nothing of the check
  /// is left, and the check cannot take its place.
  private static let mounts = #"""
    set -e
    users=$PATH
    PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
    cd /
    mount -t tmpfs -o size=1g tmpfs /run
    mkdir /run/kept /run/dev
    for device in null zero full random urandom; do
      : > /run/dev/$device
      mount --bind /dev/$device /run/dev/$device
    done
    number=0
    for place; do
      [ "$place" = -- ] && break
      number=$((number + 1))
      case $place in
        r[ow]:*) mkdir /run/kept/$number; mount --bind "${place#*:}" /run/kept/$number ;;
      esac
    done
    while read -r _ _ _ _ point options _; do
      point=$(printf %b "$point")
      case $point in /run | /run/* | /proc | /proc/* | /dev | /dev/*) continue ;; esac
      case $options in
        rw*) mount -o "remount,bind,ro${options#rw}" "$point" ;;
      esac
    done < /proc/self/mountinfo
    number=0
    for place; do
      [ "$place" = -- ] && break
      number=$((number + 1))
      path=${place#*:}
      case $place in
        hide:*) mount -t tmpfs -o size=1g tmpfs "$path" ;;
        ro:*) mkdir -p "$path"; mount --bind /run/kept/$number "$path"
          mount -o remount,bind,ro "$path" ;;
        empty:*) mount --bind /dev/null "$path" ;;
        rw:*) mkdir -p "$path"; mount --bind /run/kept/$number "$path" ;;
      esac
    done
    for number in /run/kept/*; do umount "$number"; done
    for kernel in sys sysrq-trigger irq bus fs; do
      [ -e /proc/$kernel ] || continue
      mount --bind /proc/$kernel /proc/$kernel
      mount -o remount,bind,ro /proc/$kernel
    done
    mount -t tmpfs -o size=64m tmpfs /dev
    for device in null zero full random urandom; do
      : > /dev/$device
      mount --bind /run/dev/$device /dev/$device
      umount /run/dev/$device
    done
    mkdir -m 1777 /dev/shm
    ln -s /proc/self/fd /dev/fd
    ln -s /proc/self/fd/0 /dev/stdin
    ln -s /proc/self/fd/1 /dev/stdout
    ln -s /proc/self/fd/2 /dev/stderr
    cd "$1"
    while [ "$1" != -- ]; do shift; done
    shift
    setpriv=$(command -v setpriv)
    PATH=$users
    set +e
    "$setpriv" --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
    exit $?
    """#

  /// The environment of the set-up of a commit's worktree: that of a check, with the private /tmp as its scratch directory.
  static func environment(_ users: [String: String]) -> [String: String] {
    environment(
      users,
      in: CheckDirectories(
        worktree: "", gitDirectory: "", scratch: "/tmp", checkout: "", repository: "", home: ""))
  }

  /// The environment of a check: no agent, bus or container of the user's, caches and temporary files in the scratch directory.
  static func environment(
    _ users: [String: String], in directories: CheckDirectories
  ) -> [String: String] {
    let dropped: Set<String> = [
      "SSH_AUTH_SOCK", "SSH_AGENT_PID", "GPG_AGENT_INFO", "DBUS_SESSION_BUS_ADDRESS",
      "DBUS_SYSTEM_BUS_ADDRESS", "DOCKER_HOST", "CONTAINER_HOST", "DISPLAY", "WAYLAND_DISPLAY",
      "XAUTHORITY", "XDG_RUNTIME_DIR", "TMUX", "STY",
    ]
    // A name that says it is a secret is one.
    let secretWords = [
      "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "API_KEY", "ACCESS_KEY",
    ]
    var result = users.filter { name, _ in
      !dropped.contains(name) && !name.hasPrefix("GIT_")
        && !secretWords.contains { name.uppercased().contains($0) }
    }
    result["TMPDIR"] = directories.scratch
    result["XDG_CACHE_HOME"] = "\(directories.scratch)/cache"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_OPTIONAL_LOCKS"] = "0"
    return result
  }
}
