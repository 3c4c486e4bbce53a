// The first change of two large files, found before all of them is compared.

extension FileDiff {
  /// How much of each file is looked at beyond the first difference.
  private static let windowBytes = 64 << 10
  /// Unchanged lines that must follow the change, so that it is one also in the diff of the whole files.
  private static let followingLines = 3

  /// Returns a diff of the beginnings of `old` and `new` that holds their first change group and a few lines after it.
  ///
  /// Line numbers are those of the whole files. nil when the files are equal, or when the first change is too large or too deep in them to
  /// be found quickly. O(bytes before the first difference + window²).
  package static func firstChange(of old: [UInt8], _ new: [UInt8]) -> FileDiff? {
    var same = 0
    let count = min(old.count, new.count)
    let (oldBytes, newBytes) = (old.span, new.span)
    while same < count, oldBytes[same] == newBytes[same] { same += 1 }
    guard same < max(old.count, new.count) else { return nil }
    let left = TextFile(beginning(of: old, upTo: same + windowBytes))
    let right = TextFile(beginning(of: new, upTo: same + windowBytes))
    let whole = between(left, right)
    guard let first = whole.groups.first else { return nil }
    let nextStart = whole.groups.count > 1 ? whole.groups[1].oldRange.lowerBound : left.lineCount
    let following = nextStart - first.oldRange.upperBound
    guard following >= followingLines else { return nil }
    let after = min(following, 60)
    return FileDiff(
      old: TextFile(Array(left.lines(0..<first.oldRange.upperBound + after))),
      new: TextFile(Array(right.lines(0..<first.newRange.upperBound + after))),
      changes: [LineChange(old: first.oldRange, new: first.newRange)])
  }

  /// Whole lines from the start, about `limit` bytes of them.
  private static func beginning(of bytes: [UInt8], upTo limit: Int) -> [UInt8] {
    guard limit < bytes.count else { return bytes }
    let end = bytes[..<limit].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return Array(bytes[..<end])
  }
}
