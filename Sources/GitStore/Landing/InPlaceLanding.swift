// A commit of changes that the user's files hold already: the index follows, the files stay.

import Approval
import CLibgit2

extension Repository {
  /// Gives index entries of changed paths the new version.
  ///
  /// What the user staged otherwise stays staged beside the change: base, entry and new version are merged, and lines that both have
  /// otherwise become the committed ones, as `git commit <path>` has it: nothing of the commit stands in the index as taken back. What is no
  /// text to be merged becomes the new version when the file has it too, else it stays. An index that holds the change already is left alone
  /// where it differs.
  ///
  /// Can be repeated: an entry that has the new version already is written again. Files are not touched.
  func followInIndex(
    _ journal: LandingJournal, scratchDirectory: String
  ) async throws(GitError) {
    let differing = try await differingIndex(from: journal.oldTree)
    var entries: [UInt8] = []
    var conflicts: [ProposedFile] = []
    let changes = try store.changes(from: journal.oldTree, to: journal.newTree)
    for change in changes {
      guard differing.contains(change.path) else {
        entries += indexLine(change.path, change.new)
        continue
      }
      guard journal.manner == .inPlace else { continue }
      let staged = try await indexEntry(change.path)
      guard staged != change.new else { continue }
      if let merged = try merged(change, staged) {
        entries += indexLine(change.path, merged)
      } else {
        conflicts.append(change)
      }
    }
    if !conflicts.isEmpty {
      let notNew = try await self.differing(from: journal.newTree, scratchDirectory)
      let files = try BeneathDirectory(opening: workDirectory)
      for change in conflicts {
        let holdsNew =
          change.new == nil
          ? try files.standing(of: change.path) == .absent : !notNew.contains(change.path)
        if holdsNew { entries += indexLine(change.path, change.new) }
      }
    }
    if !entries.isEmpty {
      let hidden = try await hiddenPaths()
      try await feed(entries, to: ["update-index", "-z", "--add", "--remove", "--index-info"])
      // New entries have no flags: those that the user had set are set again.
      let written = Set(changes.filter { $0.new != nil }.map(\.path))
      for (flag, paths) in hidden {
        try await feed(
          paths.filter { written.contains($0) }.flatMap { $0.bytes + [0] },
          to: ["update-index", flag.rawValue, "-z", "--stdin"])
      }
    }
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
  }

  func indexLine(_ path: RepositoryPath, _ state: FileState?) -> [UInt8] {
    guard let state else { return "0 \(absentObject)\t".utf8 + path.bytes + [0] }
    return "\(String(state.mode.rawValue, radix: 8)) \(state.blob)\t".utf8 + path.bytes + [0]
  }

  /// What the index has at `path`; nil for nothing.
  private func indexEntry(_ path: RepositoryPath) async throws(GitError) -> FileState? {
    let index = try OwnedPointer("read the index", free: git_index_free) {
      git_repository_index(&$0, store.repository.raw)
    }
    try GitLibrary.check("read the index") { git_index_read(index.raw, 1) }
    let name = path.bytes.map { CChar(bitPattern: $0) } + [0]
    guard let entry = git_index_get_bypath(index.raw, name, 0) else { return nil }
    guard let mode = FileMode(rawValue: entry.pointee.mode) else {
      throw .unexpected(source: "the index", answer: "mode \(entry.pointee.mode)")
    }
    return FileState(mode: mode, blob: ObjectID(entry.pointee.id))
  }

  /// What is staged with the change put in, the change's lines where both have the same otherwise; nil for what cannot be merged by lines.
  private func merged(
    _ change: ProposedFile, _ staged: FileState?
  ) throws(GitError) -> FileState? {
    guard let old = change.old, let new = change.new, let staged,
      [old, new, staged].allSatisfy({ [.regular, .executable].contains($0.mode) })
    else { return nil }
    guard
      let content = try merged(
        base: old.blob, staged.blob, new.blob, whereTheyMeet: .theirs)
    else { return nil }
    return FileState(
      mode: staged.mode == old.mode ? new.mode : staged.mode, blob: try store.writeBlob(content))
  }
}
