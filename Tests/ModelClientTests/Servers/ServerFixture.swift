// A server as its documents describe it: what it answers to questions, and how it streams.

import Synchronization
import Testing

@testable import ModelClient

/// Documented bytes of one server, to be played by a scripted one.
struct ServerFixture: Sendable {
  /// Header lines of every answer, each with its line end.
  var headers = ""
  /// Bodies by request line, such as `GET /version`; what is not listed gets `missing`.
  var answers: [String: String]
  var missing = (status: "404 Not Found", body: #"{"detail":"Not Found"}"#)
  var chatLine = "POST /v1/chat/completions"
  var streamType = "text/event-stream; charset=utf-8"
  /// The pieces of an answer, as they stand in the body.
  var stream: [String] = []

  /// A whole response with this server's headers.
  func response(_ status: String, _ body: String, _ extra: String = "") -> ServerAct {
    .send(
      Array(
        "HTTP/1.1 \(status)\r\n\(headers)\(extra)Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
          .utf8))
  }

  /// The head of a stream that lasts until the connection closes.
  var streamHead: ServerAct {
    .send(
      Array(
        "HTTP/1.1 200 OK\r\n\(headers)Content-Type: \(streamType)\r\nConnection: close\r\n\r\n".utf8
      ))
  }

  /// The whole documented answer, byte by byte.
  var dripped: [ServerAct] { [streamHead, .drip(Array(stream.joined().utf8))] }

  /// Serves it. A chat without messages, which loads a model, is answered by `loaded`.
  ///
  /// - Parameter chat: what to do with a question, by how many came before it.
  func serve(
    loaded: String = "",
    chat: @escaping @Sendable (ReceivedRequest, Int) -> [ServerAct] = { _, _ in [] }
  ) throws -> ScriptedServer {
    let chats = Mutex(0)
    return try ScriptedServer { request, _ in
      guard request.line == chatLine else {
        guard let body = answers[request.line] else {
          return [response(missing.status, missing.body)]
        }
        return [response("200 OK", body)]
      }
      if JSONValue.ifReadable(request.body)?["messages"] == .array([]) {
        return [streamHead, .send(Array(loaded.utf8))]
      }
      let before = chats.withLock { count in
        defer { count += 1 }
        return count
      }
      return chat(request, before)
    }
  }

  /// Asks once, and returns what was heard.
  func events(
    loaded: String = "", attestedBy: String? = nil, model: String? = nil,
    retry: RetryPolicy = .never, _ chat: @escaping @Sendable (Int) -> [ServerAct]
  ) async throws -> [ModelEvent] {
    let server = try serve(loaded: loaded) { _, count in chat(count) }
    let connection = try await open(server.url, model: model, attestedBy: attestedBy)
    return try await connection.events(question(connection), retry: retry)
  }

  /// Cancels at the first text of the answer, and tells whether the server saw the connection close.
  func closesOnCancel(loaded: String = "", attestedBy: String? = nil) async throws -> Bool {
    // All until the first text and no end, so that nothing but the client closes.
    let first = try #require(stream.firstIndex { $0.contains("a€") })
    let server = try serve(loaded: loaded) { _, _ in
      [streamHead, .send(Array(stream[...first].joined().utf8)), .waitForClose]
    }
    let connection = try await open(server.url, attestedBy: attestedBy)
    let events = try await connection.events(question(connection)) { event, exchange in
      if case .text = event { exchange.cancel() }
    }
    guard case .cancelled(let summary)? = events.last, !summary.text.isEmpty else { return false }
    var closes = server.closes.makeAsyncIterator()
    return await closes.next() != nil
  }
}

/// Waits of a retry that do not make a test long, but keep to what a server asks for.
let quickRetry = RetryPolicy(delaysMilliseconds: [1, 1, 1], jitter: { 1 })

extension [ModelEvent] {
  /// The waits between attempts, in milliseconds.
  var waits: [Int] {
    compactMap { event in if case .retrying(_, let wait, _) = event { wait } else { nil } }
  }

  /// The reasoning as it was delivered.
  var reasoning: [UInt8] {
    flatMap { event -> [UInt8] in if case .reasoning(let bytes) = event { bytes } else { [] } }
  }
}
