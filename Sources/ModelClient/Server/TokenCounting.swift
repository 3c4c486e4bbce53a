// Counts a request's tokens with the server where it can, and estimates where it cannot.

/// A number of tokens and how it was come by.
package struct TokenCount: Equatable, Sendable {
  package let tokens: Int
  /// Whether the server counted all of it; else some or all is an estimate from the bytes.
  package let isExact: Bool
}

extension ModelConnection {
  /// Returns the tokens of `request`'s prompt.
  ///
  /// A server that refuses the question is estimated for; one that cannot be reached is an error.
  /// The prompt is sent to the server for this, as it would be to answer it.
  package func countTokens(
    of request: ChatRequest, estimator: TokenEstimator = TokenEstimator()
  ) async throws(ModelError) -> TokenCount {
    try checkModel(of: request, for: .countingTokens)
    var count: TokenCount?
    if server.capabilities.contains(.tokenCounting) {
      switch server.kind {
      case .llamaServer: count = try await countedByLlamaServer(request)
      case .vllm: count = try await countedByVLLM(request)
      case .sglang: count = try await countedBySGLang(request)
      case .ollama, .lmStudio, .generic: break
      }
    }
    return count
      ?? TokenCount(tokens: estimator.tokens(in: request.messages), isExact: false)
  }

  /// Older versions count no chats, but show what their template makes of one and count that.
  private func countedByLlamaServer(
    _ request: ChatRequest
  ) async throws(ModelError) -> TokenCount? {
    let chat = try await ask("/v1/chat/completions/input_tokens", body(of: request))
    if let counted = chat?["input_tokens"]?.int {
      return TokenCount(tokens: counted, isExact: true)
    }
    let messages = JSONValue.members(["messages": request.messagesMember])
    guard let prompt = try await ask("/apply-template", messages.encoded)?["prompt"] else {
      return nil
    }
    let question = JSONValue.members([
      "content": prompt, "add_special": .bool(true), "parse_special": .bool(true),
    ])
    guard case .array(let tokens)? = try await ask("/tokenize", question.encoded)?["tokens"]
    else { return nil }
    return TokenCount(tokens: tokens.count, isExact: true)
  }

  private func countedByVLLM(_ request: ChatRequest) async throws(ModelError) -> TokenCount? {
    let question = JSONValue.members([
      "model": .text(request.model), "messages": request.messagesMember,
    ])
    return try await ask("/tokenize", question.encoded)?["count"]?.int
      .map { TokenCount(tokens: $0, isExact: true) }
  }

  /// It counts texts only, so what the template puts around each message is estimated.
  private func countedBySGLang(_ request: ChatRequest) async throws(ModelError) -> TokenCount? {
    let text = request.messages.map(\.content).joined(separator: [0x0A])
    let question = JSONValue.members([
      "model": .text(request.model), "prompt": .string(Array(text)),
    ])
    guard let counted = try await ask("/tokenize", question.encoded)?["count"]?.int else {
      return nil
    }
    let template = request.messages.count * TokenEstimator.templateTokensPerMessage
    return TokenCount(tokens: counted + template, isExact: false)
  }

  /// The answer to a question with `body`; nil when the server refuses it.
  private func ask(_ path: String, _ body: [UInt8]) async throws(ModelError) -> JSONValue? {
    let question = HTTPRequest(
      endpoint: endpoint, path: path, body: body, apiKey: apiKey,
      limits: ExchangeLimits(wholeMilliseconds: 10_000, bodyBytes: 64 << 20))
    let response = try await transport.response(to: question, for: .countingTokens)
    return response.isSuccess ? response.json : nil
  }
}
