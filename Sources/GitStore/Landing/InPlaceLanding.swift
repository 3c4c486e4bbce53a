// A commit of changes that the user's files hold already: the index follows, the files stay.

package import Approval

extension Repository {
  /// Gives index entries of changed paths the new version where they still have the old one; what the user staged otherwise stays staged.
  ///
  /// Can be repeated: an entry that has the new version already is written again. Files are not touched.
  func followInIndex(_ journal: LandingJournal) async throws(GitError) {
    let staged = try await differingIndex(from: journal.oldTree)
    var entries: [UInt8] = []
    for change in try store.changes(from: journal.oldTree, to: journal.newTree)
    where !staged.contains(change.path) {
      if let new = change.new {
        entries +=
          "\(String(new.mode.rawValue, radix: 8)) \(new.blob)\t".utf8 + change.path.bytes + [0]
      } else {
        entries += "0 \(absentObject)\t".utf8 + change.path.bytes + [0]
      }
    }
    if !entries.isEmpty {
      try await feed(entries, to: ["update-index", "-z", "--add", "--remove", "--index-info"])
    }
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
  }

  /// Brings files of the checkout that have the version of `old` to that of `new`; the index stays as it is.
  ///
  /// All or nothing: when a file has neither the content of `old` nor that of `new`, nothing is done, and these paths are returned.
  ///
  /// - Parameter scratchDirectory: ours; a temporary index stands there meanwhile.
  package func bringFiles(
    from old: ObjectID, to new: ObjectID, scratchDirectory: String
  ) async throws(GitError) -> [RepositoryPath] {
    let files = try BeneathDirectory(opening: workDirectory)
    let notOld = try await differing(from: old, scratchDirectory)
    let notNew = try await differing(from: new, scratchDirectory)
    var blocked: [RepositoryPath] = []
    var toWrite: [UInt8] = []
    var toRemove: [RepositoryPath] = []
    for change in try store.changes(from: old, to: new) {
      let standing = try files.standing(of: change.path)
      let isOld = change.old == nil ? standing == .absent : !notOld.contains(change.path)
      let isNew = change.new == nil ? standing == .absent : !notNew.contains(change.path)
      guard !isNew else { continue }
      guard isOld else {
        blocked.append(change.path)
        continue
      }
      if change.new != nil {
        toWrite += change.path.bytes + [0]
      } else {
        toRemove.append(change.path)
      }
    }
    guard blocked.isEmpty else { return blocked }
    let index = "\(scratchDirectory)/files.index"
    try removeDurably(index)
    let variables = ["GIT_INDEX_FILE": index]
    _ = try await git.text(["read-tree", new.hex], in: workDirectory, setting: variables)
    for path in toRemove { try files.remove(path) }
    try await feed(toWrite, to: ["checkout-index", "-f", "-z", "--stdin"], setting: variables)
    try removeDurably(index)
    return []
  }
}
