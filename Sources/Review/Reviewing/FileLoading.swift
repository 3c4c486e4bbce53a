// Files on their way into the review: which is asked for next, and what happens when it comes.

import Approval
import CellGrid
import Diffing
import Scanner

extension AppState {
  /// Asks for the current file when it is not loaded yet, and otherwise for the next ones, so that all get counted.
  package mutating func effectsToLoad() -> [Effect] {
    var effects: [Effect] = []
    while let index = review?.takeFileToLoad(), let review {
      effects.append(.loadFile(review.heading.id, index: index, review.proposal.files[index]))
    }
    return effects
  }

  /// Takes in a file; one that was asked for when another round stood is left out.
  mutating func loaded(
    _ loaded: LoadedFile, as file: ProposedFile, at index: Int, of id: SessionID
  ) {
    let size = size
    changeReview(of: id) { review in
      guard review.files.indices.contains(index), review.files[index].change == nil,
        review.proposal.files[index] == file
      else { return }
      if review.files[index].isUnread { review.pendingCount -= 1 }
      review.files[index] = loaded
      review.loading.remove(index)
      review.takeUpRecords(ofFile: index)
      review.takeUpSeenBefore(ofFile: index)
      if index == review.fileIndex {
        review.refreshLayout(for: size, rebuild: review.layout != nil)
      }
      review.refreshTally(ofFile: index)
      review.searchLoaded(index, size: size)
      review.keep(index)
    }
  }

  /// Shows the first change of a large file until all of it is compared.
  mutating func begun(_ change: FileChange, at index: Int, of id: SessionID) {
    guard review?.heading.id == id, review?.fileIndex == index,
      case .pending = review?.files[index],
      // A place further down waits for the whole file.
      [nil, .top, .firstHunk].contains(review?.wanted)
    else { return }
    review?.files[index] = .begun(change)
    review?.refreshLayout(for: size)
  }
}

extension ReviewState {
  /// The most files that are asked for ahead of what is shown: enough that reading never waits for the screen, and few enough that a file
  /// somebody goes to does not wait long behind them.
  private static let readAheadCount = 4

  /// The index of the next file to ask for, if one is to be: the current one first.
  mutating func takeFileToLoad() -> Int? {
    guard let index = nextToLoad else { return nil }
    loading.insert(index)
    return index
  }

  private var nextToLoad: Int? {
    mutating get {
      if needsContent(fileIndex) { return fileIndex }
      // What is on its way to the screen has the machine to itself.
      guard !loading.contains(fileIndex), loading.count < Self.readAheadCount else { return nil }
      // The ones beside it, so that the next key finds them.
      let row = paneRow
      for index in [row + 1, row - 1, row + 2].compactMap({ paneFile($0) })
      where needsContent(index) { return index }
      if pendingCount > 0 {
        while firstUnread < files.count, !files[firstUnread].isUnread { firstUnread += 1 }
        let unread = files.indices[firstUnread...].first { files[$0].isUnread && needsContent($0) }
        if let unread { return unread }
      }
      return search?.unsearched.subtracting(loading).min()
    }
  }

  /// Whether the file's contents are to be read, for the first time or again, and were not asked for yet.
  private func needsContent(_ index: Int) -> Bool {
    guard files.indices.contains(index), !loading.contains(index) else { return false }
    return switch files[index] {
    case .pending, .begun, .counted: true
    case .loaded, .failed: false
    }
  }

  /// Takes up what earlier runs recorded as drawn and acknowledged in a file that was just loaded.
  fileprivate mutating func takeUpRecords(ofFile index: Int) {
    let file = proposal.files[index]
    if let diff = files[index].change?.diff {
      var lines = seen[index] ?? LineSelection()
      let scripts = (recordedShown[file] ?? []) + ledger.carriedApprovals(of: file)
      for script in scripts {
        for line in diff.selection(of: script)?.lines ?? [] { lines.insert(line) }
      }
      seen[index] = lines
      if let starts = recordedSplits[file.path] {
        boundaries[index] = Set(
          diff.groups.indices.filter { starts.contains(diff.groups[$0].oldRange.lowerBound) })
      }
    }
    for finding in files[index].findings {
      let record = RecordedAcknowledgement(
        rule: finding.rule, file: file, line: finding.line, sentence: finding.sentence)
      if recordedAcknowledgements.contains(record) { acknowledged.insert(finding) }
    }
  }
}
