// Hooks as `git commit` runs them, in the private checkout, with everything they do noticed.

import Approval
import Glibc

extension Repository {
  /// Runs pre-commit, prepare-commit-msg, the user's editing, and commit-msg; returns the final message.
  ///
  /// - Throws: `.hookFailed`, `.hookCannotRun`, `.hookChangedContent`, `.hookMovedReferences`, `.cancelled`; everything is kept.
  package func runHooks(
    _ prepared: PreparedCommit, events: @escaping @Sendable (CommitEvent) -> Void
  ) async throws(CommitError) -> [UInt8] {
    let request = prepared.request
    let messagePath = "\(prepared.checkout.gitDirectory)/COMMIT_EDITMSG"
    let cleaning = try await messageCleaning(isFromEditor: request.isFromEditor)
    try await runSetup(prepared, events)
    try await runHook("pre-commit", [], prepared, events)
    try await write(cleaned(request.message, cleaning), to: messagePath)
    try await runHook("prepare-commit-msg", [messagePath, "message"], prepared, events)
    var message = try committing { () throws(GitError) in try readFile(messagePath) ?? [] }
    if let edit = request.edit {
      guard let edited = await edit(message) else { throw .abandoned }
      message = edited
    }
    message = try await cleaned(message, cleaning)
    guard !message.isEmpty else { throw .emptyMessage }
    try write(try await adding(request.trailers, to: message), to: messagePath)
    try await runHook("commit-msg", [messagePath], prepared, events)
    message = try committing { () throws(GitError) in try readFile(messagePath) ?? [] }
    message = try await cleaned(message, cleaning)
    guard !message.isEmpty else { throw .emptyMessage }
    let lines = message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map(Array.init)
    // Trailers are lines of the last paragraph.
    let paragraph = lines.split(separator: []).last.map { Set($0) } ?? []
    for trailer in request.trailers where !paragraph.contains(Array(trailer.line.utf8)) {
      throw .trailerLost(hook: "commit-msg", line: trailer.line)
    }
    let own = Set(request.trailers.map { Array($0.line.utf8) })
    for line in lines where !own.contains(line) {
      let key = String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        .lowercased()
      guard request.ownKeys.contains(where: { $0.lowercased() == key }) else { continue }
      throw .foreignTrailer(line: String(decoding: line, as: UTF8.self))
    }
    try await request.faults.checkpoint(.hooksRun)
    return message
  }

  /// What the set-up is called where hooks have their names.
  package static let setupName = "setup command"

  /// What a hook, or the set-up, is called in a sentence.
  package static func words(ofHook name: String) -> String {
    name == setupName ? name : "\(name) hook"
  }

  private func runHook(
    _ name: String, _ arguments: [String], _ prepared: PreparedCommit,
    _ events: @escaping @Sendable (CommitEvent) -> Void
  ) async throws(CommitError) {
    let path = "\(prepared.hooksDirectory)/\(name)"
    let isThere = access(path, F_OK) == 0
    let isRunnable = access(path, X_OK) == 0
    if isThere, !isRunnable { events(.hookNotExecutable(path: path)) }
    // A file that git would run must not be skipped silently; without one, git may know hooks by other means.
    let missing = isRunnable ? [] : ["--ignore-missing"]
    var program = git.program(
      ["hook", "run"] + missing + [name, "--"] + arguments, in: prepared.worktree, .users,
      setting: prepared.variables)
    program.isCancellable = true
    program.timeout = prepared.request.hookTimeout
    program.outputLimit = 1 << 20
    if let terminal = prepared.request.terminal { program.terminal = .standard(terminal) }
    if isRunnable { events(.hookStarted(name)) }
    let result: ChildResult
    do throws(ChildProcessError) {
      result = try await program.run { events(.hookOutput(name, $0)) }
    } catch {
      throw .git(.child(error))
    }
    if isRunnable { events(.hookEnded(name, result.status)) }
    try refuseMovedReferences(name, prepared)
    switch result.status {
    case .exited(0): break
    case .cancelled: throw .cancelled
    case .exited, .signalled, .timedOut:
      let output = result.output + result.errorOutput
      let text = String(decoding: output, as: UTF8.self)
      if text.contains("cannot find a hook named") || text.contains("cannot run \(path)") {
        throw .hookCannotRun(name: name, path: path)
      }
      throw .hookFailed(name: name, status: result.status, output: output)
    }
    guard isRunnable || prepared.configuration.namesHooks else { return }
    try await refuseChangedContent(name, prepared)
  }

  /// Runs what the user's configuration says hooks need, where there are files for them; what it changes is noticed as a hook's change is.
  private func runSetup(
    _ prepared: PreparedCommit, _ events: @escaping @Sendable (CommitEvent) -> Void
  ) async throws(CommitError) {
    guard let setUp = prepared.request.setUp, prepared.checkout.holdsFiles else { return }
    let name = Self.setupName
    var program = ChildProcess(
      executable: "/bin/sh", arguments: ["-c", "exec \"$@\"", "sh"] + setUp.command,
      // Not the variables of a hook: a git that it runs elsewhere must not take them for its own.
      environment: (setUp.environment ?? git.environment).merging([
        "GIT_CEILING_DIRECTORIES": parentDirectory(of: prepared.worktree)
      ]) { _, new in new },
      directory: prepared.worktree)
    program.timeout = prepared.request.hookTimeout
    program.outputLimit = 1 << 20
    program.endsGroup = true
    if let terminal = prepared.request.terminal { program.terminal = .standard(terminal) }
    events(.hookStarted(name))
    let result: ChildResult
    do throws(ChildProcessError) {
      result = try await program.run { events(.hookOutput(name, $0)) }
    } catch {
      throw .git(.child(error))
    }
    events(.hookEnded(name, result.status))
    try refuseMovedReferences(name, prepared)
    guard result.status == .exited(0) else {
      if result.status == .cancelled { throw .cancelled }
      throw .hookFailed(
        name: name, status: result.status, output: result.output + result.errorOutput)
    }
    try await refuseChangedContent(name, prepared)
    if let path = try committing({ () throws(GitError) in try prepared.checkout.changedLink() }) {
      throw .setupChangedLink(path)
    }
  }

  private func refuseMovedReferences(
    _ name: String, _ prepared: PreparedCommit
  ) throws(CommitError) {
    let now = try committing { () throws(GitError) in try store.watchedReferences() }
    let before = prepared.references
    let moves = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted().map {
      ReferenceMove(name: $0, before: before[$0], after: now[$0])
    }
    guard moves.isEmpty else { throw .hookMovedReferences(name: name, moves) }
  }

  /// Compares index and files of the private checkout with T; the result of a hook that changed them becomes a tree for review.
  private func refuseChangedContent(
    _ name: String, _ prepared: PreparedCommit
  ) async throws(CommitError) {
    let result: ObjectID
    do throws(GitError) {
      let written = try await git.text(
        ["write-tree"], in: prepared.worktree, setting: prepared.checkout.variables)
      guard let indexTree = ObjectID(hex: written) else {
        throw .unexpected(source: "git write-tree", answer: written)
      }
      result = try treeAfterHook(indexTree, prepared)
    } catch {
      throw .git(error)
    }
    guard result == prepared.tree else {
      let paths = try committing { () throws(GitError) in
        try store.changes(from: prepared.tree, to: result).map(\.path)
      }
      throw .hookChangedContent(name: name, from: prepared.tree, to: result, paths)
    }
  }

  /// The index's tree with the files that the hook changed without staging them.
  private func treeAfterHook(
    _ indexTree: ObjectID, _ prepared: PreparedCommit
  ) throws(GitError) -> ObjectID {
    let index =
      indexTree == prepared.tree ? prepared.listing : try store.listing(of: indexTree)
    var changes: [RepositoryPath: FileState?] = [:]
    // Rules that ignore a directory do not ignore the link that stands for it here: `git add --all` would take it in.
    for path in prepared.request.linkPaths
    where prepared.listing[path] == nil && index[path]?.mode == .symlink {
      changes[path] = .some(nil)
    }
    for (path, content) in try prepared.checkout.touchedFiles(of: index) {
      let state = try content.map { content throws(GitError) in
        FileState(mode: content.mode, blob: try store.writeBlob(content.bytes))
      }
      if state != index[path], changes[path] == nil { changes[path] = .some(state) }
    }
    return changes.isEmpty ? indexTree : try store.writeTree(base: indexTree, changes: changes)
  }

  private func write(_ message: [UInt8], to path: String) throws(CommitError) {
    try committing { () throws(GitError) in try writeDurably(message, to: path) }
  }
}
