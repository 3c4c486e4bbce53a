// Objects of one repository, read and written through libgit2 without attributes, filters or replacements.

import Approval
import CLibgit2

/// One entry of a single tree object.
struct TreeEntry: Hashable {
  /// As stored; libgit2's own reading would normalise it.
  let mode: UInt32
  let id: ObjectID

  static let directoryMode: UInt32 = 0o040000

  var isDirectory: Bool { mode == Self.directoryMode }
}

/// An open libgit2 repository; synchronous, used on one thread at a time.
struct ObjectStore: ~Copyable {
  let repository: OwnedPointer

  /// Opens `directory` itself, without looking above it.
  init(opening directory: String) throws(GitError) {
    try GitLibrary.start()
    repository = try OwnedPointer(
      "open the repository at \(directory)", free: git_repository_free
    ) {
      git_repository_open_ext(&$0, directory, GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, nil)
    }
  }

  // MARK: Blobs

  /// The kind and size of an object, without reading it.
  func header(of id: ObjectID) throws(GitError) -> (kind: git_object_t, byteCount: Int) {
    let database = try database()
    var oid = id.oid
    var byteCount = 0
    var kind = GIT_OBJECT_INVALID
    try GitLibrary.check("find the object \(id)") {
      git_odb_read_header(&byteCount, &kind, database.raw, &oid)
    }
    return (kind, byteCount)
  }

  func blobSize(_ id: ObjectID) throws(GitError) -> Int {
    let header = try header(of: id)
    guard header.kind == GIT_OBJECT_BLOB else {
      throw .library(
        attempt: "read the blob \(id)", code: GIT_ENOTFOUND.rawValue, message: "it is no blob")
    }
    return header.byteCount
  }

  /// The bytes of a blob of at most `limit` bytes.
  func blob(_ id: ObjectID, limit: Int) throws(GitError) -> [UInt8] {
    let byteCount = try blobSize(id)
    guard byteCount <= limit else {
      throw .tooLarge(id, byteCount: byteCount, limit: limit)
    }
    var oid = id.oid
    let blob = try OwnedPointer("read the blob \(id)", free: git_blob_free) {
      git_blob_lookup(&$0, repository.raw, &oid)
    }
    let content = UnsafeRawBufferPointer(
      start: git_blob_rawcontent(blob.raw), count: Int(git_blob_rawsize(blob.raw)))
    return Array(content)
  }

  func writeBlob(_ content: [UInt8]) throws(GitError) -> ObjectID {
    var oid = git_oid()
    try GitLibrary.check("write a blob of \(content.count) bytes") {
      content.withUnsafeBytes {
        git_blob_create_from_buffer(&oid, repository.raw, $0.baseAddress, $0.count)
      }
    }
    return ObjectID(oid)
  }

  // MARK: Trees

  /// The entries of one tree by name, not recursive.
  func entries(of tree: ObjectID) throws(GitError) -> [[UInt8]: TreeEntry] {
    guard tree != .emptyTree else { return [:] }
    var oid = tree.oid
    let tree = try OwnedPointer("read the tree \(tree)", free: git_tree_free) {
      git_tree_lookup(&$0, repository.raw, &oid)
    }
    let count = git_tree_entrycount(tree.raw)
    var entries: [[UInt8]: TreeEntry] = [:]
    entries.reserveCapacity(count)
    for index in 0..<count {
      guard let entry = git_tree_entry_byindex(tree.raw, index),
        let name = git_tree_entry_name(entry), let id = git_tree_entry_id(entry)
      else {
        throw .unexpected(source: "libgit2", answer: "no tree entry \(index) of \(count)")
      }
      let bytes = UnsafeBufferPointer(start: name, count: UTF8.CodeUnit.length(ofCString: name))
        .map { UInt8(bitPattern: $0) }
      entries[bytes] = TreeEntry(
        mode: UInt32(git_tree_entry_filemode_raw(entry).rawValue), id: ObjectID(id.pointee))
    }
    return entries
  }

  /// Every file below `tree`, whatever attributes say.
  func listing(of tree: ObjectID) throws(GitError) -> TreeListing {
    var listing: TreeListing = [:]
    try collect(tree, below: [], into: &listing)
    return listing
  }

  private func collect(
    _ tree: ObjectID, below prefix: [UInt8], into listing: inout TreeListing
  ) throws(GitError) {
    for (name, entry) in try entries(of: tree) {
      let path = prefix + name
      if entry.isDirectory {
        try collect(entry.id, below: path + [UInt8(ascii: "/")], into: &listing)
      } else {
        listing[RepositoryPath(path)] = try state(of: entry, at: path)
      }
    }
  }

  /// The paths that differ between two trees, sorted; descends only where the trees differ.
  ///
  /// Compares names, modes and object names: attributes, rename detection and whitespace play no part (invariant I3).
  func changes(from old: ObjectID, to new: ObjectID) throws(GitError) -> [ProposedFile] {
    var changes: [ProposedFile] = []
    try compare(old, new, below: [], into: &changes)
    return changes.sorted { $0.path < $1.path }
  }

  private func compare(
    _ old: ObjectID?, _ new: ObjectID?, below prefix: [UInt8], into changes: inout [ProposedFile]
  ) throws(GitError) {
    guard old != new else { return }
    let oldEntries = try old.map { id throws(GitError) in try entries(of: id) } ?? [:]
    let newEntries = try new.map { id throws(GitError) in try entries(of: id) } ?? [:]
    for name in Set(oldEntries.keys).union(newEntries.keys) {
      let oldEntry = oldEntries[name]
      let newEntry = newEntries[name]
      guard oldEntry != newEntry else { continue }
      let path = prefix + name
      let oldFile = oldEntry.flatMap { $0.isDirectory ? nil : $0 }
      let newFile = newEntry.flatMap { $0.isDirectory ? nil : $0 }
      if oldFile != nil || newFile != nil {
        changes.append(
          ProposedFile(
            path: RepositoryPath(path),
            old: try oldFile.map { entry throws(GitError) in try state(of: entry, at: path) },
            new: try newFile.map { entry throws(GitError) in try state(of: entry, at: path) }))
      }
      let oldDirectory = oldEntry.flatMap { $0.isDirectory ? $0.id : nil }
      let newDirectory = newEntry.flatMap { $0.isDirectory ? $0.id : nil }
      try compare(
        oldDirectory, newDirectory, below: path + [UInt8(ascii: "/")], into: &changes)
    }
  }

  private func state(of entry: TreeEntry, at path: [UInt8]) throws(GitError) -> FileState {
    guard let mode = FileMode(rawValue: entry.mode) else {
      throw .unknownMode(RepositoryPath(path), mode: entry.mode)
    }
    return FileState(mode: mode, blob: entry.id)
  }

  private func database() throws(GitError) -> OwnedPointer {
    try OwnedPointer("open the object database", free: git_odb_free) {
      git_repository_odb(&$0, repository.raw)
    }
  }
}

extension UTF8.CodeUnit {
  /// The bytes before the terminating zero.
  fileprivate static func length(ofCString string: UnsafePointer<CChar>) -> Int {
    var count = 0
    while string[count] != 0 { count += 1 }
    return count
  }
}
