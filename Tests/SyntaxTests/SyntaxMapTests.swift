// The tokens of windows of a file.

import TestSupport
import Syntax
import Testing

@Suite struct SyntaxMapTests {
  @Test(arguments: Language.allCases)
  func `any window has the tokens of a reading from the top`(language: Language) {
    let lines = HostileText.lines(300, seed: 7)
    let expected = tokensFromTop(of: lines, language)
    var random = SeededRandom(11)
    for _ in 0..<4 {
      var map = map(of: lines, language)
      for _ in 0..<6 {
        let start = Int.random(in: 0...lines.count, using: &random)
        let end = Int.random(in: start...min(start + 40, lines.count), using: &random)
        if Bool.random(using: &random) {
          map.advance(byBytes: Int.random(in: 0..<400, using: &random))
        }
        #expect(map.tokens(ofLines: start..<end) == Array(expected[start..<end]))
      }
    }
  }

  @Test func `a window near lines already read costs no more than the lines between`() {
    let lines = [[UInt8]](repeating: Array("let x = 1".utf8), count: 1000)
    var map = map(of: lines, .swift)
    #expect(map.canReach(line: 10, withinBytes: 100))
    #expect(!map.canReach(line: 10, withinBytes: 99))
    #expect(!map.canReach(line: 1000, withinBytes: 9_000))
    _ = map.tokens(ofLines: 900..<910)
    #expect(map.readLineCount == 910)
    #expect(map.canReach(line: 910, withinBytes: 0))
    #expect(map.canReach(line: 640, withinBytes: 0))
    #expect(map.canReach(line: 703, withinBytes: 630))
    #expect(!map.canReach(line: 703, withinBytes: 629))
  }

  @Test func `a map advances by steps of about the bytes asked for`() {
    let lines = [[UInt8]](repeating: Array("let x = 1".utf8), count: 1000)
    var map = map(of: lines, .swift)
    map.advance(byBytes: 100)
    #expect(!map.isComplete)
    #expect(map.readLineCount == 10)
    map.advance(byBytes: 1)
    #expect(map.readLineCount == 11)
    map.advance(byBytes: 10_000)
    #expect(map.isComplete)
    #expect(map.canReach(line: 1000, withinBytes: 0))
  }

  @Test func `lines after one that is too long are plain and cost nothing`() {
    let long = [UInt8](repeating: UInt8(ascii: "1"), count: Language.readByteLimit + 1)
    let lines = [Array("1".utf8), long] + [[UInt8]](repeating: Array("1".utf8), count: 200)
    var map = map(of: lines, .c)
    let tokens = map.tokens(ofLines: 0..<5)
    #expect(tokens.map(\.count) == [1, 1, 0, 0, 0])
    #expect(map.canReach(line: 150, withinBytes: 0))
    #expect(map.tokens(ofLines: 150..<152) == [[], []])
    #expect(map.isComplete)
    #expect(map.tokens(ofLines: 0..<1).map(\.count) == [1])
  }

  @Test func `an empty file has no tokens and is complete`() {
    var map = map(of: [], .c)
    #expect(map.isComplete)
    #expect(map.tokens(ofLines: 0..<0) == [])
    map.advance(byBytes: 10)
    #expect(map.readLineCount == 0)
  }

  private func map(of lines: [[UInt8]], _ language: Language) -> SyntaxMap {
    SyntaxMap(language: language, lineCount: lines.count) { lines[$0][...] }
  }

  private func tokensFromTop(of lines: [[UInt8]], _ language: Language) -> [[Token]] {
    var state = LexState()
    return lines.map { language.lex(line: $0[...], state: &state) }
  }
}
