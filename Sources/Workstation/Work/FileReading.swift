// Loads one proposed file for the review: contents, diff and findings.

import Approval
import Diffing
import GitStore
import Review
import Scanner

extension Repository {
  /// Reads both sides of `file`, computes the diff and scans the added lines. Never throws: a file that cannot be read says why.
  ///
  /// - Parameter beginning: called with the first change of a large file, before the rest is compared.
  func loadedFile(
    _ file: ProposedFile, wholeFileLimit: Int, policy: Configuration.Policy,
    beginning: @Sendable (FileChange) -> Void
  ) async -> LoadedFile {
    do throws(GitError) {
      let change = try fileChange(file, limit: wholeFileLimit, beginning: beginning)
      return .loaded(
        change,
        findings: WholeFileFindings.of(change) + policy.findings(file.path)
          + scan(ScannedChange(change)))
    } catch {
      return .failed("This file cannot be shown, so it cannot be decided on: \(error)")
    }
  }
}

/// Findings about content that is decided on as a whole, so that none of it is approved unread by one keystroke.
enum WholeFileFindings {
  /// The most of a link's target that the screen draws.
  private static let longestTarget = 300

  static func of(_ change: FileChange) -> [Finding] {
    guard case .whole(let reason, _, let new) = change.content else { return [] }
    switch reason {
    case .binary where looksLikeText(new):
      return [
        finding(
          change, "whole.hidden-text",
          "This is text with NUL bytes in it, so none of its lines is shown; programs may still run it."
        )
      ]
    case .typeChange:
      return [
        finding(
          change, "whole.type-change",
          "A file becomes a link or submodule, or the other way round; its lines are not shown.")
      ]
    case .symlink where new.count > longestTarget:
      return [
        finding(change, "whole.long-target", "The link's target is too long to be shown in full.")
      ]
    case .binary, .symlink, .large, .submodule, .empty: return []
    }
  }

  private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: "#!".utf8)
      || !bytes.isEmpty && String(validating: bytes, as: UTF8.self) != nil
  }

  private static func finding(
    _ change: FileChange, _ rule: String, _ sentence: String
  ) -> Finding {
    Finding(
      rule: rule, severity: .block, path: change.file.path.bytes, line: nil, sentence: sentence)
  }
}

extension ScannedChange {
  /// What the scanner looks at: added and removed lines, paths and modes; of a link its target.
  init(_ change: FileChange) {
    var added: [ScannedLine] = []
    var removed: [ScannedLine] = []
    switch change.content {
    case .text(let diff):
      for group in diff.groups {
        for line in group.newRange {
          added.append(ScannedLine(number: line, bytes: diff.new.line(line)))
        }
        for line in group.oldRange {
          removed.append(ScannedLine(number: line, bytes: diff.old.line(line)))
        }
      }
    case .whole(.symlink, _, let new): added.append(ScannedLine(number: 0, bytes: new[...]))
    case .whole(.typeChange, _, let new):
      let file = TextFile(new)
      for line in 0..<file.lineCount {
        added.append(ScannedLine(number: line, bytes: file.line(line)))
      }
    case .whole(.binary, _, _), .whole(.large, _, _), .whole(.submodule, _, _),
      .whole(.empty, _, _):
      break
    }
    self.init(
      path: change.file.path.bytes, oldMode: change.file.old?.mode.rawValue,
      newMode: change.file.new?.mode.rawValue, added: added, removed: removed)
  }
}
