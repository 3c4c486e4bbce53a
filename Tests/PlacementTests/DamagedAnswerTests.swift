import TestSupport
import Placement
import Testing

@Suite struct DamagedAnswerTests {
  /// Lines that mean something to some notation.
  private static let fragments = [
    "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "<<<<< SEARCH", "=====", ">>>>> REPLACE",
    "<<<<<<< DELETE", "<<<<<<< MOVE src/c.swift", "<<<<<<< HEAD", ">>>>>>> UPDATED", "src/f.swift",
    "  <<<<<<< SEARCH", "> <<<<<<< SEARCH", "```", "~~~", "```diff", "*** Begin Patch",
    "*** Update File: src/f.swift", "*** Add File: n", "*** Delete File: src/f.swift",
    "*** Move to: src/c.swift", "*** End Patch", "*** End of File", "@@", "@@ -1,2 +1,2 @@",
    "--- a/src/f.swift", "+++ b/src/f.swift", "--- /dev/null", "+++ /dev/null", "-a", "+a", " a",
    "",
    "diff --git a/src/f.swift b/src/f.swift", "rename to src/c.swift", "new file mode 100644",
  ].map(bytes)

  /// Lines taken away, doubled, swapped, put in, indented or quoted, and an end too early.
  private static func damaged(_ answer: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var lines = answer.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    for _ in 0...random.below(3) {
      let place = random.below(lines.count)
      switch random.below(7) {
      case 0: if lines.count > 1 { lines.remove(at: place) }
      case 1: lines.insert(lines[place], at: place)
      case 2: lines.swapAt(place, random.below(lines.count))
      case 3, 4: lines.insert(random.pick(fragments), at: place)
      case 5: lines[place] = bytes(random.pick(["  ", "> ", "- ", "\t"])) + lines[place]
      case 6 where lines[place].starts(with: bytes("<<<<<")): lines[place] = bytes("<<<<<<< DELETE")
      default: lines[place] = random.pick(fragments)
      }
    }
    let damaged = Array(lines.joined(separator: [10]))
    guard random.oneIn(4) else { return damaged }
    var cut = Array(damaged.prefix(random.below(damaged.count + 1)))
    // A piece of a line that leaves code out may do so too, which the reference does not know.
    let line = cut[((cut.lastIndex(of: 10) ?? -1) + 1)...]
    if text(line).contains("..") || text(line).contains("# rest") { cut.removeLast(line.count) }
    return cut
  }

  /// Whatever is read from a damaged answer, it is read the same in pieces, nothing of it is lost, and it is placed by the law.
  @Test func `a damaged answer places nothing that it does not quote`() async {
    let run = await GeneratedRun.of(
      "Damaged answers", quick: 3_000, deep: 40_000, Self.failureOfDamaged)
    run.expectCounts("placed", ["exact", "trailingBlanks", "typography", "indentation"])
    run.expectCounts(
      "refused",
      [
        "missingPath", "missingDivider", "severalDividers", "nestedStart", "unfinished",
        "endWithoutStart", "unknownMarker", "indentedMarker", "severalEnds",
        "lineWithoutSign", "noHunks", "unknownPatchLine", "linesInFileBlock", "quotesInNewFile",
      ].map { "malformed, \($0)" })
  }

  private static func failureOfDamaged(seed: UInt64, tally: inout PlacementTally) -> String? {
    var generator = CaseGenerator(seed: seed)
    let dialect = generator.random.pick(Dialect.allCases)
    let (content, edits) = generator.fileWithEdits(for: dialect)
    var writer = AnswerWriter(generator.random)
    let written = writer.write(edits, path: GeneratedAnswer.path, as: dialect)
    let answer = damaged(written.bytes, &writer.random)
    let settings = EditBlockSettings(
      knownPaths: [bytes(GeneratedAnswer.path)], acceptsWholeFiles: writer.random.oneIn(4))
    let (blocks, early) = GeneratedAnswer.read(answer, &writer.random, settings)
    let failure =
      reading(blocks, early, of: answer, settings) ?? placing(blocks, in: content, dialect, &tally)
    return failure.map { "\($0)\n  " + GeneratedAnswer.picture(content, edits, answer) }
  }

  private static func reading(
    _ blocks: [EditBlock], _ early: [EditBlock], of answer: [UInt8], _ settings: EditBlockSettings
  ) -> String? {
    if EditBlockParser.blocks(in: answer, settings) != blocks {
      return "pieces are read differently"
    }
    if Array(blocks.prefix(early.count)) != early { return "blocks changed while the answer came" }
    var last = 0
    for block in blocks {
      if block.answerRange.lowerBound < last { return "blocks share bytes" }
      if Array(answer[block.answerRange]) != block.verbatim { return "a block is not verbatim" }
      last = block.answerRange.upperBound
    }
    var start = 0
    for line in answer.split(separator: 10, omittingEmptySubsequences: false) {
      let words = Reference.stripped(Array(line))
      if words == bytes("<<<<<<< SEARCH") || words == bytes("<<<<<<< DELETE"),
        !blocks.contains(where: { $0.answerRange.contains(start) })
      {
        return "the start marker at \(start) is in no block"
      }
      start += line.count + 1
    }
    return nil
  }

  private static func placing(
    _ blocks: [EditBlock], in content: [UInt8], _ dialect: Dialect, _ tally: inout PlacementTally
  ) -> String? {
    let whole = GeneratedAnswer.outcome(of: blocks, in: content)
    tally.count(whole, of: blocks.count, as: "\(dialect)")
    let answered =
      whole.changes.flatMap(\.placements).map(\.blockIndex)
      + whole.unplaced.map(\.blockIndex)
    if answered.sorted() != Array(blocks.indices) { return "a block has no answer, or two" }
    // Those that ask for something else than lines have a test of their own.
    let replacing = blocks.filter { block in
      guard case .replace = block.edit else { return false }
      return block.path == bytes(GeneratedAnswer.path)
    }
    let edits = replacing.compactMap { block -> LineReplacement? in
      guard case .replace(let edit) = block.edit else { return nil }
      return edit
    }
    let outcome = GeneratedAnswer.outcome(of: replacing, in: content)
    return GeneratedCase(content: content, edits: edits, outcome: outcome).failure()
  }

  /// What an answer that is cut short gives are edits of the whole one, as far as its notation has an end at all.
  @Test func `an answer cut short gives no edit that the whole one lacks`() async {
    let run = await GeneratedRun.of("Answers cut short", quick: 1_000, deep: 30_000) {
      seed, tally in
      var generator = CaseGenerator(seed: seed)
      let dialect = generator.random.pick(Dialect.allCases)
      let (content, edits) = generator.fileWithEdits(for: dialect)
      var writer = AnswerWriter(generator.random)
      let answer = writer.write(edits, path: GeneratedAnswer.path, as: dialect)
      guard answer.tellsItsEnd else { return nil }
      let cut = Array(answer.bytes.prefix(writer.random.below(answer.bytes.count + 1)))
      let blocks = GeneratedAnswer.read(cut, &writer.random).blocks
      tally.count(
        GeneratedAnswer.outcome(of: blocks, in: content), of: blocks.count, as: "\(dialect)")
      let whole = blocks.filter { block in
        if case .malformed = block.edit { false } else { true }
      }
      if whole.map(\.edit) == answer.edits.prefix(whole.count).map(Edit.replace) { return nil }
      return "\(picture(blocks))" + GeneratedAnswer.picture(content, answer.edits, cut)
    }
    run.expectCounts("refused", ["malformed, unfinished"])
  }
}
