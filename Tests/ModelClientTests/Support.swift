// What several tests share: answers of servers, connections to scripted ones, heard events.

import Glibc
import Testing

@testable import ModelClient

/// A whole HTTP response.
func response(
  _ status: String, _ body: String, type: String = "application/json", extra: String = ""
) -> [UInt8] {
  Array(
    "HTTP/1.1 \(status)\r\nServer: llama.cpp\r\n\(extra)Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
      .utf8)
}

/// The head of a stream that lasts until the connection closes.
let streamHead = Array(
  "HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    .utf8)

/// One event with a piece of text.
func textEvent(_ text: String) -> [UInt8] {
  Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n".utf8)
}

/// A stream's body: one event per text, then the end.
func answer(_ texts: [String]) -> [UInt8] {
  let end = "data: {\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"delta\":{}}]}\n\n"
  return texts.flatMap(textEvent) + Array((end + "data: [DONE]\n\n").utf8)
}

/// Plays a llama-server for GET requests, and `chat` for the questions.
func llamaServer(
  socketPath: String? = nil,
  chat: @escaping @Sendable (ReceivedRequest, Int) -> [ServerAct]
) throws -> ScriptedServer {
  try ScriptedServer(socketPath: socketPath) { request, count in
    switch request.line {
    case "GET /": [.send(response("415 Unsupported Media Type", "no", type: "text/plain"))]
    case "GET /props":
      [
        .send(
          response(
            "200 OK",
            #"{"default_generation_settings":{"n_ctx":4096},"total_slots":2,"endpoint_metrics":true}"#
          ))
      ]
    case "GET /v1/models":
      [.send(response("200 OK", #"{"data":[{"id":"tiny","owned_by":"llamacpp"}]}"#))]
    default: chat(request, count)
    }
  }
}

/// Opens a connection as a user's configuration would.
func open(
  _ url: String, over transport: any Transport = CurlTransport(), model: String? = nil,
  listed: [String] = [], attestedBy: String? = nil
) async throws -> ModelConnection {
  try await ModelConnection.open(
    EndpointConfiguration(
      name: "test", url: url, model: model, listed: listed, attestedBy: attestedBy),
    over: transport, limits: .patient)
}

extension ExchangeLimits {
  /// For questions to servers that share a busy machine with many tests.
  static let patient = ExchangeLimits(wholeMilliseconds: 20_000, bodyBytes: 8 << 20)
}

func question(_ connection: ModelConnection, _ text: String = "change it") -> ChatRequest {
  ChatRequest(model: connection.model, messages: [ChatMessage(.user, text)], maxTokens: 50)
}

extension ModelConnection {
  /// Asks, and gives the events as they come; `act` may cancel the exchange meanwhile.
  func events(
    _ request: ChatRequest, retry: RetryPolicy = .never, limits: ExchangeLimits = .answer,
    queueWatch: QueueWatch = QueueWatch(),
    act: (ModelEvent, ChatExchange) async -> Void = { _, _ in }
  ) async throws -> [ModelEvent] {
    let (stream, continuation) = AsyncStream<ModelEvent>.makeStream()
    let exchange = try self.stream(request, retry: retry, limits: limits, queueWatch: queueWatch) {
      continuation.yield($0)
      if $0.isLast { continuation.finish() }
    }
    var events: [ModelEvent] = []
    for await event in stream {
      events.append(event)
      await act(event, exchange)
    }
    return events
  }
}

extension [ModelEvent] {
  /// What the last event tells was received.
  var summary: ExchangeSummary? {
    switch last {
    case .done(let summary), .failed(_, let summary), .cancelled(let summary): summary
    default: nil
    }
  }

  /// The error, when the exchange failed.
  var failure: ModelError.Reason? {
    if case .failed(let error, _)? = last { error.reason } else { nil }
  }

  /// The text as it was delivered, piece by piece.
  var text: [UInt8] {
    flatMap { event -> [UInt8] in if case .text(let bytes) = event { bytes } else { [] } }
  }
}

/// A directory that is removed when it is let go.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    var template = Array("\(P_tmpdir)/countersign-model-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SocketProblem(words: String(cString: strerror(errno)))
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in ["a.sock", "key", "tiny.gguf", "link.sock", "ca.pem", "key.pem", "cert.pem"] {
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }
}

func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
  let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
  guard descriptor >= 0 else { throw SocketProblem(words: String(cString: strerror(errno))) }
  let bytes = Array(text.utf8)
  _ = Glibc.write(descriptor, bytes, bytes.count)
  fchmod(descriptor, mode)
  close(descriptor)
}
