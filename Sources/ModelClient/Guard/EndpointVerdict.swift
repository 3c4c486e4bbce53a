// The verdict about an endpoint that is always on screen.

/// Whether source may go to an endpoint, and how sure that is.
package struct EndpointVerdict: Equatable, Sendable {
  package enum Level: String, Sendable {
    /// A unix socket or loopback address, proven as far as the server lets us.
    case local = "LOCAL"
    /// A listed address of the private network.
    case lan = "LAN"
    /// The server could pass requests on; used because somebody vouches for it.
    case unproven = "UNPROVEN"
    /// No server at all: a transcript is played.
    case replay = "REPLAY"
  }

  package let level: Level
  /// Why, in a full sentence.
  package let reason: String
  /// What the user should know besides, in full sentences.
  package let warnings: [String]
  /// Who vouches for it, in the words of the configuration.
  package let attestedBy: String?

  package static let replay = EndpointVerdict(
    level: .replay, reason: "A recorded answer is played; nothing is sent.", warnings: [],
    attestedBy: nil)

  /// The same verdict with one thing more to know.
  func adding(warning: String) -> EndpointVerdict {
    EndpointVerdict(
      level: level, reason: reason, warnings: warnings + [warning], attestedBy: attestedBy)
  }
}

extension PrivacyGuard {
  /// Returns the verdict on `endpoint`, now that it is known what serves there.
  ///
  /// LM Studio can compute on another machine under a loopback address, and gateways hide their
  /// upstream: both, and servers that cannot be told from one, need somebody who vouches for them.
  package static func verdict(
    on endpoint: CheckedEndpoint, serving kind: ServerKind, attestedBy: String?, hasAPIKey: Bool
  ) throws(PolicyRefusal) -> EndpointVerdict {
    var warnings: [String] = []
    if !endpoint.isOnThisMachine, !endpoint.usesTLS {
      warnings.append("Source and answers can be read on the network, because this is plain http.")
    }
    if kind == .llamaServer, !endpoint.isSocket, endpoint.isOnThisMachine, !hasAPIKey {
      warnings.append(
        "A llama-server on TCP answers any web page in your browser: use a unix socket or an API key."
      )
    }
    let attestation = attestedBy.flatMap { $0.contains { !$0.isWhitespace } ? $0 : nil }
    guard kind.provesLocality else {
      guard let attestation else {
        throw PolicyRefusal(
          "\(kind.displayName) may pass requests on to another machine, which cannot be seen from here. "
            + "To use it, name in the configuration who vouches for it (attested_by).")
      }
      return EndpointVerdict(
        level: .unproven,
        reason: "\(kind.displayName) may pass requests on; \(attestation) vouches for it.",
        warnings: warnings, attestedBy: attestation)
    }
    guard endpoint.isOnThisMachine else {
      return EndpointVerdict(
        level: .lan, reason: "\(kind.displayName) at the listed address \(endpoint.place).",
        warnings: warnings, attestedBy: attestation)
    }
    return EndpointVerdict(
      level: .local, reason: "\(kind.displayName) on this machine, at \(endpoint.place).",
      warnings: warnings, attestedBy: attestation)
  }
}
