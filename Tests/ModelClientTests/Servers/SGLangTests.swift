// SGLang as its documents describe it, played by a scripted server.

import Testing

@testable import ModelClient

/// SGLang of 2026: "SGLang Native APIs" (2026-03, where `/get_server_info` says that it is deprecated)
/// and `http_server.py` for what errors look like; metrics as in "Production Metrics".
private let sglang = ServerFixture(
  headers: "server: uvicorn\r\n",
  answers: [
    "GET /v1/models":
      #"{"object":"list","data":[{"id":"qwen/qwen2.5-0.5b-instruct","object":"model","created":1795414596,"owned_by":"sglang","root":"qwen/qwen2.5-0.5b-instruct","parent":null,"max_model_len":32768}]}"#,
    "GET /get_model_info":
      #"{"model_path":"qwen/qwen2.5-0.5b-instruct","tokenizer_path":"qwen/qwen2.5-0.5b-instruct","is_generation":true,"preferred_sampling_params":null,"weight_version":"default"}"#,
    "GET /get_server_info": serverInfo,
    "POST /tokenize": #"{"tokens":[1,2,3],"count":3,"max_model_len":32768}"#,
    "GET /metrics":
      "# TYPE sglang:num_queue_reqs gauge\nsglang:num_queue_reqs{model_name=\"x\"} 4.0\n",
  ],
  missing: (
    "404 Not Found",
    #"{"object":"error","message":"Not Found","type":"404","param":null,"code":404}"#
  ),
  stream: [
    sse(#"{"role":"assistant","content":"","reasoning_content":null,"tool_calls":null}"#),
    sse(#"{"role":null,"content":null,"reasoning_content":"hm","tool_calls":null}"#),
    sse(#"{"role":null,"content":"a€","reasoning_content":null,"tool_calls":null}"#),
    sse(
      #"{"role":null,"content":null,"reasoning_content":null,"tool_calls":null}"#,
      #""stop","matched_stop":151645"#),
    #"data: {"id":"1","object":"chat.completion.chunk","created":1795414596,"model":"q","choices":[],"usage":{"prompt_tokens":19,"total_tokens":23,"completion_tokens":4,"prompt_tokens_details":null}}"#
      + "\n\n", "data: [DONE]\n\n",
  ])

private let serverInfo =
  #"{"model_path":"qwen/qwen2.5-0.5b-instruct","tokenizer_path":"x","context_length":null,"enable_metrics":true,"max_running_requests":48,"max_total_num_tokens":65536,"internal_states":[{"last_gen_throughput":0.0}],"version":"0.5.9"}"#

private func sse(_ delta: String, _ reason: String = "null") -> String {
  #"data: {"id":"1","object":"chat.completion.chunk","created":1795414596,"model":"q","choices":[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}],"usage":null}"#
    + "\n\n"
}

/// The same server with some questions gone or renamed.
private func renamed(_ names: [String: String?]) -> ServerFixture {
  var fixture = sglang
  for (old, new) in names {
    let body = fixture.answers.removeValue(forKey: old)
    if let new { fixture.answers[new] = body }
  }
  return fixture
}

@Suite(.timeLimit(.minutes(1)))
struct SGLangTests {
  @Test(arguments: [
    renamed([:]), renamed(["GET /get_server_info": "GET /server_info"]),
    renamed([
      "GET /get_model_info": "GET /model_info", "GET /get_server_info": "GET /server_info",
    ]),
    renamed(["GET /get_model_info": nil, "GET /get_server_info": "GET /server_info"]),
  ])
  func `it is recognised by its old and its new questions`(_ fixture: ServerFixture) async throws {
    let server = try fixture.serve()
    let connection = try await open(server.url)
    #expect(connection.server.kind == .sglang)
    #expect(connection.server.contextTokens == 32768)
    #expect(connection.server.slots == 48)
    #expect(connection.server.capabilities.contains(.queueDepth))
    #expect(connection.verdict.level == .local)
  }

  @Test func `a length that the list does not state is taken from the server's arguments`()
    async throws
  {
    var fixture = sglang
    fixture.answers["GET /v1/models"] = #"{"data":[{"id":"q","owned_by":"sglang"}]}"#
    fixture.answers["GET /get_server_info"] = serverInfo.replacing(
      #""context_length":null"#, with: #""context_length":8192"#)
    let server = try fixture.serve()
    #expect(try await open(server.url).server.contextTokens == 8192)
  }

  @Test func `its answer is read, with nulls between`() async throws {
    let acts = sglang.dripped
    let events = try await sglang.events { _ in acts }
    #expect(events.text == Array("a€".utf8))
    #expect(events.reasoning == Array("hm".utf8))
    #expect(events.summary?.outcome == .complete)
    #expect(events.summary?.usage == TokenUsage(promptTokens: 19, completionTokens: 4))
  }

  @Test(
    arguments: [
      (
        #"{"object":"error","message":"The input (9001 tokens) is longer than the model's context length (4096 tokens).","type":"BadRequestError","param":null,"code":400}"#,
        9001
      ),
      (
        #"{"object":"error","message":"Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 5022 tokens: 4522 tokens from the input messages and 500 tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.","type":"BadRequestError","param":null,"code":400}"#,
        5022
      ),
    ])
  func `both of its overflows are recognised`(_ body: String, _ prompt: Int) async throws {
    let act = sglang.response("400 Bad Request", body)
    #expect(
      try await sglang.events { _ in [act] }.failure
        == .contextOverflow(promptTokens: prompt, contextTokens: 4096))
  }

  /// `--max-queued-requests`: the rest are turned away with 503.
  @Test func `a full queue is asked again`() async throws {
    let answer = sglang.dripped
    let busy = sglang.response(
      "503 Service Unavailable",
      #"{"object":"error","message":"The request queue is full.","type":"503","param":null,"code":503}"#
    )
    let events = try await sglang.events(retry: quickRetry) { $0 == 0 ? [busy] : answer }
    #expect(events.waits == [1])
    #expect(events.summary?.outcome == .complete)
    #expect(
      try await sglang.events { _ in [busy] }.failure
        == .overloaded(status: 503, retryAfterSeconds: nil, "The request queue is full."))
  }

  @Test func `an error in the stream and an aborted answer are no answer`() async throws {
    let failed = [
      sglang.streamHead,
      .send(
        Array(
          (sglang.stream[..<3].joined()
            + #"data: {"error": {"object":"error","message":"worker died","type":"InternalServerError","param":null,"code":500}}"#
            + "\n\ndata: [DONE]\n\n").utf8)),
    ]
    #expect(
      try await sglang.events { _ in failed }.failure
        == .failedWhileAnswering(
          ServerComplaint(code: 500, type: "InternalServerError", message: "worker died")))
    let aborted = [
      sglang.streamHead, .send(Array((sse(#"{"content":"x"}"#, #""abort""#)).utf8)),
    ]
    #expect(
      try await sglang.events { _ in aborted }.summary?.outcome == .stoppedEarly("abort"))
  }

  @Test func `cancelling closes the connection`() async throws {
    #expect(try await sglang.closesOnCancel())
  }

  @Test func `its count of the text and an estimate of the template make a count`() async throws {
    let server = try sglang.serve()
    let connection = try await open(server.url)
    let request = ChatRequest(
      model: connection.model, messages: [ChatMessage(.system, "a"), ChatMessage(.user, "b")],
      maxTokens: 10)
    #expect(
      try await connection.countTokens(of: request) == TokenCount(tokens: 19, isExact: false))
    #expect(
      JSONValue.ifReadable(server.requests.last?.body ?? [])?["prompt"]?.text == "a\nb")
  }

  @Test func `while a request waits its queue is told`() async throws {
    let answer = sglang.dripped
    let server = try sglang.serve { _, _ in [.waitForRelease] + answer }
    let connection = try await open(server.url)
    var watch = QueueWatch()
    watch.firstMilliseconds = 1
    let events = try await connection.events(question(connection), queueWatch: watch) { event, _ in
      if event == .queued(waiting: 4) { server.release() }
    }
    #expect(events.contains(.queued(waiting: 4)))
  }

  @Test func `a grammar goes by its own field`() async throws {
    let answer = sglang.dripped
    let server = try sglang.serve { _, _ in answer }
    let connection = try await open(server.url)
    var request = question(connection)
    request.grammar = Array(#"root ::= "a""#.utf8)
    _ = try await connection.events(request)
    let body = try JSONValue.reading(try #require(server.requests.last).body)
    #expect(body["ebnf"]?.bytes == request.grammar)
    #expect(body["grammar"] == nil)
  }
}
