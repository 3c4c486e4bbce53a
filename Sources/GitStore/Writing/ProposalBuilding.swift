// Proposals made from changed contents, and from two trees.

package import Approval

/// What becomes of a path in a proposal.
package enum ProposedContent: Hashable, Sendable {
  case deleted
  case file(FileMode, [UInt8])
}

extension Repository {
  /// Writes the proposal that changes `contents` against `base`; nil means the unborn branch's empty tree.
  ///
  /// Contents equal to the base's leave no trace. O(changed bytes + touched directories).
  package func makeProposal(
    base: ObjectID?, contents: [RepositoryPath: ProposedContent]
  ) throws(GitError) -> Proposal {
    let baseTree = try base.map { id throws(GitError) in try store.commit(id).tree } ?? .emptyTree
    var changes: [RepositoryPath: FileState?] = [:]
    for (path, content) in contents {
      switch content {
      case .deleted: changes[path] = .some(nil)
      case .file(let mode, let bytes):
        changes[path] = FileState(mode: mode, blob: try store.writeBlob(bytes))
      }
    }
    let tree = try store.writeTree(base: baseTree, changes: changes)
    return try proposal(baseCommit: base, baseTree: baseTree, tree: tree)
  }

  /// The proposal that leads from `base` to `tree`.
  package func makeProposal(base: ObjectID?, tree: ObjectID) throws(GitError) -> Proposal {
    let baseTree = try base.map { id throws(GitError) in try store.commit(id).tree } ?? .emptyTree
    return try proposal(baseCommit: base, baseTree: baseTree, tree: tree)
  }

  /// A proposed file with both contents; `limit` bounds the bytes read per side.
  ///
  /// - Parameter beginning: called with the first change of a large file, before the rest is compared.
  package func fileChange(
    _ file: ProposedFile, limit: Int,
    beginning: (FileChange) -> Void = { _ in }
  ) throws(GitError) -> FileChange {
    let old = try bytes(of: file.old, limit: limit)
    let new = try bytes(of: file.new, limit: limit)
    if let first = FileChange.beginning(of: file, old: old, new: new, wholeFileLimit: limit) {
      beginning(first)
    }
    return FileChange(file: file, old: old, new: new, wholeFileLimit: limit)
  }

  private func proposal(
    baseCommit: ObjectID?, baseTree: ObjectID, tree: ObjectID
  ) throws(GitError) -> Proposal {
    Proposal(
      baseCommit: baseCommit, baseTree: baseTree, tree: tree,
      files: try store.changes(from: baseTree, to: tree))
  }

  /// A submodule has no bytes here; a large file gives one byte more than the limit, enough to be classified as large.
  private func bytes(of state: FileState?, limit: Int) throws(GitError) -> [UInt8] {
    guard let state, state.mode != .submodule else { return [] }
    do throws(GitError) {
      return try store.blob(state.blob, limit: limit)
    } catch .tooLarge {
      return [UInt8](repeating: UInt8(ascii: "?"), count: limit + 1)
    }
  }
}
