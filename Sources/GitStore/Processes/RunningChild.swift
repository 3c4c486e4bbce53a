// Spawning one child and waiting for it, synchronously, on the calling thread.

import CLibgit2
import Glibc

/// The spawned child, its pipes, and what it wrote so far.
struct RunningChild {
  private static let graceNanoseconds: Int64 = 2_000_000_000

  private let process: pid_t
  private let processDescriptor: OwnedDescriptor
  private var input: OwnedDescriptor?
  private var inputRest: ArraySlice<UInt8>
  private var streams: [OwnedDescriptor?]
  private var collected: [[UInt8]] = [[], []]
  private var isTruncated = false
  private let limit: Int
  private let endsGroup: Bool
  private let receive: @Sendable ([UInt8]) -> Void

  static func run(
    _ program: ChildProcess, stop: StopSwitch, receive: @escaping @Sendable ([UInt8]) -> Void
  ) -> Result<ChildResult, ChildProcessError> {
    do throws(ChildProcessError) {
      var child = try RunningChild(program, receive: receive)
      return .success(try child.wait(stop: stop, timeout: program.timeout))
    } catch {
      return .failure(error)
    }
  }

  private init(
    _ program: ChildProcess, receive: @escaping @Sendable ([UInt8]) -> Void
  ) throws(ChildProcessError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session leader opens becomes its controlling one.
    if let path = program.terminal.path {
      posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
    }
    var childEnds: [OwnedDescriptor] = []
    if case .standard = program.terminal {
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
      input = nil
      streams = [nil, nil]
    } else {
      let pipes = [
        try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe(),
      ]
      childEnds = [pipes[0].read, pipes[1].write, pipes[2].write]
      for (number, end) in childEnds.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, end.raw, Int32(number))
      }
      input = pipes[0].write
      streams = [pipes[1].read, pipes[2].read]
    }
    cs_spawn_add_directory(&actions, program.directory)
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
    // The child's ends must stay open until it has them; the optimizer ends lifetimes at the last use.
    let code = withExtendedLifetime(childEnds) {
      withCStringArray([program.executable] + program.arguments) { arguments in
        withCStringArray(program.environment.map { "\($0.key)=\($0.value)" }) { environment in
          posix_spawn(&process, program.executable, &actions, &attributes, arguments, environment)
        }
      }
    }
    guard code == 0 else {
      throw .system(attempt: "run \(program.executable) in \(program.directory)", code: code)
    }
    let descriptor = cs_process_descriptor(process)
    guard descriptor >= 0 else {
      let code = errno
      kill(-process, SIGKILL)
      waitpid(process, nil, 0)
      throw .system(attempt: "watch \(program.executable)", code: code)
    }
    self.process = process
    processDescriptor = OwnedDescriptor(descriptor)
    inputRest = program.input[...]
    limit = program.outputLimit
    endsGroup = program.endsGroup
    self.receive = receive
    input?.makeNonBlocking()
    for stream in streams { stream?.makeNonBlocking() }
    if inputRest.isEmpty { input = nil }
  }

  private mutating func wait(
    stop: StopSwitch, timeout: Duration?
  ) throws(ChildProcessError) -> ChildResult {
    var deadline = timeout.map {
      now() + $0.components.seconds * 1_000_000_000 + $0.components.attoseconds / 1_000_000_000
    }
    var ending: ExitStatus?
    var isKilled = false
    while true {
      var polled = [
        pollfd(fd: processDescriptor.raw, events: Int16(POLLIN), revents: 0),
        pollfd(fd: ending == nil ? stop.descriptor : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input?.raw ?? -1, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: streams[0]?.raw ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: streams[1]?.raw ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      let wait = deadline.map { Int32(clamping: max(0, ($0 - now()) / 1_000_000 + 1)) } ?? -1
      let ready = poll(&polled, nfds_t(polled.count), wait)
      if ready < 0 { continue }
      if polled[2].revents != 0 { feed() }
      for index in streams.indices where polled[3 + index].revents != 0 { drain(index) }
      if polled[0].revents != 0 { break }
      if ending == nil, polled[1].revents != 0 { ending = .cancelled }
      if ending == nil, let limit = deadline, now() >= limit { ending = .timedOut }
      guard ending != nil else { continue }
      if isKilled {
        if let limit = deadline, now() >= limit {
          kill(-process, SIGKILL)
          deadline = nil
        }
      } else {
        kill(-process, SIGTERM)
        isKilled = true
        deadline = now() + Self.graceNanoseconds
      }
    }
    if ending != nil || endsGroup { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      // Without a status nothing may count as success, as when somebody ignores SIGCHLD.
      guard errno == EINTR else { throw .system(attempt: "learn how a child ended", code: errno) }
    }
    for index in streams.indices { drain(index) }
    let natural: ExitStatus =
      status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    return ChildResult(
      status: ending ?? natural, output: collected[0], errorOutput: collected[1],
      isTruncated: isTruncated)
  }

  private mutating func feed() {
    guard let descriptor = input else { return }
    let count = inputRest.withUnsafeBytes { write(descriptor.raw, $0.baseAddress, $0.count) }
    if count > 0 {
      inputRest = inputRest.dropFirst(count)
    } else if count < 0, errno == EAGAIN || errno == EINTR {
      return
    } else {
      // The child does not want the rest; its exit status tells whether that matters.
      inputRest = []
    }
    if inputRest.isEmpty { input = nil }
  }

  private mutating func drain(_ index: Int) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while let descriptor = streams[index] {
      let count = read(descriptor.raw, &buffer, buffer.count)
      if count > 0 {
        let piece = Array(buffer[..<count])
        let room = limit - collected[index].count
        if room < count { isTruncated = true }
        collected[index] += piece.prefix(max(0, room))
        receive(piece)
      } else if count < 0, errno == EINTR {
        continue
      } else {
        if count == 0 || errno != EAGAIN { streams[index] = nil }
        return
      }
    }
  }

  private func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
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
