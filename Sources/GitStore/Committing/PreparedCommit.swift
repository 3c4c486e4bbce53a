// The first phase of a commit: the approved tree, guarded once, in a checkout of its own.

package import Approval
import Glibc

/// A commit ready for its hooks; nothing of the user's has changed.
package struct PreparedCommit: Sendable {
  package let change: ApprovedChange
  package let request: CommitRequest
  /// The approved tree T.
  package let tree: ObjectID
  /// Holds the files of T when a hook will run or the request wants them.
  package var worktree: String { checkout.worktree }

  let listing: TreeListing
  let checkout: PrivateCheckout
  let author: AuthorIdentity
  /// Name and address of the committer, as variables.
  let committer: [String: String]
  /// The configuration before any hook ran: encoding, signing or not, and hooks are from it. How a signature is made is git's to read.
  let configuration: GitConfiguration
  /// The directory git would look for hooks in, absolute.
  let hooksDirectory: String
  /// Variables for everything that runs in the private checkout.
  let variables: [String: String]
  /// Branches, tags, stash and HEAD before any hook ran.
  let references: [String: String]
}

/// Name, address and time of the author or committer, fixed once so that sheet, hooks and commit agree.
struct AuthorIdentity: Hashable, Sendable {
  let variables: [String: String]

  /// The same for the committer, whose time is that of the commit.
  var committerVariables: [String: String] {
    var result: [String: String] = [:]
    for field in ["NAME", "EMAIL"] {
      result["GIT_COMMITTER_\(field)"] = variables["GIT_AUTHOR_\(field)"]
    }
    return result
  }

  /// Reads what `git var GIT_AUTHOR_IDENT` prints.
  init?(_ text: String) {
    guard let open = text.lastIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close
    else { return nil }
    let name = text[..<open]
    let date = text[text.index(after: close)...]
    variables = [
      "GIT_AUTHOR_NAME": name.hasSuffix(" ") ? String(name.dropLast()) : String(name),
      "GIT_AUTHOR_EMAIL": String(text[text.index(after: open)..<close]),
      "GIT_AUTHOR_DATE": "@" + date.drop { $0 == " " },
    ]
  }
}

extension Repository {
  /// Splices the approved tree, guards it, and makes the private checkout.
  package func prepare(
    _ change: ApprovedChange, request: CommitRequest
  ) async throws(CommitError) -> PreparedCommit {
    let (author, committer) = try await checkedIdentities(change, request)
    let tree = try guardedTree(of: change, request: request)
    guard request.recordedTree == nil || request.recordedTree == tree else {
      throw .commitDiffers(what: "tree")
    }
    try await request.faults.checkpoint(.treeWritten)
    let listing = try committing { () throws(GitError) in try store.listing(of: tree) }
    try committing { () throws(GitError) in
      try setAnchor(.approved, session: request.session, tree: tree)
    }
    let prepared: PreparedCommit
    do throws(GitError) {
      _ = try await git.version()
      let hooks = try await git.text(
        ["rev-parse", "--path-format=absolute", "--git-path", "hooks"], in: workDirectory, .plain)
      let configuration = try await currentConfiguration()
      let needsFiles =
        request.wantsFiles || Self.hasHook(in: hooks) || configuration.namesHooks
      let checkout = try makeCheckout(listing, request, needsFiles: needsFiles)
      prepared = try await finish(
        change, request, tree, listing, checkout, (author, committer), hooks, configuration)
    } catch {
      throw .git(error)
    }
    try await request.faults.checkpoint(.worktreeMade)
    return prepared
  }

  /// Writes the approved tree and lets the guard compare it with the recorded decisions.
  package func guardedTree(
    of change: ApprovedChange, request: CommitRequest
  ) throws(CommitError) -> ObjectID {
    let tree = try writeApprovedTree(change, request)
    try guardTree(tree, of: change, in: store)
    return tree
  }

  private func checkedIdentities(
    _ change: ApprovedChange, _ request: CommitRequest
  ) async throws(CommitError) -> (author: AuthorIdentity, committer: AuthorIdentity) {
    let snapshot: RepositorySnapshot
    do throws(GitError) { snapshot = try await self.snapshot() } catch { throw .git(error) }
    if let operation = snapshot.operation { throw .operationInProgress(operation) }
    for identity in [snapshot.author, snapshot.committer] {
      if case .refused(let message) = identity { throw .noIdentity(message) }
    }
    guard case .known(let authorText) = snapshot.author, let author = AuthorIdentity(authorText),
      case .known(let committerText) = snapshot.committer,
      let committer = AuthorIdentity(committerText)
    else {
      throw .git(
        .unexpected(source: "git var", answer: "\(snapshot.author), \(snapshot.committer)"))
    }
    let proposal = change.proposal
    guard proposal.baseCommit == request.expectedTip else {
      throw .wrongBase(proposal: proposal.baseCommit, request: request.expectedTip)
    }
    let baseTree = try committing { () throws(GitError) in
      try proposal.baseCommit.map { id throws(GitError) in try store.commit(id).tree }
        ?? .emptyTree
    }
    guard baseTree == proposal.baseTree else {
      throw .wrongBase(proposal: proposal.baseTree, request: baseTree)
    }
    return (author, committer)
  }

  private func writeApprovedTree(
    _ change: ApprovedChange, _ request: CommitRequest
  ) throws(CommitError) -> ObjectID {
    let tree = try committing { () throws(GitError) in
      var changes: [RepositoryPath: FileState?] = [:]
      for file in change.files {
        switch file.result {
        case .deleted: changes[file.path] = .some(nil)
        case .proposed(let state): changes[file.path] = state
        case .content(let mode, let bytes):
          let blob = try store.writeBlob(request.faults.splice(bytes))
          changes[file.path] = FileState(mode: mode, blob: blob)
        }
      }
      return try store.writeTree(base: change.proposal.baseTree, changes: changes)
    }
    guard tree != change.proposal.baseTree else { throw .nothingChanges }
    return tree
  }

  private func makeCheckout(
    _ listing: TreeListing, _ request: CommitRequest, needsFiles: Bool
  ) throws(GitError) -> PrivateCheckout {
    let head =
      request.branch == "HEAD" ? request.expectedTip?.hex ?? "" : "ref: \(request.branch)"
    var checkout = try PrivateCheckout(
      worktree: request.worktreeDirectory,
      gitDirectory: "\(request.journalDirectory)/commit.git", head: head,
      commonDirectory: commonDirectory,
      worktreeConfiguration: try readFile("\(gitDirectory)/config.worktree"))
    if needsFiles {
      try checkout.fill(listing) { id throws(GitError) in try store.blob(id, limit: .max) }
      try checkout.link(request.linkPaths, from: workDirectory, besides: listing)
    }
    try checkout.writeIndex(listing)
    return checkout
  }

  private func finish(
    _ change: ApprovedChange, _ request: CommitRequest, _ tree: ObjectID, _ listing: TreeListing,
    _ checkout: PrivateCheckout,
    _ identities: (author: AuthorIdentity, committer: AuthorIdentity), _ hooks: String,
    _ configuration: GitConfiguration
  ) async throws(GitError) -> PreparedCommit {
    let paths = change.files.map(\.path)
    var withCarriageReturn: Set<RepositoryPath> = []
    for path in paths {
      guard let state = listing[path], state.mode.isFile else { continue }
      if try store.blob(state.blob, limit: .max).contains(13) { withCarriageReturn.insert(path) }
    }
    try await checkAttributes(
      of: paths, in: checkout.worktree, variables: checkout.variables,
      holdsCarriageReturn: withCarriageReturn)
    try await checkAttributes(
      of: paths, in: workDirectory, variables: [:], holdsCarriageReturn: withCarriageReturn)

    var variables = try await configurationVariables(
      for: checkout, adding: ["core.hooksPath": hooks, "core.fsmonitor": "false"])
    variables.merge(checkout.variables) { _, new in new }
    variables.merge(identities.author.variables) { _, new in new }
    variables["GIT_EDITOR"] = ":"
    variables["GIT_PREFIX"] = ""
    return PreparedCommit(
      change: change, request: request, tree: tree, listing: listing, checkout: checkout,
      author: identities.author, committer: identities.committer.committerVariables,
      configuration: configuration, hooksDirectory: hooks, variables: variables,
      references: try store.watchedReferences())
  }

  /// Whether git would run a hook before the commit.
  private static func hasHook(in directory: String) -> Bool {
    ["pre-commit", "prepare-commit-msg", "commit-msg"].contains {
      access("\(directory)/\($0)", X_OK) == 0
    }
  }

  /// Settings that hold in the user's checkout but would not in the private one (conditional includes), and `adding`, as variables.
  private func configurationVariables(
    for checkout: PrivateCheckout, adding: [String: String]
  ) async throws(GitError) -> [String: String] {
    let users = try await currentConfiguration()
    let ours = try await git.configuration(in: checkout.worktree, setting: checkout.variables)
    if let key = ours.values.keys.filter({ users.values[$0] == nil }).min() {
      throw .unsupported(.conditionalConfiguration, detail: key)
    }
    var settings = adding
    for (key, values) in users.values where ours.values[key] != values && adding[key] == nil {
      settings[key] = values.last
    }
    var count = git.environment["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
    var variables: [String: String] = [:]
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) {
      variables["GIT_CONFIG_KEY_\(count)"] = key
      variables["GIT_CONFIG_VALUE_\(count)"] = value
      count += 1
    }
    variables["GIT_CONFIG_COUNT"] = String(count)
    return variables
  }
}

extension ObjectStore {
  /// The refs that a hook might move and that a commit depends on.
  func watchedReferences() throws(GitError) -> [String: String] {
    var references: [String: String] = [:]
    for pattern in ["refs/heads/*", "refs/tags/*", "refs/stash"] {
      references.merge(try self.references(matching: pattern)) { _, new in new }
    }
    references["HEAD"] =
      switch try head() {
      case .branch(let name, _), .unborn(let name): name
      case .detached(let id): id.hex
      }
    return references
  }
}
