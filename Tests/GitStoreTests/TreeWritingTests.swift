import Approval
import GitStore
import Testing

@Suite struct TreeWritingTests {
  @Test(arguments: [
    ("", PathViolation.empty), ("/etc/passwd", .absolute), ("a//b", .empty), ("a/", .empty),
    ("../x", .dotComponent), ("a/./b", .dotComponent), ("a\\..\\b", .dotComponent),
    (".git/config", .gitDirectory), ("a/.GIT/x", .gitDirectory), (".git.", .gitDirectory),
    (".git ", .gitDirectory), ("git~1/x", .gitDirectory), (".g\u{200c}it/x", .gitDirectory),
    ("\u{feff}.git/x", .gitDirectory), (".gi\u{202e}t", .gitDirectory),
    (".git\u{206f}/x", .gitDirectory),
    (".git::$INDEX_ALLOCATION/x", .gitDirectory), ("a\u{1}b", .controlByte),
    ("a\u{0}b", .controlByte), ("a\nb", .controlByte),
    (String(repeating: "x", count: 256), .tooLong),
  ])
  func `I10: a forbidden path is never written`(
    path: String, violation: PathViolation
  ) async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    let blob = try await repository.writeBlob([1])
    await #expect(throws: GitError.path(RepositoryPath(path), violation)) {
      try await repository.writeTree(
        base: .emptyTree,
        changes: [RepositoryPath(path): FileState(mode: .regular, blob: blob)])
    }
  }

  @Test(arguments: [
    ("README", "readme"), ("dir/x", "DIR/y"), ("\u{e9}.txt", "e\u{301}.txt"), ("ß", "SS"),
  ])
  func `I10: twins in case or normalisation are refused`(
    first: String, second: String
  ) async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    let state = FileState(mode: .regular, blob: try await repository.writeBlob([1]))
    let base = try await repository.writeTree(
      base: .emptyTree, changes: [RepositoryPath(first): state])
    let error = await #expect(throws: GitError.self) {
      try await repository.writeTree(base: base, changes: [RepositoryPath(second): state])
    }
    guard case .path(_, .twin)? = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
  }

  @Test func `twins that the base already has do not hinder other files`() async throws {
    let scratch = try await Scratch.make()
    try scratch.write("README", "1\n")
    try scratch.write("readme", "2\n")
    let base = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await propose(["new.txt": "n\n", "README": "3\n"], on: base, in: repository)
    #expect(proposal.files.count == 2)
  }

  @Test func `a file can become a directory and back, but not both`() async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    let state = FileState(mode: .regular, blob: try await repository.writeBlob([1]))
    let file = try await repository.writeTree(
      base: .emptyTree, changes: [RepositoryPath("a"): state])
    let directory = try await repository.writeTree(
      base: file, changes: [RepositoryPath("a"): nil, RepositoryPath("a/b"): state])
    #expect(try await repository.treeListing(of: directory) == [RepositoryPath("a/b"): state])
    let back = try await repository.writeTree(
      base: directory, changes: [RepositoryPath("a/b"): nil, RepositoryPath("a"): state])
    #expect(back == file)
    await #expect(throws: GitError.path(RepositoryPath("a"), .fileDirectoryConflict)) {
      try await repository.writeTree(base: file, changes: [RepositoryPath("a/b"): state])
    }
    await #expect(throws: GitError.path(RepositoryPath("a"), .fileDirectoryConflict)) {
      try await repository.writeTree(base: directory, changes: [RepositoryPath("a"): state])
    }
    let empty = try await repository.writeTree(
      base: directory, changes: [RepositoryPath("a/b"): nil])
    #expect(empty == .emptyTree)
  }

  @Test func `I12: a submodule is refused by name`() async throws {
    let scratch = try await Scratch.make()
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    await #expect(throws: GitError.unsupported(.submodule, detail: "`sub`")) {
      try await repository.writeTree(
        base: .emptyTree,
        changes: [RepositoryPath("sub"): FileState(mode: .submodule, blob: tip)])
    }
  }

  @Test func `a blob that is not there cannot become part of a tree`() async throws {
    let scratch = try await Scratch.make()
    let repository = try await scratch.repository()
    let missing = try #require(ObjectID(hex: String(repeating: "ab", count: 20)))
    await #expect(throws: GitError.self) {
      try await repository.writeTree(
        base: .emptyTree,
        changes: [RepositoryPath("a"): FileState(mode: .regular, blob: missing)])
    }
  }
}
