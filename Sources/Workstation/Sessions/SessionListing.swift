// Sessions for the command line: words, JSON, patches.

import Approval
import AuditLog
import Diffing
import GitStore
package import Review

package enum SessionListing {
  package static func words(_ standing: SessionStanding) -> String {
    switch standing {
    case .asking(let progress): progress.words
    case .ready(let files, let unplaced):
      "ready, \(files) file\(files == 1 ? "" : "s")"
        + (unplaced > 0 ? ", \(unplaced) unplaced" : "")
    case .inReview(let decisions): "in review, \(decisions) decision\(decisions == 1 ? "" : "s")"
    case .committed(let id): "committed \(id)"
    case .failed(let reason): "failed: \(reason)"
    case .cancelled: "cancelled"
    case .discarded: "discarded"
    }
  }

  /// The list as JSON, schema `countersign.sessions/1`; a session whose request waits or is being answered has a `request`.
  package static func json(
    _ summaries: [SessionSummary], _ requests: [QueuedRequest]
  ) throws -> [UInt8] {
    let items: [JSONValue] = summaries.map { summary in
      var progress = JSONValue.null
      if case .asking(let step) = summary.standing { progress = step.value }
      let left = requests.first { $0.session == summary.id }?.secondsLeft
      return [
        "id": .text(summary.id.text), "title": .text(summary.title),
        "standing": .text(words(summary.standing)), "created": .exact(summary.created),
        "verdict": .text(summary.verdict), "model": .text(summary.model), "request": progress,
        "seconds_left": left.map { .exact($0) } ?? .null,
      ]
    }
    return try line(["schema": "countersign.sessions/1", "sessions": .array(items)])
  }

  /// One session as JSON, schema `countersign.session/1`.
  package static func json(_ history: SessionHistory) throws -> [UInt8] {
    try line([
      "schema": "countersign.session/1", "start": history.start.body,
      "proposal": history.round?.body ?? .null,
      "decisions": .array((history.ledger?.decisionsInForce ?? []).map { .decision($0) }),
      "commits": .array(history.commits.map { .text($0.hex) }),
      "standing": .text(words(history.summary().standing)),
    ])
  }

  /// One session in lines for a person.
  package static func lines(_ history: SessionHistory) -> [String] {
    let start = history.start
    var lines = [
      "session    \(start.id)", "title      \(start.title)",
      "standing   \(words(history.summary().standing))",
      "base       \(start.baseCommit?.hex ?? "none") on \(start.branch)",
    ]
    if start.source == .model {
      lines.append("endpoint   \(start.endpoint), \(start.verdict), model \(start.model)")
      lines.append("prompt     sha256 \(history.promptDigest)")
    }
    if let round = history.round {
      lines.append("proposal   \(round.proposal.files.count) files, tree \(round.proposal.tree)")
      for item in round.unplaced {
        lines.append("unplaced   \(DisplayedBytes.text(of: item.path)): \(item.reason)")
      }
    }
    if let ledger = history.ledger {
      let decisions = ledger.decisionsInForce
      let approvals = decisions.count { $0.verdict == .approved }
      let rejections = decisions.count { $0.verdict == .rejected }
      lines.append(
        "decisions  \(approvals) approval\(approvals == 1 ? "" : "s"), \(rejections) rejection\(rejections == 1 ? "" : "s") in force"
      )
      for record in decisions where !record.reason.isEmpty {
        lines.append(
          "           \(record.verdict.rawValue) in \(DisplayedBytes.text(of: record.file.path.bytes)): \(record.reason)"
        )
      }
      for finding in history.acknowledged {
        let line = finding.newLine.map { ", line \($0 + 1)" } ?? ""
        lines.append(
          "           acknowledged \(finding.rule) in \(DisplayedBytes.text(of: finding.path))\(line)"
        )
      }
    }
    for commit in history.commits { lines.append("commit     \(commit)") }
    return lines
  }

  private static func line(_ value: JSONValue) throws -> [UInt8] {
    try CanonicalJSON.bytes(of: value) + [UInt8(ascii: "\n")]
  }
}

extension SessionStore {
  /// Puts a session away or brings it back.
  package func setDiscarded(_ id: SessionID, _ isDiscarded: Bool) throws {
    let history = try openHistory(of: id)
    guard history.isDiscarded != isDiscarded else {
      throw isDiscarded ? StandingProblem.alreadyDiscarded(id) : StandingProblem.notDiscarded(id)
    }
    try append(id, kind: isDiscarded ? "discarded" : "restored", body: [:])
    close(id)
  }
}

/// A session is not in the state a command needs.
package enum StandingProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case alreadyDiscarded(SessionID)
  case notDiscarded(SessionID)
  case noProposal(SessionID)
  case unfinished(SessionID)
  /// Its backup is the only copy of what rejected changes were in the user's files.
  case holdsBackup(SessionID)

  package var description: String {
    switch self {
    case .alreadyDiscarded(let id): "\(id) is discarded already."
    case .notDiscarded(let id): "\(id) is not discarded."
    case .noProposal(let id): "\(id) has no proposal yet."
    case .unfinished(let id):
      "\(id) is neither committed nor discarded; `countersign discard \(id)` first, if it may go."
    case .holdsBackup(let id):
      "\(id) holds the backup of files that were changed on your request (`git ls-tree -r refs/countersign/\(id)/backup`); `countersign purge --with-backup \(id)` gives that up too."
    }
  }
}

/// A session's proposal, or its approved part, as a patch for other tools.
package struct SessionPatch: Sendable {
  package let surroundings: Surroundings

  package init(surroundings: Surroundings) {
    self.surroundings = surroundings
  }

  package func text(of history: SessionHistory, onlyApproved: Bool) async throws -> [UInt8] {
    try await text(of: history.ledger, session: history.start.id, onlyApproved: onlyApproved)
  }

  func text(
    of ledger: DecisionLedger?, session: SessionID, onlyApproved: Bool
  ) async throws -> [UInt8] {
    guard let ledger else { throw StandingProblem.noProposal(session) }
    var text: [UInt8] = []
    for (index, file) in ledger.proposal.files.enumerated() {
      let change = try await surroundings.fileChange(file)
      let decisions = ledger.decisions(forFile: index)
      guard let diff = change.diff else {
        if !onlyApproved || decisions.whole == .approved {
          text += "# not shown line by line: \(DisplayedBytes.text(of: file.path.bytes))\n".utf8
        }
        continue
      }
      let selection =
        onlyApproved ? decisions.approvedSelection(in: diff.outline) : LineSelection.all(of: diff)
      guard !selection.isEmpty else { continue }
      text += header(file, isWhole: selection.count == diff.changedLineCount)
      text += UnifiedPatch.hunks(of: diff, selection: selection)
    }
    return text
  }

  private func header(_ file: ProposedFile, isWhole: Bool) -> [UInt8] {
    let path = GitPathQuoting.quoted
    let mode: (FileState?) -> String = { String($0?.mode.rawValue ?? 0, radix: 8) }
    var text = "diff --git \(path("a/", file.path)) \(path("b/", file.path))\n"
    let isDeleted = file.new == nil && isWhole
    if file.old == nil { text += "new file mode \(mode(file.new))\n" }
    if isDeleted { text += "deleted file mode \(mode(file.old))\n" }
    text += "--- \(file.old == nil ? "/dev/null" : path("a/", file.path))\n"
    text += "+++ \(isDeleted ? "/dev/null" : path("b/", file.path))\n"
    return Array(text.utf8)
  }
}

/// Paths in patch headers, quoted as git quotes them.
enum GitPathQuoting {
  static func quoted(_ prefix: String, _ path: RepositoryPath) -> String {
    let isPlain = path.bytes.allSatisfy {
      (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return prefix + String(decoding: path.bytes, as: UTF8.self) }
    var text = "\"\(prefix)"
    for byte in path.bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\\(Character(Unicode.Scalar(byte)))"
      case 0x20..<0x7F: text.append(Character(Unicode.Scalar(byte)))
      default:
        let octal = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }
    }
    return text + "\""
  }
}
