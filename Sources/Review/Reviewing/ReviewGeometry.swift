// Where things are on the review screen.

package import CellGrid

extension GridSize {
  /// Below this a sentence is all that is shown.
  package static let minimum = GridSize(rows: 12, columns: 40)
  /// From this width on the sides stand side by side and the file pane is shown.
  package static let fullWidth = 100

  package var isTooSmall: Bool {
    columns < Self.minimum.columns || rows < Self.minimum.rows
  }
}

extension ReviewState {
  /// Rows that the file pane has for files.
  package func filePaneHeight(for size: GridSize) -> Int {
    max(0, geometry(for: size).bodyHeight - (unplaced.isEmpty ? 0 : 1))
  }

  /// The first file that the pane lists; one source for painting and clicking.
  package func filePaneTop(for size: GridSize) -> Int {
    let height = filePaneHeight(for: size)
    return max(0, min(paneRow - height / 2, paneCount - height))
  }
}

/// The places of header, panes and footer, and the widths of the columns of text; one source for painting and scrolling.
package struct ReviewGeometry: Hashable, Sendable {
  package let size: GridSize
  package let mode: DiffMode
  /// Columns of the file pane, its separator included; 0 when hidden.
  package let paneWidth: Int
  /// Digits of the widest line number.
  package let numberWidth: Int

  package init(size: GridSize, mode: DiffMode, showsFilePane: Bool, numberWidth: Int) {
    self.size = size
    self.mode = mode
    paneWidth =
      showsFilePane && size.columns >= GridSize.fullWidth
      ? min(38, max(24, size.columns * 22 / 100)) : 0
    self.numberWidth = max(3, numberWidth)
  }

  package static let headerRow = 0
  package static let titleRow = 1
  package static let firstBodyRow = 2

  package var messageRow: Int { size.rows - 2 }
  package var footerRow: Int { size.rows - 1 }
  /// Rows for the diff.
  package var bodyHeight: Int { max(1, size.rows - 4) }
  package var bodyColumn: Int { paneWidth }
  /// Columns for the diff; the last column of the screen is the scrollbar's.
  package var bodyWidth: Int { size.columns - paneWidth - 1 }

  /// The width of the left side, decision gutter included; the right side takes the rest after one separator column.
  package var leftWidth: Int { mode == .unified ? bodyWidth : (bodyWidth - 1) / 2 }
  package var rightWidth: Int { mode == .unified ? 0 : bodyWidth - 1 - leftWidth }

  /// Columns before the text: decision, number(s), sign.
  package var gutterWidth: Int {
    mode == .unified ? 2 + numberWidth + 1 + numberWidth + 1 + 2 : 2 + numberWidth + 1 + 2
  }

  /// Columns of text on each side; the narrower one decides, so that both sides wrap alike.
  package var textWidth: Int {
    let side = mode == .unified ? leftWidth : min(leftWidth, rightWidth)
    return max(1, side - gutterWidth)
  }

  /// Columns that a comment's text has.
  package var commentWidth: Int { max(8, bodyWidth - 12) }
}
