// Refs read, written and compared through libgit2; no hook runs.

package import Approval
import CLibgit2

/// Where HEAD is.
package enum Head: Hashable, Sendable {
  /// On a branch; `name` is the full ref name.
  case branch(name: String, tip: ObjectID)
  /// On a branch that has no commit yet.
  case unborn(name: String)
  case detached(ObjectID)

  package var tip: ObjectID? {
    switch self {
    case .branch(_, let tip), .detached(let tip): tip
    case .unborn: nil
    }
  }

  /// The ref that a commit here moves: the branch's full name, or `HEAD` when detached.
  package var target: String {
    switch self {
    case .branch(let name, _), .unborn(let name): name
    case .detached: "HEAD"
    }
  }
}

extension ObjectStore {
  func head() throws(GitError) -> Head {
    let head = try OwnedPointer("read HEAD", free: git_reference_free) {
      git_reference_lookup(&$0, repository.raw, "HEAD")
    }
    if let id = git_reference_target(head.raw) { return .detached(ObjectID(id.pointee)) }
    guard let symbolic = git_reference_symbolic_target(head.raw) else {
      throw .unexpected(source: "libgit2", answer: "a HEAD that points nowhere")
    }
    guard let name = String(validatingCString: symbolic) else {
      throw .unexpected(
        source: "HEAD", answer: "a branch name that is not UTF-8; rename it with `git branch -m`")
    }
    guard let tip = try target(of: name) else { return .unborn(name: name) }
    return .branch(name: name, tip: tip)
  }

  /// The object that ref `name` names in the end, or nil when there is no such ref.
  func target(of name: String) throws(GitError) -> ObjectID? {
    var oid = git_oid()
    let code = git_reference_name_to_id(&oid, repository.raw, name)
    if code == GIT_ENOTFOUND.rawValue { return nil }
    guard code >= 0 else { throw GitLibrary.failure("read the ref \(name)", code) }
    return ObjectID(oid)
  }

  /// All refs that match `pattern` with what they name; a symbolic ref counts as its target's name.
  func references(matching pattern: String) throws(GitError) -> [String: String] {
    let iterator = try OwnedPointer("list the refs", free: git_reference_iterator_free) {
      git_reference_iterator_glob_new(&$0, repository.raw, pattern)
    }
    var result: [String: String] = [:]
    while true {
      var pointer: OpaquePointer?
      let code = git_reference_next(&pointer, iterator.raw)
      if code == GIT_ITEROVER.rawValue { return result }
      guard code >= 0, let pointer else { throw GitLibrary.failure("list the refs", code) }
      defer { git_reference_free(pointer) }
      guard let name = git_reference_name(pointer) else { continue }
      let target =
        git_reference_target(pointer).map { ObjectID($0.pointee).hex }
        ?? git_reference_symbolic_target(pointer).map { String(cString: $0) }
      result[String(cString: name)] = target ?? ""
    }
  }

  /// Whether ref `name` is at `commit` or at a descendant of it.
  func holds(_ commit: ObjectID, at name: String) throws(GitError) -> Bool {
    guard let tip = try target(of: name) else { return false }
    if tip == commit { return true }
    var (descendant, ancestor) = (tip.oid, commit.oid)
    let code = git_graph_descendant_of(repository.raw, &descendant, &ancestor)
    // Not found: the commit object itself is gone.
    guard code >= 0 || code == GIT_ENOTFOUND.rawValue else {
      throw GitLibrary.failure("walk from \(name) to \(commit)", code)
    }
    return code == 1
  }

  /// The same, now or ever, as far as the reflog goes.
  func hasHeld(_ commit: ObjectID, at name: String) throws(GitError) -> Bool {
    if try holds(commit, at: name) { return true }
    let log = try OwnedPointer("read the reflog of \(name)", free: git_reflog_free) {
      git_reflog_read(&$0, repository.raw, name)
    }
    return (0..<git_reflog_entrycount(log.raw)).contains { index in
      guard let entry = git_reflog_entry_byindex(log.raw, index) else { return false }
      return git_reflog_entry_id_new(entry).map { ObjectID($0.pointee) } == commit
    }
  }

  /// Points `name` at `id`, made or moved, without a reflog.
  func setReference(_ name: String, to id: ObjectID) throws(GitError) {
    var oid = id.oid
    _ = try OwnedPointer("point the ref \(name) at \(id)", free: git_reference_free) {
      git_reference_create(&$0, repository.raw, name, &oid, 1, nil)
    }
  }

  /// Makes `name` point at `id`; false when it points at something else already.
  func makeReference(_ name: String, at id: ObjectID) throws(GitError) -> Bool {
    var oid = id.oid
    var made: OpaquePointer?
    let code = git_reference_create(&made, repository.raw, name, &oid, 0, nil)
    defer { git_reference_free(made) }
    if code == GIT_EEXISTS.rawValue { return try target(of: name) == id }
    guard code >= 0 else { throw GitLibrary.failure("point the ref \(name) at \(id)", code) }
    return true
  }

  /// Deletes `name`; a ref that is not there is no error.
  func deleteReference(_ name: String) throws(GitError) {
    let code = git_reference_remove(repository.raw, name)
    guard code >= 0 || code == GIT_ENOTFOUND.rawValue else {
      throw GitLibrary.failure("delete the ref \(name)", code)
    }
  }
}
