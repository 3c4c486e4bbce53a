// Models that are computed elsewhere, and servers that could have them computed elsewhere.

@testable import ModelClient

/// An Ollama that passes on whatever it is given without a word, unless `answers` says otherwise.
private func ollama(
  _ answers: [String: String] = [:], chat: [String] = []
) throws -> ScriptedServer {
  let known =
    [
      "GET /": "Ollama is running", "GET /api/tags": #"{"models":[{"name":"q:7b"}]}"#,
      "GET /api/ps": #"{"models":[]}"#, "POST /api/show": #"{"model_info":{}}"#,
    ].merging(answers) { $1 }
  let stream =
    (chat.isEmpty
    ? [#"{"message":{"role":"assistant","content":"x"},"done":false}"#, #"{"done":true}"#] : chat)
    .map { $0 + "\n" }.joined()
  return try ScriptedServer { request, _ in
    switch request.line {
    case "POST /api/chat":
      [
        .send(
          Array(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n\(stream)"
              .utf8))
      ]
    default:
      [.send(response(known[request.line] == nil ? "404 No" : "200 OK", known[request.line] ?? ""))]
    }
  }
}

/// The Ollama itself is the counting server: what it gets, its cloud has.
func ollamaDisguise(
  _ name: String, model: String? = nil, _ answers: [String: String] = [:], chat: [String] = []
) -> Disguise {
  Disguise(name) {
    let server = try ollama(answers, chat: chat)
    let refusal = try await sendSource(
      EndpointConfiguration(name: "x", url: server.url, model: model))
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  }
}

/// A server of another kind, asked as `configure` says.
func serverDisguise(
  _ name: String, _ fixture: ServerFixture,
  _ configure: @escaping @Sendable (inout EndpointConfiguration) -> Void = { _ in }
) -> Disguise {
  Disguise(name) {
    let server = try fixture.serve { _, _ in [.send(streamHead), .send(answer(["x"]))] }
    var configuration = EndpointConfiguration(name: "x", url: server.url)
    configure(&configuration)
    let refusal = try await sendSource(configuration)
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  }
}

private let honestStudio = ServerFixture(answers: [
  "GET /v1/models": #"{"data":[{"id":"q"}]}"#,
  "GET /api/v1/models":
    #"{"models":[{"type":"llm","key":"q","loaded_instances":[{"id":"q","config":{"context_length":4096}}]}]}"#,
])

private let gateway = ServerFixture(answers: ["GET /v1/models": #"{"data":[{"id":"q"}]}"#])

private let vllm = ServerFixture(answers: [
  "GET /version": #"{"version":"0.25.2"}"#,
  "GET /v1/models": #"{"data":[{"id":"q:cloud","owned_by":"vllm"}]}"#,
])

private let remote = #""remote_host":"https://ollama.com:443","remote_model":"gpt-oss:120b""#

private let cloudNames = [
  "gpt-oss:cloud", "gpt-oss:120b-cloud", "gpt-oss:CLOUD", "gpt-oss:120b-CLOUD",
  "gpt-oss:120B-Cloud", "gpt-oss:20b:cloud", "library/gpt-oss:cloud", "gpt-oss:cloud ",
  "gpt-oss:cl oud", "gpt-oss:cloud@sha256:0f", "gpt-oss:120b-cloud@sha256:0f",
]

let modelDisguises: [Disguise] =
  cloudNames.map { name in ollamaDisguise("cloud model by name: \(name)", model: name) } + [
    ollamaDisguise(
      "cloud model that is offered first", ["GET /api/tags": #"{"models":[{"name":"q:cloud"}]}"#]),
    ollamaDisguise(
      "alias with remote_host", model: "q:7b",
      ["POST /api/show": #"{"remote_host":"https://ollama.com:443"}"#]),
    ollamaDisguise(
      "alias with remote_model", model: "q:7b", ["POST /api/show": #"{"remote_model":"x:120b"}"#]),
    ollamaDisguise(
      "alias that only the listing gives away", model: "Q:7B",
      ["GET /api/tags": #"{"models":[{"name":"q:7b",\#(remote)}]}"#]),
    ollamaDisguise(
      "alias without a tag, in the listing", model: "q",
      ["GET /api/tags": #"{"models":[{"name":"q:latest",\#(remote)}]}"#]),
    ollamaDisguise(
      "alias, the only one that is offered",
      ["GET /api/tags": #"{"models":[{"name":"q:7b",\#(remote)}]}"#]),
    ollamaDisguise(
      "remote_host in the first event", chat: [#"{"done":false,\#(remote)}"#]),
    ollamaDisguise(
      "remote_model in the middle of the stream",
      chat: [
        #"{"message":{"content":"x"},"done":false}"#,
        #"{"message":{"content":"y"},"done":false,"remote_model":"x:120b"}"#, #"{"done":true}"#,
      ]),
    ollamaDisguise("remote_host in the last event", chat: [#"{"done":true,\#(remote)}"#]),
    serverDisguise(
      "Ollama behind a gateway",
      ServerFixture(answers: ["GET /v1/models": #"{"data":[{"id":"q","owned_by":"library"}]}"#])),
    serverDisguise("cloud name at a vLLM", vllm),
    serverDisguise("cloud name at a gateway", gateway) {
      $0.attestedBy = "Ada"
      $0.model = "q:cloud"
    },
    serverDisguise("LM Studio without consent", honestStudio),
    serverDisguise("LM Studio, consent left blank", honestStudio) { $0.attestedBy = " \t" },
    serverDisguise("gateway without attestation", gateway),
    serverDisguise("gateway, attestation left empty", gateway) { $0.attestedBy = "" },
    Disguise("another model than the checked one, in the request") {
      let server = try countingServer()
      let connection = try await open(server.url)
      let other = ChatRequest(
        model: "q:cloud", messages: [ChatMessage(.user, sourceMarker)], maxTokens: 9)
      var refusals: [String] = []
      do throws(ModelError) {
        _ = try connection.stream(other) { _ in }
      } catch { refusals.append("\(error.attempt)") }
      do throws(ModelError) {
        _ = try await connection.countTokens(of: other)
      } catch { refusals.append("\(error.attempt)") }
      return Disguise.Outcome(
        refusal: refusals.count == 2 ? "request: refusedByPolicy" : nil,
        leaked: try await server.receivedSource())
    },
  ]

/// What has to arrive, so that nothing arriving means something: each way to play a disguise, honest.
let honestServers: [Disguise] = [
  addressed("listed private address", "http://10.1.2.3:8080", listed: ["10.1.2.3"]),
  addressed("loopback address", "http://127.0.0.1:8080"),
  addressed("listed name with a private address", "http://box.lan", listed: ["box.lan"]),
  socketed("socket of our own") { _, socket in socket },
  ollamaDisguise("Ollama's own model"),
  serverDisguise("LM Studio with consent", honestStudio) { $0.attestedBy = "Ada, 2026-11-01" },
  serverDisguise("gateway with an attestation", gateway) { $0.attestedBy = "Ada, 2026-11-01" },
  Disguise("where the redirects lead") {
    let server = try countingServer()
    let refusal = try await sendSource(EndpointConfiguration(name: "x", url: server.url))
    return Disguise.Outcome(refusal: refusal, leaked: try await server.receivedSource())
  },
]
