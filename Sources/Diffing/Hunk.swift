// Hunks: runs of change groups with their context, as a reader decides on them.

/// A maximal run of changes with its context, as after `@@`.
package struct Hunk: Hashable, Sendable {
  /// Indexes of the change groups it holds.
  package let groups: Range<Int>
  /// Old lines it shows, context included; 0-based.
  package let oldRange: Range<Int>
  /// New lines it shows, context included; 0-based.
  package let newRange: Range<Int>
  /// Its changed lines among those of the file, in script order.
  package let changedLines: Range<Int>
}

extension FileDiff {
  /// The hunks with `context` unchanged lines around changes; see `DiffOutline.hunks`.
  package func hunks(context: Int = 3, boundaries: Set<Int> = []) -> [Hunk] {
    outline.hunks(context: context, boundaries: boundaries)
  }
}

extension DiffOutline {
  /// The hunks with `context` unchanged lines around changes.
  ///
  /// Groups up to twice the context apart share a hunk, unless a boundary is asked for: `boundaries` holds indexes of groups that begin
  /// a hunk of their own (a split); the context between is then divided. O(groups).
  package func hunks(context: Int = 3, boundaries: Set<Int> = []) -> [Hunk] {
    var result: [Hunk] = []
    var first = 0
    while first < groups.count {
      var last = first
      while last + 1 < groups.count, !boundaries.contains(last + 1),
        groups[last + 1].oldRange.lowerBound - groups[last].oldRange.upperBound <= 2 * context
      {
        last += 1
      }
      result.append(hunk(from: first, through: last, context: context))
      first = last + 1
    }
    return result
  }

  private func hunk(from first: Int, through last: Int, context: Int) -> Hunk {
    let before =
      first == 0
      ? groups[0].oldRange.lowerBound
      : (groups[first].oldRange.lowerBound - groups[first - 1].oldRange.upperBound + 1) / 2
    let after =
      last + 1 == groups.count
      ? oldLineCount - groups[last].oldRange.upperBound
      : (groups[last + 1].oldRange.lowerBound - groups[last].oldRange.upperBound) / 2
    let above = min(context, first == 0 ? before : max(before, 0))
    let below = min(context, after)
    return Hunk(
      groups: first..<last + 1,
      oldRange: groups[first].oldRange.lowerBound - above..<groups[last].oldRange.upperBound
        + below,
      newRange: groups[first].newRange.lowerBound - above..<groups[last].newRange.upperBound
        + below,
      changedLines: groups[first].firstChangedLine..<groups[last].changedLines.upperBound)
  }
}
