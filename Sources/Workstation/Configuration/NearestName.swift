// Finds what a misspelt name was meant to be.

/// The known names, asked for the one nearest to a misspelling.
enum NearestName {
  /// Returns the name with the smallest edit distance, or nil when none is near.
  ///
  /// Near is at most a third of the longer name, and at least one. Insertions, deletions,
  /// substitutions and swaps of neighbours count one each; hyphens equal underscores and case does
  /// not matter. Of equals the first in `names` wins. O(names × length²).
  static func of(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = folded(name)
    // A setting's name is short; a longer text is not a misspelling of one.
    guard wanted.count <= 64 else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in names {
      let letters = folded(candidate)
      let distance = distance(wanted, letters)
      guard distance <= max(1, max(wanted.count, letters.count) / 3) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
  }

  /// The optimal string alignment distance.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        var cost = min(previous[column + 1], current[column]) + 1
        cost = min(cost, previous[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
