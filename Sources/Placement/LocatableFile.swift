// An offered file as the ladder sees it: lines without byte order mark and terminators, which come back when edits are spliced in.

import Diffing

/// A file whose content the model was shown.
package struct OfferedFile: Sendable, Equatable {
  package let path: [UInt8]
  package let content: [UInt8]

  package init(path: [UInt8], content: [UInt8]) {
    self.path = path
    self.content = content
  }
}

/// Lines of a file, ready to be searched and spliced.
struct LocatableFile {
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  let hasByteOrderMark: Bool
  /// The lines without terminator; a CR before LF belongs to the terminator.
  let bodies: [ArraySlice<UInt8>]
  private let text: TextFile
  private var indexes: [PlacementRung: LineIndex] = [:]

  init(_ content: [UInt8]) {
    hasByteOrderMark = content.starts(with: Self.byteOrderMark)
    let text = TextFile(hasByteOrderMark ? Array(content.dropFirst(3)) : content)
    self.text = text
    bodies = (0..<text.lineCount).map { line in
      let content = text.lineContent(line)
      return content.count < text.line(line).count ? content.withoutCarriageReturn : content
    }
  }

  var lineCount: Int { bodies.count }

  private mutating func index(for rung: PlacementRung) -> LineIndex {
    if let index = indexes[rung] { return index }
    let index = LineIndex(bodies, rung: rung)
    indexes[rung] = index
    return index
  }

  /// Lines of an answer without the CR at their end, which is a matter of the file.
  func comparable(_ lines: [[UInt8]]) -> [[UInt8]] {
    lines.map { Array($0[...].withoutCarriageReturn) }
  }

  /// Lines of an answer as they stand at `position`: the file's first line has its byte order mark outside.
  func comparable(_ lines: [[UInt8]], at position: Int) -> [[UInt8]] {
    guard position == 0, hasByteOrderMark, let first = lines.first,
      first.starts(with: Self.byteOrderMark)
    else { return lines }
    return [Array(first.dropFirst(Self.byteOrderMark.count))] + lines.dropFirst()
  }

  /// Returns every line at which comparable lines begin on a rung, ascending.
  mutating func positions(of lines: [[UInt8]], on rung: PlacementRung) -> [Int] {
    let index = index(for: rung)
    let unmarked = comparable(lines, at: 0)
    guard unmarked != lines else { return index.positions(of: lines) }
    return index.positions(of: unmarked).filter { $0 == 0 }
      + index.positions(of: lines).filter { $0 > 0 }
  }

  /// Returns the file's bytes with the edits made.
  ///
  /// Lines outside the edits keep their bytes. Added lines get the line ending used where they go; a file without a final newline stays
  /// so when its last line is replaced or followed by new ones, unless the last of them is blank.
  ///
  /// - Precondition: `edits` are ascending and do not overlap.
  func bytes(applying edits: [LineEdit]) -> [UInt8] {
    var bytes = hasByteOrderMark ? Self.byteOrderMark : []
    bytes.reserveCapacity(text.bytes.count + 64)
    let markEnd = bytes.count
    var next = 0
    for edit in edits {
      bytes += text.lines(next..<edit.range.lowerBound)
      next = edit.range.upperBound
      guard let last = edit.lines.indices.last else { continue }
      let ending = lineEnding(at: edit.range.lowerBound)
      if bytes.count > markEnd, bytes.last != UInt8(ascii: "\n") { bytes += ending }
      let staysOpen = next == lineCount && !text.endsWithNewline
      for (index, line) in edit.lines.enumerated() {
        bytes += line
        // A blank line without newline would be no line.
        if !(staysOpen && index == last && !line.isEmpty) { bytes += ending }
      }
    }
    bytes += text.lines(next..<lineCount)
    return bytes
  }

  /// The ending of a line, or of the next one above that has any.
  private func lineEnding(at line: Int) -> [UInt8] {
    for candidate in (0..<lineCount).prefix(line + 1).reversed() {
      let whole = text.line(candidate)
      if whole.last == UInt8(ascii: "\n") { return Array(whole[bodies[candidate].endIndex...]) }
    }
    return [UInt8(ascii: "\n")]
  }
}
