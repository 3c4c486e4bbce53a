// What a file becomes when only some of its changed lines are taken.

/// Returns the file's bytes when only `selection` is taken from `diff`.
///
/// Removed lines that are not selected stay; added lines that are not selected are left out. An empty selection gives the old side, a
/// full one the new side. Each line keeps the terminator of the side it comes from; only a line without one that is followed by another
/// gets a terminator (see `LineSplicer`). O(bytes).
package func selectedContent(of diff: FileDiff, selection: LineSelection) -> [UInt8] {
  var splicer = LineSplicer(base: diff.old)
  forEachSelectedLine(of: diff, selection: selection) { side, line in
    splicer.append(side == .removed ? diff.old.line(line) : diff.new.line(line))
  }
  return splicer.bytes
}

/// Returns what remains to be decided once `selection` has been taken: the diff from the selected content to the new side.
///
/// The new side of the result is the new side of `diff`, so taking all of the remainder gives the proposal. O(bytes).
package func remainder(of diff: FileDiff, after selection: LineSelection) -> FileDiff {
  let base = TextFile(selectedContent(of: diff, selection: selection))
  var changes: [LineChange] = []
  var oldLine = 0
  var newLine = 0
  func extend(old: Int, new: Int) {
    if let last = changes.last, last.old.upperBound == oldLine, last.new.upperBound == newLine {
      changes[changes.count - 1].old = last.old.lowerBound..<oldLine + old
      changes[changes.count - 1].new = last.new.lowerBound..<newLine + new
    } else {
      changes.append(LineChange(old: oldLine..<oldLine + old, new: newLine..<newLine + new))
    }
    oldLine += old
    newLine += new
  }
  func keep() {
    // A line that was given a terminator on the way still differs from the proposal's.
    if base.line(oldLine) == diff.new.line(newLine) {
      oldLine += 1
      newLine += 1
    } else {
      extend(old: 1, new: 1)
    }
  }
  var position = 0
  for (index, group) in diff.groups.enumerated() {
    for _ in position..<group.oldRange.lowerBound { keep() }
    diff.forEachChangedLine(in: index) { line, changed in
      switch (changed.side, selection.contains(line)) {
      case (.removed, true): break
      case (.removed, false): extend(old: 1, new: 0)
      case (.added, true): keep()
      case (.added, false): extend(old: 0, new: 1)
      }
    }
    position = group.oldRange.upperBound
  }
  for _ in position..<diff.old.lineCount { keep() }
  return FileDiff(old: base, new: diff.new, changes: changes)
}

/// Calls `body` with the lines that stand in the file when `selection` is taken, in order: `.removed` names a line of the old side
/// (context too), `.added` one of the new side.
func forEachSelectedLine(
  of diff: FileDiff, selection: LineSelection, _ body: (ChangedLine.Side, Int) -> Void
) {
  var position = 0
  for (index, group) in diff.groups.enumerated() {
    for line in position..<group.oldRange.lowerBound { body(.removed, line) }
    diff.forEachChangedLine(in: index) { changedIndex, changed in
      if selection.contains(changedIndex) == (changed.side == .added) {
        body(changed.side, changed.line)
      }
    }
    position = group.oldRange.upperBound
  }
  for line in position..<diff.old.lineCount { body(.removed, line) }
}

/// Joins lines of both sides into one file.
///
/// A line without a terminator that another line follows gets one: CR LF when the base's first line ends so, LF when it ends with LF;
/// when the base has no terminated line, the one of the line that follows, else LF.
struct LineSplicer {
  private(set) var bytes: [UInt8] = []
  private let terminator: [UInt8]?

  init(base: TextFile) {
    bytes.reserveCapacity(base.bytes.count + 256)
    terminator = base.lineCount > 0 ? Self.terminator(of: base.line(0)) : nil
  }

  mutating func append(_ line: ArraySlice<UInt8>) {
    if let last = bytes.last, last != UInt8(ascii: "\n") {
      bytes += terminator ?? Self.terminator(of: line) ?? [UInt8(ascii: "\n")]
    }
    bytes += line
  }

  private static func terminator(of line: ArraySlice<UInt8>) -> [UInt8]? {
    guard line.last == UInt8(ascii: "\n") else { return nil }
    return line.dropLast().last == 13 ? [13, UInt8(ascii: "\n")] : [UInt8(ascii: "\n")]
  }
}
