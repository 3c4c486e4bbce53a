// However a cloud is disguised, no byte of source reaches it.

import Glibc
import Testing

@testable import ModelClient

struct DisguiseTests {
  @Test(.timeLimit(.minutes(2)))
  func `no disguise of a cloud receives a byte of source`() async throws {
    var rows: [(name: String, refusal: String, leaked: Int)] = []
    for disguise in addressDisguises + modelDisguises {
      let outcome = try await disguise.play()
      #expect(outcome.refusal != nil, "\(disguise.name) was not refused")
      #expect(outcome.leaked == 0, "\(disguise.name) received source")
      rows.append((disguise.name, outcome.refusal ?? "NOT REFUSED", outcome.leaked))
    }
    rows.append(("proxies in the environment", "passed by", try await leakedToProxies()))
    #expect(rows.last?.leaked == 0)
    #expect(rows.count >= 12)
    print("disguise, where it was refused, bytes of source received\n" + table(rows))
  }

  /// Without this the counting server could be deaf.
  @Test(.timeLimit(.minutes(1)))
  func `the same servers do receive source when they are honest`() async throws {
    var rows: [(name: String, refusal: String, leaked: Int)] = []
    for honest in honestServers {
      let outcome = try await honest.play()
      #expect(outcome.refusal == nil, "\(honest.name): \(outcome.refusal ?? "")")
      #expect(outcome.leaked >= sourceMarker.utf8.count, "\(honest.name) received no source")
      rows.append((honest.name, outcome.refusal ?? "not refused", outcome.leaked))
    }
    print("honest server, bytes of source received\n" + table(rows))
  }

  @Test func `the search finds the source in pieces too`() {
    let marker = Array(sourceMarker.utf8)
    #expect(bytesOfSource(in: []) == 0)
    #expect(bytesOfSource(in: Array("GET / HTTP/1.1\r\n".utf8)) == 0)
    #expect(bytesOfSource(in: [1] + marker + [2] + marker) == 2 * marker.count)
    #expect(bytesOfSource(in: [1] + marker.prefix(9)) == 9)
  }

  /// What an Ollama says only once it was asked comes too late for the prompt, which it has by then:
  /// the answer is cut off there, and nothing of it may be used.
  @Test(.timeLimit(.minutes(1)))
  func `an Ollama that tells only with its answer is cut off there`() async throws {
    let server = try ServerFixture(
      answers: [
        "GET /": "Ollama is running", "GET /api/tags": #"{"models":[{"name":"q:7b"}]}"#,
        "POST /api/show": "{}",
      ], chatLine: "POST /api/chat", streamType: "application/x-ndjson"
    ).serve(loaded: #"{"done":true,"done_reason":"load"}"# + "\n") { _, _ in
      [
        .send(
          Array("HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n".utf8)
            + Array(#"{"message":{"content":"x"},"done":false}"#.utf8) + [10]
            + Array(#"{"message":{"content":"y"},"done":false,"remote_host":"h"}"#.utf8) + [10]),
        .waitForClose,
      ]
    }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection, sourceMarker))
    #expect(events.failure == .unreadableStream(.answeredElsewhere("h")))
    #expect(events.text == Array("x".utf8))
    var closes = server.closes.makeAsyncIterator()
    #expect(await closes.next() != nil)
  }

  /// In a process of its own, since the environment belongs to all tests. There a proxy of every kind
  /// counts, while an honest server has to receive the source.
  private func leakedToProxies() async throws -> Int {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      let proxy = try countingServer()
      for name in ["http_proxy", "https_proxy", "all_proxy"] {
        setenv(name, proxy.url, 1)
        setenv(name.uppercased(), proxy.url, 1)
      }
      setenv("no_proxy", "", 1)
      setenv("NO_PROXY", "", 1)
      let server = try countingServer()
      let refusal = try await sendSource(EndpointConfiguration(name: "x", url: server.url))
      try #require(refusal == nil)
      try #require(try await server.receivedSource() > 0)
      print("proxies received \(try await proxy.receivedSource()) bytes")
    }
    let output = String(
      decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let line = try #require(
      output.split(separator: "\n").first { $0.hasPrefix("proxies received ") })
    return try #require(Int(line.split(separator: " ")[2]))
  }
}
