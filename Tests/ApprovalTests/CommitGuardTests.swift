// The guard passes what was approved and names everything else.

import Approval
import Diffing
import Digest
import Testing

struct CommitGuardTests {
  private static let a = RepositoryPath("a")
  private static let gone = RepositoryPath("gone")
  private static let new = RepositoryPath("new")

  /// Some of everything approved: lines in part, a new file in part, a removal in part, a mode, a binary file.
  private static func scratch() throws -> ScratchProposal {
    var scratch = ScratchProposal([
      ("a", .init("one\ntwo\nthree\n"), .init("un\ntwo\ntrois\n")),
      ("binary", .init([0, 1]), .init([0, 2])),
      ("gone", .init("1\n2\n"), nil),
      ("mode", .init("x\n"), .init("y\n", .executable)),
      ("new", nil, .init("n\nm\n")),
      ("rejected", .init("r\n"), .init("s\n")),
    ])
    try scratch.decide("a", lines: [0, 1])
    try scratch.decide("a", lines: [2, 3], .rejected)
    try scratch.decide("binary", .whole)
    try scratch.decide("gone", lines: [0])
    try scratch.decide("mode", .mode)
    try scratch.decide("new", lines: [1])
    try scratch.decide("rejected", lines: [0, 1], .rejected)
    return scratch
  }

  private static func record(
    _ record: DecisionRecord, file: ProposedFile? = nil, unit: DecisionUnit? = nil,
    verdict: Verdict? = nil
  ) -> DecisionRecord {
    DecisionRecord(
      sequence: record.sequence, file: file ?? record.file, unit: unit ?? record.unit,
      verdict: verdict ?? record.verdict)
  }

  @Test func `an honest tree passes`() throws {
    var scratch = try Self.scratch()
    let tree = try scratch.approvedTree()
    #expect(try scratch.violations(tree) == [])
    #expect(tree != scratch.base && tree != scratch.proposed)
  }

  @Test func `a base without decisions passes unchanged and no other way`() throws {
    let scratch = ScratchProposal([("a", .init("1\n"), .init("2\n"))])
    #expect(try scratch.violations(scratch.base) == [])
    #expect(try scratch.violations(scratch.proposed) == [.unapprovedPath(Self.a)])
  }

  @Test func `every single change to an honest tree is found`() throws {
    var scratch = try Self.scratch()
    let honest = try scratch.approvedTree()
    let other = scratch.state(of: .init("smuggled\n"))
    var tampered: [(RepositoryPath, TreeListing)] = []
    for (path, state) in honest {
      var bytes = try scratch.blob(state.blob)
      var versions: [FileState?] = [nil, other]
      if !bytes.isEmpty {
        bytes[bytes.count / 2] ^= 1
        versions.append(scratch.state(of: .init(bytes, state.mode)))
        versions.append(scratch.state(of: .init(bytes + [10], state.mode)))
        versions.append(scratch.state(of: .init(Array(bytes.dropLast()), state.mode)))
      }
      for mode in [FileMode.regular, .executable, .symlink] where mode != state.mode {
        versions.append(FileState(mode: mode, blob: state.blob))
      }
      for version in versions {
        var tree = honest
        tree[path] = version
        tampered.append((path, tree))
      }
    }
    for path in ["extra", "rejecte", "rejectedd", "a/b", ""] {
      var tree = honest
      tree[RepositoryPath(path)] = other
      tampered.append((RepositoryPath(path), tree))
    }
    #expect(tampered.count > 50)
    for (path, tree) in tampered {
      let violations = try scratch.violations(tree)
      #expect(violations.map(\.path) == [path], "\(violations)")
    }
  }

  @Test func `an extra path is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("extra")] = scratch.state(of: .init("e\n"))
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("extra"))])
  }

  @Test func `a rejected file that changed is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("rejected")] = scratch.file("rejected").new
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("rejected"))])
  }

  @Test func `an untouched file that went is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("untouched")] = nil
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("untouched"))])
  }

  @Test(arguments: ["a", "binary", "gone", "mode", "new"])
  func `an approved file that is as in the base is named`(_ path: String) throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath(path)] = scratch.base[RepositoryPath(path)]
    #expect(try scratch.violations(tree) == [.missingChange(RepositoryPath(path))])
  }

  @Test func `an altered byte is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[Self.a] = scratch.state(of: .init("un\ntwO\nthree\n"))
    #expect(try scratch.violations(tree) == [.content(Self.a)])
  }

  @Test func `a rejected line that is committed with the approved ones is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[Self.a] = scratch.file("a").new
    tree[Self.new] = scratch.file("new").new
    #expect(try scratch.violations(tree) == [.content(Self.a), .content(Self.new)])
  }

  @Test(arguments: ["a", "gone", "mode", "new"])
  func `an altered mode is named`(_ path: String) throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    let state = try #require(tree[RepositoryPath(path)])
    tree[RepositoryPath(path)] = FileState(mode: .symlink, blob: state.blob)
    #expect(try scratch.violations(tree) == [.mode(RepositoryPath(path))])
  }

  @Test func `a mode taken without its approval is named`() throws {
    var scratch = ScratchProposal([("a", .init("x\n"), .init("y\n", .executable))])
    try scratch.approveAllLines("a")
    #expect(try scratch.violations(scratch.proposed) == [.mode(Self.a)])
    #expect(try scratch.violationsOfHonestTree() == [])
    try scratch.decide("a", .mode)
    #expect(try scratch.violations(scratch.proposed) == [])
  }

  @Test func `a file whose removal was approved but that stays is named`() throws {
    var scratch = ScratchProposal([("gone", .init("1\n2\n"), nil)])
    try scratch.approveAllLines("gone")
    #expect(try scratch.violationsOfHonestTree() == [])
    #expect(try scratch.violations(scratch.base) == [.missingChange(Self.gone)])
    var emptied = scratch.base
    emptied[Self.gone] = scratch.state(of: .init(""))
    #expect(try !scratch.violations(emptied).isEmpty)
  }

  @Test func `a file that went although its removal was approved in part is named`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[Self.gone] = nil
    #expect(try scratch.violations(tree) == [.content(Self.gone)])
  }

  @Test(arguments: [Verdict.rejected, .undecided])
  func `lines approved first and rejected later must not be committed`(_ verdict: Verdict) throws {
    var scratch = try Self.scratch()
    let earlier = try scratch.approvedTree()
    try scratch.decide("a", lines: [0], verdict)
    try scratch.decide("gone", lines: [0], verdict)
    try scratch.decide("binary", .whole, verdict)
    try scratch.decide("mode", .mode, verdict)
    let paths = ["a", "binary", "gone", "mode"].map { RepositoryPath($0) }
    #expect(try scratch.violations(earlier).map(\.path) == paths)
    #expect(try scratch.violations(earlier).contains(.unapprovedPath(RepositoryPath("binary"))))
    #expect(try scratch.violationsOfHonestTree() == [])
  }

  @Test func `lines whose approval was undone must not be committed`() throws {
    var scratch = try Self.scratch()
    let before = try scratch.approvedTree()
    try scratch.decide("rejected", lines: [0, 1])
    let with = try scratch.approvedTree()
    #expect(try scratch.violations(with) == [])
    try scratch.append(.undo(of: try #require(scratch.ledger.undoable).sequence))
    #expect(try scratch.violations(with) == [.unapprovedPath(RepositoryPath("rejected"))])
    #expect(try scratch.violations(before) == [])
  }

  @Test func `an altered digest is named`() throws {
    var scratch = try Self.scratch()
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
    var scratch = try Self.scratch()
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
    var scratch = try Self.scratch()
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
    var scratch = try Self.scratch()
    let tree = try scratch.approvedTree()
    var records = scratch.ledger.decisionsInForce
    records[0] = Self.record(
      records[0], unit: .lines(script, digest: SHA256Digest.of([])))
    #expect(try scratch.violations(tree, records).contains(.script(Self.a, sequence: 0)))
  }

  @Test func `a record bound to another base or to two versions of a file is named`() throws {
    var scratch = try Self.scratch()
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
    var scratch = try Self.scratch()
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
    var scratch = try Self.scratch()
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

  @Test func `a blob that cannot be read stops the check`() throws {
    var scratch = try Self.scratch()
    var tree = try scratch.approvedTree()
    tree[Self.a] = FileState(mode: .regular, blob: ScratchProposal.id(of: [77]))
    #expect(throws: ScratchProposal.MissingBlob.self) { try scratch.violations(tree) }
  }
}
