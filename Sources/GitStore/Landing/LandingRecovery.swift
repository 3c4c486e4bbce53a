// A landing that a crash cut off, brought to its end at the next start.

package import Approval
import Glibc

/// What became of a landing that was cut off.
package enum LandingRecovery: Hashable, Sendable {
  /// The branch had not moved: everything is as before, and the commit is in no branch.
  case nothingMoved(commit: ObjectID)
  /// Index and files have followed the branch now.
  case finished(commit: ObjectID)
  /// Others moved on since; there is nothing left to do.
  case movedOn(commit: ObjectID, head: ObjectID?)
  /// These touched paths have content of neither side, so nothing was overwritten; the journal stays.
  case blocked(commit: ObjectID, paths: [RepositoryPath])
}

extension Repository {
  /// Looks for a landing journal and completes or clears what it describes; nil when there is none. Can be repeated.
  package func finishLanding(
    journalDirectory: String
  ) async throws(GitError) -> LandingRecovery? {
    guard let journal = try LandingJournal.read(in: journalDirectory) else { return nil }
    try removeStaleLocks(journal, journalDirectory)
    let tip = try store.target(of: journal.branch)
    let head = try store.head()
    if tip == journal.old {
      try LandingJournal.remove(in: journalDirectory)
      return .nothingMoved(commit: journal.new)
    }
    guard tip == journal.new, head.target == journal.branch else {
      try LandingJournal.remove(in: journalDirectory)
      return .movedOn(commit: journal.new, head: head.tip)
    }
    if journal.manner != .moving {
      try await followInIndex(journal, scratchDirectory: journalDirectory)
      try LandingJournal.remove(in: journalDirectory)
      return .finished(commit: journal.new)
    }
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
    let moved = try await moveFiles(journal.oldTree, journal.newTree)
    if moved.status != .exited(0) {
      let blocked = try await completeFiles(journal, journalDirectory)
      guard blocked.isEmpty else { return .blocked(commit: journal.new, paths: blocked) }
    }
    try LandingJournal.remove(in: journalDirectory)
    return .finished(commit: journal.new)
  }

  /// Brings each touched path that has the old or the new content to the new one; returns the others, and then does nothing.
  func completeFiles(
    _ journal: LandingJournal, _ journalDirectory: String
  ) async throws(GitError) -> [RepositoryPath] {
    let changes = try store.changes(from: journal.oldTree, to: journal.newTree)
    let files = try BeneathDirectory(opening: workDirectory)
    let notOld = try await differing(from: journal.oldTree, journalDirectory)
    let notNew = try await differing(from: journal.newTree, journalDirectory)
    let notOldStaged = try await differingIndex(from: journal.oldTree)
    let notNewStaged = try await differingIndex(from: journal.newTree)
    var blocked: [RepositoryPath] = []
    var entries: [UInt8] = []
    var toWrite: [UInt8] = []
    var toRemove: [RepositoryPath] = []
    for change in changes {
      let path = change.path
      let standing = try files.standing(of: path)
      let isOld = change.old == nil ? standing == .absent : !notOld.contains(path)
      let isNew = change.new == nil ? standing == .absent : !notNew.contains(path)
      let isStagedOtherwise = notOldStaged.contains(path) && notNewStaged.contains(path)
      guard isOld || isNew, !isStagedOtherwise else {
        blocked.append(path)
        continue
      }
      if let new = change.new {
        entries += "\(String(new.mode.rawValue, radix: 8)) \(new.blob)\t".utf8 + path.bytes + [0]
        if !isNew { toWrite += path.bytes + [0] }
      } else {
        entries += "0 \(absentObject)\t".utf8 + path.bytes + [0]
        if !isNew { toRemove.append(path) }
      }
    }
    guard blocked.isEmpty else { return blocked }
    try await feed(entries, to: ["update-index", "-z", "--index-info"])
    for path in toRemove { try files.remove(path) }
    try await feed(toWrite, to: ["checkout-index", "-f", "-u", "-z", "--stdin"])
    _ = try await git.result(
      of: git.program(["update-index", "-q", "--refresh"], in: workDirectory, .plain))
    return []
  }

  func feed(
    _ input: [UInt8], to arguments: [String], setting variables: [String: String] = [:]
  ) async throws(GitError) {
    var program = git.program(arguments, in: workDirectory, .plain, setting: variables)
    program.input = input
    _ = try await git.output(of: program)
  }

  /// Paths of `tree` whose files have another content, attributes applied, seen through a temporary index.
  func differing(
    from tree: ObjectID, _ journalDirectory: String
  ) async throws(GitError) -> Set<RepositoryPath> {
    let index = "\(journalDirectory)/recovery.index"
    try removeDurably(index)
    let variables = ["GIT_INDEX_FILE": index]
    _ = try await git.text(["read-tree", tree.hex], in: workDirectory, setting: variables)
    _ = try await git.result(
      of: git.program(
        ["update-index", "-q", "--refresh"], in: workDirectory, .quiet, setting: variables))
    let output = try await git.output(
      of: git.program(
        ["diff-files", "--no-ext-diff", "--ignore-submodules", "-z", "--name-only"],
        in: workDirectory, .quiet, setting: variables))
    try removeDurably(index)
    return Set(output.split(separator: 0).map { RepositoryPath($0) })
  }

  func differingIndex(from tree: ObjectID) async throws(GitError) -> Set<RepositoryPath> {
    let output = try await git.output(
      of: git.program(
        ["diff-index", "--cached", "--no-renames", "--ignore-submodules", "-z", "--name-only"]
          + [tree.hex], in: workDirectory, .quiet))
    return Set(output.split(separator: 0).map { RepositoryPath($0) })
  }

  // MARK: Locks

  /// Removes locks that the cut-off landing left: younger than its journal and open in no process.
  private func removeStaleLocks(
    _ journal: LandingJournal, _ journalDirectory: String
  ) throws(GitError) {
    var journalStatus = stat()
    guard stat(LandingJournal.path(in: journalDirectory), &journalStatus) == 0 else { return }
    var locks = ["\(gitDirectory)/index.lock", "\(gitDirectory)/HEAD.lock"]
    if journal.branch != "HEAD" { locks.append("\(commonDirectory)/\(journal.branch).lock") }
    for lock in locks {
      var status = stat()
      guard lstat(lock, &status) == 0 else { continue }
      let isYounger =
        (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        >= (journalStatus.st_mtim.tv_sec, journalStatus.st_mtim.tv_nsec)
      guard isYounger, !isOpenSomewhere(lock) else { continue }
      try removeDurably(lock)
    }
  }

  /// Whether a process that we may look into has the file open.
  private func isOpenSomewhere(_ path: String) -> Bool {
    let path = realPath(path) ?? path
    for process in directoryNames("/proc") where process.allSatisfy(\.isNumber) {
      for descriptor in directoryNames("/proc/\(process)/fd") {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/\(process)/fd/\(descriptor)", &buffer, buffer.count)
        guard count > 0 else { continue }
        let target = buffer[..<count].map { UInt8(bitPattern: $0) }
        if target.elementsEqual(path.utf8) { return true }
      }
    }
    return false
  }

  private func directoryNames(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
