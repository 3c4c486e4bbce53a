// Rounds after the first: content or a whole tree in the place of what stands, with the decisions that hold on it.

import Approval
import AuditLog
import Diffing
import GitStore
import Review

/// A round that is ready to follow the one that stands.
struct NextRound: Sendable {
  let round: SessionRound
  /// The number of the round that it was made of.
  let predecessor: Int
  let carried: CarriedDecisions
  /// How many entries the ledger had when its decisions were carried over.
  let entryCount: Int
  /// Whether it came of a question that nobody asked for.
  var isByItself = false
}

/// Why another round cannot be made.
enum RoundProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case nothingLeft
  case noProposal
  case noRound(Int)
  case sameAsNow
  /// Another round came to stand while this one was being made.
  case overtaken
  case gone(RepositoryPath)

  var description: String {
    switch self {
    case .nothingLeft:
      "Nothing of the proposal would be left; reject what you do not want instead."
    case .noProposal: "This session has no proposal yet."
    case .noRound(let number): "The ledger of this session has no round \(number)."
    case .sameAsNow: "That is what the proposal says already."
    case .overtaken:
      "Another round came first, and this one was made without it; do that again."
    case .gone(let path):
      "\(DisplayedBytes.text(of: path.bytes)) is no longer part of the proposal."
    }
  }
}

/// Makes the rounds of one session that follow the first.
struct RoundMaker: Sendable {
  let surroundings: Surroundings
  let session: SessionID

  private var repository: Repository { surroundings.repository }

  /// The round in which `path` has `content`, and everything else is as in the round that stands.
  ///
  /// - Parameters:
  ///   - rung: how the lines that differ got there, for the hunk's title.
  ///   - item: the unplaced edit that has its place with that; its file need not be part of the proposal.
  func round(
    after history: SessionHistory, path: RepositoryPath, content: [UInt8], origin: RoundOrigin,
    rung: String, placing item: UnplacedItem? = nil, promptDigest: String = ""
  ) async throws -> SessionRound {
    guard let ledger = history.ledger, let before = history.round else {
      throw RoundProblem.noProposal
    }
    let base = ledger.proposal.index(of: path).map { ledger.proposal.files[$0] }
    var now = base?.new
    if base == nil, item != nil {
      now = try await repository.treeListing(of: ledger.proposal.tree)[path]
    }
    guard let mode = now?.mode ?? base?.old?.mode, mode.isFile || item == nil else {
      throw RoundProblem.gone(path)
    }
    let state = FileState(mode: mode, blob: try await repository.writeBlob(content))
    guard state != now else { throw RoundProblem.sameAsNow }
    let tree = try await repository.writeTree(base: ledger.proposal.tree, changes: [path: state])
    var placements = before.placements
    var old: [UInt8] = []
    if let now { old = try await repository.blob(now.blob) }
    placements[path] = Self.ranges(
      placements[path] ?? [], after: FileDiff.between(TextFile(old), TextFile(content)), rung: rung)
    var unplaced = before.unplaced
    if let index = unplaced.firstIndex(where: { $0 == item }) { unplaced.remove(at: index) }
    return try await round(
      history.nextRoundNumber, origin: origin, base: ledger.proposal.baseCommit, tree: tree,
      placements: placements, unplaced: unplaced, promptDigest: promptDigest)
  }

  /// A round of a tree that is written already; anchors it, under `number` or the next that is free.
  func round(
    _ number: Int, origin: RoundOrigin, base: ObjectID?, tree: ObjectID,
    placements: [RepositoryPath: [PlacedRange]], unplaced: [UnplacedItem],
    promptDigest: String = ""
  ) async throws -> SessionRound {
    let proposal = try await repository.makeProposal(base: base, tree: tree)
    // Where nothing had a place there is nothing to be left of.
    guard !proposal.files.isEmpty || origin == .dropped else { throw RoundProblem.nothingLeft }
    let paths = Set(proposal.files.map(\.path))
    return try await renumbered(
      SessionRound(
        number: number, origin: origin, proposal: proposal,
        placements: placements.filter { paths.contains($0.key) }, unplaced: unplaced,
        promptDigest: promptDigest), number)
  }

  /// The same round under the first number from `number` on that no other round has, anchored.
  func renumbered(_ round: SessionRound, _ number: Int) async throws -> SessionRound {
    let number = try await repository.anchorRound(
      from: number, session: session.text, tree: round.proposal.tree,
      base: round.origin == .movedBase ? round.proposal.baseTree : nil)
    return SessionRound(
      number: number, origin: round.origin, proposal: round.proposal,
      placements: round.placements, unplaced: round.unplaced, promptDigest: round.promptDigest)
  }

  /// Carries the decisions of `ledger` over to `round`. Reads the files that were decided on and differ.
  ///
  /// - Parameter predecessor: the round that it was made of, where that is not the one that stands in `ledger`.
  func next(
    _ round: SessionRound, after ledger: DecisionLedger, madeOf predecessor: Int? = nil
  ) async throws -> NextRound {
    var changes: [ProposedFile: FileChange] = [:]
    for file in CarriedDecisions.filesToRead(of: ledger, to: round.proposal) {
      changes[file] = try await surroundings.fileChange(file)
    }
    let carried = try CarriedDecisions(of: ledger, to: round.proposal) {
      file throws(RoundProblem) in
      guard let change = changes[file] else { throw .gone(file.path) }
      return change
    }
    return NextRound(
      round: round, predecessor: predecessor ?? ledger.roundNumber, carried: carried,
      entryCount: ledger.entries.count)
  }

  /// Placed ranges of a file after its new side changed: those in unchanged lines move along, the changed lines get `rung`.
  static func ranges(
    _ ranges: [PlacedRange], after diff: FileDiff, rung: String
  ) -> [PlacedRange] {
    let kept = ranges.compactMap { range -> PlacedRange? in
      let lines = range.newLines
      guard !diff.groups.contains(where: { $0.oldRange.overlaps(lines) }) else { return nil }
      let shift = diff.groups.filter { $0.oldRange.upperBound <= lines.lowerBound }
        .reduce(0) { $0 + $1.newRange.count - $1.oldRange.count }
      return PlacedRange(
        newLines: lines.lowerBound + shift..<lines.upperBound + shift, rung: range.rung)
    }
    let changed = diff.groups.map { PlacedRange(newLines: $0.newRange, rung: rung) }
    return (kept + changed).sorted { $0.newLines.lowerBound < $1.newLines.lowerBound }
  }
}

extension NextRound {
  /// What the screen says of it: what made it, and which decisions fell away because their lines are gone.
  var sentence: String {
    let made =
      switch round.origin {
      case .request: "Round \(round.number)."
      case .again where isByItself:
        "An edit that had no place has one now, round \(round.number), undecided."
      case .again:
        "The model's new version, round \(round.number), undecided; i shows what it changed."
      case .edit: "Your edit, round \(round.number), undecided."
      case .candidate: "The other version, round \(round.number), undecided."
      case .placed: "The edit is where you chose, round \(round.number), undecided."
      case .dropped: "The edit is dropped, round \(round.number)."
      case .hook: "What the hook made, round \(round.number), undecided."
      case .movedBase: "Moved onto the tip, round \(round.number)."
      }
    let count: (Verdict) -> Int = { verdict in
      carried.fallen.filter { $0.verdict == verdict }.reduce(0) { $0 + $1.lineCount }
    }
    let parts = [(count(.approved), "approved"), (count(.rejected), "rejected")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    guard !parts.isEmpty else {
      return carried.records.isEmpty ? made : made + " All decisions stand."
    }
    let one = count(.approved) + count(.rejected) == 1
    // Short: on the review a message has one row.
    return made + " \(parts.joined(separator: ", ")) line\(one ? "" : "s") fell away."
  }
}
