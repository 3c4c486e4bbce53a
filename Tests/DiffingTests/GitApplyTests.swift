// Real git applies what we print, and must arrive where we do.

import TestSupport
import Diffing
import Testing

struct GitApplyTests {
  private struct Case {
    let base: [UInt8]
    let hunks: [UInt8]
    let result: [UInt8]
  }

  @Test(arguments: SmallScope.Endings.all)
  func `git apply of the printed patch gives the selected content of small files`(
    _ endings: SmallScope.Endings
  ) throws {
    var cases: [Case] = []
    for (number, pair) in SmallScope.pairs(endings).enumerated() {
      let diff = pair.diff
      for (index, selection) in SmallScope.selections(of: diff).enumerated()
      where Depth.isDeep || (number * 31 + index) % 61 == 0 {
        cases.append(Self.make(diff, selection))
      }
    }
    try Self.check(cases)
  }

  @Test(arguments: Depth.seeds(2, deep: 20))
  func `git apply of the printed patch gives the selected content of random files`(
    _ seed: UInt64
  ) throws {
    var files = RandomFiles(seed: seed)
    let cases = (0..<60).map { index in
      let pair = files.pair(lineCount: 60, vocabulary: index % 2 == 0 ? 8 : 200)
      let diff = FileDiff.between(TextFile(pair.old), TextFile(pair.new))
      return Self.make(diff, files.selection(of: diff), context: index % 4 + 1)
    }
    try Self.check(cases)
  }

  @Test func `git apply takes patches without context when told so`() throws {
    var files = RandomFiles(seed: 3)
    let cases = (0..<60).map { _ in
      let pair = files.pair(lineCount: 40, vocabulary: 8)
      let diff = FileDiff.between(TextFile(pair.old), TextFile(pair.new))
      return Self.make(diff, files.selection(of: diff), context: 0)
    }
    try Self.check(cases, options: ["--unidiff-zero"])
  }

  private static func make(_ diff: FileDiff, _ selection: LineSelection, context: Int = 3) -> Case {
    Case(
      base: diff.old.bytes,
      hunks: UnifiedPatch.hunks(of: diff, selection: selection, context: context),
      result: selectedContent(of: diff, selection: selection))
  }

  /// Applies all patches in one go, each to a file of its own.
  private static func check(_ cases: [Case], options: [String] = []) throws {
    let directory = try ScratchDirectory()
    try directory.git(["init", "--quiet"])
    var patch: [UInt8] = []
    for (index, one) in cases.enumerated() {
      try directory.write(one.base, to: "f\(index)")
      guard !one.hunks.isEmpty else { continue }
      patch += "diff --git a/f\(index) b/f\(index)\n--- a/f\(index)\n+++ b/f\(index)\n".utf8
      patch += one.hunks
    }
    try directory.write(patch, to: "all.patch")
    try directory.git(["apply", "--whitespace=nowarn"] + options + ["all.patch"])
    for (index, one) in cases.enumerated() where try directory.read("f\(index)") != one.result {
      let printed = String(decoding: one.hunks, as: UTF8.self)
      Issue.record("git arrives elsewhere with \(one.base) and\n\(printed)")
    }
    #expect(cases.count > 50)
  }
}
