// Where lines of the old side are on the new side.

import Diffing
import TestSupport
import Testing

@Suite struct LineMappingTests {
  private func text(_ lines: [String]) -> TextFile {
    TextFile(Array(lines.map { $0 + "\n" }.joined().utf8))
  }

  @Test func `lines move with what was put in and taken out before them`() {
    let diff = FileDiff.between(
      text(["a", "b", "c", "d", "e", "f"]), text(["x", "a", "c", "d", "y", "e", "F"]))
    #expect(diff.newLines(of: 0..<1) == 1..<2)
    #expect(diff.newLines(of: 2..<4) == 2..<4)
    // Beside an insertion, not around it.
    #expect(diff.newLines(of: 4..<5) == 5..<6)
    #expect(diff.newLines(of: 3..<5) == 3..<6)
    #expect(diff.newLines(of: 5..<6) == 6..<7)
    #expect(diff.newLines(of: 1..<2).isEmpty)
    #expect(diff.newLines(of: 0..<6) == 1..<7)
  }

  @Test func `lines that no change touches are the same, wherever they are`() {
    var numbers = SeededRandom(11)
    for _ in 0..<500 {
      let old = (0..<Int.random(in: 1...12, using: &numbers)).map { _ in
        "\(Int.random(in: 0...5, using: &numbers))"
      }
      var new = old
      for _ in 0..<Int.random(in: 0...4, using: &numbers) {
        let place = Int.random(in: 0...new.count, using: &numbers)
        if Bool.random(using: &numbers) || place == new.count {
          new.insert("n\(place)", at: place)
        } else {
          new.remove(at: place)
        }
      }
      let diff = FileDiff.between(text(old), text(new))
      let lower = Int.random(in: 0..<old.count, using: &numbers)
      let range = lower..<Int.random(in: lower + 1...old.count, using: &numbers)
      let mapped = diff.newLines(of: range)
      #expect(mapped.lowerBound >= 0 && mapped.upperBound <= new.count)
      let isTouched = diff.groups.contains {
        $0.oldRange.isEmpty
          ? range.lowerBound < $0.oldRange.lowerBound && $0.oldRange.lowerBound < range.upperBound
          : $0.oldRange.overlaps(range)
      }
      if !isTouched { #expect(Array(new[mapped]) == Array(old[range])) }
    }
  }

  @Test func `other lines take the place of some, and get the end that those had`() {
    let file = TextFile(Array("a\nb\nc".utf8))
    func replacing(_ range: Range<Int>, _ text: String) -> String {
      String(decoding: file.replacing(range, with: Array(text.utf8)), as: UTF8.self)
    }
    #expect(replacing(1..<2, "x") == "a\nx\nc")
    #expect(replacing(1..<2, "x\ny\n") == "a\nx\ny\nc")
    #expect(replacing(2..<3, "x") == "a\nb\nx")
    #expect(replacing(0..<3, "") == "")
    #expect(replacing(1..<1, "x") == "a\nx\nb\nc")
  }
}
