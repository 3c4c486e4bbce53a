// From the configuration's words to the model client's, and what the loopback search found.

import AuditLog
package import ModelClient
import Review

extension ConfiguredEndpoint {
  /// The endpoint as the privacy guard wants it. A server of our own has its address once it runs, and is refused there by name before.
  var forModelClient: EndpointConfiguration {
    let url: String
    switch address {
    case .url(let address): url = address.text
    case .socket(let path): url = "unix:\(String(decoding: path, as: UTF8.self))"
    case .managed(let path): url = "managed:\(String(decoding: path, as: UTF8.self))"
    }
    let text: ([UInt8]) -> String = { String(decoding: $0, as: UTF8.self) }
    var keyFile: String?
    var keyCommand: [String]?
    switch keySource {
    case .file(let path): keyFile = text(path)
    case .command(let command): keyCommand = command.arguments
    case nil: break
    }
    var configuration = EndpointConfiguration(
      name: name, url: url, model: managedModel == nil ? model : nil, apiKeyFile: keyFile,
      apiKeyCommand: keyCommand,
      caFile: authorityFile.map(text), clientCertificateFile: clientCertificate.map(text),
      clientKeyFile: clientKey.map(text),
      listed: allowedAddresses.map(\.text) + allowedNames, attestedBy: attestedBy)
    if let requestLimit { configuration.requestLimit = requestLimit }
    configuration.contextTokens = contextTokens
    return configuration
  }
}

extension CurlTransport {
  /// The one transport of the process: a thread and a connection loop of its own.
  package static let shared = CurlTransport()
}

extension StreamOutcome {
  /// Whether the answer's finished blocks may be placed; a block that the end cut is listed as malformed.
  var isUsable: Bool {
    switch self {
    case .complete, .truncated: true
    case .stoppedEarly, .interrupted: false
    }
  }

  var word: String {
    switch self {
    case .complete: "complete"
    case .truncated: "truncated"
    case .stoppedEarly(let reason): "stopped: \(reason)"
    case .interrupted: "interrupted"
    }
  }

  var sentence: String {
    switch self {
    case .complete: "The answer is complete."
    case .truncated: "The answer met its token limit; its finished edits were placed."
    case .stoppedEarly(let reason):
      "The server stopped the answer (\(reason)), so nothing of it was applied; the text is kept. Ask again."
    case .interrupted:
      "The connection ended in the middle of the answer, so nothing of it was applied; the text is kept. Ask again when the server is well."
    }
  }
}

/// What the search on loopback found, as a choice on the ask screen.
enum FoundServer {
  static func choice(_ found: LocalServer) -> (EndpointChoice, EndpointConfiguration?) {
    switch found.server {
    case .failure(let error):
      let choice = EndpointChoice(
        name: found.url, address: found.url, verdict: error.reason.explanation, isUsable: false,
        model: "")
      return (choice, nil)
    case .success(let server):
      let model = server.models.first ?? ""
      switch found.verdict {
      case .success(let verdict):
        let choice = EndpointChoice(
          name: found.url, address: server.kind.displayName, verdict: verdict.level.rawValue,
          isUsable: true, model: model)
        return (choice, EndpointConfiguration(name: found.url, url: found.url))
      case .failure(let refusal):
        let choice = EndpointChoice(
          name: found.url, address: server.kind.displayName, verdict: refusal.sentence,
          isUsable: false, model: model)
        return (choice, nil)
      case nil:
        let choice = EndpointChoice(
          name: found.url, address: server.kind.displayName, verdict: "not judged",
          isUsable: false, model: model)
        return (choice, nil)
      }
    }
  }
}
