// A child that runs as long as somebody holds it.

import CLibgit2
import Glibc

/// A running program that ends with its holder, however that ends: its standard input is a pipe whose other end only the holder has, and it
/// is to end when that closes. What it prints goes to a file.
///
/// `@unchecked Sendable`: how it ended is only touched under the mutex.
package final class HeldChild: @unchecked Sendable {
  private let process: pid_t
  private let descriptor: OwnedDescriptor
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var lifeline: OwnedDescriptor?
  private var ending: ExitStatus?

  /// Starts it; the log is made anew, for the user only.
  ///
  /// - Parameters:
  ///   - executable: an absolute path.
  ///   - environment: the whole environment.
  package init(
    executable: String, arguments: [String], environment: [String: String], directory: String,
    log: String
  ) throws(ChildProcessError) {
    let actions = try SpawnActions()
    let pipe = try OwnedDescriptor.pipe()
    let file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system(attempt: "write the log \(log)", code: errno) }
    let output = OwnedDescriptor(file)
    actions.duplicate(pipe.read.raw, as: 0)
    actions.duplicate(output.raw, as: 1)
    actions.duplicate(output.raw, as: 2)
    (process, descriptor) = try withExtendedLifetime((pipe.read, output)) {
      () throws(ChildProcessError) in
      try actions.spawn(executable, arguments, environment: environment, in: directory)
    }
    lifeline = pipe.write
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    // The pipe closes with the lifeline.
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// How it ended; nil while it runs.
  package var end: ExitStatus? { locked { ended() } }

  /// Lets it go: it is to end now, and nobody has to wait for that.
  package func release() {
    locked { lifeline = nil }
    // Somebody has to ask how it ended, or it would stay in the table of processes for as long as we run. Without a thread it does.
    _ = startThread { [self] in
      var polled = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
      while poll(&polled, 1, -1) < 0 && errno == EINTR {}
      _ = end
    }
  }

  private func ended() -> ExitStatus? {
    guard ending == nil else { return ending }
    var polled = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
    guard poll(&polled, 1, 0) > 0 else { return nil }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return nil }
    ending = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    return ending
  }

  private func locked<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
