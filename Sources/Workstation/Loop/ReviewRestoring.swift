// A review as its ledger left it.

import Approval
import Diffing
import Review

enum ReviewRestoring {
  /// Builds the review of a session; what was seen and acknowledged is restored as files are loaded.
  static func review(
    _ history: SessionHistory, round: SessionRound, ledger: DecisionLedger, place: ReadingPlace?,
    settings: Configuration.Reading
  ) -> ReviewState {
    let start = history.start
    let heading = SessionHeading(
      id: start.id, title: start.title, round: round.number, branch: start.branch,
      verdict: history.verdict, model: start.model)
    var review = ReviewState(
      heading: heading, ledger: ledger, unplaced: round.unplaced, placements: round.placements)
    review.tabWidth = settings.tabWidth
    review.contextLines = settings.contextLines
    review.wraps = settings.wrapsLines
    review.recordedShown = history.shown
    review.recordedAcknowledgements = Set(
      history.acknowledged.compactMap { finding in
        finding.file.map {
          RecordedAcknowledgement(
            rule: finding.rule, file: $0, line: finding.newLine, sentence: finding.sentence)
        }
      })
    review.isOfWorkingTree = start.source == .worktree
    review.roundCount = history.rounds.count
    review.roundBefore = ledger.standingRounds.dropLast().last
    review.recordedSplits = history.splits
    review.comments = history.comments
    review.askedCounts = history.againCounts
    review.nextComment = history.nextComment
    if let commit = history.commits.last { review.close(committedAs: commit) }
    if let place, let index = round.proposal.index(of: place.path) {
      review.fileIndex = index
      review.wanted = .changedLine(place.changedLine)
    }
    return review
  }
}
