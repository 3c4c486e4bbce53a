import Testing

@testable import ModelClient

private func refusal(_ status: Int, _ body: String, _ header: String = "") -> ModelError.Reason {
  var headers = ResponseHeaders()
  headers.add(line: Array(header.utf8))
  return .refusal(status: status, headers: headers, body: Array(body.utf8))
}

struct RefusalTests {
  @Test func `a llama-server's overflow comes with both numbers`() {
    let body =
      #"{"error":{"code":400,"message":"request (15017 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":15017,"n_ctx":4096}}"#
    #expect(refusal(400, body) == .contextOverflow(promptTokens: 15017, contextTokens: 4096))
  }

  @Test(
    arguments: [
      (
        #"{"error":{"message":"This model's maximum context length is 2048 tokens. However, you requested 5022 tokens (5019 in the messages).","code":"context_length_exceeded"}}"#,
        5022, 2048
      ),
      (
        #"{"error":{"message":"You passed 9001 input tokens. However, the model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}}"#,
        9001, 4096
      ),
      (#"{"error":"prompt too long; exceeded max context length by 4 tokens"}"#, nil, nil),
    ] as [(String, Int?, Int?)])
  func `other servers' overflows are recognised by their words`(
    _ body: String, _ prompt: Int?, _ context: Int?
  ) {
    #expect(refusal(400, body) == .contextOverflow(promptTokens: prompt, contextTokens: context))
  }

  @Test func `statuses are told apart`() {
    #expect(
      refusal(401, #"{"error":{"message":"Invalid API Key"}}"#)
        == .unauthorized(status: 401, "Invalid API Key"))
    #expect(refusal(404, #"{"detail":"Not Found"}"#) == .notFound("Not Found"))
    #expect(
      refusal(429, "", "Retry-After: 7\r\n") == .overloaded(status: 429, retryAfterSeconds: 7, ""))
    #expect(refusal(503, "busy") == .overloaded(status: 503, retryAfterSeconds: nil, "busy"))
    #expect(refusal(529, "x") == .overloaded(status: 529, retryAfterSeconds: nil, "x"))
    #expect(
      refusal(500, "Internal Server Error") == .serverFailed(status: 500, "Internal Server Error"))
    #expect(
      refusal(307, "", "Location: http://10.0.0.1/")
        == .redirected(status: 307, location: "http://10.0.0.1/"))
    #expect(refusal(400, #"{"error":{"message":"bad"}}"#) == .rejected(status: 400, "bad"))
  }

  @Test func `the field a server complains about is found as a word`() {
    func field(_ body: String) -> OptionalField? {
      ModelError.Reason.unknownField(status: 400, body: Array(body.utf8))
    }
    #expect(field("Unrecognized request argument: stream_options") == .streamOptions)
    #expect(field("property 'seed' is unsupported") == .seed)
    #expect(field("seeds are not unseeded") == nil)
    #expect(field("timings_per_token: extra fields not permitted") == .timingsPerToken)
  }

  @Test func `an error says what failed, where, and why`() {
    let error = ModelError(
      .streamingAnswer, "http://127.0.0.1:8080",
      .contextOverflow(promptTokens: 15017, contextTokens: 4096))
    #expect(
      error.description
        == "Could not get an answer from http://127.0.0.1:8080: the request holds 15017 tokens and does not fit the context of 4096. Drop files from it."
    )
  }

  @Test func `waits grow, are bounded, and obey the server up to a limit`() {
    let policy = RetryPolicy(delaysMilliseconds: [10, 20], jitter: { 1 })
    let refused = ModelError.Reason.connectionRefused("no")
    #expect(policy.delay(afterAttempt: 0, refused) == 10)
    #expect(policy.delay(afterAttempt: 1, refused) == 20)
    #expect(policy.delay(afterAttempt: 2, refused) == nil)
    #expect(
      policy.delay(afterAttempt: 0, .overloaded(status: 429, retryAfterSeconds: 7, "")) == 7000)
    #expect(
      policy.delay(afterAttempt: 0, .overloaded(status: 429, retryAfterSeconds: .max, "")) == nil)
    #expect(
      policy.delay(afterAttempt: 2, .overloaded(status: 429, retryAfterSeconds: 7, "")) == nil)
  }

  @Test func `waiting requests are read from either server's metrics`() {
    let llama = "# HELP llamacpp:requests_deferred x\nllamacpp:requests_deferred 2\n"
    #expect(ServerKind.llamaServer.waitingRequests(in: Array(llama.utf8)) == 2)
    let vllm =
      "vllm:num_requests_waiting_by_reason{reason=\"x\"} 9\nvllm:num_requests_waiting{model_name=\"q\"} 3.0\n"
    #expect(ServerKind.vllm.waitingRequests(in: Array(vllm.utf8)) == 3)
    #expect(ServerKind.llamaServer.waitingRequests(in: Array("nothing 1\n".utf8)) == nil)
  }
}
