// A tree's files on the disk, for the user's own programs to look at.

package import Approval
import Glibc

/// The files of exactly one tree in a directory of their own, with a git directory beside them that is nobody's checkout.
///
/// Nothing an earlier check wrote survives, ignored files included.
package struct TreeCheckout: Sendable {
  package let tree: ObjectID
  /// Where the files are, absolute.
  package let worktree: String
  /// Its index and its HEAD, absolute; objects and refs are the repository's.
  package let gitDirectory: String
  /// Empty, for caches and temporary files, absolute.
  package let scratch: String
  /// What git needs to find both: it is never left to discover anything.
  package let variables: [String: String]

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
    variables = checkout.variables
  }

  /// The first file of the tree that is no longer as it was written; nil when all are.
  package func changedFile() throws(GitError) -> RepositoryPath? {
    try checkout.touchedFiles(of: listing).keys.min()
  }

  /// Removes all three directories.
  package func discard() throws(GitError) {
    try removeTree(scratch)
    try checkout.discard()
  }
}

extension Repository {
  /// Writes the files of `tree` into `worktree`, which is made anew like the other two directories.
  ///
  /// - Parameters:
  ///   - parent: what HEAD names there; nil on an unborn branch.
  ///   - links: paths that are linked from the user's checkout, where they are there and `tree` has nothing of that name.
  package func checkOut(
    _ tree: ObjectID, onto parent: ObjectID?, worktree: String, gitDirectory: String,
    scratch: String, links: [RepositoryPath]
  ) throws(GitError) -> TreeCheckout {
    let listing = try store.listing(of: tree)
    var checkout = try PrivateCheckout(
      worktree: worktree, gitDirectory: gitDirectory,
      head: parent?.hex ?? "ref: refs/heads/countersign-check", commonDirectory: commonDirectory,
      worktreeConfiguration: try readFile("\(self.gitDirectory)/config.worktree"))
    try checkout.fill(listing) { id throws(GitError) in try store.blob(id, limit: .max) }
    try checkout.link(links, from: workDirectory, besides: listing)
    try checkout.writeIndex(listing)
    try removeTree(scratch)
    try makeDirectory(scratch)
    return TreeCheckout(checkout, tree, listing, scratch: scratch)
  }
}

extension PrivateCheckout {
  /// Links what the project needs and git ignores from the user's checkout.
  func link(
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
    }
  }
}
