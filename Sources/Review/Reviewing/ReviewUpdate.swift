// The review screen's commands.

import Approval
import CellGrid
import Diffing

extension AppState {
  package mutating func open(_ opened: ReviewState) {
    var review = opened
    var isAnotherRound = false
    if let older = comparison?.below ?? self.review, older.heading.id == review.heading.id {
      isAnotherRound = true
      review.takeOver(from: older)
      review.again = opened.again
      review.refreshPane()
    }
    self.review = review
    self.review?.refreshLayout(for: size)
    if let index = sessions.index(of: review.heading.id) { sessions.selected = index }
    commit = nil
    unplacedIndex = 0
    unplacedPlace = 0
    comparison = nil
    screen = review.proposal.files.isEmpty ? .unplaced : .review
    if review.proposal.files.isEmpty {
      message = StatusMessage(
        .problem, "No edit of this answer could be placed; the reasons are listed here.")
    } else if !review.unplaced.isEmpty, !isAnotherRound, review.again == nil {
      let count = review.unplaced.count
      message = StatusMessage(
        .note,
        "\(count) edit\(count == 1 ? "" : "s") could not be placed: \(key(.unplacedEdits)) shows why."
      )
    }
    if let reason = review.readOnlyReason { message = StatusMessage(.note, reason) }
  }

  package mutating func performInReview(_ command: Command) -> [Effect] {
    guard var review else {
      screen = .sessions
      return [.listSessions]
    }
    if review.isBegun, Self.needsProposal.contains(command) || Self.needsWholeFile.contains(command)
    {
      message = StatusMessage(.note, "The rest of this large file is still compared; a moment.")
      if command == .bottom { self.review?.wanted = .bottom }
      return []
    }
    if review.isComparison, Self.needsProposal.contains(command) {
      if let reason = review.readOnlyReason { message = StatusMessage(.note, reason) }
      return []
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
      review.noteJump()
      review.cursor = 0
      review.top = RowAnchor(row: 0)
    case .bottom:
      review.noteJump()
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
    case .split:
      let effects = split(&review)
      self.review = review
      return effects + placeEffects()
    case .toggleMode:
      review.preferredMode = review.preferredMode == .unified ? .sideBySide : .unified
      if size.columns < GridSize.fullWidth {
        message = StatusMessage(
          .note,
          "Side by side needs \(GridSize.fullWidth) columns; this screen has \(size.columns).")
      }
      review.refreshLayout(for: size)
      review.countMatches(for: size)
    case .toggleWrap:
      review.wraps.toggle()
      review.horizontalOffset = 0
      review.reflow(for: size)
    case .toggleFilePane:
      review.showsFilePane.toggle()
      if size.columns < GridSize.fullWidth {
        message = StatusMessage(
          .note,
          "The file pane needs \(GridSize.fullWidth) columns; this screen has \(size.columns). \(key(.findFile)) finds files."
        )
      }
      review.reflow(for: size)
    case .toggleWhitespace:
      review.showsWhitespace.toggle()
      review.reflow(for: size)
      message = StatusMessage(
        .note, review.showsWhitespace ? "Every blank has a sign." : "Only last blanks have a sign.")
    case .toggleFold: toggleFold(&review)
    case .moreContext, .lessContext: changeContext(&review, command == .moreContext ? 1 : -1)
    case .search, .searchNext, .searchPrevious, .findFile, .filterFiles, .jumpBack, .jumpForward,
      .palette:
      return performFinding(command)
    case .comment:
      startComment()
      return []
    case .editHunk, .openFile, .askAgain, .askAgainFile, .nextCandidate, .previousCandidate,
      .takeCandidate, .compareRounds, .moveBase, .removeRejected, .cancelRequest:
      return performRounds(command)
    case .showLedger: return [.showLedger(review.heading.id)]
    case .showConversation: return [.showConversation(review.heading.id, origin: .review)]
    case .showProvenance: return showProvenance(review)
    case .approve, .approveAndNext, .reject, .rejectWithReason, .approveFile, .acknowledge, .undo,
      .redo:
      return decide(command)
    case .commitSheet:
      if let obstacle = review.obstacleToCommit(size: size) {
        message = obstacle
        break
      }
      return openSheet(afterShowing: &review)
    case .reviewRest: return reviewRest()
    case .runChecks: return runChecks(review)
    case .showChecks:
      showChecks()
      return []
    case .unplacedEdits:
      guard !review.unplaced.isEmpty else {
        message = StatusMessage(.note, "There is no edit that could not be placed.")
        return []
      }
      screen = .unplaced
    case .cancelSelection:
      if review.mark != nil {
        review.mark = nil
      } else if review.search != nil {
        review.search = nil
      } else if comparison != nil {
        leaveComparison()
        return effectsToLoad()
      } else if review.paneFilter.isActive {
        review.paneFilter = PaneFilter()
        review.refreshPane()
      }
    case .back, .quit:
      if review.mark != nil {
        review.mark = nil
        break
      }
      if comparison != nil {
        leaveComparison()
        return effectsToLoad()
      }
      screen = .sessions
      self.review = review
      return [.listSessions]
    default: return []
    }
    self.review = review
    return effectsToLoad() + placeEffects()
  }

  /// Commands about a proposal; two versions beside each other are only read.
  private static let needsProposal: Set<Command> = [
    .approve, .approveAndNext, .reject, .rejectWithReason, .approveFile, .acknowledge, .undo, .redo,
    .split, .commitSheet, .runChecks, .reviewRest, .unplacedEdits, .editHunk, .openFile, .comment,
    .askAgain,
    .askAgainFile, .moveBase, .removeRejected, .showLedger, .showProvenance,
    .showConversation, .cancelRequest,
  ]

  /// Commands that lead to a place that is not compared yet.
  private static let needsWholeFile: Set<Command> = [
    .bottom, .nextHunk, .search, .searchNext, .searchPrevious,
    .selectLines, .selectGroup, .moreContext, .lessContext, .toggleFold,
  ]

  /// Shows where the hunk under the cursor comes from, or the file that is decided on as a whole.
  private mutating func showProvenance(_ review: ReviewState) -> [Effect] {
    guard review.proposal.files.indices.contains(review.fileIndex) else { return [] }
    let path = review.proposal.files[review.fileIndex].path
    guard let diff = review.currentChange?.diff, let layout = review.layout else {
      return [.showProvenance(review.heading.id, path, lines: [], newLines: 0..<0, rungs: [])]
    }
    guard let hunk = review.currentHunk else {
      message = StatusMessage(.note, "There is no hunk under the cursor.")
      return []
    }
    let groups = diff.groups[layout.hunks[hunk].groups]
    let newLines =
      (groups.first?.newRange.lowerBound ?? 0)..<(groups.last?.newRange.upperBound ?? 0)
    return [
      .showProvenance(
        review.heading.id, path, lines: Array(layout.hunks[hunk].changedLines), newLines: newLines,
        rungs: review.rungs(of: layout.hunks[hunk]))
    ]
  }

  /// Keeps the place where the reader is, for a restart.
  package func placeEffects() -> [Effect] {
    guard let review, !review.isComparison, let line = review.changedLineAtCursor,
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
    guard let next = review.file(after: step) else {
      message = StatusMessage(
        .note, step > 0 ? "This is the last file." : "This is the first file.")
      return
    }
    review.noteJump()
    review.goToFile(next, place: .firstHunk, size: size)
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

  private mutating func split(_ review: inout ReviewState) -> [Effect] {
    guard let layout = review.layout, let hunk = review.currentHunk,
      let diff = review.currentChange?.diff
    else { return [] }
    let groups = layout.hunks[hunk].groups
    let group = review.groupAtCursor(in: layout) ?? groups.lowerBound
    var boundaries = review.boundaries[review.fileIndex] ?? []
    if boundaries.contains(groups.lowerBound), group == groups.lowerBound {
      boundaries.remove(groups.lowerBound)
      message = StatusMessage(.note, "Joined with the hunk before.")
    } else if groups.count == 1 {
      message = StatusMessage(
        .note, "This hunk is one change group; \(key(.selectLines)) selects single lines of it.")
      return []
    } else if group == groups.lowerBound {
      boundaries.formUnion(groups.dropFirst())
      message = StatusMessage(
        .note, "Split into \(groups.count) hunks; \(key(.split)) on a later one joins again.")
    } else {
      boundaries.insert(group)
      message = StatusMessage(.note, "Split before this change; \(key(.split)) here joins again.")
    }
    let line = review.changedLineAtCursor
    review.boundaries[review.fileIndex] = boundaries
    review.wanted = line.map { .changedLine($0) }
    review.refreshLayout(for: size, rebuild: true)
    review.refreshTally(ofFile: review.fileIndex)
    let starts = Set(boundaries.map { diff.groups[$0].oldRange.lowerBound })
    let path = review.proposal.files[review.fileIndex].path
    review.recordedSplits[path] = starts
    // Nothing hangs on a split: where nothing can be decided any more it is not kept.
    guard review.readOnlyReason == nil else { return [] }
    return [.record(review.heading.id, [.split(path, starts: starts)])]
  }

  /// Steps of context; the last is the whole file.
  private static let contextSteps = [0, 1, 3, 6, 12, 25, 50, 100, 200, 1_000_000]

  private mutating func changeContext(_ review: inout ReviewState, _ step: Int) {
    let now = review.contextLines
    let next =
      step > 0 ? Self.contextSteps.first { $0 > now } : Self.contextSteps.last { $0 < now }
    guard let next else {
      message = StatusMessage(
        .note, step > 0 ? "The whole file is shown." : "No unchanged lines are shown.")
      return
    }
    review.contextLines = next
    review.refreshLayout(for: size, rebuild: true)
    review.countMatches(for: size)
    for index in review.files.indices where review.tallies[index] != nil {
      review.refreshTally(ofFile: index)
    }
    message = StatusMessage(
      .note,
      next == Self.contextSteps.last
        ? "The whole file is shown." : "\(next) line\(next == 1 ? "" : "s") of context.")
  }

  private mutating func toggleFold(_ review: inout ReviewState) {
    guard let fold = review.foldAtCursor else {
      message = StatusMessage(.note, "No unchanged lines are folded here.")
      return
    }
    let file = review.fileIndex
    if review.openFolds[file]?.remove(fold) == nil {
      review.openFolds[file, default: []].insert(fold)
    }
    review.refreshLayout(for: size, rebuild: true)
  }

  package func nothingLeft(_ review: ReviewState) -> String {
    guard review.pendingCount == 0 else {
      return "No undecided hunk among the files loaded so far."
    }
    let inPart = review.total.partial > 0 ? "\(review.total.partial) taken in part, " : ""
    return "Everything is decided: \(review.total.approved) approved, \(inPart)"
      + "\(review.total.rejected) rejected\(review.withoutPlace). \(key(.commitSheet)) commits what is approved."
  }
}

extension ReviewState {
  /// How many edits have no place, for after the counts of what has one; empty when there are none.
  package var withoutPlace: String {
    unplaced.isEmpty ? "" : ", \(unplaced.count) without a place"
  }

  /// The fold above the hunk under the cursor or, on the rows after the last hunk, the one below it: the old line at which it begins.
  fileprivate var foldAtCursor: Int? {
    guard let layout, let diff = currentChange?.diff, let hunk = currentHunk else { return nil }
    let isBelow = cursor >= layout.rows(ofHunk: hunk).upperBound
    let start =
      isBelow
      ? layout.hunks[hunk].oldRange.upperBound
      : hunk == 0 ? 0 : layout.hunks[hunk - 1].oldRange.upperBound
    let end = isBelow ? diff.old.lineCount : layout.hunks[hunk].oldRange.lowerBound
    return start < end ? start : nil
  }

  /// The change group the cursor is on or, on context, the next one of the hunk.
  package func groupAtCursor(in layout: FileLayout) -> Int? {
    for row in layout.rows[cursor...] {
      switch row {
      case .change(_, _, let group, _): return group
      case .hunkHeader(let hunk, _) where hunk != currentHunk: return nil
      case .hunkHeader, .context, .rest, .mode, .whole, .comment: continue
      }
    }
    return nil
  }
}
