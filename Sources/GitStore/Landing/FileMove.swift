// Files of the checkout brought from one version to another, all of them or none.

package import Approval

/// What bringing the checkout's files from one tree to another comes to.
struct FileMove: ~Copyable {
  let files: BeneathDirectory
  let changes: [ProposedFile]
  /// Paths whose file has neither version; with any, nothing must be done.
  var blocked: [RepositoryPath] = []
  /// Paths to be written, as `checkout-index -z --stdin` reads them.
  var toWrite: [UInt8] = []
  var toRemove: [RepositoryPath] = []
}

extension Repository {
  /// Looks at each path that differs between `old` and `new`; changes nothing.
  ///
  /// - Parameter scratchDirectory: ours; a temporary index stands there meanwhile.
  func fileMove(
    from old: ObjectID, to new: ObjectID, scratchDirectory: String
  ) async throws(GitError) -> FileMove {
    var move = FileMove(
      files: try BeneathDirectory(opening: workDirectory),
      changes: try store.changes(from: old, to: new))
    let notOld = try await differing(from: old, scratchDirectory)
    let notNew = try await differing(from: new, scratchDirectory)
    for change in move.changes {
      let path = change.path
      let standing = try move.files.standing(of: path)
      let isOld = change.old == nil ? standing == .absent : !notOld.contains(path)
      let isNew = change.new == nil ? standing == .absent : !notNew.contains(path)
      guard !isNew else { continue }
      if !isOld {
        move.blocked.append(path)
      } else if change.new == nil {
        move.toRemove.append(path)
      } else {
        move.toWrite += path.bytes + [0]
      }
    }
    return move
  }

  /// Brings files of the checkout that have the version of `old` to that of `new`; the index stays as it is.
  ///
  /// All or nothing: when a file has neither the content of `old` nor that of `new`, nothing is done, and these paths are returned.
  ///
  /// - Parameter scratchDirectory: ours; a temporary index stands there meanwhile.
  package func bringFiles(
    from old: ObjectID, to new: ObjectID, scratchDirectory: String
  ) async throws(GitError) -> [RepositoryPath] {
    let move = try await fileMove(from: old, to: new, scratchDirectory: scratchDirectory)
    guard move.blocked.isEmpty else { return move.blocked }
    let index = "\(scratchDirectory)/files.index"
    try removeDurably(index)
    let variables = ["GIT_INDEX_FILE": index]
    _ = try await git.text(["read-tree", new.hex], in: workDirectory, setting: variables)
    for path in move.toRemove { try move.files.remove(path) }
    try await feed(move.toWrite, to: ["checkout-index", "-f", "-z", "--stdin"], setting: variables)
    try removeDurably(index)
    return []
  }
}
