// All differences between two versions of one path, as immutable values.

/// A row of a change group: a removed line, an added line, or both side by side.
///
/// Line numbers are absolute, 0-based, on the side they belong to. In script order the removed line comes before the added one, so a
/// selection of single pairs keeps the order of lines.
package struct ChangeRow: Hashable, Sendable {
  package let removed: Int?
  package let added: Int?

  package init(removed: Int?, added: Int?) {
    precondition(removed != nil || added != nil, "a change row without a line")
    self.removed = removed
    self.added = added
  }

  package var lineCount: Int { (removed == nil ? 0 : 1) + (added == nil ? 0 : 1) }
}

/// Consecutive removed and added lines without context between them; the unit of splitting.
package struct ChangeGroup: Hashable, Sendable {
  package let oldRange: Range<Int>
  package let newRange: Range<Int>
  package let rows: [ChangeRow]
  /// The index of the group's first changed line among all changed lines of the file.
  package let firstChangedLine: Int

  package var changedLineCount: Int { oldRange.count + newRange.count }

  /// The indexes of the group's changed lines among all changed lines of the file, in script order.
  package var changedLines: Range<Int> { firstChangedLine..<firstChangedLine + changedLineCount }

  /// The changed-line index of each line of row `row`: removed first.
  package func changedLines(ofRow row: Int) -> Range<Int> {
    let start = firstChangedLine + rows[..<row].reduce(0) { $0 + $1.lineCount }
    return start..<start + rows[row].lineCount
  }
}

/// One changed line: which side it is on and where.
package struct ChangedLine: Hashable, Sendable {
  package enum Side: Hashable, Sendable { case removed, added }
  package let side: Side
  /// 0-based, on the old side when removed and on the new side when added.
  package let line: Int

  package init(side: Side, line: Int) {
    self.side = side
    self.line = line
  }
}

/// All change groups between two versions of one path.
///
/// Between the groups, and before and after them, old and new lines are equal one to one.
package struct FileDiff: Sendable {
  package let old: TextFile
  package let new: TextFile
  /// Where the changes are, without the lines themselves.
  package let outline: DiffOutline

  package var groups: [ChangeGroup] { outline.groups }
  /// Removed and added lines of the whole file.
  package var changedLineCount: Int { outline.changedLineCount }

  /// Computes the diff. Cost: see `LineDiff`; pairing inside a group is bounded.
  package static func between(_ old: TextFile, _ new: TextFile) -> FileDiff {
    var interner = LineInterner(capacity: old.lineCount + new.lineCount)
    let oldNumbers = interner.numbers(of: old)
    let newNumbers = interner.numbers(of: new)
    let raw = LineDiff.changes(
      old: oldNumbers, new: newNumbers, distinctCount: interner.distinctCount)
    let sliding = ChangeSliding(
      old: old, new: new, oldNumbers: oldNumbers, newNumbers: newNumbers)
    return FileDiff(old: old, new: new, changes: sliding.slid(raw))
  }

  init(old: TextFile, new: TextFile, changes: [LineChange]) {
    var pairing = LinePairing(old: old, new: new)
    self.init(
      old: old, new: new,
      rows: changes.map { (change: $0, rows: pairing.rows(for: $0)) })
  }

  init(old: TextFile, new: TextFile, rows: [(change: LineChange, rows: [ChangeRow])]) {
    self.old = old
    self.new = new
    var groups: [ChangeGroup] = []
    groups.reserveCapacity(rows.count)
    var count = 0
    for (change, rows) in rows {
      let group = ChangeGroup(
        oldRange: change.old, newRange: change.new, rows: rows, firstChangedLine: count)
      groups.append(group)
      count += group.changedLineCount
    }
    outline = DiffOutline(groups: groups, changedLineCount: count, oldLineCount: old.lineCount)
  }

  package var addedLineCount: Int { groups.reduce(0) { $0 + $1.newRange.count } }
  package var removedLineCount: Int { groups.reduce(0) { $0 + $1.oldRange.count } }

  /// The group that holds changed line `index`. O(log groups).
  package func groupIndex(ofChangedLine index: Int) -> Int {
    outline.groupIndex(ofChangedLine: index)
  }

  /// Calls `body` with every changed line in script order: rows downwards, removed before added.
  package func forEachChangedLine(in groupIndex: Int, _ body: (Int, ChangedLine) -> Void) {
    outline.forEachChangedLine(in: groupIndex, body)
  }
}
