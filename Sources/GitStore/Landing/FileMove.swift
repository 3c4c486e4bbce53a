// Files of the checkout brought from one version to another, none of them where one has neither.

package import Approval
import Glibc

/// What bringing the checkout's files from one tree to another comes to.
struct FileMove {
  let files: BeneathDirectory
  let changes: [ProposedFile]
  /// Paths whose file has neither version; with any, nothing must be done.
  var blocked: [RepositoryPath] = []
  /// Paths to be written, as `checkout-index -z --stdin` reads them.
  var toWrite: [UInt8] = []
  var toRemove: [RepositoryPath] = []
}

/// What came of bringing files to another version.
package enum FilesBrought: Hashable, Sendable {
  /// How many files were written or removed.
  case done(count: Int)
  /// These files have neither version; nothing was done.
  case changed([RepositoryPath])
  /// git's old version of these is not what they hold, byte for byte, so it could not bring them back; nothing was done.
  case converted([RepositoryPath])
}

extension Repository {
  /// Looks at each path that differs between `old` and `new`; changes nothing.
  ///
  /// - Parameters:
  ///   - scratchDirectory: ours; a temporary index stands there meanwhile.
  ///   - takesTorn: whether a file that is the beginning of the new version counts as one that has the old.
  func fileMove(
    from old: ObjectID, to new: ObjectID, scratchDirectory: String, takesTorn: Bool = false
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
      var isOurs = isOld
      if !isOurs, takesTorn { isOurs = try isTorn(change, in: move.files) }
      if !isOurs {
        move.blocked.append(path)
      } else if change.new == nil {
        move.toRemove.append(path)
      } else {
        move.toWrite += path.bytes + [0]
      }
    }
    return move
  }

  /// The paths at which the checkout has a file of other bytes than the old version, though git takes them for the same.
  private func convertedFiles(_ move: FileMove) throws(GitError) -> [RepositoryPath] {
    var paths: [RepositoryPath] = []
    for change in move.changes {
      guard let old = change.old, old.mode.isFile,
        let content = try move.files.content(of: change.path)?.bytes
      else { continue }
      var isStored = false
      for state in [old, change.new].compactMap({ $0 }) where !isStored {
        isStored = try store.blob(state.blob, limit: .max) == content
      }
      if !isStored { paths.append(change.path) }
    }
    return paths
  }

  /// Whether the file is the beginning of the new version: what a git that was cut off, or had no space, left of it.
  private func isTorn(
    _ change: ProposedFile, in files: BeneathDirectory
  ) throws(GitError) -> Bool {
    guard let new = change.new, new.mode.isFile,
      let content = try files.content(of: change.path)?.bytes
    else { return false }
    return try store.blob(new.blob, limit: .max).starts(with: content)
  }

  /// Brings files of the checkout that have the version of `old` to that of `new`; the index stays as it is.
  ///
  /// Nothing is done when one of them has another version. What a full disk cuts off is done again by the next call.
  ///
  /// - Parameter scratchDirectory: ours; a temporary index stands there meanwhile.
  package func bringFiles(
    from old: ObjectID, to new: ObjectID, scratchDirectory: String
  ) async throws(GitError) -> FilesBrought {
    let move = try await fileMove(from: old, to: new, scratchDirectory: scratchDirectory)
    guard move.blocked.isEmpty else { return .changed(move.blocked) }
    let converted = try convertedFiles(move)
    guard converted.isEmpty else { return .converted(converted) }
    let index = scratchIndex(in: scratchDirectory)
    defer { unlink(index) }
    let variables = ["GIT_INDEX_FILE": index]
    _ = try await git.text(["read-tree", new.hex], in: workDirectory, setting: variables)
    for path in move.toRemove { try move.files.remove(path) }
    try await feed(move.toWrite, to: ["checkout-index", "-f", "-z", "--stdin"], setting: variables)
    return .done(count: move.toRemove.count + move.toWrite.count { $0 == 0 })
  }
}
