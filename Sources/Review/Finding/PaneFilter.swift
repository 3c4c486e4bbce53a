// Which files the pane lists, and in which order one goes through them.

import Approval
import Scanner

/// What narrows the file pane.
package struct PaneFilter: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case all
    case undecided
    case flagged
  }

  package var kind = Kind.all
  /// Letters that must occur in the path, in this order; empty lets every path pass.
  package var letters = ""

  package init() {}

  package var isActive: Bool { kind != .all || !letters.isEmpty }
}

extension ReviewState {
  /// Brings the pane's list up to date. O(files) while a filter is in force.
  mutating func refreshPane() {
    guard paneFilter.isActive else {
      paneFiles = nil
      return
    }
    let letters = Array(paneFilter.letters.utf8)
    paneFiles = files.indices.filter { index in
      guard
        letters.isEmpty || FuzzyMatch.score(letters, in: proposal.files[index].path.bytes) != nil
      else { return false }
      switch paneFilter.kind {
      case .all: return true
      case .undecided: return tallies[index].map { $0.undecided > 0 } ?? true
      case .flagged:
        return files[index].findings.contains {
          $0.needsAcknowledgement && !acknowledged.contains($0)
        }
      }
    }
  }

  /// How many files the pane lists.
  package var paneCount: Int { paneFiles?.count ?? files.count }

  /// The index of the file on row `row` of the pane's list.
  package func paneFile(_ row: Int) -> Int? {
    guard (0..<paneCount).contains(row) else { return nil }
    return paneFiles?[row] ?? row
  }

  /// The row of the current file, or where it would stand.
  package var paneRow: Int {
    guard let paneFiles else { return fileIndex }
    return paneFiles.firstIndex { $0 >= fileIndex } ?? max(0, paneFiles.count - 1)
  }

  /// The file that comes `step` after the current one in the pane.
  package func file(after step: Int) -> Int? {
    guard let paneFiles else {
      let index = fileIndex + step
      return files.indices.contains(index) ? index : nil
    }
    return step > 0
      ? paneFiles.first { $0 > fileIndex } : paneFiles.last { $0 < fileIndex }
  }
}
