// Makes sure that an Ollama computes a model itself.

/// What is known of a model that an Ollama computes on its own machine.
struct OllamaModel: Sendable {
  /// The name to ask for, with `:local` where the server knows that suffix.
  let name: String
  /// The context to load it with, in tokens.
  let contextTokens: Int
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
    do throws(PolicyRefusal) {
      try PrivacyGuard.checkModelName(name)
    } catch {
      throw ModelError(.checkingModel, endpoint.written, .refusedByPolicy(error.sentence))
    }
    let description = try await show(name)
    guard description.isSuccess else {
      throw ModelError(
        .checkingModel, endpoint.written,
        .refusal(
          status: description.head.status, headers: description.head.headers,
          body: description.body))
    }
    for field in ["remote_host", "remote_model"] {
      if let elsewhere = description.json[field]?.text, !elsewhere.isEmpty {
        throw ModelError(
          .checkingModel, endpoint.written,
          .refusedByPolicy(
            "The model \(name) is computed elsewhere (\(elsewhere)). Choose a local model."))
      }
    }
    // Versions that know the suffix answer 404 for a model that is not local; older ones do not
    // know it, and the checks above are what can be had from them.
    let suffixed = try await show(name + ":local")
    var context = wantedContext
    if context == nil { context = try await loadedContext(of: name) }
    return OllamaModel(
      name: suffixed.isSuccess ? name + ":local" : name,
      contextTokens: context ?? min(trainedContext(description.json) ?? 4096, 16_384))
  }

  private func show(_ name: String) async throws(ModelError) -> HTTPResponse {
    let body = JSONValue.members(["model": .text(name)]).encoded
    return try await ask("/api/show", body)
  }

  private func loadedContext(of name: String) async throws(ModelError) -> Int? {
    let running = try await ask("/api/ps", nil).json["models"]?.elements ?? []
    let entry = running.first { model in
      let loaded = model["name"]?.text
      return loaded == name || loaded == name + ":latest"
    }
    return entry?["context_length"]?.int
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
}
