import TestSupport
import Placement
import Testing

@Suite struct GeneratedFileTests {
  /// A file that is written anew in a fence: what stays the same keeps its bytes, all else is as it was written.
  @Test func `a whole file keeps the bytes of the lines that stay`() async {
    let run = await GeneratedRun.of("Whole files", quick: 1_000, deep: 30_000, Self.failure)
    run.expectCounts("placed", ["wholeFile"])
    run.expectCounts("refused", ["noChange", "elision"])
  }

  private static func failure(seed: UInt64, tally: inout PlacementTally) -> String? {
    let path = bytes(GeneratedAnswer.path)
    var generator = CaseGenerator(seed: seed)
    let (bodies, content) = generator.file(isOutline: false)
    let written = generator.replacement(for: bodies, in: bodies)
    // What begins like an edit is one.
    let begin = written.first { !Reference.isBlank($0) } ?? []
    if ["<", "*", "@", "-"].map(bytes).contains(where: begin.starts) { return nil }
    // A second mark behind the first says nothing about files.
    if let first = bodies.first, first.starts(with: ReferenceFile.mark) { return nil }
    let fence = generator.random.pick(["````", "~~~"])
    var answer = path + bytes("\n\(fence)swift\n")
    for line in written { answer += line + [10] }
    answer += bytes(fence + generator.random.pick(["", "\n", "\nDone.\n"]))

    let settings = EditBlockSettings(knownPaths: [path], acceptsWholeFiles: true)
    let blocks = GeneratedAnswer.read(answer, &generator.random, settings).blocks
    let shown = { GeneratedAnswer.picture(content, [], answer) }
    if let marker = written.firstIndex(where: { $0.starts(with: bytes("<<<<<<< SEARCH")) }) {
      // Below one line the fence is taken for decoration around a block.
      let isFile = written[..<marker].count { !Reference.stripped($0).isEmpty } > 1
      return !isFile || blocks.map(\.edit) == [.malformed(.nestedStart)]
        ? nil : "read as \(picture(blocks))" + shown()
    }
    guard blocks.map(\.edit) == [.wholeFile(written)] else {
      return "read as \(picture(blocks))" + shown()
    }
    let outcome = GeneratedAnswer.outcome(of: blocks, in: content)
    tally.count(outcome, of: 1, as: "whole file")

    let file = ReferenceFile(content)
    let plain = written.enumerated().map { Reference.plain($1, asLine: $0, of: file) }
    let known = Set(bodies.map(Reference.trimmed))
    var expected: PlacementRefusal?
    if plain == bodies {
      expected = .noChange
    } else if let line = written.map(Reference.withoutReturn).first(where: {
      CaseGenerator.elisions.contains(Reference.trimmed($0))
        && !known.contains(Reference.trimmed($0))
    }) {
      expected = .elision(line: line)
    }
    let reason = outcome.unplaced.first?.reason
    if reason != expected {
      return "\(reason.debugDescription), not \(expected.debugDescription)" + shown()
    }
    guard let change = outcome.changes.first else { return nil }
    let edit = LawfulEdit(
      range: 0..<bodies.count, rung: .wholeFile, search: bodies, written: plain, shifted: plain)
    return ReferenceLaw(old: file).violation(of: change.content, edits: [edit]).map { $0 + shown() }
  }
}
