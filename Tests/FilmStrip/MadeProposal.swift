// Proposals made up in memory, with their contents and findings.

package import Approval
import TestSupport
import Diffing
package import Review
import Scanner

/// One side of a made-up file.
package struct MadeSide: Hashable, Sendable {
  package let bytes: [UInt8]
  package let mode: FileMode

  package init(_ bytes: [UInt8], _ mode: FileMode = .regular) {
    self.bytes = bytes
    self.mode = mode
  }

  package init(_ text: String, _ mode: FileMode = .regular) {
    self.init(Array(text.utf8), mode)
  }

  var state: FileState {
    FileState(mode: mode, blob: ObjectID(content: bytes))
  }
}

/// A path with its two sides; a nil side means that the path is absent there.
package struct MadeFile: Hashable, Sendable {
  package let path: [UInt8]
  package let old: MadeSide?
  package let new: MadeSide?

  package init(_ path: String, old: MadeSide?, new: MadeSide?) {
    self.init(Array(path.utf8), old: old, new: new)
  }

  package init(_ path: [UInt8], old: MadeSide?, new: MadeSide?) {
    self.path = path
    self.old = old
    self.new = new
  }
}

/// A proposal whose files are all at hand.
package struct MadeProposal: Sendable {
  package let proposal: Proposal
  /// In the order of the proposal's files.
  package let files: [LoadedFile]
  /// What it was made from, in the same order.
  package let made: [MadeFile]
  let wholeFileLimit: Int
  package var title = "reject negative amounts"
  package var unplaced: [UnplacedItem] = []
  package var placements: [RepositoryPath: [PlacedRange]] = [:]

  /// - Parameter base: tells one base from another.
  package init(
    _ made: [MadeFile], wholeFileLimit: Int = FileChange.defaultWholeFileLimit, base: String = ""
  ) {
    let sorted = made.sorted { RepositoryPath($0.path) < RepositoryPath($1.path) }
    self.made = sorted
    self.wholeFileLimit = wholeFileLimit
    proposal = Proposal(
      baseCommit: ObjectID(content: Array("base commit\(base)".utf8)),
      baseTree: ObjectID(content: Array("base tree\(base)".utf8)),
      tree: ObjectID(content: Array("proposed tree".utf8)),
      files: sorted.map {
        ProposedFile(path: RepositoryPath($0.path), old: $0.old?.state, new: $0.new?.state)
      })
    files = zip(proposal.files, sorted).map { file, made in
      .made(file, old: made.old, new: made.new, wholeFileLimit: wholeFileLimit)
    }
  }

  package func change(_ index: Int) -> FileChange? { files[index].change }

  package func index(_ path: String) -> Int? { proposal.index(of: RepositoryPath(path)) }

  /// The review of this proposal with nothing loaded or decided yet.
  package func review(id: SessionID) -> ReviewState {
    var review = ReviewState(
      heading: SessionHeading(
        id: id, title: title, round: 1, branch: "main", verdict: "LOCAL unix", model: "qwen3-coder"),
      ledger: DecisionLedger(proposal: proposal), unplaced: unplaced, placements: placements)
    review.endpointToAsk = .success("workshop")
    return review
  }

  /// What a commit of `ledger` would be, counted in the plainest way.
  func plan(
    of ledger: DecisionLedger, acknowledged: [String], checks: [PlannedCheck]
  ) -> CommitPlan {
    var lines: [CommitFileLine] = []
    for (index, file) in proposal.files.enumerated() {
      guard let change = files[index].change else { continue }
      let decisions = ledger.decisions(forFile: index)
      let kind = file.old == nil ? "new" : file.new == nil ? "deleted" : "changed"
      guard let diff = change.diff else {
        if decisions.whole == .approved {
          lines.append(
            CommitFileLine(
              path: file.path, kind: kind, addedLines: 0, removedLines: 0, isWhole: true))
        }
        continue
      }
      let selection = decisions.approvedSelection(in: diff.outline)
      let script = diff.editScript(of: selection)
      if !selection.isEmpty || decisions.mode == .approved {
        lines.append(
          CommitFileLine(
            path: file.path, kind: kind, addedLines: script.insertedLineCount,
            removedLines: script.removedLineCount,
            isWhole: selection.count == diff.changedLineCount))
      }
    }
    return CommitPlan(
      files: lines, identity: "Ada Example <ada@example.org>",
      landing: "on main, which moves from 3fd21c8 to the new commit", hooks: ["pre-commit"],
      signing: nil,
      message: Array("Reject negative amounts\n\n# Lines with # are left out.\n".utf8),
      acknowledged: acknowledged.sorted(),
      obstacle: lines.isEmpty
        ? "Nothing is approved yet; q goes back to the review."
        : checks.compactMap(\.obstacle).first.map { "\($0)." },
      tree: ObjectID(hex: String(repeating: "cd", count: 20)), checks: checks)
  }
}

extension LoadedFile {
  /// A file as it is once both sides were read.
  static func made(
    _ file: ProposedFile, old: MadeSide?, new: MadeSide?, wholeFileLimit: Int
  ) -> LoadedFile {
    let change = FileChange(
      file: file, old: old?.bytes ?? [], new: new?.bytes ?? [], wholeFileLimit: wholeFileLimit)
    return .loaded(change, findings: scan(ScannedChange(change)))
  }
}

extension ScannedChange {
  /// What the scanner looks at: added and removed lines, of a link its target.
  fileprivate init(_ change: FileChange) {
    var added: [ScannedLine] = []
    var removed: [ScannedLine] = []
    switch change.content {
    case .text(let diff):
      for line in diff.groups.flatMap(\.newRange) {
        added.append(ScannedLine(number: line, bytes: diff.new.line(line)))
      }
      for line in diff.groups.flatMap(\.oldRange) {
        removed.append(ScannedLine(number: line, bytes: diff.old.line(line)))
      }
    case .whole(let reason, _, let new):
      if reason == .symlink { added.append(ScannedLine(number: 0, bytes: new[...])) }
    }
    self.init(
      path: change.file.path.bytes, oldMode: change.file.old?.mode.rawValue,
      newMode: change.file.new?.mode.rawValue, added: added, removed: removed)
  }
}

extension ObjectID {
  /// A name that differs where contents differ (FNV-1a, spread); not git's.
  init(content: [UInt8]) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in content { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var random = SeededRandom(hash)
    var hex = ""
    while hex.utf8.count < 40 {
      hex += String(random.next() & 0xf, radix: 16)
    }
    guard let id = ObjectID(hex: hex) else { preconditionFailure("not a name: \(hex)") }
    self = id
  }
}
