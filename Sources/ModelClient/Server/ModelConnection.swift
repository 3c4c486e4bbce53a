// The way to a model: opened only after the guard and the fingerprint, and the only way to send source.

import Synchronization

/// An endpoint that was checked, identified and judged, with the model to ask there.
///
/// There is no other way to send a prompt, so no byte of source leaves before the verdict.
package struct ModelConnection: Sendable {
  package let endpoint: CheckedEndpoint
  package let server: ServerDescription
  package let verdict: EndpointVerdict
  /// The model every request has to name.
  package let model: String

  let transport: any Transport
  let apiKey: APIKey?
  let droppedFields: DroppedFields

  /// Whether the server has refused a field, so that bodies are sent without it.
  package func leavesOut(_ field: OptionalField) -> Bool { droppedFields.all.contains(field) }

  /// What the server says the model's content is named by; nil when it does not tell. Untrusted, like all of its words.
  package var modelDigest: String? {
    // An Ollama's model is asked for under a name that keeps it on this machine.
    server.modelDigests[model] ?? server.modelDigests.first { model == "\($0.key):local" }?.value
  }

  /// Checks the endpoint, finds out what serves there, judges it, and chooses the model.
  ///
  /// - Parameters:
  ///   - runKeyCommand: runs the configured command and returns what it prints.
  ///   - surroundings: what the guard asks the system.
  package static func open(
    _ configuration: EndpointConfiguration, over transport: any Transport,
    in surroundings: PrivacyGuard.Surroundings = .system,
    limits: ExchangeLimits = .question,
    runKeyCommand: (@Sendable ([String]) async throws(KeyProblem) -> [UInt8])? = nil
  ) async throws(ModelError) -> ModelConnection {
    let endpoint = try await checkedEndpoint(configuration, surroundings)
    let apiKey = try await key(configuration, runKeyCommand)
    let probe = ServerProbe(
      transport: transport, endpoint: endpoint, apiKey: apiKey, limits: limits)
    var server = try await probe.identify(model: configuration.model)
    var verdict: EndpointVerdict
    do throws(PolicyRefusal) {
      verdict = try PrivacyGuard.verdict(
        on: endpoint, serving: server.kind, attestedBy: configuration.attestedBy,
        hasAPIKey: apiKey != nil)
    } catch {
      throw ModelError(.checkingEndpoint, endpoint.written, .refusedByPolicy(error.sentence))
    }
    var model = try chosenModel(configuration, server, endpoint)
    if server.kind == .ollama {
      let check = OllamaModelCheck(
        transport: transport, endpoint: endpoint, apiKey: apiKey, limits: limits)
      let local = try await check.check(model, wantedContext: configuration.contextTokens)
      model = local.name
      server.contextTokens = local.contextTokens
      if let warning = local.warning { verdict = verdict.adding(warning: warning) }
    }
    return ModelConnection(
      endpoint: endpoint, server: server, verdict: verdict, model: model, transport: transport,
      apiKey: apiKey, droppedFields: DroppedFields())
  }

  /// A connection that plays `transcript` instead of asking anyone.
  package static func replaying(
    _ transcript: Transcript, called name: String, pace: ReplayPace
  ) -> ModelConnection {
    let header = transcript.header
    return ModelConnection(
      endpoint: .transcript(called: name),
      server: ServerDescription(kind: header.server, models: [header.model]),
      verdict: .replay, model: header.model,
      transport: ReplayTransport(transcript, pace: pace), apiKey: nil,
      droppedFields: DroppedFields())
  }

  /// The exact bytes of the HTTP body that `stream` would send for `request` now.
  package func body(of request: ChatRequest) -> [UInt8] {
    request.body(
      for: server.kind, omitting: droppedFields.all, contextTokens: server.contextTokens,
      cacheSalt: Self.cacheSalt)
  }

  /// Keeps what a shared vLLM caches of our prompts from being guessed at by timing, and differs
  /// from process to process: 256 random bits, as vLLM's documents advise.
  private static let cacheSalt: String = {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }()

  /// Throws unless `request` names the model that was checked.
  func checkModel(
    of request: ChatRequest, for attempt: ModelError.Attempt
  ) throws(ModelError) {
    guard request.model == model else {
      throw ModelError(
        attempt, endpoint.written,
        .refusedByPolicy(
          "The request names the model \(request.model), but \(model) is the one that was checked."
        ))
    }
  }

  /// Asks the model. `deliver` is called on the transport's thread, in order, and hears exactly one
  /// of `.done`, `.failed` and `.cancelled`, as the last event.
  package func stream(
    _ request: ChatRequest, retry: RetryPolicy = RetryPolicy(),
    limits: ExchangeLimits = .answer, queueWatch: QueueWatch = QueueWatch(),
    _ deliver: @escaping @Sendable (ModelEvent) -> Void
  ) throws(ModelError) -> ChatExchange {
    try checkModel(of: request, for: .streamingAnswer)
    guard request.grammar == nil || server.capabilities.contains(.grammar) else {
      throw ModelError(
        .streamingAnswer, endpoint.written,
        .unsupported("\(server.kind.displayName) does not follow a grammar."))
    }
    let exchange = ChatExchange(
      connection: self, request: request, retry: retry, limits: limits, queueWatch: queueWatch,
      deliver: deliver)
    exchange.begin()
    return exchange
  }

  private static func checkedEndpoint(
    _ configuration: EndpointConfiguration, _ surroundings: PrivacyGuard.Surroundings
  ) async throws(ModelError) -> CheckedEndpoint {
    let checked: Result<CheckedEndpoint, PolicyRefusal> = await withoutBlocking {
      Result { () throws(PolicyRefusal) in
        try PrivacyGuard.check(configuration, in: surroundings)
      }
    }
    switch checked {
    case .success(let endpoint): return endpoint
    case .failure(let refusal):
      throw ModelError(.checkingEndpoint, configuration.url, .refusedByPolicy(refusal.sentence))
    }
  }

  private static func key(
    _ configuration: EndpointConfiguration,
    _ runKeyCommand: (@Sendable ([String]) async throws(KeyProblem) -> [UInt8])?
  ) async throws(ModelError) -> APIKey? {
    do throws(KeyProblem) {
      if let path = configuration.apiKeyFile {
        let read: Result<APIKey, KeyProblem> = await withoutBlocking {
          Result { () throws(KeyProblem) in try APIKey.reading(file: path) }
        }
        return try read.get()
      }
      guard let command = configuration.apiKeyCommand else { return nil }
      guard let runKeyCommand else { throw KeyProblem("nothing here runs the key's command.") }
      return try APIKey(try await runKeyCommand(command))
    } catch {
      throw ModelError(.readingAPIKey, configuration.url, .unusableKey(error.sentence))
    }
  }

  /// A llama-server answers for any name, so only the others are held to their list.
  private static func chosenModel(
    _ configuration: EndpointConfiguration, _ server: ServerDescription,
    _ endpoint: CheckedEndpoint
  ) throws(ModelError) -> String {
    let name = configuration.model ?? server.models.first
    guard let name else {
      throw ModelError(
        .checkingModel, endpoint.written, .notUnderstood("it offers no model. Load one there."))
    }
    do throws(PolicyRefusal) {
      try PrivacyGuard.checkModelName(name)
    } catch {
      throw ModelError(.checkingModel, endpoint.written, .refusedByPolicy(error.sentence))
    }
    let answersAnyName = server.kind == .llamaServer || server.kind == .ollama
    guard answersAnyName || server.models.isEmpty || server.models.contains(name) else {
      throw ModelError(
        .checkingModel, endpoint.written, .noSuchModel(name, offered: server.models))
    }
    return name
  }
}

/// The optional fields a server complained about, remembered as long as the connection.
final class DroppedFields: Sendable {
  private let fields = Mutex<Set<OptionalField>>([])

  var all: Set<OptionalField> { fields.withLock { $0 } }

  /// Returns whether `field` was not dropped before.
  func insert(_ field: OptionalField) -> Bool {
    fields.withLock { $0.insert(field).inserted }
  }
}
