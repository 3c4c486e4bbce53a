// The review screen's commands.

import Approval
import CellGrid
import Diffing
import Scanner

extension AppState {
  package mutating func open(_ review: ReviewState) {
    self.review = review
    if let index = sessions.index(of: review.heading.id) { sessions.selected = index }
    commit = nil
    unplacedIndex = 0
    screen = review.proposal.files.isEmpty ? .unplaced : .review
    if review.proposal.files.isEmpty {
      message = StatusMessage(
        .problem, "No edit of this answer could be placed; the reasons are listed here.")
    } else if !review.unplaced.isEmpty {
      let count = review.unplaced.count
      message = StatusMessage(
        .note, "\(count) edit\(count == 1 ? "" : "s") could not be placed: U shows why.")
    }
    if let reason = review.readOnlyReason { message = StatusMessage(.note, reason) }
  }

  /// Asks for the current file when it is not loaded yet.
  package func effectsToLoad() -> [Effect] {
    guard let review, review.files.indices.contains(review.fileIndex),
      case .pending = review.files[review.fileIndex]
    else { return [] }
    return [.loadFile(review.heading.id, index: review.fileIndex)]
  }

  package mutating func loaded(_ file: LoadedFile, at index: Int, of id: SessionID) {
    guard review?.heading.id == id, review?.files.indices.contains(index) == true,
      case .pending = review?.files[index],
      // Taken out, so that the list of files is changed in place and not copied for each file.
      var review = review.take()
    else { return }
    review.files[index] = file
    review.pendingCount -= 1
    review.takeUpRecords(ofFile: index)
    review.refreshTally(ofFile: index)
    if index == review.fileIndex { review.refreshLayout(for: size) }
    self.review = review
  }

  package mutating func performInReview(_ command: Command) -> [Effect] {
    guard var review else {
      screen = .sessions
      return [.listSessions]
    }
    let size = size
    let body = review.geometry(for: size).bodyHeight
    switch command {
    case .lineDown: review.moveCursor(by: 1, size: size)
    case .lineUp: review.moveCursor(by: -1, size: size)
    case .halfPageDown: review.page(by: body / 2, size: size)
    case .halfPageUp: review.page(by: -body / 2, size: size)
    case .pageDown, .pageUp:
      let step = command == .pageDown ? 1 : -1
      let before = (review.top, review.cursor)
      review.page(by: step * max(1, body - 2), size: size)
      // Paging on at the end of a file goes on to the next one.
      let next = review.fileIndex + step
      if (review.top, review.cursor) == before, review.files.indices.contains(next) {
        review.goToFile(next, place: step > 0 ? .top : .bottom, size: size)
      }
    case .top:
      review.cursor = 0
      review.top = RowAnchor(row: 0)
    case .bottom:
      review.cursor = (review.layout?.rows.count ?? 1) - 1
      review.revealCursor(for: size)
    case .scrollLeft, .scrollRight: scrollSideways(&review, command)
    case .nextHunk, .previousHunk: goToHunk(&review, command == .nextHunk ? 1 : -1)
    case .nextFile, .previousFile: goToFile(&review, command == .nextFile ? 1 : -1)
    case .nextUndecided, .previousUndecided:
      if !review.goToUndecided(command == .nextUndecided ? 1 : -1, size: size) {
        message = StatusMessage(.success, nothingLeft(review))
      }
    case .selectLines, .selectGroup: select(&review, command)
    case .split: split(&review)
    case .toggleMode:
      review.preferredMode = review.preferredMode == .unified ? .sideBySide : .unified
      if size.columns < GridSize.fullWidth {
        message = StatusMessage(
          .note,
          "Side by side needs \(GridSize.fullWidth) columns; this screen has \(size.columns).")
      }
      review.refreshLayout(for: size)
    case .toggleWrap:
      review.wraps.toggle()
      review.horizontalOffset = 0
      review.reflow(for: size)
    case .toggleFilePane:
      review.showsFilePane.toggle()
      review.reflow(for: size)
    case .moreContext, .lessContext: changeContext(&review, command == .moreContext ? 3 : -3)
    case .approve, .approveAndNext, .reject, .rejectWithReason, .approveFile, .acknowledge, .undo,
      .redo:
      return decide(command)
    case .commitSheet:
      // What was written in the editor outlives a look back at the review.
      let message = commit?.message ?? []
      commit = CommitState()
      commit?.message = message
      screen = .commit
      return [
        .planCommit(review.heading.id, review.ledger, acknowledged: Array(review.acknowledged))
      ]
    case .reviewRest: return reviewRest()
    case .unplacedEdits:
      guard !review.unplaced.isEmpty else {
        message = StatusMessage(.note, "Every edit of the answer was placed.")
        return []
      }
      screen = .unplaced
    case .cancelSelection: review.mark = nil
    case .back, .quit:
      if review.mark != nil {
        review.mark = nil
        break
      }
      screen = .sessions
      self.review = review
      return [.listSessions]
    default: return []
    }
    self.review = review
    return effectsToLoad() + placeEffects()
  }

  /// Keeps the place where the reader is, for a restart.
  package func placeEffects() -> [Effect] {
    guard let review, let line = review.changedLineAtCursor,
      review.proposal.files.indices.contains(review.fileIndex)
    else { return [] }
    let path = review.proposal.files[review.fileIndex].path
    return [.savePlace(review.heading.id, ReadingPlace(path: path, changedLine: line))]
  }

  private mutating func scrollSideways(_ review: inout ReviewState, _ command: Command) {
    guard !review.wraps else {
      message = StatusMessage(.note, "Lines are wrapped; w cuts them so that they scroll.")
      return
    }
    review.horizontalOffset = max(
      0, review.horizontalOffset + (command == .scrollRight ? 8 : -8))
  }

  private mutating func goToHunk(_ review: inout ReviewState, _ step: Int) {
    if !review.goToHunk(step, size: size) {
      message = StatusMessage(
        .note, step > 0 ? "This is the last hunk." : "This is the first hunk.")
    }
  }

  private mutating func goToFile(_ review: inout ReviewState, _ step: Int) {
    guard review.files.indices.contains(review.fileIndex + step) else {
      message = StatusMessage(
        .note, step > 0 ? "This is the last file." : "This is the first file.")
      return
    }
    review.goToFile(review.fileIndex + step, place: .firstHunk, size: size)
  }

  private mutating func select(_ review: inout ReviewState, _ command: Command) {
    guard let layout = review.layout, review.currentChange?.diff != nil else {
      message = StatusMessage(
        .note, "This file is decided on as a whole; there are no lines to select.")
      return
    }
    guard command == .selectGroup else {
      review.mark = review.mark == nil ? review.cursor : nil
      return
    }
    guard case .change(_, _, let group, _) = layout.rows[review.cursor] else {
      message = StatusMessage(.note, "The cursor is on no change.")
      return
    }
    let isInGroup: (Int) -> Bool = { row in
      if case .change(_, _, group, _) = layout.rows[row] { true } else { false }
    }
    var first = review.cursor
    var last = review.cursor
    while first > 0, isInGroup(first - 1) { first -= 1 }
    while last + 1 < layout.rows.count, isInGroup(last + 1) { last += 1 }
    review.mark = first
    review.cursor = last
    review.revealCursor(for: size)
  }

  private mutating func split(_ review: inout ReviewState) {
    guard let layout = review.layout, let hunk = review.currentHunk else { return }
    let groups = layout.hunks[hunk].groups
    let group = review.groupAtCursor(in: layout) ?? groups.lowerBound
    var boundaries = review.boundaries[review.fileIndex] ?? []
    if boundaries.contains(groups.lowerBound), group == groups.lowerBound {
      boundaries.remove(groups.lowerBound)
      message = StatusMessage(.note, "Joined with the hunk before.")
    } else if groups.count == 1 {
      message = StatusMessage(
        .note, "This hunk is one change group; v selects single lines of it.")
      return
    } else if group == groups.lowerBound {
      boundaries.formUnion(groups.dropFirst())
      message = StatusMessage(
        .note, "Split into \(groups.count) hunks; s on a later one joins again.")
    } else {
      boundaries.insert(group)
      message = StatusMessage(.note, "Split before this change; s here joins again.")
    }
    let line = review.changedLineAtCursor
    review.boundaries[review.fileIndex] = boundaries
    review.wanted = line.map { .changedLine($0) }
    review.refreshLayout(for: size, rebuild: true)
    review.refreshTally(ofFile: review.fileIndex)
  }

  private mutating func changeContext(_ review: inout ReviewState, _ change: Int) {
    let context = min(1_000_000, max(0, review.contextLines + change))
    guard context != review.contextLines else { return }
    review.contextLines = context
    review.refreshLayout(for: size, rebuild: true)
    for index in review.files.indices where review.tallies[index] != nil {
      review.refreshTally(ofFile: index)
    }
    message = StatusMessage(.note, "\(context) lines of context.")
  }

  package func nothingLeft(_ review: ReviewState) -> String {
    guard review.pendingCount == 0 else {
      return "No undecided hunk among the files loaded so far."
    }
    let inPart = review.total.partial > 0 ? "\(review.total.partial) taken in part, " : ""
    return "Everything is decided: \(review.total.approved) approved, \(inPart)"
      + "\(review.total.rejected) rejected. C commits what is approved."
  }
}

extension ReviewState {
  /// Takes up what earlier runs recorded as drawn and acknowledged in a file that was just loaded.
  fileprivate mutating func takeUpRecords(ofFile index: Int) {
    let path = proposal.files[index].path
    if let diff = files[index].change?.diff {
      var lines = seen[index] ?? LineSelection()
      for script in recordedShown[path] ?? [] {
        for line in diff.selection(of: script)?.lines ?? [] { lines.insert(line) }
      }
      seen[index] = lines
    }
    for finding in files[index].findings {
      let record = RecordedAcknowledgement(
        rule: finding.rule, path: finding.path, line: finding.line, sentence: finding.sentence)
      if recordedAcknowledgements.contains(record) { acknowledged.insert(finding) }
    }
  }

  /// The change group the cursor is on or, on context, the next one of the hunk.
  package func groupAtCursor(in layout: FileLayout) -> Int? {
    for row in layout.rows[cursor...] {
      switch row {
      case .change(_, _, let group, _): return group
      case .hunkHeader(let hunk, _) where hunk != currentHunk: return nil
      case .hunkHeader, .context, .rest, .mode, .whole: continue
      }
    }
    return nil
  }
}
