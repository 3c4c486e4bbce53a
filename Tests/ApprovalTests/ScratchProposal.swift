// A base, a proposal and their blobs, made up in memory, with decisions on them.

import Approval
import Diffing
import Digest

/// Builds proposals from text; names of blobs come from their content, as git's do.
struct ScratchProposal {
  struct Side {
    let bytes: [UInt8]
    let mode: FileMode

    init(_ text: String, _ mode: FileMode = .regular) { self.init(Array(text.utf8), mode) }
    init(_ bytes: [UInt8], _ mode: FileMode = .regular) {
      self.bytes = bytes
      self.mode = mode
    }
  }

  private(set) var blobs: [ObjectID: [UInt8]] = [:]
  /// The whole base tree, unchanged files included.
  private(set) var base: TreeListing = [:]
  private(set) var proposed: TreeListing = [:]
  private(set) var ledger: DecisionLedger

  /// Each entry is a path with its two sides; a nil side means that the path is absent there.
  init(_ files: [(path: String, old: Side?, new: Side?)]) {
    ledger = DecisionLedger(proposal: Self.proposal([]))
    var changed: [ProposedFile] = []
    for (path, old, new) in files + [("untouched", Side("kept\n"), Side("kept\n"))] {
      let path = RepositoryPath(path)
      let states = [old, new].map { side in side.map { state(of: $0) } }
      base[path] = states[0]
      proposed[path] = states[1]
      guard states[0] != states[1] else { continue }
      changed.append(ProposedFile(path: path, old: states[0], new: states[1]))
    }
    ledger = DecisionLedger(proposal: Self.proposal(changed))
  }

  var proposal: Proposal { ledger.proposal }

  mutating func state(of side: Side) -> FileState {
    let id = Self.id(of: side.bytes)
    blobs[id] = side.bytes
    return FileState(mode: side.mode, blob: id)
  }

  static func id(of content: [UInt8]) -> ObjectID {
    ObjectID(hex: String(SHA256Digest.of(content).hex.prefix(40)))!
  }

  func blob(_ id: ObjectID) throws -> [UInt8] {
    guard let bytes = blobs[id] else { throw MissingBlob(id: id) }
    return bytes
  }

  struct MissingBlob: Error { let id: ObjectID }

  func file(_ path: String) -> ProposedFile {
    proposal.files[proposal.index(of: RepositoryPath(path))!]
  }

  func change(_ index: Int) throws -> FileChange {
    let file = proposal.files[index]
    return FileChange(
      file: file, old: try file.old.map { try blob($0.blob) } ?? [],
      new: try file.new.map { try blob($0.blob) } ?? [])
  }

  func diff(_ path: String) throws -> FileDiff {
    guard let diff = try change(proposal.index(of: RepositoryPath(path))!).diff else {
      throw MissingBlob(id: Self.id(of: []))
    }
    return diff
  }

  func unit(_ path: String, lines: some Sequence<Int>) throws -> DecisionUnit {
    let diff = try diff(path)
    let script = diff.editScript(of: LineSelection(lines))
    return .lines(script, digest: LinesDigest.of(script, old: diff.old, new: diff.new))
  }

  mutating func decide(_ path: String, _ unit: DecisionUnit, _ verdict: Verdict = .approved) throws
  {
    let record = DecisionRecord(
      sequence: ledger.nextSequence, file: file(path), unit: unit, verdict: verdict)
    try ledger.append(.decision(record))
  }

  mutating func decide(_ path: String, lines: some Sequence<Int>, _ verdict: Verdict = .approved)
    throws
  {
    try decide(path, unit(path, lines: lines), verdict)
  }

  mutating func approveAllLines(_ path: String) throws {
    try decide(path, lines: 0..<diff(path).changedLineCount)
  }

  mutating func append(_ entry: LedgerEntry) throws { try ledger.append(entry) }

  func approved() throws -> ApprovedChange {
    try ApprovedChange(folding: ledger) { try change($0) }
  }

  /// The tree that an honest commit of `change` has.
  mutating func tree(of change: ApprovedChange) -> TreeListing {
    var tree = base
    for file in change.files {
      switch file.result {
      case .deleted: tree[file.path] = nil
      case .proposed(let state): tree[file.path] = state
      case .content(let mode, let bytes): tree[file.path] = state(of: Side(bytes, mode))
      }
    }
    return tree
  }

  mutating func approvedTree() throws -> TreeListing { tree(of: try approved()) }

  /// What the guard says of the tree that the decisions in force make.
  mutating func violationsOfHonestTree() throws -> [GuardViolation] {
    let tree = try approvedTree()
    return try violations(tree)
  }

  func violations(_ committed: TreeListing, _ decisions: [DecisionRecord]? = nil) throws
    -> [GuardViolation]
  {
    try CommitGuard.violations(
      base: base, committed: committed, decisions: decisions ?? ledger.decisionsInForce
    ) { try blob($0) }
  }

  private static func proposal(_ files: [ProposedFile]) -> Proposal {
    Proposal(
      baseCommit: id(of: [1]), baseTree: id(of: [2]), tree: id(of: [3]), files: files)
  }
}

extension ScratchProposal {
  /// Some of everything approved: lines in part, a new file in part, a removal in part, a mode, a binary file.
  static func partlyApproved() throws -> ScratchProposal {
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
}
