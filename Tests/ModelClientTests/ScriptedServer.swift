// A server in the test process that does what a script says: plain sockets, threads of its own.

import Glibc
import Synchronization

@testable import ModelClient

/// A request as it arrived.
struct ReceivedRequest: Sendable {
  /// Such as `GET /props`.
  let line: String
  let head: String
  let body: [UInt8]
}

/// What to do with a connection, in order. After the last act it is closed.
enum ServerAct: Sendable {
  case send([UInt8])
  /// Writes one byte at a time.
  case drip([UInt8])
  /// Waits until the client closes, and counts that.
  case waitForClose
  /// Waits until `release` is called.
  case waitForRelease
  /// Closes with a reset instead of an end.
  case reset
  /// Writes the same bytes until the client is gone.
  case sendForever([UInt8])
}

/// Listens on a free port of 127.0.0.1, or on a unix socket, until it is let go.
final class ScriptedServer: Sendable {
  let url: String
  /// Each connection the client closed first is told here.
  let closes: AsyncStream<Void>

  private let listener: Int32
  private let closed: AsyncStream<Void>.Continuation
  private let received = Mutex<[ReceivedRequest]>([])
  private let receivedBytes = Mutex<[UInt8]>([])
  private let openConnections = Atomic(0)
  private let gate = Gate()

  /// - Parameter script: the acts for a request, by what is asked and how many came before it.
  init(
    socketPath: String? = nil, script: @escaping @Sendable (ReceivedRequest, Int) -> [ServerAct]
  ) throws {
    (closes, closed) = AsyncStream.makeStream()
    if let socketPath {
      listener = try listenOnSocket(socketPath)
      url = "unix:\(socketPath)"
    } else {
      let (descriptor, port) = try listenOnLoopback()
      listener = descriptor
      url = "http://127.0.0.1:\(port)"
    }
    let (listener, received, closed, gate) = (listener, WeakServer(), closed, gate)
    received.server = self
    runOnOwnThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        received.server?.openConnections.add(1, ordering: .sequentiallyConsistent)
        runOnOwnThread {
          defer {
            close(connection)
            received.server?.openConnections.subtract(1, ordering: .sequentiallyConsistent)
          }
          let request = readRequest(from: connection) { received.server?.note(bytes: $0) }
          guard let request else { return }
          let before = received.server?.note(request) ?? 0
          for act in script(request, before) {
            perform(act, on: connection, closed, gate)
          }
        }
      }
      close(listener)
    }
  }

  deinit {
    gate.open()
    shutdown(listener, Int32(SHUT_RDWR))
  }

  var requests: [ReceivedRequest] { received.withLock { $0 } }

  /// Everything that arrived on any connection, requests or not, in the order of arrival.
  var bytes: [UInt8] { receivedBytes.withLock { $0 } }

  /// Whether a connection is still being read or answered.
  var isBusy: Bool { openConnections.load(ordering: .sequentiallyConsistent) > 0 }

  func release() { gate.open() }

  private func note(bytes: ArraySlice<UInt8>) { receivedBytes.withLock { $0 += bytes } }

  private func note(_ request: ReceivedRequest) -> Int {
    received.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
  }
}

/// Unchecked: set before the thread that reads it starts.
private final class WeakServer: @unchecked Sendable {
  weak var server: ScriptedServer?
}

/// Lets threads wait until it opens.
private final class Gate: Sendable {
  private let descriptors: (read: Int32, write: Int32)

  init() {
    var pair: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair)
    descriptors = (pair[0], pair[1])
  }

  deinit {
    close(descriptors.read)
    close(descriptors.write)
  }

  func open() { _ = write(descriptors.write, "x", 1) }

  func wait() {
    var entry = pollfd(fd: descriptors.read, events: Int16(POLLIN), revents: 0)
    poll(&entry, 1, 10_000)
  }
}

struct SocketProblem: Error { let words: String }

private func listenOnLoopback() throws -> (Int32, UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) | listen(descriptor, 64)
        | getsockname(descriptor, address, &length)
    }
  }
  guard status == 0 else { throw SocketProblem(words: String(cString: strerror(errno))) }
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

private func listenOnSocket(_ path: String) throws -> Int32 {
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let length = socklen_t(MemoryLayout<sockaddr_un>.size)
  let status = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) | listen(descriptor, 64)
    }
  }
  guard status == 0 else { throw SocketProblem(words: String(cString: strerror(errno))) }
  return descriptor
}

private func readRequest(
  from connection: Int32, _ note: (ArraySlice<UInt8>) -> Void
) -> ReceivedRequest? {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
      let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      let lines = head.split(separator: "\r\n")
      let length =
        lines.first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
      if bytes.count >= end.upperBound + length {
        let words = (lines.first ?? "").split(separator: " ")
        return ReceivedRequest(
          line: words.prefix(2).joined(separator: " "), head: head,
          body: Array(bytes[end.upperBound...]))
      }
    }
    let count = read(connection, &buffer, buffer.count)
    guard count > 0 else { return nil }
    note(buffer[..<count])
    bytes += buffer[..<count]
  }
}

private func perform(
  _ act: ServerAct, on connection: Int32, _ closed: AsyncStream<Void>.Continuation, _ gate: Gate
) {
  switch act {
  case .send(let bytes): _ = sendAll(bytes, to: connection)
  case .drip(let bytes):
    var one: Int32 = 1
    setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    for byte in bytes where !sendAll([byte], to: connection) { return }
  case .sendForever(let bytes):
    while sendAll(bytes, to: connection) {}
    closed.yield()
  case .waitForClose:
    var byte: UInt8 = 0
    while read(connection, &byte, 1) > 0 {}
    closed.yield()
  case .waitForRelease: gate.wait()
  case .reset:
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }
}

private func sendAll(_ bytes: [UInt8], to connection: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { buffer in
      send(connection, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
