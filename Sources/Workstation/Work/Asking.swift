// Preparing a request: the files of the base, the prompt, the endpoint and its verdict.

import Approval
import Diffing
import Digest
import GitStore
import Glibc
package import ModelClient
import Review

/// Why a request is not sent.
package enum AskProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownEndpoint(String)
  case noEndpoint
  case notTracked([UInt8])
  case notAFile([UInt8])
  case operationInProgress(String)
  /// The map was made of another commit than the last.
  case mapOutdated
  /// What serves at the endpoint, or where it is, is not what it was when the request was put in.
  case endpointChanged(was: String, now: String)
  /// A recording stands in for every server.
  case replaying
  /// The socket of a server of ours belongs to somebody else.
  case foreignSocket(String)

  package var description: String {
    switch self {
    case .unknownEndpoint(let name):
      "There is no endpoint \(name) in the configuration; `countersign config --check` lists them."
    case .noEndpoint:
      "No model server is configured. Add an [[endpoint]] to the configuration, or let the ask screen look for one on this machine."
    case .notTracked(let path):
      "\(String(decoding: path, as: UTF8.self)) is not in the last commit, and the model gets committed files only: commit it first."
    case .notAFile(let path):
      "\(String(decoding: path, as: UTF8.self)) is a link or a submodule and cannot go along."
    case .endpointChanged(let was, let now):
      "The request was for \(was), and there is \(now) now: nothing was sent. Ask anew, if it may go there."
    case .replaying: "A recording is played in this window; no server is asked from it."
    case .foreignSocket(let path):
      "The socket \(path) of our own server belongs to another user, so nothing was sent: see who else can write to its directory."
    case .mapOutdated:
      "The map is of another commit than the last one, so nothing was sent: make it anew, or leave it out."
    case .operationInProgress(let name):
      "The repository is in the middle of a \(name): end it first, for example with `git \(name) --continue` or `--abort`."
    }
  }
}

/// Prepares requests; every step before the first byte of source.
package struct RequestMaker: Sendable {
  package let surroundings: Surroundings
  /// Endpoints of the configuration, and those found on loopback in this run.
  package let endpoints: [EndpointConfiguration]
  /// How the servers counted last, by the endpoints' names: prompts are estimated by that.
  let counts: [String: PromptCount]
  /// What is to be said while a server of our own starts.
  private let notice: ManagedServers.Notice

  package init(
    surroundings: Surroundings, endpoints: [EndpointConfiguration],
    counts: [String: PromptCount] = [:],
    notice: @escaping ManagedServers.Notice = { _ in }
  ) {
    self.surroundings = surroundings
    self.endpoints = endpoints
    self.notice = notice
    self.counts = counts
  }

  func estimator(for endpoint: String) -> TokenEstimator {
    var estimator = TokenEstimator()
    if let count = counts[endpoint] {
      estimator.calibrate(promptTokens: count.tokens, byteCount: count.byteCount)
    }
    return estimator
  }

  func budget(of connection: ModelConnection, called endpoint: String) -> TokenBudget {
    TokenBudget(connection: connection, estimator: estimator(for: endpoint))
  }

  /// Opens the endpoint (guard, fingerprint, verdict), reads the files of the base and builds the prompt.
  func prepare(_ draft: RequestDraft, id: SessionID, now: Int) async throws -> PreparedRequest {
    let repository = surroundings.repository
    let snapshot = try await repository.snapshot()
    if let operation = snapshot.operation {
      throw AskProblem.operationInProgress(operation.rawValue)
    }
    let base = snapshot.head.tip
    guard draft.map.isEmpty || draft.mapCommit == base else { throw AskProblem.mapOutdated }
    let (connection, request) = try await request(draft, base: base)
    let baseTree: ObjectID =
      if let base { try await repository.commitContent(base).tree } else { .emptyTree }
    let use = ModelUse(of: request, over: connection, called: draft.endpoint)
    let start = SessionStart(
      id: id, created: now, title: Self.title(draft.instruction), instruction: draft.instruction,
      files: draft.files, baseCommit: base, baseTree: baseTree, branch: snapshot.head.target,
      source: .model, endpoint: draft.endpoint, address: address(of: draft.endpoint) ?? "",
      verdict: use.verdict, model: use.model, promptDigest: use.promptDigest,
      modelDigest: use.modelDigest, sampling: use.sampling, map: draft.map)
    return PreparedRequest(start: start, connection: connection, request: request)
  }

  /// Checks a recorded request again when its turn has come: the same files of the same commit, to the same model at the same place.
  func prepareAgain(_ start: SessionStart) async throws -> PreparedRequest {
    let draft = start.draft
    // Before anybody is connected to.
    let address = address(of: start.endpoint)
    guard !start.address.isEmpty, address == start.address else {
      throw AskProblem.endpointChanged(
        was: "\(start.endpoint) at \(start.address.isEmpty ? "an unknown place" : start.address)",
        now: address.map { "\(start.endpoint) at \($0)" } ?? "no such endpoint")
    }
    let (connection, request) = try await request(draft, base: start.baseCommit)
    let was = "\(start.model), \(start.verdict)"
    let now = "\(Self.modelName(connection.model)), \(Self.words(connection))"
    guard was == now else { throw AskProblem.endpointChanged(was: was, now: now) }
    return PreparedRequest(
      start: start.asking(ModelUse(of: request, over: connection, called: start.endpoint)),
      connection: connection, request: request)
  }

  /// The request for a draft, over a connection that was checked and takes it.
  private func request(
    _ draft: RequestDraft, base: ObjectID?
  ) async throws -> (ModelConnection, ChatRequest) {
    let files = try await files(of: draft, base: base)
    let messages = try messages(draft, files)
    let connection = try await connection(to: draft.endpoint)
    let budget = budget(of: connection, called: draft.endpoint)
    if let excess = budget.excess(of: messages) {
      throw PromptTooLong(
        files, tokens: excess.tokens, limit: excess.limit, isExact: false,
        scale: Double(excess.tokens) / Double(max(1, TokenEstimator().tokens(in: messages))))
    }
    return (
      connection,
      ChatRequest(model: connection.model, messages: messages, maxTokens: budget.answerTokens)
    )
  }

  /// The messages for a draft, from the committed content of its files.
  func messages(_ draft: RequestDraft, base: ObjectID?) async throws -> [ChatMessage] {
    try messages(draft, try await files(of: draft, base: base))
  }

  private func messages(_ draft: RequestDraft, _ files: [PromptFile]) throws -> [ChatMessage] {
    try PromptBuilder(
      files: files, instruction: Array(draft.instruction.utf8), map: draft.map
    ).messages
  }

  /// What a server said of a prompt that it did not take, with what each file has of it.
  func tooLong(
    _ draft: RequestDraft, base: ObjectID?, tokens: Int?, contextTokens: Int?, isExact: Bool
  ) async throws -> PromptTooLong {
    let files = try await files(of: draft, base: base)
    let estimate = TokenEstimator().tokens(in: try messages(draft, files))
    let limit = TokenBudget(contextTokens: contextTokens).limit
    return PromptTooLong(
      files, tokens: tokens ?? estimate, limit: limit, isExact: isExact && tokens != nil,
      scale: tokens.map { Double($0) / Double(max(1, estimate)) } ?? 1)
  }

  /// The committed content of a draft's files.
  private func files(of draft: RequestDraft, base: ObjectID?) async throws -> [PromptFile] {
    let repository = surroundings.repository
    let baseTree: ObjectID =
      if let base { try await repository.commitContent(base).tree } else { .emptyTree }
    let listing = try await repository.treeListing(of: baseTree)
    var files: [PromptFile] = []
    for path in draft.files {
      guard let state = listing[path] else { throw AskProblem.notTracked(path.bytes) }
      guard state.mode.isFile else { throw AskProblem.notAFile(path.bytes) }
      files.append(PromptFile(path: path.bytes, content: try await repository.blob(state.blob)))
    }
    return files
  }

  /// Where an endpoint is, as the configuration has it now: scheme, host, port and path; or the model file and the program that serves it.
  func address(of name: String) -> String? {
    if surroundings.replay != nil { return nil }
    if let model = managedModel(name) {
      return "\(model.path) by \(model.command.joined(separator: " "))"
    }
    return endpoints.first { $0.name == name }?.url
  }

  private func managedModel(_ name: String) -> ManagedModel? {
    surroundings.configuration.endpoints.first { $0.name == name }?.managedModel
  }

  /// The connection to an endpoint by name; source can be sent over nothing else.
  package func connection(to name: String) async throws -> ModelConnection {
    if let replay = surroundings.replay, replay.name == name {
      return .replaying(replay.transcript, called: replay.name, pace: replay.pace)
    }
    // Where a recording plays nobody is asked.
    guard surroundings.replay == nil else { throw AskProblem.replaying }
    guard var endpoint = endpoints.first(where: { $0.name == name }) else {
      throw endpoints.isEmpty ? AskProblem.noEndpoint : AskProblem.unknownEndpoint(name)
    }
    let environment = surroundings.environment
    if let model = managedModel(name) {
      let place = ServerPlace(surroundings.locations, environment: environment)
      let socket = try await ManagedServers.shared.socket(for: model, in: place, notice: notice)
      endpoint.url = "unix:\(socket)"
    }
    let isOwn = managedModel(name) != nil
    let connection = try await ModelConnection.open(
      endpoint, over: surroundings.transport,
      runKeyCommand: { command throws(KeyProblem) in
        try await KeyCommand.run(command, environment: environment)
      })
    // Our own server listens as nobody but us.
    if isOwn, case .socket(let path, let owner) = connection.endpoint.target, owner != geteuid() {
      throw AskProblem.foreignSocket(path)
    }
    return connection
  }

  /// The whole request as text: what will be sent, byte for byte.
  func promptText(_ draft: RequestDraft) async throws -> ViewerState {
    let snapshot = try await surroundings.repository.snapshot()
    let messages = try await messages(draft, base: snapshot.head.tip)
    let connection = try await connection(to: draft.endpoint)
    let budget = TokenBudget(connection: connection)
    return Self.viewer(
      ChatRequest(model: connection.model, messages: messages, maxTokens: budget.answerTokens),
      over: connection, called: draft.endpoint, origin: .ask)
  }

  /// A request as text: its messages, then the HTTP body byte for byte.
  static func viewer(
    _ request: ChatRequest, over connection: ModelConnection, called name: String,
    origin: ScreenKind, of draft: AgainDraft? = nil
  ) -> ViewerState {
    let body = connection.body(of: request)
    var text: [UInt8] = []
    for message in request.messages {
      text += "──── \(message.role.rawValue) ────\n".utf8
      text += message.content
      if message.content.last != UInt8(ascii: "\n") { text += "\n".utf8 }
    }
    text += "──── the HTTP body, byte for byte (\(body.count) bytes) ────\n".utf8
    text += body
    return ViewerState(
      title: "What will be sent to \(name)",
      note:
        "\(words(connection)) · \(body.count) bytes · SHA-256 \(SHA256Digest.of(body).hex.prefix(16))… · nothing else leaves this program",
      text: TextFile(text), origin: origin, question: draft)
  }

  /// A model's name for people and trailers: of a file on the server only its name, for the directory is nobody's business.
  static func modelName(_ name: String) -> String {
    guard name.hasSuffix(".gguf"), let slash = name.lastIndex(of: "/") else { return name }
    return String(name[name.index(after: slash)...])
  }

  /// `LOCAL unix`, `LAN 10.0.0.5`, `REPLAY`.
  static func words(_ connection: ModelConnection) -> String {
    switch connection.verdict.level {
    case .replay: "REPLAY"
    case .local: "LOCAL \(connection.endpoint.isSocket ? "unix" : connection.endpoint.place)"
    case .lan: "LAN \(connection.endpoint.place)"
    case .unproven: "UNPROVEN \(connection.endpoint.place)"
    }
  }

  /// The first sentence of an instruction, cut to at most 72 characters: at a comma that leaves half of them, else at a word.
  static func title(_ instruction: String) -> String {
    var words: [Substring] = []
    var count = 0
    var clause = 0
    for word in instruction.split(whereSeparator: \.isWhitespace) {
      guard count + word.count + 1 <= 73 else {
        if clause > 0 { words.removeLast(words.count - clause) }
        break
      }
      // The sign is for the request; a commit's subject has the name alone.
      words.append(word.count > 1 && word.first == "@" ? word.dropFirst() : word)
      count += word.count + 1
      if word.last == ",", count > 36 { clause = words.count }
      if let last = word.last, ".:;!?".contains(last) { break }
    }
    var title = words.isEmpty ? String(instruction.prefix(72)) : words.joined(separator: " ")
    while let last = title.last, ".:;,".contains(last) { title.removeLast() }
    return title
  }

  /// A line of ours or of git's, cut at 72 characters.
  static func shortened(_ line: String) -> String {
    line.count > 72 ? "\(line.prefix(71))…" : line
  }
}

extension ModelUse {
  /// A question as it is sent now, without the fields that the server has refused.
  init(of request: ChatRequest, over connection: ModelConnection, called endpoint: String) {
    self.init(
      endpoint: endpoint, verdict: RequestMaker.words(connection),
      model: RequestMaker.modelName(connection.model), modelDigest: connection.modelDigest ?? "",
      sampling: Sampling(
        temperature: Int((request.temperature * 1000).rounded()),
        seed: connection.leavesOut(.seed) ? nil : request.seed, maxTokens: request.maxTokens,
        isForced: request.grammar != nil),
      promptDigest: SHA256Digest.of(connection.body(of: request)).hex)
  }
}
