// Counts the bytes of source that reach a server which must not have them.

import Glibc
import Testing

@testable import ModelClient

/// Stands for source: every server of a disguise is searched for it.
let sourceMarker = "let sourceThatMayNotLeave = 0x5EC2E7"

/// One way to make a cloud look local, and what came of it.
struct Disguise: Sendable {
  let name: String
  /// Tries to send source past it.
  let play: @Sendable () async throws -> Outcome

  struct Outcome: Sendable {
    /// Where it was refused; nil when it was not.
    let refusal: String?
    /// Bytes of source that the wrong server received.
    let leaked: Int
  }

  init(_ name: String, _ play: @escaping @Sendable () async throws -> Outcome) {
    self.name = name
    self.play = play
  }
}

/// A transport for which every address in the world is one counting server: whatever the guard lets
/// through arrives there, as it would at the address.
final class EverywhereTransport: Transport {
  private let inner = CurlTransport()
  private let counting: CheckedEndpoint

  init(_ server: ScriptedServer) throws {
    counting = try PrivacyGuard.check(
      EndpointConfiguration(name: "counting", url: server.url), in: .system)
  }

  func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID {
    let there = HTTPRequest(
      endpoint: counting, path: request.path, body: request.body, apiKey: request.apiKey,
      limits: request.limits)
    return inner.start(there, delayMilliseconds: delayMilliseconds, deliver)
  }

  func cancel(_ exchange: ExchangeID) { inner.cancel(exchange) }

  func perform(afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void) {
    inner.perform(afterMilliseconds: delay, work)
  }
}

/// Does everything that sends source: opens, counts tokens, asks. Returns where it was refused.
func sendSource(
  _ configuration: EndpointConfiguration, over transport: any Transport = CurlTransport(),
  in surroundings: PrivacyGuard.Surroundings = .system, limits: ExchangeLimits = .patient
) async throws -> String? {
  let connection: ModelConnection
  do throws(ModelError) {
    connection = try await ModelConnection.open(
      configuration, over: transport, in: surroundings, limits: limits)
  } catch {
    return refusal(error)
  }
  do throws(ModelError) {
    _ = try await connection.countTokens(of: question(connection, sourceMarker))
  } catch {
    return refusal(error)
  }
  let events = try await connection.events(question(connection, sourceMarker))
  guard case .failed(let error, _)? = events.last else { return nil }
  return refusal(error)
}

private func refusal(_ error: ModelError) -> String {
  let stage =
    switch error.attempt {
    case .checkingEndpoint: "endpoint check"
    case .readingAPIKey: "key"
    case .identifyingServer: "fingerprint"
    case .checkingModel: "model check"
    case .countingTokens: "token count"
    case .streamingAnswer: "request"
    case .readingTranscript: "transcript"
    }
  let reason = String(describing: error.reason).prefix { $0 != "(" }
  return "\(stage): \(reason)"
}

extension ScriptedServer {
  /// How many bytes of source arrived, wherever in what was received. What a client sent before this
  /// is called is counted: connections are accepted in order, and each is read to its end.
  func receivedSource() async throws -> Int {
    let last = HTTPRequest(
      endpoint: try PrivacyGuard.check(EndpointConfiguration(name: "x", url: url), in: trusting),
      path: "/last", limits: .patient)
    do throws(ModelError) {
      _ = try await CurlTransport().response(to: last, for: .identifyingServer)
    } catch {
      // Some redirect whatever they are asked; any other failure would leave the count in doubt.
      guard case .redirected = error.reason else { throw error }
    }
    let deadline = ContinuousClock.now + .seconds(10)
    while isBusy, ContinuousClock.now < deadline { await Task.yield() }
    try #require(!isBusy, "a connection was not read to its end")
    return bytesOfSource(in: bytes)
  }

  private var trusting: PrivacyGuard.Surroundings {
    PrivacyGuard.Surroundings(
      resolve: { _ throws(PolicyRefusal) in [] },
      inspectSocket: { _ throws(PolicyRefusal) in geteuid() })
  }
}

/// All occurrences of the marker, or the longest beginning of it that is there.
func bytesOfSource(in bytes: [UInt8]) -> Int {
  let marker = Array(sourceMarker.utf8)
  let count = bytes.ranges(of: marker).count
  if count > 0 { return count * marker.count }
  return (6..<marker.count).last { bytes.firstRange(of: marker.prefix($0)) != nil } ?? 0
}

/// A llama-server that answers and counts everything it is sent.
func countingServer(socketPath: String? = nil) throws -> ScriptedServer {
  try llamaServer(socketPath: socketPath) { request, _ in
    switch request.line {
    case "POST /v1/chat/completions": [.send(streamHead), .send(answer(["x"]))]
    case "POST /v1/chat/completions/input_tokens":
      [.send(response("200 OK", #"{"input_tokens":19}"#))]
    default: [.send(response("404 Not Found", "{}"))]
    }
  }
}

/// The table: name, where it was refused, bytes of source received.
func table(_ rows: [(name: String, refusal: String, leaked: Int)]) -> String {
  func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  let first = rows.map(\.name.count).max() ?? 0
  let second = rows.map(\.refusal.count).max() ?? 0
  return rows.map { "\(padded($0.name, first))  \(padded($0.refusal, second))  \($0.leaked)" }
    .joined(separator: "\n")
}
