// All places where a run of lines occurs in a file, on one rung.

/// The lines of a file as numbers, equal numbers for lines that are equal on a rung.
struct LineIndex {
  private let rung: PlacementRung
  private var numbers: [[UInt8]: Int] = [:]
  private var lines: [Int] = []

  init(_ bodies: [ArraySlice<UInt8>], rung: PlacementRung) {
    self.rung = rung
    lines.reserveCapacity(bodies.count)
    for body in bodies {
      let key = rung.normalised(body)
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      lines.append(number)
    }
  }

  /// Returns every line at which `wanted` begins, overlapping occurrences too, ascending. O(lines).
  func positions(of wanted: [[UInt8]]) -> [Int] {
    var pattern: [Int] = []
    for line in wanted {
      guard let number = numbers[rung.normalised(line[...])] else { return [] }
      pattern.append(number)
    }
    guard !pattern.isEmpty, pattern.count <= lines.count else { return [] }
    let borders = Self.borders(of: pattern)
    var found: [Int] = []
    var matched = 0
    for (index, line) in lines.enumerated() {
      while matched > 0, pattern[matched] != line { matched = borders[matched - 1] }
      if pattern[matched] == line { matched += 1 }
      if matched == pattern.count {
        found.append(index + 1 - matched)
        matched = borders[matched - 1]
      }
    }
    return found
  }

  /// For every prefix, the length of its longest proper prefix that is also its suffix (Knuth, Morris, Pratt).
  private static func borders(of pattern: [Int]) -> [Int] {
    var borders = [0]
    var length = 0
    for index in pattern.indices.dropFirst() {
      while length > 0, pattern[length] != pattern[index] { length = borders[length - 1] }
      if pattern[length] == pattern[index] { length += 1 }
      borders.append(length)
    }
    return borders
  }
}
