// Which change groups of one diff are the same change in another.

extension FileDiff {
  /// The changed lines of `other` that are the same change as those of this diff, by changed-line index.
  ///
  /// A change group is the same when it removes the same lines at the same place and puts the same lines there. Places are the old line
  /// numbers when both diffs have the same old side. When they have not, a place is followed through what did not change between the two
  /// old sides: the group's removed lines and up to `surroundings` lines around them must stand there unchanged and together, and at no
  /// other place of either side: which of two equal places a line went to is a guess. Content alone, wherever it stands, is never enough.
  /// O(lines of both diffs), more only where many lines are equal.
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
  /// nil when the two are equal.
  private var versions: (old: NumberedLines, other: NumberedLines)?
  /// Runs of lines that stand unchanged in both, ascending.
  private var runs: [(lines: Range<Int>, shift: Int)] = []

  init(from old: TextFile, to other: TextFile) {
    guard old != other else { return }
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
    var interner = LineInterner(capacity: old.lineCount + other.lineCount)
    versions = (
      NumberedLines(interner.numbers(of: old)), NumberedLines(interner.numbers(of: other))
    )
  }

  func place(of range: Range<Int>, surroundings: Int, lineCount: Int) -> Int? {
    guard let versions else { return range.lowerBound }
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
    guard low < runs.count, runs[low].lines.lowerBound <= needed.lowerBound, !needed.isEmpty,
      case let lines = versions.old.numbers[needed], versions.old.holdOnce(lines),
      versions.other.holdOnce(lines)
    else { return nil }
    return range.lowerBound + runs[low].shift
  }
}

/// The lines of a file as numbers, with the places of each.
private struct NumberedLines {
  let numbers: [Int32]
  private var places: [Int32: [Int]] = [:]

  init(_ numbers: [Int32]) {
    self.numbers = numbers
    for (place, number) in numbers.enumerated() { places[number, default: []].append(place) }
  }

  /// Whether `lines` stand together at exactly one place.
  func holdOnce(_ lines: ArraySlice<Int32>) -> Bool {
    var rarest = lines.startIndex
    for index in lines.indices where count(of: lines[index]) < count(of: lines[rarest]) {
      rarest = index
    }
    var found = 0
    for place in places[lines[rarest]] ?? [] {
      let start = place - (rarest - lines.startIndex)
      guard start >= 0, start + lines.count <= numbers.count,
        numbers[start..<start + lines.count].elementsEqual(lines)
      else { continue }
      found += 1
      if found > 1 { return false }
    }
    return found == 1
  }

  private func count(of number: Int32) -> Int { places[number]?.count ?? 0 }
}
