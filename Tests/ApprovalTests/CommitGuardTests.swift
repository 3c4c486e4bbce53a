// The guard passes what was approved and names everything else.

import Approval
import Diffing
import Testing

struct CommitGuardTests {
  private static let a = RepositoryPath("a")
  private static let gone = RepositoryPath("gone")
  private static let new = RepositoryPath("new")

  @Test func `an honest tree passes`() throws {
    var scratch = try ScratchProposal.partlyApproved()
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
    var scratch = try ScratchProposal.partlyApproved()
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
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("extra")] = scratch.state(of: .init("e\n"))
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("extra"))])
  }

  @Test func `a rejected file that changed is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("rejected")] = scratch.file("rejected").new
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("rejected"))])
  }

  @Test func `an untouched file that went is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath("untouched")] = nil
    #expect(try scratch.violations(tree) == [.unapprovedPath(RepositoryPath("untouched"))])
  }

  @Test(arguments: ["a", "binary", "gone", "mode", "new"])
  func `an approved file that is as in the base is named`(_ path: String) throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[RepositoryPath(path)] = scratch.base[RepositoryPath(path)]
    #expect(try scratch.violations(tree) == [.missingChange(RepositoryPath(path))])
  }

  @Test func `an altered byte is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[Self.a] = scratch.state(of: .init("un\ntwO\nthree\n"))
    #expect(try scratch.violations(tree) == [.content(Self.a)])
  }

  @Test func `a rejected line that is committed with the approved ones is named`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[Self.a] = scratch.file("a").new
    tree[Self.new] = scratch.file("new").new
    #expect(try scratch.violations(tree) == [.content(Self.a), .content(Self.new)])
  }

  @Test(arguments: ["a", "gone", "mode", "new"])
  func `an altered mode is named`(_ path: String) throws {
    var scratch = try ScratchProposal.partlyApproved()
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
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[Self.gone] = nil
    #expect(try scratch.violations(tree) == [.content(Self.gone)])
  }

  @Test(arguments: [Verdict.rejected, .undecided])
  func `lines approved first and rejected later must not be committed`(_ verdict: Verdict) throws {
    var scratch = try ScratchProposal.partlyApproved()
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
    var scratch = try ScratchProposal.partlyApproved()
    let before = try scratch.approvedTree()
    try scratch.decide("rejected", lines: [0, 1])
    let with = try scratch.approvedTree()
    #expect(try scratch.violations(with) == [])
    try scratch.append(.undo(of: try #require(scratch.ledger.undoable).sequence))
    #expect(try scratch.violations(with) == [.unapprovedPath(RepositoryPath("rejected"))])
    #expect(try scratch.violations(before) == [])
  }

  @Test func `a blob that cannot be read stops the check`() throws {
    var scratch = try ScratchProposal.partlyApproved()
    var tree = try scratch.approvedTree()
    tree[Self.a] = FileState(mode: .regular, blob: ScratchProposal.id(of: [77]))
    #expect(throws: ScratchProposal.MissingBlob.self) { try scratch.violations(tree) }
  }
}
