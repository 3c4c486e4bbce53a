// The unplaced edits: walking through them.

import Approval
import CellGrid

extension AppState {
  mutating func moveUnplaced(by distance: Int) {
    let count = review?.unplaced.count ?? 0
    unplacedIndex = min(max(0, unplacedIndex + distance), max(0, count - 1))
    unplacedTop = 0
  }

  mutating func performInUnplaced(_ command: Command) -> [Effect] {
    switch command {
    case .lineDown: moveUnplaced(by: 1)
    case .lineUp: moveUnplaced(by: -1)
    case .pageDown, .halfPageDown: unplacedTop += 10
    case .pageUp, .halfPageUp: unplacedTop = max(0, unplacedTop - 10)
    case .top: moveUnplaced(by: -unplacedIndex)
    case .bottom: moveUnplaced(by: Int(Int32.max))
    case .back, .open, .unplacedEdits:
      guard review?.proposal.files.isEmpty == false else {
        screen = .sessions
        return [.listSessions]
      }
      screen = .review
    default: break
    }
    return []
  }
}
