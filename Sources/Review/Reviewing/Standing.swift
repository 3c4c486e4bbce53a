// How hunks and files stand, derived from decisions.

import Approval
package import Diffing

extension ReviewState {
  /// How the lines `lines` of file `index` stand together. O(lines).
  package func standing(of lines: Range<Int>, in diff: DiffOutline, file index: Int) -> HunkStanding
  {
    let decisions = ledger.decisions(forFile: index)
    var counts = (undecided: 0, approved: 0, rejected: 0)
    var groupIndex = diff.groupIndex(ofChangedLine: lines.lowerBound)
    while groupIndex < diff.groups.count,
      diff.groups[groupIndex].firstChangedLine < lines.upperBound
    {
      diff.forEachChangedLine(in: groupIndex) { changedIndex, line in
        guard lines.contains(changedIndex) else { return }
        switch decisions.verdict(of: line) {
        case .undecided: counts.undecided += 1
        case .approved: counts.approved += 1
        case .rejected: counts.rejected += 1
        }
      }
      groupIndex += 1
    }
    switch counts {
    case (_, 0, 0): return .undecided
    case (0, _, 0): return .approved
    case (0, 0, _): return .rejected
    default: return .partial(isOpen: counts.undecided > 0)
    }
  }

  package func standing(ofHunk hunk: Int) -> HunkStanding? {
    standings.indices.contains(hunk) ? standings[hunk] : nil
  }

  /// Why the hunk under the cursor was rejected last, when a reason was given. O(decisions).
  package var rejectionReason: String? {
    guard let layout, let hunk = currentHunk, let diff = currentChange?.diff,
      proposal.files.indices.contains(fileIndex)
    else { return nil }
    let path = proposal.files[fileIndex].path
    let lines = layout.hunks[hunk].changedLines
    for record in ledger.decisionsInForce.reversed()
    where record.file.path == path && record.verdict == .rejected && !record.reason.isEmpty {
      guard case .lines(let script, _) = record.unit,
        let selection = diff.selection(of: script), selection.count(in: lines) > 0
      else { continue }
      return record.reason
    }
    return nil
  }

  /// Counts a loaded file's hunks by standing; a mode change and a whole file count as a hunk each. O(changed lines), for the current
  /// file O(hunks).
  package func tally(ofFile index: Int) -> Tally? {
    let diff: DiffOutline?
    switch files[index] {
    case .loaded(let change, _): diff = change.diff?.outline
    case .counted(let outline, _): diff = outline
    case .pending, .begun, .failed: return nil
    }
    var tally = Tally()
    let decisions = ledger.decisions(forFile: index)
    guard let diff else {
      tally.count(decisions.whole)
      return tally
    }
    if proposal.files[index].changesMode { tally.count(decisions.mode) }
    if index == fileIndex, layout?.hunks.count == standings.count {
      for standing in standings { tally.count(standing) }
      return tally
    }
    for hunk in diff.hunks(context: contextLines, boundaries: boundaries[index] ?? []) {
      tally.count(standing(of: hunk.changedLines, in: diff, file: index))
    }
    return tally
  }

  /// Finds how the hunks of the layout stand: those that hold any of `lines`, or all. O(changed lines of these hunks).
  mutating func refreshStandings(holding lines: Range<Int>? = nil) {
    guard let layout, let diff = currentChange?.diff?.outline else {
      standings = []
      return
    }
    guard let lines, standings.count == layout.hunks.count else {
      standings = layout.hunks.map { standing(of: $0.changedLines, in: diff, file: fileIndex) }
      return
    }
    for hunk in layout.hunks(holding: lines) {
      standings[hunk] = standing(of: layout.hunks[hunk].changedLines, in: diff, file: fileIndex)
    }
  }

  /// Brings the tally of file `index`, and the total, up to date; `lines` bounds what changed in the current file.
  package mutating func refreshTally(ofFile index: Int, changed lines: Range<Int>? = nil) {
    if index == fileIndex { refreshStandings(holding: lines) }
    if let before = tallies[index] { total -= before }
    tallies[index] = tally(ofFile: index)
    if let after = tallies[index] { total += after }
    refreshPane()
  }
}

extension Tally {
  fileprivate mutating func count(_ standing: HunkStanding) {
    switch standing {
    case .undecided, .partial(isOpen: true): undecided += 1
    case .approved: approved += 1
    case .rejected: rejected += 1
    case .partial(isOpen: false): partial += 1
    }
  }

  fileprivate mutating func count(_ verdict: Verdict) {
    switch verdict {
    case .undecided: undecided += 1
    case .approved: approved += 1
    case .rejected: rejected += 1
    }
  }
}
