// What the real llama-server of the tests cannot be brought to do, played by a scripted one.

import Testing

@testable import ModelClient

/// llama-server of October 2026: its README for loading and the router mode; the rest measured against
/// the server of xllamacpp 2026.10.11549.
private let llama = ServerFixture(
  headers: "Server: llama.cpp\r\n",
  answers: [
    "GET /props":
      #"{"default_generation_settings":{"id":0,"n_ctx":4096},"total_slots":2,"endpoint_metrics":true}"#,
    "GET /v1/models":
      #"{"object":"list","data":[{"id":"tiny","aliases":[],"owned_by":"llamacpp","meta":{"n_ctx":8192}}]}"#,
  ],
  missing: (
    "404 Not Found",
    #"{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"#
  ),
  stream: [
    #"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1795414596,"id":"chatcmpl-XkJ4","model":"tiny.gguf","system_fingerprint":"b0-unknown","object":"chat.completion.chunk"}"#,
    #"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"reasoning_content":"hm"}}]}"#,
    #"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"k"}}]}"#,
    #"data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}]}"#,
    #"data: {"choices":[],"usage":{"completion_tokens":4,"prompt_tokens":19,"total_tokens":23,"prompt_tokens_details":{"cached_tokens":0}},"timings":{"cache_n":0,"prompt_n":19,"prompt_ms":2.0,"predicted_n":4,"predicted_ms":2.0,"predicted_per_second":2000.0}}"#,
    "data: [DONE]",
  ].map { $0 + "\n\n" })

@Suite(.timeLimit(.minutes(1)))
struct LlamaServerBytesTests {
  @Test func `a server that is loading says so, and is asked again when it was asked`() async throws
  {
    let loading = #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#
    var fixture = llama
    fixture.answers = [:]
    fixture.missing = ("503 Service Unavailable", loading)
    let server = try fixture.serve()
    let error = await #expect(throws: ModelError.self) { try await open(server.url) }
    #expect(
      error?.reason == .overloaded(status: 503, retryAfterSeconds: nil, "Loading model"))
    #expect(error?.description.contains("still loading its model") == true)
    #expect(error?.mayPass == true)

    let answer = llama.dripped
    let busy = llama.response("503 Service Unavailable", loading)
    let events = try await llama.events(retry: quickRetry) { $0 == 0 ? [busy] : answer }
    #expect(events.waits == [1])
    #expect(events.summary?.outcome == .complete)
    #expect(events.reasoning == Array("hm".utf8))
  }

  /// Without a model it is a router: a context of zero, and properties of each model when asked.
  @Test func `a router has the context of the model that is asked`() async throws {
    var fixture = llama
    fixture.answers["GET /props"] =
      #"{"role":"router","default_generation_settings":{"params":null,"n_ctx":0}}"#
    fixture.answers["GET /props?model=org%2Fbig%3AQ4_K_M&autoload=false"] =
      #"{"default_generation_settings":{"n_ctx":16384},"total_slots":4,"endpoint_metrics":true}"#
    fixture.answers["GET /v1/models"] =
      #"{"data":[{"id":"small","owned_by":"llamacpp","status":{"value":"unloaded"}},{"id":"org/big:Q4_K_M","owned_by":"llamacpp","status":{"value":"loaded"}}]}"#
    let server = try fixture.serve()
    let loaded = try await open(server.url, model: "org/big:Q4_K_M")
    #expect(loaded.server.contextTokens == 16384)
    #expect(loaded.server.slots == 4)
    #expect(loaded.server.capabilities.contains(.queueDepth) == false)
    // Not loaded: nothing is known, and nothing is made up, whichever way it says so.
    #expect(try await open(server.url, model: "small").server.contextTokens == nil)
    fixture.answers["GET /props?model=small&autoload=false"] =
      #"{"default_generation_settings":{"n_ctx":0}}"#
    let zero = try fixture.serve()
    #expect(try await open(zero.url, model: "small").server.contextTokens == nil)
  }

  @Test func `properties that are switched off leave the model's own context`() async throws {
    var fixture = llama
    fixture.answers["GET /props"] = nil
    let server = try fixture.serve()
    let connection = try await open(server.url)
    #expect(connection.server.kind == .llamaServer)
    #expect(connection.server.contextTokens == 8192)
  }

  /// llamafile is an older llama.cpp, which counts texts and shows its template, but counts no chats.
  @Test func `an older server counts what its template makes of the chat`() async throws {
    var fixture = llama
    fixture.answers["POST /apply-template"] = #"{"prompt":"<|im_start|>user\nhi<|im_end|>\n"}"#
    fixture.answers["POST /tokenize"] = #"{"tokens":[1,2,3,4]}"#
    let server = try fixture.serve()
    let connection = try await open(server.url)
    #expect(
      try await connection.countTokens(of: question(connection, "hi"))
        == TokenCount(tokens: 4, isExact: true))
    #expect(
      server.requests.last?.body
        == Array(
          #"{"content":"<|im_start|>user\nhi<|im_end|>\n","add_special":true,"parse_special":true}"#
            .utf8))
    let none = try llama.serve()
    let other = try await open(none.url)
    #expect(try await other.countTokens(of: question(other, "hi")).isExact == false)
  }

  @Test func `tokens of a request for another model are not counted`() async throws {
    let server = try llama.serve()
    let connection = try await open(server.url)
    let request = ChatRequest(
      model: "gpt-oss:cloud", messages: [ChatMessage(.user, "the source")], maxTokens: 1)
    let error = await #expect(throws: ModelError.self) {
      try await connection.countTokens(of: request)
    }
    #expect(error?.attempt == .countingTokens)
    #expect(server.bytes.firstRange(of: Array("the source".utf8)) == nil)
  }
}
