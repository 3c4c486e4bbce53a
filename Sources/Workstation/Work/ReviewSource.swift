// Sessions made from what another tool wrote: a range of commits, a patch.

import Approval
import AuditLog
import Digest
import GitStore
import Glibc
package import Review

/// A session with its first round, not recorded yet: that is for the store of whoever opens it.
///
/// Its trees may be in no ref yet: whoever records it anchors them.
package struct NewSession: Sendable {
  package let start: SessionStart
  package let round: SessionRound
  /// What the user should know of how it was made, in a sentence.
  package var note: String?

  /// What its ledger will say.
  var history: SessionHistory { SessionHistory(start, round) }
}

/// Makes sessions from ranges, checkouts, directories and patches.
package struct ReviewSource: Sendable {
  package let surroundings: Surroundings

  package init(surroundings: Surroundings) {
    self.surroundings = surroundings
  }

  /// A session whose base is the first commit of the range and whose proposal is the tree of the second.
  package func session(
    ofRange expression: String, called name: String? = nil
  ) async throws -> NewSession {
    let repository = surroundings.repository
    let from: ObjectID
    let to: ObjectID
    switch try await repository.resolve(expression) {
    case .range(let first, let last), .symmetric(let first, let last): (from, to) = (first, last)
    case .commit: throw SourceProblem.noRange(expression)
    }
    let base = try await repository.commitContent(from)
    let tip = try await repository.commitContent(to)
    let id = SessionNaming.fresh()
    let round = try await ProposalMaker(repository: repository)
      .round(1, base: from, tree: tip.tree)
    let summary = String(decoding: tip.summary, as: UTF8.self)
    return try await begin(
      id, title: "\(name ?? expression): \(summary)", base: from, tree: base.tree, source: .range,
      digest: "", round)
  }

  /// A session of a range, or of one commit, whose base is its first parent then.
  package func session(ofRevision expression: String) async throws -> NewSession {
    let repository = surroundings.repository
    guard case .commit(let id) = try await repository.resolve(expression) else {
      return try await session(ofRange: expression)
    }
    let commit = try await repository.commitContent(id)
    guard let parent = commit.parents.first else {
      return try await session(ofFirst: commit, called: expression)
    }
    guard try await repository.exists(parent) else { throw SourceProblem.noParent(expression) }
    return try await session(ofRange: "\(parent.hex)..\(id.hex)", called: expression)
  }

  /// A session of a commit without a parent: everything in it is new.
  private func session(
    ofFirst commit: CommitContent, called expression: String
  ) async throws -> NewSession {
    let round = try await ProposalMaker(repository: surroundings.repository)
      .round(1, base: nil, tree: commit.tree)
    return try await begin(
      SessionNaming.fresh(),
      title: "\(expression): \(String(decoding: commit.summary, as: UTF8.self))", base: nil,
      tree: .emptyTree, source: .range, digest: "", round)
  }

  /// A session of what the checkout's files, or its index, hold beyond the last commit.
  package func session(of source: SessionSource) async throws -> NewSession {
    let repository = surroundings.repository
    let head = try await repository.head()
    let id = SessionNaming.fresh()
    let scratch = surroundings.locations.worktrees
    try PrivateDirectory.ensure(scratch)
    let directory = scratch + Array("/\(id.text)-index".utf8)
    try PrivateDirectory.ensure(directory)
    let name = String(decoding: directory, as: UTF8.self)
    defer { rmdir(name) }
    let tree = try await writtenTree(of: source, scratchDirectory: name)
    let base: ObjectID =
      if let tip = head.tip { try await repository.commitContent(tip).tree } else { .emptyTree }
    let round: SessionRound
    do {
      round = try await ProposalMaker(repository: repository)
        .round(1, base: head.tip, tree: tree)
    } catch ProposalProblem.changesNothing {
      throw SourceProblem.nothingChanged(source)
    }
    var session = try await begin(
      id, title: source == .staged ? "staged changes" : "changes of the working tree",
      base: head.tip, tree: base, source: source, digest: "", round)
    if source == .worktree {
      let filters = try await repository.cleanFilters(of: round.proposal.files.map(\.path))
      if !filters.isEmpty {
        session.note =
          "git ran the filter \(filters.joined(separator: ", ")) on these files, as git add does; "
          + "they cannot be committed here."
      }
    }
    return session
  }

  private func writtenTree(
    of source: SessionSource, scratchDirectory: String
  ) async throws -> ObjectID {
    let repository = surroundings.repository
    do throws(GitError) {
      return source == .staged
        ? try await repository.writeIndexTree(scratchDirectory: scratchDirectory)
        : try await repository.writeWorkingTree(scratchDirectory: scratchDirectory)
    } catch {
      guard case .command(_, _, let message) = error else { throw error }
      throw SourceProblem.notTaken(message)
    }
  }

  /// A session of two directories, as `git difftool --dir-diff` makes them.
  package func session(
    ofDirectories left: String, _ right: String
  ) async throws -> NewSession {
    let repository = surroundings.repository
    let id = SessionNaming.fresh()
    let old = try await repository.writeTree(ofDirectory: left)
    let new = try await repository.writeTree(ofDirectory: right)
    let files = try await repository.changes(from: old, to: new)
    guard !files.isEmpty else { throw ProposalProblem.changesNothing }
    let proposal = Proposal(baseCommit: nil, baseTree: old, tree: new, files: files)
    return try await begin(
      id, title: "two directories", base: nil, tree: old, source: .directories, digest: "",
      SessionRound(number: 1, proposal: proposal, placements: [:], unplaced: []))
  }

  /// A session whose base is the last commit and whose proposal is what of the patch could be placed.
  package func session(ofPatch patch: [UInt8], called name: String) async throws -> NewSession {
    let repository = surroundings.repository
    let head = try await repository.head()
    let tree: ObjectID =
      if let tip = head.tip { try await repository.commitContent(tip).tree } else { .emptyTree }
    let id = SessionNaming.fresh()
    let maker = ProposalMaker(repository: repository)
    let round: SessionRound
    do {
      round = try await maker.round(1, from: patch, base: head.tip, baseTree: tree, offered: nil)
    } catch ProposalProblem.noEdits {
      throw SourceProblem.noPatch(name)
    }
    return try await begin(
      id, title: name, base: head.tip, tree: tree, source: .patch,
      digest: SHA256Digest.of(patch).hex, round)
  }

  /// What the last round of a committed session holds beyond `commit`: a session of its own, with `commit` as the base.
  ///
  /// What is left of the user's own files is what they, or the index, hold now, not what they held then.
  ///
  /// - Throws: `ProposalProblem.changesNothing` when everything was approved,
  ///   `SourceProblem.nothingChanged` when files or index are as committed.
  func rest(
    of history: SessionHistory, on commit: ObjectID
  ) async throws -> NewSession {
    switch history.start.source {
    case .worktree, .staged: return try await session(of: history.start.source)
    case .model, .range, .patch, .directories: break
    }
    guard let round = history.round else {
      throw StandingProblem.noProposal(history.start.id)
    }
    let id = SessionNaming.fresh()
    let repository = surroundings.repository
    let rest = try await ProposalMaker(repository: repository)
      .round(1, base: commit, tree: round.proposal.tree)
    let before = history.start
    let start = SessionStart(
      id: id, created: Int(time(nil)), title: before.title, instruction: before.instruction,
      files: before.files, baseCommit: commit, baseTree: rest.proposal.baseTree,
      branch: before.branch, source: before.source, endpoint: before.endpoint,
      address: before.address, verdict: before.verdict, model: before.model, promptDigest: "",
      otherModels: history.models.filter { $0 != before.model }
    ).asking(history.firstUse)
    // New lines keep their numbers: the new side is the same tree.
    return NewSession(
      start: start,
      round: SessionRound(
        number: 1, proposal: rest.proposal, placements: round.placements,
        unplaced: round.unplaced))
  }

  private func begin(
    _ id: SessionID, title: String, base: ObjectID?, tree: ObjectID, source: SessionSource,
    digest: String, _ round: SessionRound
  ) async throws -> NewSession {
    let head = try await surroundings.repository.head()
    let start = SessionStart(
      id: id, created: Int(time(nil)), title: RequestMaker.shortened(title), instruction: "",
      files: [], baseCommit: base, baseTree: tree, branch: head.target, source: source,
      endpoint: "", verdict: "no model", model: "", promptDigest: digest)
    return NewSession(start: start, round: round)
  }
}

/// Why there is nothing to review.
package enum SourceProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case noRange(String)
  case noPatch(String)
  case noParent(String)
  case nothingChanged(SessionSource)
  /// git could not take in the files or the index; its words.
  case notTaken(String)

  package var description: String {
    switch self {
    case .noRange(let text):
      "\(text) is neither a commit nor a range; write <rev> or <a>..<b>, such as HEAD~3..HEAD."
    case .noParent(let text):
      "The parent of \(text) is not in this clone, which is shallow: get it with `git fetch --deepen=1`, then review."
    case .notTaken(let message) where message.contains("unmerged"):
      "The index has files with conflicts: resolve them and git add them, then review."
    case .notTaken(let message) where message.contains("does not have a commit checked out"):
      "A repository without a commit is inside this one, and git cannot take it in: \(Self.firstLine(message)). Commit in it, or list it in .gitignore."
    case .notTaken(let message):
      "git could not take in what is to be reviewed: \(Self.firstLine(message))."
    case .nothingChanged(.staged): "Nothing is staged: the index is as the last commit."
    case .nothingChanged: "Nothing is changed: the files are as in the last commit."
    case .noPatch(let name):
      "The \(name) holds no edit that Countersign knows: a unified diff, apply_patch, or SEARCH/REPLACE blocks."
    }
  }

  private static func firstLine(_ message: String) -> String {
    String(message.prefix { $0 != "\n" })
  }
}

extension ReviewSource {
  /// The newest session of the same change from the same source that can still be decided on, so that the same command comes back to it;
  /// nil when there is none, or another Countersign has it.
  package func sessionUnderReview(like session: NewSession) async throws -> SessionID? {
    let proposal = session.round.proposal
    let names = try await surroundings.repository.sessions(
      from: proposal.baseTree, to: proposal.tree)
    let store = surroundings.makeStore()
    for name in names.reversed() {
      // An anchor without a ledger, or with one that cannot be read, is nothing to come back to; the list says what is wrong with it.
      guard let id = SessionID(name), store.exists(id), let history = try? store.openHistory(of: id)
      else { continue }
      defer { store.close(id) }
      guard history.start.source == session.start.source, history.commits.isEmpty,
        !history.isDiscarded, history.start.baseCommit == session.start.baseCommit,
        history.start.branch == session.start.branch
      else { continue }
      return id
    }
    return nil
  }
}
