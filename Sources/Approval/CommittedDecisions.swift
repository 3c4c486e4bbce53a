// The approvals of a commit, said of its base and its own files: what a proof needs when the proposal is not there.

import Diffing

/// Re-expresses decisions made on a proposal as decisions on base and commit alone.
///
/// A proposal holds what was rejected too, and does not leave the machine; the commit holds what was approved. So lines are numbered in the
/// committed file instead, and every changed line belongs to the one decision that had the last word on it. `CommitGuard` checks the
/// result like any other decisions.
package enum CommittedDecisions {
  /// - Parameters:
  ///   - decisions: the decisions in force, in order, as recorded.
  ///   - files: what the commit changes against the base.
  ///   - blob: reads a blob; what it throws is passed on.
  /// - Returns: approvals only, in the order of `decisions`; nothing for a decision of which nothing is left. O(bytes of the files).
  package static func of(
    _ decisions: [DecisionRecord], on files: [ProposedFile],
    blob: (ObjectID) throws -> [UInt8]
  ) throws -> [DecisionRecord] {
    var byPath: [RepositoryPath: [DecisionRecord]] = [:]
    for decision in decisions { byPath[decision.file.path, default: []].append(decision) }
    var result: [DecisionRecord] = []
    for file in files {
      let old = TextFile(try file.old.map { try blob($0.blob) } ?? [])
      let new = TextFile(try file.new.map { try blob($0.blob) } ?? [])
      result += parts(byPath[file.path] ?? [], of: file, old: old, new: new)
    }
    return result.sorted { $0.sequence < $1.sequence }
  }

  /// The path of a line, mode or whole file that two of `decisions` are about; nil when each is decided on once.
  package static func firstDecidedTwice(in decisions: [DecisionRecord]) -> RepositoryPath? {
    struct Place: Hashable {
      enum Kind: Hashable { case removed(Int), added(Int), whole, mode }
      let path: RepositoryPath
      let kind: Kind
    }
    var seen: Set<Place> = []
    for decision in decisions {
      let kinds: [Place.Kind]
      switch decision.unit {
      case .whole: kinds = [.whole]
      case .mode: kinds = [.mode]
      case .lines(let script, _):
        kinds =
          script.removed.joined().map { .removed($0) }
          + script.inserted.map(\.newLines).joined().map { .added($0) }
      }
      for kind in kinds {
        guard seen.insert(Place(path: decision.file.path, kind: kind)).inserted else {
          return decision.file.path
        }
      }
    }
    return nil
  }

  /// What is left of a decision: lines of the base that go, and lines of the proposal with the base line they stand before.
  private struct Part {
    let decision: DecisionRecord
    var removed: [Int] = []
    var added: [(line: Int, position: Int)] = []
  }

  private static func parts(
    _ decisions: [DecisionRecord], of file: ProposedFile, old: TextFile, new: TextFile
  ) -> [DecisionRecord] {
    var result: [DecisionRecord] = []
    var parts: [Part] = []
    var decidedRemoved: Set<Int> = []
    var decidedAdded: Set<Int> = []
    var isWholeDecided = false
    var isModeDecided = false
    func keep(_ decision: DecisionRecord, _ unit: DecisionUnit) {
      guard decision.verdict == .approved else { return }
      result.append(
        DecisionRecord(
          sequence: decision.sequence, file: file, unit: unit, verdict: .approved))
    }
    // The last word first.
    for decision in decisions.reversed() {
      switch decision.unit {
      case .whole:
        if !isWholeDecided { keep(decision, .whole) }
        isWholeDecided = true
      case .mode:
        if !isModeDecided { keep(decision, .mode) }
        isModeDecided = true
      case .lines(let script, _):
        var part = Part(decision: decision)
        for line in script.removed.joined() where decidedRemoved.insert(line).inserted {
          part.removed.append(line)
        }
        for insertion in script.inserted {
          for (offset, line) in insertion.newLines.enumerated()
          where decidedAdded.insert(line).inserted {
            part.added.append((line, insertion.position + offset * insertion.stride))
          }
        }
        if decision.verdict == .approved, !(part.removed.isEmpty && part.added.isEmpty) {
          parts.append(part)
        }
      }
    }
    let numbers = committedNumbers(of: parts, oldLineCount: old.lineCount)
    for part in parts {
      let script = EditScript(
        removed: ranges(part.removed),
        inserted: insertions(part.added.map { (numbers[$0.line] ?? $0.line, $0.position) }))
      keep(part.decision, .lines(script, digest: LinesDigest.of(script, old: old, new: new)))
    }
    return result
  }

  /// The lines of the committed file that approved lines of the proposal became.
  private static func committedNumbers(of parts: [Part], oldLineCount: Int) -> [Int: Int] {
    let removed = Set(parts.flatMap(\.removed))
    var before: [Int: [Int]] = [:]
    for added in parts.flatMap(\.added) { before[added.position, default: []].append(added.line) }
    var numbers: [Int: Int] = [:]
    var next = 0
    for position in 0...oldLineCount {
      for line in (before[position] ?? []).sorted() {
        numbers[line] = next
        next += 1
      }
      if position < oldLineCount, !removed.contains(position) { next += 1 }
    }
    return numbers
  }

  private static func ranges(_ lines: [Int]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for line in lines.sorted() {
      if let last = ranges.last, last.upperBound == line {
        ranges[ranges.count - 1] = last.lowerBound..<line + 1
      } else {
        ranges.append(line..<line + 1)
      }
    }
    return ranges
  }

  private static func insertions(
    _ added: [(line: Int, position: Int)]
  ) -> [EditScript.Insertion] {
    var result: [EditScript.Insertion] = []
    for (line, position) in added.sorted(by: { $0.line < $1.line }) {
      if let last = result.last, last.newLines.upperBound == line, last.position == position {
        result[result.count - 1] = EditScript.Insertion(
          newLines: last.newLines.lowerBound..<line + 1, position: position, stride: 0)
      } else {
        result.append(
          EditScript.Insertion(newLines: line..<line + 1, position: position, stride: 0))
      }
    }
    return result
  }
}
