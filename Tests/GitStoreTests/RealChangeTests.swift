// Random parts of changes that people made: this repository's own history, or another's.

import Approval
import Diffing
import GitStore
import Glibc
import Testing

/// `COUNTERSIGN_HISTORY` names another repository, and `COUNTERSIGN_RANGE` (`a..b`) two releases in it.
@Suite struct RealChangeTests {
  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static let checkout = #filePath.split(separator: "/").dropLast(3)
    .reduce(into: "") { $0 += "/\($1)" }
  private static let source = variable("COUNTERSIGN_HISTORY") ?? checkout
  private static let isDeep = variable("COUNTERSIGN_DEEP") == "1"
  /// Cases of each seed.
  private static let count = isDeep ? 1_250 : 500
  private static let hasHistory =
    access("\(source)/.git", F_OK) == 0
    || access("\(source)/objects", F_OK) == 0

  /// A repository with the two ends of the range as `before` and `after`.
  private func range() async throws -> (scratch: Scratch, before: ObjectID, after: ObjectID) {
    let scratch = try await Scratch.make()
    let ends: (String, String)
    if let words = Self.variable("COUNTERSIGN_RANGE")?.split(separator: ".").map(String.init) {
      try #require(words.count == 2, "COUNTERSIGN_RANGE is not a..b")
      ends = (words[0], words[1])
      try await scratch.git("fetch", "-q", "--no-tags", Self.source, ends.0, ends.1)
      try await scratch.git("fetch", "-q", "--tags", Self.source)
    } else {
      try await scratch.git("fetch", "-q", "--no-tags", Self.source, "HEAD")
      let commits = try await scratch.git("rev-list", "--first-parent", "FETCH_HEAD")
        .split(separator: "\n").map(String.init)
      ends = (commits[min(12, commits.count - 1)], commits[0])
    }
    return (
      scratch, try await scratch.head("\(ends.0)^{commit}"),
      try await scratch.head("\(ends.1)^{commit}")
    )
  }

  @Test(
    .enabled(if: hasHistory, "there is no history here; COUNTERSIGN_HISTORY names one."),
    arguments: Array<UInt64>(isDeep ? 11...18 : 11...12))
  func `I1, I3: the tree of any part of a real change is what plain git plumbing builds`(
    seed: UInt64
  ) async throws {
    let (scratch, before, after) = try await range()
    let repository = try await scratch.repository()
    let (base, tree) = (
      try await repository.commitContent(before).tree,
      try await repository.commitContent(after).tree
    )
    let files = try await repository.changes(from: base, to: tree)
      .filter { $0.old?.mode != .submodule && $0.new?.mode != .submodule }
    try #require(files.count > 1, "the range changes \(files.count) files")
    let proposal = Proposal(baseCommit: before, baseTree: base, tree: tree, files: files)
    var changes: [FileChange] = []
    for file in proposal.files {
      changes.append(try await repository.fileChange(file, limit: .max))
    }
    var random = SeededGenerator(state: seed)
    var stream: [UInt8] = []
    var trees: [ObjectID] = []
    while trees.count < Self.count {
      let number = Int.random(in: 1...min(5, files.count), using: &random)
      let picked = Set((0..<number).map { _ in files.indices.randomElement(using: &random)! })
      var choices: [RepositoryPath: LineSelection] = [:]
      var commands: [UInt8] = []
      for change in picked.sorted().map({ changes[$0] }) {
        guard let choice = choose(change, &random) else { continue }
        choices[change.file.path] = choice
        commands += try await expectation(change, choice, repository)
      }
      let chosen = choices
      guard !chosen.isEmpty else { continue }
      let approved = try approve(proposal, changes) { chosen[$0.file.path] }
      trees.append(
        try await repository.guardedTree(of: approved, request: scratch.request(on: before)))
      stream += "commit refs/oracle/\(100_000 + trees.count)\n".utf8
      stream += "committer C <c@example.org> 1700000000 +0000\ndata 0\n".utf8
      stream += "from \(before)\n".utf8
      stream += commands
    }
    try await scratch.git("fast-import", "--quiet", input: stream)
    let oracle = try await scratch.git("for-each-ref", "--format=%(tree)", "refs/oracle")
      .split(separator: "\n").map(String.init)
    #expect(oracle.count == trees.count)
    for (index, tree) in trees.enumerated() where tree.hex != oracle[index] {
      Issue.record("seed \(seed), case \(index): \(tree) is not \(oracle[index])")
    }
  }

  /// Nothing of a file, all of it, some of its groups, or some of its lines.
  private func choose(
    _ change: FileChange, _ random: inout SeededGenerator
  ) -> LineSelection? {
    guard let diff = change.diff else { return LineSelection.none }
    var selection = LineSelection()
    let manner = Int.random(in: 0..<4, using: &random)
    for index in diff.groups.indices {
      let takesGroup = Bool.random(using: &random)
      diff.forEachChangedLine(in: index) { number, _ in
        let takesLine = Bool.random(using: &random)
        if manner == 0 || manner == 1 && takesGroup || manner > 1 && takesLine {
          selection.insert(number)
        }
      }
    }
    return selection.isEmpty && !change.hasModeUnit ? nil : selection
  }

  /// What `git fast-import` is told about a file.
  private func expectation(
    _ change: FileChange, _ selection: LineSelection, _ repository: Repository
  ) async throws -> [UInt8] {
    let file = change.file
    func written(_ mode: FileMode, _ content: [UInt8]) -> [UInt8] {
      Array("M \(String(mode.rawValue, radix: 8)) inline ".utf8) + file.path.bytes
        + Array("\ndata \(content.count)\n".utf8) + content + [10]
    }
    let deleted = Array("D ".utf8) + file.path.bytes + [10]
    guard let diff = change.diff else {
      guard let new = file.new else { return deleted }
      return written(new.mode, try await repository.blob(new.blob))
    }
    guard file.new != nil || selection.count < diff.changedLineCount else { return deleted }
    return written(
      file.new?.mode ?? file.old?.mode ?? .regular,
      RandomApprovalTests.reference(diff, selection))
  }
}
