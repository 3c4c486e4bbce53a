// Hunks: how change groups gather their context, and how a split divides it.

import TestSupport
import Diffing
import Testing

struct HunkTests {
  /// A file of 60 numbered lines in which the given lines are changed.
  private static func diff(changing lines: Int..., of count: Int = 60) -> FileDiff {
    let old = (0..<count).map { "line \($0)\n" }
    var new = old
    for line in lines { new[line] = "changed \(line)\n" }
    return FileDiff.between(
      TextFile(Array(old.joined().utf8)), TextFile(Array(new.joined().utf8)))
  }

  @Test(arguments: [0, 1, 3, 10])
  func `a hunk shows as many unchanged lines around a change as asked for`(_ context: Int) {
    let hunks = Self.diff(changing: 30).hunks(context: context)
    #expect(hunks.map(\.oldRange) == [30 - context..<31 + context])
    #expect(hunks.map(\.newRange) == [30 - context..<31 + context])
    #expect(hunks.map(\.groups) == [0..<1])
    #expect(hunks.map(\.changedLines) == [0..<2])
  }

  @Test func `context ends where the file does`() {
    #expect(Self.diff(changing: 1, of: 4).hunks(context: 3).map(\.oldRange) == [0..<4])
    #expect(Self.diff(changing: 0).hunks(context: 3).map(\.oldRange) == [0..<4])
    #expect(Self.diff(changing: 59).hunks(context: 3).map(\.oldRange) == [56..<60])
  }

  @Test func `groups share a hunk up to twice the context apart`() {
    // Six unchanged lines lie between 10 and 17, seven between 10 and 18.
    #expect(Self.diff(changing: 10, 17).hunks(context: 3).map(\.oldRange) == [7..<21])
    #expect(Self.diff(changing: 10, 18).hunks(context: 3).map(\.oldRange) == [7..<14, 15..<22])
    #expect(Self.diff(changing: 10, 12).hunks(context: 0).map(\.oldRange) == [10..<11, 12..<13])
    #expect(Self.diff(changing: 10, 12).hunks(context: 1).map(\.oldRange) == [9..<14])
  }

  @Test func `a split divides the context between`() {
    let diff = Self.diff(changing: 10, 13)
    let hunks = diff.hunks(context: 3, boundaries: [1])
    #expect(hunks.map(\.groups) == [0..<1, 1..<2])
    #expect(hunks.map(\.changedLines) == [0..<2, 2..<4])
    #expect(hunks.map(\.oldRange) == [7..<12, 12..<17])
  }

  @Test func `added and removed lines shift the sides against each other`() {
    let old = (0..<20).map { "line \($0)\n" }
    var new = old
    new.removeSubrange(12..<14)
    new.insert("added\n", at: 4)
    let diff = FileDiff.between(
      TextFile(Array(old.joined().utf8)), TextFile(Array(new.joined().utf8)))
    let hunks = diff.hunks(context: 2)
    #expect(hunks.map(\.oldRange) == [2..<6, 10..<16])
    #expect(hunks.map(\.newRange) == [2..<7, 11..<15])
  }

  @Test func `files without changes have no hunks`() {
    #expect(Self.diff().hunks().isEmpty)
  }

  @Test(arguments: Depth.seeds(6, deep: 60))
  func `hunks hold every group once, keep apart, and show equal context`(_ seed: UInt64) {
    var files = RandomFiles(seed: seed)
    var random = SeededRandom(seed ^ 0xb0)
    for round in 0..<60 {
      let pair = files.pair(lineCount: 90, vocabulary: [4, 300][round % 2])
      let diff = FileDiff.between(TextFile(pair.old), TextFile(pair.new))
      let context = round % 6
      let boundaries = Set(
        diff.groups.indices.filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
      let hunks = diff.hunks(context: context, boundaries: boundaries)
      if let fault = Self.fault(in: hunks, of: diff, context: context) {
        Issue.record("seed \(seed), round \(round): \(fault)")
      }
      for hunk in hunks.dropFirst() where boundaries.contains(hunk.groups.lowerBound) == false {
        let gap =
          diff.groups[hunk.groups.lowerBound].oldRange.lowerBound
          - diff.groups[hunk.groups.lowerBound - 1].oldRange.upperBound
        #expect(gap > 2 * context)
      }
      for boundary in boundaries { #expect(hunks.contains { $0.groups.lowerBound == boundary }) }
    }
  }

  @Test func `hunks of every small diff are well formed, split in every way, and merge back`() {
    for pair in SmallScope.pairs(.lineFeed) {
      let diff = pair.diff
      for context in 0...2 {
        let whole = diff.hunks(context: context)
        for bits in 0..<(1 << diff.groups.count) {
          let boundaries = Set(diff.groups.indices.filter { bits >> $0 & 1 == 1 })
          let split = diff.hunks(context: context, boundaries: boundaries)
          if let fault = Self.fault(in: split, of: diff, context: context) {
            Issue.record("\(pair), context \(context), \(boundaries): \(fault)")
          }
          #expect(split.flatMap { Array($0.groups) } == whole.flatMap { Array($0.groups) })
          guard boundaries.isEmpty || boundaries == [0] else { continue }
          #expect(split == whole)
        }
      }
    }
  }

  private static func fault(in hunks: [Hunk], of diff: FileDiff, context: Int) -> String? {
    guard hunks.flatMap({ Array($0.groups) }) == Array(diff.groups.indices) else {
      return "groups are lost or doubled"
    }
    guard hunks.flatMap({ Array($0.changedLines) }) == Array(0..<diff.changedLineCount) else {
      return "changed lines are lost or doubled"
    }
    for (one, next) in zip(hunks, hunks.dropFirst())
    where one.oldRange.upperBound > next.oldRange.lowerBound
      || one.newRange.upperBound > next.newRange.lowerBound
    {
      return "\(one) reaches over \(next)"
    }
    for hunk in hunks {
      guard let first = hunk.groups.first, let last = hunk.groups.last else { return "no group" }
      let above = diff.groups[first].oldRange.lowerBound - hunk.oldRange.lowerBound
      let below = hunk.oldRange.upperBound - diff.groups[last].oldRange.upperBound
      guard (0...context).contains(above), (0...context).contains(below),
        diff.groups[first].newRange.lowerBound - hunk.newRange.lowerBound == above,
        hunk.newRange.upperBound - diff.groups[last].newRange.upperBound == below,
        hunk.oldRange.lowerBound >= 0, hunk.oldRange.upperBound <= diff.old.lineCount,
        hunk.newRange.lowerBound >= 0, hunk.newRange.upperBound <= diff.new.lineCount
      else { return "\(hunk) is out of bounds" }
      for offset in 0..<above
      where diff.old.line(hunk.oldRange.lowerBound + offset)
        != diff.new.line(hunk.newRange.lowerBound + offset)
      {
        return "context of \(hunk) differs"
      }
    }
    return nil
  }
}
