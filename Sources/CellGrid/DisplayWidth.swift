// How many columns a scalar takes, as the C library (and so ncurses) counts them.

/// Display widths of scalars.
package enum DisplayWidth {
  /// Returns the number of columns of `scalar`: 0, 1 or 2, or -1 when it has none (controls,
  /// surrogates, unassigned and line separators). O(log runs), O(1) for printable ASCII.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 ? -1 : 1 }
    let target = value << 2 | 3
    var low = 0
    var high = displayWidthRuns.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if displayWidthRuns[middle] <= target { low = middle } else { high = middle }
    }
    let width = Int(displayWidthRuns[low] & 3)
    return width == 3 ? -1 : width
  }

  /// Returns the columns that trusted `text` takes when a `Painter` draws it: scalars that are not
  /// drawn as themselves count as one (they are drawn as U+FFFD).
  package static func of(_ text: some StringProtocol) -> Int {
    var columns = 0
    for scalar in text.unicodeScalars {
      columns += ScalarVisibility.of(scalar) == .hidden ? 1 : DisplayWidth.of(scalar)
    }
    return columns
  }
}
