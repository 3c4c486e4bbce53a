// Running the checks and taking in what they say.

import Approval
import Diffing

extension AppState {
  /// Runs the checks on what is approved now.
  mutating func runChecks(_ review: ReviewState) -> [Effect] {
    if checks?.isRunning == true {
      message = StatusMessage(.note, "Checks are running; \(checksKeys).")
      return []
    }
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return []
    }
    guard !review.ledger.decisionsInForce.isEmpty else {
      message = StatusMessage(.note, "Nothing is approved yet, so there is nothing to check.")
      return []
    }
    checks = ChecksState(session: review.heading.id)
    if screen == .review {
      message = StatusMessage(.note, "The checks begin; review on. \(checksKeys).")
    }
    return [.runChecks(review.heading.id, review.ledger)]
  }

  /// What shows the output and what stops the checks, on the screen that is shown.
  private var checksKeys: String {
    let stop = screen == .commit ? key(.cancelCommit, in: .commit) : key(.cancelRequest)
    return "\(key(.showChecks, in: context)) shows their output, \(stop) stops them"
  }

  mutating func cancelChecks() -> [Effect] {
    message = StatusMessage(.note, "Stopping the checks…")
    return [.cancelChecks]
  }

  /// Opens what the checks printed.
  mutating func showChecks() {
    guard let checks, checks.session == review?.heading.id else {
      message = StatusMessage(
        .note, "No check has run here since this session was opened; \(key(.runChecks)) runs them.")
      return
    }
    show(
      ViewerState(
        title: "Output of the checks",
        note: checks.step.map { "\($0) is running; come back for more" } ?? words(of: checks),
        text: TextFile(checks.output), origin: screen))
    // The end is what is new.
    let lineCount = viewer?.text.lineCount ?? 0
    viewer?.top = max(0, lineCount - ViewerState.bodyHeight(of: size))
  }

  mutating func changeChecks(of id: SessionID, _ change: (inout ChecksState) -> Void) {
    guard checks?.session == id else { return }
    change(&checks!)
  }

  /// Says what came of the checks; an open commit sheet is worked out anew, since they may be required.
  mutating func checksEnded(_ id: SessionID, _ problem: String?) -> [Effect] {
    guard var ended = checks, ended.session == id else { return [] }
    ended.step = nil
    checks = ended
    guard let review, review.heading.id == id else { return [] }
    if let problem {
      message = StatusMessage(.problem, problem)
    } else {
      let passes = ended.approvedResults.allSatisfy { $0.outcome == .passed }
      message = StatusMessage(passes ? .success : .problem, words(of: ended))
    }
    guard screen == .commit, let commit, commit.phase == .ready || commit.isFailed else {
      return []
    }
    self.commit?.phase = .preparing
    return [
      .planCommit(
        id, sheet: commit.sheet, review.ledger, acknowledged: Array(review.acknowledged))
    ]
  }

  private func words(of checks: ChecksState) -> String {
    let results = checks.approvedResults
    let failed = results.filter { $0.outcome != .passed }
    guard let first = failed.first else {
      return results.isEmpty
        ? "No check has run."
        : "\(results.count) of \(results.count) checks passed on what is approved."
    }
    let more = failed.count > 1 ? ", and \(failed.count - 1) more" : ""
    let whole = checks.results.last { $0.name == first.name && $0.tree != first.tree }
    let compared =
      whole.map {
        $0.outcome == .passed ? "; on the whole proposal it passes" : "; on the whole proposal too"
      }
      ?? ""
    return
      "\(first.name) \(first.outcome.words)\(more)\(compared). \(key(.showChecks, in: context)) shows the output."
  }
}

extension ChecksState {
  /// The results about the approved tree; those about the whole proposal follow them.
  package var approvedResults: [CheckResult] {
    guard let tree = results.first?.tree else { return [] }
    return results.filter { $0.tree == tree }
  }
}
