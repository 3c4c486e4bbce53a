// One file's part of an apply_patch envelope (`*** Begin Patch` … `*** End Patch`).

/// The lines from one `*** … File:` header up to the next.
///
/// Every chunk of an update is a block of its own and is finished when the next one begins.
struct ApplyPatchSection {
  typealias Line = UnifiedDiffSection.Line
  typealias Block = UnifiedDiffSection.Block

  private enum Header {
    case add, delete, update
  }

  private var header: Header?
  private var path: [UInt8] = []
  private var start: Int?
  private var end = 0
  /// The lines of a new or deleted file, and those that stand below no header.
  private var lines: [[UInt8]] = []
  private var move: (edit: Edit, range: Range<Int>)?
  private var chunk = Chunk(start: 0)
  private var finished: [Block] = []
  private var blockCount = 0

  // MARK: Lines of the envelope

  /// What a line is to the envelope.
  enum Kind: Equatable { case begin, header, end, other }

  static func kind(of text: ArraySlice<UInt8>) -> Kind {
    guard text.startsWith("*** ") else { return .other }
    if text.trimmed.equals("*** Begin Patch") { return .begin }
    if text.trimmed.equals("*** End Patch") { return .end }
    return header(of: text) == nil ? .other : .header
  }

  private static let moveWord: StaticString = "*** Move to:"

  private static func header(of text: ArraySlice<UInt8>) -> Header? {
    if text.startsWith("*** Add File:") { return .add }
    if text.startsWith("*** Delete File:") { return .delete }
    return text.startsWith("*** Update File:") ? .update : nil
  }

  // MARK: Taking lines

  mutating func take(_ line: Line) {
    end = line.end
    let text = line.content[...]
    guard start != nil else { return begin(with: line) }
    guard header == .update else { return lines.append(line.content) }
    if text.startsWith(Self.moveWord), move == nil, !chunk.hasContent, blockCount == 0 {
      let target = PathLine.undecorated(text[Self.moveWord.utf8CodeUnitCount...])
      move = (
        target.isEmpty ? .malformed(.missingNewPath) : .move(to: target), chunk.start..<line.end
      )
      return
    }
    finishMove()
    if text.startsWith("@@") {
      if chunk.hasLines {
        append(chunk.block(path: path))
        chunk = Chunk(start: line.start)
      }
      chunk.takeScope(line)
    } else if !text.withoutTrailingBlanks.equals("*** End of File") {
      chunk.take(line)
    }
  }

  private mutating func begin(with line: Line) {
    let text = line.content[...]
    start = line.start
    chunk = Chunk(start: line.start)
    header = Self.header(of: text)
    if header != nil, let colon = text.firstIndex(of: UInt8(ascii: ":")) {
      path = PathLine.undecorated(text[(colon + 1)...])
    } else {
      lines.append(line.content)
    }
  }

  private mutating func finishMove() {
    guard let pending = move, !path.isEmpty else { return }
    append((path, pending.edit, pending.range))
    chunk = Chunk(start: pending.range.upperBound)
    move = nil
  }

  private mutating func append(_ block: Block) {
    guard !path.isEmpty else { return }
    finished.append(block)
    blockCount += 1
  }

  // MARK: Blocks

  /// The blocks that later lines cannot change, each once.
  mutating func takeFinishedBlocks() -> [Block] {
    defer { finished = [] }
    return finished
  }

  /// The blocks that are left; `isComplete` is false when the answer ended inside the section.
  mutating func finish(isComplete: Bool) -> [Block] {
    guard let start else { return [] }
    let whole = start..<end
    let isBlank = lines.allSatisfy { $0[...].isBlankLine }
    guard let header else { return isBlank ? [] : [([], .malformed(.unknownPatchLine), whole)] }
    guard !path.isEmpty else { return [([], .malformed(.missingPath), whole)] }
    guard isComplete else {
      let rest = (blockCount == 0 ? start : chunk.start)..<end
      if !rest.isEmpty { finished.append((path, .malformed(.unfinished), rest)) }
      return takeFinishedBlocks()
    }
    switch header {
    case .delete: return [(path, isBlank ? .delete : .malformed(.unknownPatchLine), whole)]
    case .add: return [(path, SignedLines.readNewFile(lines), whole)]
    case .update:
      finishMove()
      if chunk.hasContent { append(chunk.block(path: path)) }
      if blockCount == 0 { append((path, .malformed(.noHunks), whole)) }
      return takeFinishedBlocks()
    }
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

    var hasLines: Bool { lines.contains { !$0.isEmpty } }
    var hasContent: Bool { hasLines || !scope.isEmpty }

    mutating func takeScope(_ line: Line) {
      end = line.end
      // Blank lines above the first `@@` are no context.
      lines = []
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

    func block(path: [UInt8]) -> Block {
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
