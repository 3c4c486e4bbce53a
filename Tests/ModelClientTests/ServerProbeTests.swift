import Testing

@testable import ModelClient

/// A server that answers the given paths with JSON and everything else with 404.
private func server(_ answers: [String: String], front: String = "hello") throws -> ScriptedServer {
  try ScriptedServer { request, _ in
    let path = String(request.line.split(separator: " ").last ?? "")
    let body = path == "/" ? front : answers[path]
    let status = body == nil ? "404 Not Found" : "200 OK"
    return [.send(plainResponse(status, body ?? #"{"detail":"Not Found"}"#))]
  }
}

private func plainResponse(_ status: String, _ body: String) -> [UInt8] {
  Array(
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
      .utf8)
}

struct ServerProbeTests {
  @Test(.timeLimit(.minutes(1)))
  func `programs are told apart by what they answer`() async throws {
    let vllm = try server([
      "/version": #"{"version":"0.25"}"#,
      "/v1/models": #"{"data":[{"id":"q","owned_by":"vllm","max_model_len":8192}]}"#,
    ])
    let first = try await open(vllm.url)
    #expect(first.server.kind == .vllm)
    #expect(first.server.contextTokens == 8192)
    #expect(first.model == "q")

    let sglang = try server([
      "/get_model_info": #"{"model_path":"x"}"#,
      "/v1/models": #"{"data":[{"id":"q","max_model_len":100}]}"#,
    ])
    #expect(try await open(sglang.url).server.kind == .sglang)

    let studio = try server([
      "/v1/models": #"{"data":[{"id":"q"}]}"#,
      "/api/v1/models":
        #"{"models":[{"key":"q","loaded_instances":[{"config":{"context_length":4000}}]}]}"#,
    ])
    await #expect(throws: ModelError.self) { try await open(studio.url) }
    let attested = try await open(studio.url, attestedBy: "Ada, 2026-11-01")
    #expect(
      attested.server == ServerDescription(kind: .lmStudio, models: ["q"], contextTokens: 4000))
    #expect(attested.verdict.level == .unproven)

    let generic = try server(["/v1/models": #"{"data":[{"id":"a"},{"id":"b"}]}"#])
    #expect(try await open(generic.url, model: "b", attestedBy: "Ada").server.models == ["a", "b"])
    await #expect(throws: ModelError.self) {
      try await open(generic.url, model: "c", attestedBy: "Ada")
    }
    let none = try server([:])
    await #expect(throws: ModelError.self) { try await open(none.url, attestedBy: "Ada") }
  }

  @Test(.timeLimit(.minutes(1)))
  func `looking at a server sends it nothing but questions`() async throws {
    let generic = try server(["/v1/models": #"{"data":[{"id":"a"}]}"#])
    _ = try await open(generic.url, attestedBy: "Ada")
    #expect(generic.requests.allSatisfy { $0.line.hasPrefix("GET ") && $0.body.isEmpty })
  }

  @Test(.timeLimit(.minutes(1)))
  func `an Ollama's model is used only if it is computed there`() async throws {
    func ollama(_ show: String, suffixed: String = "404 Not Found") throws -> ScriptedServer {
      try ScriptedServer { request, _ in
        switch request.line {
        case "GET /": [.send(plainResponse("200 OK", "Ollama is running"))]
        case "GET /api/tags": [.send(plainResponse("200 OK", #"{"models":[{"name":"q:7b"}]}"#))]
        case "GET /api/ps": [.send(plainResponse("200 OK", #"{"models":[]}"#))]
        case "POST /api/show":
          String(decoding: request.body, as: UTF8.self).contains(":local")
            ? [.send(plainResponse(suffixed, show))] : [.send(plainResponse("200 OK", show))]
        default:
          [
            .send(
              plainResponse(
                "200 OK", #"{"message":{"content":"x"},"done":true,"done_reason":"stop"}"# + "\n"))
          ]
        }
      }
    }
    let local = #"{"model_info":{"qwen2.context_length":32768}}"#
    let old = try ollama(local)
    let first = try await open(old.url)
    #expect(first.model == "q:7b")
    #expect(first.server.contextTokens == 16_384)
    #expect(first.verdict.level == .local)
    #expect(try await first.events(question(first)).summary?.text == Array("x".utf8))
    let sent = try JSONValue.reading(try #require(old.requests.last).body)
    #expect(sent["options"]?["num_ctx"]?.int == 16_384)
    #expect(sent["truncate"] == .bool(false))
    let new = try ollama(local, suffixed: "200 OK")
    #expect(try await open(new.url).model == "q:7b:local")

    for field in ["remote_host", "remote_model"] {
      let alias = try ollama(#"{"\#(field)":"https://ollama.com"}"#)
      await #expect(throws: ModelError.self) { try await open(alias.url) }
    }
    await #expect(throws: ModelError.self) { try await open(old.url, model: "q:cloud") }
    #expect(!old.requests.contains { String(decoding: $0.body, as: UTF8.self).contains("cloud") })
  }

  @Test(.timeLimit(.minutes(1)))
  func `servers on this machine are found with their verdict`() async throws {
    let llama = try llamaServer { _, _ in [] }
    let generic = try server(["/v1/models": #"{"data":[{"id":"a"}]}"#])
    let closed = try ScriptedServer { _, _ in [] }
    let ports = [llama, closed, generic].compactMap { Int($0.url.split(separator: ":").last ?? "") }
    let found = await findLocalServers(ports: ports, over: CurlTransport())
    #expect(found.map(\.url) == [llama.url, closed.url, generic.url])
    #expect(try found[0].server.get().kind == .llamaServer)
    #expect(try found[0].verdict?.get().level == .local)
    #expect(throws: ModelError.self) { try found[1].server.get() }
    #expect(throws: PolicyRefusal.self) { try found[2].verdict?.get() }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a server that does not answer a question is given up on`() async throws {
    let silent = try ScriptedServer { _, _ in [.waitForClose] }
    let limits = ExchangeLimits(wholeMilliseconds: 50, bodyBytes: 1000)
    let configuration = EndpointConfiguration(name: "x", url: silent.url)
    await #expect(
      throws: ModelError(.identifyingServer, silent.url, .answerTimedOut(milliseconds: 50))
    ) {
      try await ModelConnection.open(configuration, over: CurlTransport(), limits: limits)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a key goes to the server in one header and a wrong one is told`() async throws {
    let server = try llamaServer { _, _ in
      [.send(response("401 No", #"{"error":{"message":"Invalid API Key"}}"#))]
    }
    let directory = try TemporaryDirectory()
    try write("s3cret\n", to: "\(directory.path)/key")
    let configuration = EndpointConfiguration(
      name: "x", url: server.url, apiKeyFile: "\(directory.path)/key")
    let connection = try await ModelConnection.open(configuration, over: CurlTransport())
    #expect(connection.verdict.warnings.isEmpty)
    let events = try await connection.events(question(connection))
    #expect(events.failure == .unauthorized(status: 401, "Invalid API Key"))
    #expect(server.requests.allSatisfy { $0.head.contains("\r\nAuthorization: Bearer s3cret") })

    let commanded = EndpointConfiguration(name: "x", url: server.url, apiKeyCommand: ["pass", "x"])
    let other = try await ModelConnection.open(commanded, over: CurlTransport()) { command in
      Array("from-\(command[0])\n".utf8)
    }
    _ = try await other.events(question(other))
    #expect(server.requests.last?.head.contains("Bearer from-pass") == true)
    await #expect(throws: ModelError.self) {
      try await ModelConnection.open(commanded, over: CurlTransport())
    }
  }
}
