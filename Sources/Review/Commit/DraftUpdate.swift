// A commit message from the model: asked for, taken in, and taken or edited by the human before it is used.

import Approval
import CellGrid

extension AppState {
  /// Asks whether the approved change may go to the model.
  mutating func askForDraft(_ commit: CommitState, _ review: ReviewState) {
    guard commit.phase == .ready || commit.isFailed, !sayDraftIsAwaited() else { return }
    if let reason = review.readOnlyReason {
      message = StatusMessage(.problem, reason)
      return
    }
    guard commit.plan?.files.isEmpty == false else {
      message = StatusMessage(.note, "Nothing is approved yet, so there is nothing to describe.")
      return
    }
    guard review.again.map(\.isByItself) ?? true else {
      message = StatusMessage(.note, "The model is at work on this session; wait for its answer.")
      return
    }
    switch review.endpointToAsk {
    case .failure(let problem): message = StatusMessage(.problem, problem.sentence)
    case .success(let endpoint): overlay = .draftMessage(endpoint: endpoint)
    }
  }

  mutating func handleInDraftQuestion(_ key: Key, _ endpoint: String) -> [Effect] {
    guard let review else { return [] }
    let id = review.heading.id
    switch key {
    case .enter:
      overlay = nil
      commit?.draft = .asked(.connecting)
      return [.draftMessage(id, review.ledger, endpoint: endpoint)]
    case .character("p"):
      overlay = nil
      return [.showDraftPrompt(id, review.ledger, endpoint: endpoint)]
    default: return []
    }
  }

  /// Says so when the model is writing a message; returns whether it is.
  mutating func sayDraftIsAwaited() -> Bool {
    guard commit?.awaitsDraft == true else { return false }
    message = StatusMessage(
      .note, "The model is writing a message; \(key(.cancelCommit, in: .commit)) stops it.")
    return true
  }

  /// The first key that would commit takes the model's message instead: the next one commits.
  mutating func takeDraft(
    of model: String, _ commit: CommitState, _ review: ReviewState
  ) -> [Effect] {
    let written = commit.message.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).prefix { !commit.isComment($0) }
    guard written.allSatisfy({ SafeText($0).width <= size.columns - 4 }) else {
      message = StatusMessage(
        .note,
        "This screen is too narrow to show the message whole: \(key(.editMessage, in: .commit)) opens it in your editor."
      )
      return []
    }
    if let top = topOfUnread(written, commit) {
      self.commit?.top = top
      message = StatusMessage(
        .note, "The message goes on here; it is taken when its end was shown.")
      return []
    }
    self.commit?.draft = .taken(model: model)
    message = StatusMessage(
      .note,
      "\(model) wrote this message; \(key(.commit, in: .commit)) again commits with it, \(key(.editMessage, in: .commit)) edits it."
    )
    return [.keepMessage(review.heading.id, commit.message)]
  }

  /// From which line on the sheet has to be shown so that the message goes on; nil when its end is shown.
  private func topOfUnread(_ written: ArraySlice<ArraySlice<UInt8>>, _ commit: CommitState) -> Int?
  {
    // A draft is the first thing on the sheet: above it are a blank, its title and who wrote it, and why a commit failed.
    let above = 6 + (commit.isFailed ? 12 : 0)
    let end = above + (written.lastIndex { !$0.isEmpty } ?? 0)
    // Header, footer, and a message of up to four lines.
    let height = max(1, size.rows - 6)
    guard end > height, commit.top + height < end else { return nil }
    return min(commit.top + height, end - height)
  }

  /// Stops the model where the sheet goes that its message was for.
  var effectsOfLosingSheet: [Effect] { commit?.awaitsDraft == true ? [.cancelDraft] : [] }

  private func awaitsDraft(_ id: SessionID) -> Bool {
    commit?.awaitsDraft == true && review?.heading.id == id
  }

  mutating func draftProgressed(_ progress: RequestProgress, for id: SessionID) {
    if awaitsDraft(id) { commit?.draft = .asked(progress) }
  }

  /// Takes in a draft; the commit is planned anew, for it names the model.
  mutating func drafted(_ draft: [UInt8], by model: String, for id: SessionID) -> [Effect] {
    guard awaitsDraft(id), let commit else { return [] }
    self.commit?.message = Self.message(draft, insteadOf: commit)
    self.commit?.draft = .untaken(model: model)
    self.commit?.top = 0
    message = StatusMessage(.success, "A message is there; read it, then edit or take it.")
    return planAnew()
  }

  mutating func draftEnded(_ said: StatusMessage, for id: SessionID) {
    guard awaitsDraft(id) else { return }
    commit?.draft = .none
    message = said
  }

  /// The draft above what was there: comment lines stay, and what the human had written stays as comment lines, where git knows such.
  private static func message(_ draft: [UInt8], insteadOf commit: CommitState) -> [UInt8] {
    let lineFeed = UInt8(ascii: "\n")
    let lines = commit.message.split(separator: lineFeed, omittingEmptySubsequences: false)
    guard let mark = commit.plan?.commentMark else {
      return draft + (commit.hasMessage ? [lineFeed] + commit.message : [])
    }
    // A line of the draft is not to be left out unseen.
    var message = Array(
      draft.split(separator: lineFeed, omittingEmptySubsequences: false)
        .map { $0.starts(with: mark) ? [UInt8(ascii: " ")] + $0 : Array($0) }
        .joined(separator: [lineFeed]))
    message.append(lineFeed)
    if commit.hasMessage {
      message += mark + Array(" The message was:\n".utf8)
      for line in lines where !commit.isComment(line) && !line.isEmpty {
        message += mark + Array("   ".utf8) + line + [lineFeed]
      }
    }
    for line in lines where commit.isComment(line) { message += line + [lineFeed] }
    return message
  }
}

extension CommitState {
  package var awaitsDraft: Bool { if case .asked = draft { true } else { false } }

  /// Whether the message is a model's.
  package var isDraft: Bool {
    switch draft {
    case .untaken, .taken: true
    case .none, .asked: false
    }
  }
}
