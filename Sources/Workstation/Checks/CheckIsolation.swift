// How checks are kept away from the network and from the user's files: they run code that a model wrote.

import GitStore
import Glibc
import Review

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
    for view: SandboxView, environment: [String: String]
  ) async throws -> CheckIsolation {
    if let place = view.contradiction {
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
      guard let reason = await isolation.obstacle(view, environment) else {
        return isolation
      }
      try Task.checkCancellation()
      reasons.append("\(name): \(reason)")
    }
    throw Unavailable(reasons: reasons)
  }

  /// Why it does not work, in the words of the program that should make it; nil when it does.
  private func obstacle(
    _ view: SandboxView, _ environment: [String: String]
  ) async -> String? {
    let command = wrapped(["/bin/sh", "-c", ":"], in: view)
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
  func wrapped(_ command: [String], in view: SandboxView) -> [String] {
    switch kind {
    case .none: command
    case .bubblewrap: bubblewrap(view) + command
    case .namespaces:
      [
        // What makes the namespaces ends with us, whatever ends us.
        "/usr/bin/setpriv", "--pdeathsig", "KILL", "--", program, "--user", "--map-root-user",
        "--net", "--ipc", "--uts", "--mount", "--pid",
        "--fork", "--kill-child=KILL", "--mount-proc", "--", "/bin/sh", "-c", Self.mounts, "sh",
        view.worktree,
      ] + view.hidden.filter { $0 != "/run" }.map { "hide:\($0)" }
        + view.readable.map { "ro:\($0)" } + view.secret.map { "hide:\($0)" }
        + view.emptied.map { "empty:\($0)" }
        + (view.writable + [view.worktree]).map { "rw:\($0)" } + ["--"] + command
    }
  }

  private func bubblewrap(_ view: SandboxView) -> [String] {
    var line = [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    // The kernel's own settings belong to a user, not to a namespace.
    for kernel in ["sys", "sysrq-trigger", "irq", "bus", "fs"] {
      line += ["--ro-bind-try", "/proc/\(kernel)", "/proc/\(kernel)"]
    }
    line += ["--size", "67108864", "--tmpfs", "/dev/shm"]
    // A check may not fill the memory.
    for hidden in view.hidden { line += ["--size", "1073741824", "--tmpfs", hidden] }
    line += ["--ro-bind-try", "/run/current-system", "/run/current-system"]
    for shown in view.readable { line += ["--ro-bind", shown, shown] }
    for secret in view.secret { line += ["--size", "65536", "--tmpfs", secret] }
    for file in view.emptied { line += ["--ro-bind", "/dev/null", file] }
    for own in view.writable + [view.worktree] { line += ["--bind", own, own] }
    return line + [
      "--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--chdir", view.worktree,
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

  /// The environment of a check: no agent, bus or container of the user's, caches and temporary files in `scratch`.
  static func environment(_ users: [String: String], scratch: String) -> [String: String] {
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
    result["TMPDIR"] = scratch
    result["XDG_CACHE_HOME"] = "\(scratch)/cache"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_OPTIONAL_LOCKS"] = "0"
    return result
  }
}
