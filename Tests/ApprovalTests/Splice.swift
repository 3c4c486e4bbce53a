// Taking changed lines, naively, as the reference for what is committed.

import Diffing

/// Keeps or drops the lines of a diff one by one and applies the terminator rule as documented.
enum Splice {
  static func content(of diff: FileDiff, taking isTaken: (Int) -> Bool) -> [UInt8] {
    let old = lines(diff.old.bytes)
    let new = lines(diff.new.bytes)
    var kept: [[UInt8]] = []
    var next = 0
    var index = 0
    for group in diff.groups {
      kept += old[next..<group.oldRange.lowerBound]
      for row in group.rows {
        if let line = row.removed {
          if !isTaken(index) { kept.append(old[line]) }
          index += 1
        }
        if let line = row.added {
          if isTaken(index) { kept.append(new[line]) }
          index += 1
        }
      }
      next = group.oldRange.upperBound
    }
    kept += old[next...]
    for index in kept.indices.dropLast() where kept[index].last != 10 {
      let model = old.first?.last == 10 ? old[0] : kept[index + 1]
      kept[index] += model.suffix(2) == [13, 10] ? [13, 10] : [10]
    }
    return kept.flatMap { $0 }
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated().compactMap {
      index, line in
      let end = line.endIndex
      guard end < bytes.count else { return line.isEmpty ? nil : Array(line) }
      return Array(line) + [10]
    }
  }
}
