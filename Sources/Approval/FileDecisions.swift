// Where every line of a file stands after the ledger has been folded.

package import Diffing

/// The standing of one file: which lines are approved or rejected, by line number on their side.
///
/// Keyed by line numbers, not by changed-line indexes, so that folding needs no diff.
package struct FileDecisions: Hashable, Sendable {
  private var approvedRemoved = LineSelection()
  private var approvedAdded = LineSelection()
  private var rejectedRemoved = LineSelection()
  private var rejectedAdded = LineSelection()
  /// The standing of a file decided on as a whole.
  package private(set) var whole = Verdict.undecided
  /// The standing of the mode of a text file.
  package private(set) var mode = Verdict.undecided

  package init() {}

  package mutating func apply(_ unit: DecisionUnit, verdict: Verdict) {
    switch unit {
    case .whole: whole = verdict
    case .mode: mode = verdict
    case .lines(let script, _):
      for line in script.removed.joined() {
        Self.set(line, verdict, approved: &approvedRemoved, rejected: &rejectedRemoved)
      }
      for line in script.inserted.map(\.newLines).joined() {
        Self.set(line, verdict, approved: &approvedAdded, rejected: &rejectedAdded)
      }
    }
  }

  package func verdict(of line: ChangedLine) -> Verdict {
    let (approved, rejected) =
      line.side == .removed
      ? (approvedRemoved, rejectedRemoved) : (approvedAdded, rejectedAdded)
    if approved.contains(line.line) { return .approved }
    return rejected.contains(line.line) ? .rejected : .undecided
  }

  /// How many lines are approved, whether or not a diff has them as changed lines.
  var approvedLineCount: Int { approvedRemoved.count + approvedAdded.count }

  /// Whether anything of the file is approved.
  package var takesAnything: Bool {
    whole == .approved || mode == .approved || !approvedRemoved.isEmpty || !approvedAdded.isEmpty
  }

  /// The approved changed lines of `diff`. O(changed lines).
  package func approvedSelection(in diff: DiffOutline) -> LineSelection {
    var selection = LineSelection()
    for index in diff.groups.indices {
      diff.forEachChangedLine(in: index) { changedIndex, line in
        if verdict(of: line) == .approved { selection.insert(changedIndex) }
      }
    }
    return selection
  }

  private static func set(
    _ line: Int, _ verdict: Verdict, approved: inout LineSelection, rejected: inout LineSelection
  ) {
    approved.remove(line)
    rejected.remove(line)
    switch verdict {
    case .approved: approved.insert(line)
    case .rejected: rejected.insert(line)
    case .undecided: break
    }
  }
}
