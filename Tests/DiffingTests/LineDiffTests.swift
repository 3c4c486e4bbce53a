// The line diff on files that are not small: correct always, near the least size, and never stuck.

import TestSupport
import Diffing
import Testing

struct LineDiffTests {
  @Test func `a line that differs in one byte, whichever, is another line`() {
    for count in 1...40 {
      let line = (0..<count).map { UInt8(0x41 + $0) }
      for place in 0..<count {
        var other = line
        other[place] ^= 0x80
        let diff = FileDiff.between(TextFile(line), TextFile(other))
        #expect(diff.changedLineCount == 2, "byte \(place) of \(count)")
      }
    }
  }

  @Test(arguments: Depth.seeds(6, deep: 60))
  func `a diff of random files leads from one to the other with equal lines between groups`(
    _ seed: UInt64
  ) throws {
    var files = RandomFiles(seed: seed)
    for round in 0..<60 {
      let pair = files.pair(lineCount: 10 + round * 2, vocabulary: [2, 5, 40, 1_000][round % 4])
      let diff = FileDiff.between(TextFile(pair.old), TextFile(pair.new))
      if let fault = DiffShape.fault(in: diff) { Issue.record("round \(round): \(fault)") }
      #expect(selectedContent(of: diff, selection: .all(of: diff)) == pair.new)
      #expect(selectedContent(of: diff, selection: .none) == pair.old)
    }
  }

  @Test(arguments: Depth.seeds(4, deep: 40))
  func `selections of random files obey the laws`(_ seed: UInt64) throws {
    var files = RandomFiles(seed: seed)
    for round in 0..<60 {
      let pair = files.pair(lineCount: 80, vocabulary: [3, 20, 500][round % 3])
      let diff = FileDiff.between(TextFile(pair.old), TextFile(pair.new))
      let selection = files.selection(of: diff)
      let content = selectedContent(of: diff, selection: selection)
      #expect(content == ScriptOracle(diff).content { selection.contains($0) })
      #expect(diff.selection(of: diff.editScript(of: selection)) == selection)
      let rest = remainder(of: diff, after: selection)
      #expect(rest.old.bytes == content)
      #expect(selectedContent(of: rest, selection: .all(of: rest)) == pair.new)
      #expect(DiffShape.fault(in: rest) == nil)
      let patch = UnifiedPatch.hunks(of: diff, selection: selection, context: round % 5)
      #expect(try PatchReader(patch).applied(to: pair.old) == content)
    }
  }

  @Test(arguments: Depth.seeds(4, deep: 40))
  func `diffs of random files stay near the least possible size`(_ seed: UInt64) {
    var files = RandomFiles(seed: seed)
    var (total, least) = (0, 0)
    for round in 0..<60 {
      let pair = files.pair(lineCount: 60, vocabulary: [2, 6, 30, 400][round % 4])
      let size = FileDiff.between(TextFile(pair.old), TextFile(pair.new)).changedLineCount
      let smallest = EditDistance.between(pair.old, pair.new)
      #expect(size >= smallest)
      #expect(size <= 3 * smallest + 4, "seed \(seed), round \(round): \(size), least \(smallest)")
      total += size
      least += smallest
    }
    #expect(total * 100 <= least * 115, "\(total) changed lines, \(least) would do")
  }

  @Test func `equal files have no groups`() {
    for word in SmallScope.words {
      #expect(FileDiff.between(TextFile(word), TextFile(word)).groups.isEmpty)
    }
  }

  @Test func `one changed line in a long file is one group of one pair`() {
    let lines = (0..<2_000).map { "line \($0 % 7)\n" }
    var changed = lines
    changed[1_000] = "other\n"
    let diff = FileDiff.between(Self.file(lines), Self.file(changed))
    #expect(diff.groups.count == 1)
    #expect(diff.groups.first?.rows == [ChangeRow(removed: 1_000, added: 1_000)])
  }

  @Test func `a shuffled file is diffed`() {
    let lines = (0..<5_000).map { "line \($0)\n" }
    var random = SeededRandom(7)
    Self.check(lines, lines.shuffled(using: &random))
  }

  @Test func `a shuffled file without a unique line is diffed`() {
    let count = Depth.isDeep ? 20_000 : 3_000
    let lines = (0..<count).map { "line \($0 / 2 % 50)\n" }
    var random = SeededRandom(8)
    Self.check(lines, lines.shuffled(using: &random))
  }

  @Test func `files that share no line, or one line many times over, are diffed`() {
    let count = Depth.isDeep ? 50_000 : 4_000
    let left = [String](repeating: "same\n", count: count)
    Self.check(left, Array(left.dropLast(count / 3)))
    Self.check((0..<count).map { "a\($0 % 9)\n" }, (0..<count).map { "b\($0 % 11)\n" })
    Self.check(["one\n"], (0..<count).map { "b\($0 % 11)\n" } + ["one\n", "one\n"])
    Self.check((0..<count).map { "\($0 % 2)\n" }, (0..<count).map { "\($0 / 2 % 2)\n" })
  }

  @Test func `a file of 100,000 lines with scattered edits is diffed`() {
    let lines = (0..<100_000).map { "line \($0 % 60_000)\n" }
    var changed = lines
    for place in stride(from: 99_000, to: 0, by: -1_000) {
      changed[place] = "edited\n"
      changed.insert("inserted \(place)\n", at: place - 10)
      changed.remove(at: place - 20)
    }
    let diff = Self.check(lines, changed)
    #expect(diff.changedLineCount == 99 * 4)
  }

  @Test func `bytes that are no text are compared as bytes`() {
    let old: [UInt8] = [0xff, 0xfe, 10, 0xc3, 10, 0x3b, 10]
    let new: [UInt8] = [0xff, 0xfe, 10, 0xc3, 10, 0xcd, 0xbe, 10]
    let diff = FileDiff.between(TextFile(old), TextFile(new))
    // U+037E is canonically equivalent to the semicolon, and still another line.
    #expect(diff.groups.map(\.oldRange) == [2..<3])
    #expect(diff.groups.map(\.newRange) == [2..<3])
  }

  @Test func `lines that differ by their terminator only are changed lines`() {
    let diff = FileDiff.between(TextFile(Array("a\r\nb\n".utf8)), TextFile(Array("a\nb".utf8)))
    #expect(diff.groups.count == 1)
    #expect(diff.changedLineCount == 4)
  }

  @discardableResult
  private static func check(_ old: [String], _ new: [String]) -> FileDiff {
    let diff = FileDiff.between(file(old), file(new))
    if let fault = DiffShape.fault(in: diff) { Issue.record("\(fault)") }
    #expect(selectedContent(of: diff, selection: .all(of: diff)) == diff.new.bytes)
    return diff
  }

  private static func file(_ lines: [String]) -> TextFile {
    TextFile(Array(lines.joined().utf8))
  }
}
