// Searching the lines that a review shows.

import Approval
package import CellGrid
package import Diffing

/// What is searched for, and where it was found.
package struct ReviewSearch: Hashable, Sendable {
  package enum Scope: Hashable, Sendable {
    case file
    case allFiles
  }

  package let pattern: SearchPattern
  package var scope: Scope
  /// The rows of the current layout that hold a match, ascending.
  package var rows: [Int] = []
  /// How many rows match in each file that was read when the search began; of the current file only, with scope `.file`.
  package var counts: [Int: Int] = [:]
  /// Files that are still to be searched, because their contents are not in memory.
  package var unsearched: Set<Int> = []

  package init(_ pattern: SearchPattern, _ scope: Scope) {
    self.pattern = pattern
    self.scope = scope
  }

  package var total: Int { counts.values.reduce(0, +) }
}

/// A text to be found in bytes: as it is when it has a capital letter, else in either case (ASCII).
package struct SearchPattern: Hashable, Sendable {
  package let text: [UInt8]
  private let ignoresCase: Bool

  /// Returns nil for an empty text.
  package init?(_ text: String) {
    guard !text.isEmpty else { return nil }
    let bytes = Array(text.utf8)
    ignoresCase = !bytes.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    self.text = bytes
  }

  /// Whether it occurs in `line`. O(bytes), more only where beginnings repeat.
  package func occurs(in line: ArraySlice<UInt8>) -> Bool { firstOffset(in: line, from: 0) != nil }

  /// Where it occurs, as offsets into `line`, ascending, not overlapping; at most `limit` places.
  package func ranges(in line: ArraySlice<UInt8>, limit: Int = 1000) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    while ranges.count < limit, let offset = firstOffset(in: line, from: start) {
      ranges.append(offset..<offset + text.count)
      start = offset + text.count
    }
    return ranges
  }

  private func firstOffset(in line: ArraySlice<UInt8>, from start: Int) -> Int? {
    let count = text.count
    guard line.count - start >= count else { return nil }
    let bytes = line.span
    let wanted = text.span
    var offset = start
    while offset + count <= bytes.count {
      var index = 0
      while index < count, folded(bytes[offset + index]) == folded(wanted[index]) { index += 1 }
      if index == count { return offset }
      offset += 1
    }
    return nil
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

extension FileLayout {
  /// The rows whose text holds `pattern`, ascending. O(bytes of the rows).
  package func rows(matching pattern: SearchPattern, in diff: FileDiff?) -> [Int] {
    guard let diff else { return [] }
    return rows.indices.filter { row in
      switch rows[row] {
      case .context(let old, _): pattern.occurs(in: diff.old.lineContent(old))
      case .change(let old, let new, _, _):
        old.map { pattern.occurs(in: diff.old.lineContent($0)) } == true
          || new.map { pattern.occurs(in: diff.new.lineContent($0)) } == true
      case .comment(let index): pattern.occurs(in: Array(comments[index].comment.text.utf8)[...])
      case .hunkHeader, .rest, .mode, .whole: false
      }
    }
  }
}

extension ReviewState {
  /// Searches for `pattern` in what is shown of the current file, or of all files read so far.
  package mutating func startSearch(
    _ pattern: SearchPattern, _ scope: ReviewSearch.Scope, size: GridSize
  ) {
    search = ReviewSearch(pattern, scope)
    refreshSearchRows()
    countMatches(for: size)
  }

  /// Searches a file that was just read, when it waits for that.
  mutating func searchLoaded(_ index: Int, size: GridSize) {
    guard let search, search.unsearched.contains(index), files[index].change != nil else { return }
    self.search?.unsearched.remove(index)
    countMatches(ofFile: index, for: size)
  }

  /// Counts the matches of other files anew, after something changed in how all files are laid out. O(bytes of what is shown of those in
  /// memory); the others are read for it one after the other.
  mutating func countMatches(for size: GridSize) {
    guard let search, search.scope == .allFiles else { return }
    for index in files.indices where index != fileIndex { countMatches(ofFile: index, for: size) }
  }

  private mutating func countMatches(ofFile index: Int, for size: GridSize) {
    guard let search else { return }
    guard let change = files[index].change else {
      if case .failed = files[index] { return }
      self.search?.unsearched.insert(index)
      return
    }
    let layout = index == fileIndex ? self.layout : nil
    let rows = (layout ?? makeLayout(of: change, file: index, mode: mode(of: change, for: size)))
      .rows(matching: search.pattern, in: change.diff)
    self.search?.counts[index] = rows.isEmpty ? nil : rows.count
  }

  /// Finds the rows again after the layout changed.
  mutating func refreshSearchRows() {
    guard let search else { return }
    let rows = layout?.rows(matching: search.pattern, in: currentChange?.diff) ?? []
    self.search?.rows = rows
    // A file that was opened meanwhile is counted too, as far as the search goes.
    if search.scope == .allFiles || search.counts[fileIndex] != nil || search.counts.isEmpty {
      self.search?.counts[fileIndex] = rows.isEmpty ? nil : rows.count
    }
  }

  /// Goes to the next (or previous) match, around the end; nil when there is none, else which of them all it is, from 1.
  package mutating func goToMatch(_ step: Int, includingCursor: Bool = false, size: GridSize)
    -> Int?
  {
    guard let search else { return nil }
    let here = search.rows
    let inFile =
      step > 0
      ? here.firstIndex { includingCursor ? $0 >= cursor : $0 > cursor }
      : here.lastIndex { $0 < cursor }
    if let inFile {
      return land(onMatch: inFile, size: size)
    }
    guard search.scope == .allFiles else {
      guard !here.isEmpty else { return nil }
      return land(onMatch: step > 0 ? 0 : here.count - 1, size: size)
    }
    for distance in 1...max(1, files.count) {
      let index = ((fileIndex + step * distance) % files.count + files.count) % files.count
      guard search.counts[index] ?? 0 > 0 else { continue }
      if index == fileIndex {
        guard !here.isEmpty else { continue }
        return land(onMatch: step > 0 ? 0 : here.count - 1, size: size)
      }
      noteJump()
      goToFile(index, place: .match(fromEnd: step < 0), size: size)
      let before = search.counts.filter { $0.key < index }.values.reduce(0, +)
      return step > 0 ? before + 1 : before + (search.counts[index] ?? 1)
    }
    return nil
  }

  private mutating func land(onMatch index: Int, size: GridSize) -> Int? {
    guard let search, search.rows.indices.contains(index) else { return nil }
    cursor = search.rows[index]
    mark = nil
    revealCursor(for: size, margin: 3)
    let before = search.counts.filter { $0.key < fileIndex }.values.reduce(0, +)
    return before + index + 1
  }
}
