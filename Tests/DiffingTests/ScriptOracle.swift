// What taking some changed lines must give, written down once more and naively.

import Diffing

/// The changed lines of a diff with the lines around them, flattened into one list.
///
/// Serves as the reference for splicing: entries are kept or dropped one by one and the terminator rule is applied as its documentation
/// states it, without a line of the code under test.
struct ScriptOracle {
  enum Kind { case context, removed, added }
  struct Entry {
    let kind: Kind
    let bytes: [UInt8]
  }

  let entries: [Entry]
  private let baseFirstLine: [UInt8]

  init(_ diff: FileDiff) {
    let old = Self.lines(diff.old.bytes)
    let new = Self.lines(diff.new.bytes)
    var entries: [Entry] = []
    var next = 0
    for group in diff.groups {
      while next < group.oldRange.lowerBound {
        entries.append(Entry(kind: .context, bytes: old[next]))
        next += 1
      }
      for row in group.rows {
        if let line = row.removed { entries.append(Entry(kind: .removed, bytes: old[line])) }
        if let line = row.added { entries.append(Entry(kind: .added, bytes: new[line])) }
      }
      next = group.oldRange.upperBound
    }
    for line in old[next...] { entries.append(Entry(kind: .context, bytes: line)) }
    self.entries = entries
    baseFirstLine = old.first ?? []
  }

  var changedLineCount: Int { entries.count { $0.kind != .context } }

  /// The bytes when the changed lines for which `isSelected` holds are taken.
  func content(_ isSelected: (Int) -> Bool) -> [UInt8] {
    var kept: [[UInt8]] = []
    var index = 0
    for entry in entries {
      guard entry.kind != .context else {
        kept.append(entry.bytes)
        continue
      }
      if isSelected(index) == (entry.kind == .added) { kept.append(entry.bytes) }
      index += 1
    }
    for index in kept.indices.dropLast() where kept[index].last != 10 {
      let model = baseFirstLine.last == 10 ? baseFirstLine : kept[index + 1]
      kept[index] += model.suffix(2) == [13, 10] ? [13, 10] : [10]
    }
    return kept.flatMap { $0 }
  }

  /// Splits after every LF.
  static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var isOpen = false
    for byte in bytes {
      if !isOpen { lines.append([]) }
      lines[lines.count - 1].append(byte)
      isOpen = byte != 10
    }
    return lines
  }
}
