// The bit set of changed lines against a plain set.

import TestSupport
import Diffing
import Testing

struct LineSelectionTests {
  @Test(arguments: Depth.seeds(8, deep: 200))
  func `a line selection behaves as a set of integers`(_ seed: UInt64) {
    var random = SeededRandom(seed)
    var selection = LineSelection()
    var model: Set<Int> = []
    for _ in 0..<300 {
      let line = Int.random(in: 0..<[3, 70, 500].randomElement(using: &random)!, using: &random)
      if Bool.random(using: &random) {
        selection.insert(line)
        model.insert(line)
      } else {
        selection.remove(line)
        model.remove(line)
      }
      let lower = Int.random(in: 0..<300, using: &random)
      let range = lower..<lower + Int.random(in: 0..<300, using: &random)
      guard selection.lines == model.sorted(), selection.count == model.count,
        selection.isEmpty == model.isEmpty, selection.contains(line) == model.contains(line),
        selection.count(in: range) == model.count(where: range.contains),
        selection == LineSelection(model), selection.hashValue == LineSelection(model).hashValue
      else {
        Issue.record("after \(line): \(selection.lines), not \(model.sorted())")
        return
      }
    }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1_000])
  func `lines at word boundaries are kept apart`(_ line: Int) {
    var selection = LineSelection([line])
    #expect(selection.lines == [line])
    #expect(!selection.contains(line + 1))
    #expect(line == 0 || !selection.contains(line - 1))
    #expect(!selection.contains(line + 64))
    selection.remove(line)
    #expect(selection == .none)
  }

  @Test func `selections are equal when their lines are, whatever was inserted before`() {
    var grown = LineSelection([1, 700])
    grown.remove(700)
    #expect(grown == LineSelection([1]))
    grown.remove(5_000)
    #expect(Set([grown, LineSelection([1])]).count == 1)
  }

  @Test func `a complement holds exactly the other changed lines`() {
    for pair in SmallScope.pairs(.lineFeed).prefix(400) {
      let diff = pair.diff
      for selection in SmallScope.selections(of: diff) {
        let complement = selection.complement(in: diff)
        #expect(Set(complement.lines).isDisjoint(with: selection.lines))
        #expect(complement.count + selection.count == diff.changedLineCount)
        #expect(complement.complement(in: diff) == selection)
      }
      #expect(LineSelection.all(of: diff).lines == Array(0..<diff.changedLineCount))
      #expect(LineSelection.none.complement(in: diff) == .all(of: diff))
    }
  }
}
