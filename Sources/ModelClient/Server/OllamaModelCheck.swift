// Makes sure that an Ollama computes a model itself.

/// What is known of a model that an Ollama computes on its own machine.
struct OllamaModel: Sendable {
  /// The name to ask for, with `:local` where the server knows that suffix.
  let name: String
  /// The context to load it with, in tokens.
  let contextTokens: Int
  /// What the user should know about the server's cloud; nil when that is switched off.
  let warning: String?
}

/// Looks at a model of an Ollama before it is given source.
struct OllamaModelCheck: Sendable {
  let transport: any Transport
  let endpoint: CheckedEndpoint
  let apiKey: APIKey?
  var limits = ExchangeLimits.question

  /// Returns the model, or throws when its name, its description or its alias leads elsewhere.
  ///
  /// - Parameter wantedContext: the context the user configured; else what is loaded now, else the
  ///   model's own up to 16,384, which an ordinary graphics card holds.
  func check(_ name: String, wantedContext: Int?) async throws(ModelError) -> OllamaModel {
    let cloud = try await cloudSwitch()
    do throws(PolicyRefusal) {
      try PrivacyGuard.checkModelName(name)
    } catch {
      throw self.error(.refusedByPolicy(error.sentence))
    }
    let description = try await show(name)
    guard description.isSuccess else {
      throw error(
        .refusal(
          status: description.head.status, headers: description.head.headers,
          body: description.body))
    }
    try refuseRemote(description.json, name)
    // Versions that know the suffix answer 404 for a model that is not local; older ones do not
    // know it, and the checks above and `ChatRequest.loadingBody` are what can be had from them.
    let suffixed = try await show(name + ":local")
    try refuseRemote(suffixed.json, name)
    if let entry = entry(of: name, in: try await ask("/api/tags", nil)) {
      try refuseRemote(entry, name)
    }
    var context = wantedContext
    if context == nil { context = try await loadedContext(of: name) }
    return OllamaModel(
      name: suffixed.isSuccess ? name + ":local" : name,
      contextTokens: context ?? min(trainedContext(description.json) ?? 4096, 16_384),
      warning: cloud.warning)
  }

  private func refuseRemote(
    _ description: JSONValue, _ name: String
  ) throws(ModelError) {
    guard let remote = RemoteModel(in: description) else { return }
    throw error(
      .refusedByPolicy(
        "The model \(name) is computed elsewhere (\(remote.place)). Choose a local model."))
  }

  private enum CloudSwitch {
    case off, on
    /// A version that does not know the question.
    case untold

    var warning: String? {
      switch self {
      case .off: nil
      case .on:
        "This Ollama may use its cloud for other models: OLLAMA_NO_CLOUD=1 where it runs forbids it."
      case .untold:
        "This Ollama does not say whether it may use its cloud: update it, and set OLLAMA_NO_CLOUD=1."
      }
    }
  }

  private func cloudSwitch() async throws(ModelError) -> CloudSwitch {
    let status = try await ask("/api/status", nil)
    guard status.isSuccess, let disabled = status.json["cloud"]?["disabled"] else {
      return .untold
    }
    return disabled.isTrue ? .off : .on
  }

  private func show(_ name: String) async throws(ModelError) -> HTTPResponse {
    let body = JSONValue.members(["model": .text(name)]).encoded
    return try await ask("/api/show", body)
  }

  private func loadedContext(of name: String) async throws(ModelError) -> Int? {
    entry(of: name, in: try await ask("/api/ps", nil))?["context_length"]?.int
  }

  /// What a listing says of the model; a name without a tag stands for the tag `latest`.
  private func entry(of name: String, in listing: HTTPResponse) -> JSONValue? {
    (listing.json["models"]?.elements ?? []).first { model in
      let listed = model["name"]?.text?.lowercased()
      return listed == name.lowercased() || listed == name.lowercased() + ":latest"
    }
  }

  private func trainedContext(_ description: JSONValue) -> Int? {
    guard case .object(let members)? = description["model_info"] else { return nil }
    let suffix = Array(".context_length".utf8)
    return members.first { $0.key.suffix(suffix.count).elementsEqual(suffix) }?.value.int
  }

  private func ask(_ path: String, _ body: [UInt8]?) async throws(ModelError) -> HTTPResponse {
    try await transport.response(
      to: HTTPRequest(endpoint: endpoint, path: path, body: body, apiKey: apiKey, limits: limits),
      for: .checkingModel)
  }

  private func error(_ reason: ModelError.Reason) -> ModelError {
    ModelError(.checkingModel, endpoint.written, reason)
  }
}
