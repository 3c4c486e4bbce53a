// Starting a child: what it has open, its session, its signals.

import CLibgit2
import Glibc

/// What is done in a child before its program begins.
final class SpawnActions {
  private var actions = posix_spawn_file_actions_t()

  init() throws(ChildProcessError) {
    let code = posix_spawn_file_actions_init(&actions)
    guard code == 0 else { throw .system(attempt: "prepare a child", code: code) }
  }

  deinit { posix_spawn_file_actions_destroy(&actions) }

  func open(_ path: String, _ flags: Int32, mode: UInt32 = 0, as descriptor: Int32) {
    posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, mode)
  }

  func duplicate(_ descriptor: Int32, as other: Int32) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, other)
  }

  /// Starts the program; it leads a session of its own, has no descriptor but 0 to 2, no blocked signal, and default dispositions.
  func spawn(
    _ executable: String, _ arguments: [String], environment: [String: String],
    in directory: String
  ) throws(ChildProcessError) -> (process: pid_t, descriptor: OwnedDescriptor) {
    cs_spawn_add_directory(&actions, directory)
    cs_spawn_add_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A session of its own in any case: a child that was given no terminal must not stop for ever asking on ours.
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF) | cs_spawn_new_session_flag())

    var process: pid_t = 0
    let code = withCStringArray([executable] + arguments) { arguments in
      withCStringArray(environment.map { "\($0.key)=\($0.value)" }) { environment in
        posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else {
      throw .system(attempt: "run \(executable) in \(directory)", code: code)
    }
    let descriptor = cs_process_descriptor(process)
    guard descriptor >= 0 else {
      let code = errno
      kill(-process, SIGKILL)
      waitpid(process, nil, 0)
      throw .system(attempt: "watch \(executable)", code: code)
    }
    return (process, OwnedDescriptor(descriptor))
  }
}

/// Calls `body` with a C array of copies of `strings`, ended by nil.
private func withCStringArray<Value>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
) -> Value {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies + [nil])
}
