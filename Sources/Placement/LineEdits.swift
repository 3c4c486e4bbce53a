// The smallest change from quoted lines to their replacement, and its splice into a file.

/// Lines of a file that give way to other lines.
struct LineEdit: Equatable {
  let range: Range<Int>
  let lines: [[UInt8]]

  /// How many lines longer the file becomes.
  var growth: Int { lines.count - range.count }

  /// Whether applying it would alter or part lines that another block quoted.
  func touches(_ quoted: Range<Int>) -> Bool {
    range.isEmpty
      ? quoted.lowerBound < range.lowerBound && range.lowerBound < quoted.upperBound
      : range.overlaps(quoted)
  }
}

enum LineAlignment {
  /// The largest comparison table; above it the differing middle is one edit, which gives the same lines.
  static let tableLimit = 1_000_000

  /// Returns what changes from `old` to `new`, as edits of lines counted from `start`, keeping a longest common subsequence.
  ///
  /// Lines that are equal under `rung` are left out, so that the file keeps its own bytes for them. O(old × new) of the part that
  /// differs, bounded by `tableLimit`. `added`, of the same count as `new`, is what goes into the file in its place.
  static func edits(
    from old: [[UInt8]], to new: [[UInt8]], under rung: PlacementRung, added: [[UInt8]]? = nil,
    startingAt start: Int
  ) -> [LineEdit] {
    let oldKeys = old.map { rung.normalised($0[...]) }
    let newKeys = new.map { rung.normalised($0[...]) }
    let shorter = min(old.count, new.count)
    var prefix = 0
    while prefix < shorter, oldKeys[prefix] == newKeys[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix,
      oldKeys[old.count - 1 - suffix] == newKeys[new.count - 1 - suffix]
    { suffix += 1 }
    let oldMiddle = prefix..<(old.count - suffix)
    let newMiddle = prefix..<(new.count - suffix)
    if oldMiddle.isEmpty && newMiddle.isEmpty { return [] }
    let kept =
      oldMiddle.count * newMiddle.count <= tableLimit
      ? commonLines(oldKeys[oldMiddle], newKeys[newMiddle]) : []
    var edits: [LineEdit] = []
    var (oldNext, newNext) = (oldMiddle.lowerBound, newMiddle.lowerBound)
    for pair in kept + [(old: oldMiddle.upperBound, new: newMiddle.upperBound)] {
      if oldNext < pair.old || newNext < pair.new {
        edits.append(
          LineEdit(
            range: start + oldNext..<start + pair.old,
            lines: Array((added ?? new)[newNext..<pair.new])))
      }
      (oldNext, newNext) = (pair.old + 1, pair.new + 1)
    }
    return edits
  }

  private static func commonLines(
    _ old: ArraySlice<[UInt8]>, _ new: ArraySlice<[UInt8]>
  ) -> [(old: Int, new: Int)] {
    guard !old.isEmpty, !new.isEmpty else { return [] }
    var numbers: [[UInt8]: Int] = [:]
    func number(_ key: [UInt8]) -> Int {
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
    let left = old.map(number)
    let right = new.map(number)
    let width = right.count + 1
    // lengths[i * width + j]: longest common subsequence of left[i...] and right[j...].
    var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
    for i in left.indices.reversed() {
      for j in right.indices.reversed() {
        lengths[i * width + j] =
          left[i] == right[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var kept: [(old: Int, new: Int)] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if left[i] == right[j] {
        kept.append((old.startIndex + i, new.startIndex + j))
        (i, j) = (i + 1, j + 1)
      } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return kept
  }
}
