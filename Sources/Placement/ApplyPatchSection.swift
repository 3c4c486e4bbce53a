// One file's part of an apply_patch envelope (`*** Begin Patch` … `*** End Patch`).

/// The lines from one `*** … File:` header up to the next.
struct ApplyPatchSection {
  typealias Line = UnifiedDiffSection.Line

  private(set) var lines: [Line] = []

  /// What a line is to the envelope.
  enum Kind: Equatable { case begin, header, end, other }

  static func kind(of text: ArraySlice<UInt8>) -> Kind {
    guard text.startsWith("*** ") else { return .other }
    if text.trimmed.equals("*** Begin Patch") { return .begin }
    if text.trimmed.equals("*** End Patch") { return .end }
    return [Self.add, Self.delete, Self.update].contains { text.startsWith($0) } ? .header : .other
  }

  private static let add: StaticString = "*** Add File:"
  private static let delete: StaticString = "*** Delete File:"
  private static let update: StaticString = "*** Update File:"
  private static let move: StaticString = "*** Move to:"

  mutating func take(_ line: Line) { lines.append(line) }

  /// The blocks of the section; `isComplete` is false when the answer ended inside it.
  func blocks(isComplete: Bool) -> [(path: [UInt8], edit: Edit, range: Range<Int>)] {
    guard let header = lines.first, let last = lines.last else { return [] }
    let whole = header.start..<last.end
    let text = header.content[...]
    guard Self.kind(of: text) == .header, let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
      return lines.allSatisfy { $0.content[...].isBlankLine }
        ? [] : [([], .malformed(.unknownPatchLine), whole)]
    }
    let path = PathLine.undecorated(text[(colon + 1)...])
    guard !path.isEmpty else { return [(path, .malformed(.missingPath), whole)] }
    guard isComplete else { return [(path, .malformed(.unfinished), whole)] }
    let body = lines.dropFirst()
    if text.startsWith(Self.delete) {
      let isPlain = body.allSatisfy { $0.content[...].isBlankLine }
      return [(path, isPlain ? .delete : .malformed(.unknownPatchLine), whole)]
    }
    if text.startsWith(Self.add) {
      guard case .lines(let search, let added) = SignedLines.read(body.map(\.content)),
        search.isEmpty
      else { return [(path, .malformed(.lineWithoutSign), whole)] }
      return [(path, .create(added), whole)]
    }
    return updates(of: path, body: body, whole: whole)
  }

  private func updates(
    of path: [UInt8], body: ArraySlice<Line>, whole: Range<Int>
  ) -> [(path: [UInt8], edit: Edit, range: Range<Int>)] {
    var blocks: [(path: [UInt8], edit: Edit, range: Range<Int>)] = []
    var chunk = Chunk(start: whole.lowerBound)
    for line in body {
      let text = line.content[...]
      if text.startsWith(Self.move), chunk.lines.isEmpty, blocks.isEmpty {
        let target = PathLine.undecorated(text[Self.move.utf8CodeUnitCount...])
        let edit: Edit = target.isEmpty ? .malformed(.missingNewPath) : .move(to: target)
        blocks.append((path, edit, whole.lowerBound..<line.end))
        chunk = Chunk(start: line.end)
      } else if text.startsWith("@@") {
        if !chunk.lines.isEmpty {
          blocks.append(chunk.block(path: path))
          chunk = Chunk(start: line.start)
        }
        chunk.takeScope(line)
      } else if !text.trimmed.equals("*** End of File") {
        chunk.take(line)
      }
    }
    if chunk.hasContent { blocks.append(chunk.block(path: path)) }
    return blocks.isEmpty ? [(path, .malformed(.noHunks), whole)] : blocks
  }

  private struct Chunk {
    let start: Int
    var end: Int
    var scope: [[UInt8]] = []
    var lineHint: Int?
    var lines: [[UInt8]] = []

    init(start: Int) {
      self.start = start
      end = start
    }

    var hasContent: Bool { lines.contains { !$0.isEmpty } || !scope.isEmpty }

    mutating func takeScope(_ line: Line) {
      end = line.end
      if let header = HunkHeader(line.content[...]) {
        lineHint = header.oldStart
        return
      }
      let words = line.content.dropFirst(2).trimmed
      if !words.isEmpty, !words.equals("@@") { scope.append(Array(words)) }
    }

    mutating func take(_ line: Line) {
      end = line.end
      lines.append(line.content)
    }

    func block(path: [UInt8]) -> (path: [UInt8], edit: Edit, range: Range<Int>) {
      switch SignedLines.read(lines) {
      case .malformed(let reason):
        return (path, .malformed(reason), start..<end)
      case .lines(let search, let replacement):
        guard !search.isEmpty || !replacement.isEmpty else {
          return (path, .malformed(.noHunks), start..<end)
        }
        let lines = LineReplacement(
          search: search, replacement: replacement, lineHint: lineHint, scope: scope)
        return (path, .replace(lines), start..<end)
      }
    }
  }
}
