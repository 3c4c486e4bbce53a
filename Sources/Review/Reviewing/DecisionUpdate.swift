// The keys that decide, and what they say when they may not.

package import Approval
import CellGrid
import Diffing
import Scanner

extension AppState {
  package mutating func decide(_ command: Command) -> [Effect] {
    guard let review else { return [] }
    switch command {
    case .undo: return takeBack(review.ledger.undoable, .undo)
    case .redo: return takeBack(review.ledger.redoable, .redo)
    case .approveFile: return askToApproveFile()
    case .acknowledge: return acknowledge()
    default: break
    }
    guard let target = review.target, target != .lines([]) else {
      if case .failed(let reason) = review.currentFile { return explain(.notLoaded(reason)) }
      return explain(.nothing)
    }
    switch command {
    case .approve:
      if review.isApproved(target) {
        return decide(.undecided, on: target, advances: false, said: "No longer approved.")
      }
      return approve(target, advances: false)
    case .approveAndNext:
      // A second approval of the same would only make the first undo seem to do nothing.
      return review.isApproved(target) ? passOn() : approve(target, advances: true)
    case .reject: return reject(target, reason: "")
    case .rejectWithReason:
      overlay = .rejectReason(target, TextField(isMultiline: false))
      return []
    default: return []
    }
  }

  /// Goes on from what is approved already.
  private mutating func passOn() -> [Effect] {
    guard var review else { return [] }
    review.mark = nil
    if review.goToUndecided(1, size: size) {
      message = StatusMessage(.note, "That was approved already.")
    } else {
      message = StatusMessage(.success, nothingLeft(review))
    }
    self.review = review
    return effectsToLoad() + placeEffects()
  }

  private mutating func approve(_ target: DecisionTarget, advances: Bool) -> [Effect] {
    guard let review else { return [] }
    let narrowed = narrowed(target)
    if let obstacle = review.obstacle(to: narrowed) {
      return explain(obstacle)
    }
    return decide(.approved, on: narrowed, advances: advances, said: nil)
  }

  package mutating func reject(_ target: DecisionTarget, reason: String) -> [Effect] {
    if let reason = review?.readOnlyReason { return explain(.readOnly(reason)) }
    return decide(.rejected, on: narrowed(target), advances: true, said: nil, reason: reason)
  }

  private func narrowed(_ target: DecisionTarget) -> DecisionTarget {
    guard let review, case .lines(let lines) = target else { return target }
    return .lines(review.linesToDecide(lines))
  }

  /// Says what stands in the way, and goes there when it is a place.
  private mutating func explain(_ obstacle: ApprovalObstacle) -> [Effect] {
    guard var review else { return [] }
    switch obstacle {
    case .readOnly(let reason):
      message = StatusMessage(.problem, reason)
    case .notLoaded(let reason):
      message = StatusMessage(.problem, reason)
    case .nothing:
      message = StatusMessage(.note, "There is no change under the cursor.")
    case .unseenWhole:
      review.cursor = 0
      review.top = RowAnchor(row: 0)
      let body = review.geometry(for: size).bodyHeight
      let isTall = review.metrics(for: size).map { $0.height(of: 0) > body } ?? false
      message = StatusMessage(
        .note,
        isTall
          ? "Not all of this was on screen yet; shown from its start. Read on, then approve."
          : "This was not on screen yet; here it is. Press again to approve.")
    case .unseen(let first, let count):
      if let row = review.layout?.row(ofChangedLine: first) {
        review.cursor = row
        review.mark = nil
        review.top = RowAnchor(row: max(0, row - 2))
        review.revealCursor(for: size)
      }
      message = StatusMessage(
        .note,
        review.wraps
          || review.horizontalOffset == 0 && review.metrics(for: size)?.fits(review.cursor) == true
          ? "\(count) changed line\(count == 1 ? " was" : "s were") not on screen yet; "
            + "shown from here. Read on, then approve."
          : "Lines are cut at the edge and do not count as seen; \(key(.toggleWrap)) wraps them.")
    case .findings(let findings):
      let first = findings[0]
      message = StatusMessage(
        .problem,
        "Press \(key(.acknowledge)) to acknowledge\(first.severity == .block ? " by typing" : ""), or \(key(.reject)) to reject: "
          + first.sentence)
    }
    self.review = review
    return []
  }

  private mutating func acknowledge() -> [Effect] {
    guard var review, let target = review.target else { return [] }
    let open = review.findings(on: target).filter {
      $0.needsAcknowledgement && !review.acknowledged.contains($0)
    }
    guard !open.isEmpty else {
      message = StatusMessage(.note, "There is nothing to acknowledge here.")
      return []
    }
    if case .lines(let lines) = target, let first = review.firstUnseen(of: lines) {
      return explain(.unseen(first: first, count: 1))
    }
    if target == .whole, !review.seenWhole.contains(review.fileIndex) {
      return explain(.unseenWhole)
    }
    // One at a time, the one that the message line shows: nothing is acknowledged unread.
    let finding = open[0]
    guard finding.severity != .block else {
      overlay = .acknowledge([finding], phrase: finding.rule, TextField(isMultiline: false))
      return []
    }
    review.acknowledged.insert(finding)
    self.review = review
    let left = open.count - 1
    message = StatusMessage(
      .note,
      left > 0
        ? "Acknowledged: \(finding.rule), \(left) left. Next: \(open[1].sentence)"
        : finding.rule == Finding.forbiddenPathRule
          ? "Acknowledged, but your policy lets no commit have it: \(key(.reject)) rejects it."
          : "Acknowledged: \(finding.rule). It can be approved now.")
    return [.record(review.heading.id, [.acknowledged(finding, phrase: "!")])]
  }

  private mutating func askToApproveFile() -> [Effect] {
    guard let review else { return [] }
    guard review.currentChange?.diff != nil else {
      return approve(.whole, advances: true)
    }
    guard let rest = review.undecidedInFile(), !rest.lines.isEmpty else {
      let flagged = review.undecidedInFile()?.flagged ?? 0
      message = StatusMessage(
        .note,
        flagged > 0
          ? "What is left here has findings and cannot be approved in bulk."
          : "Nothing in this file is undecided.")
      return []
    }
    let drawn = review.seen[review.fileIndex] ?? LineSelection()
    if let first = review.firstUnseen(of: rest.lines) {
      let count = rest.lines.count { !drawn.contains($0) }
      return explain(.unseen(first: first, count: count))
    }
    if let reason = review.readOnlyReason { return explain(.readOnly(reason)) }
    overlay = .approveFile(lines: rest.lines, hunks: rest.hunks, flagged: rest.flagged)
    return []
  }

  /// Records a verdict, applies it and moves on.
  package mutating func decide(
    _ verdict: Verdict, on target: DecisionTarget, advances: Bool, said: String?,
    reason: String = ""
  ) -> [Effect] {
    if let reason = review?.readOnlyReason { return explain(.readOnly(reason)) }
    guard var review, let record = review.record(verdict, on: target, reason: reason) else {
      return []
    }
    do {
      try review.ledger.append(.decision(record))
    } catch {
      message = StatusMessage(.problem, "This decision does not fit the proposal: \(error).")
      return []
    }
    var notes: [LedgerNote] = []
    // Only an approval proves that its lines were drawn: rejecting asks for no reading.
    if verdict == .approved, case .lines(let script, _) = record.unit {
      notes.append(
        .shown(record.file.path, script, columns: size.columns, rows: size.rows))
    }
    notes.append(.entry(.decision(record)))
    review.mark = nil
    var changed: Range<Int>?
    if case .lines(let lines) = target, let first = lines.min(), let last = lines.max() {
      changed = first..<last + 1
    }
    review.refreshTally(ofFile: review.fileIndex, changed: changed)
    if let said { message = StatusMessage(.note, said) }
    if advances, review.goToRestOfHunk(size: size) {
      message = StatusMessage(.note, "The rest of this hunk is still undecided.")
    } else if advances, !review.goToUndecided(1, size: size) {
      message = StatusMessage(.success, nothingLeft(review))
    }
    let id = review.heading.id
    self.review = review
    return [.record(id, notes)] + effectsToLoad() + placeEffects()
  }

  private enum Direction { case undo, redo }

  private mutating func takeBack(_ step: DecisionLedger.Step?, _ direction: Direction) -> [Effect] {
    guard let review else { return [] }
    if direction == .undo, review.committed != nil {
      askToUndoCommit()
      return []
    }
    if let reason = review.readOnlyReason { return explain(.readOnly(reason)) }
    guard let step else {
      message = StatusMessage(
        .note, direction == .undo ? "There is nothing to undo." : "There is nothing to redo.")
      return []
    }
    let entry: LedgerEntry =
      direction == .undo ? .undo(of: step.sequence) : .redo(of: step.sequence)
    var ledger = review.ledger
    do {
      try ledger.append(entry)
    } catch {
      message = StatusMessage(.problem, "This cannot be taken back: \(error).")
      return []
    }
    let said = direction == .undo ? "Taken back: " : "Taken up again: "
    let id = review.heading.id
    switch step {
    case .decision(let record):
      self.review?.ledger = ledger
      goToFile(of: record)
      message = StatusMessage(
        .note,
        said + "\(record.verdict.rawValue), in "
          + "\(String(decoding: record.file.path.bytes, as: UTF8.self)).")
      return [.record(id, [.entry(entry)])] + effectsToLoad() + placeEffects()
    case .round(let round):
      message = StatusMessage(.note, said + "round \(round.number).")
      // Another proposal stands then: the review of it is made anew from the ledger on disk.
      return [.record(id, [.entry(entry)]), .openSession(id)]
    }
  }

  /// Goes where a decision was made, whose standing has changed.
  private mutating func goToFile(of record: DecisionRecord) {
    guard var review, let index = review.proposal.index(of: record.file.path) else { return }
    review.refreshTally(ofFile: index)
    var place = ReviewState.WantedPlace.firstHunk
    switch record.unit {
    case .lines(let script, _): place = .lines(script)
    case .mode: place = .mode
    case .whole: break
    }
    if index == review.fileIndex {
      review.wanted = place
      review.mark = nil
      review.refreshLayout(for: size)
    } else {
      review.goToFile(index, place: place, size: size)
    }
    self.review = review
  }
}
