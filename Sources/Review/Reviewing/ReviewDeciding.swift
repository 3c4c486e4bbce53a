// Approving and rejecting: what a decision is about, and what stands in its way.

package import Approval
import CellGrid
package import Diffing
package import Scanner

/// What a decision key is about.
package enum DecisionTarget: Hashable, Sendable {
  /// Changed-line indexes of the current file.
  case lines([Int])
  case mode
  case whole
}

/// Something that must happen before the target can be approved.
package enum ApprovalObstacle: Hashable, Sendable {
  case readOnly(String)
  case notLoaded(String)
  /// Changed lines that were not on screen yet; the first of them, and how many.
  case unseen(first: Int, count: Int)
  case unseenWhole
  /// Findings that need a typed acknowledgement or a keystroke of their own.
  case findings([Finding])
  case nothing
}

extension ReviewState {
  /// What `y`, Space and `x` are about: the selection, or else the hunk, mode or file under the cursor.
  package var target: DecisionTarget? {
    guard let layout, let change = currentChange, layout.rows.indices.contains(cursor) else {
      return nil
    }
    guard change.diff != nil else { return .whole }
    if let rows = selectedRows {
      let lines = rows.flatMap { row -> [Int] in
        if case .change(_, _, _, let changed) = layout.rows[row] { Array(changed) } else { [] }
      }
      return .lines(lines)
    }
    if case .mode = layout.rows[cursor] { return .mode }
    return layout.hunk(atRow: cursor).map { .lines(Array(layout.hunks[$0].changedLines)) }
  }

  /// The lines of `target` still undecided, or all of them when none is; keeps what was decided line by line.
  package func linesToDecide(_ lines: [Int]) -> [Int] {
    guard let diff = currentChange?.diff, mark == nil else { return lines }
    let undecided = undecidedLines(among: lines, in: diff)
    return undecided.isEmpty ? lines : undecided
  }

  private func undecidedLines(among lines: some Collection<Int>, in diff: FileDiff) -> [Int] {
    let decisions = ledger.decisions(forFile: fileIndex)
    return diff.changedLines(at: lines)
      .filter { decisions.verdict(of: $0.line) == .undecided }.map(\.index)
  }

  /// Whether every line of `target` is approved.
  package func isApproved(_ target: DecisionTarget) -> Bool {
    let decisions = ledger.decisions(forFile: fileIndex)
    switch target {
    case .whole: return decisions.whole == .approved
    case .mode: return decisions.mode == .approved
    case .lines(let lines):
      guard let diff = currentChange?.diff, !lines.isEmpty else { return false }
      return diff.changedLines(at: lines).allSatisfy {
        decisions.verdict(of: $0.line) == .approved
      }
    }
  }

  /// What stands in the way of approving `target`; nil when nothing does.
  package func obstacle(to target: DecisionTarget) -> ApprovalObstacle? {
    if let readOnlyReason { return .readOnly(readOnlyReason) }
    if case .failed(let reason) = currentFile { return .notLoaded(reason) }
    switch target {
    case .whole, .mode:
      if !seenWhole.contains(fileIndex) { return .unseenWhole }
    case .lines(let lines):
      if lines.isEmpty { return .nothing }
      let drawn = seen[fileIndex] ?? LineSelection()
      let count = lines.count { !drawn.contains($0) }
      if let first = firstUnseen(of: lines) { return .unseen(first: first, count: count) }
    }
    let open = findings(on: target).filter { $0.needsAcknowledgement && !acknowledged.contains($0) }
    return open.isEmpty ? nil : .findings(open)
  }

  /// Findings about the file as a whole, or about an added line of `target`.
  package func findings(on target: DecisionTarget) -> [Finding] {
    let all = currentFile.findings
    if target == .mode { return all.filter { $0.line == nil } }
    guard !all.isEmpty, case .lines(let lines) = target, let diff = currentChange?.diff else {
      return all
    }
    var added = Set<Int>()
    for (_, line) in diff.changedLines(at: lines) where line.side == .added {
      added.insert(line.line)
    }
    return all.filter { finding in finding.line.map { added.contains($0) } ?? true }
  }

  /// The record of `verdict` on `target`, or nil when the file is not loaded.
  package func record(
    _ verdict: Verdict, on target: DecisionTarget, reason: String = ""
  ) -> DecisionRecord? {
    guard let change = currentChange else { return nil }
    let unit: DecisionUnit
    switch target {
    case .whole: unit = .whole
    case .mode: unit = .mode
    case .lines(let lines):
      guard let diff = change.diff else { return nil }
      let script = diff.editScript(of: LineSelection(lines))
      unit = .lines(script, digest: LinesDigest.of(script, old: diff.old, new: diff.new))
    }
    return DecisionRecord(
      sequence: ledger.nextSequence, file: change.file, unit: unit, verdict: verdict, reason: reason
    )
  }

  /// What `A` would approve: the undecided lines of the file without those of flagged hunks, and how many hunks those are.
  package func undecidedInFile() -> (lines: [Int], hunks: Int, flagged: Int)? {
    guard let diff = currentChange?.diff, let layout else { return nil }
    var lines: [Int] = []
    var hunks = 0
    var flagged = 0
    for hunk in layout.hunks {
      let open = undecidedLines(among: hunk.changedLines, in: diff)
      guard !open.isEmpty else { continue }
      if findings(on: .lines(open)).contains(where: \.needsAcknowledgement) {
        flagged += 1
      } else {
        hunks += 1
        lines += open
      }
    }
    return (lines, hunks, flagged)
  }
}

extension Finding {
  /// Whether approval waits for an acknowledgement.
  package var needsAcknowledgement: Bool { severity != .note }
}

extension FileDiff {
  /// The changed lines with the given indexes, ascending. O(lines of the groups they are in).
  package func changedLines(
    at indexes: some Collection<Int>
  ) -> [(index: Int, line: ChangedLine)] {
    guard let first = indexes.min(), let last = indexes.max() else { return [] }
    let wanted = LineSelection(indexes)
    var result: [(index: Int, line: ChangedLine)] = []
    result.reserveCapacity(indexes.count)
    var group = groupIndex(ofChangedLine: first)
    while group < groups.count, groups[group].firstChangedLine <= last {
      forEachChangedLine(in: group) { index, line in
        if wanted.contains(index) { result.append((index, line)) }
      }
      group += 1
    }
    return result
  }
}
