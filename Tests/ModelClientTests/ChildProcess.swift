// A program run beside a test, which ends when it is let go.

import Glibc
import Synchronization

/// A running child with sockets at its input and output. Its errors go to the null device.
final class ChildProcess: Sendable {
  let identifier: pid_t
  private let input: Int32
  private let output: Int32
  private let isOver = Atomic(false)

  init(_ arguments: [String]) throws {
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &toChild) == 0,
      socketpair(AF_UNIX, type, 0, &fromChild) == 0
    else {
      throw SocketProblem(words: String(cString: strerror(errno)))
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Threads of the cooperative pool block most signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var identifier: pid_t = 0
    let status = posix_spawnp(&identifier, arguments[0], &actions, &attributes, &words, environ)
    close(toChild[0])
    close(fromChild[1])
    self.identifier = identifier
    input = toChild[1]
    output = fromChild[0]
    guard status == 0 else { throw SocketProblem(words: String(cString: strerror(status))) }
  }

  deinit {
    close(input)
    close(output)
    if identifier > 0, !isOver.load(ordering: .relaxed) {
      kill(identifier, SIGTERM)
      waitpid(identifier, nil, 0)
    }
  }

  /// Reads output until a line of it fulfils `isWanted`, for at most `seconds`.
  func line(within seconds: Int, where isWanted: (String) -> Bool) throws -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var text: [UInt8] = []
    while true {
      let left = ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)
      var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&entry, 1, Int32(left)) > 0 else { break }
      var byte: UInt8 = 0
      guard read(output, &byte, 1) == 1 else { break }
      guard byte == 0x0A else {
        text.append(byte)
        continue
      }
      let line = String(decoding: text, as: UTF8.self)
      if isWanted(line) { return line }
      text = []
    }
    throw SocketProblem(words: "the program did not say what was waited for")
  }

  /// Waits until the program ends by itself.
  func wait() -> Int32 {
    var status: Int32 = 0
    waitpid(identifier, &status, 0)
    isOver.store(true, ordering: .relaxed)
    return status
  }
}
