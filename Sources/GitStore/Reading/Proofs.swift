// What verifying a commit reads: the commits of a range, notes, and trees with their blobs.

package import Approval
import CLibgit2

extension Repository {
  /// The commits that `tip` has and `base` has not, oldest first; all of `tip`'s when `base` is nil.
  package func commits(from base: ObjectID?, to tip: ObjectID) throws(GitError) -> [ObjectID] {
    let walk = try OwnedPointer("list commits", free: git_revwalk_free) {
      git_revwalk_new(&$0, store.repository.raw)
    }
    let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
    try GitLibrary.check("sort commits") { git_revwalk_sorting(walk.raw, order) }
    var start = tip.oid
    try GitLibrary.check("list the commits of \(tip)") { git_revwalk_push(walk.raw, &start) }
    if var hidden = base?.oid {
      try GitLibrary.check("leave out commits") { git_revwalk_hide(walk.raw, &hidden) }
    }
    var commits: [ObjectID] = []
    while true {
      var next = git_oid()
      let code = git_revwalk_next(&next, walk.raw)
      if code == GIT_ITEROVER.rawValue { return commits }
      guard code >= 0 else { throw GitLibrary.failure("list commits", code) }
      commits.append(ObjectID(next))
    }
  }

  /// The note on `commit` under the reference `reference`, or nil.
  package func note(on commit: ObjectID, under reference: String) throws(GitError) -> [UInt8]? {
    var note: OpaquePointer?
    var id = commit.oid
    let code = git_note_read(&note, store.repository.raw, reference, &id)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    guard code >= 0, let note else { throw GitLibrary.failure("read the note on \(commit)", code) }
    defer { git_note_free(note) }
    guard let blob = git_note_id(note) else { return nil }
    // The text of a note ends at the first NUL; the blob does not.
    return try store.blob(ObjectID(blob.pointee), limit: .max)
  }

  /// The objects that have a note, in no order; none when nobody made one.
  package func notedObjects(under reference: String) throws(GitError) -> [ObjectID] {
    var iterator: OpaquePointer?
    let code = git_note_iterator_new(&iterator, store.repository.raw, reference)
    if code == GIT_ENOTFOUND.rawValue { return [] }
    guard code >= 0, let iterator else { throw GitLibrary.failure("list the notes", code) }
    defer { git_note_iterator_free(iterator) }
    var objects: [ObjectID] = []
    var (note, annotated) = (git_oid(), git_oid())
    while true {
      let code = git_note_next(&note, &annotated, iterator)
      if code == GIT_ITEROVER.rawValue { return objects }
      guard code >= 0 else { throw GitLibrary.failure("list the notes", code) }
      objects.append(ObjectID(annotated))
    }
  }

  /// Puts a note on `commit`, in the place of one that is there; its bytes stay as they are.
  package func setNote(
    _ content: [UInt8], on commit: ObjectID, under reference: String
  ) async throws(GitError) {
    let blob = try store.writeBlob(content)
    _ = try await git.text(
      ["notes", "--ref", reference, "add", "-f", "-C", blob.hex, commit.hex], in: workDirectory)
  }

  /// All entries of `tree`.
  package func listing(of tree: ObjectID) throws(GitError) -> TreeListing {
    try store.listing(of: tree)
  }

  /// The content of a blob, whatever its size.
  package func content(of blob: ObjectID) throws(GitError) -> [UInt8] {
    try store.blob(blob, limit: .max)
  }
}
