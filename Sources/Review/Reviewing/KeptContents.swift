// How many files' contents stay in memory: the current one, those around it, and others up to a budget.

import Approval
import Diffing

extension ReviewState {
  /// Contents above this many bytes are let go of, the oldest first.
  private static let budget = 16_000_000
  /// Files this near to the current one are never let go of.
  private static let nearness = 3

  /// Takes note that the contents of file `index` are in memory, and lets go of others when there are too many.
  mutating func keep(_ index: Int) {
    guard let change = files[index].change else { return }
    kept.append(index)
    keptByteCount += change.byteCount
    var place = 0
    while keptByteCount > Self.budget, place < kept.count {
      let oldest = kept[place]
      guard abs(oldest - fileIndex) > Self.nearness,
        case .loaded(let change, let findings) = files[oldest]
      else {
        place += 1
        continue
      }
      files[oldest] = .counted(change.diff?.outline, findings: findings)
      keptByteCount -= change.byteCount
      kept.remove(at: place)
    }
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
