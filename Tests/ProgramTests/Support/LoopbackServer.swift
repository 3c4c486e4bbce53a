// A model server that does what a test says: plain sockets, threads of its own.

import Glibc
import Synchronization

/// A request as it arrived.
struct ArrivedRequest: Sendable {
  /// Such as `GET /props`.
  let line: String
  let head: String
  let body: [UInt8]

  var isQuestion: Bool { line.hasPrefix("GET ") }
}

/// What to do with a connection, in order; it is closed after the last.
enum ServerAct: Sendable {
  case send([UInt8])
  /// Waits until the client has closed, and counts that.
  case waitForClose
  /// Waits until the test opens the gate.
  case waitForGate

  static func text(_ text: String) -> ServerAct { .send(Array(text.utf8)) }

  /// A whole response.
  static func response(
    _ status: String, type: String = "application/json", headers: String = "", _ body: String = "{}"
  ) -> ServerAct {
    .text(
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(headers)Connection: close\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// The head of a stream, and one event per piece of an answer.
  static func stream(_ pieces: [[UInt8]]) -> ServerAct {
    var bytes = Array(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n".utf8)
    for piece in pieces {
      bytes += Array(#"data: {"choices":[{"index":0,"delta":{"content":"#.utf8)
      bytes += jsonText(piece) + Array("}}]}\n\n".utf8)
    }
    return .send(bytes)
  }

  /// The end of a complete answer.
  static let end = ServerAct.text(
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
      + "data: [DONE]\n\n")

  /// A complete answer.
  static func answer(_ text: String) -> [ServerAct] {
    // In pieces that cut words, as tokens do.
    let letters = Array(text.unicodeScalars)
    let pieces = stride(from: 0, to: letters.count, by: 17).map { start in
      letters[start..<min(start + 17, letters.count)].reduce(into: [UInt8]()) {
        $0 += Array(UTF8.encode($1) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return [.stream(pieces), .end]
  }
}

/// A JSON string with everything but printable ASCII escaped.
func jsonText(_ bytes: [UInt8]) -> [UInt8] {
  var text = "\""
  for unit in String(decoding: bytes, as: UTF8.self).utf16 {
    switch unit {
    case 0x22: text += "\\\""
    case 0x5C: text += "\\\\"
    case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
    default:
      let hex = String(unit, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
  }
  return Array((text + "\"").utf8)
}

/// Listens on a free port of 127.0.0.1, or on a unix socket, until it is let go.
final class LoopbackServer: Sendable {
  /// What it says it is.
  enum Kind: Sendable {
    case llama
    /// Nothing that is known by its signs.
    case generic
  }

  /// For the configuration: a line with `url` or `socket`.
  let setting: String
  let port: UInt16

  private let listener: CInt
  private let shared = Shared()

  fileprivate final class Shared: Sendable {
    let requests = Mutex<[ArrivedRequest]>([])
    let gate = Signal()
    let closed = Signal()
    let arrived = Signal()
  }

  /// - Parameter script: what to do with a request that asks for an answer, by how many came before.
  ///   Questions about the server are answered as by a server of no known kind.
  init(
    socketPath: String? = nil, as kind: Kind = .llama,
    script: @escaping @Sendable (ArrivedRequest, Int) -> [ServerAct]
  ) throws {
    if let socketPath {
      listener = try listen(onSocket: socketPath)
      setting = "socket = \"\(socketPath)\""
      port = 0
    } else {
      (listener, port) = try listenOnLoopback()
      setting = "url = \"http://127.0.0.1:\(port)\""
    }
    let (listener, shared) = (listener, shared)
    onOwnThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        onOwnThread { Self.serve(connection, shared, kind, script) }
      }
      close(listener)
    }
  }

  deinit {
    shared.gate.raise()
    shutdown(listener, CInt(SHUT_RDWR))
  }

  /// All requests so far.
  var requests: [ArrivedRequest] { shared.requests.withLock { $0 } }

  /// Those that carried a prompt.
  var prompts: [ArrivedRequest] { requests.filter { !$0.isQuestion } }

  func openGate() { shared.gate.raise() }

  /// Waits until a client has closed a connection first; false when none does.
  func waitForClose(seconds: Double = 20) -> Bool { shared.closed.wait(seconds: seconds) }

  /// Waits until a request with a prompt is here; false when none comes.
  func waitForPrompt(seconds: Double = 20) -> Bool { shared.arrived.wait(seconds: seconds) }

  /// What the server says about itself.
  private static func answer(to question: String, as kind: Kind) -> ServerAct {
    let head = kind == .llama ? "Server: llama.cpp\r\n" : ""
    switch question {
    case "GET /v1/models":
      return .response(
        "200 OK", headers: head,
        #"{"object":"list","data":[{"id":"scripted","object":"model","owned_by":"tests"}]}"#)
    case "GET /props" where kind == .llama:
      return .response(
        "200 OK", headers: head,
        #"{"default_generation_settings":{"n_ctx":24576},"total_slots":1}"#)
    default: return .response("404 Not Found", headers: head)
    }
  }

  private static func serve(
    _ connection: CInt, _ shared: Shared, _ kind: Kind,
    _ script: @Sendable (ArrivedRequest, Int) -> [ServerAct]
  ) {
    defer { close(connection) }
    guard let request = readRequest(connection) else { return }
    let before = shared.requests.withLock { requests in
      requests.append(request)
      return requests.count { !$0.isQuestion } - 1
    }
    let acts: [ServerAct]
    if request.isQuestion {
      acts = [answer(to: request.line, as: kind)]
    } else {
      shared.arrived.raise()
      acts = script(request, before)
    }
    for act in acts {
      switch act {
      case .send(let bytes): guard sendAll(bytes, to: connection) else { return }
      case .waitForGate: shared.gate.wait(seconds: 60)
      case .waitForClose:
        var byte: UInt8 = 0
        while read(connection, &byte, 1) > 0 {}
        shared.closed.raise()
      }
    }
  }
}

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
