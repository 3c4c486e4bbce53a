// What was drawn in full, so that it may be approved.

import Approval
package import CellGrid
import Diffing

extension ReviewState {
  /// Takes note of the changed rows that the window shows in full. O(rows of the window).
  package mutating func noteSeen(for size: GridSize) {
    // The lines of a beginning are counted otherwise than those of the file.
    guard !size.isTooSmall, currentChange != nil, let metrics = metrics(for: size) else { return }
    let body = geometry(for: size).bodyHeight
    var lines = seen[fileIndex] ?? LineSelection()
    var prefixes = seenPrefix
    var showsWhole = false
    /// A row taller than the window counts once all of it has passed, from its start on.
    func passes(_ row: Int, _ wrapped: Range<Int>, _ endsInWindow: Bool) -> Bool {
      let before = prefixes[row] ?? 0
      guard wrapped.lowerBound <= before else { return false }
      prefixes[row] = max(before, wrapped.upperBound)
      return endsInWindow
    }
    metrics.forEachVisibleRow(from: top, height: body) { _, row, wrapped, endsInWindow in
      switch metrics.layout.rows[row] {
      case .mode: showsWhole = true
      case .whole: if passes(row, wrapped, endsInWindow) { showsWhole = true }
      case .change(_, _, _, let changed):
        if wraps {
          guard passes(row, wrapped, endsInWindow) else { return }
        } else {
          guard horizontalOffset == 0, metrics.fits(row) else { return }
        }
        for line in changed { lines.insert(line) }
      case .hunkHeader, .context, .rest, .comment: break
      }
    }
    seen[fileIndex] = lines
    seenPrefix = prefixes
    if showsWhole { seenWhole.insert(fileIndex) }
  }

  /// The uppermost of `lines` that was not drawn in full yet.
  ///
  /// Uppermost, not first: in unified mode the rows do not stand in the order of changed lines. O(rows of the file) when there is one.
  package func firstUnseen(of lines: some Sequence<Int>) -> Int? {
    let drawn = seen[fileIndex] ?? LineSelection()
    let unseen = Set(lines.filter { !drawn.contains($0) })
    guard !unseen.isEmpty else { return nil }
    for case .change(_, _, _, let changed) in layout?.rows ?? [] {
      if let line = changed.first(where: unseen.contains) { return line }
    }
    return unseen.min()
  }
}
