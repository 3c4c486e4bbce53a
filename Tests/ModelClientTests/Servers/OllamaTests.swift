// Ollama's own chat as its documents describe it, played by a scripted server.

import Synchronization
import Testing

@testable import ModelClient

/// Ollama's repository of 2026-08-21: `docs/api.md` for the bytes, `api/types.go` for `thinking`,
/// `remote_model`, `remote_host` and `context_length`, `server/routes.go` for `/api/status` and the
/// suffix `:local`, `docs/faq` for the full queue.
private let ollama = ServerFixture(
  answers: [
    "GET /": "Ollama is running",
    "GET /api/tags":
      #"{"models":[{"name":"qwen2.5-coder:7b","model":"qwen2.5-coder:7b","modified_at":"2026-08-21T10:00:00Z","size":4683087332,"digest":"x","details":{"family":"qwen2"}}]}"#,
    "GET /api/ps": #"{"models":[]}"#,
    "GET /api/status": #"{"cloud":{"disabled":true,"source":"env"}}"#,
    "POST /api/show":
      #"{"modelfile":"","details":{"family":"qwen2"},"model_info":{"general.architecture":"qwen2","qwen2.context_length":32768},"capabilities":["completion"]}"#,
  ],
  missing: ("404 Not Found", "404 page not found"), chatLine: "POST /api/chat",
  streamType: "application/x-ndjson",
  stream: [
    line(#""role":"assistant","content":"","thinking":"hm, ""#),
    line(#""role":"assistant","content":"","thinking":"é""#),
    line(#""role":"assistant","content":"a€""#), line(#""role":"assistant","content":"b""#),
    end(promptTokens: 26),
  ])

private func line(_ message: String) -> String {
  #"{"model":"qwen2.5-coder:7b","created_at":"2026-08-21T10:00:00.385406455Z","message":{\#(message)},"done":false}"#
    + "\n"
}

private func end(promptTokens: Int) -> String {
  #"{"model":"qwen2.5-coder:7b","created_at":"2026-08-21T10:00:01.499686Z","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"total_duration":4883583458,"load_duration":1334875,"prompt_eval_count":\#(promptTokens),"prompt_eval_duration":342546000,"eval_count":10,"eval_duration":2000000000}"#
    + "\n"
}

/// What a chat without messages is answered with, once the model is loaded.
private let loaded =
  #"{"model":"qwen2.5-coder:7b","created_at":"2026-08-21T10:00:00Z","message":{"role":"assistant","content":""},"done_reason":"load","done":true}"#
  + "\n"

/// A version that does not know the suffix `:local`.
private func older(_ answers: [String: String?] = [:]) throws -> ScriptedServer {
  var fixture = ollama
  for (question, body) in answers { fixture.answers[question] = body }
  let show = fixture.answers["POST /api/show"] ?? ""
  fixture.answers["POST /api/show"] = nil
  let known = fixture
  return try ScriptedServer { request, _ in
    if request.line == "POST /api/show" {
      return String(decoding: request.body, as: UTF8.self).contains(":local")
        ? [known.response("404 Not Found", #"{"error":"model not found"}"#)]
        : [known.response("200 OK", show)]
    }
    return [
      known.answers[request.line].map { known.response("200 OK", $0) }
        ?? known.response(known.missing.status, known.missing.body)
    ]
  }
}

@Suite(.timeLimit(.minutes(1)))
struct OllamaTests {
  @Test func `it is recognised, and asked for a model that is computed there`() async throws {
    let server = try ollama.serve()
    let connection = try await open(server.url)
    #expect(connection.server.kind == .ollama)
    #expect(connection.model == "qwen2.5-coder:7b:local")
    #expect(connection.modelDigest == "x")
    #expect(connection.verdict.level == .local)
    #expect(connection.verdict.warnings.isEmpty)
    let earlier = try older()
    let before = try await open(earlier.url)
    #expect(before.model == "qwen2.5-coder:7b" && before.modelDigest == "x")
  }

  @Test(
    arguments: [
      (#"{"cloud":{"disabled":false,"source":"none"}}"#, "may use its cloud for other models"),
      (nil, "does not say whether it may use its cloud"),
    ] as [(String?, String)])
  func `a cloud that is not switched off is told`(_ status: String?, _ words: String) async throws {
    let server = try older(["GET /api/status": status])
    let connection = try await open(server.url)
    #expect(connection.verdict.level == .local)
    #expect(connection.verdict.warnings.count == 1)
    #expect(connection.verdict.warnings.first?.contains(words) == true)
  }

  /// Ours; else what is loaded, since another size would load it again; else the model's, bounded.
  @Test func `the context is the configured, the loaded or the trained one, in this order`()
    async throws
  {
    let server = try older()
    #expect(try await open(server.url).server.contextTokens == 16_384)
    let running = try older([
      "GET /api/ps": #"{"models":[{"name":"qwen2.5-coder:7b","context_length":8192}]}"#
    ])
    #expect(try await open(running.url).server.contextTokens == 8192)
    let configuration = EndpointConfiguration(name: "x", url: running.url, contextTokens: 4000)
    let connection = try await ModelConnection.open(configuration, over: CurlTransport())
    #expect(connection.server.contextTokens == 4000)
  }

  @Test func `a model of another machine is not offered beside local ones`() async throws {
    let server = try older([
      "GET /api/tags":
        #"{"models":[{"name":"far","remote_model":"gpt-oss:120b","remote_host":"https://ollama.com:443"},{"name":"near"}]}"#
    ])
    let connection = try await open(server.url)
    #expect(connection.server.models == ["near"])
    #expect(connection.model == "near")
  }

  @Test func `its answer is read, with thinking apart, its numbers and its end`() async throws {
    let acts = ollama.dripped
    let events = try await ollama.events(loaded: loaded) { _ in acts }
    #expect(events.text == Array("a€b".utf8))
    #expect(events.reasoning == Array("hm, é".utf8))
    let summary = try #require(events.summary)
    #expect(summary.outcome == .complete)
    #expect(summary.usage == TokenUsage(promptTokens: 26, completionTokens: 10))
    #expect(summary.timings == StreamTimings(tokensPerSecond: 5, tokenCount: 10))
    #expect(summary.warning == nil)
  }

  @Test func `the model is loaded without source first, as it will be used`() async throws {
    let acts = ollama.dripped
    let server = try ollama.serve(loaded: loaded) { _, _ in acts }
    let connection = try await open(server.url)
    _ = try await connection.events(question(connection, "the source"))
    let chats = server.requests.filter { $0.line == "POST /api/chat" }
    #expect(chats.count == 2)
    let load = try JSONValue.reading(chats[0].body)
    let ask = try JSONValue.reading(chats[1].body)
    #expect(load["messages"] == .array([]))
    #expect(chats[1].body.firstRange(of: Array("the source".utf8)) != nil)
    for question in [load, ask] {
      #expect(question["options"]?["num_ctx"]?.int == 16_384)
      #expect(question["keep_alive"]?.text == "30m")
      #expect(question["model"]?.text == "qwen2.5-coder:7b:local")
    }
    #expect(ask["truncate"] == .bool(false))
    #expect(ask["shift"] == .bool(false))
    #expect(chats[1].body == connection.renderedForDisplay(question(connection, "the source")).body)
  }

  @Test func `an alias that shows itself when it is loaded gets no source`() async throws {
    let remote = loaded.replacing(
      #""done":true"#, with: #""done":true,"remote_host":"https://ollama.com:443""#)
    let server = try ollama.serve(loaded: remote) { _, _ in [] }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection, "the source"))
    #expect(events.failure == .unreadableStream(.answeredElsewhere("https://ollama.com:443")))
    #expect(server.bytes.firstRange(of: Array("the source".utf8)) == nil)
  }

  /// `truncate: false` makes it refuse; the second comes from the runner, in the stream.
  @Test func `an overflow is recognised, as a status and in the stream`() async throws {
    let words = #"{"error":"prompt too long; exceeded max context length by 4 tokens"}"#
    let refused = ollama.response("400 Bad Request", words)
    #expect(
      try await ollama.events(loaded: loaded) { _ in [refused] }.failure
        == .contextOverflow(promptTokens: nil, contextTokens: nil))
    let streamed = [ollama.streamHead, .send(Array((words + "\n").utf8))]
    #expect(
      try await ollama.events(loaded: loaded) { _ in streamed }.failure
        == .contextOverflow(promptTokens: nil, contextTokens: nil))
    let input = ollama.response(
      "400 Bad Request", #"{"error":"the input length exceeds the context length"}"#)
    #expect(
      try await ollama.events(loaded: loaded) { _ in [input] }.failure
        == .contextOverflow(promptTokens: nil, contextTokens: nil))
  }

  /// `server/routes.go` writes the error as a line of its own, when status 200 is long gone.
  @Test func `an error line under status 200 fails the answer and keeps its text`() async throws {
    let acts = [
      ollama.streamHead,
      .send(
        Array(
          (ollama.stream[..<3].joined() + #"{"error":"an error was encountered while running"}"#
            + "\n").utf8)),
    ]
    let events = try await ollama.events(loaded: loaded) { _ in acts }
    #expect(
      events.failure
        == .failedWhileAnswering(
          ServerComplaint(code: nil, type: nil, message: "an error was encountered while running")))
    #expect(events.summary?.text == Array("a€".utf8))
  }

  /// `OLLAMA_MAX_QUEUE`, 512 unless set.
  @Test func `a full queue is asked again, when loading and when asking`() async throws {
    let busy = ollama.response(
      "503 Service Unavailable",
      #"{"error":"server busy, please try again.  maximum pending requests exceeded"}"#)
    let acts = ollama.dripped
    let events = try await ollama.events(loaded: loaded, retry: quickRetry) {
      $0 == 0 ? [busy] : acts
    }
    #expect(events.waits == [1])
    #expect(events.summary?.outcome == .complete)

    let isFirst = Atomic(true)
    let server = try ScriptedServer { request, _ in
      guard request.line == "POST /api/chat" else {
        return [ollama.response("200 OK", ollama.answers[request.line] ?? "{}")]
      }
      if JSONValue.ifReadable(request.body)?["messages"] != .array([]) { return acts }
      return isFirst.exchange(false, ordering: .sequentiallyConsistent)
        ? [busy] : [ollama.streamHead, .send(Array(loaded.utf8))]
    }
    let connection = try await open(server.url)
    let again = try await connection.events(question(connection), retry: quickRetry)
    #expect(again.waits == [1])
    #expect(again.summary?.outcome == .complete)
  }

  @Test func `a model that cannot be loaded is told, without asking`() async throws {
    let server = try ollama.serve(loaded: #"{"error":"model requires more system memory"}"# + "\n")
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection, "the source"))
    #expect(
      events.failure
        == .failedWhileAnswering(
          ServerComplaint(code: nil, type: nil, message: "model requires more system memory")))
    let torn = try ollama.serve(loaded: "")
    let other = try await open(torn.url)
    guard case .connectionLost? = try await other.events(question(other, "the source")).failure
    else {
      Issue.record("a load that was cut off was not told")
      return
    }
    for bytes in [server.bytes, torn.bytes] {
      #expect(bytes.firstRange(of: Array("the source".utf8)) == nil)
    }
  }

  /// It cuts a long prompt's beginning without a word when it ignores `truncate` or `num_ctx`
  /// (docs PR #17944, `docs/context-length`).
  @Test(arguments: [(2048, true), (5000, true), (5400, false), (9000, false)])
  func `a prompt of which it counts too few tokens comes with a warning`(
    _ counted: Int, _ isDoubtful: Bool
  ) async throws {
    let server = try ollama.serve(loaded: loaded) { _, _ in
      [
        ollama.streamHead,
        .send(Array((line(#""content":"x""#) + end(promptTokens: counted)).utf8)),
      ]
    }
    let connection = try await open(server.url)
    // 20,000 bytes are 6,250 tokens at 3.2 bytes each; 85 % of them are 5,312.
    let request = question(connection, String(repeating: "let x = 1\n", count: 2000))
    let summary = try await connection.events(request).summary
    #expect(summary?.outcome == .complete)
    #expect((summary?.warning != nil) == isDoubtful)
    #expect(summary?.warning?.contains("\(counted) tokens") ?? true)
  }

  @Test func `cancelling closes the connection, while it answers and while it loads`()
    async throws
  {
    #expect(try await ollama.closesOnCancel(loaded: loaded))
    let server = try ScriptedServer { request, _ in
      request.line == "POST /api/chat"
        ? [.waitForClose] : [ollama.response("200 OK", ollama.answers[request.line] ?? "{}")]
    }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection, "the source")) {
      event, exchange in
      if case .queued = event { exchange.cancel() }
    }
    guard case .cancelled? = events.last else {
      Issue.record("it ended with \(String(describing: events.last))")
      return
    }
    var closes = server.closes.makeAsyncIterator()
    #expect(await closes.next() != nil)
    #expect(server.bytes.firstRange(of: Array("the source".utf8)) == nil)
  }

  @Test func `a grammar is not sent to a server that follows none`() async throws {
    let server = try ollama.serve()
    let connection = try await open(server.url)
    var request = question(connection)
    request.grammar = Array("root ::= \"a\"".utf8)
    #expect(throws: ModelError.self) { try connection.stream(request) { _ in } }
    #expect(try await connection.countTokens(of: question(connection)).isExact == false)
  }
}
