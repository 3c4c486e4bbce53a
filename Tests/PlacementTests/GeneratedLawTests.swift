import TestSupport
import Placement
import Testing

@Suite struct GeneratedLawTests {
  /// A file, an answer in any notation that comes in pieces, and every edit of it against the reference of the ladder and of the law.
  @Test func `every edit is where the reference has it, and nothing else changes`() async {
    let run = await GeneratedRun.of(
      "Edits in one file", quick: 4_000, deep: 1_000_000, Self.failure)
    run.expectCounts("placed", ["exact", "trailingBlanks", "typography", "indentation"])
    run.expectCounts(
      "refused",
      [
        "blankSearch", "noChange", "alreadyApplied", "elision", "notFound", "ambiguous",
        "indentationCannotShift", "overlaps",
      ])
    run.expectCounts("chosen by", ["lineHint", "scope", "order"])
  }

  private static func failure(seed: UInt64, tally: inout PlacementTally) -> String? {
    let path = GeneratedAnswer.path
    var generator = CaseGenerator(seed: seed)
    let dialect = generator.random.pick(Dialect.allCases)
    let (content, edits) = generator.fileWithEdits(for: dialect)
    var writer = AnswerWriter(generator.random)
    let answer = writer.write(edits, path: path, as: dialect)
    let (blocks, early) = GeneratedAnswer.read(answer.bytes, &writer.random)
    var failure: String?
    if blocks.map(\.edit) != answer.edits.map(Edit.replace) {
      failure = "read as\n" + picture(blocks).map(\.debugDescription).joined(separator: "\n")
    } else if blocks.contains(where: { $0.path != bytes(path) }) {
      failure = "read for \(blocks.map { text($0.path) })"
    } else if Array(blocks.prefix(early.count)) != early {
      failure = "blocks changed while the answer came"
    } else {
      let outcome = GeneratedAnswer.outcome(of: blocks, in: content)
      tally.count(outcome, of: blocks.count, as: "\(dialect)")
      failure = GeneratedCase(content: content, edits: answer.edits, outcome: outcome).failure()
    }
    return failure.map { $0 + GeneratedAnswer.picture(content, answer.edits, answer.bytes) }
  }
}
