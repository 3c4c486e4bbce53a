// One open repository: the only way to it for everything else.

package import Approval
import CLibgit2
import Glibc

/// A repository with a worktree, opened by discovery as git does it.
///
/// Runs on a thread of its own; git commands run on further threads, so reading goes on while a hook takes its time. Only values leave.
package actor Repository {
  /// The top of the user's checkout, absolute.
  package nonisolated let workDirectory: String
  /// The checkout's git directory, absolute; not the common one in a linked worktree.
  package nonisolated let gitDirectory: String
  /// The directory with objects and branches, absolute.
  package nonisolated let commonDirectory: String
  package nonisolated let git: GitCommand
  /// The configuration when the repository was opened, for showing; a commit reads it again.
  nonisolated let configuration: GitConfiguration
  /// What libgit2 is to open.
  nonisolated let libraryDirectory: String

  let store: ObjectStore
  private nonisolated let executor: ThreadExecutor

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Starts what opening a repository waits for, and returns at once; for a program that will open one soon.
  package static func prepare() { GitLibrary.startEarly() }

  /// Opens the repository that `directory` is in.
  ///
  /// `environment` is the whole environment for git; variables that would lead git elsewhere are dropped from it. Whether git is new enough
  /// for a commit is not asked here: see `GitCommand.version`.
  ///
  /// - Throws: a `GitError` that names what is missing, or what the repository uses that we cannot treat faithfully.
  package static func open(
    at directory: String, environment: [String: String]
  ) async throws(GitError) -> Repository {
    let git = try GitCommand.locate(environment: environment)
    // Programs and a library that each take their milliseconds to start: all at once, those that nothing else waits for last.
    async let found = attempt { () async throws(GitError) in
      try await Self.places(of: directory, git)
    }
    async let library = attempt { () throws(GitError) in try GitLibrary.start() }
    async let read = attempt { () async throws(GitError) in
      try await git.configuration(in: directory)
    }
    let place = try await found.get()
    try await library.get()
    let configuration = try await read.get()
    if let (feature, detail) = configuration.unsupportedFeature {
      throw .unsupported(feature, detail: detail)
    }
    let repository = try Repository(
      git: git, configuration: configuration, workDirectory: place.top, gitDirectory: place.git,
      commonDirectory: place.common)
    try await repository.checkLayout()
    return repository
  }

  private init(
    git: GitCommand, configuration: GitConfiguration, workDirectory: String, gitDirectory: String,
    commonDirectory: String
  ) throws(GitError) {
    self.git = git
    self.configuration = configuration
    self.workDirectory = workDirectory
    self.gitDirectory = gitDirectory
    self.commonDirectory = commonDirectory
    // From the checkout where only that says where it is: a linked worktree, or a git directory elsewhere that does not name it.
    let namesCheckout =
      gitDirectory == workDirectory + "/.git" || configuration["core.worktree"] != nil
    libraryDirectory =
      gitDirectory == commonDirectory && namesCheckout ? gitDirectory : workDirectory
    executor = try ThreadExecutor()
    do throws(GitError) {
      store = try ObjectStore(opening: libraryDirectory)
    } catch .library(let attempt, let code, let message) {
      if code == GIT_EOWNER.rawValue || message.contains("safe.directory") {
        throw .unsupported(.safeDirectoryWildcard, detail: workDirectory)
      }
      throw .library(attempt: attempt, code: code, message: message)
    }
  }

  /// The configuration that holds in the user's checkout now.
  func currentConfiguration() async throws(GitError) -> GitConfiguration {
    try await git.configuration(in: workDirectory)
  }

  private func checkLayout() throws(GitError) {
    try store.checkPlaces(workDirectory: workDirectory, commonDirectory: commonDirectory)
    try store.checkIndex()
  }

  private static func places(
    of directory: String, _ git: GitCommand
  ) async throws(GitError) -> (top: String, git: String, common: String) {
    let answer: String
    do throws(GitError) {
      answer = try await git.text(
        [
          "rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir", "--show-toplevel",
        ], in: directory)
    } catch .command(let arguments, let status, let message) {
      if message.contains("not a git repository") { throw .noRepository(directory: directory) }
      if message.contains("dubious ownership") || message.contains("unsafe repository") {
        throw .foreignOwner(directory: directory, message: firstLine(message))
      }
      if message.contains("must be run in a work tree") { throw .noWorktree(directory: directory) }
      if message.contains("unknown repository extension") {
        throw .unsupported(.otherExtension, detail: firstLine(message))
      }
      throw .command(arguments: arguments, status: status, message: message)
    }
    let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 3 else {
      // Before 2.31 git repeated an option that it did not know.
      _ = try await git.version()
      throw .unexpected(source: "git rev-parse", answer: answer)
    }
    return (lines[2], lines[0], lines[1])
  }
}

/// What `body` comes to, for work that is waited for later: a child task would lose the type of the error.
private func attempt<Value: Sendable>(
  _ body: @Sendable () async throws(GitError) -> Value
) async -> Result<Value, GitError> {
  do throws(GitError) {
    return .success(try await body())
  } catch {
    return .failure(error)
  }
}

/// The text before the first line end.
func firstLine(_ text: String) -> String {
  text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
}

// MARK: - Reading and writing

extension Repository {
  /// Every file of a tree, submodules and links included.
  package func treeListing(of tree: ObjectID) throws(GitError) -> TreeListing {
    try store.listing(of: tree)
  }

  /// The bytes of a blob.
  ///
  /// - Throws: `.tooLarge` without reading it when it has more than `limit` bytes.
  package func blob(_ id: ObjectID, limit: Int = 1 << 30) throws(GitError) -> [UInt8] {
    try store.blob(id, limit: limit)
  }

  package func blobSize(_ id: ObjectID) throws(GitError) -> Int { try store.blobSize(id) }

  /// All paths of a commit's tree, sorted.
  package func trackedFiles(in commit: ObjectID) throws(GitError) -> [RepositoryPath] {
    try store.listing(of: store.commit(commit).tree).keys.sorted()
  }

  /// The paths that differ between two trees, sorted.
  package func changes(
    from old: ObjectID, to new: ObjectID
  ) throws(GitError) -> [ProposedFile] {
    try store.changes(from: old, to: new)
  }

  /// What a revision or range such as `HEAD~2`, `main..topic` or `a...b` names.
  package func resolve(_ expression: String) throws(GitError) -> Revision {
    try store.resolve(expression)
  }

  package func commitContent(_ id: ObjectID) throws(GitError) -> CommitContent {
    try store.commit(id)
  }

  /// Writes a blob and returns its name; synced to disk.
  package func writeBlob(_ content: [UInt8]) throws(GitError) -> ObjectID {
    try store.writeBlob(content)
  }

  /// Writes the tree that is `base` with `changes`; a nil state removes the path.
  ///
  /// - Throws: `.path` for a path that invariant I10 forbids, `.unsupported(.submodule)`.
  package func writeTree(
    base: ObjectID, changes: [RepositoryPath: FileState?]
  ) throws(GitError) -> ObjectID {
    try store.writeTree(base: base, changes: changes)
  }
}
