// How many files' contents stay in memory: the current one, those around it, those read last, and others up to a budget.

import Approval
import Diffing

extension ReviewState {
  /// Contents above this many bytes are let go of, those farthest from the current file first.
  private static let budget = 10_000_000
  /// Files this near to the current one are never let go of.
  private static let nearness = 3
  /// How many files that the reader was at last are never let go of.
  private static let visitCount = 4

  /// Takes note that the reader goes from one file to another.
  mutating func noteVisit() {
    visited.removeAll { $0 == fileIndex }
    visited.append(fileIndex)
    if visited.count > Self.visitCount { visited.removeFirst() }
  }

  /// Takes note that the contents of file `index` are in memory, and lets go of others when there are too many. O(kept files) for each.
  mutating func keep(_ index: Int) {
    guard let change = files[index].change else { return }
    kept.append(index)
    keptByteCount += change.byteCount
    while keptByteCount > Self.budget, let place = farthestKept {
      guard case .loaded(let change, let findings) = files[kept[place]] else { break }
      files[kept[place]] = .counted(change.diff?.outline, findings: findings)
      keptByteCount -= change.byteCount
      kept.remove(at: place)
    }
  }

  /// The place in `kept` of the file that is farthest from the current one and may be let go of.
  private var farthestKept: Int? {
    // Those that are loaded ahead, among the files that the pane shows: let go of, they would be loaded again at once.
    let row = paneRow
    let near = (row - Self.nearness...row + Self.nearness).compactMap { paneFile($0) }
    return kept.indices.filter { place in
      guard case .loaded = files[kept[place]] else { return false }
      return abs(kept[place] - fileIndex) > Self.nearness && !visited.contains(kept[place])
        && !near.contains(kept[place])
    }.max { abs(kept[$0] - fileIndex) < abs(kept[$1] - fileIndex) }
  }
}

extension FileChange {
  /// Bytes of both sides.
  fileprivate var byteCount: Int {
    switch content {
    case .text(let diff): diff.old.bytes.count + diff.new.bytes.count
    case .whole(_, let old, let new): old.count + new.count
    }
  }
}
