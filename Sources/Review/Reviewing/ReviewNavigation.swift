// Moving through hunks, files and lines, and keeping the cursor in the window.

import Approval
package import CellGrid
import Diffing

extension ReviewState {
  /// Computes the layout of the current file for `size`, if it changed, and goes where the reader wanted to go.
  package mutating func refreshLayout(for size: GridSize, rebuild: Bool = false) {
    guard let change = shownChange else {
      layout = nil
      return
    }
    let mode = mode(for: size)
    if rebuild || layout == nil || layout?.mode != mode {
      let line = layout != nil ? changedLineAtCursor : nil
      let row = layout.flatMap { $0.rows.indices.contains(cursor) ? $0.rows[cursor] : nil }
      layout = makeLayout(of: change, file: fileIndex, mode: mode)
      mark = nil
      seenPrefix = [:]
      refreshStandings()
      refreshSearchRows()
      if let row, wanted == nil, let same = layout?.row(like: row) {
        top = RowAnchor(row: max(0, top.row + same - cursor))
        cursor = same
        revealCursor(for: size)
      } else if let line, wanted == nil {
        wanted = .changedLine(line)
      }
    }
    if let place = wanted, !isBegun || [.top, .firstHunk].contains(place) {
      wanted = nil
      go(to: place, size: size)
    }
    clampCursor()
  }

  /// The layout of a file's rows, as this review looks at them.
  func makeLayout(of change: FileChange, file index: Int, mode: DiffMode) -> FileLayout {
    var options = LayoutOptions()
    options.mode = mode
    options.context = contextLines
    options.boundaries = boundaries[index] ?? []
    options.openFolds = openFolds[index] ?? []
    let path = change.file.path
    let comments = self.comments.values.filter { $0.path == path }.sorted { $0.id < $1.id }
    return FileLayout(change, options, comments: comments)
  }

  /// The first changed line at or after the cursor, to find the place again in another layout.
  package var changedLineAtCursor: Int? {
    guard let layout, layout.rows.indices.contains(cursor) else { return nil }
    for row in layout.rows[cursor...] {
      if case .change(_, _, _, let changed) = row { return changed.lowerBound }
    }
    return layout.hunks.last.map { $0.changedLines.upperBound - 1 }
  }

  private mutating func go(to place: WantedPlace, size: GridSize) {
    guard let layout else { return }
    switch place {
    case .top:
      top = RowAnchor(row: 0)
      cursor = 0
    case .firstHunk:
      top = RowAnchor(row: 0)
      cursor = layout.hunkRows.isEmpty ? 0 : layout.firstChangeRow(ofHunk: 0)
    case .lastHunk:
      top = RowAnchor(row: 0)
      cursor = layout.hunks.isEmpty ? 0 : layout.firstChangeRow(ofHunk: layout.hunks.count - 1)
    case .mode:
      top = RowAnchor(row: 0)
      cursor = 0
    case .bottom:
      cursor = layout.rows.count - 1
    case .changedLine(let line):
      cursor = layout.row(ofChangedLine: line) ?? 0
    case .nearestHunk(let line):
      let nearest = layout.hunks.indices.min {
        distance(of: line, from: layout.hunks[$0].oldRange)
          < distance(of: line, from: layout.hunks[$1].oldRange)
      }
      cursor = nearest.map { layout.firstChangeRow(ofHunk: $0) } ?? 0
    case .openHunk(let fromEnd):
      let open = standings.indices.filter { standings[$0].isOpen }
      // Without an open hunk it is the mode, which stands above all hunks.
      cursor = (fromEnd ? open.last : open.first).map { layout.firstChangeRow(ofHunk: $0) } ?? 0
      if open.isEmpty { top = RowAnchor(row: 0) }
    case .lines(let script):
      let line = currentChange?.diff?.selection(of: script)?.lines.first
      cursor = line.flatMap { layout.row(ofChangedLine: $0) } ?? 0
    case .match(let fromEnd):
      let rows = search?.rows ?? []
      cursor = (fromEnd ? rows.last : rows.first) ?? 0
      revealCursor(for: size, margin: 3)
      return
    }
    revealHunk(for: size)
  }

  package mutating func clampCursor() {
    guard let layout else { return }
    cursor = min(max(0, cursor), max(0, layout.rows.count - 1))
    top.row = min(max(0, top.row), max(0, layout.rows.count - 1))
  }

  /// Finds its way again after the width of the text changed: rows are broken elsewhere now.
  package mutating func reflow(for size: GridSize) {
    seenPrefix = [:]
    top.wrapped = 0
    revealCursor(for: size)
  }

  /// Scrolls as little as possible so that the cursor's row is in the window.
  package mutating func revealCursor(for size: GridSize, margin: Int = 2) {
    guard let metrics = metrics(for: size) else { return }
    clampCursor()
    let body = geometry(for: size).bodyHeight
    let height = metrics.height(of: cursor, limit: body)
    let margin = min(margin, max(0, (body - height) / 2))
    if cursor == top.row, top.wrapped > 0, metrics.height(of: cursor, limit: body + 1) > body {
      return
    }
    let distance = metrics.distance(from: top, to: cursor, limit: body * 2)
    if distance < margin {
      top = metrics.moved(RowAnchor(row: cursor), by: -margin)
    } else if distance + height > body - margin {
      top = metrics.moved(RowAnchor(row: cursor), by: -(body - margin - height))
    }
  }

  /// Scrolls so that the hunk under the cursor is in the window from its header on, if it is not wholly there.
  package mutating func revealHunk(for size: GridSize) {
    guard let metrics = metrics(for: size), let layout else { return }
    clampCursor()
    if let hunk = layout.hunk(atRow: cursor) {
      let rows = layout.rows(ofHunk: hunk)
      let body = geometry(for: size).bodyHeight
      let start = metrics.distance(from: top, to: rows.lowerBound, limit: body)
      let end = metrics.distance(from: top, to: rows.upperBound, limit: body + 1)
      if start < 0 || end > body { top = RowAnchor(row: max(0, rows.lowerBound - 1)) }
    }
    revealCursor(for: size)
  }

  /// Moves the cursor by lines; in a row taller than the window, scrolls inside it first.
  package mutating func moveCursor(by distance: Int, size: GridSize) {
    guard let metrics = metrics(for: size), let layout else { return }
    let body = geometry(for: size).bodyHeight
    let height = metrics.height(of: cursor, limit: top.wrapped + body + abs(distance) + 1)
    if height > body, top.row == cursor {
      if distance > 0, top.wrapped + body < height {
        top.wrapped = min(height - body, top.wrapped + distance)
        return
      }
      if distance < 0, top.wrapped > 0 {
        top.wrapped = max(0, top.wrapped + distance)
        return
      }
    }
    cursor = min(max(0, cursor + distance), layout.rows.count - 1)
    if metrics.height(of: cursor, limit: body + 1) > body, cursor != top.row {
      top = RowAnchor(
        row: cursor, wrapped: distance > 0 ? 0 : max(0, metrics.height(of: cursor) - body))
    }
    revealCursor(for: size)
  }

  /// Moves window and cursor by screen rows.
  package mutating func page(by distance: Int, size: GridSize) {
    guard let metrics = metrics(for: size), let layout else { return }
    let body = geometry(for: size).bodyHeight
    let before = top
    top = metrics.moved(top, by: distance)
    let last = layout.rows.count - 1
    // Only near the end it matters where the last screenful begins.
    let left = metrics.distance(from: top, to: last + 1, limit: body)
    if distance > 0, left < body { top = max(before, metrics.moved(top, by: left - body)) }
    guard top != before else {
      cursor = distance > 0 ? layout.rows.count - 1 : 0
      return
    }
    let offset = max(0, min(body - 1, metrics.distance(from: before, to: cursor, limit: body)))
    cursor = metrics.moved(top, by: offset).row
  }

  /// Goes to file `index`, landing at `place` once it is loaded.
  package mutating func goToFile(_ index: Int, place: WantedPlace, size: GridSize) {
    guard files.indices.contains(index) else { return }
    noteVisit()
    fileIndex = index
    mark = nil
    layout = nil
    standings = []
    top = RowAnchor(row: 0)
    cursor = 0
    horizontalOffset = 0
    seenPrefix = [:]
    wanted = place
    refreshLayout(for: size)
  }

  /// Goes to the next (or previous) hunk, crossing files; false when there is none.
  package mutating func goToHunk(_ step: Int, size: GridSize) -> Bool {
    if let target = hunk(beyondCursor: step, where: { _ in true }), let layout {
      cursor = layout.firstChangeRow(ofHunk: target)
      mark = nil
      revealHunk(for: size)
      return true
    }
    guard let next = file(after: step) else { return false }
    goToFile(next, place: step > 0 ? .firstHunk : .lastHunk, size: size)
    return true
  }

  /// The nearest hunk beyond the cursor that `isWanted`; begins at the cursor's hunk, so it costs what lies between.
  private func hunk(beyondCursor step: Int, where isWanted: (Int) -> Bool) -> Int? {
    guard let layout, !layout.hunks.isEmpty else { return nil }
    let here = layout.hunk(atRow: cursor)
    if step > 0 {
      return ((here ?? 0)..<layout.hunks.count).first {
        layout.firstChangeRow(ofHunk: $0) > cursor && isWanted($0)
      }
    }
    guard let here else { return nil }
    return (0...here).reversed().first {
      (layout.rows(ofHunk: $0).upperBound <= cursor || layout.firstChangeRow(ofHunk: $0) < cursor)
        && isWanted($0)
    }
  }

  /// Goes to the first undecided line of the hunk under the cursor when only a part of it is decided; false otherwise.
  package mutating func goToRestOfHunk(size: GridSize) -> Bool {
    guard let layout, let diff = currentChange?.diff, let hunk = currentHunk,
      standing(ofHunk: hunk) == .partial(isOpen: true)
    else { return false }
    let decisions = ledger.decisions(forFile: fileIndex)
    let rest = diff.changedLines(at: layout.hunks[hunk].changedLines)
      .first { decisions.verdict(of: $0.line) == .undecided }
    guard let rest, let row = layout.row(ofChangedLine: rest.index) else { return false }
    cursor = row
    mark = nil
    revealCursor(for: size)
    return true
  }

  /// Goes to the next (or previous) hunk that is open, in this file or the files beyond, then around the end; false when none is left.
  package mutating func goToUndecided(_ step: Int, size: GridSize) -> Bool {
    if let target = openHunk(inCurrentFile: step) {
      cursor = target
      mark = nil
      revealHunk(for: size)
      return true
    }
    let count = files.count
    for distance in 1...max(1, count) {
      let index = ((fileIndex + step * distance) % count + count) % count
      guard let line = firstOpenPlace(ofFile: index, fromEnd: step < 0) else { continue }
      if index == fileIndex, layout != nil {
        wanted = line
        mark = nil
        refreshLayout(for: size)
      } else {
        noteJump()
        goToFile(index, place: line, size: size)
      }
      return true
    }
    return false
  }

  /// Goes to the first hunk that is open, from the first file on.
  mutating func goToFirstUndecided(size: GridSize) {
    guard
      let index = files.indices.first(where: { firstOpenPlace(ofFile: $0, fromEnd: false) != nil })
    else { return }
    goToFile(index, place: .openHunk(fromEnd: false), size: size)
  }

  /// The row of the next open hunk beyond the cursor in this file.
  private func openHunk(inCurrentFile step: Int) -> Int? {
    guard let layout else { return nil }
    return hunk(beyondCursor: step) { standing(ofHunk: $0)?.isOpen == true }
      .map { layout.firstChangeRow(ofHunk: $0) }
  }

  /// Where the first open hunk of file `index` is; a file not loaded yet counts as open.
  private func firstOpenPlace(ofFile index: Int, fromEnd: Bool) -> WantedPlace? {
    switch files[index] {
    case .failed: nil
    case .pending, .begun: fromEnd ? .lastHunk : .firstHunk
    case .loaded, .counted:
      tallies[index]?.undecided ?? 0 > 0 ? .openHunk(fromEnd: fromEnd) : nil
    }
  }
}

extension RowAnchor: Comparable {
  package static func < (left: RowAnchor, right: RowAnchor) -> Bool {
    (left.row, left.wrapped) < (right.row, right.wrapped)
  }
}

/// How far `line` is from the nearest line of `lines`; 0 inside, and at the place of none.
private func distance(of line: Int, from lines: Range<Int>) -> Int {
  max(0, lines.lowerBound - line, line - max(lines.lowerBound, lines.upperBound - 1))
}
