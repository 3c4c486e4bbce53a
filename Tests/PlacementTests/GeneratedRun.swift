// A run of many generated cases, in parts that go side by side.

import TestSupport
import Placement
import Testing

/// What the cases of a run counted, and what was wrong with some.
struct GeneratedRun {
  private(set) var tally = PlacementTally()
  private(set) var failures: [String] = []

  /// Goes through `quick` cases, or `deep` ones from a fresh seed in a deep run, whose counts are printed.
  ///
  /// - Parameter examine: counts the case of a seed and says what is wrong with it, or nil.
  static func of(
    _ name: String, quick: Int, deep: Int,
    _ examine: @escaping @Sendable (UInt64, inout PlacementTally) -> String?
  ) async -> GeneratedRun {
    let partCount = 50
    let perPart = (Depth.isDeep ? deep : quick) / partCount
    let first = Depth.isDeep ? UInt64.random(in: 1 << 32..<UInt64.max >> 1) : 0
    let total = await withTaskGroup(of: GeneratedRun.self) { group in
      for part in 0..<partCount {
        group.addTask {
          var run = GeneratedRun()
          for seed in (first + UInt64(part * perPart))..<(first + UInt64((part + 1) * perPart)) {
            guard let failure = examine(seed, &run.tally) else { continue }
            run.failures.append("seed \(seed): \(failure)")
            if run.failures.count == 3 { break }
          }
          return run
        }
      }
      var total = GeneratedRun()
      for await run in group {
        total.tally.add(run.tally)
        total.failures += run.failures
      }
      return total
    }
    #expect(total.failures.isEmpty, "\(total.failures.prefix(5).joined(separator: "\n"))")
    if Depth.isDeep { print("\(name): \(total.tally.table)") }
    return total
  }

  /// A run that never comes to a rung or a reason says nothing about it.
  func expectCounts(_ kind: String, _ names: [String]) {
    for name in names { #expect(tally["\(kind): \(name)"] > 0, "\(kind): \(name)") }
  }
}

/// The one file that generated answers are for.
enum GeneratedAnswer {
  static let path = "src/f.swift"
  static let settings = EditBlockSettings(knownPaths: [bytes(path)])

  /// Reads an answer that comes in pieces of random sizes, often byte by byte; what has been read stays.
  static func read(
    _ answer: [UInt8], _ random: inout SeededRandom,
    _ settings: EditBlockSettings = GeneratedAnswer.settings
  ) -> (blocks: [EditBlock], early: [EditBlock]) {
    let longest = random.pick([1, 3, 20, 200])
    var parser = EditBlockParser(settings)
    var start = 0
    var early: [EditBlock] = []
    let middle = random.below(answer.count + 1)
    while start < answer.count {
      let end = min(answer.count, start + 1 + random.below(longest))
      parser.feed(answer[start..<end])
      if start <= middle, middle < end { early = parser.blocks }
      start = end
    }
    parser.finish()
    return (parser.blocks, early)
  }

  static func outcome(of blocks: [EditBlock], in content: [UInt8]) -> PlacementOutcome {
    place(
      blocks: blocks, in: [OfferedFile(path: bytes(path), content: content)],
      existingPaths: PathIndex())
  }

  /// A case for the reader of a failure.
  static func picture(_ content: [UInt8], _ edits: [LineReplacement], _ answer: [UInt8]) -> String {
    let edits = PlacementTests.picture(edits.map { block(.replace($0), path: path) })
    return "\n  file \(text(content).debugDescription)\n"
      + edits.map { "  \($0.debugDescription)" }.joined(separator: "\n")
      + "\n  answer \(text(answer).debugDescription)"
  }
}
