// What may be committed, for every kind of file and decision.

import Approval
import Diffing
import Testing

struct ApprovedChangeTests {
  /// Folds and checks that the guard agrees, since every approved change must pass it.
  private static func files(_ scratch: ScratchProposal) throws -> [ApprovedFile] {
    var scratch = scratch
    let change = try scratch.approved()
    let tree = scratch.tree(of: change)
    #expect(try scratch.violations(tree) == [])
    #expect(change.proposal == scratch.proposal)
    #expect(change.decisions == scratch.ledger.decisionsInForce)
    return change.files
  }

  private static func result(_ scratch: ScratchProposal) throws -> ApprovedResult {
    let files = try files(scratch)
    #expect(files.count == 1)
    #expect(files[0].path == scratch.proposal.files[0].path)
    #expect(files[0].old == scratch.proposal.files[0].old)
    return files[0].result
  }

  private static func content(_ text: String, _ mode: FileMode = .regular) -> ApprovedResult {
    .content(mode, Array(text.utf8))
  }

  @Test func `nothing approved makes no change`() throws {
    var scratch = ScratchProposal([
      ("a", .init("one\n"), .init("two\n")), ("m", .init("x\n"), .init("x\n", .executable)),
      ("z", .init([0]), .init([0, 1])),
    ])
    #expect(throws: ApprovalError.nothingApproved) { try scratch.approved() }
    try scratch.decide("a", lines: [0, 1], .rejected)
    try scratch.decide("m", .mode, .rejected)
    try scratch.decide("z", .whole, .undecided)
    #expect(throws: ApprovalError.nothingApproved) { try scratch.approved() }
    try scratch.decide("a", lines: [0, 1])
    try scratch.append(.undo(of: 3))
    #expect(throws: ApprovalError.nothingApproved) { try scratch.approved() }
  }

  @Test func `a file approved in full is the proposed blob`() throws {
    var scratch = ScratchProposal([("a", .init("one\ntwo\n"), .init("un\ndeux\n"))])
    try scratch.approveAllLines("a")
    #expect(try Self.result(scratch) == .proposed(scratch.file("a").new!))
  }

  @Test func `a file approved in two steps is the proposed blob`() throws {
    var scratch = ScratchProposal([("a", .init("one\ntwo\n"), .init("un\ndeux\n"))])
    try scratch.decide("a", lines: [2, 3])
    try scratch.decide("a", lines: [0, 1])
    #expect(try Self.result(scratch) == .proposed(scratch.file("a").new!))
  }

  @Test func `a file approved in part is spliced`() throws {
    var scratch = ScratchProposal([("a", .init("one\ntwo\n"), .init("un\ndeux\n"))])
    try scratch.decide("a", lines: [0, 1])
    try scratch.decide("a", lines: [2, 3], .rejected)
    #expect(try Self.result(scratch) == Self.content("un\ntwo\n"))
  }

  @Test func `a new file approved in part has the approved lines and the proposed mode`() throws {
    var scratch = ScratchProposal([("run.sh", nil, .init("one\ntwo\nthree", .executable))])
    try scratch.decide("run.sh", lines: [0, 2])
    #expect(try Self.result(scratch) == Self.content("one\nthree", .executable))
    try scratch.decide("run.sh", lines: [1])
    #expect(try Self.result(scratch) == .proposed(scratch.file("run.sh").new!))
  }

  @Test func `a file whose removal is approved in part keeps its other lines and its mode`() throws
  {
    var scratch = ScratchProposal([("gone", .init("one\ntwo\nthree\n", .executable), nil)])
    try scratch.decide("gone", lines: [0, 2])
    #expect(try Self.result(scratch) == Self.content("two\n", .executable))
  }

  @Test func `a file goes when the removal of all its lines is approved`() throws {
    var scratch = ScratchProposal([("gone", .init("one\ntwo\n"), nil)])
    try scratch.approveAllLines("gone")
    #expect(try Self.result(scratch) == .deleted)
  }

  @Test func `a file that is emptied stays as an empty file`() throws {
    var scratch = ScratchProposal([("a", .init("one\ntwo\n"), .init(""))])
    try scratch.approveAllLines("a")
    #expect(try Self.result(scratch) == .proposed(scratch.file("a").new!))
  }

  @Test func `a mode that changes alone is decided on alone`() throws {
    var scratch = ScratchProposal([("a", .init("x\n"), .init("x\n", .executable))])
    #expect(try scratch.change(0).hasModeUnit && scratch.change(0).unitCount == 1)
    try scratch.decide("a", .mode)
    #expect(try Self.result(scratch) == .proposed(scratch.file("a").new!))
  }

  @Test(arguments: [false, true], [[], [0, 1], [0, 1, 2, 3]])
  func `mode and lines are taken independently`(_ takesMode: Bool, _ lines: [Int]) throws {
    var scratch = ScratchProposal([
      ("a", .init("one\ntwo\n"), .init("un\ndeux\n", .executable))
    ])
    try scratch.decide("a", .mode, takesMode ? .approved : .rejected)
    try scratch.decide("a", lines: lines)
    let mode = takesMode ? FileMode.executable : .regular
    switch (lines.count, takesMode) {
    case (0, false):
      #expect(throws: ApprovalError.nothingApproved) { try scratch.approved() }
    case (0, true):
      #expect(
        try Self.result(scratch)
          == .proposed(FileState(mode: mode, blob: scratch.file("a").old!.blob)))
    case (2, _): #expect(try Self.result(scratch) == Self.content("un\ntwo\n", mode))
    case (_, true): #expect(try Self.result(scratch) == .proposed(scratch.file("a").new!))
    case (_, false): #expect(try Self.result(scratch) == Self.content("un\ndeux\n", mode))
    }
  }

  private typealias Sides = (ScratchProposal.Side?, ScratchProposal.Side?, WholeReason)

  private static let wholeFiles: [Sides] = [
    (ScratchProposal.Side([1, 0, 2]), ScratchProposal.Side([1, 0, 3]), WholeReason.binary),
    (nil, ScratchProposal.Side([0]), .binary),
    (ScratchProposal.Side([0]), nil, .binary),
    (ScratchProposal.Side([0]), ScratchProposal.Side([0], .executable), .binary),
    (nil, ScratchProposal.Side("target", .symlink), .symlink),
    (ScratchProposal.Side("a", .symlink), ScratchProposal.Side("b", .symlink), .symlink),
    (ScratchProposal.Side("a\n"), ScratchProposal.Side("b", .symlink), .typeChange),
    (ScratchProposal.Side("a", .submodule), ScratchProposal.Side("b", .submodule), .submodule),
    (ScratchProposal.Side("a", .symlink), ScratchProposal.Side("b", .submodule), .typeChange),
    (nil, ScratchProposal.Side(""), .empty),
    (ScratchProposal.Side(""), nil, .empty),
  ]

  @Test(arguments: wholeFiles)
  func `what has no lines is decided on as a whole`(
    _ old: ScratchProposal.Side?, _ new: ScratchProposal.Side?, _ reason: WholeReason
  ) throws {
    var scratch = ScratchProposal([("a", old, new)])
    let change = try scratch.change(0)
    guard case .whole(let found, let left, let right) = change.content else {
      Issue.record("\(change.content)")
      return
    }
    #expect(found == reason && left == old?.bytes ?? [] && right == new?.bytes ?? [])
    #expect(change.unitCount == 1 && !change.hasModeUnit && change.diff == nil)
    try scratch.decide("a", .whole, .rejected)
    #expect(throws: ApprovalError.nothingApproved) { try scratch.approved() }
    try scratch.decide("a", .whole)
    let wanted = scratch.file("a").new.map { ApprovedResult.proposed($0) } ?? .deleted
    #expect(try Self.result(scratch) == wanted)
  }

  @Test func `a file over the limit is decided on as a whole`() throws {
    let scratch = ScratchProposal([("a", .init("12345\n"), .init("123456\n"))])
    let file = scratch.file("a")
    func change(_ limit: Int) -> FileChange {
      FileChange(
        file: file, old: Array("12345\n".utf8), new: Array("123456\n".utf8), wholeFileLimit: limit)
    }
    #expect(change(7).diff != nil)
    #expect(change(6).diff == nil)
  }

  @Test func `a NUL far into a file leaves it text, as git has it`() throws {
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 7_999)
    let scratch = ScratchProposal([
      ("late", .init(text + [10, 0]), .init(text + [10, 0, 1])),
      ("early", .init(text + [0]), .init(text + [0, 1])),
    ])
    #expect(try scratch.change(0).diff == nil)
    #expect(try scratch.change(1).diff != nil)
  }

  @Test func `only files with something approved are in the change, sorted by path`() throws {
    var scratch = ScratchProposal([
      ("src/z", .init("1\n"), .init("2\n")), ("b", .init("1\n"), .init("2\n")),
      ("a", nil, .init("n\n")), ("B", .init("1\n"), nil), ("c", .init("1\n"), .init("2\n")),
    ])
    for path in ["src/z", "B", "a"] { try scratch.approveAllLines(path) }
    try scratch.decide("b", lines: [0, 1], .rejected)
    #expect(try Self.files(scratch).map(\.path) == ["B", "a", "src/z"].map { RepositoryPath($0) })
  }

  @Test func `everything approved is the proposal`() throws {
    var scratch = ScratchProposal([
      ("a", .init("one\ntwo"), .init("un\r\ntwo\nthree")), ("b", nil, .init("new")),
      ("c", .init("x\n"), nil), ("d", .init([0]), .init([0, 0])),
      ("e", .init("y\n"), .init("z\n", .executable)),
    ])
    for path in ["a", "b", "c", "e"] { try scratch.approveAllLines(path) }
    try scratch.decide("d", .whole)
    try scratch.decide("e", .mode)
    #expect(try Self.files(scratch).count == 5)
    #expect(try scratch.approvedTree() == scratch.proposed)
  }

  @Test func `contents that are not those decided on are refused`() throws {
    var scratch = ScratchProposal([
      ("a", .init("one\n"), .init("two\n")), ("b", .init("one\n"), .init("two\n")),
    ])
    try scratch.approveAllLines("a")
    #expect(throws: ApprovalError.mismatch(RepositoryPath("a"))) {
      try ApprovedChange(folding: scratch.ledger) { _ in try scratch.change(1) }
    }
    let file = scratch.file("a")
    #expect(throws: ApprovalError.mismatch(RepositoryPath("a"))) {
      try ApprovedChange(folding: scratch.ledger) { _ in
        FileChange(file: file, old: Array("one\n".utf8), new: Array("one\ntwo\n".utf8))
      }
    }
    #expect(throws: ApprovalError.mismatch(RepositoryPath("a"))) {
      try ApprovedChange(folding: scratch.ledger) { _ in
        FileChange(file: file, old: [0], new: [0, 1])
      }
    }
  }

  @Test func `an approval of lines that do not change is refused`() throws {
    var scratch = ScratchProposal([("a", .init("one\ntwo\n"), .init("one\ndeux\n"))])
    let script = EditScript(removed: [0..<2], inserted: [])
    let digest = try LinesDigest.of(script, old: scratch.diff("a").old, new: scratch.diff("a").new)
    try scratch.decide("a", .lines(script, digest: digest))
    #expect(throws: ApprovalError.mismatch(RepositoryPath("a"))) { try scratch.approved() }
  }
}
