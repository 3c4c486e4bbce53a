// Files on their way into the review: which is asked for next, and what happens when it comes.

import Approval
import CellGrid
import Diffing
import Scanner

extension AppState {
  /// Asks for the current file when it is not loaded yet, and otherwise for the next one, so that all get counted.
  package mutating func effectsToLoad() -> [Effect] {
    guard let index = review?.takeFileToLoad(), let review else { return [] }
    return [.loadFile(review.heading.id, index: index, review.proposal.files[index])]
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
  /// The index of the next file to ask for: the current one first, then one at a time.
  mutating func takeFileToLoad() -> Int? {
    guard let index = nextToLoad else { return nil }
    loading.insert(index)
    return index
  }

  private var nextToLoad: Int? {
    mutating get {
      // The current file and the ones beside it, so that the next key finds them.
      let row = paneRow
      for index in [fileIndex] + [row + 1, row - 1, row + 2].compactMap({ paneFile($0) })
      where files.indices.contains(index) && needsContent(index) {
        return loading.contains(index) || index != fileIndex && !loading.isEmpty ? nil : index
      }
      guard loading.isEmpty else { return nil }
      if pendingCount > 0 {
        while firstUnread < files.count, !files[firstUnread].isUnread { firstUnread += 1 }
        if firstUnread < files.count { return firstUnread }
      }
      return search?.unsearched.min()
    }
  }

  /// Whether the file's contents are to be read, for the first time or again.
  private func needsContent(_ index: Int) -> Bool {
    switch files[index] {
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
