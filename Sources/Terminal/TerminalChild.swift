// Running another program on our terminal: an editor, a pager.

import CNcurses
import Glibc

/// How a program ended.
package enum ChildExit: Hashable, Sendable {
  case code(CInt)
  case signal(CInt)
}

extension Screen {
  /// Gives the terminal to a program and waits for its end.
  ///
  /// Its standard streams are the terminal, its signals are the default ones, and it is found along
  /// `PATH` unless its name has a slash.
  ///
  /// - Parameters:
  ///   - arguments: the program and what it is given; not empty.
  ///   - environment: `NAME=value` each; the process' own when nil.
  package func run(
    _ arguments: [String], environment: [String]? = nil
  ) throws(TerminalError) -> ChildExit {
    try withTerminalReleased { () throws(TerminalError) -> ChildExit in
      let process = try TerminalChild.spawn(arguments, environment: environment)
      return try TerminalChild.wait(for: process, name: arguments[0])
    }
  }
}

private enum TerminalChild {
  static func spawn(
    _ arguments: [String], environment: [String]?
  ) throws(TerminalError) -> pid_t {
    precondition(!arguments.isEmpty, "a program has a name")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/tty", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [
      SIGTSTP, SIGINT, SIGWINCH, SIGTTOU, SIGTTIN, SIGQUIT, SIGPIPE, SIGTERM, SIGHUP, SIGXFSZ,
    ] {
      sigaddset(&signals, signal)
    }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let result = withCStrings(arguments) { argv in
      guard let environment else {
        return posix_spawnp(&process, arguments[0], &actions, &attributes, argv, tui_environment())
      }
      return withCStrings(environment) { envp in
        posix_spawnp(&process, arguments[0], &actions, &attributes, argv, envp)
      }
    }
    guard result == 0 else {
      throw .system(
        call: "posix_spawn", subject: arguments[0], reason: String(cString: strerror(result)))
    }
    return process
  }

  static func wait(for process: pid_t, name: String) throws(TerminalError) -> ChildExit {
    var status: CInt = 0
    guard uninterrupted({ waitpid(process, &status, 0) }) == process else {
      throw .system(call: "waitpid", subject: name, reason: lastSystemError())
    }
    let signal = status & 0x7F
    return signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
