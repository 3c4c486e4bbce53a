// The guard does not believe the records either: altered ones are named.

import Approval
import Diffing
import Digest
import Testing

struct CommitGuardRecordTests {
  private static let a = RepositoryPath("a")

  private static func record(
    _ record: DecisionRecord, file: ProposedFile? = nil, unit: DecisionUnit? = nil,
    verdict: Verdict? = nil
  ) -> DecisionRecord {
    DecisionRecord(
      sequence: record.sequence, file: file ?? record.file, unit: unit ?? record.unit,
      verdict: verdict ?? record.verdict)
  }

  @Test func `an altered digest is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    for (index, record) in scratch.ledger.decisionsInForce.enumerated() {
      guard case .lines(let script, _) = record.unit else { continue }
      var records = scratch.ledger.decisionsInForce
      records[index] = Self.record(record, unit: .lines(script, digest: SHA256Digest.of([1])))
      let wanted = GuardViolation.digest(record.file.path, sequence: record.sequence)
      #expect(try scratch.violations(tree, records).contains(wanted))
    }
  }

  @Test(arguments: [
    EditScript(removed: [0..<2], inserted: [.init(newLines: 0..<1, position: 1, stride: 0)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<1, position: 1, stride: 0)]),
    EditScript(removed: [0..<1], inserted: []),
    EditScript(removed: [0..<1], inserted: [.init(newLines: 1..<2, position: 1, stride: 0)]),
    EditScript(removed: [1..<2], inserted: [.init(newLines: 0..<1, position: 1, stride: 0)]),
  ])
  func `a script of other lines does not fit its digest`(_ script: EditScript) throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    var records = scratch.ledger.decisionsInForce
    guard case .lines(let honest, let digest) = records[0].unit else { return }
    #expect(
      honest
        == EditScript(removed: [0..<1], inserted: [.init(newLines: 0..<1, position: 1, stride: 0)]))
    records[0] = Self.record(records[0], unit: .lines(script, digest: digest))
    #expect(try scratch.violations(tree, records).contains(.digest(Self.a, sequence: 0)))
  }

  @Test func `a script that puts a line elsewhere gives other content`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    var records = scratch.ledger.decisionsInForce
    guard case .lines(_, let digest) = records[0].unit else { return }
    let moved = EditScript(
      removed: [0..<1], inserted: [.init(newLines: 0..<1, position: 3, stride: 0)])
    records[0] = Self.record(records[0], unit: .lines(moved, digest: digest))
    #expect(try scratch.violations(tree, records) == [.content(Self.a)])
  }

  @Test(arguments: [
    EditScript(removed: [2..<4], inserted: []),
    EditScript(removed: [-1..<1], inserted: []),
    EditScript(removed: [0..<1, 0..<1], inserted: []),
    EditScript(removed: [1..<2, 0..<1], inserted: []),
    EditScript(removed: [0..<Int.max], inserted: []),
    EditScript(removed: [], inserted: [.init(newLines: 2..<4, position: 0, stride: 0)]),
    EditScript(removed: [], inserted: [.init(newLines: -1..<1, position: 0, stride: 0)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<1, position: 4, stride: 0)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<1, position: -1, stride: 0)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<2, position: 3, stride: 1)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<2, position: 0, stride: 2)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<2, position: 3, stride: -1)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<2, position: Int.max, stride: 1)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<2, position: Int.min, stride: 1)]),
    EditScript(removed: [], inserted: [.init(newLines: 0..<Int.max, position: 0, stride: 1)]),
    EditScript(
      removed: [],
      inserted: [
        .init(newLines: 0..<1, position: 0, stride: 0),
        .init(newLines: 0..<1, position: 1, stride: 0),
      ]),
    EditScript(
      removed: [],
      inserted: [
        .init(newLines: 0..<1, position: 2, stride: 0),
        .init(newLines: 1..<2, position: 1, stride: 0),
      ]),
  ])
  func `a script that is not well formed is named and not followed`(_ script: EditScript) throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    var records = scratch.ledger.decisionsInForce
    records[0] = Self.record(
      records[0], unit: .lines(script, digest: SHA256Digest.of([])))
    #expect(try scratch.violations(tree, records).contains(.script(Self.a, sequence: 0)))
  }

  @Test func `a record bound to another base or to two versions of a file is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    let records = scratch.ledger.decisionsInForce
    let file = records[0].file
    let other = scratch.state(of: .init("one\ntwo\nthree\nfour\n"))
    let executable = FileState(mode: .executable, blob: file.old!.blob)
    for old in [other, executable, nil] {
      var altered = records
      altered[0] = Self.record(
        records[0], file: ProposedFile(path: file.path, old: old, new: file.new))
      #expect(try scratch.violations(tree, altered).contains(.binding(Self.a, sequence: 0)))
    }
    var altered = records
    altered[1] = Self.record(
      records[1], file: ProposedFile(path: file.path, old: file.old, new: other))
    #expect(try scratch.violations(tree, altered).contains(.binding(Self.a, sequence: 1)))
  }

  @Test func `a record bound to another proposed blob does not fit its digest or the tree`() throws
  {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    var records = scratch.ledger.decisionsInForce
    let other = scratch.state(of: .init("unlike\ntwo\ntrois\n"))
    records[0] = Self.record(
      records[0],
      file: ProposedFile(path: Self.a, old: records[0].file.old, new: other))
    records.remove(at: 1)
    #expect(try scratch.violations(tree, records).contains(.digest(Self.a, sequence: 0)))
  }

  @Test func `a record dropped, doubled or turned round changes what must be committed`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    let tree = try scratch.approvedTree()
    let records = scratch.ledger.decisionsInForce
    for (index, record) in records.enumerated() where record.verdict == .approved {
      var dropped = records
      dropped.remove(at: index)
      #expect(try scratch.violations(tree, dropped).map(\.path) == [record.file.path])
      var turned = records
      turned[index] = Self.record(record, verdict: .rejected)
      #expect(try scratch.violations(tree, turned).map(\.path) == [record.file.path])
      #expect(try scratch.violations(tree, records + [record]) == [])
    }
    for (index, record) in records.enumerated() where record.verdict == .rejected {
      var turned = records
      turned[index] = Self.record(record, verdict: .approved)
      #expect(try scratch.violations(tree, turned).map(\.path) == [record.file.path])
    }
  }
}
