// The session's worktree and the private git directory that hooks see.

import Approval
import Glibc

/// Where hooks run: files of exactly one tree, and a git directory with its own index and a HEAD that names the user's branch.
///
/// The git directory is not registered as a worktree, so that it does not block the user's own switching.
struct PrivateCheckout: Sendable {
  let worktree: String
  let gitDirectory: String
  /// What was written, to see later what a hook touched.
  private(set) var fingerprints: [RepositoryPath: FileFingerprint] = [:]
  /// What was linked, and where to.
  private var links: [RepositoryPath: [UInt8]] = [:]

  /// The variables that every git call here gets; git is never left to discover anything.
  var variables: [String: String] {
    [
      "GIT_DIR": gitDirectory, "GIT_WORK_TREE": worktree,
      "GIT_INDEX_FILE": "\(gitDirectory)/index",
    ]
  }

  /// Makes both directories afresh; nothing of an earlier attempt survives.
  init(
    worktree: String, gitDirectory: String, head: String, commonDirectory: String?,
    worktreeConfiguration: [UInt8]?
  ) throws(GitError) {
    self.worktree = worktree
    self.gitDirectory = gitDirectory
    try removeTree(worktree)
    try removeTree(gitDirectory)
    try makeDirectory(worktree)
    try makeDirectory(gitDirectory)
    if let commonDirectory {
      try writeDurably(Array("\(commonDirectory)\n".utf8), to: "\(gitDirectory)/commondir")
    }
    try writeDurably(Array("\(head)\n".utf8), to: "\(gitDirectory)/HEAD")
    if let worktreeConfiguration {
      try writeDurably(worktreeConfiguration, to: "\(gitDirectory)/config.worktree")
    }
  }

  /// Writes the files of `listing`, bytes as they are in the blobs, without any filter.
  mutating func fill(
    _ listing: TreeListing, blob: (ObjectID) throws(GitError) -> [UInt8]
  ) throws(GitError) {
    let directory = try BeneathDirectory(opening: worktree)
    for (path, state) in listing.sorted(by: { $0.key < $1.key }) {
      let content = state.mode == .submodule ? [] : try blob(state.blob)
      fingerprints[path] = try directory.create(path, mode: state.mode, content: content)
    }
  }

  /// Links what the project needs and git ignores from the user's checkout.
  mutating func link(
    _ paths: [RepositoryPath], from source: String, besides listing: TreeListing
  ) throws(GitError) {
    let directory = try BeneathDirectory(opening: worktree)
    for path in paths.sorted() {
      // Where the tree has a file on the way, there is no place for a link.
      let parts = path.bytes.split(separator: UInt8(ascii: "/"))
      let parents = (1..<max(1, parts.count)).map {
        RepositoryPath(Array(parts[..<$0].joined(separator: [UInt8(ascii: "/")])))
      }
      guard parents.allSatisfy({ listing[$0] == nil }) else { continue }
      let inside = path.bytes + [UInt8(ascii: "/")]
      guard listing.keys.allSatisfy({ $0 != path && !$0.bytes.starts(with: inside) }) else {
        continue
      }
      let target = Array("\(source)/".utf8) + path.bytes
      var status = stat()
      guard stat(target.map { CChar(bitPattern: $0) } + [0], &status) == 0 else { continue }
      _ = try directory.create(path, mode: .symlink, content: target)
      links[path] = target
    }
  }

  /// The first link that is gone or leads elsewhere; nil when all are as they were made.
  func changedLink() throws(GitError) -> RepositoryPath? {
    let directory = try BeneathDirectory(opening: worktree)
    for (path, target) in links.sorted(by: { $0.key < $1.key }) {
      guard let now = try directory.content(of: path), now.mode == .symlink, now.bytes == target
      else { return path }
    }
    return nil
  }

  /// Whether its files were written.
  var holdsFiles: Bool { !fingerprints.isEmpty }

  /// The tracked files that are no longer as written: their content now, nil when gone.
  func touchedFiles(
    of listing: TreeListing
  ) throws(GitError) -> [RepositoryPath: (mode: FileMode, bytes: [UInt8])?] {
    let directory = try BeneathDirectory(opening: worktree)
    var touched: [RepositoryPath: (mode: FileMode, bytes: [UInt8])?] = [:]
    for (path, state) in listing.sorted(by: { $0.key < $1.key }) where state.mode != .submodule {
      if let written = fingerprints[path],
        try directory.standing(of: path) == .present(written)
      {
        continue
      }
      touched[path] = .some(try directory.content(of: path))
    }
    return touched
  }

  /// Removes both directories.
  func discard() throws(GitError) {
    try removeTree(worktree)
    try removeTree(gitDirectory)
  }
}
