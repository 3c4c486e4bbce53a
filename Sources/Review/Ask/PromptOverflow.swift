// A prompt that is too long, and which files could stay out of it.

package import Approval
import CellGrid

/// A request whose prompt the model does not take, as it is offered to be made shorter.
package struct PromptOverflow: Hashable, Sendable {
  package struct File: Hashable, Sendable {
    package let path: RepositoryPath
    package let tokens: Int
    /// Whether the instruction names it.
    package let isNamed: Bool

    package init(path: RepositoryPath, tokens: Int, isNamed: Bool) {
      self.path = path
      self.tokens = tokens
      self.isNamed = isNamed
    }
  }

  package let draft: RequestDraft
  /// The session that is put away once a shorter request is in its place.
  package let replaced: SessionID?
  /// Of the whole prompt.
  package let tokens: Int
  /// How many a prompt may have here; nil when the server refused it and does not tell.
  package let limit: Int?
  /// Whether the server counted `tokens`; those of the files are estimates in any case.
  package let isExact: Bool
  /// The largest first.
  package let files: [File]
  package private(set) var dropped: Set<RepositoryPath>
  package var cursor = 0

  package init(
    draft: RequestDraft, replaced: SessionID?, tokens: Int, limit: Int?, isExact: Bool,
    files: [File]
  ) {
    self.draft = draft
    self.replaced = replaced
    // Refused, it is too long, whatever an estimate says.
    self.tokens = max(tokens, (limit ?? 0) + 1)
    self.limit = limit
    self.isExact = isExact
    self.files = files.sorted { ($1.tokens, $0.path) < ($0.tokens, $1.path) }
    dropped = []
    proposeDrops()
  }

  package var sentence: String {
    "The prompt has \(isExact ? "" : "about ")\(tokens) tokens"
      + (limit.map { " and the model takes \($0)" } ?? ", more than the model takes")
  }

  /// What the prompt has without what is dropped, about.
  package var tokensLeft: Int {
    tokens - files.reduce(0) { dropped.contains($1.path) ? $0 + $1.tokens : $0 }
  }

  /// Whether it is short enough, as far as that is known: where the limit is not, anything shorter may be.
  package var fits: Bool { limit.map { tokensLeft <= $0 } ?? !dropped.isEmpty }

  /// The request without what is dropped.
  package var shorter: RequestDraft {
    RequestDraft(
      instruction: draft.instruction, files: draft.files.filter { !dropped.contains($0) },
      endpoint: draft.endpoint,
      // That of more files is no map of these.
      map: dropped.isEmpty ? draft.map : [], mapCommit: dropped.isEmpty ? draft.mapCommit : nil)
  }

  package mutating func toggle() {
    guard files.indices.contains(cursor) else { return }
    let path = files[cursor].path
    if dropped.remove(path) == nil { dropped.insert(path) }
  }

  /// Proposes as few files as can be: the smallest that is enough, else the largest and so on; what the instruction names comes last, and
  /// one file always stays.
  private mutating func proposeDrops() {
    for candidates in [files.filter { !$0.isNamed }, files.filter(\.isNamed)] {
      var left = candidates
      while !fits, dropped.count < files.count - 1, !left.isEmpty {
        let excess = tokensLeft - (limit ?? 0)
        let index = left.lastIndex { $0.tokens >= excess } ?? left.startIndex
        dropped.insert(left.remove(at: index).path)
      }
    }
  }
}

extension AppState {
  /// Offers to make a request shorter: at once while it is still what stands on the ask screen, else on the key that asks anew.
  ///
  /// No key may reach the question that was pressed for something else.
  mutating func promptTooLong(_ overflow: PromptOverflow) -> [Effect] {
    message = StatusMessage(
      .problem, overflow.sentence + ": leave out some files, or ask for less.")
    guard overflow.files.count > 1 else { return [] }
    if let id = overflow.replaced {
      sessions.overflows[id] = overflow
      message = StatusMessage(
        .problem, "\(overflow.sentence): \(key(.retry, in: .sessions)) asks which files stay out.")
    } else if screen == .ask, overlay == nil, ask.draft == overflow.draft {
      message = nil
      overlay = .tooLong(overflow)
    }
    return []
  }

  mutating func handle(_ key: Key, in overflow: PromptOverflow) -> [Effect] {
    var overflow = overflow
    switch key {
    case .down, .character("j"):
      overflow.cursor = min(overflow.cursor + 1, overflow.files.count - 1)
    case .up, .character("k"): overflow.cursor = max(0, overflow.cursor - 1)
    case .space, .character("x"): overflow.toggle()
    case .enter:
      let shorter = overflow.shorter
      guard !shorter.files.isEmpty else {
        message = StatusMessage(.problem, "One file has to go along: the model edits only those.")
        break
      }
      guard overflow.fits else {
        message = StatusMessage(.problem, "It is too long still: drop another file.")
        break
      }
      overlay = nil
      if let id = overflow.replaced {
        sessions.overflows[id] = nil
      } else {
        ask.shortened = shorter
      }
      return [.ask(shorter, replacing: overflow.replaced)]
    default: return []
    }
    overlay = .tooLong(overflow)
    return []
  }
}
