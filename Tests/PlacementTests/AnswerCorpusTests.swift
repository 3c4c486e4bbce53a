import Placement
import Testing

/// Answers as models write them, with the blocks they contain.
private let corpus: [(answer: String, blocks: [String])] = [
  (
    "I'll fix the sum.\n\n### `src/a.swift`\n\n```swift\n<<<<<<< SEARCH\n  total += x\n=======\n  guard x > 0 else { return }\n  total += x\n>>>>>>> REPLACE\n```\n\nThis keeps totals positive.\n",
    ["src/a.swift:   total += x ->   guard x > 0 else { return }|  total += x"]
  ),
  (
    "```\nsrc/a.swift\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n```\n```\nsrc/b.swift\n<<<<<<< SEARCH\n\n=======\n\n>>>>>>> REPLACE\n```",
    ["src/a.swift: a -> b", "src/b.swift:  -> "]
  ),
  (
    "<think>\nuser wants <<<<<<< SEARCH blocks\n<<<<<<< SEARCH\nfoo\n</think>\n\nsrc/a.swift\n<<<<<<< SEARCH\na\n=======\n>>>>>>> REPLACE",
    ["src/a.swift: a -> "]
  ),
  (
    "Use `<<<<<<< SEARCH` markers.\nTitle\n=======\n\nNothing to do.\n", []
  ),
  (
    "src/a.swift\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n>>>>>>> REPLACE\n",
    ["src/a.swift: a -> b", ": malformed endWithoutStart"]
  ),
  (
    "**src/a.swift**\r\n```\r\n<<<<<<< SEARCH\r\na\r\n=======\r\nb\r\n>>>>>>> REPLACE\r\n```\r\n",
    ["src/a.swift: a -> b"]
  ),
  (
    "src/a.swift\n<<<<<<< SEARCH>\na\n=======  \nb\n>>>>>>> REPLACE  \n", ["src/a.swift: a -> b"]
  ),
  (
    "src/a.swift\n```diff\n- a\n+ b\n```\nsrc/a.swift\n<<<<<<< SEARCH\n```\n=======\n````\n>>>>>>> REPLACE\n",
    ["src/a.swift: ``` -> ````"]
  ),
  (
    "*** Begin Patch\n*** Update File: src/a.swift\n@@\n-a\n+b\n*** End Patch\n\nsrc/b.swift\n<<<<<<< SEARCH\nc\n=======\nd\n>>>>>>> REPLACE\n",
    ["src/a.swift: a -> b", "src/b.swift: c -> d"]
  ),
]

@Suite struct AnswerCorpusTests {
  @Test(arguments: corpus.indices) func `messy answers give the blocks they contain`(index: Int) {
    #expect(picture(parsed(corpus[index].answer)) == corpus[index].blocks)
  }

  @Test(arguments: corpus.indices, [false, true])
  func `an answer cut at any byte gives the same blocks`(index: Int, wholeFiles: Bool) {
    let answer = bytes(corpus[index].answer)
    let settings = EditBlockSettings(
      knownPaths: [bytes("src/a.swift"), bytes("src/b.swift")], acceptsWholeFiles: wholeFiles)
    let expected = EditBlockParser.blocks(in: answer, settings)
    for cut in answer.indices {
      var parser = EditBlockParser(settings)
      parser.feed(answer[..<cut])
      parser.feed(answer[cut...])
      parser.finish()
      #expect(parser.blocks == expected)
    }
    var dripping = EditBlockParser(settings)
    for byte in answer { dripping.feed([byte]) }
    dripping.finish()
    #expect(dripping.blocks == expected)
  }

  @Test(arguments: corpus.indices)
  func `an answer that ends anywhere neither traps nor loses a start marker`(index: Int) {
    let answer = bytes(corpus[index].answer)
    for end in answer.indices {
      let blocks = EditBlockParser.blocks(in: Array(answer[..<end]))
      var last = 0
      for block in blocks {
        #expect(block.answerRange.lowerBound >= last)
        #expect(Array(answer[block.answerRange]) == block.verbatim)
        last = block.answerRange.upperBound
      }
    }
  }
}
