// Finds out what serves at an endpoint, by asking questions that carry no source.

/// Asks a server what it is, GET only, in the order that tells the programs apart.
struct ServerProbe: Sendable {
  let transport: any Transport
  let endpoint: CheckedEndpoint
  let apiKey: APIKey?
  var limits = ExchangeLimits.question

  /// Returns what serves there; throws when nothing does, or nothing that can chat.
  func identify() async throws(ModelError) -> ServerDescription {
    let front = try await ask("/")
    if front.isSuccess, front.body.firstRange(of: Array("Ollama is running".utf8)) != nil {
      return try await ollama()
    }
    let saysLlama = front.head.headers["server"]?.hasPrefix("llama.cpp") ?? false
    let props = try await ask("/props")
    if saysLlama || props.json["default_generation_settings"] != nil {
      guard props.head.status != 401 else { throw refusal(props) }
      return try await llamaServer(props: props.isSuccess ? props.json : .null)
    }
    let listing = try await ask("/v1/models")
    if try await ask("/version").json["version"] != nil,
      listing.json["data"]?[0]?["owned_by"]?.text == "vllm"
    {
      var server = described(.vllm, by: listing.json)
      server.capabilities = [.grammar, .tokenCounting, .queueDepth]
      return server
    }
    if try await ask("/get_model_info").json["model_path"] != nil {
      var server = described(.sglang, by: listing.json)
      server.capabilities = [.grammar]
      return server
    }
    let studio = try await ask("/api/v1/models").json["models"]?.elements ?? []
    if studio.contains(where: { $0["loaded_instances"] != nil }) { return lmStudio(studio) }
    guard listing.isSuccess else { throw refusal(listing) }
    guard listing.json["data"] != nil else {
      throw error(.notUnderstood("it speaks HTTP but lists no models at /v1/models."))
    }
    return described(.generic, by: listing.json)
  }

  private func llamaServer(props: JSONValue) async throws(ModelError) -> ServerDescription {
    let listing = try await ask("/v1/models")
    guard listing.isSuccess else { throw refusal(listing) }
    var server = described(.llamaServer, by: listing.json)
    let perSlot = props["default_generation_settings"]?["n_ctx"]?.int
    server.contextTokens = perSlot ?? listing.json["data"]?[0]?["meta"]?["n_ctx"]?.int
    server.slots = props["total_slots"]?.int
    server.capabilities = [.grammar, .promptProgress, .tokenCounting]
    if props["endpoint_metrics"]?.isTrue ?? false { server.capabilities.insert(.queueDepth) }
    return server
  }

  private func ollama() async throws(ModelError) -> ServerDescription {
    let listing = try await ask("/api/tags")
    guard listing.isSuccess else { throw refusal(listing) }
    let models = listing.json["models"]?.elements ?? []
    return ServerDescription(kind: .ollama, models: models.compactMap { $0["name"]?.text })
  }

  private func lmStudio(_ models: [JSONValue]) -> ServerDescription {
    let loaded = models.filter { !($0["loaded_instances"]?.elements.isEmpty ?? true) }
    let context = loaded.first?["loaded_instances"]?[0]?["config"]?["context_length"]?.int
    return ServerDescription(
      kind: .lmStudio, models: (loaded.isEmpty ? models : loaded).compactMap { $0["key"]?.text },
      contextTokens: context)
  }

  private func described(_ kind: ServerKind, by listing: JSONValue) -> ServerDescription {
    let models = listing["data"]?.elements ?? []
    return ServerDescription(
      kind: kind, models: models.compactMap { $0["id"]?.text },
      contextTokens: models.first?["max_model_len"]?.int)
  }

  private func ask(_ path: String) async throws(ModelError) -> HTTPResponse {
    try await transport.response(
      to: HTTPRequest(endpoint: endpoint, path: path, apiKey: apiKey, limits: limits),
      for: .identifyingServer)
  }

  private func refusal(_ response: HTTPResponse) -> ModelError {
    error(
      .refusal(
        status: response.head.status, headers: response.head.headers, body: response.body))
  }

  private func error(_ reason: ModelError.Reason) -> ModelError {
    ModelError(.identifyingServer, endpoint.written, reason)
  }
}
