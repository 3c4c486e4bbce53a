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
    let actions = try SpawnActions()
    // The first terminal that a session leader opens becomes its controlling one.
    if let path = program.terminal.path {
      actions.open(path, O_RDWR, as: 0)
    }
    var childEnds: [OwnedDescriptor] = []
    if case .standard = program.terminal {
      actions.duplicate(0, as: 1)
      actions.duplicate(0, as: 2)
      input = nil
      streams = [nil, nil]
    } else {
      let pipes = [
        try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe(), try OwnedDescriptor.pipe(),
      ]
      childEnds = [pipes[0].read, pipes[1].write, pipes[2].write]
      for (number, end) in childEnds.enumerated() {
        actions.duplicate(end.raw, as: Int32(number))
      }
      input = pipes[0].write
      streams = [pipes[1].read, pipes[2].read]
    }
    // The child's ends must stay open until it has them; the optimizer ends lifetimes at the last use.
    (process, processDescriptor) = try withExtendedLifetime(childEnds) {
      () throws(ChildProcessError) in
      try actions.spawn(
        program.executable, program.arguments, environment: program.environment,
        in: program.directory)
    }
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
