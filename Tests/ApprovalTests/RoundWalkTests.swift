// Long random sequences of decisions, rounds, undo and redo, held against a reference that replays them.

import TestSupport
import Approval
import Diffing
import Testing

/// Decisions and rounds on a file whose every third line has one of some versions: what stands is what replaying leaves.
private struct RoundReference {
  enum Step {
    case decide([Int], Verdict)
    case round([Int: Int])
  }

  let first: [Int: Int]
  private(set) var done: [Step] = []
  private(set) var undone: [Step] = []

  init(_ first: [Int: Int]) { self.first = first }

  /// The version of each changed line, and what was decided of it.
  var now: (versions: [Int: Int], standing: [Int: Verdict]) {
    done.reduce(into: (first, [:])) { now, step in
      switch step {
      case .decide(let lines, let verdict): for line in lines { now.standing[line] = verdict }
      case .round(let versions):
        now.standing = now.standing.filter {
          versions[$0.key] != nil && versions[$0.key] == now.versions[$0.key]
        }
        now.versions = versions
      }
    }
  }

  mutating func take(_ step: Step) {
    done.append(step)
    undone = []
  }
  mutating func undo() { if let step = done.popLast() { undone.append(step) } }
  mutating func redo() { if let step = undone.popLast() { done.append(step) } }
}

struct RoundWalkTests {
  private static var seeds: [UInt64] {
    Depth.isDeep ? [1, 2, 3, UInt64.random(in: 4...UInt64.max)] : [1, 2]
  }
  private static var commandCount: Int { Depth.isDeep ? 4_000 : 250 }
  private static let places = 6

  @Test(arguments: seeds)
  func `over any interleaving decisions and rounds stand as the reference says`(_ seed: UInt64)
    throws
  {
    var random = SeededRandom(seed)
    let first = Self.versions(&random)
    var session = ScratchSession(Self.proposal(first))
    var reference = RoundReference(first)
    let origin = session.ledger.proposal
    for step in 0..<Self.commandCount {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3:
        let before = session.ledger
        if let step = before.undoable {
          try session.append(.undo(of: step.sequence))
          reference.undo()
          // Undo and redo are inverse, whatever is undone.
          var again = session.ledger
          try again.append(.redo(of: step.sequence))
          #expect(Self.isEqual(again, before, entries: false), "seed \(seed), step \(step)")
        }
      case 3:
        if let step = session.ledger.redoable {
          try session.append(.redo(of: step.sequence))
          reference.redo()
        }
      case 4, 5:
        let versions = Self.versions(&random)
        try session.follow(Self.proposal(versions))
        reference.take(.round(versions))
      default:
        let places = reference.now.versions.keys.sorted().filter { _ in
          Bool.random(using: &random)
        }
        guard !places.isEmpty else { continue }
        let verdict = [Verdict.approved, .approved, .rejected, .undecided]
          .randomElement(using: &random)!
        let changed = reference.now.versions.keys.sorted()
        // Each changed line is one removed and one added line.
        let lines = places.flatMap { place -> [Int] in
          let index = changed.firstIndex(of: place)!
          return [2 * index, 2 * index + 1]
        }
        try session.decide("f", lines: lines, verdict)
        reference.take(.decide(places, verdict))
      }
      try Self.expectEqual(session, reference, "seed \(seed), step \(step)")
      if step % 25 == 0 {
        let read = try DecisionLedger(proposal: origin, entries: session.ledger.entries)
        #expect(Self.isEqual(read, session.ledger), "seed \(seed), step \(step)")
      }
      while reference.done.count > 40, let step = session.ledger.undoable {
        try session.append(.undo(of: step.sequence))
        reference.undo()
      }
    }
    #expect(session.ledger.entries.contains { if case .round = $0 { true } else { false } })
  }

  private static func expectEqual(
    _ session: ScratchSession, _ reference: RoundReference, _ said: String
  ) throws {
    let (versions, standing) = reference.now
    #expect(session.ledger.proposal == proposal(versions).proposal, "\(said)")
    let expected = versions.keys.sorted().flatMap { place in
      [Verdict](repeating: standing[place] ?? .undecided, count: 2)
    }
    #expect(try session.verdicts("f") == expected, "\(said)")
    if standing.values.contains(.approved) {
      #expect(try session.violations() == [], "\(said)")
    }
  }

  /// Whether two ledgers say the same of everything.
  static func isEqual(
    _ left: DecisionLedger, _ right: DecisionLedger, entries: Bool = true
  ) -> Bool {
    left.proposal == right.proposal && left.roundNumber == right.roundNumber
      && left.decisionsInForce == right.decisionsInForce
      && left.nextSequence == right.nextSequence && left.nextRoundNumber == right.nextRoundNumber
      && left.undoable == right.undoable && left.redoable == right.redoable
      && left.carriedDecisions == right.carriedDecisions
      && left.standingRounds == right.standingRounds && left.hasMovedBase == right.hasMovedBase
      && left.decisionsFromOtherBases == right.decisionsFromOtherBases
      && (!entries || left.entries == right.entries)
      && left.proposal.files.indices.allSatisfy {
        left.decisions(forFile: $0) == right.decisions(forFile: $0)
      }
  }

  private static func versions(_ random: inout SeededRandom) -> [Int: Int] {
    var versions: [Int: Int] = [:]
    for place in 0..<places {
      let version = Int.random(in: 0..<3, using: &random)
      if version > 0 { versions[place] = version }
    }
    return versions.isEmpty ? [0: 1] : versions
  }

  /// A file of equal lines but for its places: bytes alone do not tell which is which.
  private static func proposal(_ versions: [Int: Int]) -> ScratchProposal {
    func file(_ versions: [Int: Int]) -> String {
      (0..<places).map { place in
        "same\nold\(versions[place].map { " version \($0)" } ?? "")\nsame\n"
      }.joined()
    }
    return ScratchProposal([("f", .init(file([:])), .init(file(versions)))])
  }
}
