// The round that a hook makes: its changes of the approved files become part of the proposal, and are decided on like all others.

import Approval
import AuditLog
import Diffing
import GitStore
import Review

/// Why what a hook made is no round.
enum HookRoundProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// The hook changed lines that the proposal has otherwise beside what was approved.
  case meetsWhatIsLeft(RepositoryPath)
  /// The hook did what is in the proposal already and is not approved.
  case isProposed(RepositoryPath, hook: String)
  /// Every round of the hook's is changed by it again.
  case comesToNoRest(hook: String)

  var description: String {
    switch self {
    case .meetsWhatIsLeft(let path):
      "What it did to \(DisplayedBytes.text(of: path.bytes)) meets lines of the proposal that are not approved, so it cannot become a round of its own: approve or reject those too, or make the hook's change part of yours with E."
    case .isProposed(let path, let hook):
      "What the \(hook) hook makes of \(DisplayedBytes.text(of: path.bytes)) is in the proposal already, and you have not approved it: approve it, or mend the hook."
    case .comesToNoRest(let hook):
      "The \(hook) hook has changed its own changes twice already, so no third round is made of it: mend the hook, or make its change part of yours with E."
    }
  }
}

struct HookRoundMaker: Sendable {
  let maker: RoundMaker

  private var repository: Repository { maker.surroundings.repository }

  /// The proposal that stands with what the hook made of the tree `approved`, which is `result`; what is not approved stays in it.
  func round(
    after history: SessionHistory, by hook: String, from approved: ObjectID, to result: ObjectID
  ) async throws -> SessionRound {
    guard let ledger = history.ledger, let before = history.round else {
      throw RoundProblem.noProposal
    }
    let proposed = try await repository.treeListing(of: ledger.proposal.tree)
    var changes: [RepositoryPath: FileState?] = [:]
    var placements = before.placements
    let files = try await repository.changes(from: approved, to: result)
    for file in files where proposed[file.path] != file.new {
      let state = try await state(of: file, proposed: proposed[file.path])
      guard state != proposed[file.path] else { continue }
      changes[file.path] = .some(state)
      placements[file.path] = try await ranges(
        placements[file.path] ?? [], from: proposed[file.path], to: state, hook)
    }
    if changes.isEmpty, let file = files.first {
      throw HookRoundProblem.isProposed(file.path, hook: hook)
    }
    let tree = try await repository.writeTree(base: ledger.proposal.tree, changes: changes)
    return try await maker.round(
      history.nextRoundNumber, origin: .hook, base: ledger.proposal.baseCommit, tree: tree,
      placements: placements, unplaced: before.unplaced)
  }

  /// What the proposal has at the path after the hook: what the hook made, with the lines that are not approved.
  private func state(
    of file: ProposedFile, proposed: FileState?
  ) async throws -> FileState? {
    // Everything that is proposed here was approved.
    if proposed == file.old { return file.new }
    guard let old = file.old, let new = file.new, let proposed,
      [old, new, proposed].allSatisfy(\.mode.isFile),
      old.mode == new.mode || old.mode == proposed.mode,
      let content = try await repository.merged(
        base: old.blob, proposed.blob, new.blob, whereTheyMeet: .neither)
    else { throw HookRoundProblem.meetsWhatIsLeft(file.path) }
    return FileState(
      mode: old.mode == new.mode ? proposed.mode : new.mode,
      blob: try await repository.writeBlob(content))
  }

  private func ranges(
    _ ranges: [PlacedRange], from old: FileState?, to new: FileState?, _ hook: String
  ) async throws -> [PlacedRange] {
    guard let new, new.mode.isFile else { return [] }
    let before =
      if let old, old.mode.isFile { try await repository.blob(old.blob) } else { [UInt8]() }
    let after = try await repository.blob(new.blob)
    let limit = maker.surroundings.wholeFileLimit
    guard max(before.count, after.count) <= limit, !before.contains(0), !after.contains(0) else {
      return []
    }
    let diff = FileDiff.between(TextFile(before), TextFile(after))
    let made = "made by the \(hook) hook"
    let madeAgain = made + ", again"
    // What the hook does beside its own lines it does to them: it may add one every time.
    let met = ranges.filter { range in
      diff.groups.contains {
        $0.oldRange.lowerBound <= range.newLines.upperBound
          && range.newLines.lowerBound <= $0.oldRange.upperBound
      }
    }.map(\.rung)
    guard !met.contains(madeAgain) else { throw HookRoundProblem.comesToNoRest(hook: hook) }
    return RoundMaker.ranges(
      ranges, after: diff, rung: met.contains(made) ? madeAgain : made)
  }
}
