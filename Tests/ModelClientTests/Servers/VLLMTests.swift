// vLLM as its documents and reports describe it, played by a scripted server.

import Testing

@testable import ModelClient

/// vLLM 0.25. `/version`, `/v1/models` with `max_model_len` and `owned_by`: its OpenAI-compatible
/// server's documents. The answer's field `reasoning`: deepseek-harness#199, on 0.25.2.
private let vllm = ServerFixture(
  headers: "date: Sun, 29 Nov 2026 01:00:00 GMT\r\nserver: uvicorn\r\n",
  answers: [
    "GET /version": #"{"version":"0.25.2"}"#,
    "GET /v1/models":
      #"{"object":"list","data":[{"id":"qwen3-coder","object":"model","created":1795414596,"owned_by":"vllm","root":"Qwen/Qwen3-Coder-30B-A3B","parent":null,"max_model_len":32768,"permission":[]},{"id":"our-style","object":"model","created":1795414596,"owned_by":"vllm","root":"/adapters/x","parent":"qwen3-coder","max_model_len":null,"permission":[]},{"id":"small","object":"model","created":1795414596,"owned_by":"vllm","root":"x","parent":null,"max_model_len":4096,"permission":[]}]}"#,
    "POST /tokenize":
      #"{"count":7,"max_model_len":32768,"tokens":[1,2,3,4,5,6,7],"token_strs":null}"#,
    "GET /metrics":
      "# HELP vllm:num_requests_waiting Number of requests waiting to be processed.\n# TYPE vllm:num_requests_waiting gauge\nvllm:num_requests_waiting_by_reason{engine=\"0\",reason=\"capacity\"} 9.0\nvllm:num_requests_waiting{engine=\"0\",model_name=\"qwen3-coder\"} 2.0\nvllm:num_requests_waiting{engine=\"1\",model_name=\"qwen3-coder\"} 1.0\n",
  ],
  stream: chunks(reasoning: "reasoning"))

private func chunks(reasoning: String) -> [String] {
  func chunk(_ choices: String, _ more: String = "") -> String {
    #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795414596,"model":"qwen3-coder","choices":[\#(choices)]\#(more)}"#
      + "\n\n"
  }
  func delta(_ delta: String, _ reason: String = "null") -> String {
    chunk(#"{"index":0,"delta":{\#(delta)},"logprobs":null,"finish_reason":\#(reason)}"#)
  }
  return [
    delta(#""role":"assistant","content":"""#), delta(#""\#(reasoning)":"hm, ""#),
    delta(#""\#(reasoning)":"é""#), delta(#""content":"a€""#), delta(#""content":"b""#),
    delta(#""content":"""#, #""stop","stop_reason":null"#),
    chunk("", #","usage":{"prompt_tokens":19,"total_tokens":23,"completion_tokens":4}"#),
    "data: [DONE]\n\n",
  ]
}

@Suite(.timeLimit(.minutes(1)))
struct VLLMTests {
  @Test(
    arguments: [
      (nil, 32768), ("small", 4096),
      // An adapter states no length of its own.
      ("our-style", 32768),
    ] as [(String?, Int)])
  func `it is recognised and has the context of the model that is asked`(
    _ model: String?, _ context: Int
  ) async throws {
    let server = try vllm.serve()
    let connection = try await open(server.url, model: model)
    #expect(connection.server.kind == .vllm)
    #expect(connection.server.models == ["qwen3-coder", "our-style", "small"])
    #expect(connection.server.contextTokens == context)
    #expect(connection.verdict.level == .local)
  }

  /// `reasoning_content` until about 0.11, `reasoning` since; versions between sent one as null.
  @Test(arguments: [
    "reasoning", "reasoning_content", #"reasoning_content":null,"reasoning"#,
    #"reasoning":null,"reasoning_content"#,
  ])
  func `its answer is read, with reasoning apart, by any name`(_ field: String) async throws {
    var fixture = vllm
    fixture.stream = chunks(reasoning: field.replacing("\":null,\"", with: #"":null,""#))
    let acts = fixture.dripped
    let events = try await fixture.events { _ in acts }
    #expect(events.text == Array("a€b".utf8))
    #expect(events.reasoning == Array("hm, é".utf8))
    let summary = try #require(events.summary)
    #expect(summary.outcome == .complete)
    #expect(summary.usage == TokenUsage(promptTokens: 19, completionTokens: 4))
  }

  /// The same text in both fields, as versions around the change sent it, is thought once.
  @Test func `reasoning in two fields counts once`() async throws {
    var fixture = vllm
    fixture.stream = chunks(reasoning: "reasoning").map {
      $0.replacing(#""reasoning":"hm, ""#, with: #""reasoning":"hm, ","reasoning_content":"hm, ""#)
    }
    let acts = fixture.dripped
    #expect(try await fixture.events { _ in acts }.reasoning == Array("hm, é".utf8))
  }

  /// The wordings: since 0.16 (with `param` and without), 0.10 to 0.15 (three), and before 0.10, when
  /// the error stood at the top.
  @Test(
    arguments: [
      (
        #"{"error":{"message":"You passed 9001 input tokens and requested 50 output tokens. However, the model's context length is only 4096 tokens.","type":"BadRequestError","param":null,"code":400}}"#,
        9001
      ),
      (
        #"{"error":{"message":"You passed 9001 input tokens and requested 50 output tokens. However, the model's context length is only 4096 tokens, resulting in a maximum input length of 4046 tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=9001)","type":"BadRequestError","param":"input_tokens","code":400}}"#,
        9001
      ),
      (
        #"{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 50 output tokens and your prompt contains at least 9001 input tokens, for a total of at least 9051 tokens. Please reduce the length of the input prompt or the number of requested output tokens.","type":"BadRequestError","param":null,"code":400}}"#,
        9001
      ),
      (
        #"{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 tokens and your request has 2778 input tokens (8000 > 4096 - 2778).","type":"BadRequestError","param":null,"code":400}}"#,
        2778
      ),
      (
        #"{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5022 tokens in the messages, Please reduce the length of the messages.","type":"BadRequestError","param":null,"code":400}}"#,
        5022
      ),
      (
        #"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5022 tokens (5019 in the messages, 3 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","param":null,"code":400}"#,
        5022
      ),
    ] as [(String, Int)])
  func `an overflow is recognised in the words of every version`(
    _ body: String, _ prompt: Int
  ) async throws {
    let act = vllm.response("400 Bad Request", body)
    #expect(
      try await vllm.events { _ in [act] }.failure
        == .contextOverflow(promptTokens: prompt, contextTokens: 4096))
  }

  @Test func `other errors keep the server's words, at the top and nested`() async throws {
    let nested = vllm.response(
      "400 Bad Request", #"{"error":{"message":"bad role","type":"BadRequestError","code":400}}"#)
    #expect(
      try await vllm.events { _ in [nested] }.failure == .rejected(status: 400, "bad role"))
    let top = vllm.response(
      "404 Not Found",
      #"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}"#
    )
    #expect(
      try await vllm.events { _ in [top] }.failure == .notFound("The model `x` does not exist."))
    let key = vllm.response("401 Unauthorized", #"{"error":"Unauthorized"}"#)
    #expect(
      try await vllm.events { _ in [key] }.failure
        == .unauthorized(status: 401, "Unauthorized"))
  }

  /// An engine that dies says so in the stream, and the end mark follows all the same.
  @Test(arguments: [
    #"{"error": {"object":"error","message":"EngineCore encountered an issue.","type":"InternalServerError","param":null,"code":500}}"#,
    #"{"object":"error","message":"EngineCore encountered an issue.","type":"InternalServerError","param":null,"code":500}"#,
  ])
  func `an error in the stream fails the answer though the end mark follows`(
    _ error: String
  ) async throws {
    let acts = [
      vllm.streamHead,
      .send(Array((vllm.stream[..<4].joined() + "data: \(error)\n\ndata: [DONE]\n\n").utf8)),
    ]
    let events = try await vllm.events { _ in acts }
    #expect(
      events.failure
        == .failedWhileAnswering(
          ServerComplaint(
            code: 500, type: "InternalServerError", message: "EngineCore encountered an issue.")))
    #expect(events.summary?.text == Array("a€".utf8))
  }

  /// Its own queue has no bound (vllm#2901); what is before it answers 429 and 503.
  @Test func `overload is waited out as it asks`() async throws {
    let answer = vllm.dripped
    let events = try await vllm.events(retry: quickRetry) { count in
      switch count {
      case 0: [vllm.response("429 Too Many Requests", "{}", "Retry-After: 0\r\n")]
      // A date, by the server's own clock one second from now.
      case 1:
        [
          vllm.response(
            "503 Service Unavailable", "{}", "Retry-After: Sun, 29 Nov 2026 01:00:01 GMT\r\n")
        ]
      default: answer
      }
    }
    #expect(events.waits == [0, 1000])
    #expect(events.summary?.outcome == .complete)
  }

  @Test func `cancelling closes the connection`() async throws {
    #expect(try await vllm.closesOnCancel())
  }

  @Test func `tokens are counted by the server, of the messages and nothing else`() async throws {
    let server = try vllm.serve()
    let connection = try await open(server.url)
    #expect(
      try await connection.countTokens(of: question(connection, "hi"))
        == TokenCount(tokens: 7, isExact: true))
    #expect(
      server.requests.last?.body
        == Array(#"{"model":"qwen3-coder","messages":[{"role":"user","content":"hi"}]}"#.utf8))
  }

  @Test func `while a request waits, the waiting of all its engines are counted`() async throws {
    let answer = vllm.dripped
    let server = try vllm.serve { _, _ in [.waitForRelease] + answer }
    let connection = try await open(server.url)
    var watch = QueueWatch()
    watch.firstMilliseconds = 1
    let events = try await connection.events(question(connection), queueWatch: watch) { event, _ in
      if event == .queued(waiting: 3) { server.release() }
    }
    #expect(events.contains(.queued(waiting: 3)))
    #expect(events.summary?.outcome == .complete)
  }

  /// Other users could tell from the time to the first token what is in a shared cache of prompts.
  @Test func `its cache of prompts is salted, with one secret as long as the program runs`()
    async throws
  {
    let answer = vllm.dripped
    let server = try vllm.serve { _, _ in answer }
    let first = try await open(server.url)
    _ = try await first.events(question(first))
    let second = try await open(server.url)
    _ = try await second.events(question(second))
    let bodies = server.requests.filter { !$0.body.isEmpty }.map(\.body)
    #expect(bodies.count == 2 && bodies[0] == bodies[1])
    let salt = try #require(JSONValue.reading(bodies[0])["cache_salt"]?.bytes)
    #expect(salt.count == 64)
    #expect(bodies[0] == first.renderedForDisplay(question(first)).body)

    let picky = try vllm.serve { request, _ in
      JSONValue.ifReadable(request.body)?["cache_salt"] == nil
        ? answer
        : [
          vllm.response(
            "400 Bad Request", #"{"error":{"message":"cache_salt is not supported","code":400}}"#)
        ]
    }
    let old = try await open(picky.url)
    let events = try await old.events(question(old))
    #expect(events.contains(.dropped(.cacheSalt)))
    #expect(events.summary?.outcome == .complete)
  }
}
