// The second, independent path: checks a tree against the recorded decisions before the branch moves.

import Diffing
import Digest

/// A tree entry as the guard sees it.
package typealias TreeListing = [RepositoryPath: FileState]

/// What the guard found wrong.
package enum GuardViolation: Error, Hashable, Sendable {
  /// The path changed without an approval.
  case unapprovedPath(RepositoryPath)
  /// The path was approved but is as in the base.
  case missingChange(RepositoryPath)
  /// The committed bytes differ from what the recorded edits give.
  case content(RepositoryPath)
  case mode(RepositoryPath)
  /// The recorded digest is not that of the lines decided on.
  case digest(RepositoryPath, sequence: Int)
  /// A recorded edit names lines that do not exist, or twice the same.
  case script(RepositoryPath, sequence: Int)
  /// A decision was made on another version of the file than base and proposal hold.
  case binding(RepositoryPath, sequence: Int)

  package var path: RepositoryPath {
    switch self {
    case .unapprovedPath(let path), .missingChange(let path), .content(let path), .mode(let path),
      .digest(let path, _), .script(let path, _), .binding(let path, _):
      path
    }
  }
}

/// Checks the tree to be committed by replaying the recorded edits on the base.
///
/// Shares no splice, selection or diff code with `Diffing`: it splits lines, folds decisions and joins lines by itself, so that a mistake
/// there or here makes the two disagree. It never diffs again. O(bytes of the decided files + entries of both trees).
package struct CommitGuard {
  private struct Standing {
    var removed: Set<Int> = []
    /// Added line -> the old line it stands before.
    var added: [Int: Int] = [:]
    var whole = false
    var mode = false
    var file: ProposedFile

    var isEmpty: Bool { removed.isEmpty && added.isEmpty && !whole && !mode }
  }

  private let base: TreeListing
  private let committed: TreeListing
  private let blob: (ObjectID) throws -> [UInt8]

  /// Returns every violation; empty means that exactly what was approved is in `committed`.
  ///
  /// - Parameters:
  ///   - base: the reviewed base, all entries; `committed`: the tree to be committed, all entries.
  ///   - decisions: the decisions in force, in order, as recorded.
  ///   - blob: reads a blob; what it throws is passed on.
  package static func violations(
    base: TreeListing, committed: TreeListing, decisions: [DecisionRecord],
    blob: @escaping (ObjectID) throws -> [UInt8]
  ) throws -> [GuardViolation] {
    try CommitGuard(base: base, committed: committed, blob: blob).check(decisions)
  }

  private init(
    base: TreeListing, committed: TreeListing, blob: @escaping (ObjectID) throws -> [UInt8]
  ) {
    self.base = base
    self.committed = committed
    self.blob = blob
  }

  private func check(_ decisions: [DecisionRecord]) throws -> [GuardViolation] {
    var violations: [GuardViolation] = []
    var standings: [RepositoryPath: Standing] = [:]
    for record in decisions {
      if let violation = try fold(record, into: &standings) { violations.append(violation) }
    }
    for path in Set(base.keys).union(committed.keys) where base[path] != committed[path] {
      if standings[path]?.isEmpty ?? true { violations.append(.unapprovedPath(path)) }
    }
    for (path, standing) in standings where !standing.isEmpty {
      if let violation = try compare(path, standing) { violations.append(violation) }
    }
    return violations.sorted { $0.path < $1.path }
  }

  private func fold(
    _ record: DecisionRecord, into standings: inout [RepositoryPath: Standing]
  ) throws -> GuardViolation? {
    let path = record.file.path
    guard base[path] == record.file.old, standings[path].map({ $0.file == record.file }) ?? true
    else { return .binding(path, sequence: record.sequence) }
    var standing = standings[path] ?? Standing(file: record.file)
    let takes = record.verdict == .approved
    switch record.unit {
    case .whole: standing.whole = takes
    case .mode: standing.mode = takes
    case .lines(let script, let digest):
      let oldLines = try lines(of: record.file.old)
      let newLines = try lines(of: record.file.new)
      guard let edits = Self.expand(script, oldCount: oldLines.count, newCount: newLines.count)
      else {
        return .script(path, sequence: record.sequence)
      }
      var message: [UInt8] = []
      for line in edits.removed { message += "-\(oldLines[line].count):".utf8 + oldLines[line] }
      for edit in edits.added {
        message += "+\(newLines[edit.line].count):".utf8 + newLines[edit.line]
      }
      guard digest == SHA256Digest.of(message) else {
        return .digest(path, sequence: record.sequence)
      }
      for line in edits.removed {
        if takes { standing.removed.insert(line) } else { standing.removed.remove(line) }
      }
      for edit in edits.added { standing.added[edit.line] = takes ? edit.position : nil }
    }
    standings[path] = standing
    return nil
  }

  private func compare(_ path: RepositoryPath, _ standing: Standing) throws -> GuardViolation? {
    let file = standing.file
    let wrongContent: GuardViolation =
      committed[path] == base[path] ? .missingChange(path) : .content(path)
    if standing.whole { return committed[path] == file.new ? nil : wrongContent }
    let expected = replay(
      standing, oldLines: try lines(of: file.old), newLines: try lines(of: file.new))
    guard let entry = committed[path] else {
      // A file goes only when every line of it was approved for removal.
      return file.new == nil && expected.isEmpty ? nil : wrongContent
    }
    let everyLineRemoved = file.new == nil && expected.isEmpty
    guard !everyLineRemoved, try blob(entry.blob) == expected else { return wrongContent }
    let mode = standing.mode ? file.new?.mode : file.old?.mode ?? file.new?.mode
    guard entry.mode != mode else { return nil }
    return entry == base[path] ? .missingChange(path) : .mode(path)
  }

  /// The base's lines without the removed, with the added ones before the lines they were recorded at.
  private func replay(
    _ standing: Standing, oldLines: [[UInt8]], newLines: [[UInt8]]
  ) -> [UInt8] {
    var insertions: [Int: [Int]] = [:]
    for (line, position) in standing.added { insertions[position, default: []].append(line) }
    var result: [[UInt8]] = []
    for position in 0...oldLines.count {
      for line in (insertions[position] ?? []).sorted() { result.append(newLines[line]) }
      if position < oldLines.count, !standing.removed.contains(position) {
        result.append(oldLines[position])
      }
    }
    let crlf = oldLines.first.map { $0.suffix(2) == [13, 10] }
    var bytes: [UInt8] = []
    for (index, line) in result.enumerated() {
      bytes += line
      guard line.last != 10, index + 1 < result.count else { continue }
      // Only an unterminated first line leaves the choice to the line that follows.
      let baseIsTerminated = oldLines.first?.last == 10
      let usesCRLF = baseIsTerminated ? crlf == true : result[index + 1].suffix(2) == [13, 10]
      bytes += usesCRLF ? [13, 10] : [10]
    }
    return bytes
  }

  /// The script line by line, or nil when it is not well-formed for these files.
  static func expand(
    _ script: EditScript, oldCount: Int, newCount: Int
  ) -> (removed: [Int], added: [(line: Int, position: Int)])? {
    var removed: [Int] = []
    for range in script.removed {
      for line in range {
        guard line < oldCount, line >= 0, removed.last.map({ $0 < line }) ?? true else {
          return nil
        }
        removed.append(line)
      }
    }
    var added: [(line: Int, position: Int)] = []
    for insertion in script.inserted {
      guard insertion.stride == 0 || insertion.stride == 1,
        (0...oldCount).contains(insertion.position)
      else { return nil }
      for (offset, line) in insertion.newLines.enumerated() {
        let position = insertion.position + offset * insertion.stride
        guard line < newCount, line >= 0, position <= oldCount,
          added.last.map({ $0.line < line && $0.position <= position }) ?? true
        else { return nil }
        added.append((line, position))
      }
    }
    return (removed, added)
  }

  private func lines(of state: FileState?) throws -> [[UInt8]] {
    guard let state else { return [] }
    return Self.lines(try blob(state.blob))
  }

  static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var current: [UInt8] = []
    for byte in bytes {
      current.append(byte)
      if byte == 10 {
        lines.append(current)
        current = []
      }
    }
    if !current.isEmpty { lines.append(current) }
    return lines
  }
}
