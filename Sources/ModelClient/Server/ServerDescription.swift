// What is known of the server at an endpoint after it was looked at.

/// The programs we tell apart.
package enum ServerKind: String, CaseIterable, Sendable {
  case llamaServer, ollama, vllm, sglang, lmStudio
  /// Speaks OpenAI's protocol and nothing else we know: another engine, or a gateway.
  case generic

  package var displayName: String {
    switch self {
    case .llamaServer: "llama-server"
    case .ollama: "Ollama"
    case .vllm: "vLLM"
    case .sglang: "SGLang"
    case .lmStudio: "LM Studio"
    case .generic: "An OpenAI-compatible server"
    }
  }

  /// Whether the program computes on the machine it runs on (an Ollama, after its model is checked).
  package var provesLocality: Bool {
    switch self {
    case .llamaServer, .ollama, .vllm, .sglang: true
    case .lmStudio, .generic: false
    }
  }

  var chatPath: String { self == .ollama ? "/api/chat" : "/v1/chat/completions" }

  var streamFormat: StreamFormat { self == .ollama ? .jsonLines : .serverSentEvents }

  /// The member of the request's body that carries a GBNF grammar.
  func grammarMember(_ grammar: [UInt8]) -> (String, JSONValue) {
    switch self {
    case .vllm: ("structured_outputs", .members(["grammar": .string(grammar)]))
    case .sglang: ("ebnf", .string(grammar))
    case .llamaServer, .ollama, .lmStudio, .generic: ("grammar", .string(grammar))
    }
  }
}

/// What a server can do beyond answering.
package struct ServerCapabilities: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Follows a grammar.
  package static let grammar = ServerCapabilities(rawValue: 1)
  /// Tells how far it has read the prompt.
  package static let promptProgress = ServerCapabilities(rawValue: 2)
  /// Counts the tokens of a whole chat.
  package static let tokenCounting = ServerCapabilities(rawValue: 4)
  /// Tells how many requests wait.
  package static let queueDepth = ServerCapabilities(rawValue: 8)
}

/// A server as it described itself. Its words are untrusted.
package struct ServerDescription: Equatable, Sendable {
  package let kind: ServerKind
  /// Names of the models it offers, in its order.
  package var models: [String]
  /// Tokens one request may use, prompt and answer together, when it says so.
  package var contextTokens: Int?
  /// Requests it works on at the same time, when it says so.
  package var slots: Int?
  package var capabilities: ServerCapabilities
  /// The digests of models by name, where the server tells them.
  package var modelDigests: [String: String] = [:]

  package init(
    kind: ServerKind, models: [String] = [], contextTokens: Int? = nil, slots: Int? = nil,
    capabilities: ServerCapabilities = []
  ) {
    self.kind = kind
    self.models = models
    self.contextTokens = contextTokens
    self.slots = slots
    self.capabilities = capabilities
  }
}
