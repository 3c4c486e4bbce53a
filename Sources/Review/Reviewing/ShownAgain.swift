// What was approved on another base: on the screen again before it is committed, and on record as that.

import Approval
import CellGrid
import Diffing

extension AppState {
  /// Opens the commit sheet of a review in which everything approved has been on the screen.
  mutating func openSheet(afterShowing review: inout ReviewState) -> [Effect] {
    let shown = review.notesOfShownAgain(size: size)
    self.review = review
    return (shown.isEmpty ? [] : [.record(review.heading.id, shown)]) + openCommitSheet(review)
  }
}

extension ReviewState {
  /// What has to happen before the commit sheet: what was approved on another base has to be shown again. Goes there.
  mutating func obstacleToCommit(size: GridSize) -> StatusMessage? {
    guard ledger.decisionsFromOtherBases.contains(where: { $0.verdict == .approved }) else {
      return nil
    }
    for index in files.indices where ledger.decisions(forFile: index).takesAnything {
      let outline: DiffOutline?
      switch files[index] {
      case .loaded(let change, _): outline = change.diff?.outline
      case .counted(let counted, _): outline = counted
      case .pending, .begun, .failed:
        return StatusMessage(.note, "Not all files are read yet; wait a moment.")
      }
      guard let outline else {
        guard !seenWhole.contains(index) else { continue }
        goToFile(index, place: .top, size: size)
        return StatusMessage(
          .note, "On the moved base this was not on screen yet; here it is. Then commit.")
      }
      let drawn = seen[index] ?? LineSelection()
      let approved = ledger.decisions(forFile: index).approvedSelection(in: outline)
      guard let line = approved.lines.first(where: { !drawn.contains($0) }) else { continue }
      if index == fileIndex {
        wanted = .changedLine(line)
        refreshLayout(for: size)
      } else {
        goToFile(index, place: .changedLine(line), size: size)
      }
      return StatusMessage(
        .note,
        "Approved on the base before, and not on screen yet on this one; read on, then commit.")
    }
    return nil
  }

  /// What was approved on another base and has been on screen on this one, for the ledger: it has not been said there yet.
  fileprivate mutating func notesOfShownAgain(size: GridSize) -> [LedgerNote] {
    var notes: [LedgerNote] = []
    for decision in ledger.decisionsFromOtherBases where decision.verdict == .approved {
      guard case .lines(let script, _) = decision.unit,
        recordedShown[decision.file]?.contains(script) != true
      else { continue }
      recordedShown[decision.file, default: []].append(script)
      notes.append(
        .shown(decision.file.path, script, columns: size.columns, rows: size.rows))
    }
    return notes
  }
}
