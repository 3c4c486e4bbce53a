// The changed spans inside a pair of lines.

/// Which bytes of a removed and an added line differ, by word.
package struct IntraLineChange: Hashable, Sendable {
  /// Offsets into the removed line's content, ascending, not touching.
  package let removedSpans: [Range<Int>]
  /// Offsets into the added line's content, ascending, not touching.
  package let addedSpans: [Range<Int>]
  /// Whether only blanks differ.
  package let isWhitespaceOnly: Bool

  private static let maximumTokens = 200

  /// Compares two lines by word.
  ///
  /// Returns nil when they share too little for spans to help the eye (under 45 % of the bytes), or are too long to compare within a frame
  /// (over 200 tokens after their common ends). O(tokens x differences).
  package static func between(_ removed: ArraySlice<UInt8>, _ added: ArraySlice<UInt8>)
    -> IntraLineChange?
  {
    var prefix = 0
    while prefix < min(removed.count, added.count),
      removed[removed.startIndex + prefix] == added[added.startIndex + prefix]
    {
      prefix += 1
    }
    if removed.count > 20_000 || added.count > 20_000 {
      return commonEnds(removed, added, prefix: prefix)
    }
    let left = WordTokens.ranges(in: removed)
    let right = WordTokens.ranges(in: added)
    var first = 0
    while first < min(left.count, right.count), removed[left[first]] == added[right[first]] {
      first += 1
    }
    var last = 0
    while last < min(left.count, right.count) - first,
      removed[left[left.count - 1 - last]] == added[right[right.count - 1 - last]]
    {
      last += 1
    }
    let leftWindow = Array(left[first..<left.count - last])
    let rightWindow = Array(right[first..<right.count - last])
    guard leftWindow.count <= maximumTokens, rightWindow.count <= maximumTokens else { return nil }
    let kept = commonTokens(leftWindow, rightWindow, removed, added)
    return make(leftWindow, rightWindow, kept, removed, added)
  }

  private static func make(
    _ left: [Range<Int>], _ right: [Range<Int>], _ kept: [(Int, Int)],
    _ removed: ArraySlice<UInt8>, _ added: ArraySlice<UInt8>
  ) -> IntraLineChange? {
    var keptLeft = [Bool](repeating: false, count: left.count)
    var keptRight = [Bool](repeating: false, count: right.count)
    for (i, j) in kept {
      keptLeft[i] = true
      keptRight[j] = true
    }
    let removedSpans = spans(left, kept: keptLeft, from: removed.startIndex)
    let addedSpans = spans(right, kept: keptRight, from: added.startIndex)
    let changed = removedSpans.reduce(0) { $0 + $1.count } + addedSpans.reduce(0) { $0 + $1.count }
    let total = removed.count + added.count
    let isWhitespaceOnly =
      removedSpans.allSatisfy { isBlank(removed, $0) }
      && addedSpans.allSatisfy { isBlank(added, $0) }
    guard isWhitespaceOnly || changed * 100 <= total * 55 else { return nil }
    return IntraLineChange(
      removedSpans: removedSpans, addedSpans: addedSpans, isWhitespaceOnly: isWhitespaceOnly)
  }

  private static func isBlank(_ line: ArraySlice<UInt8>, _ span: Range<Int>) -> Bool {
    line[line.startIndex + span.lowerBound..<line.startIndex + span.upperBound].allSatisfy {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 13
    }
  }

  /// For lines too long to tokenize: everything between the common start and the common end.
  private static func commonEnds(
    _ removed: ArraySlice<UInt8>, _ added: ArraySlice<UInt8>, prefix: Int
  ) -> IntraLineChange? {
    var suffix = 0
    while suffix < min(removed.count, added.count) - prefix,
      removed[removed.endIndex - 1 - suffix] == added[added.endIndex - 1 - suffix]
    {
      suffix += 1
    }
    let left = prefix..<removed.count - suffix
    let right = prefix..<added.count - suffix
    return IntraLineChange(
      removedSpans: left.isEmpty ? [] : [left], addedSpans: right.isEmpty ? [] : [right],
      isWhitespaceOnly: isBlank(removed, left) && isBlank(added, right))
  }

  private static func spans(_ tokens: [Range<Int>], kept: [Bool], from start: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, token) in tokens.enumerated() where !kept[index] {
      let span = token.lowerBound - start..<token.upperBound - start
      if let last = result.last, last.upperBound == span.lowerBound {
        result[result.count - 1] = last.lowerBound..<span.upperBound
      } else {
        result.append(span)
      }
    }
    return result
  }

  /// A longest common subsequence of tokens, as index pairs.
  private static func commonTokens(
    _ left: [Range<Int>], _ right: [Range<Int>], _ removed: ArraySlice<UInt8>,
    _ added: ArraySlice<UInt8>
  ) -> [(Int, Int)] {
    let width = right.count + 1
    var lengths = [UInt16](repeating: 0, count: (left.count + 1) * width)
    for i in stride(from: left.count - 1, through: 0, by: -1) {
      for j in stride(from: right.count - 1, through: 0, by: -1) {
        lengths[i * width + j] =
          removed[left[i]] == added[right[j]]
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if removed[left[i]] == added[right[j]] {
        pairs.append((i, j))
        i += 1
        j += 1
      } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }
}
