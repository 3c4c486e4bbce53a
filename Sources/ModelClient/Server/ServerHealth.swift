// Whether a server that is being started answers already.

/// What a llama-server says of itself while it starts.
package enum ServerHealth: Hashable, Sendable {
  /// Nothing listens yet.
  case silent
  /// It listens and loads its model.
  case loading
  case ready
}

extension ServerHealth {
  /// Asks `/health` at a unix socket; sends nothing else.
  ///
  /// - Throws: what else is in the way, such as a socket of another user.
  package static func of(
    socket path: String, over transport: any Transport
  ) async throws(ModelError) -> ServerHealth {
    let url = "unix:\(path)"
    let endpoint: CheckedEndpoint
    do throws(PolicyRefusal) {
      endpoint = try PrivacyGuard.check(
        EndpointConfiguration(name: url, url: url), in: .system)
    } catch {
      throw ModelError(.checkingEndpoint, url, .refusedByPolicy(error.sentence))
    }
    do throws(ModelError) {
      let answer = try await transport.response(
        to: HTTPRequest(endpoint: endpoint, path: "/health", limits: .question),
        for: .identifyingServer)
      return answer.isSuccess ? .ready : .loading
    } catch {
      switch error.reason {
      case .connectionRefused, .connectionLost: return .silent
      // A machine that reads a large model from its disk may take its time for a word.
      case .connectTimedOut, .answerTimedOut, .fellSilent: return .loading
      default: throw error
      }
    }
  }
}
