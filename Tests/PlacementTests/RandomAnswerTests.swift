import Placement
import Testing

/// A small deterministic generator, so that a failing seed can be run again.
private struct Numbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}

private let fragments = [
  "<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE\n", "<<<<< SEARCH\n", "=====\n",
  ">>>>> REPLACE\n",
  "<<<<<<< DELETE\n", "<<<<<<< MOVE src/c.swift\n", "src/a.swift\n", "**src/b.swift**\r\n",
  "text\n",
  "\n", "```swift\n", "```\n", "````\n", "*** Begin Patch\n", "*** Update File: src/a.swift\n",
  "*** Add File: n\n", "*** End Patch\n", "@@ -1,2 +1,2 @@\n", "@@ f()\n", "-old\n", "+new\n",
  " same\n",
  "--- a/src/a.swift\n", "+++ b/src/a.swift\n", "diff --git a/x b/x\n", "<think>\n", "</think>\n",
  "<<<<<<< HEAD\n", "  <<<<<<< SEARCH\n", "\\ No newline\n", "*** Delete File: src/b.swift\n",
  "\r\n",
]

@Suite struct RandomAnswerTests {
  @Test(arguments: 0..<300) func `any mixture of fragments is read whole and without loss`(
    seed: Int
  ) {
    var numbers = Numbers(state: UInt64(seed))
    var answer = bytes(
      (0..<Int.random(in: 1...30, using: &numbers)).map { _ in
        fragments.randomElement(using: &numbers) ?? ""
      }
      .joined())
    if Bool.random(using: &numbers) { answer.removeLast() }
    let settings = EditBlockSettings(
      knownPaths: [bytes("src/a.swift")], acceptsWholeFiles: Bool.random(using: &numbers))
    let blocks = EditBlockParser.blocks(in: answer, settings)
    var dripping = EditBlockParser(settings)
    for byte in answer { dripping.feed([byte]) }
    dripping.finish()
    #expect(dripping.blocks == blocks)

    var last = 0
    for block in blocks {
      #expect(block.answerRange.lowerBound >= last)
      #expect(Array(answer[block.answerRange]) == block.verbatim)
      last = block.answerRange.upperBound
    }
    // Every start marker is inside some block, unless thinking hides it.
    guard !text(answer).contains("think>") else { return }
    let marker = bytes("<<<<<<< SEARCH\n")
    for start in answer.indices where answer[start...].starts(with: marker) {
      #expect(blocks.contains { $0.answerRange.contains(start) }, "\(text(answer))")
    }
    // Whatever the blocks are, placing them neither traps nor changes what no block quoted.
    let outcome = placed(blocks, in: "old\nsame\ntext\n", path: "src/a.swift")
    let answered = Set(outcome.placements.map(\.blockIndex) + outcome.unplaced.map(\.blockIndex))
    #expect(answered == Set(blocks.indices))
  }
}
