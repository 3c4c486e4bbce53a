// The privacy guard: decides before any byte of source whether an endpoint may be used at all.

/// Rules about endpoints. Only it makes a `CheckedEndpoint`, and only those can be connected to.
package enum PrivacyGuard {
  /// What the guard asks the system; tests answer in its place.
  package struct Surroundings: Sendable {
    /// The addresses of a listed host name. Not called for addresses and sockets.
    package var resolve: @Sendable (String) throws(PolicyRefusal) -> [IPAddress]
    /// Checks the file of a unix socket and returns its owner's user id.
    package var inspectSocket: @Sendable (String) throws(PolicyRefusal) -> UInt32

    package init(
      resolve: @escaping @Sendable (String) throws(PolicyRefusal) -> [IPAddress],
      inspectSocket: @escaping @Sendable (String) throws(PolicyRefusal) -> UInt32
    ) {
      self.resolve = resolve
      self.inspectSocket = inspectSocket
    }
  }

  /// Returns the endpoint with the addresses a connection to it may use, or says why there is none.
  ///
  /// Loopback addresses and unix sockets are allowed; private and unique-local addresses when the
  /// configuration lists them; names only when it lists them and all of their addresses are allowed;
  /// link-local and public addresses never.
  package static func check(
    _ configuration: EndpointConfiguration, in surroundings: Surroundings
  ) throws(PolicyRefusal) -> CheckedEndpoint {
    if let model = configuration.model { try checkModelName(model) }
    let url = try EndpointURL(configuration.url)
    let list = try AllowList(configuration.listed)
    let tls: TLSSettings? =
      url.usesTLS
      ? TLSSettings(
        caFile: configuration.caFile,
        clientCertificateFile: configuration.clientCertificateFile,
        clientKeyFile: configuration.clientKeyFile)
      : nil
    switch url.host {
    case .socket(let path):
      let owner = try surroundings.inspectSocket(path)
      return CheckedEndpoint(
        written: configuration.url, basePath: "", target: .socket(path: path, owner: owner))
    case .address(let address):
      try check(address, isListed: list.contains(address), called: "\(address)")
      return CheckedEndpoint(
        written: configuration.url, basePath: url.basePath,
        target: .addresses([address], name: nil, port: url.port, tls: tls))
    case .name(let name):
      guard list.names.contains(name) else {
        throw PolicyRefusal(
          "\(name) is a name, and names are looked up only when the configuration lists them. "
            + "Write the address, such as 127.0.0.1, or list the name.")
      }
      let addresses = try surroundings.resolve(name)
      guard !addresses.isEmpty else { throw PolicyRefusal("\(name) has no address.") }
      for address in addresses {
        try check(address, isListed: true, called: "\(name), which is \(address),")
      }
      return CheckedEndpoint(
        written: configuration.url, basePath: url.basePath,
        target: .addresses(addresses, name: name, port: url.port, tls: tls))
    }
  }

  private static func check(
    _ address: IPAddress, isListed: Bool, called name: String
  ) throws(PolicyRefusal) {
    switch address.scope {
    case .loopback: return
    case .privateNetwork:
      guard isListed else {
        throw PolicyRefusal(
          "\(name) is on the private network and the configuration does not list it.")
      }
    case .linkLocal:
      throw PolicyRefusal(
        "\(name) is a link-local or metadata address, where no model server may be.")
    case .unusable: throw PolicyRefusal("\(name) is no address of a machine.")
    case .publicNetwork:
      throw PolicyRefusal("\(name) is a public address. Source never leaves the private network.")
    }
  }

  /// The entries of `listed`, read.
  private struct AllowList {
    var ranges: [AddressRange] = []
    var names: Set<String> = []

    init(_ entries: [String]) throws(PolicyRefusal) {
      for entry in entries {
        if let range = AddressRange(entry) {
          ranges.append(range)
        } else if case .name(let name) = try Self.url(entry).host {
          names.insert(name)
        }
      }
    }

    func contains(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    private static func url(_ entry: String) throws(PolicyRefusal) -> EndpointURL {
      guard !entry.contains("/"), !entry.contains(":") else {
        throw PolicyRefusal(
          "\(entry) in the list of endpoints is no address, range of addresses or host name.")
      }
      return try EndpointURL("http://\(entry)")
    }
  }
}

/// Where to find certificates for an https endpoint; nil stands for the system's.
package struct TLSSettings: Equatable, Sendable {
  package let caFile: String?
  package let clientCertificateFile: String?
  package let clientKeyFile: String?
}

/// An endpoint that passed the guard, pinned to what was checked.
package struct CheckedEndpoint: Equatable, Sendable {
  package enum Target: Equatable, Sendable {
    case socket(path: String, owner: UInt32)
    /// `name` is nil when the configuration gives an address.
    case addresses([IPAddress], name: String?, port: Int, tls: TLSSettings?)
    /// No server: a recorded answer is played.
    case transcript
  }

  /// As the user wrote it.
  package let written: String
  /// What stands before `/v1/…` in request paths.
  package let basePath: String
  package let target: Target

  fileprivate init(written: String, basePath: String, target: Target) {
    self.written = written
    self.basePath = basePath
    self.target = target
  }

  /// The endpoint of a replay, which no transport can connect to.
  package static func transcript(called name: String) -> CheckedEndpoint {
    CheckedEndpoint(written: name, basePath: "", target: .transcript)
  }

  package var isSocket: Bool {
    if case .socket = target { true } else { false }
  }

  /// Whether nothing sent to it touches a network.
  package var isOnThisMachine: Bool {
    switch target {
    case .socket, .transcript: true
    case .addresses(let addresses, _, _, _): addresses.allSatisfy { $0.scope == .loopback }
    }
  }

  package var usesTLS: Bool {
    if case .addresses(_, _, _, .some) = target { true } else { false }
  }

  /// The address or socket for people.
  package var place: String {
    switch target {
    case .socket(let path, _): path
    case .transcript: written
    case .addresses(let addresses, let name, let port, _):
      name.map { "\($0):\(port)" }
        ?? addresses.map { $0.isVersion4 ? "\($0):\(port)" : "[\($0)]:\(port)" }.joined()
    }
  }
}
