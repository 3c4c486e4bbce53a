// The user's requests to models, over all repositories.

import ArgumentParser
import Glibc
import Workstation

struct Queue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "List your requests to models, over all repositories, in the order of their turns.",
    discussion: "On the screen, the queue is where they are moved, held back and cancelled.")

  @Flag(help: "Print JSON (schema countersign.requests/1).")
  var json = false

  func run() throws {
    let context = try CommandContext()
    let requests = Self.present(context.locations).requests(here: nil, now: Int(time(nil)))
    if json {
      Output.json(try QueueListing.json(requests))
      return
    }
    for line in QueueListing.lines(requests) { Output.line(line) }
  }

  /// The queue as it is now; says on standard error what is wrong with its file.
  static func present(_ locations: StateLocations) -> RequestQueue {
    let store = QueueStore(stateDirectory: locations.state)
    store.refresh()
    for problem in store.takeProblems() { Output.problem(problem) }
    return store.queue
  }
}
