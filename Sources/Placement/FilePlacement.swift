// All edits of one answer in one file: where each can go, which place is meant, and the content that results.

/// The edits asked of one offered file.
struct FilePlacement {
  /// The most line pairs whose indentation is compared for one block.
  private static let shiftLimit = 2_000_000

  private(set) var file: LocatableFile
  private let path: [UInt8]
  /// The blocks located so far, in answer order.
  private var located: [Located] = []

  /// A block with every place it fits on its rung.
  private struct Located {
    let blockIndex: Int
    let edit: LineReplacement
    let rung: PlacementRung
    let positions: [Int]
    /// The number of lines that give way.
    let lineCount: Int
  }

  /// A block at its place.
  private struct Placed {
    let blockIndex: Int
    let range: Range<Int>
    let edits: [LineEdit]
    let rung: PlacementRung
    let pin: Placement.Pin?
    let shrinksMuch: Bool

    /// Whether one of two blocks alters or parts what the other quotes, or both add lines at one place and nothing says whose come first.
    func collides(with other: Placed) -> Bool {
      if edits.contains(where: { $0.touches(other.range) })
        || other.edits.contains(where: { $0.touches(range) })
      {
        return true
      }
      guard range.overlaps(other.range) || range == other.range else { return false }
      return edits.contains { edit in
        edit.range.isEmpty && other.edits.contains { $0.range == edit.range }
      }
    }
  }

  init(path: [UInt8], content: [UInt8]) {
    self.path = path
    file = LocatableFile(content)
  }

  /// The first of the blocks that change the file so far, if any does.
  var firstPlacedBlock: Int? { resolve().placements.map(\.blockIndex).min() }

  // MARK: Locating

  /// Looks for the quoted lines and keeps the block for `resolve()`, or says why it cannot be placed.
  mutating func locate(
    _ edit: LineReplacement, blockIndex: Int
  ) throws(PlacementRefusal) {
    let edit = LineReplacement(
      search: file.comparable(edit.search), replacement: file.comparable(edit.replacement),
      lineHint: edit.lineHint, scope: edit.scope)
    guard !edit.search.allSatisfy(Typography.isBlank) else { throw .blankSearch }
    try check(edit, quoted: edit.search)
    for rung in PlacementRung.ladder {
      var positions = file.positions(of: edit.search, on: rung)
      // So many places are ambiguous whether or not each can be shifted.
      if rung == .indentation, positions.count * edit.search.count <= Self.shiftLimit {
        positions = positions.filter { shift(of: edit.search, at: $0) != nil }
      }
      guard !positions.isEmpty else { continue }
      located.append(
        Located(
          blockIndex: blockIndex, edit: edit, rung: rung, positions: positions,
          lineCount: edit.search.count))
      return
    }
    if edit.replacement.contains(where: { !$0[...].isBlankLine }),
      let line = file.positions(of: edit.replacement, on: .exact).first
    {
      throw .alreadyApplied(atLine: line)
    }
    throw .notFound
  }

  /// Takes the lines the human chose for a block.
  mutating func locate(
    _ edit: LineReplacement, blockIndex: Int, byHandAt range: Range<Int>
  ) throws(PlacementRefusal) {
    guard range.upperBound <= file.lineCount else {
      throw .noSuchLines(range, lineCount: file.lineCount)
    }
    // Where the quoted lines do stand there, the block goes in as the ladder would put it.
    let quoted = LineReplacement(
      search: file.comparable(edit.search), replacement: file.comparable(edit.replacement))
    if range.count == quoted.search.count,
      let rung = PlacementRung.ladder.first(where: { rung in
        file.positions(of: quoted.search, on: rung).contains(range.lowerBound)
          && (rung != .indentation || shift(of: quoted.search, at: range.lowerBound) != nil)
      })
    {
      try check(quoted, quoted: quoted.search)
      located.append(
        Located(
          blockIndex: blockIndex, edit: quoted, rung: rung, positions: [range.lowerBound],
          lineCount: range.count))
      return
    }
    let replacement = quoted.replacement
    // With as many lines as were quoted, each stands for its quoted one, and shared lines keep the file's bytes.
    let search =
      range.count == edit.search.count
      ? file.comparable(edit.search) : file.bodies[range].map { Array($0) }
    let byHand = LineReplacement(search: search, replacement: replacement)
    try check(byHand, quoted: search)
    located.append(
      Located(
        blockIndex: blockIndex, edit: byHand, rung: .byHand, positions: [range.lowerBound],
        lineCount: range.count))
  }

  /// Takes the whole new content of the file.
  mutating func locateWholeFile(
    _ lines: [[UInt8]], blockIndex: Int
  ) throws(PlacementRefusal) {
    let edit = LineReplacement(
      search: file.bodies.map { Array($0) }, replacement: file.comparable(lines))
    try check(edit, quoted: edit.search)
    located.append(
      Located(
        blockIndex: blockIndex, edit: edit, rung: .wholeFile, positions: [0],
        lineCount: file.lineCount))
  }

  private func check(_ edit: LineReplacement, quoted: [[UInt8]]) throws(PlacementRefusal) {
    guard edit.search != edit.replacement else { throw .noChange }
    if let line = Elision.firstElision(in: edit.replacement, notIn: quoted, path: path) {
      throw .elision(line: line)
    }
  }

  private func shift(of search: [[UInt8]], at position: Int) -> IndentationShift? {
    IndentationShift.between(
      file.comparable(search, at: position), file.bodies[position..<position + search.count])
  }

  /// Near matches of a block that is not placed, or its equal places.
  func candidates(for edit: LineReplacement, reason: PlacementRefusal) -> [PlacementCandidate] {
    switch reason {
    case .notFound, .indentationCannotShift:
      var search = NearMatchSearch(quoted: file.comparable(edit.search), in: file.bodies)
      return search.candidates()
    case .alreadyApplied(let line):
      let end = min(file.lineCount, line + edit.replacement.count)
      return [PlacementCandidate(lineRange: line..<end, similarity: 1)]
    default:
      return []
    }
  }

  // MARK: Resolving

  /// The new content with its placements, and the blocks refused on the way.
  struct Resolution {
    var content: [UInt8]
    var placements: [Placement] = []
    var refused: [(blockIndex: Int, reason: PlacementRefusal, candidates: [PlacementCandidate])] =
      []
  }

  /// Chooses a place for every located block and makes the edits.
  func resolve() -> Resolution {
    var resolution = Resolution(content: [])
    var placed: [Placed] = []
    let pinned = PlacementOrder.pins(located.map { ($0.positions, $0.lineCount) })
    for (index, block) in located.enumerated() {
      do throws(PlacementRefusal) {
        let candidate = try place(block, byOrder: pinned[index])
        for earlier in placed where candidate.collides(with: earlier) {
          throw .overlaps(blockIndex: earlier.blockIndex)
        }
        placed.append(candidate)
      } catch {
        var candidates = candidates(for: block.edit, reason: error)
        if case .ambiguous = error {
          candidates = block.positions.prefix(20).map {
            PlacementCandidate(lineRange: $0..<$0 + block.lineCount, similarity: 1)
          }
        }
        resolution.refused.append((block.blockIndex, error, candidates))
      }
    }
    placed.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    let edits = placed.flatMap(\.edits).sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    resolution.content = file.bytes(applying: edits)
    resolution.placements = placed.map { block in
      Placement(
        blockIndex: block.blockIndex, oldLineRange: block.range,
        newLineRange: newRange(of: block, among: placed), rung: block.rung, pin: block.pin,
        shrinksMuch: block.shrinksMuch)
    }
    return resolution
  }

  private func place(
    _ block: Located, byOrder position: Int?
  ) throws(PlacementRefusal) -> Placed {
    let (start, pin) = try choose(block, byOrder: position)
    let written = file.comparable(block.edit.replacement, at: start)
    var replacement = written
    if block.rung == .indentation {
      guard let shift = shift(of: block.edit.search, at: start) else { throw .notFound }
      var shifted: [[UInt8]] = []
      for line in replacement {
        guard let moved = shift.applied(to: line) else {
          throw .indentationCannotShift(line: line)
        }
        shifted.append(moved)
      }
      replacement = shifted
    }
    // Which lines are shared is a question about the block as written; what is added is the shifted text.
    let edits = LineAlignment.edits(
      from: file.comparable(block.edit.search, at: start), to: written,
      under: block.rung.comparisonWithinBlock, added: replacement, startingAt: start
    ).filter { edit in
      !edit.lines.elementsEqual(file.bodies[edit.range]) { $0[...] == $1 }
    }
    guard !edits.isEmpty else { throw .noChange }
    let removed = block.lineCount
    let shrinksMuch =
      block.rung == .wholeFile
      ? edits.reduce(0) { $0 + $1.range.count } * 5 > removed * 2 && replacement.count < removed
      : removed > 20 && replacement.count * 4 < removed
    return Placed(
      blockIndex: block.blockIndex, range: start..<start + block.lineCount, edits: edits,
      rung: block.rung, pin: pin, shrinksMuch: shrinksMuch)
  }

  private func choose(
    _ block: Located, byOrder position: Int?
  ) throws(PlacementRefusal) -> (Int, Placement.Pin?) {
    if block.positions.count == 1 { return (block.positions[0], nil) }
    if let hint = block.edit.lineHint, block.positions.contains(hint) { return (hint, .lineHint) }
    if let position = onlyPosition(of: block, withinScope: block.edit.scope) {
      return (position, .scope)
    }
    if let position { return (position, .order) }
    throw .ambiguous(placeCount: block.positions.count, rung: block.rung)
  }

  /// The only place inside the lines below the scope line that are indented more than it.
  private func onlyPosition(of block: Located, withinScope scope: [[UInt8]]) -> Int? {
    var region = 0..<file.lineCount
    guard !scope.isEmpty else { return nil }
    for wanted in scope {
      let headers = region.filter { file.bodies[$0].trimmed.elementsEqual(wanted[...].trimmed) }
      guard headers.count == 1, let header = headers.first else { return nil }
      let depth = file.bodies[header].indentation.count
      let inside = (header + 1..<region.upperBound).prefix {
        file.bodies[$0].isBlankLine || file.bodies[$0].indentation.count > depth
      }
      region = header..<(inside.last ?? header) + 1
    }
    let inside = block.positions.filter {
      region.contains($0) && $0 + block.lineCount <= region.upperBound
    }
    return inside.count == 1 ? inside[0] : nil
  }

  /// Where a block's lines are once all of `placed`, ascending, are made.
  private func newRange(of block: Placed, among placed: [Placed]) -> Range<Int> {
    var start = block.range.lowerBound
    var isAbove = true
    for other in placed {
      if other.blockIndex == block.blockIndex {
        isAbove = false
      } else if isAbove || !block.range.isEmpty {
        for edit in other.edits where edit.range.upperBound <= block.range.lowerBound {
          start += edit.growth
        }
      }
    }
    return start..<start + block.range.count + block.edits.reduce(0) { $0 + $1.growth }
  }
}
