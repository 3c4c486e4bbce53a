// LM Studio as its documents describe it, played by a scripted server.

import Testing

@testable import ModelClient

/// LM Studio 0.4: its documentation's "REST API, list models" for `/api/v1/models` (and "REST API v0"
/// for the listing before), "LM Link" for why nothing proves where it computes. Unknown paths are
/// answered with 200 and an error, as its server's log says ("Returning 200 anyway").
private let studio = ServerFixture(
  headers: "X-Powered-By: Express\r\n",
  answers: [
    "GET /v1/models":
      #"{"data":[{"id":"qwen3-coder-30b","object":"model","owned_by":"organization_owner"},{"id":"gemma-3-270m-it-qat","object":"model","owned_by":"organization_owner"}],"object":"list"}"#,
    "GET /api/v1/models":
      #"{"models":[{"type":"embedding","publisher":"gaianet","key":"text-embedding-nomic","display_name":"Nomic Embed Text v1.5","size_bytes":274290560,"loaded_instances":[{"id":"text-embedding-nomic","config":{"context_length":2048}}],"max_context_length":2048,"format":"gguf"},{"type":"llm","publisher":"x","key":"qwen3-coder-30b","display_name":"Qwen3 Coder","loaded_instances":[],"max_context_length":262144,"format":"gguf"},{"type":"llm","publisher":"lmstudio-community","key":"gemma-3-270m-it-qat","display_name":"Gemma 3 270m Instruct Qat","architecture":"gemma3","loaded_instances":[{"id":"gemma-3-270m-it-qat","config":{"context_length":4096,"eval_batch_size":512}},{"id":"gemma-long","config":{"context_length":16000}}],"max_context_length":32768,"format":"gguf"}]}"#,
  ], missing: ("200 OK", #"{"error":"Unexpected endpoint or method. (GET /x)"}"#),
  stream: [
    chunk(#"{"role":"assistant","reasoning_content":"hm"}"#),
    chunk(#"{"role":"assistant","content":"a€"}"#), chunk("{}", #""stop""#), "data: [DONE]\n\n",
  ])

private func chunk(_ delta: String, _ reason: String = "null") -> String {
  #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1795414596,"model":"gemma-3-270m-it-qat","system_fingerprint":"gemma-3-270m-it-qat","choices":[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}]}"#
    + "\n\n"
}

private let consent = "Ada, 2026-11-01"

@Suite(.timeLimit(.minutes(1)))
struct LMStudioTests {
  @Test func `it is used only with somebody's consent, and stays unproven`() async throws {
    let server = try studio.serve()
    let error = await #expect(throws: ModelError.self) { try await open(server.url) }
    #expect(error?.attempt == .checkingEndpoint)
    #expect(server.requests.allSatisfy { $0.body.isEmpty })
    let connection = try await open(server.url, attestedBy: consent)
    #expect(connection.server.kind == .lmStudio)
    #expect(connection.verdict.level == .unproven)
    #expect(connection.verdict.attestedBy == consent)
  }

  /// Loaded ones come first; what it would load on demand is offered without a context, since it is
  /// loaded with whatever its settings say.
  @Test(
    arguments: [
      (nil, 4096), ("gemma-3-270m-it-qat", 4096), ("gemma-long", 16000), ("qwen3-coder-30b", nil),
    ] as [(String?, Int?)])
  func `the context is that of the loaded instance that is asked`(
    _ model: String?, _ context: Int?
  ) async throws {
    let server = try studio.serve()
    let connection = try await open(server.url, model: model, attestedBy: consent)
    #expect(
      connection.server.models == ["gemma-3-270m-it-qat", "gemma-long", "qwen3-coder-30b"])
    #expect(connection.server.contextTokens == context)
  }

  @Test func `a model that only embeds is not offered`() async throws {
    let server = try studio.serve()
    await #expect(throws: ModelError.self) {
      try await open(server.url, model: "text-embedding-nomic", attestedBy: consent)
    }
  }

  @Test func `its older listing is read as well`() async throws {
    var fixture = studio
    fixture.answers["GET /api/v1/models"] = nil
    fixture.answers["GET /api/v0/models"] =
      #"{"object":"list","data":[{"id":"qwen2-vl-7b-instruct","object":"model","type":"vlm","publisher":"mlx-community","arch":"qwen2_vl","compatibility_type":"mlx","quantization":"4bit","state":"not-loaded","max_context_length":32768},{"id":"meta-llama-3.1-8b-instruct","object":"model","type":"llm","publisher":"lmstudio-community","arch":"llama","compatibility_type":"gguf","quantization":"Q4_K_M","state":"loaded","max_context_length":131072,"loaded_context_length":8192},{"id":"text-embedding-nomic","object":"model","type":"embeddings","publisher":"nomic-ai","state":"not-loaded","max_context_length":2048}]}"#
    let server = try fixture.serve()
    await #expect(throws: ModelError.self) { try await open(server.url) }
    let connection = try await open(server.url, attestedBy: consent)
    #expect(
      connection.server
        == ServerDescription(
          kind: .lmStudio, models: ["meta-llama-3.1-8b-instruct", "qwen2-vl-7b-instruct"],
          contextTokens: 8192))
  }

  @Test func `its answer is read, with reasoning apart`() async throws {
    let acts = studio.dripped
    let events = try await studio.events(attestedBy: consent) { _ in acts }
    #expect(events.text == Array("a€".utf8))
    #expect(events.reasoning == Array("hm".utf8))
    #expect(events.summary?.outcome == .complete)
  }

  /// With the setting for `reasoning_content` off, thinking stands in the text.
  @Test func `thinking in the text is told from the answer`() async throws {
    let acts = [
      studio.streamHead,
      .send(
        Array(
          ["<th", "ink>\\nhm</thi", "nk>\\n", "a€"].map { chunk(#"{"content":"\#($0)"}"#) }
            .joined().utf8)), .send(Array((chunk("{}", #""stop""#) + "data: [DONE]\n\n").utf8)),
    ]
    let events = try await studio.events(attestedBy: consent) { _ in acts }
    #expect(events.text == Array("\na€".utf8))
    #expect(events.reasoning == Array("\nhm".utf8))
  }

  @Test(
    arguments: [
      (
        "Trying to keep the first 9001 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input",
        9001, 4096
      ),
      (
        "The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 9001>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input.",
        9001, 4096
      ),
      (
        "The number of tokens to keep from the initial prompt is greater than the context length.",
        nil, nil
      ),
    ] as [(String, Int?, Int?)])
  func `its overflows are recognised, as a status and as an event`(
    _ words: String, _ prompt: Int?, _ context: Int?
  ) async throws {
    let expected = ModelError.Reason.contextOverflow(promptTokens: prompt, contextTokens: context)
    let refused = studio.response("400 Bad Request", #"{"error":"\#(words)"}"#)
    #expect(try await studio.events(attestedBy: consent) { _ in [refused] }.failure == expected)
    let streamed = [
      studio.streamHead,
      .send(Array("event: error\ndata: {\"error\":{\"message\":\"\(words)\"}}\n\n".utf8)),
    ]
    #expect(try await studio.events(attestedBy: consent) { _ in streamed }.failure == expected)
  }

  @Test func `an error event after text is a failure and no overflow`() async throws {
    let acts = [
      studio.streamHead,
      .send(
        Array(
          (studio.stream[..<2].joined()
            + "event: error\ndata: {\"error\":{\"message\":\"The model has crashed (context length exceeded?)\"}}\n\n")
            .utf8)),
    ]
    let events = try await studio.events(attestedBy: consent) { _ in acts }
    guard case .failedWhileAnswering? = events.failure else {
      Issue.record("it was \(String(describing: events.failure))")
      return
    }
    #expect(events.summary?.text == Array("a€".utf8))
  }

  /// With "require authentication" on, nothing is told without a token.
  @Test func `a token that is missing is told`() async throws {
    var fixture = studio
    fixture.answers = [:]
    fixture.missing = (
      "401 Unauthorized",
      #"{"error":{"message":"An LM Studio API token is required","type":"invalid_request_error"}}"#
    )
    let server = try fixture.serve()
    let error = await #expect(throws: ModelError.self) {
      try await open(server.url, attestedBy: consent)
    }
    #expect(
      error?.reason == .unauthorized(status: 401, "An LM Studio API token is required"))
  }

  /// It has no overload of its own, but may load a model for minutes before the first byte.
  @Test func `a model that is loaded on demand is waited for`() async throws {
    let acts = [.waitForRelease] + studio.dripped
    let server = try studio.serve { _, _ in acts }
    let connection = try await open(server.url, attestedBy: consent)
    var limits = ExchangeLimits.answer
    limits.silenceMilliseconds = 20
    let events = try await connection.events(question(connection), limits: limits) { event, _ in
      if case .queued = event { server.release() }
    }
    #expect(events.summary?.outcome == .complete)
  }

  @Test func `cancelling closes the connection`() async throws {
    #expect(try await studio.closesOnCancel(attestedBy: consent))
  }
}
