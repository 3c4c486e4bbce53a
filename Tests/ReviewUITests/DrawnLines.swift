// Reads the diff back from a drawn frame, as a person would: by line numbers and the text beside them.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review

/// A piece of a file's line as it stands on the screen.
struct DrawnPiece {
  let side: ChangedLine.Side
  /// 0-based; nil for rows above the first number, which go on with a line that began above the window.
  let line: Int?
  let isChanged: Bool
  /// Glyphs without blanks.
  var text: String
}

/// The pieces of lines in the body of the review screen.
struct DrawnLines {
  private(set) var pieces: [DrawnPiece] = []

  init(_ frame: Frame, _ review: ReviewState) {
    let geometry = review.geometry(for: frame.grid.size)
    for side in [ChangedLine.Side.removed, .added] {
      guard let columns = Self.columns(side, geometry) else { continue }
      read(frame.grid, side, columns, geometry)
    }
  }

  private static func columns(
    _ side: ChangedLine.Side, _ geometry: ReviewGeometry
  ) -> Range<Int>? {
    let start = geometry.bodyColumn
    switch (geometry.mode, side) {
    case (.unified, .removed): return start..<start + geometry.leftWidth
    case (.unified, .added): return nil
    case (.sideBySide, .removed): return start..<start + geometry.leftWidth
    case (.sideBySide, .added):
      return start + geometry.leftWidth + 1..<start + geometry.bodyWidth
    }
  }

  private mutating func read(
    _ grid: Grid, _ side: ChangedLine.Side, _ columns: Range<Int>, _ geometry: ReviewGeometry
  ) {
    var current: DrawnPiece? = DrawnPiece(side: side, line: nil, isChanged: true, text: "")
    for row in 0..<geometry.bodyHeight {
      let cells = (columns).map { grid[ReviewGeometry.firstBodyRow + row, $0] }
      let gutter = cells.prefix(geometry.gutterWidth - 2).map(\.base)
      let text = Self.glyphs(cells.dropFirst(geometry.gutterWidth))
      // Rules and the change of mode have words where lines have numbers.
      let isRule = gutter.contains { $0 == "─" || ("a"..."z").contains($0) }
      let sign = cells[geometry.gutterWidth - 2].base
      if isRule {
        flush(&current)
      } else if let (line, drawn) = Self.number(gutter, side, geometry) {
        flush(&current)
        // Where the words do not fit, a sign before the text says that no newline ends the line.
        let isUnended = cells[geometry.gutterWidth - 1].base == "¬"
        current = DrawnPiece(
          side: drawn, line: line, isChanged: sign != " ", text: (isUnended ? "¬" : "") + text)
      } else if geometry.mode == .sideBySide || current != nil {
        current?.text += text
      }
    }
    flush(&current)
  }

  private mutating func flush(_ piece: inout DrawnPiece?) {
    if let piece, piece.line != nil || !piece.text.isEmpty { pieces.append(piece) }
    piece = nil
  }

  private static func glyphs(_ cells: some Sequence<Cell>) -> String {
    // Where only blanks differ they all have a sign, elsewhere only the last ones.
    cells.map(\.text).joined().filter { $0 != " " && $0 != "·" }
  }

  /// The number in the gutter (0-based) and its side; of two numbers, as context has in unified mode, the new one.
  private static func number(
    _ gutter: [Unicode.Scalar], _ side: ChangedLine.Side, _ geometry: ReviewGeometry
  ) -> (Int, ChangedLine.Side)? {
    func read(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
      let digits = String(String.UnicodeScalarView(scalars.filter { ("0"..."9").contains($0) }))
      return Int(digits).map { $0 - 1 }
    }
    let width = geometry.numberWidth
    guard geometry.mode == .unified else { return read(gutter[2...]).map { ($0, side) } }
    if let new = read(gutter[(3 + width)...]) { return (new, .added) }
    return read(gutter[2..<2 + width]).map { ($0, .removed) }
  }
}

/// What of each changed line was drawn so far at one width, from its start on.
struct ReadingProgress {
  private var key: [Int] = []
  /// Glyphs without blanks that were read from the start of a line on.
  private var prefix: [ChangedLine: Int] = [:]
  private(set) var wholly: Set<ChangedLine> = []

  /// Takes in a frame; what was read in part is forgotten when the width or the file changed.
  mutating func read(_ frame: Frame, _ review: ReviewState) {
    let geometry = review.geometry(for: frame.grid.size)
    let now = [review.fileIndex, geometry.textWidth, geometry.mode == .unified ? 1 : 0]
    if now != key {
      prefix = [:]
      wholly = []
      key = now
    }
    guard let diff = review.currentChange?.diff else { return }
    let drawn = DrawnLines(frame, review)
    for piece in drawn.pieces where piece.isChanged {
      if let number = piece.line {
        take(piece.text, ChangedLine(side: piece.side, line: number), from: 0, diff, review)
      } else if case .change(let old, let new, _, _)? = review.layout?.rows[review.top.row] {
        for case .some(let line) in [
          old.map { ChangedLine(side: .removed, line: $0) },
          new.map { ChangedLine(side: .added, line: $0) },
        ] where review.geometry(for: frame.grid.size).mode == .unified || line.side == piece.side {
          take(piece.text, line, from: nil, diff, review)
        }
      }
    }
  }

  private mutating func take(
    _ text: String, _ line: ChangedLine, from start: Int?, _ diff: FileDiff,
    _ review: ReviewState
  ) {
    var whole = Array(Self.expected(line, diff, review))
    if text.hasPrefix("¬"), whole.suffix(Self.unended.count) == Self.unended[...] {
      whole = ["¬"] + whole.dropLast(Self.unended.count)
    }
    let piece = Array(text)
    let known = prefix[line] ?? 0
    let place =
      start
      ?? (0...min(known, max(0, whole.count - piece.count))).last {
        $0 + piece.count <= whole.count && Array(whole[$0..<$0 + piece.count]) == piece
      }
    guard let place, place <= known, place + piece.count <= whole.count,
      Array(whole[place..<place + piece.count]) == piece
    else { return }
    prefix[line] = max(known, place + piece.count)
    if place + piece.count == whole.count { wholly.insert(line) }
  }

  private static let unended = Array("¬nonewline")

  /// The glyphs of a line without blanks, as one endless row.
  private static func expected(
    _ line: ChangedLine, _ diff: FileDiff, _ review: ReviewState
  ) -> String {
    let file = line.side == .removed ? diff.old : diff.new
    let text = SafeText(
      file.lineContent(line.line),
      options: SafeText.Options(
        tabWidth: review.tabWidth, blankMarks: review.showsWhitespace ? .all : .trailing))
    var grid = Grid(width: max(1, text.width), height: 1)
    grid.paint { _ = $0.safe(text, row: 0, column: 0, style: Style()) }
    var glyphs = grid.rowText(0).filter { $0 != " " && $0 != "·" }
    if line.line + 1 == file.lineCount, !file.endsWithNewline { glyphs += unended }
    return glyphs
  }
}
