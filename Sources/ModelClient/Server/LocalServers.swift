// Looks for model servers on this machine, when somebody asks for it.

/// A server found on loopback.
package struct LocalServer: Sendable {
  /// What to write in the configuration.
  package let url: String
  /// What serves there, or why it could not be told (an API key is wanted, say).
  package let server: Result<ServerDescription, ModelError>
  /// The verdict it would get, or why it would be refused, as configured by nobody.
  package let verdict: Result<EndpointVerdict, PolicyRefusal>?
}

/// The ports model servers listen on unless told otherwise.
package let usualServerPorts = [9931, 8080, 11434, 8000, 30000, 1234, 4000]

/// Asks each of `ports` on 127.0.0.1 what serves there, and returns those where anything answers.
///
/// Sends no source and no key. Runs only when called: no start-up, no timer.
package func findLocalServers(
  ports: [Int] = usualServerPorts, over transport: any Transport,
  limits: ExchangeLimits = .question
) async -> [LocalServer] {
  await withTaskGroup(of: (Int, LocalServer?).self) { group in
    for (index, port) in ports.enumerated() {
      group.addTask { (index, await localServer(port: port, over: transport, limits: limits)) }
    }
    var found: [(Int, LocalServer)] = []
    for await (index, server) in group {
      if let server { found.append((index, server)) }
    }
    return found.sorted { $0.0 < $1.0 }.map(\.1)
  }
}

private func localServer(
  port: Int, over transport: any Transport, limits: ExchangeLimits
) async -> LocalServer? {
  let url = "http://127.0.0.1:\(port)"
  let nothing = PrivacyGuard.Surroundings(
    resolve: { name throws(PolicyRefusal) in throw PolicyRefusal("\(name) is not looked up.") },
    inspectSocket: { path throws(PolicyRefusal) in throw PolicyRefusal("\(path) is not used.") })
  let endpoint: CheckedEndpoint
  do throws(PolicyRefusal) {
    endpoint = try PrivacyGuard.check(EndpointConfiguration(name: url, url: url), in: nothing)
  } catch {
    return LocalServer(
      url: url,
      server: .failure(
        ModelError(.checkingEndpoint, url, .refusedByPolicy(error.sentence))), verdict: nil)
  }
  let probe = ServerProbe(transport: transport, endpoint: endpoint, apiKey: nil, limits: limits)
  do throws(ModelError) {
    let server = try await probe.identify()
    let verdict = Result { () throws(PolicyRefusal) in
      try PrivacyGuard.verdict(
        on: endpoint, serving: server.kind, attestedBy: nil, hasAPIKey: false)
    }
    return LocalServer(url: url, server: .success(server), verdict: verdict)
  } catch {
    if case .connectionRefused = error.reason { return nil }
    return LocalServer(url: url, server: .failure(error), verdict: nil)
  }
}
