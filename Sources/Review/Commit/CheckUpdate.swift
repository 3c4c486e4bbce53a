// Running the checks and taking in what they say.

import Approval
import Diffing

extension AppState {
  /// The checks of the session under review.
  package var ownChecks: ChecksState? {
    checks.flatMap { $0.session == review?.heading.id ? $0 : nil }
  }

  /// Runs the checks on what is approved now.
  mutating func runChecks(_ review: ReviewState) -> [Effect] {
    if let checks, checks.isRunning {
      message = StatusMessage(
        .note,
        checks.session == review.heading.id
          ? "Checks are running; \(checksKeys)."
          : "The checks of session \(checks.session) are running; these can follow them.")
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
    guard let checks = ownChecks else {
      message = StatusMessage(
        .note, "No check has run here since this session was opened; \(key(.runChecks)) runs them.")
      return
    }
    var viewer = ViewerState(
      title: "Output of the checks", note: viewerNote(checks), text: TextFile(checks.output),
      origin: screen)
    viewer.isOfChecks = true
    // The end is what is new.
    viewer.top = lastTop(of: viewer)
    show(viewer)
  }

  private func viewerNote(_ checks: ChecksState) -> String {
    checks.step.map {
      "\($0) is running; \(key(.cancelCommit, in: .viewer)) stops the checks"
    } ?? words(of: checks)
  }

  private func lastTop(of viewer: ViewerState) -> Int {
    max(0, viewer.text.lineCount - ViewerState.bodyHeight(of: size))
  }

  /// Shows what the checks have printed since, where their output is on the screen; who reads the end stays at the end.
  mutating func refreshChecksView() {
    guard screen == .viewer, var viewer, viewer.isOfChecks, let checks = ownChecks else { return }
    let isAtEnd = viewer.top >= lastTop(of: viewer)
    viewer.text = TextFile(checks.output)
    viewer.note = viewerNote(checks)
    if isAtEnd { viewer.top = lastTop(of: viewer) }
    viewer.top = min(viewer.top, max(0, viewer.text.lineCount - 1))
    self.viewer = viewer
  }

  mutating func changeChecks(of id: SessionID, _ change: (inout ChecksState) -> Void) {
    guard checks?.session == id else { return }
    change(&checks!)
  }

  /// Says what came of the checks; a commit sheet is worked out anew, since they may be required.
  mutating func checksEnded(_ id: SessionID, _ problem: String?) -> [Effect] {
    guard var ended = checks, ended.session == id else { return [] }
    ended.step = nil
    // Where nothing began, there is nothing to look at later.
    checks = ended.results.isEmpty && ended.output.isEmpty ? nil : ended
    refreshChecksView()
    let isPassed = problem == nil && ended.isPassed
    let said = problem ?? words(of: ended)
    let isOwn = review?.heading.id == id
    message = StatusMessage(
      isPassed ? .success : .problem, isOwn ? said : "Session \(id): \(said)")
    return isOwn ? planAnew() : []
  }

  private func words(of checks: ChecksState) -> String {
    let results = checks.results.filter { $0.tree == checks.tree }
    let failed = results.filter { $0.outcome != .passed }
    guard let first = failed.first else {
      return results.isEmpty
        ? "No check ran to its end."
        : "\(results.count) of \(results.count) checks passed on what was approved when they began."
    }
    let more = failed.count > 1 ? ", and \(failed.count - 1) more did not pass" : ""
    let whole = checks.results.last { $0.name == first.name && $0.tree != checks.tree }
    let compared =
      whole.map {
        $0.outcome == .passed ? "; on the whole proposal it passes" : "; on the whole proposal too"
      } ?? ""
    return
      "\(first.name) \(first.outcome.words)\(more)\(compared). \(key(.showChecks, in: .commit)) shows the output."
  }
}

extension ChecksState {
  /// Whether something ran on the approved tree and all of it passed.
  var isPassed: Bool {
    let own = results.filter { $0.tree == tree }
    return !own.isEmpty && own.allSatisfy { $0.outcome == .passed }
  }
}
