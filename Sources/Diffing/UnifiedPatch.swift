// Prints the taken part of a file diff as a unified patch; for reading and for other tools, never applied by us.

/// Prints unified hunks for a selection of changed lines.
package struct UnifiedPatch {
  private enum Kind: UInt8 {
    case context = 0x20
    case removed = 0x2d
    case added = 0x2b
  }

  private struct Line {
    let kind: Kind
    let bytes: ArraySlice<UInt8>
  }

  /// Returns the `@@` hunks that turn the old side into the old side with `selection` taken; empty when nothing is selected.
  ///
  /// Unselected removed lines are context, unselected added lines are absent. Inside a run of changes removed lines come first. A last line
  /// without terminator is followed by git's `\ No newline at end of file`. O(lines of the file).
  package static func hunks(of diff: FileDiff, selection: LineSelection, context: Int = 3)
    -> [UInt8]
  {
    let lines = self.lines(of: diff, selection: selection)
    var output: [UInt8] = []
    var oldLine = 0
    var newLine = 0
    var index = 0
    while index < lines.count {
      guard lines[index].kind != .context else {
        index += 1
        oldLine += 1
        newLine += 1
        continue
      }
      let start = max(0, index - context)
      // Earlier lines between `start` and `index` are context that no hunk before could reach.
      var end = index
      var quiet = 0
      while end < lines.count, quiet <= 2 * context {
        quiet = lines[end].kind == .context ? quiet + 1 : 0
        end += 1
      }
      end = min(lines.count, end - max(0, quiet - context))
      let shown = lines[start..<end]
      let lead = index - start
      append(shown, oldStart: oldLine - lead, newStart: newLine - lead, to: &output)
      for line in lines[index..<end] {
        oldLine += line.kind == .added ? 0 : 1
        newLine += line.kind == .removed ? 0 : 1
      }
      index = end
    }
    return output
  }

  private static func append(
    _ lines: ArraySlice<Line>, oldStart: Int, newStart: Int, to output: inout [UInt8]
  ) {
    let oldCount = lines.count { $0.kind != .added }
    let newCount = lines.count { $0.kind != .removed }
    let range: (Int, Int) -> String = { start, count in
      let shown = count == 0 ? start : start + 1
      return count == 1 ? "\(shown)" : "\(shown),\(count)"
    }
    output += "@@ -\(range(oldStart, oldCount)) +\(range(newStart, newCount)) @@\n".utf8
    for line in lines {
      output.append(line.kind.rawValue)
      output += line.bytes
      if line.bytes.last != UInt8(ascii: "\n") {
        output += "\n\\ No newline at end of file\n".utf8
      }
    }
  }

  private static func lines(of diff: FileDiff, selection: LineSelection) -> [Line] {
    let result = TextFile(selectedContent(of: diff, selection: selection))
    var lines: [Line] = []
    var pendingRemoved: [Line] = []
    var pendingAdded: [Line] = []
    var resultLine = 0
    var position = 0
    func flush() {
      lines += pendingRemoved
      lines += pendingAdded
      pendingRemoved.removeAll()
      pendingAdded.removeAll()
    }
    func keep(_ oldLine: Int) {
      let old = diff.old.line(oldLine)
      let new = result.line(resultLine)
      resultLine += 1
      if old == new {
        flush()
        lines.append(Line(kind: .context, bytes: old))
      } else {
        pendingRemoved.append(Line(kind: .removed, bytes: old))
        pendingAdded.append(Line(kind: .added, bytes: new))
      }
    }
    for (index, group) in diff.groups.enumerated() {
      for line in position..<group.oldRange.lowerBound { keep(line) }
      diff.forEachChangedLine(in: index) { changedIndex, changed in
        switch (changed.side, selection.contains(changedIndex)) {
        case (.removed, true):
          pendingRemoved.append(Line(kind: .removed, bytes: diff.old.line(changed.line)))
        case (.removed, false): keep(changed.line)
        case (.added, true):
          pendingAdded.append(Line(kind: .added, bytes: result.line(resultLine)))
          resultLine += 1
        case (.added, false): break
        }
      }
      position = group.oldRange.upperBound
    }
    for line in position..<diff.old.lineCount { keep(line) }
    flush()
    return lines
  }
}
