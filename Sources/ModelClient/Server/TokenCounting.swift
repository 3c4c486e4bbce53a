// Counts a request's tokens with the server where it can, and estimates where it cannot.

/// A number of tokens and how it was come by.
package struct TokenCount: Equatable, Sendable {
  package let tokens: Int
  /// Whether the server counted; else it is an estimate from the bytes.
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
    let estimate = TokenCount(tokens: estimator.tokens(in: request.messages), isExact: false)
    guard server.capabilities.contains(.tokenCounting), let path = countingPath else {
      return estimate
    }
    let question = HTTPRequest(
      endpoint: endpoint, path: path, body: body(of: request), apiKey: apiKey,
      limits: ExchangeLimits(wholeMilliseconds: 10_000, bodyBytes: 64 << 20))
    let response = try await transport.response(to: question, for: .countingTokens)
    let counted = response.json["input_tokens"]?.int ?? response.json["count"]?.int
    guard response.isSuccess, let counted else { return estimate }
    return TokenCount(tokens: counted, isExact: true)
  }

  private var countingPath: String? {
    switch server.kind {
    case .llamaServer: "/v1/chat/completions/input_tokens"
    case .vllm: "/tokenize"
    case .ollama, .sglang, .lmStudio, .generic: nil
    }
  }
}
