// The guard's replay against the splice, for every selection of every small diff.

import TestSupport
import Approval
import Diffing
import Testing

/// All pairs of files over two lines with up to four of them, the guard asked about each selection.
struct GuardSmallScopeTests {
  private static let path = RepositoryPath("f")

  /// The lines of `word`; only the last may be without its terminator.
  private static func file(_ word: [UInt8], _ terminator: [UInt8], isTerminated: Bool) -> [UInt8] {
    let bytes = Array(word.map { [$0] + terminator }.joined())
    return isTerminated ? bytes : Array(bytes.dropLast(terminator.count))
  }

  private static let words: [[UInt8]] = (0...4).flatMap { length in
    (0..<(1 << length)).map { bits in (0..<length).map { bits >> $0 & 1 == 0 ? 97 : 98 } }
  }

  struct Ends: Sendable, CustomStringConvertible {
    let terminator: [UInt8]
    let isTerminatedOld: Bool
    let isTerminatedNew: Bool

    var description: String { "\(terminator) \(isTerminatedOld) \(isTerminatedNew)" }
  }

  private static let ends: [Ends] =
    [
      Ends(terminator: [10], isTerminatedOld: true, isTerminatedNew: true),
      Ends(terminator: [10], isTerminatedOld: true, isTerminatedNew: false),
      Ends(terminator: [13, 10], isTerminatedOld: false, isTerminatedNew: false),
    ]
    + (!Depth.isDeep
      ? []
      : [
        Ends(terminator: [10], isTerminatedOld: false, isTerminatedNew: false),
        Ends(terminator: [13, 10], isTerminatedOld: true, isTerminatedNew: true),
        Ends(terminator: [13, 10], isTerminatedOld: true, isTerminatedNew: false),
        Ends(terminator: [10], isTerminatedOld: false, isTerminatedNew: true),
        Ends(terminator: [13, 10], isTerminatedOld: false, isTerminatedNew: true),
      ])

  @Test(arguments: ends)
  func `the guard replays every small selection to the spliced bytes and finds any other byte`(
    _ ends: Ends
  ) throws {
    var selectionCount = 0
    for old in Self.words {
      for new in Self.words {
        let left = Self.file(old, ends.terminator, isTerminated: ends.isTerminatedOld)
        let right = Self.file(new, ends.terminator, isTerminated: ends.isTerminatedNew)
        guard left != right else { continue }
        selectionCount += try Self.check(left, right)
      }
    }
    // The 31 pairs of equal files have one selection each.
    if ends.isTerminatedOld, ends.isTerminatedNew { #expect(selectionCount == 10_447 - 31) }
  }

  @Test func `the guard knows a new file and a removed one from an empty one`() throws {
    for word in Self.words.dropFirst() {
      let bytes = Self.file(word, [10], isTerminated: true)
      for (old, new) in [(nil, bytes), (bytes, nil)] as [([UInt8]?, [UInt8]?)] {
        let count = word.count
        for bits in 1..<(1 << count) {
          var scratch = ScratchProposal([("f", old.map { .init($0) }, new.map { .init($0) })])
          try scratch.decide("f", lines: (0..<count).filter { bits >> $0 & 1 == 1 })
          let tree = try scratch.approvedTree()
          #expect(try scratch.violations(tree) == [])
          let isWhole = bits == 1 << count - 1
          #expect((tree[Self.path] == nil) == (new == nil && isWhole))
          var other = tree
          other[Self.path] = tree[Self.path] == nil ? scratch.state(of: .init("")) : nil
          #expect(try scratch.violations(other).map(\.path) == [Self.path])
        }
      }
    }
  }

  private static func check(_ old: [UInt8], _ new: [UInt8]) throws -> Int {
    let oldState = FileState(
      mode: .regular, blob: ObjectID(hex: String(repeating: "1", count: 40))!)
    let newState = FileState(
      mode: .regular, blob: ObjectID(hex: String(repeating: "2", count: 40))!)
    let committed = FileState(
      mode: .regular, blob: ObjectID(hex: String(repeating: "3", count: 40))!)
    let file = ProposedFile(path: path, old: oldState, new: newState)
    let diff = FileDiff.between(TextFile(old), TextFile(new))
    for bits in 0..<(1 << diff.changedLineCount) {
      let selection = LineSelection((0..<diff.changedLineCount).filter { bits >> $0 & 1 == 1 })
      let content = selectedContent(of: diff, selection: selection)
      let records = records(diff, selection, file)
      func violations(_ bytes: [UInt8]) throws -> [GuardViolation] {
        try CommitGuard.violations(
          base: [path: oldState], committed: [path: bytes == old ? oldState : committed],
          decisions: records
        ) { id in id == oldState.blob ? old : id == newState.blob ? new : bytes }
      }
      guard try violations(content) == [] else {
        Issue.record("\(old) \(new) \(selection.lines): \(try violations(content))")
        continue
      }
      guard Depth.isDeep || bits % 3 == 0 else { continue }
      var altered = content
      if altered.isEmpty { altered = [10] } else { altered[bits % altered.count] ^= 3 }
      guard try !violations(altered).isEmpty else {
        Issue.record("\(old) \(new) \(selection.lines): \(altered) passes")
        continue
      }
    }
    return 1 << diff.changedLineCount
  }

  /// The selection as it may have come about: the others approved and rejected again, the selected ones in two steps.
  private static func records(_ diff: FileDiff, _ selection: LineSelection, _ file: ProposedFile)
    -> [DecisionRecord]
  {
    let lines = selection.lines
    let steps: [(LineSelection, Verdict)] = [
      (.all(of: diff), .approved), (.all(of: diff), .rejected),
      (LineSelection(lines.filter { $0 % 2 == 1 }), .approved),
      (LineSelection(lines.filter { $0 % 2 == 0 }), .approved),
    ]
    let isPlain = lines.count % 2 == 0
    return (isPlain ? [(selection, Verdict.approved)] : steps).enumerated().map { index, step in
      let script = diff.editScript(of: step.0)
      let digest = LinesDigest.of(script, old: diff.old, new: diff.new)
      return DecisionRecord(
        sequence: index, file: file, unit: .lines(script, digest: digest), verdict: step.1)
    }
  }
}
