// What verifying a commit reads: the commits of a range, notes, and trees with their blobs.

package import Approval
import CLibgit2

extension Repository {
  /// The commits that `tip` has and `base` has not, oldest first; all of `tip`'s when `base` is nil.
  ///
  /// By git's own walk: it knows where a shallow clone ends.
  package func commits(
    from base: ObjectID?, to tip: ObjectID
  ) async throws(GitError) -> [ObjectID] {
    let text = try await git.text(
      ["rev-list", "--topo-order", "--reverse", tip.hex] + (base.map { ["^\($0.hex)"] } ?? []),
      in: workDirectory)
    return try text.split(separator: "\n").map { line throws(GitError) in
      guard let id = ObjectID(hex: String(line)) else {
        throw .unexpected(source: "git rev-list", answer: String(line))
      }
      return id
    }
  }

  /// Whether an object is here, without reading it.
  package func exists(_ id: ObjectID) throws(GitError) -> Bool {
    let database = try OwnedPointer("open the object database", free: git_odb_free) {
      git_repository_odb(&$0, store.repository.raw)
    }
    var oid = id.oid
    return git_odb_exists(database.raw, &oid) == 1
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
