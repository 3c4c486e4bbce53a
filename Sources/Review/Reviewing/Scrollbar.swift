// The column at the right edge: where the window is in the file, and where something is left to decide.

package import CellGrid

/// What one cell of the scrollbar stands for.
package struct ScrollbarCell: Hashable, Sendable {
  /// Whether the window shows rows that the cell stands for.
  package var isInWindow = false
  /// The most urgent standing of the hunks that the cell stands for; nil where there are none.
  package var standing: HunkStanding?
}

extension ReviewState {
  /// The scrollbar's cells from top to bottom; none when the window shows all of the file. O(hunks + height).
  ///
  /// It counts layout rows, not screen rows: how often each line wraps is known for the visible ones only.
  package func scrollbar(for size: GridSize) -> [ScrollbarCell] {
    let height = geometry(for: size).bodyHeight
    guard let layout, let metrics = metrics(for: size), !layout.rows.isEmpty else { return [] }
    var cells = [ScrollbarCell](repeating: ScrollbarCell(), count: height)
    let count = layout.rows.count
    let cell: (Int) -> Int = { min(height - 1, count <= height ? $0 : $0 * height / count) }
    for (hunk, row) in layout.hunkRows.enumerated()
    where standings.indices.contains(hunk) && !isComparison {
      let place = cell(row)
      if cells[place].standing.map({ standings[hunk].urgency > $0.urgency }) ?? true {
        cells[place].standing = standings[hunk]
      }
    }
    let last = metrics.moved(top, by: height - 1).row
    guard top.row > 0 || last + 1 < count else { return [] }
    for place in cell(top.row)...max(cell(top.row), cell(last)) { cells[place].isInWindow = true }
    return cells
  }

  /// Goes to the rows that a cell of the scrollbar stands for.
  mutating func scroll(toBarRow row: Int, size: GridSize) {
    guard let layout, !layout.rows.isEmpty else { return }
    let height = geometry(for: size).bodyHeight
    let count = layout.rows.count
    cursor = min(count - 1, count <= height ? row : row * count / height)
    revealHunk(for: size)
  }
}

extension HunkStanding {
  fileprivate var urgency: Int {
    switch self {
    case .undecided, .partial(isOpen: true): 3
    case .rejected: 2
    case .partial(isOpen: false): 1
    case .approved: 0
    }
  }
}
