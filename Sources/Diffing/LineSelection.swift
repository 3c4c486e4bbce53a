// Which changed lines of a file diff are taken.

/// A set of changed lines of one file diff, by their index in script order.
///
/// A bit per changed line: union and counting cost O(lines / 64).
package struct LineSelection: Hashable, Sendable {
  private var words: [UInt64] = []

  package init() {}

  package init(_ lines: some Sequence<Int>) {
    for line in lines { insert(line) }
  }

  /// Every changed line of `diff`.
  package static func all(of diff: FileDiff) -> LineSelection {
    LineSelection(0..<diff.changedLineCount)
  }

  package static let none = LineSelection()

  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  package func contains(_ line: Int) -> Bool {
    line >> 6 < words.count && words[line >> 6] & (1 << UInt64(line & 63)) != 0
  }

  package mutating func insert(_ line: Int) {
    while words.count <= line >> 6 { words.append(0) }
    words[line >> 6] |= 1 << UInt64(line & 63)
  }

  package mutating func remove(_ line: Int) {
    guard line >> 6 < words.count else { return }
    words[line >> 6] &= ~(1 << UInt64(line & 63))
    while words.last == 0 { words.removeLast() }
  }

  /// How many of `lines` are in the selection.
  package func count(in lines: Range<Int>) -> Int {
    lines.reduce(0) { $0 + (contains($1) ? 1 : 0) }
  }

  package func complement(in diff: FileDiff) -> LineSelection {
    LineSelection((0..<diff.changedLineCount).filter { !contains($0) })
  }

  /// The selected line indexes, ascending.
  package var lines: [Int] {
    var result: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        result.append(index << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return result
  }
}
