// What the user configured about one endpoint, as plain data.

/// An endpoint as it stands in the user's configuration. Nothing in it is trusted to be safe.
package struct EndpointConfiguration: Equatable, Sendable {
  /// What the user calls it.
  package var name: String
  /// `unix:/path/x.sock`, `http://127.0.0.1:8080` or `https://10.0.0.5:8443`; a final `/v1` is allowed.
  package var url: String
  /// The model to ask; nil takes the one that the server offers first.
  package var model: String?
  /// A file with the API key on its one line.
  package var apiKeyFile: String?
  /// A command that prints the API key; the caller runs it.
  package var apiKeyCommand: [String]?
  /// Certificates that may sign the server's, instead of the system's (PEM).
  package var caFile: String?
  package var clientCertificateFile: String?
  package var clientKeyFile: String?
  /// Addresses, ranges (CIDR) and host names outside this machine that may be used.
  package var listed: [String]
  /// Who vouches that the endpoint stays inside the perimeter, and when, in the user's words.
  package var attestedBy: String?
  /// The context to load an Ollama model with, in tokens; other servers decide themselves.
  package var contextTokens: Int?
  /// How many requests of the user may be at the server at the same time: by default one that is answered and one that waits there.
  package var requestLimit = 2

  package init(
    name: String, url: String, model: String? = nil, apiKeyFile: String? = nil,
    apiKeyCommand: [String]? = nil, caFile: String? = nil, clientCertificateFile: String? = nil,
    clientKeyFile: String? = nil, listed: [String] = [], attestedBy: String? = nil,
    contextTokens: Int? = nil
  ) {
    self.name = name
    self.url = url
    self.model = model
    self.apiKeyFile = apiKeyFile
    self.apiKeyCommand = apiKeyCommand
    self.caFile = caFile
    self.clientCertificateFile = clientCertificateFile
    self.clientKeyFile = clientKeyFile
    self.listed = listed
    self.attestedBy = attestedBy
    self.contextTokens = contextTokens
  }
}
