// A model server that does what a test says: plain sockets, threads of its own.

import Glibc
import Synchronization

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
  /// - Parameter model: the name of the model it serves, by how many prompts came before.
  init(
    socketPath: String? = nil, as kind: Kind = .llama,
    model: @escaping @Sendable (Int) -> String = { _ in "scripted" },
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
        onOwnThread { Self.serve(connection, shared, kind, model, script) }
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
  private static func answer(to question: String, as kind: Kind, model: String) -> ServerAct {
    let head = kind == .llama ? "Server: llama.cpp\r\n" : ""
    switch question {
    case "GET /v1/models":
      return .response(
        "200 OK", headers: head,
        #"{"object":"list","data":[{"id":"\#(model)","object":"model","owned_by":"tests"}]}"#)
    case "GET /props" where kind == .llama:
      return .response(
        "200 OK", headers: head,
        #"{"default_generation_settings":{"n_ctx":24576},"total_slots":1}"#)
    default: return .response("404 Not Found", headers: head)
    }
  }

  private static func serve(
    _ connection: CInt, _ shared: Shared, _ kind: Kind, _ model: @Sendable (Int) -> String,
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
      acts = [answer(to: request.line, as: kind, model: model(before + 1))]
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
