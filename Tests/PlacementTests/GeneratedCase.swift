// One generated case, held against the reference.

import Placement

/// One generated case: what is wrong with its outcome, if anything is.
struct GeneratedCase {
  let content: [UInt8]
  let edits: [LineReplacement]
  let outcome: PlacementOutcome

  func failure() -> String? {
    let file = ReferenceFile(content)
    let ladder = ReferenceLadder(file: file, elisions: CaseGenerator.elisions)
    let verdicts = ladder.verdicts(edits)
    let change = outcome.changes.first
    if outcome.changes.count > 1 { return "more than one file changed" }
    var placed: [(index: Int, edit: LawfulEdit)] = []
    for (index, verdict) in verdicts.enumerated() {
      let placement = change?.placements.first { $0.blockIndex == index }
      let unplaced = outcome.unplaced.first { $0.blockIndex == index }
      switch (verdict, placement, unplaced) {
      case (.place(let start, let rung, let pin), let placement?, nil):
        let range = start..<start + edits[index].search.count
        guard placement.oldLineRange == range, placement.rung == rung, placement.pin == pin else {
          return "edit \(index) is at \(placement), not \(verdict)"
        }
        placed.append((index, lawful(edits[index], range, rung, ladder)))
      case (.place(let start, _, _), nil, let unplaced?):
        guard case .overlaps(let other) = unplaced.reason, other < index,
          let earlier = change?.placements.first(where: { $0.blockIndex == other })
        else { return "edit \(index) is refused for \(unplaced.reason), not \(verdict)" }
        let range = start..<start + edits[index].search.count
        if !range.overlaps(earlier.oldLineRange) {
          return "edits \(other) and \(index) do not overlap"
        }
      case (.refuse(let reason), nil, let unplaced?):
        if unplaced.reason != reason {
          return "edit \(index) is refused for \(unplaced.reason), not \(reason)"
        }
      default:
        return "edit \(index) is \(placement.map { "\($0)" } ?? "unplaced"), not \(verdict)"
      }
    }
    guard let change else { return placed.isEmpty ? nil : "nothing changed" }
    return contentFailure(change, placed, file)
  }

  private func lawful(
    _ edit: LineReplacement, _ range: Range<Int>, _ rung: PlacementRung, _ ladder: ReferenceLadder
  ) -> LawfulEdit {
    let plain = { (lines: [[UInt8]]) in
      lines.enumerated().map {
        Reference.plain($1, asLine: range.lowerBound + $0, of: ladder.file)
      }
    }
    let written = plain(edit.replacement)
    let shift = rung == .indentation ? ladder.shift(of: edit.search, at: range.lowerBound) : nil
    return LawfulEdit(
      range: range, rung: rung, search: plain(edit.search), written: written,
      shifted: written.map { line in shift.flatMap { $0.applied(line) } ?? line })
  }

  private func contentFailure(
    _ change: PlacedFile, _ placed: [(index: Int, edit: LawfulEdit)], _ file: ReferenceFile
  ) -> String? {
    let ordered = placed.sorted {
      ($0.edit.range.lowerBound, $0.edit.range.upperBound, $0.index)
        < ($1.edit.range.lowerBound, $1.edit.range.upperBound, $1.index)
    }
    var growth = 0
    for (index, edit) in ordered {
      guard let placement = change.placements.first(where: { $0.blockIndex == index }) else {
        return "edit \(index) has no placement"
      }
      if placement.newLineRange.count != edit.shifted.count {
        return "edit \(index) has a wrong size"
      }
      let sharesLines = ordered.contains { $0.index != index && $0.edit.range.overlaps(edit.range) }
      if !sharesLines, placement.newLineRange.lowerBound != edit.range.lowerBound + growth {
        return "edit \(index) has become \(placement.newLineRange)"
      }
      growth += edit.shifted.count - edit.range.count
    }
    let sharing = zip(ordered, ordered.dropFirst()).contains {
      $0.edit.range.overlaps($1.edit.range)
    }
    if !sharing {
      return ReferenceLaw(old: file).violation(of: change.content, edits: ordered.map(\.edit))
    }
    return sharedContextFailure(change, ordered, file)
  }

  /// Edits that share context: made one after the other, in either order, each finds the lines it quotes, and the result is the same.
  private func sharedContextFailure(
    _ change: PlacedFile, _ ordered: [(index: Int, edit: LawfulEdit)], _ file: ReferenceFile
  ) -> String? {
    let plain = { (line: [UInt8]) in Reference.trimmed(Reference.folded(line)) }
    let result = ReferenceFile(change.content, mark: file.hasMark).lines.map { plain($0.body) }
    let edits = ordered.map { (_, edit) in
      LawfulEdit(
        range: edit.range, rung: .exact, search: edit.search.map(plain), written: [],
        shifted: edit.shifted.map(plain))
    }
    let lines = file.lines.map { plain($0.body) }
    guard Self.canBecome(result, from: lines, by: edits[...], after: []),
      Self.canBecome(result, from: lines, by: edits.reversed()[...], after: [])
    else { return "edits that share context do not act one after the other" }
    return nil
  }

  private static func canBecome(
    _ result: [[UInt8]], from lines: [[UInt8]], by edits: ArraySlice<LawfulEdit>,
    after done: [LawfulEdit]
  ) -> Bool {
    guard let edit = edits.first else { return lines == result }
    let growth = { (edit: LawfulEdit) in edit.shifted.count - edit.range.count }
    let above = done.filter { $0.range.upperBound <= edit.range.lowerBound }.map(growth)
    // Lines that came or went in front of what two edits share.
    let shared = done.filter { $0.range.overlaps(edit.range) }.map(growth)
    let start = edit.range.lowerBound + above.reduce(0, +)
    let least = start + shared.filter { $0 < 0 }.reduce(0, +)
    let most = start + shared.filter { $0 > 0 }.reduce(0, +)
    for place in least...most where place >= 0 && place + edit.range.count <= lines.count {
      guard Array(lines[place..<place + edit.range.count]) == edit.search else { continue }
      var next = lines
      next.replaceSubrange(place..<place + edit.range.count, with: edit.shifted)
      if canBecome(result, from: next, by: edits.dropFirst(), after: done + [edit]) { return true }
    }
    return false
  }
}
