// The law, as a check of a result: every removed line was quoted, and the result is the file with the located ranges replaced.

import Placement

/// One edit that was placed, as the law sees it.
struct LawfulEdit {
  let range: Range<Int>
  let rung: PlacementRung
  let search: [[UInt8]]
  /// The replacement as it was written, and as it goes into the file.
  let written: [[UInt8]]
  let shifted: [[UInt8]]
}

/// Checks new content against the old, explaining every line of it.
struct ReferenceLaw {
  let old: ReferenceFile

  /// Returns what is wrong with `content`, or nil. `edits` are ascending and do not share lines.
  func violation(of content: [UInt8], edits: [LawfulEdit]) -> String? {
    let new = ReferenceFile(content, mark: old.hasMark)
    if new.hasMark != old.hasMark { return "the byte order mark changed" }
    if let violation = finalNewlineViolation(new, edits) { return violation }
    var (oldNext, newNext) = (0, 0)
    for edit in edits {
      while oldNext < edit.range.lowerBound {
        guard newNext < new.lines.count, isKept(oldNext, as: newNext, of: new) else {
          return "line \(oldNext) was quoted by nobody and changed"
        }
        (oldNext, newNext) = (oldNext + 1, newNext + 1)
      }
      let segment = newNext..<newNext + edit.shifted.count
      guard segment.upperBound <= new.lines.count else { return "the result lacks lines" }
      guard let kept = mostKept(edit, segment, of: new) else {
        return "lines \(segment) are neither written nor quoted"
      }
      if kept != commonCount(edit) { return "context lost its bytes in lines \(segment)" }
      (oldNext, newNext) = (edit.range.upperBound, segment.upperBound)
    }
    while oldNext < old.lines.count {
      guard newNext < new.lines.count, isKept(oldNext, as: newNext, of: new) else {
        return "line \(oldNext) was quoted by nobody and changed"
      }
      (oldNext, newNext) = (oldNext + 1, newNext + 1)
    }
    return newNext == new.lines.count ? nil : "the result has lines that nobody wrote"
  }

  /// Whether a line has all its bytes; one that lacked a newline gets one when others follow it.
  private func isKept(_ line: Int, as other: Int, of new: ReferenceFile) -> Bool {
    let (before, after) = (old.lines[line], new.lines[other])
    if before == after { return true }
    guard before.ending.isEmpty, other + 1 < new.lines.count else { return false }
    return [[10], [13, 10]].contains { before.body + $0 == after.body + after.ending }
  }

  private func isWritten(
    _ line: [UInt8], as other: Int, near range: Range<Int>, of new: ReferenceFile
  )
    -> Bool
  {
    let after = new.lines[other]
    guard Reference.withoutReturn(line) == after.body else { return false }
    if after.ending.isEmpty { return other + 1 == new.lines.count && old.lacksFinalNewline }
    let near = max(0, range.lowerBound - 1)..<min(old.lines.count, range.upperBound + 1)
    let endings = old.lines[near].map(\.ending).filter { !$0.isEmpty }
    return endings.isEmpty ? true : endings.contains(after.ending)
  }

  /// The most quoted lines that can have stayed in a segment of the result, or nil when some line of it comes from nowhere.
  private func mostKept(_ edit: LawfulEdit, _ segment: Range<Int>, of new: ReferenceFile) -> Int? {
    // best[i][j]: from quoted line i and written line j on.
    var best = Array(
      repeating: [Int?](repeating: nil, count: segment.count + 1), count: edit.range.count + 1)
    for i in stride(from: edit.range.count, through: 0, by: -1) {
      for j in stride(from: segment.count, through: 0, by: -1) {
        var most: Int? = j == segment.count ? 0 : nil
        if i < edit.range.count, let skipped = best[i + 1][j] { most = max(most ?? 0, skipped) }
        if j < segment.count {
          let place = segment.lowerBound + j
          if let rest = best[i][j + 1],
            isWritten(edit.shifted[j], as: place, near: edit.range, of: new)
          {
            most = max(most ?? 0, rest)
          }
          if i < edit.range.count, let rest = best[i + 1][j + 1],
            Reference.areSame(edit.search[i], edit.written[j], on: edit.rung),
            isKept(edit.range.lowerBound + i, as: place, of: new)
          {
            most = max(most ?? 0, rest + 1)
          }
        }
        best[i][j] = most
      }
    }
    return best[0][0]
  }

  /// The length of the longest common subsequence of SEARCH and REPLACE.
  private func commonCount(_ edit: LawfulEdit) -> Int {
    var row = [Int](repeating: 0, count: edit.written.count + 1)
    for quoted in edit.search {
      var next = row
      for (j, written) in edit.written.enumerated() {
        next[j + 1] =
          Reference.areSame(quoted, written, on: edit.rung) ? row[j] + 1 : max(row[j + 1], next[j])
      }
      row = next
    }
    return row[edit.written.count]
  }

  /// A file without a final newline gets none, unless its last line went and a line above it is the last now.
  private func finalNewlineViolation(_ new: ReferenceFile, _ edits: [LawfulEdit]) -> String? {
    guard let last = new.lines.last, !old.lines.isEmpty else { return nil }
    guard old.lacksFinalNewline else {
      return last.ending.isEmpty ? "the final newline is lost" : nil
    }
    if last.ending.isEmpty || last.body.isEmpty { return nil }
    let removesLast = edits.contains { edit in
      guard edit.range.upperBound == old.lines.count else { return false }
      guard let last = edit.written.last else { return true }
      return edit.search.dropLast().contains { Reference.areSame($0, last, on: edit.rung) }
    }
    return removesLast ? nil : "a final newline came from nowhere"
  }
}
