// How many edits went where, over a run of generated cases.

import Placement

/// Counts by rung, by what decided between several places, and by reason.
struct PlacementTally {
  private(set) var caseCount = 0
  private(set) var editCount = 0
  private(set) var counts: [String: Int] = [:]

  subscript(name: String) -> Int { counts[name] ?? 0 }

  mutating func count(_ outcome: PlacementOutcome, of editCount: Int, as notation: String) {
    caseCount += 1
    counts["answers in \(notation)", default: 0] += 1
    self.editCount += editCount
    for placement in outcome.changes.flatMap(\.placements) {
      counts["placed: \(placement.rung)", default: 0] += 1
      if let pin = placement.pin { counts["chosen by: \(pin)", default: 0] += 1 }
    }
    for edit in outcome.unplaced { counts["refused: \(Self.name(edit.reason))", default: 0] += 1 }
  }

  mutating func add(_ other: PlacementTally) {
    caseCount += other.caseCount
    editCount += other.editCount
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// The case of a refusal, without what it carries, but for malformed blocks and unsafe paths.
  static func name(_ reason: PlacementRefusal) -> String {
    switch reason {
    case .malformed(let reason): "malformed, \(caseName(reason))"
    case .pathUnsafe(let violation): "path unsafe, \(caseName(violation))"
    default: caseName(reason)
    }
  }

  private static func caseName(_ value: Any) -> String {
    String(String(describing: value).prefix { $0 != "(" })
  }

  var table: String {
    let rows = counts.sorted { $0.key < $1.key }.map { name, count in
      "  " + name + String(repeating: " ", count: max(1, 44 - name.count)) + "\(count)"
    }
    return (["\(caseCount) cases with \(editCount) edits"] + rows).joined(separator: "\n")
  }
}
