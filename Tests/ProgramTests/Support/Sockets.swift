// Sockets and threads for the servers of the tests.

import Glibc

/// Something that happened, for a thread that waits for it.
final class Signal: Sendable {
  private let channel: (near: CInt, far: CInt)

  init() {
    var pair: [CInt] = [-1, -1]
    let status = socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair)
    precondition(status == 0, "no socket pair")
    channel = (pair[0], pair[1])
  }

  deinit {
    close(channel.near)
    close(channel.far)
  }

  func raise() { _ = sendAll([1], to: channel.far) }

  @discardableResult
  func wait(seconds: Double) -> Bool {
    var entry = pollfd(fd: channel.near, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, CInt(seconds * 1000)) > 0
  }
}

/// Runs `body` on a thread that may block.
func onOwnThread(_ body: @escaping @Sendable () -> Void) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body)).toOpaque()
  let status = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, work)
  precondition(status == 0, "no thread")
  pthread_detach(thread)
}

func listenOnLoopback() throws -> (CInt, UInt16) {
  let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) | Glibc.listen(descriptor, 64)
        | getsockname(descriptor, address, &length)
    }
  }
  guard status == 0 else { throw TestFailure.system("listen on loopback") }
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

func listen(onSocket path: String) throws -> CInt {
  let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  let status = withSocketAddress(path) { bind(descriptor, $0, $1) | Glibc.listen(descriptor, 64) }
  guard status == 0 else { throw TestFailure.system("listen on \(path)") }
  return descriptor
}

func connect(toSocket path: String) throws -> CInt {
  let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard withSocketAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
    defer { close(descriptor) }
    throw TestFailure.system("connect to \(path)")
  }
  return descriptor
}

private func withSocketAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) -> CInt {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let length = socklen_t(MemoryLayout<sockaddr_un>.size)
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
  }
}

/// Reads one request with its body; nil when the connection ends before.
func readRequest(_ connection: CInt) -> ArrivedRequest? {
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
        return ArrivedRequest(
          line: words.prefix(2).joined(separator: " "), head: head,
          body: Array(bytes[end.upperBound...]))
      }
    }
    let count = read(connection, &buffer, buffer.count)
    guard count > 0 else { return nil }
    bytes += buffer[..<count]
  }
}

func sendAll(_ bytes: [UInt8], to connection: CInt) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes {
      send(connection, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
