// The state of the user's checkout at one moment.

package import Approval
import CLibgit2
import Glibc

/// Something the user has begun in the checkout and not ended.
package enum OperationInProgress: String, Hashable, Sendable {
  case merge, revert, cherryPick = "cherry-pick", bisect, rebase, applyMailbox = "am"
}

/// Who a commit would be by, as git computes it.
package enum CommitIdentity: Hashable, Sendable {
  /// Name, address and time in git's own notation.
  case known(String)
  /// Git refuses; its words.
  case refused(String)
}

/// What `Repository.snapshot()` saw.
package struct RepositorySnapshot: Hashable, Sendable {
  package let workDirectory: String
  package let gitDirectory: String
  package let commonDirectory: String
  package let head: Head
  package let operation: OperationInProgress?
  package let author: CommitIdentity
  package let committer: CommitIdentity
  /// Tracked paths that differ from HEAD in the index or in the files, sorted; untracked files do not count.
  package let changedPaths: [RepositoryPath]
  /// Whether another git holds the index, or died holding it.
  package let isIndexLocked: Bool

  package var isClean: Bool { changedPaths.isEmpty }
}

extension Repository {
  /// Looks at the checkout without changing anything and without running any program but git.
  package func snapshot() async throws(GitError) -> RepositorySnapshot {
    let author = try await identity("GIT_AUTHOR_IDENT")
    let committer = try await identity("GIT_COMMITTER_IDENT")
    return RepositorySnapshot(
      workDirectory: workDirectory, gitDirectory: gitDirectory, commonDirectory: commonDirectory,
      head: try store.head(), operation: store.operation(), author: author,
      committer: committer, changedPaths: try store.changedPaths(),
      isIndexLocked: access("\(gitDirectory)/index.lock", F_OK) == 0)
  }

  /// Where HEAD is now.
  package func head() throws(GitError) -> Head { try store.head() }

  /// The commit a branch (full name) is at, or nil when there is no such branch.
  package func tip(of branch: String) throws(GitError) -> ObjectID? {
    try store.target(of: branch)
  }

  private func identity(_ variable: String) async throws(GitError) -> CommitIdentity {
    let program = git.program(["var", variable], in: workDirectory, .quiet)
    let result = try await git.result(of: program)
    guard result.status == .exited(0) else { return .refused(result.message) }
    return .known(firstLine(String(decoding: result.output, as: UTF8.self)))
  }
}

extension ObjectStore {
  func operation() -> OperationInProgress? {
    let state = git_repository_state(repository.raw)
    switch UInt32(bitPattern: state) {
    case GIT_REPOSITORY_STATE_MERGE.rawValue: return .merge
    case GIT_REPOSITORY_STATE_REVERT.rawValue, GIT_REPOSITORY_STATE_REVERT_SEQUENCE.rawValue:
      return .revert
    case GIT_REPOSITORY_STATE_CHERRYPICK.rawValue,
      GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE.rawValue:
      return .cherryPick
    case GIT_REPOSITORY_STATE_BISECT.rawValue: return .bisect
    case GIT_REPOSITORY_STATE_REBASE.rawValue, GIT_REPOSITORY_STATE_REBASE_INTERACTIVE.rawValue,
      GIT_REPOSITORY_STATE_REBASE_MERGE.rawValue:
      return .rebase
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX.rawValue,
      GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE.rawValue:
      return .applyMailbox
    default: return nil
    }
  }

  /// Tracked paths that differ from HEAD in index or files; runs no filter and writes no index.
  func changedPaths() throws(GitError) -> [RepositoryPath] {
    var options = git_status_options()
    try GitLibrary.check("prepare a status") {
      git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
    }
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES.rawValue
    let list = try OwnedPointer("read the status", free: git_status_list_free) {
      git_status_list_new(&$0, repository.raw, &options)
    }
    var paths: Set<RepositoryPath> = []
    for index in 0..<git_status_list_entrycount(list.raw) {
      guard let entry = git_status_byindex(list.raw, index) else { continue }
      for delta in [entry.pointee.head_to_index, entry.pointee.index_to_workdir] {
        guard let delta else { continue }
        for name in [delta.pointee.old_file.path, delta.pointee.new_file.path] {
          guard let name else { continue }
          paths.insert(RepositoryPath(UnsafeRawBufferPointer(start: name, count: strlen(name))))
        }
      }
    }
    return paths.sorted()
  }
}
