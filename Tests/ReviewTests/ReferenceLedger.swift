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

/// Two stacks of decisions and rounds; what stands is what replaying the first leaves.
struct ReferenceLedger {
  private enum Step {
    case decision([Unit], Verdict)
    /// What stands after it, by the numbers that lines have there.
    case round([Unit: Verdict])
  }

  private var done: [Step] = []
  private var undone: [Step] = []

  var standing: [Unit: Verdict] {
    done.reduce(into: [:]) { standing, step in
      switch step {
      case .decision(let units, let verdict): for unit in units { standing[unit] = verdict }
      case .round(let carried): standing = carried
      }
    }
  }

  var approved: Set<Unit> { Set(standing.filter { $0.value == .approved }.keys) }

  mutating func decide(_ units: [Unit], _ verdict: Verdict) { take(.decision(units, verdict)) }

  /// Another round: what of it is the same change there keeps what was decided, under the numbers it has there, if `stays` says so too.
  mutating func follow(
    _ before: MadeProposal, _ after: MadeProposal, stays: (Unit) -> Bool
  ) {
    let same = Self.same(before, after)
    var carried: [Unit: Verdict] = [:]
    for (unit, verdict) in standing {
      if let unit = same[unit], stays(unit) { carried[unit] = verdict }
    }
    take(.round(carried))
  }

  mutating func undo() { if let step = done.popLast() { undone.append(step) } }
  mutating func redo() { if let step = undone.popLast() { done.append(step) } }

  private mutating func take(_ step: Step) {
    done.append(step)
    undone = []
  }

  /// The units that are the same in both: groups with the same lines at the same place, and what both sides say of mode and whole.
  private static func same(_ before: MadeProposal, _ after: MadeProposal) -> [Unit: Unit] {
    var result: [Unit: Unit] = [:]
    for (from, file) in before.made.enumerated() {
      guard let to = after.made.firstIndex(where: { $0.path == file.path }) else { continue }
      let next = after.made[to]
      if file.old?.mode == next.old?.mode, file.new?.mode == next.new?.mode {
        result[.mode(file: from)] = .mode(file: to)
      }
      if file == next { result[.whole(file: from)] = .whole(file: to) }
      guard let left = before.change(from)?.diff, let right = after.change(to)?.diff,
        (file.new == nil) == (next.new == nil)
      else { continue }
      // A moved base has lines put above everything: places count from the end.
      let shift = right.old.lineCount - left.old.lineCount
      for group in left.groups {
        for twin in right.groups
        where group.oldRange.lowerBound + shift == twin.oldRange.lowerBound
          && left.old.lines(group.oldRange) == right.old.lines(twin.oldRange)
          && left.new.lines(group.newRange) == right.new.lines(twin.newRange)
        {
          for (line, other) in zip(group.changedLines, twin.changedLines) {
            result[.line(line, file: from)] = .line(other, file: to)
          }
        }
      }
    }
    return result
  }
}

extension DecisionLedger {
  /// What this ledger approves of `proposal`, unit by unit.
  func approvedUnits(of proposal: MadeProposal) -> Set<Unit> {
    Set(verdicts(of: proposal).filter { $0.value == .approved }.keys)
  }

  /// What was decided of `proposal`, unit by unit.
  func verdicts(of proposal: MadeProposal) -> [Unit: Verdict] {
    var verdicts: [Unit: Verdict] = [:]
    for (index, file) in proposal.files.enumerated() {
      let decisions = decisions(forFile: index)
      verdicts[.mode(file: index)] = decisions.mode
      verdicts[.whole(file: index)] = decisions.whole
      guard let diff = file.change?.diff else { continue }
      for group in diff.groups.indices {
        diff.forEachChangedLine(in: group) { line, changed in
          verdicts[.line(line, file: index)] = decisions.verdict(of: changed)
        }
      }
    }
    return verdicts.filter { $0.value != .undecided }
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
    if rows.contains(.whole) { return [.whole(file: fileIndex)] }
    if let mark { return lines(min(mark, cursor)...max(mark, cursor)) }
    if rows[cursor] == .mode { return [.mode(file: fileIndex)] }
    guard let start = (0...cursor).last(where: isHeader) else { return [] }
    let end = (cursor + 1..<max(cursor + 1, rows.count)).first(where: isHeader) ?? rows.count
    return lines(start..<end)
  }
}
