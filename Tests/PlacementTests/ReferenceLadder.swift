// The placement ladder as the design page has it, tried at every line without regard to cost.

import Placement

/// What the reference says about one edit.
enum ReferenceVerdict: Equatable {
  /// Placed, unless an earlier edit stands in the way.
  case place(at: Int, rung: PlacementRung, pin: Placement.Pin?)
  case refuse(PlacementRefusal)
}

/// The edits of one answer in one file, judged by trying everything.
struct ReferenceLadder {
  let file: ReferenceFile
  /// Lines that stand for code left out, trimmed.
  let elisions: Set<[UInt8]>

  private struct Candidate {
    let edit: LineReplacement
    let rung: PlacementRung
    let positions: [Int]
  }

  func verdicts(_ edits: [LineReplacement]) -> [ReferenceVerdict] {
    var verdicts: [ReferenceVerdict?] = []
    var candidates: [(index: Int, candidate: Candidate)] = []
    for (index, edit) in edits.enumerated() {
      if let refusal = refusalUnseen(edit) {
        verdicts.append(.refuse(refusal))
      } else if let candidate = locate(edit) {
        candidates.append((index, candidate))
        verdicts.append(nil)
      } else {
        verdicts.append(.refuse(refusalUnfound(edit)))
      }
    }
    let pins = placesByOrder(
      candidates.map { ($0.candidate.positions, $0.candidate.edit.search.count) })
    for (pin, (index, candidate)) in zip(pins, candidates) {
      verdicts[index] = verdict(candidate, byOrder: pin)
    }
    return verdicts.compactMap { $0 }
  }

  // MARK: Refusals

  private func refusalUnseen(_ edit: LineReplacement) -> PlacementRefusal? {
    // A cut within a character.
    if (edit.search + edit.replacement).contains(where: {
      String(validating: $0, as: UTF8.self) == nil
    }) {
      return .contentNotText(.invalidUTF8)
    }
    if edit.search.allSatisfy({ Reference.isBlank($0) }) { return .blankSearch }
    if edit.search.map(Reference.withoutReturn) == edit.replacement.map(Reference.withoutReturn) {
      return .noChange
    }
    let quoted = Set(edit.search.map(Reference.trimmed))
    for line in edit.replacement {
      let words = Reference.trimmed(line)
      if elisions.contains(words), !quoted.contains(words) {
        return .elision(line: Reference.withoutReturn(line))
      }
    }
    return nil
  }

  private func refusalUnfound(_ edit: LineReplacement) -> PlacementRefusal {
    guard edit.replacement.contains(where: { !Reference.stripped($0).isEmpty }),
      let line = positions(of: edit.replacement, on: .exact).first
    else { return .notFound }
    return .alreadyApplied(atLine: line)
  }

  // MARK: Rungs

  private func locate(_ edit: LineReplacement) -> Candidate? {
    for rung in [PlacementRung.exact, .trailingBlanks, .typography, .indentation] {
      let positions = positions(of: edit.search, on: rung)
      if !positions.isEmpty { return Candidate(edit: edit, rung: rung, positions: positions) }
    }
    return nil
  }

  private func positions(of search: [[UInt8]], on rung: PlacementRung) -> [Int] {
    guard search.count <= file.lines.count else { return [] }
    return (0...file.lines.count - search.count).filter { fits(search, at: $0, on: rung) }
  }

  private func fits(_ search: [[UInt8]], at start: Int, on rung: PlacementRung) -> Bool {
    if rung == .indentation { return shift(of: search, at: start) != nil }
    for (offset, line) in search.enumerated() {
      let quoted = Reference.plain(line, asLine: start + offset, of: file)
      let isSame =
        switch rung {
        case .trailingBlanks: Reference.stripped(quoted) == file.stripped[start + offset]
        case .typography: Reference.folded(quoted) == file.folded[start + offset]
        default: quoted == file.lines[start + offset].body
        }
      if !isSame { return false }
    }
    return true
  }

  /// The one shift that makes the quoted lines those of the file, trailing blanks aside.
  func shift(of search: [[UInt8]], at start: Int) -> Reference.Shift? {
    var shift: Reference.Shift?
    for (offset, line) in search.enumerated() {
      let quoted = Reference.plain(line, asLine: start + offset, of: file)
      let found = file.stripped[start + offset]
      if found.isEmpty || Reference.stripped(quoted).isEmpty {
        guard found.isEmpty, Reference.stripped(quoted).isEmpty else { return nil }
        continue
      }
      let (left, right) = (Reference.indentation(quoted), Reference.indentation(found))
      let here =
        shift
        ?? (left.count < right.count
          ? .adds(Array(right.dropLast(left.count))) : .removes(Array(left.dropLast(right.count))))
      guard here.applied(quoted).map(Reference.stripped) == found else { return nil }
      shift = here
    }
    return shift
  }

  // MARK: Several places

  private func verdict(_ candidate: Candidate, byOrder ordered: Int?) -> ReferenceVerdict {
    let edit = candidate.edit
    var choice: (place: Int, pin: Placement.Pin?)?
    if candidate.positions.count == 1 {
      choice = (candidate.positions[0], nil)
    } else if let hint = edit.lineHint, candidate.positions.contains(hint) {
      choice = (hint, .lineHint)
    } else if let place = onlyPlace(candidate, in: edit.scope) {
      choice = (place, .scope)
    } else if let ordered {
      choice = (ordered, .order)
    }
    guard let choice else {
      return .refuse(.ambiguous(placeCount: candidate.positions.count, rung: candidate.rung))
    }
    if candidate.rung == .indentation, let shift = shift(of: edit.search, at: choice.place) {
      for (offset, line) in edit.replacement.enumerated() {
        let line = Reference.plain(line, asLine: choice.place + offset, of: file)
        if shift.applied(line) == nil { return .refuse(.indentationCannotShift(line: line)) }
      }
    }
    let search = edit.search.enumerated().map {
      Reference.plain($1, asLine: choice.place + $0, of: file)
    }
    let written = edit.replacement.enumerated().map {
      Reference.plain($1, asLine: choice.place + $0, of: file)
    }
    if search.elementsEqual(written, by: { Reference.areSame($0, $1, on: candidate.rung) }) {
      return .refuse(.noChange)
    }
    return .place(at: choice.place, rung: candidate.rung, pin: choice.pin)
  }

  private func onlyPlace(_ candidate: Candidate, in scope: [[UInt8]]) -> Int? {
    if scope.isEmpty { return nil }
    var (first, end) = (0, file.lines.count)
    for name in scope {
      let headers = (first..<end).filter {
        Reference.trimmed(file.lines[$0].body) == Reference.trimmed(name)
      }
      guard headers.count == 1 else { return nil }
      first = headers[0]
      let depth = Reference.indentation(file.lines[first].body).count
      var next = first + 1
      while next < end,
        file.stripped[next].isEmpty || Reference.indentation(file.lines[next].body).count > depth
      { next += 1 }
      end = next
    }
    let inside = candidate.positions.filter {
      $0 >= first && $0 + candidate.edit.search.count <= end
    }
    return inside.count == 1 ? inside[0] : nil
  }

  /// The place of every edit that all arrangements agree on, in which each edit stands after the one before; nil without agreement.
  private func placesByOrder(_ edits: [(positions: [Int], count: Int)]) -> [Int?] {
    let none = edits.map { _ in Int?.none }
    guard edits.count > 1, edits.contains(where: { $0.positions.count > 1 }) else { return none }
    var arrangements: [[Int]] = [[]]
    for (index, edit) in edits.enumerated() {
      arrangements = arrangements.flatMap { arrangement in
        let end = index == 0 ? 0 : arrangement[index - 1] + edits[index - 1].count
        return edit.positions.filter { $0 >= end }.map { arrangement + [$0] }
      }
    }
    guard !arrangements.isEmpty else { return none }
    return edits.indices.map { index in
      let places = Set(arrangements.map { $0[index] })
      guard places.count == 1, let place = places.first else { return nil }
      // Another place between the neighbours leaves a doubt, even one that overlaps with them.
      let before = index > 0 ? arrangements.map { $0[index - 1] }.min() ?? -1 : -1
      let after =
        index + 1 < edits.count ? arrangements.map { $0[index + 1] }.max() ?? Int.max : Int.max
      let near = edits[index].positions.filter { $0 > before && $0 < after }
      return near == [place] ? place : nil
    }
  }
}
