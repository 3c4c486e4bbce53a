// A review as its ledger left it.

import Approval
import Diffing
import Review

enum ReviewRestoring {
  /// Builds the review of a session; what was seen and acknowledged is restored as files are loaded.
  static func review(
    _ history: SessionHistory, round: SessionRound, ledger: DecisionLedger, place: ReadingPlace?,
    settings: Configuration.Review
  ) -> ReviewState {
    let start = history.start
    let heading = SessionHeading(
      id: start.id, title: start.title, round: round.number, branch: start.branch,
      verdict: start.verdict, model: start.model)
    var review = ReviewState(
      heading: heading, ledger: ledger, unplaced: round.unplaced, placements: round.placements)
    review.tabWidth = settings.tabWidth
    review.contextLines = settings.contextLines
    review.wraps = settings.wrapsLines
    review.recordedShown = history.shown
    review.recordedAcknowledgements = Set(
      history.acknowledged.map {
        RecordedAcknowledgement(
          rule: $0.rule, path: $0.path, line: $0.newLine, sentence: $0.sentence)
      })
    if let commit = history.commits.last { review.close(committedAs: commit) }
    if let place, let index = round.proposal.index(of: place.path) {
      review.fileIndex = index
      review.wanted = .changedLine(place.changedLine)
    }
    return review
  }
}
