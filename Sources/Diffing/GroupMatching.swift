// Which change groups of one diff are the same change in another.

extension FileDiff {
  /// The changed lines of `other` that are the same change as those of this diff, by changed-line index.
  ///
  /// A change group is the same when it removes the same lines at the same place and puts the same lines there. Places are the old line
  /// numbers when both diffs have the same old side. When they have not, a place is followed through what did not change between the two
  /// old sides: the group's removed lines and up to `surroundings` lines around them must stand there unchanged and together. Content
  /// alone, wherever it stands, is never enough. O(lines of both diffs).
  package func sameChanges(in other: FileDiff, surroundings: Int = 3) -> [Int: Int] {
    let places = OldLinePlaces(from: old, to: other.old)
    var groupsByPlace: [Int: ChangeGroup] = [:]
    for group in other.groups { groupsByPlace[group.oldRange.lowerBound] = group }
    var result: [Int: Int] = [:]
    for (index, group) in groups.enumerated() {
      guard
        let start = places.place(
          of: group.oldRange, surroundings: surroundings, lineCount: old.lineCount),
        let twin = groupsByPlace[start], twin.oldRange.count == group.oldRange.count,
        twin.newRange.count == group.newRange.count,
        old.lines(group.oldRange) == other.old.lines(twin.oldRange),
        new.lines(group.newRange) == other.new.lines(twin.newRange),
        let twinIndex = other.index(of: twin)
      else { continue }
      // Rows may be paired otherwise where a diff's budget for pairing ran out: lines are matched by side and number.
      var lines: [ChangedLine: Int] = [:]
      other.forEachChangedLine(in: twinIndex) { changed, line in lines[line] = changed }
      forEachChangedLine(in: index) { changed, line in
        let shift =
          line.side == .removed
          ? twin.oldRange.lowerBound - group.oldRange.lowerBound
          : twin.newRange.lowerBound - group.newRange.lowerBound
        result[changed] = lines[ChangedLine(side: line.side, line: line.line + shift)]
      }
    }
    return result
  }

  private func index(of group: ChangeGroup) -> Int? {
    let index = groupIndex(ofChangedLine: group.firstChangedLine)
    return groups.indices.contains(index) ? index : nil
  }
}

/// Where old lines stand in another version of the old side.
private struct OldLinePlaces {
  /// Runs of lines that stand unchanged in both, ascending; nil when the two are equal.
  private var runs: [(lines: Range<Int>, shift: Int)]?

  init(from old: TextFile, to other: TextFile) {
    guard old != other else { return }
    var runs: [(lines: Range<Int>, shift: Int)] = []
    var position = 0
    var shift = 0
    for group in FileDiff.between(old, other).groups {
      if position < group.oldRange.lowerBound {
        runs.append((position..<group.oldRange.lowerBound, shift))
      }
      position = group.oldRange.upperBound
      shift = group.newRange.upperBound - group.oldRange.upperBound
    }
    if position < old.lineCount { runs.append((position..<old.lineCount, shift)) }
    self.runs = runs
  }

  func place(of range: Range<Int>, surroundings: Int, lineCount: Int) -> Int? {
    guard let runs else { return range.lowerBound }
    let needed =
      max(0, range.lowerBound - surroundings)..<min(lineCount, range.upperBound + surroundings)
    var low = 0
    var high = runs.count
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].lines.upperBound < needed.upperBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < runs.count, runs[low].lines.lowerBound <= needed.lowerBound, !needed.isEmpty else {
      return nil
    }
    return range.lowerBound + runs[low].shift
  }
}
