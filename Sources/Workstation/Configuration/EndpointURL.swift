// The url of a model server, taken apart without guessing.

import AuditLog
import Glibc

/// Why an address is no use; a clause for an error.
struct AddressRefusal: Error, Hashable {
  let sentence: String

  init(_ text: String, _ reason: String) {
    sentence = "\"\(DisplayedBytes.text(of: text.utf8, limit: 80))\" \(reason)"
  }
}

/// An http or https url without user, query or fragment.
package struct EndpointURL: Hashable, Sendable {
  /// As the user wrote it, without slashes at the end.
  package let text: String
  package let isEncrypted: Bool
  /// A name or an address literal, in lower case, without brackets.
  package let host: String
  /// The port written, or that of the scheme.
  package let port: Int
  /// What requests are appended to: empty, or starting with a slash.
  package let basePath: String

  static func parse(_ text: String) -> Result<EndpointURL, AddressRefusal> {
    func refused(_ reason: String) -> Result<EndpointURL, AddressRefusal> {
      .failure(AddressRefusal(text, reason))
    }
    guard text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      return refused("is not a url: only printable ASCII without blanks is")
    }
    let lowered = text.lowercased()
    guard let scheme = ["http://", "https://"].first(where: { lowered.hasPrefix($0) }) else {
      return refused("must start with http:// or https://")
    }
    guard !text.contains(where: { $0 == "?" || $0 == "#" }) else {
      return refused("must not hold a query or a fragment")
    }
    var trimmed = text[...]
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    let rest = trimmed.dropFirst(scheme.count)
    let authority = rest.prefix { $0 != "/" }
    guard !authority.contains("@") else {
      return refused("must not hold a user; use api_key_file or api_key_command")
    }
    guard let (host, port) = hostAndPort(authority.lowercased()) else {
      return refused("has no host, or a port that is none")
    }
    let isEncrypted = scheme == "https://"
    return .success(
      EndpointURL(
        text: String(trimmed), isEncrypted: isEncrypted, host: host,
        port: port ?? (isEncrypted ? 443 : 80), basePath: String(rest.dropFirst(authority.count))))
  }

  /// Whether `text` is a name as in RFC 1123: labels of ASCII letters, digits and inner hyphens, of
  /// which the last is not a number.
  static func isHostName(_ text: String) -> Bool {
    let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let hyphen = UInt8(ascii: "-")
    let areLabels = labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
        && label.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen }
    }
    return text.utf8.count <= 253 && areLabels && !(labels.last?.allSatisfy(isDigit) ?? true)
  }

  private static func hostAndPort(_ authority: String) -> (host: String, port: Int?)? {
    let host: Substring
    var rest: Substring
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[..<end].dropFirst()
      rest = authority[end...].dropFirst()
      guard AddressRange.octets(String(host))?.count == 16 else { return nil }
    } else {
      host = authority.prefix { $0 != ":" }
      rest = authority.dropFirst(host.count)
      guard isHostName(String(host)) || AddressRange.octets(String(host))?.count == 4 else {
        return nil
      }
    }
    if rest.isEmpty { return (String(host), nil) }
    guard rest.removeFirst() == ":", rest.utf8.allSatisfy(isDigit), let port = Int(rest),
      (1...65_535).contains(port)
    else { return nil }
    return (String(host), port)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
