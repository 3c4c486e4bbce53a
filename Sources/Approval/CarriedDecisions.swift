// Which decisions hold on a further proposal: those on changes that are the same there.

import Diffing

/// A decision, or a part of one, that does not hold on the further proposal, because what it was about is no longer there.
package struct FallenDecision: Hashable, Sendable {
  package let path: RepositoryPath
  package let verdict: Verdict
  /// How many changed lines; 1 for a mode or a file decided on as a whole.
  package let lineCount: Int

  package init(path: RepositoryPath, verdict: Verdict, lineCount: Int) {
    self.path = path
    self.verdict = verdict
    self.lineCount = lineCount
  }
}

/// The decisions of one round that hold on the next.
///
/// A decision on lines holds on those of them that are the same change there (`FileDiff.sameChanges`), unless the file comes or goes in
/// one of the two only, or comes with another mode; one on a mode or a whole file only when both sides are the same. Folding what was
/// carried gives what folding everything gave, for every line that was carried.
package struct CarriedDecisions: Sendable {
  /// In the order of the decisions they come from, with their sequence numbers; at most one for each.
  package let records: [DecisionRecord]
  /// What fell away and had been approved or rejected, sorted by path.
  package let fallen: [FallenDecision]

  /// Carries the decisions in force of `ledger` over to `proposal`; `change` reads both sides of a file of either proposal.
  ///
  /// Reads only files that were decided on and differ between the proposals. O(decisions x changed lines) of these.
  ///
  /// - Throws: what `change` throws; `CarryViolation` when what was carried is not what was decided on.
  package init(
    of ledger: DecisionLedger, to proposal: Proposal,
    change: (ProposedFile) throws -> FileChange
  ) throws {
    var records: [DecisionRecord] = []
    var fallen: [FallenDecision] = []
    var crossings: [RepositoryPath: Crossing] = [:]
    let decided = Set(ledger.decisionsInForce.map(\.file))
    for file in decided {
      crossings[file.path] = try Crossing(file, to: proposal, change: change)
    }
    for record in ledger.decisionsInForce {
      if let carried = crossings[record.file.path]?.carry(record) { records.append(carried) }
    }
    for file in decided.sorted(by: { $0.path < $1.path }) {
      guard let index = ledger.proposal.index(of: file.path) else { continue }
      fallen += crossings[file.path]?.fallen(ledger.decisions(forFile: index)) ?? []
    }
    if let violation = try CarryGuard.violation(
      of: records, from: ledger.decisionsInForce,
      contents: { try change($0).diff.map { ($0.old.bytes, $0.new.bytes) } })
    {
      throw violation
    }
    self.records = records
    self.fallen = fallen
  }

  /// The files of either proposal that carrying over has to read, in no order.
  package static func filesToRead(
    of ledger: DecisionLedger, to proposal: Proposal
  ) -> [ProposedFile] {
    Set(ledger.decisionsInForce.map(\.file)).flatMap { file -> [ProposedFile] in
      guard let index = proposal.index(of: file.path) else { return [file] }
      return proposal.files[index] == file ? [] : [file, proposal.files[index]]
    }
  }

  /// One file's way from one proposal to the next.
  private enum Crossing {
    /// Both sides are the same: everything holds.
    case same
    case lines(from: FileDiff, to: FileDiff, lines: [Int: Int], file: ProposedFile, mode: Bool)
    case gone(FileChange?)

    init(
      _ file: ProposedFile, to proposal: Proposal, change: (ProposedFile) throws -> FileChange
    ) throws {
      guard let index = proposal.index(of: file.path) else {
        self = .gone(try change(file))
        return
      }
      let next = proposal.files[index]
      guard next != file else {
        self = .same
        return
      }
      let before = try change(file)
      let keepsMode = file.old?.mode == next.old?.mode && file.new?.mode == next.new?.mode
      guard file.isSameKindOfChange(as: next), let from = before.diff,
        let to = try change(next).diff
      else {
        self = .gone(before)
        return
      }
      self = .lines(
        from: from, to: to, lines: from.sameChanges(in: to), file: next, mode: keepsMode)
    }

    func carry(_ record: DecisionRecord) -> DecisionRecord? {
      switch self {
      case .same: return record
      case .gone: return nil
      case .lines(let from, let to, let lines, let file, let keepsMode):
        let unit: DecisionUnit
        switch record.unit {
        case .whole: return nil
        case .mode:
          guard keepsMode, file.changesMode else { return nil }
          unit = .mode
        case .lines(let script, _):
          let taken = from.selection(of: script)?.lines.compactMap { lines[$0] } ?? []
          guard !taken.isEmpty else { return nil }
          let carried = to.editScript(of: LineSelection(taken))
          unit = .lines(carried, digest: LinesDigest.of(carried, old: to.old, new: to.new))
        }
        return DecisionRecord(
          sequence: record.sequence, file: file, unit: unit, verdict: record.verdict,
          reason: record.reason)
      }
    }

    func fallen(_ decisions: FileDecisions) -> [FallenDecision] {
      var counts: [Verdict: Int] = [:]
      let path: RepositoryPath
      switch self {
      case .same: return []
      case .gone(let change):
        guard let change else { return [] }
        path = change.file.path
        if let diff = change.diff {
          count(decisions, in: diff, unless: [:], &counts)
          counts[decisions.mode, default: 0] += change.hasModeUnit ? 1 : 0
        } else {
          counts[decisions.whole, default: 0] += 1
        }
      case .lines(let from, _, let lines, let file, let keepsMode):
        path = file.path
        count(decisions, in: from, unless: lines, &counts)
        if !keepsMode { counts[decisions.mode, default: 0] += 1 }
      }
      return [Verdict.approved, .rejected].compactMap { verdict in
        guard let count = counts[verdict], count > 0 else { return nil }
        return FallenDecision(path: path, verdict: verdict, lineCount: count)
      }
    }

    private func count(
      _ decisions: FileDecisions, in diff: FileDiff, unless carried: [Int: Int],
      _ counts: inout [Verdict: Int]
    ) {
      for index in diff.groups.indices {
        diff.forEachChangedLine(in: index) { changed, line in
          if carried[changed] == nil { counts[decisions.verdict(of: line), default: 0] += 1 }
        }
      }
    }
  }
}

extension ProposedFile {
  /// Whether both make the file, both change it, or both remove it: taking the same lines does something else otherwise.
  ///
  /// A new file's mode comes with its lines, so it belongs to what they do.
  fileprivate func isSameKindOfChange(as other: ProposedFile) -> Bool {
    (old == nil) == (other.old == nil) && (new == nil) == (other.new == nil)
      && (old != nil || new?.mode == other.new?.mode)
  }
}
