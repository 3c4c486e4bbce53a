// Real llama.cpp servers that load, die, want a key, or have several slots: each test starts its own.

import Testing

@testable import ModelClient

@Suite(.hasLlama, .serialized, .timeLimit(.minutes(3)))
struct LlamaServerTroubleTests {
  @Test(arguments: LlamaPlace.allCases)
  func `a server that is killed while it answers leaves its text and an interruption`(
    _ place: LlamaPlace
  ) async throws {
    let server = try LlamaServer(LlamaModel(hidden: 256, layers: 6), at: place)
    let connection = try await open(server.url)
    let events = try await connection.events(endlessQuestion(connection)) { event, _ in
      if case .text = event { server.crash() }
    }
    guard case .done(let summary)? = events.last else {
      Issue.record("it ended with \(String(describing: events.last))")
      return
    }
    #expect(summary.outcome == .interrupted)
    #expect(!summary.text.isEmpty && summary.text == events.text)
    guard
      case .connectionRefused? = try await connection.events(question(connection)).failure
    else {
      Issue.record("a dead server was not told")
      return
    }
  }

  @Test(arguments: LlamaPlace.allCases)
  func `a server that is killed while a request waits is told as lost`(
    _ place: LlamaPlace
  ) async throws {
    let server = try LlamaServer(LlamaModel(hidden: 256, layers: 6), at: place)
    let connection = try await open(server.url)
    let (running, begun) = AsyncStream<Void>.makeStream()
    let (queued, told) = AsyncStream<Void>.makeStream()
    async let first = connection.events(endlessQuestion(connection)) { event, _ in
      guard case .text = event else { return }
      begun.finish()
      for await _ in queued {}
      server.crash()
    }
    for await _ in running {}
    let second = try await connection.events(question(connection)) { event, _ in
      if case .queued = event { told.finish() }
    }
    #expect(try await first.summary?.outcome == .interrupted)
    guard case .connectionLost? = second.failure else {
      Issue.record("it ended with \(String(describing: second.last))")
      return
    }
  }

  @Test(arguments: LlamaPlace.allCases)
  func `without its key nothing is told, with it everything works`(
    _ place: LlamaPlace
  ) async throws {
    let server = try LlamaServer(LlamaModel(hidden: 64, layers: 2), at: place, key: "s3cret")
    let directory = try TemporaryDirectory()
    func opened(_ key: String?) async throws -> ModelConnection {
      if let key { try write(key, to: "\(directory.path)/key") }
      return try await ModelConnection.open(
        EndpointConfiguration(
          name: "x", url: server.url,
          apiKeyFile: key.map { _ in "\(directory.path)/key" }), over: CurlTransport())
    }
    for key in [nil, "wrong"] {
      let error = await #expect(throws: ModelError.self) { try await opened(key) }
      #expect(error?.reason == .unauthorized(status: 401, "Invalid API Key"))
    }
    let connection = try await opened("s3cret")
    #expect(connection.verdict.warnings.isEmpty)
    var request = question(connection)
    request.grammar = Array(#"root ::= "hello""#.utf8)
    #expect(try await connection.countTokens(of: request).isExact)
    #expect(try await connection.events(request).text == Array("hello".utf8))
  }

  @Test func `slots share the context, and each request has that of its slot`() async throws {
    let server = try LlamaServer(LlamaModel(hidden: 64, layers: 2), at: .address, slots: 2)
    let connection = try await open(server.url)
    #expect(connection.server.slots == 2)
    #expect(connection.server.contextTokens == 2048)
    let request = question(connection, String(repeating: "x y ", count: 800))
    let counted = try await connection.countTokens(of: request)
    #expect((2049..<4096).contains(counted.tokens))
    #expect(
      try await connection.events(request).failure
        == .contextOverflow(promptTokens: counted.tokens, contextTokens: 2048))
  }

  /// On a socket, since the port of an address is known only once it is loaded; large enough that loading takes about a second.
  /// On a busy machine that second may pass unseen, so a server is started anew a few times before that counts.
  @Test func `a server that is loading its model says so until it is ready`() async throws {
    for _ in 0..<6 where try await saysThatItLoads() { return }
    Issue.record("no server was seen loading")
  }

  /// Asks a server from its start until it is ready, and returns whether it said in between that it loads.
  private func saysThatItLoads() async throws -> Bool {
    let server = try LlamaServer(starting: LlamaModel(hidden: 512, layers: 16), at: .socket)
    let deadline = ContinuousClock.now + .seconds(60)
    var sawLoading = false
    while ContinuousClock.now < deadline {
      do {
        let connection = try await open(server.url)
        #expect(connection.server.contextTokens == 4096)
        return sawLoading
      } catch let error as ModelError {
        switch error.reason {
        case .overloaded(503, nil, "Loading model"):
          sawLoading = true
          #expect(error.description.contains("still loading its model"))
        // Before it listens there is no socket, or nobody behind it.
        case .refusedByPolicy, .connectionRefused: break
        default: throw error
        }
      }
    }
    Issue.record("it was never ready")
    return false
  }
}
