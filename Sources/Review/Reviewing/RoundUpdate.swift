// Editing a hunk, asking again, flipping through versions, comparing rounds, moving the base.

import Approval
import CellGrid
import Diffing

extension AppState {
  mutating func performRounds(_ command: Command) -> [Effect] {
    guard let review else { return [] }
    switch command {
    case .openFile: return openFile(review)
    case .compareRounds: return compareRounds(review)
    case .cancelRequest:
      if review.again == nil, ownChecks?.isRunning == true { return cancelChecks() }
      guard review.again != nil else {
        message = StatusMessage(
          .note,
          "Neither the model nor a check is at work in this session; \(key(.back)) goes back.")
        return []
      }
      message = StatusMessage(.note, "Cancel sent.")
      return [.cancelRequest(review.heading.id)]
    case .nextCandidate: return flip(1)
    case .previousCandidate: return flip(-1)
    case .takeCandidate: return takeCandidate()
    case .removeRejected:
      guard review.isOfWorkingTree else {
        message = StatusMessage(
          .note, "Only a review of the working tree has its changes in your files.")
        return []
      }
      overlay = .confirmRemoval(rejected: review.total.rejected + review.total.partial)
      return []
    default: break
    }
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return []
    }
    switch command {
    case .editHunk: return editHunk(review)
    case .askAgain: return startAgain(review, lines: review.linesToAskFor)
    case .askAgainFile:
      let count = review.currentChange?.diff?.changedLineCount ?? 0
      return startAgain(review, lines: review.notApproved(0..<count))
    case .moveBase:
      message = StatusMessage(.note, "Moving the review onto the tip…")
      return [.moveBase(review.heading.id)]
    default: return []
    }
  }

  // MARK: Editor

  private mutating func editHunk(_ review: ReviewState) -> [Effect] {
    guard let diff = review.currentChange?.diff else {
      message = StatusMessage(
        .note, "This file is decided on as a whole; there is no hunk to edit.")
      return []
    }
    guard review.currentChange?.file.new != nil else {
      message = StatusMessage(.note, "This file is deleted; there is no new side to edit.")
      return []
    }
    guard let hunk = review.currentHunk, let layout = review.layout else {
      message = StatusMessage(.note, "There is no hunk under the cursor.")
      return []
    }
    let lines = layout.hunks[hunk].newRange
    return [
      .editText(
        EditedText(
          session: review.heading.id, path: review.proposal.files[review.fileIndex].path,
          lines: lines, text: Array(diff.new.lines(lines))))
    ]
  }

  /// Makes a round of what the user wrote, unless nothing was changed.
  mutating func edited(_ edit: EditedText) -> [Effect] {
    if let hand = edit.hand { return editedByHand(hand, edit.text, of: edit.session) }
    guard let review, review.heading.id == edit.session,
      let index = review.proposal.index(of: edit.path),
      let new = review.files[index].change?.diff?.new, edit.lines.upperBound <= new.lineCount
    else { return [] }
    guard !edit.text.elementsEqual(new.lines(edit.lines)) else {
      message = StatusMessage(.note, "Nothing was changed.")
      return []
    }
    guard edit.text.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      message = StatusMessage(
        .note, "The edit came back empty, so nothing was changed; \(key(.reject)) rejects the hunk."
      )
      return []
    }
    message = StatusMessage(.note, "Taking over your edit…")
    return [
      .propose(
        edit.session, edit.path, content: new.replacing(edit.lines, with: edit.text), .edit)
    ]
  }

  private mutating func openFile(_ review: ReviewState) -> [Effect] {
    guard review.proposal.files.indices.contains(review.fileIndex) else { return [] }
    let file = review.proposal.files[review.fileIndex]
    return [.openFile(file.path, line: review.oldLineAtCursor)]
  }

  // MARK: The next round

  /// Shows another round in the place of the one before; a commit sheet was made for that one and is closed.
  ///
  /// - Parameter keepsUnplaced: whether who looks at the unplaced edits goes on with the next of them, where there is one.
  mutating func arrived(
    _ fresh: ReviewState, _ said: StatusMessage, keepsUnplaced: Bool
  ) -> [Effect] {
    guard review?.heading.id == fresh.heading.id || comparison?.below.heading.id == fresh.heading.id
    else {
      message = said
      return [.listSessions]
    }
    isHandEditing = false
    let (selected, shown) = (selectedUnplaced, placeShown)
    var fresh = fresh
    let older = comparison?.below ?? review
    comparison = nil
    if let older { fresh.takeOver(from: older) }
    fresh.refreshPane()
    let stopped = effectsOfLosingSheet
    commit = nil
    overlay = nil
    viewer?.question = nil
    review = fresh
    review?.refreshLayout(for: size)
    // What made the commit stop is what is to be read now.
    if screen == .commit { review?.goToFirstUndecided(size: size) }
    selectUnplaced(selected)
    let goesOn = screen == .unplaced && keepsUnplaced && !fresh.unplaced.isEmpty
    if !goesOn, [.commit, .review, .unplaced].contains(screen) {
      let wasUnplaced = screen == .unplaced
      screen = fresh.proposal.files.isEmpty ? .unplaced : .review
      if wasUnplaced, screen == .review,
        let placed = older?.unplaced.first(where: { !fresh.unplaced.contains($0) })
      {
        goToHunk(of: placed, near: placed.places.contains(where: { $0 == shown }) ? shown : nil)
      }
    }
    message = said
    return stopped + effectsToLoad()
  }

  // MARK: Versions and rounds

  private mutating func flip(_ step: Int) -> [Effect] {
    if case .candidates(let path, let versions, let index) = comparison?.kind {
      showCandidate(path, versions, (index + step + versions.count) % versions.count)
      return effectsToLoad()
    }
    guard comparison == nil, let review, let diff = review.currentChange?.diff,
      let hunk = review.currentHunk, let layout = review.layout
    else {
      message = StatusMessage(.note, "There is no hunk under the cursor.")
      return []
    }
    guard review.roundCount > 1 else {
      message = StatusMessage(
        .note, "There is only one version; \(key(.askAgain)) asks again.")
      return []
    }
    let groups = diff.groups[layout.hunks[hunk].groups]
    guard let first = groups.first, let last = groups.last else { return [] }
    return [
      .findCandidates(
        review.heading.id, review.proposal.files[review.fileIndex].path,
        oldLines: first.oldRange.lowerBound..<last.oldRange.upperBound,
        from: step > 0 ? .first : .last)
    ]
  }

  mutating func candidatesFound(
    _ id: SessionID, _ path: RepositoryPath, _ versions: [CandidateVersion], from end: CandidateEnd
  ) -> [Effect] {
    guard review?.heading.id == id, comparison == nil, screen == .review else { return [] }
    guard !versions.isEmpty else {
      message = StatusMessage(.note, "No other round has another version of this hunk.")
      return []
    }
    showCandidate(path, versions, end == .first ? 0 : versions.count - 1)
    return effectsToLoad()
  }

  private mutating func showCandidate(
    _ path: RepositoryPath, _ versions: [CandidateVersion], _ index: Int
  ) {
    guard let below = comparison?.below ?? review, let place = below.proposal.index(of: path),
      let change = below.files[place].change, let now = change.file.new
    else { return }
    let version = versions[index]
    guard let old = change.diff?.new.bytes, version.state != now else { return }
    let file = ProposedFile(path: path, old: now, new: version.state)
    let heading = SessionHeading(
      id: below.heading.id.comparison,
      title:
        "this round  →  version \(index + 1) of \(versions.count), from round \(version.round)",
      round: below.heading.round, branch: below.heading.branch, verdict: below.heading.verdict,
      model: below.heading.model)
    var shown = ReviewState(
      heading: heading,
      ledger: DecisionLedger(
        proposal: Proposal(
          baseCommit: nil, baseTree: below.proposal.tree, tree: below.proposal.tree, files: [file])),
      unplaced: [], placements: [:])
    shown.files = [.loaded(FileChange(file: file, old: old, new: version.content), findings: [])]
    shown.pendingCount = 0
    shown.isComparison = true
    shown.readOnlyReason =
      "Left is this round, right the other version: \(key(.takeCandidate)) takes it, \(key(.previousCandidate)) and \(key(.nextCandidate)) flip, \(key(.back)) goes back."
    shown.look(like: below)
    comparison = Comparison(below: below, kind: .candidates(path, versions, index: index))
    shown.refreshTally(ofFile: 0)
    review = shown
    review?.refreshLayout(for: size)
    message = nil
  }

  private mutating func takeCandidate() -> [Effect] {
    guard let comparison, case .candidates(let path, let versions, let index) = comparison.kind
    else {
      message = StatusMessage(
        .note,
        "\(key(.takeCandidate)) takes a version that \(key(.previousCandidate)) or \(key(.nextCandidate)) shows."
      )
      return []
    }
    leaveComparison()
    if let reason = comparison.below.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return []
    }
    message = StatusMessage(.note, "Taking the version of round \(versions[index].round)…")
    return [
      .propose(
        comparison.below.heading.id, path, content: versions[index].content,
        .candidate(round: versions[index].round))
    ] + effectsToLoad()
  }

  private mutating func compareRounds(_ review: ReviewState) -> [Effect] {
    guard comparison == nil else {
      leaveComparison()
      return effectsToLoad()
    }
    guard let before = review.roundBefore else {
      message = StatusMessage(.note, "This is the first round; there is none to compare it with.")
      return []
    }
    return [.compareRounds(review.heading.id, from: before, to: review.heading.round)]
  }

  mutating func compare(_ shown: ReviewState, for id: SessionID) -> [Effect] {
    guard let below = review, below.heading.id == id, comparison == nil, screen == .review,
      overlay == nil
    else { return [] }
    guard !shown.proposal.files.isEmpty else {
      message = StatusMessage(.note, "The two rounds are the same.")
      return []
    }
    var shown = shown
    shown.isComparison = true
    shown.readOnlyReason =
      "This compares two rounds, left the one before; \(key(.back)) goes back."
    shown.look(like: below)
    comparison = Comparison(
      below: below, kind: .rounds(from: below.roundBefore ?? 1, to: below.heading.round))
    review = shown
    review?.refreshLayout(for: size)
    return effectsToLoad()
  }

  mutating func leaveComparison() {
    guard let below = comparison?.below else { return }
    comparison = nil
    review = below
    review?.refreshLayout(for: size)
    message = nil
  }
}

extension ReviewState {
  /// The changed lines that `r` asks for again: the selection's or the hunk's, without those approved.
  var linesToAskFor: [Int] {
    guard case .lines(let lines) = target else { return [] }
    return notApproved(lines)
  }

  func notApproved(_ lines: some Collection<Int>) -> [Int] {
    guard let diff = currentChange?.diff else { return [] }
    let decisions = ledger.decisions(forFile: fileIndex)
    return diff.changedLines(at: lines).filter { decisions.verdict(of: $0.line) != .approved }
      .map(\.index)
  }

  /// The old line at the cursor, or the next one that is shown.
  var oldLineAtCursor: Int {
    guard let layout, layout.rows.indices.contains(cursor) else { return 0 }
    for row in layout.rows[cursor...] {
      switch row {
      case .context(let old, _): return old
      case .change(let old?, _, _, _): return old
      case .change, .hunkHeader, .rest, .mode, .whole, .comment: continue
      }
    }
    return 0
  }

  /// The comments that go along when the changed lines `lines` of the current file are asked for again: on them, around them, on the file.
  func comments(about lines: [Int]) -> [ReviewComment] {
    guard let diff = currentChange?.diff, let path = currentChange?.file.path else { return [] }
    var old = Set<Int>()
    var new = Set<Int>()
    for (_, line) in diff.changedLines(at: lines) {
      if line.side == .removed { old.insert(line.line) } else { new.insert(line.line) }
    }
    return comments.values.filter { $0.path == path }.sorted { $0.id < $1.id }
      .filter { comment in
        switch PlacedComment(comment, in: diff).place {
        case .file: true
        case .stale: false
        case .lines(.old, let range): range.contains(where: old.contains)
        case .lines(.new, let range): range.contains(where: new.contains)
        }
      }
  }

  /// Looks at files as `other` does.
  fileprivate mutating func look(like other: ReviewState) {
    preferredMode = other.preferredMode
    wraps = other.wraps
    showsFilePane = other.showsFilePane
    showsWhitespace = other.showsWhitespace
    contextLines = other.contextLines
    tabWidth = other.tabWidth
  }
}

extension AppState {
  /// Changes the review of session `id`, which may be below a comparison.
  mutating func changeReview(of id: SessionID, _ change: (inout ReviewState) -> Void) {
    if comparison?.below.heading.id == id, var comparison = comparison.take() {
      change(&comparison.below)
      self.comparison = comparison
    } else if review?.heading.id == id, var review = review.take() {
      // Taken out, so that the list of files is changed in place and not copied.
      change(&review)
      self.review = review
    }
  }

  mutating func baseMoved(_ id: SessionID, _ tip: String) {
    guard let session = comparison?.below ?? review, session.heading.id == id,
      session.readOnlyReason == nil
    else { return }
    changeReview(of: id) { $0.movedTip = tip }
    message = StatusMessage(
      .note, "The branch has moved on to \(tip); \(key(.moveBase)) moves this review onto it.")
  }
}
