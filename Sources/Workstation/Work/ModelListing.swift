// What `countersign models` prints: the models of the configured endpoints, and what fits on this machine.

import ModelClient

/// The models of one endpoint, or why there are none to see.
package struct EndpointModels: Sendable {
  package enum Content: Sendable {
    /// A model file that a server is started for.
    case file(ModelReport)
    /// What a server offers, with the context of one request where it tells.
    case served(server: String, verdict: String, models: [String], context: Int?, slots: Int?)
    case problem(String)
  }

  package let endpoint: String
  package let content: Content
}

package struct ModelListing: Sendable {
  package let endpoints: [EndpointModels]
  package let places: [GraphicsCard]
  package let recommendations: Recommendations?

  /// Asks every configured endpoint what it offers; starts no server and sends no source.
  package static func make(
    _ configuration: Configuration, environment: [String: String]
  ) async throws -> ModelListing {
    let cards = await GraphicsMemory.cards(environment: environment)
    let places = cards.isEmpty ? [GraphicsMemory.machine()].compactMap(\.self) : cards
    var endpoints: [EndpointModels] = []
    for endpoint in configuration.endpoints {
      endpoints.append(
        EndpointModels(
          endpoint: endpoint.name, content: await content(endpoint, places, environment)))
    }
    return ModelListing(
      endpoints: endpoints, places: places, recommendations: try Recommendations.installed())
  }

  private static func content(
    _ endpoint: ConfiguredEndpoint, _ places: [GraphicsCard], _ environment: [String: String]
  ) async -> EndpointModels.Content {
    if let model = endpoint.managedModel {
      do throws(GGUFProblem) {
        return .file(try ModelReport(path: model.path, places: places))
      } catch {
        return .problem("\(model.path): \(error).")
      }
    }
    do throws(ModelError) {
      let connection = try await ModelConnection.open(
        endpoint.forModelClient, over: CurlTransport.shared,
        runKeyCommand: { command throws(KeyProblem) in
          try await KeyCommand.run(command, environment: environment)
        })
      return .served(
        server: connection.server.kind.displayName, verdict: RequestMaker.words(connection),
        models: connection.server.models, context: connection.server.contextTokens,
        slots: connection.server.slots)
    } catch {
      return .problem(error.description)
    }
  }
}
