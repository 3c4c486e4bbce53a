// Where the changes of a file are, without their lines: what counting and deciding need of a file that is not shown.

/// The change groups between two versions of one path; a hundredth of a file's size.
package struct DiffOutline: Sendable {
  package let groups: [ChangeGroup]
  /// Removed and added lines of the whole file.
  package let changedLineCount: Int
  package let oldLineCount: Int

  /// The group that holds changed line `index`. O(log groups).
  package func groupIndex(ofChangedLine index: Int) -> Int {
    var low = 0
    var high = groups.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if groups[middle].firstChangedLine <= index { low = middle } else { high = middle }
    }
    return low
  }

  /// Calls `body` with every changed line in script order: rows downwards, removed before added.
  package func forEachChangedLine(in groupIndex: Int, _ body: (Int, ChangedLine) -> Void) {
    var index = groups[groupIndex].firstChangedLine
    for row in groups[groupIndex].rows {
      if let line = row.removed {
        body(index, ChangedLine(side: .removed, line: line))
        index += 1
      }
      if let line = row.added {
        body(index, ChangedLine(side: .added, line: line))
        index += 1
      }
    }
  }
}
