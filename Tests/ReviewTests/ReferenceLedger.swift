// The decisions of a review once more, in the plainest way.

import Approval
import Diffing
import FilmStrip
import Review

/// What can be decided on by itself.
enum Unit: Hashable {
  case line(Int, file: Int)
  case mode(file: Int)
  case whole(file: Int)
}

/// Two stacks of decisions; what stands is what replaying the first leaves.
struct ReferenceLedger {
  private var done: [(units: [Unit], verdict: Verdict)] = []
  private var undone: [(units: [Unit], verdict: Verdict)] = []

  var standing: [Unit: Verdict] {
    done.reduce(into: [:]) { standing, step in
      for unit in step.units { standing[unit] = step.verdict }
    }
  }

  var approved: Set<Unit> { Set(standing.filter { $0.value == .approved }.keys) }

  mutating func decide(_ units: [Unit], _ verdict: Verdict) {
    done.append((units, verdict))
    undone = []
  }

  mutating func undo() { if let step = done.popLast() { undone.append(step) } }
  mutating func redo() { if let step = undone.popLast() { done.append(step) } }
}

extension DecisionLedger {
  /// What this ledger approves of `proposal`, unit by unit.
  func approvedUnits(of proposal: MadeProposal) -> Set<Unit> {
    var units: Set<Unit> = []
    for (index, file) in proposal.files.enumerated() {
      let decisions = decisions(forFile: index)
      if decisions.mode == .approved { units.insert(.mode(file: index)) }
      if decisions.whole == .approved { units.insert(.whole(file: index)) }
      guard let diff = file.change?.diff else { continue }
      for line in decisions.approvedSelection(in: diff.outline).lines {
        units.insert(.line(line, file: index))
      }
    }
    return units
  }
}

extension ReviewState {
  /// What the cursor or the selection is on, read off the rows alone: the lines between two hunk headers, the mode, the whole.
  var unitsUnderCursor: [Unit] {
    guard let rows = layout?.rows, rows.indices.contains(cursor) else { return [] }
    func lines(_ range: some Sequence<Int>) -> [Unit] {
      range.flatMap { row -> [Unit] in
        guard case .change(_, _, _, let changed) = rows[row] else { return [] }
        return changed.map { .line($0, file: fileIndex) }
      }
    }
    func isHeader(_ row: Int) -> Bool { if case .hunkHeader = rows[row] { true } else { false } }
    if rows == [.whole] { return [.whole(file: fileIndex)] }
    if let mark { return lines(min(mark, cursor)...max(mark, cursor)) }
    if rows[cursor] == .mode { return [.mode(file: fileIndex)] }
    guard let start = (0...cursor).last(where: isHeader) else { return [] }
    let end = (cursor + 1..<max(cursor + 1, rows.count)).first(where: isHeader) ?? rows.count
    return lines(start..<end)
  }
}
