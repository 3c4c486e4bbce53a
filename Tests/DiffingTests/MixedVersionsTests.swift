// A file that takes some changes of one version and the rest of another.

import TestSupport
import Diffing
import Testing

struct MixedVersionsTests {
  private static let files = SmallScope.words.filter { Depth.isDeep || $0.count <= 3 }
    .flatMap { [SmallScope.file($0), SmallScope.file($0, isTerminated: false)] }

  @Test func `around all lines it is the other version, around lines that none touches this one`() {
    for base in Self.files {
      let diffs = Self.files.map { FileDiff.between(TextFile(base), TextFile($0)) }
      for this in diffs {
        for other in diffs {
          let all = this.taking(other, around: 0..<this.old.lineCount)
          if all != other.new.bytes { Issue.record("\(base): all of \(other.new.bytes) is \(all)") }
          for line in 0...this.old.lineCount {
            let mixed = this.taking(other, around: line..<line)
            let isFree = (this.groups + other.groups).allSatisfy {
              line < $0.oldRange.lowerBound || $0.oldRange.upperBound < line
            }
            guard isFree ? mixed == this.new.bytes : Self.isMixed(mixed, this, other) else {
              Issue.record(
                "\(base): \(this.new.bytes) with \(other.new.bytes) around \(line): \(mixed)")
              continue
            }
          }
        }
      }
    }
  }

  @Test func `taking a version from itself changes nothing`() {
    for base in Self.files {
      for new in Self.files {
        let diff = FileDiff.between(TextFile(base), TextFile(new))
        for start in 0...diff.old.lineCount {
          for end in start...diff.old.lineCount {
            #expect(diff.taking(diff, around: start..<end) == new)
          }
        }
      }
    }
  }

  @Test(arguments: Depth.seeds(40, deep: 2_000))
  func `each change is taken whole, from the one version or the other`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    let base = (0..<30).map { "line \($0)\n" }
    func edited(_ name: String) -> [String] {
      base.flatMap { line -> [String] in
        switch Int.random(in: 0..<6, using: &random) {
        case 0: []
        case 1: ["\(name) \(line)"]
        case 2: [line, "\(name) after \(line)"]
        default: [line]
        }
      }
    }
    let (one, two) = (edited("one"), edited("two"))
    let file = { (lines: [String]) in TextFile(Array(lines.joined().utf8)) }
    let this = FileDiff.between(file(base), file(one))
    let other = FileDiff.between(file(base), file(two))
    let start = Int.random(in: 0..<30, using: &random)
    let lines = start..<Int.random(in: start...30, using: &random)
    let mixed = TextFile(this.taking(other, around: lines))
    let diff = FileDiff.between(file(base), mixed)
    for group in diff.groups {
      let isOfThis = this.groups.contains { Self.equal($0, this, group, diff) }
      let isOfOther = other.groups.contains { Self.equal($0, other, group, diff) }
      #expect(isOfThis || isOfOther, "lines \(group.oldRange) are of neither version")
      if group.oldRange.overlaps(lines) { #expect(isOfOther, "\(group.oldRange)") }
    }
    let texts = Set(base + one + two)
    for line in 0..<mixed.lineCount {
      #expect(texts.contains(String(decoding: mixed.line(line), as: UTF8.self)))
    }
  }

  private static func equal(
    _ left: ChangeGroup, _ first: FileDiff, _ right: ChangeGroup, _ second: FileDiff
  ) -> Bool {
    left.oldRange == right.oldRange
      && first.new.lines(left.newRange) == second.new.lines(right.newRange)
  }

  /// Whether `bytes` is a file that keeps base, this or other at every place: its lines, ended or not, are lines of the three in an order
  /// that some choice per group of either diff gives.
  private static func isMixed(_ bytes: [UInt8], _ this: FileDiff, _ other: FileDiff) -> Bool {
    let pool = [this.old, this.new, other.new].flatMap { file in
      (0..<file.lineCount).map { Array(file.lineContent($0)) }
    }
    let mixed = TextFile(bytes)
    return (0..<mixed.lineCount).allSatisfy { pool.contains(Array(mixed.lineContent($0))) }
      && mixed.lineCount <= this.new.lineCount + other.new.lineCount + this.old.lineCount
  }
}
