// Running a command without a terminal and taking what it prints.

import Glibc
import TerminalHarness

/// How a command ended, and all it printed.
struct CommandResult {
  let exit: ProgramExit
  let output: [UInt8]
  let errors: [UInt8]

  var text: String { String(decoding: output, as: UTF8.self) }
  var problem: String { String(decoding: errors, as: UTF8.self) }
}

/// What a test could not do.
struct TestFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  static func system(_ call: String) -> TestFailure {
    TestFailure("\(call): \(String(cString: strerror(errno)))")
  }
}

/// Runs a command in a session of its own, so that it has no controlling terminal.
///
/// - Parameters:
///   - arguments: the program's path (no search along PATH) and its arguments.
///   - environment: all of its environment.
///   - input: what its standard input holds.
/// - Throws: when it cannot be started, or takes longer than `timeoutSeconds`; it is killed then.
func run(
  _ arguments: [String], environment: [String: String], directory: String, input: [UInt8] = [],
  timeoutSeconds: Double = 60
) throws -> CommandResult {
  let standardInput = try Channel()
  let output = try Channel()
  let errors = try Channel()
  let process = try spawn(
    arguments, environment: environment, directory: directory,
    descriptors: [standardInput.far, output.far, errors.far])
  standardInput.closeFar()
  output.closeFar()
  errors.closeFar()
  var rest = input[...]
  var texts: [[UInt8]] = [[], []]
  var open = [true, true]
  let deadline = milliseconds() + Int(timeoutSeconds * 1000)
  if rest.isEmpty { standardInput.closeNear() }
  while open.contains(true) {
    var entries = [
      pollfd(fd: standardInput.near, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: open[0] ? output.near : -1, events: Int16(POLLIN), revents: 0),
      pollfd(fd: open[1] ? errors.near : -1, events: Int16(POLLIN), revents: 0),
    ]
    let left = deadline - milliseconds()
    guard left > 0, poll(&entries, 3, CInt(left)) > 0 || errno == EINTR else {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
      throw TestFailure(
        "\(arguments) took more than \(timeoutSeconds) s; it had printed\n"
          + texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n"))
    }
    if entries[0].revents != 0 {
      let count = rest.withUnsafeBytes {
        send(standardInput.near, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      rest = count > 0 ? rest.dropFirst(count) : []
      if rest.isEmpty { standardInput.closeNear() }
    }
    for index in 0...1 where entries[index + 1].revents != 0 {
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = read(entries[index + 1].fd, &buffer, buffer.count)
      if count > 0 { texts[index] += buffer[..<count] } else { open[index] = false }
    }
  }
  var status: CInt = 0
  waitpid(process, &status, 0)
  let signal = status & 0x7F
  return CommandResult(
    exit: signal == 0 ? .code(Int(status >> 8 & 0xFF)) : .signal(Int(signal)), output: texts[0],
    errors: texts[1])
}

/// A pair of connected descriptors: `far` becomes the child's. Closed when it goes away.
final class Channel {
  private(set) var near: CInt
  private(set) var far: CInt

  init() throws {
    var pair: [CInt] = [0, 0]
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw TestFailure.system("socketpair") }
    near = pair[0]
    far = pair[1]
  }

  deinit {
    closeNear()
    closeFar()
  }

  func closeNear() {
    if near >= 0 { close(near) }
    near = -1
  }

  func closeFar() {
    if far >= 0 { close(far) }
    far = -1
  }
}

/// Starts a process in a session of its own with three standard descriptors and default signals.
func spawn(
  _ arguments: [String], environment: [String: String], directory: String, descriptors: [CInt]
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for (number, descriptor) in descriptors.enumerated() {
    posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
  }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  let newSession: Int16 = 0x80
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | newSession)
  // Glibc's module lacks the spawn action that changes the directory.
  let command = ["/usr/bin/env", "--chdir", directory] + arguments
  let words = command.map { strdup($0) } + [nil]
  let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for copy in words + variables { free(copy) } }
  var process: pid_t = 0
  let result = posix_spawn(&process, command[0], &actions, &attributes, words, variables)
  guard result == 0 else {
    throw TestFailure("posix_spawn \(arguments[0]): \(String(cString: strerror(result)))")
  }
  return process
}

/// A clock for deadlines.
func milliseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
}
