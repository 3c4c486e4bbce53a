// From contents to an approved change, as the review would make it.

import Approval
import Diffing
import GitStore
import Testing

/// Which changed lines of a file a test approves; nil is none of the file.
typealias Choice = @Sendable (FileChange) -> LineSelection?

let everything: Choice = { $0.diff.map { .all(of: $0) } ?? LineSelection.none }

/// The proposal for `contents` on `base`; a nil content deletes.
func propose(
  _ contents: [String: String?], on base: ObjectID?, in repository: Repository
) async throws -> Proposal {
  var proposed: [RepositoryPath: ProposedContent] = [:]
  for (path, content) in contents {
    proposed[RepositoryPath(path)] = content.map { .file(.regular, Array($0.utf8)) } ?? .deleted
  }
  return try await repository.makeProposal(base: base, contents: proposed)
}

/// Approves what `choice` takes of every file, modes and whole files included.
func approve(
  _ proposal: Proposal, in repository: Repository, choosing choice: Choice = everything
) async throws -> ApprovedChange {
  var changes: [FileChange] = []
  for file in proposal.files { changes.append(try await repository.fileChange(file, limit: .max)) }
  return try approve(proposal, changes, choosing: choice)
}

/// The same, of changes that are at hand, in the order of the proposal's files.
func approve(
  _ proposal: Proposal, _ changes: [FileChange], choosing choice: Choice
) throws -> ApprovedChange {
  var ledger = DecisionLedger(proposal: proposal)
  func decide(_ file: ProposedFile, _ unit: DecisionUnit) throws {
    let record = DecisionRecord(
      sequence: ledger.nextSequence, file: file, unit: unit, verdict: .approved)
    try ledger.append(.decision(record))
  }
  for change in changes {
    guard let selection = choice(change) else { continue }
    if let diff = change.diff {
      let script = diff.editScript(of: selection)
      let digest = LinesDigest.of(script, old: diff.old, new: diff.new)
      if !script.isEmpty { try decide(change.file, .lines(script, digest: digest)) }
      if change.hasModeUnit { try decide(change.file, .mode) }
    } else {
      try decide(change.file, .whole)
    }
  }
  return try ApprovedChange(folding: ledger) { changes[$0] }
}

extension Scratch {
  /// A request on `main` with the session's directories of this repository.
  func request(
    on tip: ObjectID?, _ message: String = "Change things\n", branch: String = "refs/heads/main"
  ) -> CommitRequest {
    CommitRequest(
      session: "s1", message: Array(message.utf8), branch: branch, expectedTip: tip,
      slug: "change", worktreeDirectory: "\(root)/state/worktree",
      journalDirectory: "\(root)/state/journal")
  }

  /// A repository with `base` committed, and the approved change that leads to `contents`.
  static func prepared(
    base: [String: String] = ["a.txt": "one\ntwo\nthree\n", "other.txt": "other\n"],
    contents: [String: String?] = ["a.txt": "one\nTWO\nthree\n"]
  ) async throws -> (Scratch, Repository, ApprovedChange, ObjectID) {
    let scratch = try await Scratch.make()
    for (path, content) in base { try scratch.write(path, content) }
    let tip = try await scratch.commitAll()
    let repository = try await scratch.repository()
    let proposal = try await propose(contents, on: tip, in: repository)
    return (scratch, repository, try await approve(proposal, in: repository), tip)
  }
}

/// Collects events across threads.
actor EventLog {
  private(set) var events: [CommitEvent] = []
  nonisolated let stream: AsyncStream<CommitEvent>
  private nonisolated let continuation: AsyncStream<CommitEvent>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  nonisolated func record(_ event: CommitEvent) { continuation.yield(event) }

  /// All events so far; ends the log.
  func finished() async -> [CommitEvent] {
    continuation.finish()
    for await event in stream { events.append(event) }
    return events
  }
}
