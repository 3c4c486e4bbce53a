// What is asked of a model, and the exact bytes of the HTTP body that asks it.

/// Who says a message.
package enum ChatRole: String, Sendable {
  case system, user, assistant
}

/// One message of the prompt. Its content is UTF-8 without NUL, so it can be sent as JSON text.
package struct ChatMessage: Equatable, Sendable {
  package let role: ChatRole
  package let content: [UInt8]

  /// Makes a message, or nil when `content` is not UTF-8 or holds a NUL.
  package init?(_ role: ChatRole, bytes content: [UInt8]) {
    guard isSendableText(content) else { return nil }
    self.role = role
    self.content = content
  }

  /// Makes a message of our own words.
  package init(_ role: ChatRole, _ text: String) {
    self.role = role
    content = text.utf8.filter { $0 != 0 }
  }

  fileprivate var json: JSONValue {
    .members(["role": .text(role.rawValue), "content": .string(content)])
  }
}

/// Whether `bytes` can be sent as JSON text and come back the same: UTF-8 without NUL.
package func isSendableText(_ bytes: [UInt8]) -> Bool {
  !bytes.contains(0) && String(validating: bytes, as: UTF8.self) != nil
}

/// A member of the body that servers may not know and that is left out after one complaint.
package enum OptionalField: String, CaseIterable, Sendable {
  case streamOptions = "stream_options"
  case seed
  case returnProgress = "return_progress"
  case timingsPerToken = "timings_per_token"
  case cacheSalt = "cache_salt"
  case templateSettings = "chat_template_kwargs"
}

/// One question to a model, before it is known which server hears it.
package struct ChatRequest: Equatable, Sendable {
  package let model: String
  package let messages: [ChatMessage]
  /// The most tokens the answer may have.
  package let maxTokens: Int
  package var temperature: Double = 0.2
  package var seed: Int?
  /// A GBNF grammar the answer must follow; only for servers with `.grammar`.
  package var grammar: [UInt8]?

  package init(
    model: String, messages: [ChatMessage], maxTokens: Int, temperature: Double = 0.2,
    seed: Int? = nil, grammar: [UInt8]? = nil
  ) {
    precondition(temperature.isFinite && maxTokens > 0)
    self.model = model
    self.messages = messages
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.seed = seed
    self.grammar = grammar
  }

  /// Returns the HTTP body as it is sent to a server of `kind`, without the fields in `omitted`.
  ///
  /// The same request gives the same bytes, so that a server's prefix cache holds.
  ///
  /// - Parameters:
  ///   - contextTokens: what an Ollama is asked to load the model with; others decide that themselves.
  ///   - cacheSalt: keeps a vLLM's cache of prompts apart from other users'.
  package func body(
    for kind: ServerKind, omitting omitted: Set<OptionalField> = [], contextTokens: Int? = nil,
    cacheSalt: String? = nil
  ) -> [UInt8] {
    if kind == .ollama { return ollamaBody(omitting: omitted, contextTokens: contextTokens) }
    var members: [(String, JSONValue)] = [
      ("model", .text(model)),
      ("messages", messagesMember),
      ("stream", .bool(true)),
      ("temperature", .number(temperature)),
      ("max_tokens", .integer(maxTokens)),
    ]
    func addOptional(_ field: OptionalField, _ value: JSONValue?) {
      guard let value, !omitted.contains(field) else { return }
      members.append((field.rawValue, value))
    }
    addOptional(.streamOptions, .members(["include_usage": .bool(true)]))
    addOptional(.seed, seed.map(JSONValue.integer))
    if kind == .llamaServer {
      addOptional(.returnProgress, .bool(true))
      addOptional(.timingsPerToken, .bool(true))
    }
    if kind == .vllm { addOptional(.cacheSalt, cacheSalt.map(JSONValue.text)) }
    if let grammar {
      members.append(kind.grammarMember(grammar))
      // A grammar holds from the first token on, and would not let a model think before it answers.
      addOptional(.templateSettings, .members(["enable_thinking": .bool(false)]))
    }
    return object(members).encoded
  }

  var messagesMember: JSONValue { .array(messages.map(\.json)) }

  /// Asks an Ollama to load the model as `body` would and to answer nothing: no source is in it.
  ///
  /// An alias to another machine shows itself in what comes back, as it would in an answer.
  package func loadingBody(contextTokens: Int?) -> [UInt8] {
    object([
      ("model", .text(model)), ("messages", .array([])), ("stream", .bool(true)),
      ("keep_alive", .text(Self.keepAlive)),
      ("options", object(contextTokens.map { [("num_ctx", .integer($0))] } ?? [])),
    ]).encoded
  }

  private static let keepAlive = "30m"

  /// Ollama's own chat: its `/v1` ignores the context size and cuts a long prompt without a word.
  private func ollamaBody(omitting omitted: Set<OptionalField>, contextTokens: Int?) -> [UInt8] {
    var options: [(String, JSONValue)] = [
      ("temperature", .number(temperature)), ("num_predict", .integer(maxTokens)),
    ]
    if let contextTokens { options.append(("num_ctx", .integer(contextTokens))) }
    if let seed, !omitted.contains(.seed) { options.append(("seed", .integer(seed))) }
    return object([
      ("model", .text(model)),
      ("messages", messagesMember),
      ("stream", .bool(true)),
      ("truncate", .bool(false)),
      ("shift", .bool(false)),
      ("keep_alive", .text(Self.keepAlive)),
      ("options", object(options)),
    ]).encoded
  }

  private func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { JSONMember(key: Array($0.0.utf8), value: $0.1) })
  }
}
