// Which changes of one diff are the same in another: the same bytes at the same place, and never the bytes alone.

import TestSupport
import Diffing
import Testing

struct SameChangesTests {
  @Test(arguments: SmallScope.Endings.all)
  func `a diff has the same changes as itself, one for one`(_ endings: SmallScope.Endings) {
    for pair in SmallScope.pairs(endings) {
      let diff = pair.diff
      let same = diff.sameChanges(in: pair.diff)
      guard same.count == diff.changedLineCount, same.allSatisfy({ $0.key == $0.value }) else {
        Issue.record("\(pair): \(same)")
        continue
      }
    }
  }

  /// Three lines in `make test`: 3,375 triples; four in a deep run: 29,791.
  @Test func `on one base the same changes are the groups with the same lines at the same place`() {
    let words = SmallScope.words.filter { Depth.isDeep || $0.count <= 3 }
      .map { SmallScope.file($0) }
    for base in words {
      let diffs = words.map { FileDiff.between(TextFile(base), TextFile($0)) }
      for first in diffs {
        for second in diffs where first.sameChanges(in: second) != Self.same(first, second) {
          Issue.record("\(base), \(first.new.bytes), \(second.new.bytes)")
        }
      }
    }
  }

  /// Both bases, and both proposals, differ: what is said to be the same has its bytes, its order and its neighbours.
  @Test func `on a moved base the same changes have the same lines and the same lines around them`()
  {
    let words = SmallScope.words.filter { $0.count <= (Depth.isDeep ? 3 : 2) }
      .map { SmallScope.file($0) }
    for old in words {
      for new in words {
        let first = FileDiff.between(TextFile(old), TextFile(new))
        for other in words {
          for next in words {
            let second = FileDiff.between(TextFile(other), TextFile(next))
            if let fault = Self.fault(first.sameChanges(in: second), first, second) {
              Issue.record("\(old) \(new), \(other) \(next): \(fault)")
            }
          }
        }
      }
    }
  }

  @Test func `a change keeps its place when lines are put above, between and below`() {
    let old = (0..<40).map { "line \($0)" }
    var new = old
    new[10] = "ten"
    new.insert("after thirty", at: 31)
    var moved = old
    moved.insert(contentsOf: ["x", "y"], at: 40)
    moved.insert("between", at: 20)
    moved.insert(contentsOf: ["above", "it"], at: 0)
    var next = moved
    next[12] = "ten"
    next.insert("after thirty", at: 34)
    let same = Self.diff(old, new).sameChanges(in: Self.diff(moved, next))
    #expect(same == [0: 0, 1: 1, 2: 2])
  }

  @Test(arguments: 7..<14)
  func `a change whose surroundings changed on the moved base is not the same`(_ line: Int) {
    let old = (0..<30).map { "line \($0)" }
    var (new, moved) = (old, old)
    new[10] = "ten"
    moved[line] = "moved"
    var next = moved
    next[10] = "ten"
    #expect(Self.diff(old, new).sameChanges(in: Self.diff(moved, next)).isEmpty)
  }

  @Test(arguments: [0, 1, 2])
  func `one of several equal blocks is never taken for another, wherever one more was put`(
    _ place: Int
  ) {
    // Every block is longer than a change with its surroundings, so that nothing but the place tells them apart.
    let block = (0..<9).map { "line \($0)" }
    let old = block + block
    let moved = block + block + block
    func changing(_ lines: [String], _ blocks: [Int], _ text: String) -> [String] {
      var lines = lines
      for number in blocks { lines[number * 9 + 4] = text }
      return lines
    }
    /// Where the two old blocks are once another stands at `place`.
    let truth = [0, 1, 2].filter { $0 != place }
    for (before, after) in [([0], [truth[0]]), ([1], [truth[1]]), ([0, 1], truth)] {
      let first = Self.diff(old, changing(old, before, "x"))
      let second = Self.diff(moved, changing(moved, after, "x"))
      for (from, to) in first.sameChanges(in: second) {
        let (left, right) = (first.changedLine(from).line / 9, second.changedLine(to).line / 9)
        #expect(truth[left] == right, "block \(left) became block \(right)")
      }
    }
  }

  @Test(arguments: Depth.seeds(60, deep: 4_000))
  func `a change is found where it went or not at all, in files full of equal blocks`(
    _ seed: UInt64
  ) {
    var random = SeededRandom(seed)
    let blocks = (0..<2).map { block in (0..<8).map { "\(block) line \($0)" } }
    let old = (0..<5).flatMap { _ in blocks[Int.random(in: 0..<5, using: &random) / 4] }
    // What is put in is a copy of what is there already; `truth` is where each old line went.
    let place = Int.random(in: 0...5, using: &random) * 8
    let added = (0..<Int.random(in: 1...2, using: &random)).flatMap { _ in
      blocks[Int.random(in: 0..<5, using: &random) / 4]
    }
    let moved = old[..<place] + added + old[place...]
    let truth = { (line: Int) in line < place ? line : line + added.count }
    let changed = old.indices.filter { _ in Int.random(in: 0..<7, using: &random) == 0 }
    let kept = changed.filter { _ in Bool.random(using: &random) }
    var (new, next) = (old, Array(moved))
    for line in changed { new[line] = "changed" }
    for line in kept { next[truth(line)] = "changed" }
    let (first, second) = (Self.diff(old, new), Self.diff(Array(moved), next))
    for (from, to) in first.sameChanges(in: second) {
      let (left, right) = (first.changedLine(from), second.changedLine(to))
      guard left.side == .removed else { continue }
      // A block put into the middle of a change's surroundings leaves two readings that are equally true.
      let isCut = left.line - 3 < place && place < left.line + 4
      #expect(isCut || truth(left.line) == right.line, "line \(left.line) became \(right.line)")
    }
  }

  private static func diff(_ old: [String], _ new: [String]) -> FileDiff {
    let files = [old, new].map { lines in TextFile(Array(lines.map { $0 + "\n" }.joined().utf8)) }
    return FileDiff.between(files[0], files[1])
  }

  /// The groups of both diffs that are equal in everything, line by line.
  private static func same(_ first: FileDiff, _ second: FileDiff) -> [Int: Int] {
    var result: [Int: Int] = [:]
    for left in first.groups {
      for right in second.groups
      where left.oldRange == right.oldRange
        && first.new.lines(left.newRange) == second.new.lines(right.newRange)
      {
        for (from, to) in zip(left.changedLines, right.changedLines) { result[from] = to }
      }
    }
    return result
  }

  /// What is wrong with saying that `same` are the same changes.
  private static func fault(_ same: [Int: Int], _ first: FileDiff, _ second: FileDiff) -> String? {
    guard Set(same.values).count == same.count else { return "two lines became one" }
    for group in first.groups where same[group.firstChangedLine] != nil {
      guard let start = same[group.firstChangedLine] else { continue }
      let twin = second.groups[second.groupIndex(ofChangedLine: start)]
      guard group.changedLines.allSatisfy({ same[$0].map(twin.changedLines.contains) == true })
      else { return "a group is the same in part" }
      guard twin.changedLineCount == group.changedLineCount,
        first.old.lines(group.oldRange) == second.old.lines(twin.oldRange),
        first.new.lines(group.newRange) == second.new.lines(twin.newRange)
      else { return "other lines" }
      let shift = twin.oldRange.lowerBound - group.oldRange.lowerBound
      let around =
        max(
          0, group.oldRange.lowerBound - 3)..<min(
          first.old.lineCount, group.oldRange.upperBound + 3)
      guard around.lowerBound + shift >= 0, around.upperBound + shift <= second.old.lineCount,
        first.old.lines(around)
          == second.old.lines(around.lowerBound + shift..<around.upperBound + shift)
      else { return "other surroundings" }
    }
    let order = same.sorted { $0.key < $1.key }.map(\.value)
    return order == order.sorted() ? nil : "another order"
  }
}

extension FileDiff {
  fileprivate func changedLine(_ index: Int) -> ChangedLine {
    var found: ChangedLine?
    forEachChangedLine(in: groupIndex(ofChangedLine: index)) { if $0 == index { found = $1 } }
    guard let found else { preconditionFailure("no changed line \(index)") }
    return found
  }
}
