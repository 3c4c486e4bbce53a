// Carrying decisions over, for every base and every two proposals of a few lines.

import TestSupport
import Approval
import Diffing
import Testing

struct CarriedSmallScopeTests {
  /// 15 files outside a deep run, 31 in one.
  private static let words: [String] = (0...(Depth.isDeep ? 4 : 3)).flatMap { length in
    (0..<(1 << length)).map { bits in
      (0..<length).map { bits >> $0 & 1 == 0 ? "a\n" : "b\n" }.joined()
    }
  }

  @Test func `what is carried stands as it stood, all else is undecided, and the guard agrees`()
    throws
  {
    for (number, base) in Self.words.enumerated() {
      for first in Self.words where first != base {
        for second in Self.words where second != base {
          for seed in 0..<(Depth.isDeep ? 4 : 1) {
            try Self.check(base, first, second, seed &* 7 &+ number)
          }
        }
      }
    }
  }

  @Test func `decisions carried to the same proposal are the same records, and none falls`() throws
  {
    for base in Self.words {
      for first in Self.words where first != base {
        let session = try Self.session(base, first, seed: first.utf8.count)
        let carried = try session.carried(to: Self.proposal(base, first))
        guard carried.records == session.ledger.decisionsInForce, carried.fallen.isEmpty else {
          Issue.record("\(base), \(first)")
          continue
        }
      }
    }
  }

  private static func proposal(_ old: String, _ new: String) -> ScratchProposal {
    ScratchProposal([("f", .init(old), .init(new))])
  }

  /// Approvals, rejections and takings back on lines that `seed` and the number of lines choose.
  private static func session(_ old: String, _ new: String, seed: Int) throws -> ScratchSession {
    var session = ScratchSession(proposal(old, new))
    var random = SeededRandom(UInt64(seed) &* 31 &+ UInt64(new.utf8.count))
    let count = try session.round.diff("f").changedLineCount
    for verdict in [Verdict.approved, .rejected, .approved, .undecided] {
      let lines = (0..<count).filter { _ in Int.random(in: 0..<3, using: &random) != 0 }
      if !lines.isEmpty { try session.decide("f", lines: lines, verdict) }
    }
    return session
  }

  private static func check(_ base: String, _ first: String, _ second: String, _ seed: Int) throws {
    var session = try session(base, first, seed: seed)
    let said = "\(base.debugDescription) \(first.debugDescription) \(second.debugDescription)"
    let (before, next) = (session.ledger, proposal(base, second))
    let from = try session.round.diff("f")
    let to = try next.diff("f")
    let same = from.sameChanges(in: to)
    let stood = try session.verdicts("f")
    let carried = try session.follow(next)
    let stands = try session.verdicts("f")

    var expected = [Verdict](repeating: .undecided, count: to.changedLineCount)
    for (line, other) in same { expected[other] = stood[line] }
    if stands != expected { Issue.record("\(said): \(stands), not \(expected)") }

    let fallen = stood.indices.filter { same[$0] == nil }.map { stood[$0] }
    for verdict in [Verdict.approved, .rejected] {
      let count = carried.fallen.filter { $0.verdict == verdict }.reduce(0) { $0 + $1.lineCount }
      if count != fallen.count(where: { $0 == verdict }) { Issue.record("\(said): \(count) fell") }
    }
    if carried.fallen.contains(where: { $0.verdict == .undecided }) {
      Issue.record("\(said): what was undecided fell")
    }
    let numbers = carried.records.map(\.sequence)
    if Set(numbers).count != numbers.count || numbers != numbers.sorted() {
      Issue.record("\(said): \(numbers)")
    }

    if stands.contains(.approved) {
      if try session.violations() != [] { Issue.record("\(said): the guard disagrees") }
      let taken = LineSelection(same.keys.filter { stood[$0] == .approved })
      let content = selectedContent(
        of: to, selection: LineSelection(same.filter { stood[$0.key] == .approved }.values))
      if content != selectedContent(of: from, selection: taken) {
        Issue.record("\(said): folding what was carried gives other bytes")
      }
    }

    // There and back: what did not fall away on the way out stands as it stood.
    try session.follow(proposal(base, first))
    let back = try session.verdicts("f")
    if back != stood.indices.map({ same[$0] == nil ? .undecided : stood[$0] }) {
      Issue.record("\(said): back again it is \(back)")
    }
    // Undoing both rounds brings back what stood before them.
    for number in [session.ledger, session.ledger].indices.reversed() {
      try session.append(.undo(of: before.nextSequence + number))
    }
    if try session.verdicts("f") != stood
      || session.ledger.decisionsInForce != before.decisionsInForce
    {
      Issue.record("\(said): undone it is another")
    }
  }
}
