// A file that takes some changes of one version and the rest of another.

extension FileDiff {
  /// Returns the new side of this diff, but with the changes that `other` makes around the old lines `lines`.
  ///
  /// Both diffs have the same old side. Groups of either diff that touch `lines` are exchanged, and those that touch them in turn, so that
  /// no change is taken in part. O(bytes + groups).
  ///
  /// - Precondition: `old` is the old side of `other`.
  package func taking(_ other: FileDiff, around lines: Range<Int>) -> [UInt8] {
    precondition(old == other.old, "versions of different files")
    var region = lines
    var grew = true
    while grew {
      grew = false
      for group in groups + other.groups where group.oldRange.touches(region) {
        let wider =
          min(
            region.lowerBound, group.oldRange.lowerBound)..<max(
            region.upperBound, group.oldRange.upperBound)
        if wider != region {
          region = wider
          grew = true
        }
      }
    }
    let kept = groups.filter { !$0.oldRange.touches(region) }.map { ($0, new) }
    let taken = other.groups.filter { $0.oldRange.touches(region) }.map { ($0, other.new) }
    var splicer = LineSplicer(base: old)
    var position = 0
    for (group, side) in (kept + taken).sorted(by: {
      $0.0.oldRange.lowerBound < $1.0.oldRange.lowerBound
    }) {
      for line in position..<group.oldRange.lowerBound { splicer.append(old.line(line)) }
      for line in group.newRange { splicer.append(side.line(line)) }
      position = group.oldRange.upperBound
    }
    for line in position..<old.lineCount { splicer.append(old.line(line)) }
    return splicer.bytes
  }
}

extension Range<Int> {
  /// Whether the two share a line, or stand directly beside each other.
  fileprivate func touches(_ other: Range<Int>) -> Bool {
    lowerBound <= other.upperBound && other.lowerBound <= upperBound
  }
}
