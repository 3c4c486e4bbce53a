// One `[[endpoint]]` of the configuration: a model server that may be connected to.

import AuditLog

/// What the user says about a model server. Whether it may be used is the privacy guard's verdict.
package struct ConfiguredEndpoint: Hashable, Sendable {
  package enum Address: Hashable, Sendable {
    case url(EndpointURL)
    /// The absolute path of a unix socket.
    case socket([UInt8])
    /// A server of our own is started for the model file at this absolute path.
    case managed(model: [UInt8])
  }

  /// What speaks there, where the user wants no guessing.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case llamaServer = "llama-server"
    case ollama
    case vllm
    case sglang
    case lmStudio = "lm-studio"
    case gateway
    case generic
  }

  package enum KeySource: Hashable, Sendable {
    case file([UInt8])
    /// The key is the first line that it prints.
    case command(ConfiguredCommand)
  }

  package var name: String
  package var address: Address
  /// The model to ask for; nil takes the server's own choice.
  package var model: String?
  package var keySource: KeySource?
  /// A PEM file of authorities to trust instead of the system's.
  package var authorityFile: [UInt8]?
  package var clientCertificate: [UInt8]?
  package var clientKey: [UInt8]?
  /// Addresses beyond loopback that the name or literal may lead to.
  package var allowedAddresses: [AddressRange] = []
  /// Host names that may be looked up, in lower case.
  package var allowedNames: [String] = []
  /// Who vouches that a server behind this endpoint stays inside the perimeter.
  package var attestedBy: String?
  package var kind: Kind?
  /// How many requests may be at the server at the same time; nil takes the default.
  package var requestLimit: Int?
  /// The program that serves a model file, with its own arguments; nil takes llama-server from the PATH.
  package var serverCommand: ConfiguredCommand?
  /// The context to load the model with, in tokens, where that is ours to say.
  package var contextTokens: Int?

  /// What is to be started for it; nil where a server is there already.
  package var managedModel: ManagedModel? {
    guard case .managed(let path) = address else { return nil }
    return ManagedModel(
      name: name, path: String(decoding: path, as: UTF8.self),
      command: serverCommand?.arguments ?? ManagedModel.usualCommand, contextTokens: contextTokens)
  }
}

extension ConfiguredEndpoint {
  private enum Key: String, CaseIterable {
    case name, url, socket, model, kind
    case keyFile = "api_key_file"
    case keyCommand = "api_key_command"
    case authorityFile = "ca_file"
    case clientCertificate = "client_certificate"
    case clientKey = "client_key"
    case allowedAddresses = "allowed_addresses"
    case allowedNames = "allowed_names"
    case attestedBy = "attested_by"
    case requestLimit = "max_requests"
    case serverCommand = "server_command"
    case contextTokens = "context_tokens"
  }

  static func parse(_ tables: [SettingsTable], home: [UInt8]?) throws(ConfigurationError)
    -> [ConfiguredEndpoint]
  {
    var endpoints: [ConfiguredEndpoint] = []
    for table in tables {
      let section = try Section<Key>(table)
      let endpoint = try ConfiguredEndpoint(section, home: home)
      if endpoints.contains(where: { $0.name == endpoint.name }) {
        throw section.refusal(.name, "another endpoint is called \"\(endpoint.name)\"")
      }
      endpoints.append(endpoint)
    }
    return endpoints
  }

  private init(_ section: Section<Key>, home: [UInt8]?) throws(ConfigurationError) {
    name = try section.requiredText(.name)
    guard SettingName.isValid(name) else {
      throw section.refusal(.name, "a name is made of letters, digits, -, _ and dots")
    }
    model = try section.text(.model)
    address = try ConfiguredEndpoint.address(section, home: home)
    keySource = try ConfiguredEndpoint.keySource(section, home: home)
    authorityFile = try section.path(.authorityFile, home: home)
    clientCertificate = try section.path(.clientCertificate, home: home)
    clientKey = try section.path(.clientKey, home: home)
    attestedBy = try section.text(.attestedBy)
    kind = try section.choice(.kind, what: "a kind of server")
    requestLimit = try section.integer(.requestLimit, in: 1...64)
    contextTokens = try section.integer(.contextTokens, in: 512...4_194_304)
    serverCommand = try section.command(.serverCommand)
    if serverCommand != nil, managedModel == nil {
      throw section.refusal(.serverCommand, "only a model file is served by a program of ours")
    }
    for text in try section.texts(.allowedAddresses) ?? [] {
      switch AddressRange.parse(text) {
      case .success(let range): allowedAddresses.append(range)
      case .failure(let reason): throw section.refusal(.allowedAddresses, reason.sentence)
      }
    }
    for text in try section.texts(.allowedNames) ?? [] {
      guard EndpointURL.isHostName(text) else {
        throw section.refusal(
          .allowedNames,
          "\"\(DisplayedBytes.text(of: text.utf8, limit: 80))\" is not a host name")
      }
      allowedNames.append(text.lowercased())
    }
    try checkEncryption(section)
  }

  private static func address(_ section: Section<Key>, home: [UInt8]?)
    throws(ConfigurationError) -> Address
  {
    let url = try section.text(.url)
    let socket = try section.path(.socket, home: home)
    switch (url, socket) {
    case (_?, _?):
      throw section.refusal(.socket, "an endpoint has either a url or a socket")
    case (let text?, nil):
      switch EndpointURL.parse(text) {
      case .success(let url): return .url(url)
      case .failure(let reason): throw section.refusal(.url, reason.sentence)
      }
    case (nil, let path?):
      // sockaddr_un holds 108 bytes with the final NUL.
      guard path.count <= 107 else {
        throw section.refusal(.socket, "the path of a socket has at most 107 bytes")
      }
      return .socket(path)
    case (nil, nil):
      guard try section.text(.model)?.hasSuffix(".gguf") == true,
        let path = try section.path(.model, home: home)
      else { throw section.error(.url, .missing(key: "url")) }
      return .managed(model: path)
    }
  }

  private static func keySource(_ section: Section<Key>, home: [UInt8]?)
    throws(ConfigurationError) -> KeySource?
  {
    let file = try section.path(.keyFile, home: home)
    let command = try section.command(.keyCommand)
    switch (file, command) {
    case (nil, nil): return nil
    case (let file?, nil): return .file(file)
    case (nil, let command?): return .command(command)
    case (_?, _?):
      throw section.refusal(.keyCommand, "a key comes either from a file or from a command")
    }
  }

  private func checkEncryption(_ section: Section<Key>) throws(ConfigurationError) {
    let isEncrypted: Bool
    if case .url(let url) = address { isEncrypted = url.isEncrypted } else { isEncrypted = false }
    for (key, path) in [
      (Key.authorityFile, authorityFile), (.clientCertificate, clientCertificate),
      (.clientKey, clientKey),
    ] where path != nil && !isEncrypted {
      throw section.refusal(key, "certificates are used with an https url only")
    }
    guard (clientCertificate == nil) == (clientKey == nil) else {
      let key: Key = clientKey == nil ? .clientCertificate : .clientKey
      throw section.refusal(key, "a client certificate and its key belong together")
    }
  }
}
