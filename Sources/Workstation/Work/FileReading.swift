// Loads one proposed file for the review: contents, diff and findings.

import Approval
import Diffing
import GitStore
import Review
import Scanner

extension Repository {
  /// Reads both sides of `file`, computes the diff and scans the added lines. Never throws: a file that cannot be read says why.
  func loadedFile(_ file: ProposedFile, wholeFileLimit: Int) async -> LoadedFile {
    do throws(GitError) {
      let change = try fileChange(file, limit: wholeFileLimit)
      return .loaded(change, findings: scan(ScannedChange(change)))
    } catch {
      return .failed("This file cannot be shown, so it cannot be decided on: \(error)")
    }
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
    case .whole(.symlink, _, let new), .whole(.typeChange, _, let new):
      added.append(ScannedLine(number: 0, bytes: new[...]))
    case .whole(.binary, _, _), .whole(.large, _, _), .whole(.submodule, _, _),
      .whole(.empty, _, _):
      break
    }
    self.init(
      path: change.file.path.bytes, oldMode: change.file.old?.mode.rawValue,
      newMode: change.file.new?.mode.rawValue, added: added, removed: removed)
  }
}
