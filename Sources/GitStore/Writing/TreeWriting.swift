// Trees made from a base tree and changed paths, by object calls only (invariant I1).

import Approval
import CLibgit2

extension ObjectStore {
  /// Writes the tree that is `base` with `changes`; nil removes a path.
  ///
  /// Directories that become empty go. Every new or changed path is checked by invariant I10; a new name must not be a twin of another
  /// in its directory under case folding or normalisation.
  func writeTree(
    base: ObjectID, changes: [RepositoryPath: FileState?]
  ) throws(GitError) -> ObjectID {
    var root = ChangedDirectory()
    for (path, state) in changes {
      if let violation = PathRules.violation(of: path), state != nil || !violation.mayBeRemoved {
        throw .path(path, violation)
      }
      guard state?.mode != .submodule else {
        throw .unsupported(.submodule, detail: quoted(path))
      }
      root.set(path.bytes.split(separator: UInt8(ascii: "/"))[...], to: state)
    }
    if let tree = try write(root, over: base, below: []) { return tree }
    return try writeEntries([:])
  }

  /// The tree's id, or nil when nothing is left in it.
  private func write(
    _ directory: ChangedDirectory, over base: ObjectID?, below prefix: [UInt8]
  ) throws(GitError) -> ObjectID? {
    let old = try base.map { id throws(GitError) in try entries(of: id) } ?? [:]
    var new = old
    for (name, sub) in directory.directories {
      let entry = new[name]
      let path = prefix + name + [UInt8(ascii: "/")]
      let isFileInTheWay = entry.map { !$0.isDirectory } ?? false
      let subtree = try write(
        sub, over: isFileInTheWay ? nil : entry?.id, below: path)
      if let subtree {
        guard !isFileInTheWay || directory.files[name] == .some(nil) else {
          throw .path(RepositoryPath(prefix + name), .fileDirectoryConflict)
        }
        new[name] = TreeEntry(mode: TreeEntry.directoryMode, id: subtree)
      } else if !isFileInTheWay {
        new[name] = nil
      }
    }
    for (name, state) in directory.files {
      let isDirectory = new[name]?.isDirectory ?? false
      if let state {
        guard !isDirectory else {
          throw .path(RepositoryPath(prefix + name), .fileDirectoryConflict)
        }
        new[name] = TreeEntry(mode: state.mode.rawValue, id: state.blob)
      } else if !isDirectory {
        new[name] = nil
      }
    }
    try refuseTwins(in: new, since: old, below: prefix)
    return new.isEmpty ? nil : try writeEntries(new)
  }

  func writeEmptyTree() throws(GitError) { _ = try writeEntries([:]) }

  private func refuseTwins(
    in new: [[UInt8]: TreeEntry], since old: [[UInt8]: TreeEntry], below prefix: [UInt8]
  ) throws(GitError) {
    let added = new.keys.filter { old[$0] == nil }
    guard !added.isEmpty else { return }
    var byFoldedName: [String: [[UInt8]]] = [:]
    for name in new.keys { byFoldedName[PathRules.foldedName(name), default: []].append(name) }
    for name in added {
      let twins = byFoldedName[PathRules.foldedName(name)] ?? []
      if let twin = twins.first(where: { $0 != name }) {
        throw .path(RepositoryPath(prefix + name), .twin(of: RepositoryPath(prefix + twin)))
      }
    }
  }

  private func writeEntries(_ entries: [[UInt8]: TreeEntry]) throws(GitError) -> ObjectID {
    let builder = try OwnedPointer("build a tree", free: git_treebuilder_free) {
      git_treebuilder_new(&$0, repository.raw, nil)
    }
    for (name, entry) in entries {
      var oid = entry.id.oid
      let cName = name.map { CChar(bitPattern: $0) } + [0]
      try GitLibrary.check("add \(quoted(RepositoryPath(name))) to a tree") {
        git_treebuilder_insert(
          nil, builder.raw, cName, &oid, git_filemode_t(rawValue: entry.mode))
      }
    }
    var oid = git_oid()
    try GitLibrary.check("write a tree") { git_treebuilder_write(&oid, builder.raw) }
    return ObjectID(oid)
  }
}

/// Changed paths as a tree of names.
private struct ChangedDirectory {
  var files: [[UInt8]: FileState?] = [:]
  var directories: [[UInt8]: ChangedDirectory] = [:]

  mutating func set(_ components: ArraySlice<ArraySlice<UInt8>>, to state: FileState?) {
    guard let first = components.first else { return }
    let name = Array(first)
    if components.count == 1 {
      files[name] = .some(state)
    } else {
      directories[name, default: ChangedDirectory()].set(components.dropFirst(), to: state)
    }
  }
}
