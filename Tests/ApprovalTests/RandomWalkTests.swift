// Long random sequences of decisions, undo and redo, held against the reference ledger.

import TestSupport
import Approval
import Diffing
import Testing

struct RandomWalkTests {
  /// The testing library prints the seed with the outcome; a deep run adds a fresh one.
  private static var seeds: [UInt64] {
    Depth.isDeep ? [1, 2, 3, UInt64.random(in: 4...UInt64.max)] : [1, 2, 3]
  }
  private static var commandCount: Int { Depth.isDeep ? 25_000 : 800 }

  @Test(arguments: seeds)
  func `a random walk of decisions ends as the reference ledger says`(_ seed: UInt64) throws {
    var walk = try Walk(seed: seed)
    for number in 0..<Self.commandCount {
      try walk.step()
      if let fault = try walk.difference() {
        Issue.record("seed \(seed), command \(number): \(fault)")
        return
      }
      if number % 10 == 0, let fault = try walk.differenceInApprovedChange() {
        Issue.record("seed \(seed), command \(number): \(fault)")
        return
      }
    }
    #expect(walk.undoCount > 50 && walk.redoCount > 10)
  }
}

/// A scratch proposal walked through by a seeded generator, with the reference at its side.
private struct Walk {
  private var random: SeededRandom
  private var scratch: ScratchProposal
  private var reference = ReferenceLedger()
  private let changes: [FileChange]
  private(set) var undoCount = 0
  private(set) var redoCount = 0

  init(seed: UInt64) throws {
    random = SeededRandom(seed)
    var files: [(path: String, old: ScratchProposal.Side?, new: ScratchProposal.Side?)] = [
      ("binary", .init([0, 1]), .init([0, 2])), ("link", nil, .init("to", .symlink)),
      ("mode", .init("x\n"), .init("x\n", .executable)),
      ("new", nil, .init("one\ntwo\nthree", .executable)),
      ("gone", .init("one\r\ntwo\r\nthree"), nil), ("empty", .init(""), nil),
    ]
    for number in 0..<4 {
      let old = Self.text(&random)
      let new = Self.text(&random) + "extra \(number)\n"
      let mode = Bool.random(using: &random) ? FileMode.executable : .regular
      files.append(("text \(number)", .init(old), .init(new, mode)))
    }
    let scratch = ScratchProposal(files)
    self.scratch = scratch
    changes = try scratch.proposal.files.indices.map { try scratch.change($0) }
  }

  mutating func step() throws {
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      if let sequence = reference.undo() {
        undoCount += 1
        try scratch.append(.undo(of: sequence))
      } else {
        #expect(throws: LedgerError.self) { try scratch.append(.undo(of: 0)) }
      }
    case 2:
      if let sequence = reference.redo() {
        redoCount += 1
        try scratch.append(.redo(of: sequence))
      } else {
        #expect(throws: LedgerError.self) { try scratch.append(.redo(of: 0)) }
      }
    default: try decide()
    }
    // Keeps the reference's replay short without ever emptying it.
    guard reference.done.count > 60 else { return }
    for _ in 0..<40 {
      guard let sequence = reference.undo() else { return }
      try scratch.append(.undo(of: sequence))
    }
  }

  private mutating func decide() throws {
    let index = changes.indices.randomElement(using: &random)!
    let path = String(decoding: changes[index].file.path.bytes, as: UTF8.self)
    let verdict = [Verdict.approved, .approved, .rejected, .undecided].randomElement(
      using: &random)!
    let sequence = scratch.ledger.nextSequence
    let units: [ReferenceUnit]
    if let diff = changes[index].diff {
      if changes[index].hasModeUnit, diff.changedLineCount == 0 || Bool.random(using: &random) {
        units = [.mode(file: index)]
        try scratch.decide(path, .mode, verdict)
      } else {
        let share = Int.random(in: 1...4, using: &random)
        let lines = (0..<diff.changedLineCount).filter { _ in
          Int.random(in: 0..<4, using: &random) < share
        }
        units = lines.map { .line($0, file: index) }
        try scratch.decide(path, lines: lines, verdict)
      }
    } else {
      units = [.whole(file: index)]
      try scratch.decide(path, .whole, verdict)
    }
    reference.decide(.init(sequence: sequence, units: units, verdict: verdict))
  }

  /// Compares the standing of every unit.
  func difference() throws -> String? {
    let standing = reference.standing
    guard scratch.ledger.decisionsInForce.map(\.sequence) == reference.done.map(\.sequence),
      scratch.ledger.undoable?.sequence == reference.done.last?.sequence,
      scratch.ledger.redoable?.sequence == reference.undone.last?.sequence
    else { return "other decisions are in force" }
    for (index, change) in changes.enumerated() {
      let decisions = scratch.ledger.decisions(forFile: index)
      guard decisions.mode == standing[.mode(file: index)] ?? .undecided,
        decisions.whole == standing[.whole(file: index)] ?? .undecided
      else { return "mode or whole of file \(index)" }
      guard let diff = change.diff else { continue }
      var fault: String?
      for group in diff.groups.indices {
        diff.forEachChangedLine(in: group) { line, changed in
          guard decisions.verdict(of: changed) != standing[.line(line, file: index)] ?? .undecided
          else { return }
          fault = "line \(line) of file \(index)"
        }
      }
      if let fault { return fault }
    }
    return nil
  }

  /// Compares the tree that would be committed, and asks the guard about it.
  mutating func differenceInApprovedChange() throws -> String? {
    let standing = reference.standing
    var expected = scratch.base
    for (index, change) in changes.enumerated() {
      expected[change.file.path] = expectedState(change, index, standing)
    }
    do {
      let tree = try scratch.approvedTree()
      guard tree == expected else { return "another tree: \(tree)\nexpected: \(expected)" }
      let violations = try scratch.violations(tree)
      guard violations.isEmpty else { return "\(violations)" }
      return try differenceInProof(of: tree)
    } catch ApprovalError.nothingApproved {
      return standing.values.contains(.approved) ? "nothing approved" : nil
    }
  }

  /// Has the guard check the tree by the decisions as they are said without the proposal.
  private func differenceInProof(of tree: TreeListing) throws -> String? {
    let files = Set(scratch.base.keys).union(tree.keys).sorted()
      .filter { scratch.base[$0] != tree[$0] }
      .map { ProposedFile(path: $0, old: scratch.base[$0], new: tree[$0]) }
    let proof = try CommittedDecisions.of(scratch.ledger.decisionsInForce, on: files) {
      try scratch.blob($0)
    }
    guard proof.allSatisfy({ $0.verdict == .approved }) else { return "a proof of a rejection" }
    let violations = try scratch.violations(tree, proof)
    guard violations.isEmpty else { return "the proof says \(violations)" }
    guard CommittedDecisions.firstDecidedTwice(in: proof) == nil else {
      return "two decisions on one line"
    }
    // One of them less, and something is unexplained.
    guard let one = proof.indices.randomElement() else { return nil }
    var fewer = proof
    fewer.remove(at: one)
    return try scratch.violations(tree, fewer).isEmpty ? "decision \(one) proves nothing" : nil
  }

  private mutating func expectedState(
    _ change: FileChange, _ index: Int, _ standing: [ReferenceUnit: Verdict]
  ) -> FileState? {
    let file = change.file
    guard let diff = change.diff else {
      return standing[.whole(file: index)] == .approved ? file.new : file.old
    }
    let taken = Set(
      (0..<diff.changedLineCount).filter { standing[.line($0, file: index)] == .approved })
    if taken.count == diff.changedLineCount, file.new == nil { return nil }
    if taken.isEmpty, file.old == nil { return nil }
    let takesMode = standing[.mode(file: index)] == .approved
    let mode = takesMode ? file.new!.mode : (file.old ?? file.new)!.mode
    let bytes = Splice.content(of: diff) { taken.contains($0) }
    return scratch.state(of: .init(bytes, mode))
  }

  private static func text(_ random: inout SeededRandom) -> String {
    let terminator = Bool.random(using: &random) ? "\n" : "\r\n"
    let lines = (0..<Int.random(in: 1...9, using: &random)).map { _ in
      "let v\(Int.random(in: 0..<6, using: &random)) = 1"
    }
    return lines.joined(separator: terminator) + (Bool.random(using: &random) ? terminator : "")
  }
}
