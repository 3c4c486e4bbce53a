// The second, independent path of carrying over: what was carried must be lines that were decided on.

import Diffing

/// A mistake of ours in carrying decisions over to another proposal.
package struct CarryViolation: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: RepositoryPath
  /// The decision's number in the ledger.
  package let sequence: Int

  package var description: String {
    "The decisions on \(String(decoding: path.bytes, as: UTF8.self)) could not be carried over as they were made, "
      + "so the new round was left out. This is a mistake of countersign: please report it."
  }
}

/// Checks carried decisions against those they come from, line by line.
///
/// Shares no diff, selection or digest code with `Diffing`, as the commit guard does not.
package enum CarryGuard {
  /// The first carried decision on lines that holds a line its origin did not have, or has them in another order; nil when there is none.
  ///
  /// - Parameters:
  ///   - contents: the bytes of both sides of a file, before and after. Read only for files that differ.
  package static func violation(
    of carried: [DecisionRecord], from origins: [DecisionRecord],
    contents: (ProposedFile) throws -> (old: [UInt8], new: [UInt8])?
  ) throws -> CarryViolation? {
    let origins = Dictionary(
      origins.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
    var sides: [ProposedFile: Sides] = [:]
    func lines(of record: DecisionRecord) throws -> EditedLines? {
      guard case .lines(let script, _) = record.unit else { return nil }
      if sides[record.file] == nil {
        sides[record.file] = try contents(record.file).map { Sides($0.old, $0.new) }
      }
      return sides[record.file]?.lines(of: script)
    }
    for record in carried {
      guard let origin = origins[record.sequence] else {
        return CarryViolation(path: record.file.path, sequence: record.sequence)
      }
      guard record != origin, case .lines = record.unit else { continue }
      guard record.verdict == origin.verdict, let now = try lines(of: record),
        let before = try lines(of: origin), now.isPart(of: before)
      else { return CarryViolation(path: record.file.path, sequence: record.sequence) }
    }
    return nil
  }

  private struct Sides {
    let old: [[UInt8]]
    let new: [[UInt8]]

    init(_ old: [UInt8], _ new: [UInt8]) {
      self.old = CommitGuard.lines(old)
      self.new = CommitGuard.lines(new)
    }

    func lines(of script: EditScript) -> EditedLines? {
      CommitGuard.expand(script, oldCount: old.count, newCount: new.count).map { edits in
        EditedLines(
          removed: edits.removed.map { old[$0] }, added: edits.added.map { new[$0.line] })
      }
    }
  }

  private struct EditedLines {
    let removed: [[UInt8]]
    let added: [[UInt8]]

    func isPart(of other: EditedLines) -> Bool {
      Self.isSubsequence(removed, of: other.removed) && Self.isSubsequence(added, of: other.added)
    }

    private static func isSubsequence(_ part: [[UInt8]], of whole: [[UInt8]]) -> Bool {
      var rest = whole[...]
      for line in part {
        guard let place = rest.firstIndex(of: line) else { return false }
        rest = rest[(place + 1)...]
      }
      return true
    }
  }
}
