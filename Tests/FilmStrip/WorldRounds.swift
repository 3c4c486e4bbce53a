// The rounds of the scripted world: what a disk keeps of a session, and how another round follows.

package import Approval
import Diffing
import Review

/// The proposals of one session by round, and the ledger that runs through them.
package struct WorldRounds: Sendable {
  /// By round.
  package private(set) var proposals: [Int: MadeProposal]
  package private(set) var entries: [LedgerEntry] = []
  var place: ReadingPlace?
  private let first: MadeProposal
  private var comments: [Int: ReviewComment] = [:]
  private var nextComment = 0
  private var movedCount = 0

  init(_ first: MadeProposal) {
    proposals = [1: first]
    self.first = first
  }

  /// The ledger as it is read back from its entries; they always follow from each other.
  package var ledger: DecisionLedger {
    do {
      return try DecisionLedger(proposal: first.proposal, entries: entries)
    } catch {
      preconditionFailure("the recorded entries do not read back: \(error)")
    }
  }

  /// The proposal of the round that stands.
  package var current: MadeProposal { proposals[ledger.roundNumber] ?? first }

  func stands(_ proposal: Proposal) -> Bool { proposal == ledger.proposal }

  mutating func record(_ notes: [LedgerNote]) {
    for note in notes {
      switch note {
      case .entry(let entry): entries.append(entry)
      case .comment(let comment):
        comments[comment.id] = comment.text.isEmpty ? nil : comment
        nextComment = max(nextComment, comment.id + 1)
      case .shown, .acknowledged, .split: break
      }
    }
  }

  func content(of path: RepositoryPath) -> [UInt8]? {
    current.made.first { $0.path == path.bytes }?.new?.bytes
  }

  /// A file of any round, or of the difference of two.
  func loaded(_ file: ProposedFile) -> LoadedFile? {
    let sides = proposals.values.flatMap(\.made).filter { $0.path == file.path.bytes }
      .flatMap { [$0.old, $0.new] }
    func side(_ state: FileState?) -> MadeSide?? {
      guard let state else { return .some(nil) }
      return sides.first { $0?.state == state }
    }
    guard let old = side(file.old), let new = side(file.new) else { return nil }
    return .made(file, old: old, new: new, wholeFileLimit: first.wholeFileLimit)
  }

  /// The review as it is opened from disk.
  func review(id: SessionID) -> ReviewState {
    let ledger = ledger
    var review = ReviewState(
      heading: SessionHeading(
        id: id, title: first.title, round: ledger.roundNumber, branch: "main",
        verdict: "LOCAL unix", model: "qwen3-coder"),
      ledger: ledger, unplaced: first.unplaced, placements: first.placements)
    review.roundCount = proposals.count
    review.roundBefore = ledger.standingRounds.dropLast().last
    review.comments = comments
    review.nextComment = nextComment
    if let place, let index = ledger.proposal.index(of: place.path) {
      review.fileIndex = index
      review.wanted = .changedLine(place.changedLine)
    }
    return review
  }

  // MARK: Further rounds

  /// Puts a round in which `path` has `content` in the place of the one that stands.
  mutating func follow(
    _ id: SessionID, _ path: RepositoryPath, _ content: [UInt8], said: String
  ) -> [Event] {
    let made = current.made.map { file in
      guard file.path == path.bytes, let mode = (file.new ?? file.old)?.mode else { return file }
      return MadeFile(file.path, old: file.old, new: MadeSide(content, mode))
    }
    return follow(id, made, said: said)
  }

  /// Puts a line above everything in both sides of all text files.
  mutating func moveBase(_ id: SessionID) -> [Event] {
    movedCount += 1
    let line = Array("moved \(movedCount)\n".utf8)
    func moved(_ side: MadeSide?) -> MadeSide? {
      side.map { $0.mode.isFile && !$0.bytes.contains(0) ? MadeSide(line + $0.bytes, $0.mode) : $0 }
    }
    let made = current.made.map { file in
      file.old == nil ? file : MadeFile(file.path, old: moved(file.old), new: moved(file.new))
    }
    return follow(id, made, said: "Moved onto the tip")
  }

  private mutating func follow(_ id: SessionID, _ made: [MadeFile], said: String) -> [Event] {
    let changed = made.filter { $0.old != $0.new }
    let ledger = ledger
    guard !changed.isEmpty else {
      return [.noted(StatusMessage(.problem, "Nothing of the proposal would be left."))]
    }
    let next = MadeProposal(
      changed, wholeFileLimit: first.wholeFileLimit,
      base: movedCount > 0 ? " moved \(movedCount)" : "")
    guard next.proposal != ledger.proposal else {
      return [.noted(StatusMessage(.problem, "That is what the proposal says already."))]
    }
    let number = ledger.nextRoundNumber
    proposals[number] = next
    do {
      let carried = try CarriedDecisions(of: ledger, to: next.proposal) { file throws(Missing) in
        guard let change = loaded(file)?.change else { throw Missing(path: file.path) }
        return change
      }
      entries.append(
        .round(
          RoundRecord(
            sequence: ledger.nextSequence, number: number, proposal: next.proposal,
            carried: carried.records)))
    } catch {
      preconditionFailure("nothing is known of \(error)")
    }
    return [
      .roundArrived(
        review(id: id), StatusMessage(.note, "\(said), round \(number)."), keepsUnplaced: false)
    ]
  }

  private struct Missing: Error { let path: RepositoryPath }

  // MARK: Looking at rounds

  func comparison(_ id: SessionID, _ from: Int, _ to: Int) -> ReviewState? {
    guard let before = proposals[from], let after = proposals[to] else { return nil }
    /// The version of `path` in a proposal: its new side, or the base's where it does not change.
    func state(_ path: RepositoryPath, in one: MadeProposal, or other: MadeProposal) -> FileState? {
      if let index = one.proposal.index(of: path) { return one.proposal.files[index].new }
      return other.proposal.index(of: path).flatMap { other.proposal.files[$0].old }
    }
    let paths = Set((before.proposal.files + after.proposal.files).map(\.path))
    let files = paths.compactMap { path -> ProposedFile? in
      let old = state(path, in: before, or: after)
      let new = state(path, in: after, or: before)
      return old == new ? nil : ProposedFile(path: path, old: old, new: new)
    }
    let heading = SessionHeading(
      id: id.comparison, title: "round \(from)  →  round \(to)", round: to, branch: "main",
      verdict: "LOCAL unix", model: "qwen3-coder")
    let proposal = Proposal(
      baseCommit: nil, baseTree: before.proposal.tree, tree: after.proposal.tree, files: files)
    return ReviewState(
      heading: heading, ledger: DecisionLedger(proposal: proposal), unplaced: [], placements: [:])
  }

  func versions(of path: RepositoryPath, around lines: Range<Int>) -> [CandidateVersion]? {
    let ledger = ledger
    guard let index = ledger.proposal.index(of: path), let now = ledger.proposal.files[index].new,
      let diff = loaded(ledger.proposal.files[index])?.change?.diff
    else { return nil }
    var versions: [CandidateVersion] = []
    for (number, made) in proposals.sorted(by: { $0.key < $1.key }) {
      guard number != ledger.roundNumber, let place = made.proposal.index(of: path),
        made.proposal.files[place].old == ledger.proposal.files[index].old,
        made.proposal.files[place].new?.mode == now.mode,
        let version = made.files[place].change?.diff
      else { continue }
      let content = diff.taking(version, around: lines)
      guard content != diff.new.bytes, !versions.contains(where: { $0.content == content }) else {
        continue
      }
      versions.append(
        CandidateVersion(
          round: number, state: MadeSide(content, now.mode).state, content: content))
    }
    return versions
  }
}
