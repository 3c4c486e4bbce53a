// Diffs as marked text, in which a test reads as what the reviewer saw and took.

import Diffing

/// A diff and a selection written as rows: `-[x] taken removed line`, `+[ ] added line left out`, context behind five blanks.
///
/// `␍` stands for a CR. A row that is only `\` says that the line before has no terminator. Rows stand in script order.
struct MarkedDiff {
  let diff: FileDiff
  let selection: LineSelection

  init(diff: FileDiff, selection: LineSelection) {
    self.diff = diff
    self.selection = selection
  }

  /// Reads `picture`: makes both sides from it, diffs them, and selects the lines that it marks.
  init(_ picture: String) {
    var sides: (old: [[UInt8]], new: [[UInt8]]) = ([], [])
    var taken: (old: Set<Int>, new: Set<Int>) = ([], [])
    var last: Character = " "
    for row in picture.split(separator: "\n", omittingEmptySubsequences: false) {
      if row == "\\" {
        if last != "+" { sides.old[sides.old.count - 1].removeLast() }
        if last != "-" { sides.new[sides.new.count - 1].removeLast() }
        continue
      }
      last = row.first ?? " "
      let isTaken = row.dropFirst().hasPrefix("[x]")
      let line = Array(String(row.dropFirst(5)).replacing("␍", with: "\r").utf8) + [10]
      if isTaken, last == "-" { taken.old.insert(sides.old.count) }
      if isTaken, last == "+" { taken.new.insert(sides.new.count) }
      if last != "+" { sides.old.append(line) }
      if last != "-" { sides.new.append(line) }
    }
    let diff = FileDiff.between(
      TextFile(Array(sides.old.joined())), TextFile(Array(sides.new.joined())))
    var selection = LineSelection()
    for group in diff.groups.indices {
      diff.forEachChangedLine(in: group) { index, changed in
        let marked = changed.side == .removed ? taken.old : taken.new
        if marked.contains(changed.line) { selection.insert(index) }
      }
    }
    self.init(diff: diff, selection: selection)
  }

  /// The rows as the diff has them; equal to what was read when the diff puts lines where the picture does.
  var picture: String {
    var rows: [String] = []
    func add(_ sign: String, _ line: ArraySlice<UInt8>) {
      let isTerminated = line.last == 10
      let row = sign + Self.visible(isTerminated ? line.dropLast() : line)
      rows.append(String(row.reversed().drop { $0 == " " }.reversed()))
      if !isTerminated { rows.append("\\") }
    }
    var next = 0
    for (index, group) in diff.groups.enumerated() {
      for line in next..<group.oldRange.lowerBound { add("     ", diff.old.line(line)) }
      diff.forEachChangedLine(in: index) { changedIndex, changed in
        let mark = selection.contains(changedIndex) ? "[x] " : "[ ] "
        switch changed.side {
        case .removed: add("-" + mark, diff.old.line(changed.line))
        case .added: add("+" + mark, diff.new.line(changed.line))
        }
      }
      next = group.oldRange.upperBound
    }
    for line in next..<diff.old.lineCount { add("     ", diff.old.line(line)) }
    return rows.joined(separator: "\n")
  }

  /// What the file becomes, with `␍` for a CR and `\` behind a missing final terminator.
  var result: String {
    let bytes = selectedContent(of: diff, selection: selection)
    let isTerminated = bytes.last.map { $0 == 10 } ?? true
    return isTerminated ? Self.visible(bytes.dropLast()) : Self.visible(bytes[...]) + "\\"
  }

  /// Works on bytes, since CR LF is a single character of a string.
  private static func visible(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.flatMap { $0 == 13 ? Array("␍".utf8) : [$0] }, as: UTF8.self)
  }
}
