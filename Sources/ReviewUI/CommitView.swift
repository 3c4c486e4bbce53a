// The commit sheet.

import Approval
import CellGrid
import Diffing
import Review

struct CommitView {
  let state: AppState

  func paint(_ painter: inout Painter) {
    guard let commit = state.commit, let review = state.review else { return }
    Chrome(state: state).paint(
      title: RichLine([.own("Commit  ", Style(.plain))])
        .and(untrusted: review.heading.title, Style(.faint)),
      right: [.safe(SafeText(review.heading.verdict), Style(.warning, .bold)), .own("  ", Style())]
        + review.total.pieces, context: .commit, note: nil, footer: footer(commit), &painter)
    let body = Chrome(state: state).body
    let lines = lines(commit, width: painter.size.columns - 4)
    let top = min(commit.top, max(0, lines.count - body.count))
    painter.lines(lines, rows: body, top: top, from: 2)
    if lines.count > top + body.count {
      painter.text(
        " ▾ more ", row: body.upperBound - 1, column: painter.size.columns - 8,
        style: Style(.accent))
    }
  }

  private func footer(_ commit: CommitState) -> [Command] {
    switch commit.phase {
    case .preparing: [.back, .help]
    case .running: [.cancelCommit, .help]
    case .ready, .failed:
      if checks?.isRunning == true {
        [.cancelCommit, .showChecks, .back, .help]
      } else if commit.awaitsDraft {
        [.cancelCommit, .back, .help]
      } else if commit.plan?.checks.isEmpty == false {
        [.commit, .editMessage, .draftMessage, .runChecks, .showChecks, .back, .help]
      } else {
        [.commit, .editMessage, .draftMessage, .back, .help]
      }
    case .uncertain: [.back, .help]
    case .done: [.reviewRest, .undoCommit, .back, .help]
    }
  }

  private var checks: ChecksState? { state.ownChecks }

  private func lines(_ commit: CommitState, width: Int) -> [RichLine] {
    var lines: [RichLine] = [.empty]
    lines += phase(commit, width: width)
    guard let plan = commit.plan else { return lines }
    if case .done = commit.phase { return lines + [.empty] + output(commit) }
    // What a model wrote is read before anything else, whole.
    if commit.isDraft { lines += message(commit) + [.empty] }
    // While a hook runs, and where one refused, what it says comes first.
    let saysFirst = commit.isRunning || commit.isFailed
    if saysFirst, !commit.output.isEmpty { lines += output(commit) + [.empty] }
    for remark in plan.remarks { lines += facts("settings", remark) }
    if !plan.remarks.isEmpty { lines.append(.empty) }
    lines += checkLines(plan, width: width)
    if !commit.isDraft { lines += message(commit) }
    lines += [.empty, .title("What will be committed")]
    lines.append(.empty)
    for file in plan.files { lines.append(self.line(file)) }
    if plan.files.isEmpty { lines.append(.own("  nothing is approved", Style(.warning))) }
    lines.append(.empty)
    if let left = state.review.flatMap({ leftOver($0) }) {
      lines.append(.own("  not in the commit: \(left); the session keeps them", Style(.faint)))
    }
    if let count = state.review?.unplaced.count, count > 0 {
      lines.append(
        .own(
          "  \(count) edit\(count == 1 ? " has" : "s have") no place and \(count == 1 ? "is" : "are") not in it: \(state.key(.unplacedEdits)) in the review",
          Style(.warning)))
    }
    lines.append(.empty)
    lines += facts("lands", plan.landing)
    lines += facts("as", plan.identity)
    lines += facts("signed", plan.signing ?? "no (commit.gpgsign is not set)")
    if let signing = plan.approvalSigning { lines += facts("approval", "signed \(signing)") }
    lines += facts("hooks", plan.hooks.isEmpty ? "none" : plan.hooks.joined(separator: ", "))
    for (index, trailer) in plan.trailers.enumerated() {
      lines += facts(index == 0 ? "trailers" : "", trailer)
    }
    if !plan.acknowledged.isEmpty {
      lines += facts("acknowledged", plan.acknowledged.joined(separator: ", "))
    }
    return saysFirst ? lines : lines + [.empty] + output(commit)
  }

  private func message(_ commit: CommitState) -> [RichLine] {
    messageTitle(commit)
      + commit.message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
        RichLine([.own("  ", Style())]).and(
          path: Array($0), commit.isComment($0) ? Style(.faint) : Style(.strong))
      }
  }

  private func messageTitle(_ commit: CommitState) -> [RichLine] {
    switch commit.draft {
    case .none: return [.title("Message"), .empty]
    case .asked(let progress):
      return [
        .title("Message"),
        .own("  the model is writing a draft: \(progress.words)…", Style(.accent, .bold)), .empty,
      ]
    case .taken(let model):
      let key = state.key(.commit, in: .commit)
      return [.title("Message")]
        + facts("draft", "as \(model) wrote it; \(key) commits with it") + [.empty]
    case .untaken(let model):
      let keys =
        "\(state.key(.editMessage, in: .commit)) edits it, \(state.key(.commit, in: .commit)) takes it"
      return [.title("Message")]
        + facts("draft", "as \(model) wrote it; \(keys)") + [.empty]
    }
  }

  /// What the checks say of the tree on this sheet; while they run, the last lines that they printed.
  private func checkLines(_ plan: CommitPlan, width: Int) -> [RichLine] {
    guard !plan.checks.isEmpty || checks?.isRunning == true else { return [] }
    var lines: [RichLine] = [.title("Checks on exactly this"), .empty]
    let nameWidth = min(24, plan.checks.map(\.name.count).max() ?? 0)
    // Nil where what runs is about another tree, after another decision.
    let step = checks.flatMap { $0.tree == plan.tree ? $0.step : nil }
    for check in plan.checks {
      lines += self.lines(
        sinceThen(check, on: plan.tree), isRunning: check.name == step, nameWidth: nameWidth,
        width: width)
    }
    // The same for all of them, as a rule.
    for sandbox in Set(plan.checks.compactMap(\.result?.sandbox.words)).sorted() {
      lines.append(.own("  ran \(sandbox)", Style(.faint)))
    }
    if let checks, let what = checks.step {
      // What is no line above: the making of the tree, a comparison, another tree.
      if !plan.checks.contains(where: { $0.name == step }) {
        lines.append(.own("  \(what)…", Style(.accent, .bold)))
      }
      let printed = checks.output.suffix(16_000)
        .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).suffix(6)
      lines += printed.map {
        RichLine([.own("  │ ", Style(.faint))]).and(path: Array($0), Style(.faint))
      }
    }
    return lines + [.empty]
  }

  /// A check with what it said of the sheet's tree since that was worked out.
  private func sinceThen(_ check: PlannedCheck, on tree: ObjectID?) -> PlannedCheck {
    guard let checks, checks.isRunning, let tree,
      let result = checks.results.last(where: { $0.name == check.name && $0.tree == tree })
    else { return check }
    return PlannedCheck(
      name: check.name, isRequired: check.isRequired, result: result, onProposal: check.onProposal)
  }

  private func lines(
    _ check: PlannedCheck, isRunning: Bool, nameWidth: Int, width: Int
  ) -> [RichLine] {
    let (sign, style): (String, Style) =
      switch check.result?.outcome {
      case _ where isRunning: ("…", Style(.accent, .bold))
      case nil: ("○", Style(.undecided))
      case .passed: ("✓", Style(.approved))
      case .failed, .timedOut, .cancelled, .couldNotRun: ("✗", Style(.rejected))
      }
    var words = check.result?.outcome.words ?? "has not run on this"
    if isRunning {
      words = "is running" + (check.result == nil ? "" : " again; before it \(words)")
    } else if let result = check.result {
      switch result.outcome {
      case .passed, .failed, .cancelled: words += " in \(result.seconds) s"
      case .timedOut, .couldNotRun: break
      }
      if let whole = check.onProposal, result.outcome != .passed {
        words +=
          whole.outcome == .passed
          ? "; passes on the whole proposal" : "; on the whole proposal it \(whole.outcome.words)"
      }
    }
    if check.isRequired { words += " (required)" }
    let name = check.name.padded(to: nameWidth + 2)
    return WrappedText.lines(words, width: max(20, width - nameWidth - 6)).enumerated().map {
      index, line in
      let isFirst = index == 0
      return RichLine([.own("  \(isFirst ? sign : " ") ", style)])
        .and((isFirst ? name : "").padded(to: nameWidth + 2), Style(.strong))
        .and(untrusted: line, Style(.plain))
    }
  }

  private func phase(_ commit: CommitState, width: Int) -> [RichLine] {
    switch commit.phase {
    case .preparing: return [.own("Working out what would be committed…", Style(.faint)), .empty]
    case .ready: return []
    case .running(let step):
      return [.own("Committing: \(step)…", Style(.accent, .bold)), .empty]
    case .failed(let reason):
      return [.own("Nothing was committed.", Style(.alert, .bold))]
        + wrappedSentences(reason, width: width, style: Style(.alert)) + [.empty]
    case .uncertain(let reason):
      return [.own("Whether it was committed is not known.", Style(.alert, .bold))]
        + wrappedSentences(reason, width: width, style: Style(.alert)) + [.empty]
    case .done(let outcome):
      return [
        .own("Committed \(outcome.commit.hex)", Style(.approved, .bold))
      ]
        + WrappedText.lines(outcome.landed, width: width).map {
          RichLine().and(untrusted: $0, Style(.plain))
        } + [
          .empty, .own("To look at it:", Style(.faint)),
        ]
        + outcome.next.map { RichLine([.own("  ", Style())]).and(untrusted: $0, Style(.strong)) }
        + [.empty]
    }
  }

  private func line(_ file: CommitFileLine) -> RichLine {
    let sign: Style =
      file.kind == "new" ? Style(.added) : file.kind == "deleted" ? Style(.removed) : Style(.plain)
    return RichLine([.own("  \(file.kind.padded(to: 9))", sign)])
      .and("+\(file.addedLines) ".leftPadded(to: 7), Style(.added))
      .and("-\(file.removedLines) ".leftPadded(to: 7), Style(.removed))
      .and(" ").and(path: file.path.bytes, Style(.strong))
      .and(file.isWhole ? "" : "  in part", Style(.warning))
  }

  /// A name and what it stands for, in as many lines as that takes.
  private func facts(_ name: String, _ value: String) -> [RichLine] {
    WrappedText.lines(value, width: max(10, state.size.columns - 17)).enumerated().map {
      index, line in
      RichLine([.own("  \((index == 0 ? name : "").padded(to: 13))", Style(.faint))])
        .and(untrusted: line)
    }
  }

  /// The hunks that the header counts and the commit leaves out, in words; nil when there are none.
  private func leftOver(_ review: ReviewState) -> String? {
    let total = review.total
    guard review.pendingCount == 0 else { return "what is not approved" }
    guard total.undecided + total.rejected + total.partial > 0 else { return nil }
    let inPart = total.partial > 0 ? ", parts of \(total.partial)" : ""
    return "\(total.rejected) rejected, \(total.undecided) undecided "
      + "hunk\(total.undecided == 1 ? "" : "s")\(inPart)"
  }

  private func output(_ commit: CommitState) -> [RichLine] {
    guard !commit.output.isEmpty else { return [] }
    let lines = commit.output.suffix(64_000)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return [.title("Output of hooks"), .empty]
      + lines.map { RichLine([.own("  ", Style())]).and(path: Array($0), Style(.faint)) }
  }
}
