// The models of the configured endpoints, and what fits on this machine.

import ArgumentParser
import Workstation

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List the models of your endpoints, and what fits into the memory of this machine.",
    discussion: """
      Of a model file the header is read: weights + slots x cache(context) + buffers, term by term. \
      Of a remote server only what it says itself is known. Starts no server, sends no source.
      """)

  @Flag(help: "Print JSON (schema countersign.models/1).")
  var json = false

  func run() throws {
    let context = try CommandContext()
    let (configuration, environment) = (context.configuration, context.environment)
    let listing = try waiting {
      try await ModelListing.make(configuration, environment: environment)
    }
    if json {
      Output.json(try listing.json())
      return
    }
    for line in listing.lines { Output.line(line) }
  }
}
