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

/// How an object's bytes are held against its name when it is read.
enum NameVerification {
  /// By SHA-1: a damaged repository is noticed. git itself does not look.
  case digest
  /// Also by what two contents of one name have about them. git looks for that wherever it takes objects in, and we where we commit: it costs
  /// five times as much.
  case collisions
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
  func blob(
    _ id: ObjectID, limit: Int, verifying verification: NameVerification = .digest
  ) throws(GitError) -> [UInt8] {
    let byteCount = try blobSize(id)
    guard byteCount <= limit else {
      throw .tooLarge(id, byteCount: byteCount, limit: limit)
    }
    return try object(id, .blob, verification) { Array($0) }
  }

  /// Calls `body` with the bytes of an object once they are known to be those that it is named by.
  ///
  /// - Throws: `.library` as libgit2 does, with `GIT_EMISMATCH` for bytes that have another name.
  private func object<Value>(
    _ id: ObjectID, _ kind: ObjectKind, _ verification: NameVerification,
    body: (UnsafeRawBufferPointer) -> Value
  ) throws(GitError) -> Value {
    let attempt = "read the \(kind.rawValue) \(id)"
    let database = try database()
    var oid = id.oid
    let object = try OwnedPointer(attempt, free: git_odb_object_free) {
      git_odb_read(&$0, database.raw, &oid)
    }
    guard git_odb_object_type(object.raw) == kind.code else {
      throw .library(
        attempt: attempt, code: GIT_ENOTFOUND.rawValue, message: "it is no \(kind.rawValue)")
    }
    let bytes = UnsafeRawBufferPointer(
      start: git_odb_object_data(object.raw), count: git_odb_object_size(object.raw))
    let name: ObjectID
    switch verification {
    case .digest: name = ObjectID(ofObject: kind, bytes)
    case .collisions: name = try ObjectID(ofObject: kind, detectingCollisionsIn: bytes)
    }
    guard name == id else {
      throw .library(
        attempt: attempt, code: GIT_EMISMATCH.rawValue,
        message: "its bytes have the name \(name); the repository is damaged: git fsck says where")
    }
    return body(bytes)
  }

  /// Throws when an object is missing, another kind, or not what its name says. What is read of a tree or commit next comes from libgit2's
  /// memory, which keeps the bytes that were looked at here (see `GitLibrary.start`).
  func verify(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) {
    try object(id, kind, .digest) { _ in }
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
    try verify(tree, .tree)
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
