// How far texts move the cursor of the terminal emulator.

import CVterm

/// The emulator's own idea of how wide text is.
package enum ColumnAdvance {
  /// The emulator and its version, for its tables change with it.
  package static let emulator = "libvterm-\(VTERM_VERSION_MAJOR).\(VTERM_VERSION_MINOR)"

  /// Returns the column after each of `texts`, each written from the first column of an empty row.
  ///
  /// - Precondition: every text fits into 60 columns and moves nothing but the cursor.
  package static func after(_ texts: [[UInt8]]) -> [Int] {
    let screen = EmulatedScreen(rows: 2, columns: 64)
    return texts.map { text in
      _ = screen.feed([0x0D] + text)
      return screen.cursor.column
    }
  }
}
