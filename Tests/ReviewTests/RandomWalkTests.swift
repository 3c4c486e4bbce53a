// Random walks over keys on random proposals, held against the reference ledger.

import TestSupport
import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Scanner
import Testing

@Suite struct RandomWalkTests {
  private static let commandCount = Depth.isDeep ? 100_000 : 4_800
  private static let walkLength = 120
  private static var seeds: Range<UInt64> { 0..<UInt64(commandCount / walkLength) }

  @Test(arguments: seeds)
  func `what the ledger approves is what the keys said of what was seen`(_ seed: UInt64) throws {
    var random = SeededRandom(seed &+ 5_000)
    let first = MadeProposal.random(&random)
    var player = Player.reviewing(first, size: random.pick([.wide, .usual, .least]))
    if seed % 2 == 1 { player.answersRounds() }
    let keys = seed % 2 == 1 ? RandomKeys.rounds : RandomKeys.review
    var reference = ReferenceLedger()
    for step in 0..<Self.walkLength {
      if random.oneIn(25) { player.take(.resized(random.pick([.wide, .usual, .least]))) }
      if seed % 2 == 1, random.oneIn(30) { player.take(.baseMoved(Player.session, tip: "tip")) }
      let key = random.key(keys, in: player.state)
      let before = player.underlying
      let proposal = player.proposal(of: before)
      let overlay = player.state.overlay
      let count = before.ledger.entries.count
      player.press(key)
      // Whether a key decides at all is held to the laws below; on what, and how, is held to the reference.
      guard player.underlying.ledger.entries.count > count else { continue }
      #expect(player.underlying.ledger.entries.count == count + 1)
      let said = "seed \(seed), step \(step): \(key.name)"
      let now = player.proposal(of: player.underlying)
      if case .round = player.underlying.ledger.entries.last {
        let verdicts = player.underlying.ledger.verdicts(of: now)
        let isMoved = before.proposal.baseTree != player.underlying.proposal.baseTree
        // On a moved base what could be meant in two ways falls away too; what stays is held to what it was.
        reference.follow(proposal, now) { !isMoved || verdicts[$0] != nil }
        #expect(verdicts == reference.standing.filter { $0.value != .undecided }, "\(said)")
      } else {
        #expect(player.state.comparison == nil, "\(said) decides beside a comparison")
        apply(key, overlay, before, to: &reference)
      }
      let approved = player.underlying.ledger.approvedUnits(of: now)
      #expect(approved == reference.approved, "\(said)")
      if case .decision = player.underlying.ledger.entries.last {
        expectSeenAndAcknowledged(before, player.underlying, proposal, said)
      }
    }
    let ledger = try DecisionLedger(proposal: first.proposal, entries: player.diskEntries)
    let last = player.proposal(of: player.underlying)
    #expect(
      ledger.approvedUnits(of: last) == reference.approved,
      "seed \(seed): the recorded entries give another ledger")
    #expect(ledger.entries == player.underlying.ledger.entries)
    try expectCommitted(player.underlying.ledger, reference.approved, last, seed)
  }

  private func apply(
    _ key: Key, _ overlay: Overlay?, _ review: ReviewState, to reference: inout ReferenceLedger
  ) {
    let units = review.unitsUnderCursor
    let standing = reference.standing
    if case .approveFile = overlay {
      let flagged = flaggedUnits(review)
      let lines = (review.layout?.hunks ?? []).filter { hunk in
        let open = hunk.changedLines.map { Unit.line($0, file: review.fileIndex) }
          .filter { standing[$0, default: .undecided] == .undecided }
        return Set(open).isDisjoint(with: flagged)
      }.flatMap(\.changedLines).map { Unit.line($0, file: review.fileIndex) }
        .filter { standing[$0, default: .undecided] == .undecided }
      reference.decide(lines, .approved)
      return
    }
    /// Without a selection a key speaks of what is still undecided, or of everything when nothing is.
    let open = units.filter { standing[$0, default: .undecided] == .undecided }
    let narrowed = review.mark == nil && !open.isEmpty ? open : units
    switch key {
    case .character("y"), .character("a"): reference.decide(narrowed, .approved)
    case .character("x"): reference.decide(narrowed, .rejected)
    case .space:
      let isApproved = units.allSatisfy { standing[$0] == .approved }
      reference.decide(isApproved ? units : narrowed, isApproved ? .undecided : .approved)
    case .character("A"): reference.decide([.whole(file: review.fileIndex)], .approved)
    case .character("u"): reference.undo()
    case .control("r"): reference.redo()
    default: Issue.record("\(key.name) decides")
    }
  }

  private func flaggedUnits(_ review: ReviewState) -> Set<Unit> {
    guard let diff = review.currentChange?.diff else { return [] }
    let findings = review.currentFile.findings.filter { $0.severity != .note }
    return Set(
      (0..<diff.changedLineCount).filter { index in
        let line = diff.changedLine(at: index)
        return findings.contains { finding in
          finding.line.map { line.side == .added && line.line == $0 } ?? true
        }
      }.map { .line($0, file: review.fileIndex) })
  }

  /// No line is newly approved that was not drawn in full before, nor one with an open finding.
  private func expectSeenAndAcknowledged(
    _ before: ReviewState, _ after: ReviewState, _ proposal: MadeProposal, _ said: String
  ) {
    let fresh = after.ledger.approvedUnits(of: proposal)
      .subtracting(before.ledger.approvedUnits(of: proposal))
    for unit in fresh {
      switch unit {
      case .line(let line, let file):
        #expect(before.seen[file]?.contains(line) == true, "\(said) approves an unseen line")
        guard let diff = proposal.change(file)?.diff else { continue }
        let changed = diff.changedLine(at: line)
        for finding in proposal.files[file].findings
        where finding.severity != .note
          && (finding.line == nil || changed.side == .added && finding.line == changed.line)
        {
          #expect(before.acknowledged.contains(finding), "\(said) passes over \(finding.rule)")
        }
      case .mode(let file), .whole(let file):
        #expect(before.seenWhole.contains(file), "\(said) approves what was not drawn")
      }
    }
  }

  /// The approved change holds the bytes that a plain splice of the reference gives.
  private func expectCommitted(
    _ ledger: DecisionLedger, _ approved: Set<Unit>, _ proposal: MadeProposal, _ seed: UInt64
  ) throws {
    guard !approved.isEmpty else {
      #expect(throws: ApprovalError.nothingApproved) {
        _ = try ApprovedChange(folding: ledger) { try #require(proposal.change($0)) }
      }
      return
    }
    let change = try ApprovedChange(folding: ledger) { try #require(proposal.change($0)) }
    let files = Set(
      approved.map { unit in
        switch unit {
        case .line(_, let file), .mode(let file), .whole(let file): file
        }
      })
    #expect(change.files.map(\.path) == files.sorted().map { proposal.proposal.files[$0].path })
    for file in change.files {
      guard case .content(_, let bytes) = file.result,
        let index = proposal.proposal.index(of: file.path),
        let diff = proposal.change(index)?.diff
      else { continue }
      let selection = (0..<diff.changedLineCount).filter {
        approved.contains(.line($0, file: index))
      }
      #expect(
        bytes == selectedContent(of: diff, selection: LineSelection(selection)), "seed \(seed)")
    }
  }
}

extension Player {
  /// The review of the session, below what may be compared above it.
  fileprivate var underlying: ReviewState { state.comparison?.below ?? review }

  /// The contents of what `review` is about.
  fileprivate func proposal(of review: ReviewState) -> MadeProposal {
    guard let made = world.rounds?.proposals[review.ledger.roundNumber] ?? world.proposal,
      made.proposal == review.proposal
    else { preconditionFailure("the review is of a proposal that no round has") }
    return made
  }

  /// What the ledger on disk holds, rounds among it.
  fileprivate var diskEntries: [LedgerEntry] { world.rounds?.entries ?? recordedEntries }
}
