// The review screen: file pane, title of the file, the diff.

import Approval
import CellGrid
import Diffing
import Review
import Scanner

struct ReviewView {
  let state: AppState

  func paint(_ painter: inout Painter) {
    guard let review = state.review else { return }
    let geometry = review.geometry(for: state.size)
    let heading = review.heading
    var title = RichLine().and(untrusted: heading.title, Style(.plain))
    if !review.isComparison {
      title = title.and(" · round \(heading.round)", Style(.faint))
        .and(" · base \(review.proposal.baseCommit?.short ?? "none")", Style(.faint))
    }
    var right: [RichLine.Piece] = [
      .safe(SafeText(heading.verdict), Style(.warning, .bold)), .own("  ", Style()),
    ]
    if let step = state.ownChecks?.step {
      right.insert(.own("checks: \(step)…  ", Style(.accent, .bold)), at: 0)
    }
    if !review.isComparison { right += review.total.pieces }
    if review.pendingCount > 0 {
      right.append(.own("+\(review.pendingCount)… ", Style(.faint)))
    }
    Chrome(state: state).paint(
      title: title, right: right, context: .review, note: note(review),
      footer: footer(review), &painter)
    if geometry.paneWidth > 0 {
      painter.region(
        rows: ReviewGeometry.titleRow..<geometry.messageRow, columns: 0..<geometry.paneWidth
      ) { FilePaneView(review: review, size: state.size).paint(&$0) }
    }
    painter.region(
      rows: ReviewGeometry.titleRow..<geometry.messageRow,
      columns: geometry.bodyColumn..<geometry.size.columns
    ) { body in
      paintTitle(review, &body)
      body.region(rows: 1..<body.size.rows, columns: 0..<body.size.columns - 1) {
        paintBody(review, geometry, &$0)
      }
      body.region(
        rows: 1..<body.size.rows, columns: body.size.columns - 1..<body.size.columns
      ) { paintScrollbar(review, &$0) }
    }
  }

  /// The commands of the footer; nil for those of a review that can be decided on.
  private func footer(_ review: ReviewState) -> [Command]? {
    switch state.comparison?.kind {
    case .candidates:
      [.takeCandidate, .nextCandidate, .previousCandidate, .nextHunk, .back, .help]
    case .rounds: [.nextHunk, .nextFile, .back, .help]
    case nil where review.readOnlyReason != nil:
      [.reviewRest, .nextHunk, .nextFile, .unplacedEdits, .back, .help]
    case nil: nil
    }
  }

  private func paintScrollbar(_ review: ReviewState, _ painter: inout Painter) {
    for (row, cell) in review.scrollbar(for: state.size).enumerated() {
      let ground: Ground = cell.isInWindow ? .cursor : .panel
      let (sign, style): (String, Style) =
        switch cell.standing {
        case nil: (cell.isInWindow ? "┃" : "│", Style(.faint))
        case .undecided, .partial(isOpen: true): ("○", Style(.undecided))
        case .rejected: ("✗", Style(.rejected))
        case .partial(isOpen: false): ("±", Style(.approved))
        case .approved: ("✓", Style(.approved))
        }
      painter.text(sign, row: row, column: 0, style: style.on(ground))
    }
  }

  private func paintTitle(_ review: ReviewState, _ painter: inout Painter) {
    guard review.proposal.files.indices.contains(review.fileIndex) else { return }
    let file = review.proposal.files[review.fileIndex]
    let ground = Style(.plain, on: .panel)
    var left = RichLine([.own(" ", ground)], rest: ground)
      .and(path: file.path.bytes, Style(.title, on: .panel, .bold))
    if review.isComparison { left = left.and("  compared", Style(.warning, on: .panel)) }
    if file.old == nil { left = left.and("  new file", Style(.added, on: .panel)) }
    if file.new == nil { left = left.and("  deleted", Style(.removed, on: .panel)) }
    if review.geometry(for: state.size).paneWidth == 0 {
      left = left.and(
        "  \(review.fileIndex + 1)/\(review.files.count)", Style(.faint, on: .panel))
      if !review.unplaced.isEmpty {
        let key = state.key(.unplacedEdits)
        left = left.and("  ⚠\(review.unplaced.count) \(key)", Style(.warning, on: .panel))
      }
    }
    var right = RichLine(rest: ground)
    if case .begun = review.currentFile {
      right = right.and("the first change; comparing the rest… ", Style(.accent, on: .panel))
    } else if let layout = review.layout, let hunk = review.currentHunk {
      if review.roundCount > 1, !review.isComparison {
        right = right.and(
          "‹› round \(review.heading.round) of \(max(review.roundCount, review.heading.round))  ",
          Style(.accent, on: .panel))
      }
      right = right.and("hunk \(hunk + 1) of \(layout.hunks.count)", Style(.strong, on: .panel))
      if let rung = rung(review, layout.hunks[hunk]) {
        right = right.and(" · \(rung)", Style(.faint, on: .panel))
      }
      if !review.isComparison, let standing = review.standing(ofHunk: hunk) {
        let (sign, style) = standing.sign
        right = right.and("  \(sign) \(standing.words) ", style.on(.panel))
      }
    }
    let width = right.pieces.reduce(0) {
      if case .own(let text, _) = $1 { $0 + text.unicodeScalars.count } else { $0 }
    }
    painter.line(RichLine(rest: ground), row: 0)
    let hasRight = width < painter.size.columns - 8
    let end = painter.size.columns - (hasRight ? width + 1 : 0)
    // A path is cut with a sign, never painted over: what is left of it could be another path.
    painter.region(rows: 0..<1, columns: 0..<end) { $0.line(left, row: 0) }
    if hasRight { painter.line(right, row: 0, from: end + 1) }
  }

  private func rung(_ review: ReviewState, _ hunk: Hunk) -> String? {
    let rungs = review.rungs(of: hunk)
    // Whatever is not exact is said, of a hunk of several edits too.
    let others = rungs.filter { $0 != "exact" }
    return others.isEmpty ? rungs.first : others.joined(separator: " + ")
  }

  /// What the message line says while there is no message: a finding here, the selection, or the model.
  private func note(_ review: ReviewState) -> RichLine {
    if review.isComparison, let reason = review.readOnlyReason {
      return RichLine([.own(" ", Style())]).and(untrusted: reason, Style(.faint))
    }
    if let again = review.again {
      let which =
        again.candidateCount > 1 ? " (answer \(again.candidate) of \(again.candidateCount))" : ""
      let who =
        again.isByItself
        ? " an edit had no place, asked again by itself: " : " asking again\(which): "
      return RichLine([.own(who, Style(.accent))])
        .and(again.progress.words, Style(.accent))
        .and("   \(state.key(.cancelRequest)) cancels", Style(.faint))
    }
    if let rows = review.selectedRows, let layout = review.layout {
      let count = rows.reduce(0) { count, row in
        if case .change(_, _, _, let changed) = layout.rows[row] {
          count + changed.count
        } else {
          count
        }
      }
      return .own(
        " \(count) changed line\(count == 1 ? "" : "s") selected: "
          + "\(state.key(.approveAndNext)) approves, \(state.key(.reject)) rejects, "
          + "\(state.key(.selectLines)) ends the selection", Style(.accent))
    }
    if let target = review.target {
      let findings = review.findings(on: target).filter { $0.needsAcknowledgement }
      let open = findings.filter { !review.acknowledged.contains($0) }
      if let first = open.first ?? findings.first {
        let style = Style(first.severity == .block ? .alert : .warning)
        let more = open.isEmpty ? 0 : open.count - 1
        return RichLine([.own(open.isEmpty ? " acknowledged: " : " ! ", style)])
          .and(untrusted: first.sentence, style)
          .and(more > 0 ? "  (and \(more) more)" : "", style)
      }
    }
    if let reason = review.rejectionReason {
      return RichLine([.own(" rejected: ", Style(.rejected))]).and(untrusted: reason, Style(.plain))
    }
    guard !review.heading.model.isEmpty else { return RichLine() }
    return RichLine([.own(" model ", Style(.faint))])
      .and(untrusted: review.heading.model, Style(.faint))
  }

  private func paintBody(
    _ review: ReviewState, _ geometry: ReviewGeometry, _ painter: inout Painter
  ) {
    switch review.currentFile {
    case .pending, .counted:
      painter.line(.own("  Reading…", Style(.faint)), row: 1)
    case .failed(let reason):
      painter.lines(
        wrappedSentences(reason, width: painter.size.columns - 4, style: Style(.alert)),
        rows: 1..<painter.size.rows, from: 2)
    case .loaded, .begun:
      guard let metrics = review.metrics(for: state.size) else { return }
      DiffView(review: review, metrics: metrics, geometry: geometry).paint(&painter)
    }
  }
}
