// Which removed line stands beside which added line inside a change group.

/// Aligns removed and added lines of a change group by similarity, keeping their order.
///
/// Lines that share at least half of their tokens are paired where the total similarity is greatest; what lies between pairs is put side
/// by side in order. Groups too large for that are put side by side from the top. O(removed x added) up to `maximumPairs`.
struct LinePairing {
  private static let maximumPairs = 4_000
  private static let maximumLineBytes = 2_000
  private static let threshold = 0.5

  private let old: TextFile
  private let new: TextFile

  init(old: TextFile, new: TextFile) {
    self.old = old
    self.new = new
  }

  mutating func rows(for change: LineChange) -> [ChangeRow] {
    var rows: [ChangeRow] = []
    rows.reserveCapacity(max(change.old.count, change.new.count))
    var nextOld = change.old.lowerBound
    var nextNew = change.new.lowerBound
    for pair in pairs(in: change) {
      Self.zip(nextOld..<pair.old, nextNew..<pair.new, into: &rows)
      rows.append(ChangeRow(removed: pair.old, added: pair.new))
      nextOld = pair.old + 1
      nextNew = pair.new + 1
    }
    Self.zip(nextOld..<change.old.upperBound, nextNew..<change.new.upperBound, into: &rows)
    return rows
  }

  private static func zip(_ old: Range<Int>, _ new: Range<Int>, into rows: inout [ChangeRow]) {
    for offset in 0..<max(old.count, new.count) {
      rows.append(
        ChangeRow(
          removed: offset < old.count ? old.lowerBound + offset : nil,
          added: offset < new.count ? new.lowerBound + offset : nil))
    }
  }

  /// Pairs of similar lines with the greatest sum of similarities, ascending on both sides.
  private func pairs(in change: LineChange) -> [(old: Int, new: Int)] {
    let rowCount = change.old.count
    let columnCount = change.new.count
    guard rowCount > 0, columnCount > 0, rowCount * columnCount <= Self.maximumPairs,
      rowCount != 1 || columnCount != 1
    else { return [] }
    let oldTokens = change.old.map { tokens(old.lineContent($0)) }
    let newTokens = change.new.map { tokens(new.lineContent($0)) }
    var scores = [Double](repeating: 0, count: (rowCount + 1) * (columnCount + 1))
    var similarities = [Double](repeating: 0, count: rowCount * columnCount)
    let width = columnCount + 1
    for row in stride(from: rowCount - 1, through: 0, by: -1) {
      for column in stride(from: columnCount - 1, through: 0, by: -1) {
        let similarity = Self.similarity(oldTokens[row], newTokens[column])
        similarities[row * columnCount + column] = similarity
        var best = max(scores[(row + 1) * width + column], scores[row * width + column + 1])
        if similarity >= Self.threshold {
          best = max(best, scores[(row + 1) * width + column + 1] + similarity)
        }
        scores[row * width + column] = best
      }
    }
    var result: [(old: Int, new: Int)] = []
    var (row, column) = (0, 0)
    while row < rowCount, column < columnCount {
      let similarity = similarities[row * columnCount + column]
      let here = scores[row * width + column]
      if similarity >= Self.threshold,
        here == scores[(row + 1) * width + column + 1] + similarity
      {
        result.append((change.old.lowerBound + row, change.new.lowerBound + column))
        row += 1
        column += 1
      } else if here == scores[(row + 1) * width + column] {
        row += 1
      } else {
        column += 1
      }
    }
    return result
  }

  /// The line's words and signs as a sorted multiset of hashes.
  private func tokens(_ line: ArraySlice<UInt8>) -> [UInt32] {
    guard line.count <= Self.maximumLineBytes else { return [] }
    var result: [UInt32] = []
    for token in WordTokens.ranges(in: line) {
      let bytes = line[token]
      guard bytes.first != UInt8(ascii: " "), bytes.first != UInt8(ascii: "\t") else { continue }
      var hash: UInt32 = 0x811c_9dc5
      for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
      result.append(hash)
    }
    result.sort()
    return result
  }

  /// Shared tokens over all tokens, 0...1 (Dice's coefficient).
  private static func similarity(_ left: [UInt32], _ right: [UInt32]) -> Double {
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    var (i, j, shared) = (0, 0, 0)
    while i < left.count, j < right.count {
      if left[i] == right[j] {
        shared += 1
        i += 1
        j += 1
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 2 * Double(shared) / Double(left.count + right.count)
  }
}
