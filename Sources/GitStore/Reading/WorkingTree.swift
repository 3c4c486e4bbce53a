// What the user's checkout and index hold, as trees; the user's own index is only read.

package import Approval
import Glibc

/// A flag of the index that hides changes of a file; the text is the option of `update-index` that sets it.
enum HidingFlag: String, Hashable, Sendable {
  case assumeUnchanged = "--assume-unchanged"
  case skipWorktree = "--skip-worktree"
}

extension Repository {
  /// Writes a tree of what the files of the checkout hold, as git would commit all of them: changed and untracked ones, not the ignored.
  ///
  /// Line endings and clean filters are git's. Flags that hide changes (`assume-unchanged`, `skip-worktree`) hide nothing here. The user's
  /// index is not written. O(changed bytes), with such flags O(all bytes).
  ///
  /// - Parameter scratchDirectory: ours; a temporary index stands there meanwhile.
  package func writeWorkingTree(scratchDirectory: String) async throws(GitError) -> ObjectID {
    let index = "\(scratchDirectory)/worktree.index"
    try removeDurably(index)
    let variables = ["GIT_INDEX_FILE": index]
    if try await !hiddenPaths().isEmpty {
      // An index without memory of the files: git reads every one of them.
      if let tip = try head().tip {
        _ = try await git.text(["read-tree", tip.hex], in: workDirectory, setting: variables)
      }
    } else {
      try copyIndex(to: index)
    }
    _ = try await git.output(
      of: git.program(
        ["-c", "core.untrackedCache=false", "-c", "advice.addEmbeddedRepo=false", "add", "--all"],
        in: workDirectory, .quiet, setting: variables))
    let tree = try await tree(ofIndex: variables)
    try removeDurably(index)
    return tree
  }

  /// Writes a tree of what the user's index holds.
  ///
  /// - Parameter scratchDirectory: ours; a copy of the index stands there meanwhile.
  package func writeIndexTree(scratchDirectory: String) async throws(GitError) -> ObjectID {
    let index = "\(scratchDirectory)/staged.index"
    try removeDurably(index)
    try copyIndex(to: index)
    let tree = try await tree(ofIndex: ["GIT_INDEX_FILE": index])
    try removeDurably(index)
    return tree
  }

  private func tree(ofIndex variables: [String: String]) async throws(GitError) -> ObjectID {
    let answer = try await git.text(["write-tree"], in: workDirectory, setting: variables)
    guard let tree = ObjectID(hex: answer) else {
      throw .unexpected(source: "git write-tree", answer: answer)
    }
    return tree
  }

  private func copyIndex(to path: String) throws(GitError) {
    // A repository without an index has nothing staged.
    let original = "\(gitDirectory)/index"
    var status = stat()
    // Its time first: git looks into a file that has the size it knows only when its time is not before that of the index.
    let isThere = stat(original, &status) == 0
    guard isThere, let bytes = try readFile(original) else { return }
    try writeDurably(bytes, to: path)
    let times = [status.st_mtim, status.st_mtim]
    guard utimensat(AT_FDCWD, path, times, 0) == 0 else {
      throw .system(attempt: "set the time of", path: path, code: errno)
    }
  }

  /// The paths whose changes the user hides from git, by flag; empty without any. O(index).
  func hiddenPaths() async throws(GitError) -> [HidingFlag: [RepositoryPath]] {
    let listing = try await git.output(
      of: git.program(["ls-files", "-v", "-z"], in: workDirectory, .quiet))
    var hidden: [HidingFlag: [RepositoryPath]] = [:]
    for entry in listing.split(separator: 0) {
      guard let tag = entry.first else { continue }
      let path = RepositoryPath(entry.dropFirst(2))
      // A letter in lower case is assume-unchanged, whatever the letter says; `S` and `s` are skip-worktree.
      if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(tag) {
        hidden[.assumeUnchanged, default: []].append(path)
      }
      if tag | 0x20 == UInt8(ascii: "s") { hidden[.skipWorktree, default: []].append(path) }
    }
    return hidden
  }

  /// Writes a tree of the files of a directory outside of any repository, links to files followed; `.git` is left out.
  ///
  /// - Throws: `.path` for a name that invariant I10 forbids, `.system` for what cannot be read.
  package func writeTree(ofDirectory directory: String) throws(GitError) -> ObjectID {
    var changes: [RepositoryPath: FileState?] = [:]
    try collect(directory, prefix: [], into: &changes, depth: 0)
    return try store.writeTree(base: .emptyTree, changes: changes)
  }

  private func collect(
    _ directory: String, prefix: [UInt8], into changes: inout [RepositoryPath: FileState?],
    depth: Int
  ) throws(GitError) {
    guard depth < 256, let stream = opendir(directory) else {
      throw .system(
        attempt: "read the directory", path: directory, code: depth < 256 ? errno : ELOOP)
    }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if ![Array(".".utf8), Array("..".utf8), Array(".git".utf8)].contains(name) {
        names.append(name)
      }
    }
    closedir(stream)
    for name in names {
      let path = "\(directory)/\(String(decoding: name, as: UTF8.self))"
      var link = stat()
      var status = stat()
      guard path.utf8.suffix(name.count).elementsEqual(name), lstat(path, &link) == 0,
        stat(path, &status) == 0
      else { throw .system(attempt: "read", path: path, code: errno) }
      switch status.st_mode & S_IFMT {
      case S_IFDIR where link.st_mode & S_IFMT == S_IFDIR:
        try collect(
          path, prefix: prefix + name + [UInt8(ascii: "/")], into: &changes, depth: depth + 1)
      case S_IFREG:
        guard let bytes = try readFile(path) else {
          throw .system(attempt: "read", path: path, code: ENOENT)
        }
        changes[RepositoryPath(prefix + name)] = FileState(
          mode: status.st_mode & S_IXUSR != 0 ? .executable : .regular,
          blob: try store.writeBlob(bytes))
      default: throw .system(attempt: "read as a file", path: path, code: EINVAL)
      }
    }
  }
}
