// The ledger once more, in the plainest way, to hold the real one against.

import Approval

/// One thing to decide on: a changed line, the mode, or the whole of a file.
enum ReferenceUnit: Hashable {
  case line(Int, file: Int)
  case mode(file: Int)
  case whole(file: Int)
}

/// Two stacks of decisions; what stands is what replaying the first one leaves.
struct ReferenceLedger {
  struct Step {
    let sequence: Int
    let units: [ReferenceUnit]
    let verdict: Verdict
  }

  private(set) var done: [Step] = []
  private(set) var undone: [Step] = []

  var standing: [ReferenceUnit: Verdict] {
    done.reduce(into: [:]) { standing, step in
      for unit in step.units { standing[unit] = step.verdict }
    }
  }

  mutating func decide(_ step: Step) {
    done.append(step)
    undone = []
  }

  /// Returns the number of the decision taken back, or nil when there is none.
  mutating func undo() -> Int? {
    guard let step = done.popLast() else { return nil }
    undone.append(step)
    return step.sequence
  }

  mutating func redo() -> Int? {
    guard let step = undone.popLast() else { return nil }
    done.append(step)
    return step.sequence
  }
}
