// Questions and single lines of input.

import Approval
import CellGrid
import Scanner

extension AppState {
  mutating func handleInOverlay(_ key: Key) -> [Effect] {
    guard let overlay else { return [] }
    if key == .escape || key == .control("c") || key == .control("g") {
      self.overlay = nil
      message = nil
      if case .filterFiles = overlay { clearPaneFilter() }
      return []
    }
    switch overlay {
    case .comment(let draft): return handle(key, in: draft)
    case .askAgain(let draft): return handle(key, in: draft)
    case .search(let field, let scope): return handle(key, inSearch: field, scope)
    case .filterFiles(let field): return handle(key, inFilter: field)
    case .picker(let picker): return handle(key, in: picker)
    case .tooLong(let overflow): return handle(key, in: overflow)
    case .help(let help):
      handleInHelp(key, help)
      return []
    case .approveFile(let lines, _, _):
      guard key == .character("y") else {
        self.overlay = nil
        message = StatusMessage(.note, "Nothing approved.")
        return []
      }
      self.overlay = nil
      return decide(.approved, on: .lines(lines), advances: true, said: nil)
    case .draftMessage(let endpoint): return handleInDraftQuestion(key, endpoint)
    case .undoCommit(let commit):
      self.overlay = nil
      guard key == .character("y"), let id = review?.heading.id else { return [] }
      message = StatusMessage(.note, "Taking \(commit.short) back…")
      return [.undoCommit(id, commit)]
    case .confirmDiscard(let id):
      self.overlay = nil
      guard key == .character("y") else { return [] }
      return [.discardSession(id)]
    case .confirmRemoval:
      self.overlay = nil
      guard key == .character("y"), let id = review?.heading.id else { return [] }
      message = StatusMessage(.note, "Removing…")
      return [.removeRejected(id)]
    case .leaveWhileWorking:
      self.overlay = nil
      guard key == .character("y") else { return [] }
      isLeaving = true
      return [.quit]
    case .rejectReason(let target, var field):
      guard key == .enter else {
        _ = field.handle(key)
        self.overlay = .rejectReason(target, field)
        return []
      }
      self.overlay = nil
      return reject(target, reason: field.text)
    case .acknowledge(let findings, let phrase, var field):
      guard key == .enter else {
        // What must be typed must be typed: a paste is not read.
        if case .paste = key { return [] }
        _ = field.handle(key)
        self.overlay = .acknowledge(findings, phrase: phrase, field)
        return []
      }
      return acknowledged(findings, phrase: phrase, typed: field.text)
    }
  }

  private mutating func acknowledged(
    _ findings: [Finding], phrase: String, typed: String
  ) -> [Effect] {
    guard typed.utf8.elementsEqual(phrase.utf8) else {
      // The box stays: what is typed next must not run as commands.
      message = StatusMessage(.note, "That is not the phrase; nothing was acknowledged.")
      return []
    }
    overlay = nil
    guard let review else { return [] }
    self.review?.acknowledged.formUnion(findings)
    let rest = self.review.map { review in
      review.target.map { review.findings(on: $0) } ?? []
    }?.first { $0.needsAcknowledgement && self.review?.acknowledged.contains($0) == false }
    message = StatusMessage(
      .note,
      rest.map { "Acknowledged and recorded. Next: \($0.sentence)" }
        ?? "Acknowledged and recorded. It can be approved now.")
    return [.record(review.heading.id, findings.map { .acknowledged($0, phrase: phrase) })]
  }

  private mutating func handleInHelp(_ key: Key, _ help: HelpState) {
    var help = help
    switch key {
    case .enter: overlay = nil
    case .down: help.top += 1
    case .up: help.top = max(0, help.top - 1)
    case .pageDown: help.top += 10
    case .pageUp: help.top = max(0, help.top - 10)
    case .character("?") where help.filter.isBlank, .character("q") where help.filter.isBlank:
      overlay = nil
      return
    default:
      if help.filter.handle(key) { help.top = 0 }
    }
    if key != .enter { overlay = .help(help) }
  }
}
