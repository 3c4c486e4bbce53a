// Commits and revisions as values.

package import Approval
import CLibgit2

/// What a commit object says.
package struct CommitContent: Hashable, Sendable {
  package let id: ObjectID
  package let tree: ObjectID
  package let parents: [ObjectID]
  /// The message as stored.
  package let message: [UInt8]
  /// The author's name as stored, and seconds since 1970.
  package let authorName: [UInt8]
  package let authorTime: Int64

  /// The message's first line.
  package var summary: ArraySlice<UInt8> { message.prefix { $0 != UInt8(ascii: "\n") } }
}

/// What a revision expression names.
package enum Revision: Hashable, Sendable {
  case commit(ObjectID)
  /// `a..b`: from the first, which is not part of it, to the second.
  case range(from: ObjectID, to: ObjectID)
  /// `a...b` as git means it for a diff: from the merge base to the second.
  case symmetric(from: ObjectID, to: ObjectID)
}

extension ObjectStore {
  func commit(_ id: ObjectID) throws(GitError) -> CommitContent {
    try verify(id, .commit)
    var oid = id.oid
    let commit = try OwnedPointer("read the commit \(id)", free: git_commit_free) {
      git_commit_lookup(&$0, repository.raw, &oid)
    }
    guard let tree = git_commit_tree_id(commit.raw), let author = git_commit_author(commit.raw)
    else { throw .unexpected(source: "libgit2", answer: "the commit \(id) without a tree") }
    let parents = (0..<git_commit_parentcount(commit.raw)).compactMap {
      git_commit_parent_id(commit.raw, $0).map { ObjectID($0.pointee) }
    }
    return CommitContent(
      id: id, tree: ObjectID(tree.pointee), parents: parents,
      message: bytes(git_commit_message_raw(commit.raw)),
      authorName: bytes(author.pointee.name), authorTime: author.pointee.when.time)
  }

  /// Resolves one revision or a range; every end is peeled to a commit.
  func resolve(_ expression: String) throws(GitError) -> Revision {
    var specification = git_revspec()
    let code = git_revparse(&specification, repository.raw, expression)
    // Too short to be the beginning of an object's name counts as ambiguous there.
    if [GIT_ENOTFOUND.rawValue, GIT_EAMBIGUOUS.rawValue, GIT_EINVALIDSPEC.rawValue].contains(code) {
      throw .unknownRevision(expression, isUnborn: try head().tip == nil)
    }
    try GitLibrary.check("resolve \(expression)") { code }
    defer {
      git_object_free(specification.from)
      git_object_free(specification.to)
    }
    guard let from = try peeled(specification.from, expression) else {
      throw .unexpected(source: "libgit2", answer: "nothing for \(expression)")
    }
    guard specification.flags & GIT_REVSPEC_RANGE.rawValue != 0 else { return .commit(from) }
    guard let to = try peeled(specification.to, expression) else {
      throw .unexpected(source: "libgit2", answer: "half a range for \(expression)")
    }
    guard specification.flags & GIT_REVSPEC_MERGE_BASE.rawValue != 0 else {
      return .range(from: from, to: to)
    }
    var base = git_oid()
    var (left, right) = (from.oid, to.oid)
    try GitLibrary.check("find the merge base of \(expression)") {
      git_merge_base(&base, repository.raw, &left, &right)
    }
    return .symmetric(from: ObjectID(base), to: to)
  }

  private func peeled(
    _ object: OpaquePointer?, _ expression: String
  ) throws(GitError) -> ObjectID? {
    guard let object else { return nil }
    let commit = try OwnedPointer("find the commit of \(expression)", free: git_object_free) {
      git_object_peel(&$0, object, GIT_OBJECT_COMMIT)
    }
    return git_object_id(commit.raw).map { ObjectID($0.pointee) }
  }

  private func bytes(_ string: UnsafePointer<CChar>?) -> [UInt8] {
    guard let string else { return [] }
    var bytes: [UInt8] = []
    var position = string
    while position.pointee != 0 {
      bytes.append(UInt8(bitPattern: position.pointee))
      position += 1
    }
    return bytes
  }
}
