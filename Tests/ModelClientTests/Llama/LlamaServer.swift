// Real llama.cpp servers for tests, with models that know nothing.

import Glibc
import Synchronization
import Testing

@testable import ModelClient

/// How a server is reached.
enum LlamaPlace: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case socket, address

  var testDescription: String { rawValue }
}

/// A running llama.cpp server; it ends when it is let go.
final class LlamaServer: Sendable {
  /// The Python that has the server; the tests that need it do not run without.
  static let python = getenv("COUNTERSIGN_LLAMA_PYTHON").map { String(cString: $0) }

  /// What to configure as the endpoint.
  let url: String
  private let process: ChildProcess
  private let directory: TemporaryDirectory
  private let model: LlamaModel
  private let hasCrashed = Atomic(false)

  /// Starts a server of the model at `model` and waits until it is ready.
  convenience init(
    _ model: LlamaModel, at place: LlamaPlace, slots: Int = 1, batch: Int = 64, key: String? = nil
  ) throws {
    try self.init(starting: model, at: place, slots: slots, batch: batch, key: key)
    guard place == .socket else { return }
    _ = try process.line(within: 60) { $0.contains("listening") }
  }

  /// Starts a server without waiting for a socket's; an address is known only once it is ready.
  init(
    starting model: LlamaModel, at place: LlamaPlace, slots: Int = 1, batch: Int = 64,
    key: String? = nil
  ) throws {
    let python = try #require(Self.python)
    self.model = model
    directory = try TemporaryDirectory()
    let socket = "\(directory.path)/a.sock"
    let listening = place == .socket ? ["--socket", socket] : ["--port", "0"]
    var secret: [String] = []
    if let key {
      try write(key, to: "\(directory.path)/key")
      secret = ["--api-key-file", "\(directory.path)/key"]
    }
    process = try ChildProcess(
      [python, "\(Self.scripts)/llama_server.py", model.path] + listening + [
        "--slots", "\(slots)", "--batch", "\(batch)", "--until-stdin-closes",
      ] + secret)
    switch place {
    case .socket: url = "unix:\(socket)"
    case .address:
      let line = try process.line(within: 60) { $0.contains("listening") }
      url = try #require(JSONValue.ifReadable(Array(line.utf8))?["listening"]?.text)
    }
  }

  /// Ends it at once, as a crash would, and returns when it is gone. Later calls do nothing.
  func crash() {
    guard !hasCrashed.exchange(true, ordering: .sequentiallyConsistent) else { return }
    kill(process.identifier, SIGKILL)
    _ = process.wait()
  }

  /// Whether its first slot works on a request, as it says itself.
  func isBusy(over transport: any Transport) async throws -> Bool {
    let endpoint = try PrivacyGuard.check(
      EndpointConfiguration(name: "x", url: url), in: .system)
    let slots = HTTPRequest(endpoint: endpoint, path: "/slots", limits: .patient)
    let answer = try await transport.response(to: slots, for: .identifyingServer).json
    return try #require(answer[0]?["is_processing"]) == .bool(true)
  }

  fileprivate static let scripts =
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Support/llama"
}

/// A model of random weights, in a directory of its own.
final class LlamaModel: Sendable {
  let path: String
  private let directory: TemporaryDirectory

  /// Larger models take longer to load and to answer.
  init(hidden: Int, layers: Int) throws {
    directory = try TemporaryDirectory()
    path = "\(directory.path)/tiny.gguf"
    let made = try ChildProcess([
      try #require(LlamaServer.python), "\(LlamaServer.scripts)/make_tiny_gguf.py", path,
      "--hidden", "\(hidden)", "--layers", "\(layers)",
    ])
    try #require(made.wait() == 0)
  }
}

/// Starts one server at each place for a suite and ends them afterwards.
struct LlamaServerTrait: SuiteTrait, TestScoping {
  @TaskLocal static var model: LlamaModel?
  @TaskLocal static var servers: [LlamaPlace: LlamaServer] = [:]

  static func server(_ place: LlamaPlace) throws -> LlamaServer { try #require(servers[place]) }

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    // Slow enough that a long answer outlasts what a test does meanwhile.
    let model = try LlamaModel(hidden: 256, layers: 6)
    let servers = [
      LlamaPlace.socket: try LlamaServer(model, at: .socket),
      .address: try LlamaServer(model, at: .address),
    ]
    try await Self.$model.withValue(model) {
      try await Self.$servers.withValue(servers) { try await body() }
    }
  }
}

extension Trait where Self == LlamaServerTrait {
  static var llamaServers: Self { Self() }
}

extension Trait where Self == ConditionTrait {
  static var hasLlama: Self {
    .enabled(
      if: LlamaServer.python != nil,
      "COUNTERSIGN_LLAMA_PYTHON names no Python with the server; make test sets it.")
  }
}

/// A question that is answered until the context is full or somebody cancels: a random model may
/// choose to end at any token, a grammar without an end forbids it.
func endlessQuestion(_ connection: ModelConnection, _ text: String = "x") -> ChatRequest {
  ChatRequest(
    model: connection.model, messages: [ChatMessage(.user, text)], maxTokens: 3900,
    grammar: Array(#"root ::= "a" root"#.utf8))
}

/// A transport that changes requests on their way.
final class ChangingTransport: Transport {
  private let inner = CurlTransport()
  private let change: @Sendable (HTTPRequest) -> HTTPRequest

  init(_ change: @escaping @Sendable (HTTPRequest) -> HTTPRequest) { self.change = change }

  func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID {
    inner.start(change(request), delayMilliseconds: delayMilliseconds, deliver)
  }

  func cancel(_ exchange: ExchangeID) { inner.cancel(exchange) }

  func perform(afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void) {
    inner.perform(afterMilliseconds: delay, work)
  }
}

extension HTTPRequest {
  /// The same request to another path, or with more members in its body.
  func changed(path: String? = nil, adding members: [(String, JSONValue)] = []) -> HTTPRequest {
    var changed = body
    if let body, case .object(let old)? = JSONValue.ifReadable(body) {
      let new = members.map { JSONMember(key: Array($0.0.utf8), value: $0.1) }
      changed = JSONValue.object(old + new).encoded
    }
    return HTTPRequest(
      endpoint: endpoint, path: path ?? self.path, body: changed, apiKey: apiKey, limits: limits)
  }
}
