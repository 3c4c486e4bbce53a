// The laws of selecting lines, for every selection of every small diff.

import Diffing
import Testing

struct SmallScopeLawTests {
  @Test func `the small scope has 31 files, 961 pairs and 10,447 minimal selections`() {
    #expect(SmallScope.words.count == 31)
    let pairs = SmallScope.pairs(.lineFeed)
    #expect(pairs.count == 961)
    let minimal = pairs.reduce(0) { $0 + 1 << EditDistance.between($1.old, $1.new) }
    #expect(minimal == 10_447)
  }

  @Test func `every small diff is minimal, which gives 10,447 selections`() {
    var selectionCount = 0
    for pair in SmallScope.pairs(.lineFeed) {
      selectionCount += 1 << pair.diff.changedLineCount
      #expect(pair.diff.changedLineCount == EditDistance.between(pair.old, pair.new), "\(pair)")
    }
    #expect(selectionCount == 10_447)
  }

  @Test(arguments: SmallScope.Endings.all)
  func `a diff covers both sides, and what lies between its groups is equal`(
    _ endings: SmallScope.Endings
  ) {
    for pair in SmallScope.pairs(endings) {
      if let fault = DiffShape.fault(in: pair.diff) { Issue.record("\(pair): \(fault)") }
    }
  }

  @Test(arguments: SmallScope.Endings.all)
  func `none selected is the base, all is the proposal, any other is the kept lines in order`(
    _ endings: SmallScope.Endings
  ) {
    for pair in SmallScope.pairs(endings) {
      let diff = pair.diff
      let oracle = ScriptOracle(diff)
      #expect(selectedContent(of: diff, selection: .none) == pair.old)
      #expect(selectedContent(of: diff, selection: .all(of: diff)) == pair.new)
      for selection in SmallScope.selections(of: diff)
      where selectedContent(of: diff, selection: selection)
        != oracle.content({ selection.contains($0) })
      {
        Issue.record("\(pair), selected \(selection.lines)")
      }
    }
  }

  @Test(arguments: SmallScope.Endings.all)
  func `a selection and then its complement is the proposal`(_ endings: SmallScope.Endings) {
    for pair in SmallScope.pairs(endings) {
      let diff = pair.diff
      for selection in SmallScope.selections(of: diff) {
        let rest = remainder(of: diff, after: selection)
        guard rest.old.bytes == selectedContent(of: diff, selection: selection),
          rest.new.bytes == pair.new,
          selectedContent(of: rest, selection: .none) == rest.old.bytes,
          selectedContent(of: rest, selection: .all(of: rest)) == pair.new,
          rest.changedLineCount >= diff.changedLineCount - selection.count
        else {
          Issue.record("\(pair), selected \(selection.lines)")
          continue
        }
        if let fault = DiffShape.fault(in: rest) {
          Issue.record("\(pair), selected \(selection.lines): \(fault)")
        }
      }
    }
  }

  @Test func `a terminator given to a taken line is left over when the proposal has none there`() {
    let diff = FileDiff.between(TextFile(Array("a\nb".utf8)), TextFile(Array("c".utf8)))
    // Script order: a goes, c comes, b goes; only c is taken.
    let rest = remainder(of: diff, after: LineSelection([1]))
    #expect(rest.old.bytes == Array("a\nc\nb".utf8))
    #expect(rest.changedLineCount == 4)
    #expect(selectedContent(of: rest, selection: .all(of: rest)) == Array("c".utf8))
  }

  @Test func `the remainder holds exactly the lines that were not selected`() {
    for pair in SmallScope.pairs(.lineFeed) {
      let diff = pair.diff
      for selection in SmallScope.selections(of: diff)
      where remainder(of: diff, after: selection).changedLineCount
        != diff.changedLineCount - selection.count
      {
        Issue.record("\(pair), selected \(selection.lines)")
      }
    }
  }

  @Test(arguments: SmallScope.Endings.all)
  func `a selection comes back from its edit script`(_ endings: SmallScope.Endings) {
    for pair in SmallScope.pairs(endings) {
      let diff = pair.diff
      for selection in SmallScope.selections(of: diff) {
        let script = diff.editScript(of: selection)
        guard diff.selection(of: script) == selection,
          script.removedLineCount + script.insertedLineCount == selection.count,
          script.isEmpty == selection.isEmpty, Self.isOrdered(script)
        else {
          Issue.record("\(pair), selected \(selection.lines): \(script)")
          continue
        }
      }
    }
  }

  @Test(arguments: SmallScope.Endings.all)
  func `a printed patch reads back as the selected content`(_ endings: SmallScope.Endings) throws {
    for pair in SmallScope.pairs(endings) {
      let diff = pair.diff
      for selection in SmallScope.selections(of: diff) {
        let patch = UnifiedPatch.hunks(of: diff, selection: selection)
        let wanted = selectedContent(of: diff, selection: selection)
        guard try PatchReader(patch).applied(to: pair.old) == wanted,
          !selection.isEmpty || patch.isEmpty
        else {
          let text = String(decoding: patch, as: UTF8.self)
          Issue.record("\(pair), selected \(selection.lines): \(text)")
          continue
        }
      }
    }
  }

  /// Removed ranges ascend without touching; insertions ascend by new line and never step backwards.
  private static func isOrdered(_ script: EditScript) -> Bool {
    let removed = zip(script.removed, script.removed.dropFirst()).allSatisfy {
      $0.upperBound < $1.lowerBound
    }
    let inserted = zip(script.inserted, script.inserted.dropFirst()).allSatisfy {
      $0.newLines.upperBound <= $1.newLines.lowerBound && $0.position <= $1.position
    }
    return removed && inserted && script.inserted.allSatisfy { $0.stride == 0 || $0.stride == 1 }
      && script.removed.allSatisfy { !$0.isEmpty }
  }
}
