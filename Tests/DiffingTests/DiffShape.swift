// What makes a value a diff of its two sides at all, and the least number of changed lines one can have.

import Diffing

/// The structural promises of a file diff.
enum DiffShape {
  /// Returns what is wrong with `diff`, or nil when it is a well-formed diff of its sides.
  static func fault(in diff: FileDiff) -> String? {
    let old = ScriptOracle.lines(diff.old.bytes)
    let new = ScriptOracle.lines(diff.new.bytes)
    var (nextOld, nextNew, nextChanged) = (0, 0, 0)
    for (index, group) in diff.groups.enumerated() {
      let gap = group.oldRange.lowerBound - nextOld
      if gap < 0 || gap != group.newRange.lowerBound - nextNew { return "group \(index) overlaps" }
      if index > 0, gap == 0 { return "group \(index) touches the one before" }
      if old[nextOld..<nextOld + gap] != new[nextNew..<nextNew + gap] {
        return "lines before group \(index) differ"
      }
      if group.oldRange.isEmpty, group.newRange.isEmpty { return "group \(index) is empty" }
      if group.firstChangedLine != nextChanged { return "group \(index) counts wrongly" }
      if group.rows.compactMap(\.removed) != Array(group.oldRange) { return "rows lose old lines" }
      if group.rows.compactMap(\.added) != Array(group.newRange) { return "rows lose new lines" }
      nextOld = group.oldRange.upperBound
      nextNew = group.newRange.upperBound
      nextChanged += group.oldRange.count + group.newRange.count
    }
    if old[nextOld...].elementsEqual(new[nextNew...]) == false { return "lines at the end differ" }
    return nextChanged == diff.changedLineCount ? nil : "the changed lines are miscounted"
  }
}

/// The oracle for the size of diffs.
enum EditDistance {
  /// The least number of removed and added lines, by the longest common subsequence. O(old lines x new lines).
  static func between(_ old: [UInt8], _ new: [UInt8]) -> Int {
    let left = ScriptOracle.lines(old)
    let right = ScriptOracle.lines(new)
    var above = [Int](repeating: 0, count: right.count + 1)
    for line in left {
      var row = [0]
      for (index, other) in right.enumerated() {
        row.append(line == other ? above[index] + 1 : max(above[index + 1], row[index]))
      }
      above = row
    }
    return left.count + right.count - 2 * above[right.count]
  }
}
