// Gateways and engines that only speak OpenAI's protocol, played by a scripted server.

import Testing

@testable import ModelClient

/// LiteLLM's proxy: its documents' front page is a page of HTML, `owned_by` says openai whatever is
/// behind, and errors carry the status as a string.
private let liteLLM = ServerFixture(
  headers: "server: uvicorn\r\nx-litellm-version: 1.80.0\r\n",
  answers: [
    "GET /": "<!DOCTYPE html><html><title>LiteLLM API - Swagger UI</title></html>",
    "GET /v1/models":
      #"{"data":[{"id":"team-coder","object":"model","created":1677610602,"owned_by":"openai"},{"id":"b","object":"model","created":1677610602,"owned_by":"openai"}],"object":"list"}"#,
  ],
  stream: [
    chunk(#"{"role":"assistant","content":"","reasoning_content":"hm"}"#),
    chunk(#"{"content":"a€"}"#), chunk("{}", #""stop""#),
    #"data: {"id":"1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":19,"completion_tokens":4,"total_tokens":23}}"#
      + "\n\n", "data: [DONE]\n\n",
  ])

private func chunk(_ delta: String, _ reason: String? = nil) -> String {
  let finish = reason.map { #","finish_reason":\#($0)"# } ?? ""
  return
    #"data: {"id":"1","created":1795414596,"model":"team-coder","object":"chat.completion.chunk","choices":[{"index":0,"delta":\#(delta)\#(finish)}]}"#
    + "\n\n"
}

private let consent = "Ada, 2026-11-01"

@Suite(.timeLimit(.minutes(1)))
struct GatewayTests {
  @Test func `it is used only with an attestation, and held to its list of models`() async throws {
    let server = try liteLLM.serve()
    for attestation in [nil, "", " \n"] {
      let error = await #expect(throws: ModelError.self) {
        try await open(server.url, attestedBy: attestation)
      }
      #expect(error?.attempt == .checkingEndpoint)
    }
    let connection = try await open(server.url, model: "b", attestedBy: consent)
    #expect(connection.server == ServerDescription(kind: .generic, models: ["team-coder", "b"]))
    #expect(connection.verdict.level == .unproven)
    let error = await #expect(throws: ModelError.self) {
      try await open(server.url, model: "c", attestedBy: consent)
    }
    #expect(error?.reason == .noSuchModel("c", offered: ["team-coder", "b"]))
  }

  /// llama-swap sends a browser from `/` to its pages; nobody follows, and it is still recognised.
  @Test func `a front page that leads elsewhere is passed over and not followed`() async throws {
    let elsewhere = try ScriptedServer { _, _ in [] }
    let server = try ScriptedServer { request, _ in
      switch request.line {
      case "GET /": [liteLLM.response("302 Found", "", "Location: \(elsewhere.url)/ui\r\n")]
      case "GET /v1/models":
        [
          liteLLM.response(
            "200 OK",
            #"{"data":[{"id":"q","object":"model","created":1795414596,"owned_by":"llama-swap"}],"object":"list"}"#
          )
        ]
      default: [liteLLM.response("404 Not Found", "404 page not found")]
      }
    }
    let connection = try await open(server.url, attestedBy: consent)
    #expect(connection.server.kind == .generic)
    #expect(elsewhere.bytes.isEmpty)
  }

  @Test func `its answer is read, with reasoning apart`() async throws {
    let acts = liteLLM.dripped
    let events = try await liteLLM.events(attestedBy: consent) { _ in acts }
    #expect(events.text == Array("a€".utf8))
    #expect(events.reasoning == Array("hm".utf8))
    #expect(events.summary?.outcome == .complete)
    #expect(events.summary?.usage == TokenUsage(promptTokens: 19, completionTokens: 4))
  }

  /// llama-swap's `concurrencyLimit` answers a bare 429 (its PRs #811 and #834), Dynamo 529 and
  /// before 503, TGI 429 with `error_type`.
  @Test func `each way to be overloaded is waited out, as long as it asks`() async throws {
    let answer = liteLLM.dripped
    let events = try await liteLLM.events(attestedBy: consent, retry: quickRetry) { count in
      switch count {
      case 0: [liteLLM.response("429 Too Many Requests", "")]
      case 1: [liteLLM.response("529 Site Is Overloaded", "", "Retry-After: 0\r\n")]
      case 2:
        [
          liteLLM.response(
            "429 Too Many Requests",
            #"{"error":"Model is overloaded","error_type":"overloaded"}"#)
        ]
      default: answer
      }
    }
    #expect(events.waits == [1, 0, 1])
    #expect(events.summary?.outcome == .complete)
    let long = liteLLM.response("429 Too Many Requests", "{}", "Retry-After: 86400\r\n")
    let given = try await liteLLM.events(attestedBy: consent, retry: quickRetry) { _ in [long] }
    #expect(given.waits.isEmpty)
    #expect(
      given.failure == .overloaded(status: 429, retryAfterSeconds: 86400, "{}"))
  }

  @Test(
    arguments: [
      // LiteLLM around vLLM's words.
      (
        "400 Bad Request",
        #"{"error":{"message":"litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException - This model's maximum context length is 4096 tokens. However, you requested 5022 tokens (5019 in the messages, 3 in the completion).. Received Model Group=team-coder","type":null,"param":null,"code":"400"}}"#,
        5022, 4096
      ),
      // TGI, in maintenance.
      (
        "422 Unprocessable Entity",
        #"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9001 `inputs` tokens and 50 `max_new_tokens`","error_type":"validation"}"#,
        9001, 4096
      ),
      // llama-cpp-python 0.3.36, measured.
      (
        "400 Bad Request",
        #"{"error":{"message":"This model's maximum context length is 2048 tokens. However, you requested 5022 tokens (5019 in the messages, 3 in the completion). Please reduce the length of the messages or completion.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
        5022, 2048
      ),
    ])
  func `overflows behind it are recognised`(
    _ status: String, _ body: String, _ prompt: Int, _ context: Int
  ) async throws {
    let act = liteLLM.response(status, body)
    #expect(
      try await liteLLM.events(attestedBy: consent) { _ in [act] }.failure
        == .contextOverflow(promptTokens: prompt, contextTokens: context))
  }

  @Test func `other errors are told as they are`() async throws {
    let wrongKey = liteLLM.response(
      "401 Unauthorized",
      #"{"error":{"message":"Authentication Error, Invalid proxy server token passed.","type":"auth_error","param":"None","code":"401"}}"#
    )
    #expect(
      try await liteLLM.events(attestedBy: consent) { _ in [wrongKey] }.failure
        == .unauthorized(
          status: 401, "Authentication Error, Invalid proxy server token passed."))
    // llama-cpp-python answers malformed requests so, measured.
    let plain = liteLLM.response("500 Internal Server Error", "Internal Server Error")
    #expect(
      try await liteLLM.events(attestedBy: consent) { _ in [plain] }.failure
        == .serverFailed(status: 500, "Internal Server Error"))
    // FastAPI's own.
    let invalid = liteLLM.response(
      "422 Unprocessable Entity",
      #"{"detail":[{"type":"missing","loc":["body","x"],"msg":"Field required","input":{}}]}"#)
    #expect(
      try await liteLLM.events(attestedBy: consent) { _ in [invalid] }.failure
        == .rejected(status: 422, "Field required"))
    let page = liteLLM.response("502 Bad Gateway", "<html>nginx</html>")
    #expect(
      try await liteLLM.events(attestedBy: consent) { _ in [page] }.failure
        == .serverFailed(status: 502, "<html>nginx</html>"))
  }

  @Test func `an upstream that dies in the stream leaves an interruption`() async throws {
    let acts = [liteLLM.streamHead, .send(Array(liteLLM.stream[..<2].joined().utf8))]
    let events = try await liteLLM.events(attestedBy: consent) { _ in acts }
    #expect(events.summary?.outcome == .interrupted)
    #expect(events.summary?.text == Array("a€".utf8))
    let told =
      acts + [
        .send(
          Array(
            (#"data: {"error": {"message": "litellm.APIConnectionError: upstream gone", "type": null, "param": null, "code": "500"}}"#
              + "\n\n").utf8))
      ]
    guard
      case .failedWhileAnswering(let complaint)? =
        try await liteLLM.events(attestedBy: consent, { _ in told }).failure
    else {
      Issue.record("the error in the stream was passed over")
      return
    }
    #expect(complaint.code == 500)
  }

  @Test func `fields it does not know are left out one by one`() async throws {
    let acts = liteLLM.dripped
    let server = try liteLLM.serve { request, _ in
      let body = JSONValue.ifReadable(request.body)
      for field in ["stream_options", "seed"] where body?[field] != nil {
        return [
          liteLLM.response(
            "400 Bad Request",
            #"{"error":{"message":"Unsupported parameter: '\#(field)'","code":"400"}}"#)
        ]
      }
      return acts
    }
    let connection = try await open(server.url, attestedBy: consent)
    var request = question(connection)
    request.seed = 7
    let events = try await connection.events(request)
    #expect(events.contains(.dropped(.streamOptions)) && events.contains(.dropped(.seed)))
    #expect(events.summary?.outcome == .complete)
  }

  @Test func `cancelling closes the connection`() async throws {
    #expect(try await liteLLM.closesOnCancel(attestedBy: consent))
  }

  @Test func `tokens are estimated, since it counts none`() async throws {
    let server = try liteLLM.serve()
    let connection = try await open(server.url, attestedBy: consent)
    #expect(try await connection.countTokens(of: question(connection)).isExact == false)
    #expect(server.requests.allSatisfy { $0.body.isEmpty })
  }
}
