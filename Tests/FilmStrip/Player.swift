// Plays events into a state and lets a scripted world answer the effects.

package import Approval
package import CellGrid
package import Review
import ReviewUI

/// A state with the world around it, and what happens before the first key.
package struct Scene: Sendable {
  package var state: AppState
  package var world: World
  package var opening: [Event]

  package init(_ state: AppState, world: World, opening: [Event] = []) {
    self.state = state
    self.world = world
    self.opening = opening
  }
}

/// The program without a terminal: `update`, the effects' answers, `render`.
package struct Player: Sendable {
  package private(set) var state: AppState
  package internal(set) var world: World
  /// Every effect since the start, in order.
  package private(set) var effects: [Effect] = []
  /// What the ledger on disk would hold.
  package private(set) var recorded: [LedgerNote] = []

  package init(_ scene: Scene, size: GridSize) {
    state = scene.state
    world = scene.world
    state.size = size
    for event in scene.opening { take(event) }
    take(.painted)
  }

  /// The screen as it is now.
  package var frame: Frame { render(state) }

  /// Takes in keys, each after the frame before it was painted.
  package mutating func press(_ keys: Key...) {
    for key in keys {
      take(.key(key))
      take(.painted)
    }
  }

  /// Takes in one event and the answers to its effects, without painting.
  package mutating func take(_ event: Event) {
    var events = [event]
    while !events.isEmpty {
      for effect in update(&state, events.removeFirst()) {
        effects.append(effect)
        if case .record(_, let notes) = effect { recorded += notes }
        events += world.answer(to: effect, state)
      }
    }
  }

  /// The entries of the ledger on disk, without what was shown and acknowledged.
  package var recordedEntries: [LedgerEntry] {
    recorded.compactMap { if case .entry(let entry) = $0 { entry } else { nil } }
  }
}
