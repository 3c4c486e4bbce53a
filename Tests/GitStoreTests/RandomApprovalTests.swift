import Approval
import Diffing
import GitStore
import Testing

/// SplitMix64: the same cases for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}

@Suite struct RandomApprovalTests {
  /// What the reference expects at a path: mode and content.
  struct ExpectedFile {
    let mode: FileMode
    let content: [UInt8]
  }

  typealias Expected = [RepositoryPath: ExpectedFile]

  struct Case {
    let tree: ObjectID
    let expected: Expected
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `I1: the tree of any approval is what plain git plumbing builds from the approved lines`(
    seed: UInt64
  ) async throws {
    var random = SeededGenerator(state: seed)
    let scratch = try await Scratch.make()
    let base = randomFiles(&random, count: 8)
    for (path, content) in base { try scratch.write(path, content) }
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    var cases: [Case] = []
    while cases.count < 55 {
      let contents = randomContents(&random, base)
      let proposal = try await repository.makeProposal(base: tip, contents: contents)
      var changes: [FileChange] = []
      for file in proposal.files {
        changes.append(try await repository.fileChange(file, limit: .max))
      }
      var expected: Expected = [:]
      for (path, content) in base {
        expected[RepositoryPath(path)] = ExpectedFile(mode: .regular, content: content)
      }
      let choices = randomChoices(&random, changes, &expected)
      if choices.isEmpty { continue }
      let change = try await approve(proposal, in: repository) { choices[$0.file.path] }
      let tree = try await repository.guardedTree(of: change, request: scratch.request(on: tip))
      cases.append(Case(tree: tree, expected: expected))
    }
    let oracle = try await treesByFastImport(cases.map(\.expected), scratch)
    for (index, made) in cases.enumerated() {
      #expect(made.tree.hex == oracle[index], "seed \(seed), case \(index)")
    }
    #expect(oracle.count == cases.count)
    try await scratch.fsck()
  }

  /// The trees that git builds from modes, contents and paths.
  private func treesByFastImport(
    _ expected: [Expected], _ scratch: Scratch
  ) async throws -> [String] {
    var stream: [UInt8] = []
    for (index, files) in expected.enumerated() {
      stream += "commit refs/oracle/\(1_000 + index)\n".utf8
      stream += "committer C <c@example.org> 1700000000 +0000\ndata 0\ndeleteall\n".utf8
      for (path, file) in files.sorted(by: { $0.key < $1.key }) {
        stream += "M \(String(file.mode.rawValue, radix: 8)) inline ".utf8
        stream += path.bytes
        stream += "\ndata \(file.content.count)\n".utf8
        stream += file.content + [10]
      }
    }
    try await scratch.git("fast-import", "--quiet", input: stream)
    return try await scratch.git("for-each-ref", "--format=%(tree)", "refs/oracle")
      .split(separator: "\n").map(String.init)
  }

  private func randomContents(
    _ random: inout SeededGenerator, _ base: [String: [UInt8]]
  ) -> [RepositoryPath: ProposedContent] {
    var contents: [RepositoryPath: ProposedContent] = [:]
    for (path, content) in base.sorted(by: { $0.key < $1.key }) {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: contents[RepositoryPath(path)] = .deleted
      case 1, 2, 3:
        let mode: FileMode = Bool.random(using: &random) ? .regular : .executable
        let new = mutated(content, &random)
        contents[RepositoryPath(path)] = .file(mode, new)
      default: break
      }
    }
    let name = "new/\(Int.random(in: 0..<3, using: &random))"
    let content = randomContent(&random)
    contents[RepositoryPath(name)] = .file(.regular, content)
    return contents
  }

  /// Chooses lines of some files and changes `expected` by them.
  private func randomChoices(
    _ random: inout SeededGenerator, _ changes: [FileChange], _ expected: inout Expected
  ) -> [RepositoryPath: LineSelection] {
    var choices: [RepositoryPath: LineSelection] = [:]
    for change in changes {
      let file = change.file
      if Int.random(in: 0..<4, using: &random) == 0 { continue }
      guard let diff = change.diff else {
        choices[file.path] = LineSelection.none
        expected[file.path] = file.new.map { ExpectedFile(mode: $0.mode, content: []) }
        continue
      }
      let all = Bool.random(using: &random)
      var selection = LineSelection()
      for line in 0..<diff.changedLineCount {
        let isTaken = Bool.random(using: &random)
        if all || isTaken { selection.insert(line) }
      }
      guard !selection.isEmpty || change.hasModeUnit else { continue }
      choices[file.path] = selection
      if file.new == nil, selection.count == diff.changedLineCount {
        expected[file.path] = nil
      } else {
        expected[file.path] = ExpectedFile(
          mode: file.new?.mode ?? .regular, content: Self.reference(diff, selection))
      }
    }
    return choices
  }

  /// The approved content by its definition, with the splice rule for a line that lost its end.
  static func reference(_ diff: FileDiff, _ selection: LineSelection) -> [UInt8] {
    var lines: [[UInt8]] = []
    var old = 0
    for (index, group) in diff.groups.enumerated() {
      while old < group.oldRange.lowerBound {
        lines.append(Array(diff.old.line(old)))
        old += 1
      }
      diff.forEachChangedLine(in: index) { number, changed in
        switch (changed.side, selection.contains(number)) {
        case (.removed, false): lines.append(Array(diff.old.line(changed.line)))
        case (.added, true): lines.append(Array(diff.new.line(changed.line)))
        case (.removed, true), (.added, false): break
        }
      }
      old = group.oldRange.upperBound
    }
    while old < diff.old.lineCount {
      lines.append(Array(diff.old.line(old)))
      old += 1
    }
    let first = diff.old.lineCount > 0 ? Array(diff.old.line(0)) : []
    var bytes: [UInt8] = []
    for (index, line) in lines.enumerated() {
      bytes += line
      guard line.last != 10, index + 1 < lines.count else { continue }
      let model = first.last == 10 ? first : lines[index + 1]
      bytes += model.suffix(2) == [13, 10] ? [13, 10] : [10]
    }
    return bytes
  }

  private func randomFiles(_ random: inout SeededGenerator, count: Int) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for number in 0..<count {
      files[number % 2 == 0 ? "f\(number)" : "dir/ä \(number)"] = randomContent(&random)
    }
    return files
  }

  private func randomContent(_ random: inout SeededGenerator) -> [UInt8] {
    let end: [UInt8] = Bool.random(using: &random) ? [10] : [13, 10]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1..<12, using: &random) {
      bytes += [UInt8.random(in: 97...101, using: &random)] + end
    }
    if Bool.random(using: &random) { bytes.removeLast(end.count) }
    return bytes
  }

  private func mutated(_ content: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var lines = content.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    for _ in 0..<Int.random(in: 0..<5, using: &random) where !lines.isEmpty {
      let index = Int.random(in: 0..<lines.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: lines.remove(at: index)
      case 1: lines.insert([UInt8.random(in: 97...105, using: &random)], at: index)
      default: lines[index] = [UInt8.random(in: 97...105, using: &random)]
      }
    }
    return Array(lines.joined(separator: [10]))
  }
}
