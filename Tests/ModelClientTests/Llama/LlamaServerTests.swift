// The real llama.cpp server, with a model that knows nothing, on a unix socket.

import Glibc
import Testing

@testable import ModelClient

/// Starts one server for the whole suite and ends it afterwards.
private struct LlamaServerTrait: SuiteTrait, TestScoping {
  @TaskLocal static var url = ""

  func provideScope(
    for test: Test, testCase: Test.Case?,
    performing body: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let python = try #require(getenv("COUNTERSIGN_LLAMA_PYTHON").map { String(cString: $0) })
    let directory = try TemporaryDirectory()
    let scripts =
      #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()
      + "/Support/llama"
    let model = "\(directory.path)/tiny.gguf"
    let socket = "\(directory.path)/a.sock"
    let made = try ChildProcess([python, "\(scripts)/make_tiny_gguf.py", model])
    #expect(made.wait() == 0)
    let server = try ChildProcess([
      python, "\(scripts)/llama_server.py", model, "--socket", socket, "--slots", "1",
      "--batch", "64", "--until-stdin-closes",
    ])
    _ = try server.line(within: 60) { $0.contains("listening") }
    try await Self.$url.withValue("unix:\(socket)") { try await body() }
    _ = (made, server, directory)
  }
}

extension Trait where Self == LlamaServerTrait {
  fileprivate static var llamaServer: Self { Self() }
}

@Suite(
  .enabled(
    if: getenv("COUNTERSIGN_LLAMA_PYTHON") != nil,
    "COUNTERSIGN_LLAMA_PYTHON names no Python with the server; make test sets it."),
  .llamaServer, .serialized, .timeLimit(.minutes(2)))
struct LlamaServerTests {
  @Test func `it is recognised and judged local`() async throws {
    let connection = try await open(LlamaServerTrait.url)
    #expect(connection.server.kind == .llamaServer)
    #expect(connection.server.contextTokens == 4096)
    #expect(connection.server.slots == 1)
    #expect(connection.server.capabilities.contains(.queueDepth))
    #expect(connection.verdict.level == .local)
    #expect(connection.verdict.warnings.isEmpty)
  }

  @Test func `under a grammar of one string it answers that string, through all states`()
    async throws
  {
    let connection = try await open(LlamaServerTrait.url)
    var request = ChatRequest(
      model: connection.model,
      messages: [ChatMessage(.user, String(repeating: "count me ", count: 60))], maxTokens: 200,
      temperature: 1.5, seed: 7)
    request.grammar = Array(#"root ::= "a\tb <<<<<<< é€ \\ \"q\"\n""#.utf8)
    let counted = try await connection.countTokens(of: request)
    #expect(counted.isExact)
    let events = try await connection.events(request)
    #expect(events.text == Array("a\tb <<<<<<< é€ \\ \"q\"\n".utf8))
    let summary = try #require(events.summary)
    #expect(summary.outcome == .complete)
    #expect(summary.usage?.promptTokens == counted.tokens)
    #expect((summary.timings?.tokenCount ?? 0) > 10)
    let progress = events.filter { if case .readingPrompt = $0 { true } else { false } }
    #expect(progress.last == .readingPrompt(processed: counted.tokens, total: counted.tokens))
    #expect(events.contains { if case .writing(_, .some) = $0 { true } else { false } })
  }

  @Test func `an answer over its token limit is truncated`() async throws {
    let connection = try await open(LlamaServerTrait.url)
    let request = ChatRequest(
      model: connection.model, messages: [ChatMessage(.user, "x")], maxTokens: 5,
      grammar: Array(#"root ::= "aaaaaaaaaaaaaaaaaaaaaaaaaaaa""#.utf8))
    let summary = try await connection.events(request).summary
    #expect(summary?.outcome == .truncated)
    #expect(summary?.text == Array("aaaaa".utf8))
  }

  @Test func `a prompt over the context is refused with both numbers`() async throws {
    let connection = try await open(LlamaServerTrait.url)
    let request = question(connection, String(repeating: "x y ", count: 3000))
    guard
      case .contextOverflow(.some(let prompt), 4096)? = try await connection.events(request).failure
    else {
      Issue.record("the overflow was not recognised")
      return
    }
    #expect(prompt > 4096)
  }

  @Test func `cancelling frees the slot`() async throws {
    let transport = CurlTransport()
    let connection = try await open(LlamaServerTrait.url, over: transport)
    let request = ChatRequest(
      model: connection.model, messages: [ChatMessage(.user, "x")], maxTokens: 4000,
      // Without an end: a random model may choose one at any token.
      grammar: Array(#"root ::= "a" root"#.utf8))
    let events = try await connection.events(request) { event, exchange in
      if case .text = event { exchange.cancel() }
    }
    guard case .cancelled(let summary)? = events.last else {
      Issue.record("it ended with \(String(describing: events.last))")
      return
    }
    #expect(!summary.text.isEmpty && summary.text.count < 3500)
    let slots = HTTPRequest(endpoint: connection.endpoint, path: "/slots", limits: .question)
    let deadline = ContinuousClock.now + .seconds(5)
    var isBusy = true
    while isBusy, ContinuousClock.now < deadline {
      let answer = try await transport.response(to: slots, for: .identifyingServer).json
      isBusy = answer[0]?["is_processing"]?.isTrue ?? true
    }
    #expect(!isBusy)
  }

  @Test func `what it answers can be recorded and played back`() async throws {
    let (made, continuation) = AsyncStream<Transcript>.makeStream()
    let recorder = RecordingTransport(around: CurlTransport(), date: "today", note: "") {
      continuation.yield($0)
      continuation.finish()
    }
    let live = try await open(LlamaServerTrait.url, over: recorder)
    var request = question(live)
    request.grammar = Array(#"root ::= "hello""#.utf8)
    let events = try await live.events(request)
    for await transcript in made {
      let replay = ModelConnection.replaying(
        try Transcript(reading: transcript.encoded, called: "x"), called: "x", pace: .immediate)
      let again = try await replay.events(question(replay))
      #expect(again.text == Array("hello".utf8))
      #expect(again.summary == events.summary)
    }
  }
}
