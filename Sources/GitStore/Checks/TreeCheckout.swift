// A tree's files on the disk, for the user's own programs to look at.

package import Approval
import Glibc

/// The files of exactly one tree in a directory of their own, with a small repository beside them: it borrows the user's objects and nothing
/// else, so that no git that is run there, or below, can reach the user's refs or configuration.
///
/// Nothing an earlier check wrote survives, ignored files included.
package struct TreeCheckout: Sendable {
  package let tree: ObjectID
  /// Where the files are, absolute.
  package let worktree: String
  /// The small repository, absolute.
  package let gitDirectory: String
  /// Empty, for caches and temporary files, absolute.
  package let scratch: String
  private let checkout: PrivateCheckout
  private let listing: TreeListing

  fileprivate init(
    _ checkout: PrivateCheckout, _ tree: ObjectID, _ listing: TreeListing, scratch: String
  ) {
    self.checkout = checkout
    self.listing = listing
    self.scratch = scratch
    self.tree = tree
    worktree = checkout.worktree
    gitDirectory = checkout.gitDirectory
  }

  /// The first file of the tree, or link, that is no longer what it was; nil when all are.
  package func changedFile() throws(GitError) -> RepositoryPath? {
    for (path, content) in try checkout.touchedFiles(of: listing).sorted(by: { $0.key < $1.key }) {
      guard let content, content.mode == listing[path]?.mode,
        try ObjectID(ofBlob: content.bytes) == listing[path]?.blob
      else { return path }
    }
    return try checkout.changedLink()
  }

  /// Removes all three directories.
  package func discard() throws(GitError) {
    var failure: GitError?
    for directory in [scratch, worktree, gitDirectory] {
      do throws(GitError) { try removeTree(directory) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

extension Repository {
  /// How many files are read from the repository in one go.
  private static let batch = 128

  /// Reads the files of a part of a listing.
  private func contents(of part: TreeListing) throws(GitError) -> [ObjectID: [UInt8]] {
    var contents: [ObjectID: [UInt8]] = [:]
    for state in part.values where state.mode != .submodule && contents[state.blob] == nil {
      contents[state.blob] = try store.blob(state.blob, limit: .max)
    }
    return contents
  }

  /// Writes the files of `tree` into `worktree`, which is made anew like the other two directories.
  ///
  /// The repository is held for some files at a time only, so that others can read from it meanwhile. A cancelled task gets a checkout that
  /// is not whole, and is to discard it.
  ///
  /// - Parameters:
  ///   - parent: what HEAD names there; nil on an unborn branch.
  ///   - links: paths that are linked from the user's checkout, where they are there and `tree` has nothing of that name.
  package nonisolated func checkOut(
    _ tree: ObjectID, onto parent: ObjectID?, worktree: String, gitDirectory: String,
    scratch: String, links: [RepositoryPath]
  ) async throws(GitError) -> TreeCheckout {
    let listing = try await treeListing(of: tree)
    var checkout = try PrivateCheckout(
      borrowing: commonDirectory, worktree: worktree, gitDirectory: gitDirectory, parent: parent,
      ignoring: links)
    let paths = listing.keys.sorted()
    for start in stride(from: 0, to: paths.count, by: Self.batch) where !Task.isCancelled {
      var part: TreeListing = [:]
      for path in paths[start..<min(start + Self.batch, paths.count)] { part[path] = listing[path] }
      let contents = try await contents(of: part)
      try checkout.fill(part) { id throws(GitError) in
        guard let content = contents[id] else {
          throw .unexpected(source: "the tree \(tree)", answer: "no content for \(id)")
        }
        return content
      }
    }
    guard !Task.isCancelled else {
      return TreeCheckout(checkout, tree, listing, scratch: scratch)
    }
    try checkout.link(links, from: workDirectory, besides: listing)
    try checkout.writeIndex(listing)
    try removeTree(scratch)
    try makeDirectory(scratch)
    return TreeCheckout(checkout, tree, listing, scratch: scratch)
  }
}

extension PrivateCheckout {
  /// Makes a worktree with a repository of its own that borrows the objects of another; HEAD is `parent`, on no branch.
  fileprivate init(
    borrowing commonDirectory: String, worktree: String, gitDirectory: String, parent: ObjectID?,
    ignoring links: [RepositoryPath]
  ) throws(GitError) {
    try self.init(
      worktree: worktree, gitDirectory: gitDirectory,
      head: parent?.hex ?? "ref: refs/heads/countersign-check", commonDirectory: nil,
      worktreeConfiguration: nil)
    for name in ["objects", "objects/info", "refs", "refs/heads", "info"] {
      try makeDirectory("\(gitDirectory)/\(name)")
    }
    let configuration = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n"
    try writeDurably(Array(configuration.utf8), to: "\(gitDirectory)/config")
    try writeDurably(
      Array("\(commonDirectory)/objects\n".utf8), to: "\(gitDirectory)/objects/info/alternates")
    // `name/` in a .gitignore does not match a link.
    let users = try readFile("\(commonDirectory)/info/exclude") ?? []
    let own = links.flatMap { [UInt8(ascii: "/")] + $0.bytes + [UInt8(ascii: "\n")] }
    try writeDurably(users + [UInt8(ascii: "\n")] + own, to: "\(gitDirectory)/info/exclude")
    try writeDurably(Array("gitdir: \(gitDirectory)\n".utf8), to: "\(worktree)/.git")
  }
}
