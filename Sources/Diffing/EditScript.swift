// Line edits as data: what a decision records and what the commit guard replays.

/// Which old lines go and which new lines come, and where; a value without behaviour.
///
/// Line numbers are 0-based: removed lines count in the old file, added lines in the new file.
package struct EditScript: Hashable, Sendable {
  /// Consecutive new lines and the old lines they stand before.
  package struct Insertion: Hashable, Sendable {
    package let newLines: Range<Int>
    /// The old line before which the first of `newLines` stands; the old line count means the end.
    package let position: Int
    /// How far the position moves from one of `newLines` to the next: 0 for a block, 1 for lines paired with consecutive old lines.
    package let stride: Int

    package init(newLines: Range<Int>, position: Int, stride: Int) {
      self.newLines = newLines
      self.position = position
      self.stride = stride
    }
  }

  /// Ascending, disjoint, not touching.
  package let removed: [Range<Int>]
  /// Ascending by new line.
  package let inserted: [Insertion]

  package init(removed: [Range<Int>], inserted: [Insertion]) {
    self.removed = removed
    self.inserted = inserted
  }

  package var isEmpty: Bool { removed.isEmpty && inserted.isEmpty }
  package var removedLineCount: Int { removed.reduce(0) { $0 + $1.count } }
  package var insertedLineCount: Int { inserted.reduce(0) { $0 + $1.newLines.count } }
}

extension FileDiff {
  /// The edits that `selection` takes. O(changed lines).
  package func editScript(of selection: LineSelection) -> EditScript {
    var removed: [Range<Int>] = []
    var placed: [(line: Int, position: Int)] = []
    for (index, group) in groups.enumerated() {
      var position = group.oldRange.lowerBound
      forEachChangedLine(in: index) { changedIndex, changed in
        let isSelected = selection.contains(changedIndex)
        switch changed.side {
        case .removed:
          position = changed.line + 1
          guard isSelected else { return }
          if let last = removed.last, last.upperBound == changed.line {
            removed[removed.count - 1] = last.lowerBound..<changed.line + 1
          } else {
            removed.append(changed.line..<changed.line + 1)
          }
        case .added:
          if isSelected { placed.append((changed.line, position)) }
        }
      }
    }
    return EditScript(removed: removed, inserted: Self.runs(placed))
  }

  /// The changed lines that `script` names, or nil when it names a line that is no changed line of this diff. O(changed lines).
  package func selection(of script: EditScript) -> LineSelection? {
    // Checked first: a record read back may name any line.
    guard script.removed.allSatisfy({ $0.lowerBound >= 0 && $0.upperBound <= old.lineCount }),
      script.inserted.allSatisfy({
        $0.newLines.lowerBound >= 0 && $0.newLines.upperBound <= new.lineCount
      })
    else { return nil }
    var selection = LineSelection()
    var wantedRemoved = LineSelection(script.removed.joined())
    var wantedAdded = LineSelection(script.inserted.map(\.newLines).joined())
    for index in groups.indices {
      forEachChangedLine(in: index) { changedIndex, changed in
        switch changed.side {
        case .removed where wantedRemoved.contains(changed.line):
          wantedRemoved.remove(changed.line)
          selection.insert(changedIndex)
        case .added where wantedAdded.contains(changed.line):
          wantedAdded.remove(changed.line)
          selection.insert(changedIndex)
        case .removed, .added: break
        }
      }
    }
    return wantedRemoved.isEmpty && wantedAdded.isEmpty ? selection : nil
  }

  private static func runs(_ placed: [(line: Int, position: Int)]) -> [EditScript.Insertion] {
    var result: [EditScript.Insertion] = []
    for (line, position) in placed {
      if let last = result.last, last.newLines.upperBound == line {
        let step = position - (last.position + (last.newLines.count - 1) * last.stride)
        if (step == 0 || step == 1) && (last.newLines.count == 1 || step == last.stride) {
          result[result.count - 1] = EditScript.Insertion(
            newLines: last.newLines.lowerBound..<line + 1, position: last.position, stride: step)
          continue
        }
      }
      result.append(
        EditScript.Insertion(newLines: line..<line + 1, position: position, stride: 0))
    }
    return result
  }
}
