// Where lines of the old side are on the new side.

extension FileDiff {
  /// The new lines that stand where the old lines `range` stood; equal to them where no change touches them. Costs a pass over the groups.
  ///
  /// Lines put in right before or right after the range are outside; a change that reaches into it is inside as a whole.
  package func newLines(of range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    for group in groups {
      let growth = group.newRange.count - group.oldRange.count
      if group.oldRange.upperBound <= range.lowerBound {
        lower += growth
        upper += growth
      } else if group.oldRange.lowerBound < range.upperBound {
        if group.oldRange.lowerBound < range.lowerBound { lower = group.newRange.lowerBound }
        upper =
          group.oldRange.upperBound > range.upperBound
          ? group.newRange.upperBound : upper + growth
      } else {
        break
      }
    }
    return lower..<upper
  }
}
