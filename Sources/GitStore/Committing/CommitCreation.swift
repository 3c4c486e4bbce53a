// The commit object, made by git's own plumbing, signed when configured; no ref moves.

package import Approval

extension Repository {
  /// Makes the commit object of the approved tree with `message`.
  package func create(
    _ prepared: PreparedCommit, message: [UInt8],
    events: @escaping @Sendable (CommitEvent) -> Void = { _ in }
  ) async throws(CommitError) -> ObjectID {
    guard !message.allSatisfy({ $0 == 0x20 || (0x09...0x0d).contains($0) }) else {
      throw .emptyMessage
    }
    let configuration = prepared.configuration
    let encoding = configuration["i18n.commitencoding"] ?? "utf-8"
    if ["utf-8", "utf8"].contains(encoding.lowercased()) {
      guard String(validating: message, as: UTF8.self) != nil else { throw .messageNotText }
    }
    let signs = configuration.isTrue("commit.gpgsign")
    var arguments = Self.durably + ["-c", "i18n.commitEncoding=\(encoding)", "commit-tree"]
    if let parent = prepared.request.expectedTip { arguments += ["-p", parent.hex] }
    if signs { arguments.append("-S") }
    var variables = prepared.author.variables.merging(prepared.committer) { _, new in new }
    if let terminal = prepared.request.terminal { variables["GPG_TTY"] = terminal }
    var program = git.program(
      arguments + ["-F", "-", prepared.tree.hex], in: workDirectory, .plain, setting: variables)
    program.input = message
    program.isCancellable = true
    if signs, let terminal = prepared.request.terminal {
      program.terminal = .controlling(terminal)
    }
    if signs { events(.signing) }
    let output: [UInt8]
    do throws(GitError) {
      output = try await git.output(of: program)
    } catch .command(_, .cancelled, _) {
      throw .cancelled
    } catch {
      throw .git(error)
    }
    let text = firstLine(String(decoding: output, as: UTF8.self))
    guard let commit = ObjectID(hex: text) else {
      throw .git(.unexpected(source: "git commit-tree", answer: text))
    }
    try await prepared.request.faults.checkpoint(.commitMade)
    return commit
  }

  /// The whole way from an approved change to a landed commit.
  ///
  /// Every phase can be called by itself; `land` can be tried again after an error that says so.
  package func commit(
    _ change: ApprovedChange, request: CommitRequest,
    events: @escaping @Sendable (CommitEvent) -> Void = { _ in }
  ) async throws(CommitError) -> CommitReceipt {
    events(.preparing)
    let prepared = try await prepare(change, request: request)
    let message = try await runHooks(prepared, events: events)
    let commit = try await create(prepared, message: message, events: events)
    let checked = try await check(commit, of: prepared, message: message)
    return try await land(checked, of: prepared, events: events)
  }
}
