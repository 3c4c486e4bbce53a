// Finds out what serves at an endpoint, by asking questions that carry no source.

/// Asks a server what it is, GET only, in the order that tells the programs apart.
struct ServerProbe: Sendable {
  let transport: any Transport
  let endpoint: CheckedEndpoint
  let apiKey: APIKey?
  var limits = ExchangeLimits.question

  /// Returns what serves there; throws when nothing does, or nothing that can chat.
  ///
  /// - Parameter model: whose context to find out; nil stands for the one that is offered first.
  func identify(model: String? = nil) async throws(ModelError) -> ServerDescription {
    let front = try await frontPage()
    if let front, front.isSuccess,
      front.body.firstRange(of: Array("Ollama is running".utf8)) != nil
    {
      return try await ollama()
    }
    let saysLlama = front?.head.headers["server"]?.hasPrefix("llama.cpp") ?? false
    let props = try await ask("/props")
    if saysLlama || props.json["default_generation_settings"] != nil {
      guard props.head.status != 401 else { throw refusal(props) }
      return try await llamaServer(props: props.isSuccess ? props.json : .null, model: model)
    }
    let listing = try await ask("/v1/models")
    if try await ask("/version").json["version"] != nil,
      listing.json["data"]?[0]?["owned_by"]?.text == "vllm"
    {
      var server = described(.vllm, by: listing.json, model: model)
      server.capabilities = [.grammar, .tokenCounting, .queueDepth]
      return server
    }
    if let server = try await sglang(listing: listing.json, model: model) { return server }
    if let server = try await lmStudio(model: model) { return server }
    guard listing.isSuccess else { throw refusal(listing) }
    guard listing.json["data"] != nil else {
      throw error(.notUnderstood("it speaks HTTP but lists no models at /v1/models."))
    }
    return described(.generic, by: listing.json, model: model)
  }

  /// What is at `/`; nil when it leads elsewhere, as llama-swap's does to its own pages. Nobody goes
  /// there, and everything that is asked afterwards is held to the rule that redirects are errors.
  private func frontPage() async throws(ModelError) -> HTTPResponse? {
    do throws(ModelError) {
      return try await ask("/")
    } catch {
      guard case .redirected = error.reason else { throw error }
      return nil
    }
  }

  private func llamaServer(
    props: JSONValue, model: String?
  ) async throws(ModelError) -> ServerDescription {
    let listing = try await ask("/v1/models")
    guard listing.isSuccess else { throw refusal(listing) }
    var server = described(.llamaServer, by: listing.json, model: model)
    var props = props
    let isRouter = props["role"]?.text == "router"
    // A router has no context of its own; it tells a loaded model's when asked for that model.
    if isRouter, let name = model ?? server.models.first {
      props = try await ask("/props?model=\(percentEncoded(name))&autoload=false").json
    }
    let perSlot = props["default_generation_settings"]?["n_ctx"]?.int
    server.contextTokens = perSlot.flatMap { $0 > 0 ? $0 : nil } ?? server.contextTokens
    server.slots = props["total_slots"]?.int
    server.capabilities = [.grammar, .promptProgress, .tokenCounting]
    if !isRouter, props["endpoint_metrics"]?.isTrue ?? false {
      server.capabilities.insert(.queueDepth)
    }
    return server
  }

  private func ollama() async throws(ModelError) -> ServerDescription {
    let listing = try await ask("/api/tags")
    guard listing.isSuccess else { throw refusal(listing) }
    let models = listing.json["models"]?.elements ?? []
    // The first is the default, so those that are computed elsewhere are not offered beside others.
    let local = models.filter { RemoteModel(in: $0) == nil }
    var server = ServerDescription(
      kind: .ollama, models: (local.isEmpty ? models : local).compactMap { $0["name"]?.text })
    for model in models {
      guard let name = model["name"]?.text, let digest = model["digest"]?.text else { continue }
      server.modelDigests[name] = digest
    }
    return server
  }

  /// SGLang renames its questions: `/get_model_info` and `/get_server_info` lose their `get_`.
  private func sglang(
    listing: JSONValue, model: String?
  ) async throws(ModelError) -> ServerDescription? {
    func hasPath(_ value: JSONValue) -> Bool { value["model_path"] != nil }
    var isKnown = hasPath(try await ask("/get_model_info").json)
    if !isKnown { isKnown = hasPath(try await ask("/model_info").json) }
    var info = try await ask("/server_info").json
    if !hasPath(info), isKnown { info = try await ask("/get_server_info").json }
    guard isKnown || hasPath(info) else { return nil }
    var server = described(.sglang, by: listing, model: model)
    server.contextTokens = server.contextTokens ?? info["context_length"]?.int
    server.slots = info["max_running_requests"]?.int
    server.capabilities = [.grammar, .tokenCounting]
    if info["enable_metrics"]?.isTrue ?? false { server.capabilities.insert(.queueDepth) }
    return server
  }

  private func lmStudio(model: String?) async throws(ModelError) -> ServerDescription? {
    let current = try await ask("/api/v1/models").json["models"]?.elements ?? []
    if current.contains(where: { $0["loaded_instances"] != nil }) {
      return LMStudioListing(version1: current).description(of: model)
    }
    let old = try await ask("/api/v0/models").json["data"]?.elements ?? []
    guard old.contains(where: { $0["state"] != nil && $0["max_context_length"] != nil })
    else { return nil }
    return LMStudioListing(version0: old).description(of: model)
  }

  private func described(
    _ kind: ServerKind, by listing: JSONValue, model: String?
  ) -> ServerDescription {
    let models = listing["data"]?.elements ?? []
    // An adapter of a vLLM states no length of its own; it has that of the model it adapts.
    let chosen = models.first { $0["id"]?.text == model } ?? models.first
    let base = models.first { $0["id"] == chosen?["parent"] }
    return ServerDescription(
      kind: kind, models: models.compactMap { $0["id"]?.text },
      contextTokens: chosen.flatMap(contextTokens) ?? base.flatMap(contextTokens))
  }

  private func contextTokens(of model: JSONValue) -> Int? {
    model["max_model_len"]?.int ?? model["meta"]?["n_ctx"]?.int ?? model["context_length"]?.int
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

/// `text` as the value of a query's member (RFC 3986).
private func percentEncoded(_ text: String) -> String {
  text.utf8.map { byte in
    let isPlain =
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || "-._~".utf8.contains(byte)
    let digits = String(byte, radix: 16, uppercase: true)
    return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
  }.joined()
}
