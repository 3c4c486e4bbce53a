// Reads an endpoint's URL, and refuses every spelling that two programs could read differently.

/// An endpoint's URL taken apart.
package struct EndpointURL: Equatable, Sendable {
  package enum Host: Equatable, Sendable {
    /// Path of a unix socket, absolute.
    case socket(String)
    case address(IPAddress)
    /// A host name in lower case.
    case name(String)
  }

  package let host: Host
  package let port: Int
  package let usesTLS: Bool
  /// What stands before `/v1/…` in request paths: empty, or `/` and segments without a final slash.
  package let basePath: String

  /// Reads `text`; throws a sentence saying what is wrong and what to write instead.
  package init(_ text: String) throws(PolicyRefusal) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PolicyRefusal("The endpoint contains a blank, a control or a non-ASCII character.")
    }
    if text.hasPrefix("unix:") {
      self = try Self(socketPath: String(text.dropFirst("unix:".count)))
      return
    }
    guard let scheme = text.firstRange(of: "://") else {
      throw PolicyRefusal("An endpoint begins with unix:, http:// or https://.")
    }
    switch text[..<scheme.lowerBound].lowercased() {
    case "http": usesTLS = false
    case "https": usesTLS = true
    case let other:
      throw PolicyRefusal("\(other) is no protocol for an endpoint: write http, https or unix.")
    }
    let rest = text[scheme.upperBound...]
    for (character, meaning) in [
      ("?", "a query"), ("#", "a fragment"), ("@", "a user name or password"),
      ("\\", "a backslash"), ("%", "a percent escape"),
    ] where rest.contains(character) {
      throw PolicyRefusal("The endpoint contains \(meaning); write only protocol, host and port.")
    }
    let authority = rest.prefix { $0 != "/" }
    basePath = try Self.basePath(rest[authority.endIndex...])
    let (hostText, portText) = try Self.split(authority)
    port = try Self.port(portText, usesTLS: usesTLS)
    host = try Self.host(hostText)
  }

  private init(socketPath: String) throws(PolicyRefusal) {
    // unix:///run/x.sock and unix:/run/x.sock name the same file.
    let path = socketPath.hasPrefix("///") ? String(socketPath.dropFirst(2)) : socketPath
    guard path.hasPrefix("/"), !path.hasPrefix("//") else {
      throw PolicyRefusal("A unix socket is given by its absolute path, such as unix:/run/x.sock.")
    }
    guard path.utf8.count <= 107 else {
      throw PolicyRefusal(
        "The path of the unix socket has \(path.utf8.count) bytes; the system allows 107.")
    }
    host = .socket(path)
    port = 0
    usesTLS = false
    basePath = ""
  }

  private static func basePath(_ text: Substring) throws(PolicyRefusal) -> String {
    var path = text
    while path.hasSuffix("/") { path = path.dropLast() }
    if path == "/v1" || path.hasSuffix("/v1") { path = path.dropLast(3) }
    while path.hasSuffix("/") { path = path.dropLast() }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let allowed = segments.allSatisfy { segment in
      !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { isLetterOrDigit($0) || "-._~".utf8.contains($0) }
    }
    guard allowed else { throw PolicyRefusal("The endpoint's path \(text) is not plain.") }
    return String(path)
  }

  private static func split(
    _ authority: Substring
  ) throws(PolicyRefusal) -> (host: Substring, port: Substring?) {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else {
        throw PolicyRefusal("The IPv6 address of the endpoint lacks its closing bracket.")
      }
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else {
        throw PolicyRefusal("Only a port may follow the IPv6 address of the endpoint.")
      }
      return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
    }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
      throw PolicyRefusal("Write an IPv6 address in brackets, such as http://[::1]:8080.")
    }
    return (parts[0], parts.count == 2 ? parts[1] : nil)
  }

  private static func port(_ text: Substring?, usesTLS: Bool) throws(PolicyRefusal) -> Int {
    guard let text else { return usesTLS ? 443 : 80 }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count <= 5,
      let port = Int(text), (1...65535).contains(port)
    else { throw PolicyRefusal("\(text) is no port between 1 and 65535.") }
    return port
  }

  private static func host(_ text: Substring) throws(PolicyRefusal) -> Host {
    if text.hasPrefix("[") {
      let inner = text.dropFirst().dropLast()
      guard inner.contains(":"), let address = IPAddress(inner) else {
        throw PolicyRefusal("\(inner) is no IPv6 address without a zone.")
      }
      return .address(address)
    }
    if let address = IPAddress(text) { return .address(address) }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPlain =
      text.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
      }
    guard isPlain, let last = labels.last else {
      throw PolicyRefusal("\(text.isEmpty ? "An empty host" : text) is no host name.")
    }
    // Other programs read 127.1, 0x7f.1, 2130706433 and 0177.0.0.1 as addresses.
    guard !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      !last.lowercased().hasPrefix("0x")
    else {
      throw PolicyRefusal(
        "\(text) is an unusual spelling of an address: write four decimal numbers.")
    }
    return .name(text.lowercased())
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}

/// The guard says no, in full sentences.
package struct PolicyRefusal: Error, Equatable, Sendable {
  package let sentence: String

  package init(_ sentence: String) { self.sentence = sentence }
}
