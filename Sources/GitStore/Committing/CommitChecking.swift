// The guard on the tree and on the commit object, by re-reading what is in the object database.

package import Approval

/// A commit object that passed the guard: the only thing that can land.
package struct CheckedCommit: Hashable, Sendable {
  package let id: ObjectID
  package let tree: ObjectID

  fileprivate init(id: ObjectID, tree: ObjectID) {
    self.id = id
    self.tree = tree
  }
}

extension Repository {
  /// Compares the listing of `tree` with the recorded decisions.
  func guardTree(
    _ tree: ObjectID, of change: ApprovedChange, in store: borrowing ObjectStore
  ) throws(CommitError) {
    let violations: [GuardViolation]
    do throws(GitError) {
      let committed = try store.listing(of: tree)
      let base = try store.listing(of: change.proposal.baseTree)
      var blobs: [ObjectID: [UInt8]] = [:]
      // The guard reads through a closure, which cannot borrow the store: read what it may ask for.
      for file in change.decisions.map(\.file) {
        for state in [file.old, file.new, committed[file.path]] {
          guard let state, state.mode != .submodule, blobs[state.blob] == nil else { continue }
          blobs[state.blob] = try store.blob(state.blob, limit: .max, verifying: .collisions)
        }
      }
      violations = try Self.violations(base, committed, change.decisions, blobs)
    } catch {
      throw .git(error)
    }
    guard violations.isEmpty else { throw .guarded(violations) }
  }

  /// Reads the commit back with a fresh libgit2 and guards its tree, parent and message.
  package func check(
    _ commit: ObjectID, of prepared: PreparedCommit, message: [UInt8]
  ) async throws(CommitError) -> CheckedCommit {
    let checked = try recheck(commit, of: prepared, message)
    try await prepared.request.faults.checkpoint(.checked)
    return checked
  }

  private func recheck(
    _ commit: ObjectID, of prepared: PreparedCommit, _ message: [UInt8]
  ) throws(CommitError) -> CheckedCommit {
    let fresh = try freshStore()
    let content: CommitContent
    do throws(GitError) { content = try fresh.commit(commit) } catch { throw .git(error) }
    guard content.parents == (prepared.request.expectedTip.map { [$0] } ?? []) else {
      throw .commitDiffers(what: "parent")
    }
    guard content.tree == prepared.tree else { throw .commitDiffers(what: "tree") }
    // git ends the last line when it is not ended.
    guard content.message == message || content.message == message + [UInt8(ascii: "\n")] else {
      throw .commitDiffers(what: "message")
    }
    try guardTree(content.tree, of: prepared.change, in: fresh)
    return CheckedCommit(id: commit, tree: content.tree)
  }

  private func freshStore() throws(CommitError) -> ObjectStore {
    do throws(GitError) {
      return try ObjectStore(opening: libraryDirectory)
    } catch {
      throw .git(error)
    }
  }

  private static func violations(
    _ base: TreeListing, _ committed: TreeListing, _ decisions: [DecisionRecord],
    _ blobs: [ObjectID: [UInt8]]
  ) throws(GitError) -> [GuardViolation] {
    struct NotRead: Error { let id: ObjectID }
    do {
      return try CommitGuard.violations(base: base, committed: committed, decisions: decisions) {
        guard let content = blobs[$0] else { throw NotRead(id: $0) }
        return content
      }
    } catch {
      throw .unexpected(source: "the commit guard", answer: "\(error)")
    }
  }
}
