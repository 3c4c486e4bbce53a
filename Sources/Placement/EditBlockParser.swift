// Finds the edit blocks in a model's answer, while it is still being written or afterwards.

/// Reads SEARCH/REPLACE blocks, whole files, apply_patch envelopes and unified diffs.
///
/// Feed the answer in pieces of any size; `blocks` holds every block that is complete so far, in answer order. How the bytes are cut
/// makes no difference. Everything that looks like an edit becomes a block, malformed if need be; text between `<think>` and
/// `</think>` is not read, and a lone `</think>` withdraws what came before it (servers may swallow the opening tag).
package struct EditBlockParser: Sendable {
  package private(set) var blocks: [EditBlock] = []
  package var answer: [UInt8] { reader.bytes }
  /// Whether the bytes so far end within a block.
  package var isInsideBlock: Bool {
    switch state {
    case .outside, .thinking, .perhapsDiff, .fileBlock: false
    case .block, .wholeFile, .patch, .diff: true
    }
  }

  let settings: EditBlockSettings
  var reader = AnswerReader()
  var state = State.outside
  var surroundings = Surroundings()
  var patchSection = ApplyPatchSection()
  var diffSection = UnifiedDiffSection(fallbackPath: nil, insideFence: false, knownPaths: [])

  enum State {
    case outside
    case thinking
    case block(OpenBlock)
    case fileBlock(OpenFileBlock)
    case wholeFile(OpenFile)
    /// The lines are in `patchSection` and `diffSection`, where they grow in place.
    case patch
    /// After a line that begins like the header of a diff.
    case perhapsDiff(AnswerLine)
    case diff
  }

  package init(_ settings: EditBlockSettings = EditBlockSettings()) { self.settings = settings }

  /// Reads a whole answer.
  package static func blocks(
    in answer: [UInt8], _ settings: EditBlockSettings = EditBlockSettings()
  ) -> [EditBlock] {
    var parser = EditBlockParser(settings)
    parser.feed(answer)
    parser.finish()
    return parser.blocks
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    reader.append(bytes)
    while let line = reader.next(isFinal: false) { handle(line) }
  }

  /// Reads what is left once the answer has ended; blocks still open become malformed.
  package mutating func finish() {
    repeat {
      while let line = reader.next(isFinal: true) { handle(line) }
      closeAtEnd()
    } while !reader.isAtEnd
  }

  func content(_ line: AnswerLine) -> ArraySlice<UInt8> {
    answer[line.start..<line.contentEnd]
  }

  mutating func handle(_ line: AnswerLine) {
    switch state {
    case .outside:
      handleOutside(line)
    case .thinking:
      if let end = content(line).end(ofFirst: "</think>") {
        state = .outside
        reader.move(to: end)
      }
    case .block(var block):
      switch block.take(line, content(line)) {
      case .content: state = .block(block)
      case .closes: finish(block, reading: block.reading(upTo: line), end: line.end)
      case .nestedStart: closeAtNestedStart(block, before: line)
      }
    case .fileBlock(let block):
      handle(line, in: block)
    case .wholeFile(let file):
      handle(line, in: file)
    case .patch:
      handleInPatch(line)
    case .perhapsDiff(let header):
      handle(line, afterPerhapsDiff: header)
    case .diff:
      handleInDiff(line)
    }
  }

  // MARK: Outside of blocks

  mutating func handleOutside(_ line: AnswerLine) {
    let text = content(line)
    if handleThinking(line, text) { return }
    if let marker = MarkerLine.read(text) {
      return handle(marker, line)
    }
    if let marker = MarkerLine.behindSigns(text) {
      return handle(marker, behindSignsIn: line)
    }
    switch ApplyPatchSection.kind(of: text) {
    case .begin: return openPatch(with: nil)
    case .header: return openPatch(with: line)
    case .end, .other: break
    }
    if UnifiedDiffSection.isStart(text) || isHunkInDiffFence(text) {
      return openDiff(line, path: text.startsWith("@@") ? path() : nil)
    }
    if text.startsWith("--- "), !text.dropFirst(4).isBlankLine {
      state = .perhapsDiff(line)
      return
    }
    if let fence = FenceLine(text) { return handle(fence, line) }
    if !text.isBlankLine {
      surroundings.lastLine = line
      surroundings.pathOfBlockAbove = nil
    }
  }

  /// `@@` without numbers, below a path and in a fence that says it holds a diff.
  private func isHunkInDiffFence(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.startsWith("@@"), surroundings.openFence?.holdsDiff ?? false else { return false }
    return path() != nil
  }

  private mutating func handleThinking(_ line: AnswerLine, _ text: ArraySlice<UInt8>) -> Bool {
    guard text.contains(UInt8(ascii: "<")), surroundings.openFence == nil else { return false }
    let trimmed = text.trimmed
    if trimmed.startsWith("<think>") {
      state = .thinking
      reader.move(to: trimmed.startIndex + "<think>".utf8.count)
      return true
    }
    guard let end = text.end(ofFirst: "</think>"),
      trimmed.startsWith("</think>") || end == trimmed.endIndex
    else { return false }
    blocks.removeAll()
    surroundings = Surroundings()
    reader.move(to: end)
    return true
  }

  private mutating func handle(_ marker: MarkerLine, _ line: AnswerLine) {
    switch marker {
    case .search(let length):
      open(flaw: nil, length: length, line)
    case .unknownStart:
      open(flaw: .unknownMarker, length: 0, line)
    case .delete, .move:
      openFileBlock(marker, line)
    case .end:
      append(
        path: [], edit: .malformed(.endWithoutStart), range: line.start..<line.end,
        syntax: .searchReplace)
    case .divider:
      break
    }
  }

  private mutating func handle(_ marker: MarkerLine, behindSignsIn line: AnswerLine) {
    switch marker {
    case .search, .unknownStart:
      open(flaw: .indentedMarker, length: 0, line)
    case .delete, .move:
      append(
        path: path() ?? [], edit: .malformed(.indentedMarker),
        range: blockStart(at: line)..<line.end,
        syntax: .searchReplace)
    case .divider, .end:
      break
    }
  }

  private mutating func handle(_ fence: FenceLine, _ line: AnswerLine) {
    if let open = surroundings.openFence {
      if fence.closes(open) {
        surroundings.openFence = nil
      }
      return
    }
    surroundings.openFence = fence
    guard settings.acceptsWholeFiles, surroundings.pathOfBlockAbove == nil, let path = path(),
      OpenFile.canOpen(fence, path: path),
      settings.knownPaths.contains(path)
        || path.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") })
    else { return }
    state = .wholeFile(
      OpenFile(path: path, start: blockStart(at: line), fence: fence, line: line))
  }

  private func path() -> [UInt8]? {
    surroundings.path(in: answer, known: settings.knownPaths)
  }

  /// Where a block's verbatim text begins: at its path line, unless a block before it already has that line.
  private func blockStart(at line: AnswerLine) -> Int {
    guard let above = surroundings.pathLine(in: answer, known: settings.knownPaths),
      above.start >= blocks.last?.answerRange.upperBound ?? 0
    else { return line.start }
    return above.start
  }

  // MARK: SEARCH/REPLACE

  private mutating func open(flaw: MalformedReason?, length: Int, _ line: AnswerLine) {
    state = .block(
      OpenBlock(
        flaw: flaw, markerLength: length, path: path(), start: blockStart(at: line),
        startMarker: line))
  }

  private mutating func finish(_ block: OpenBlock, reading: OpenBlock.Reading, end: Int) {
    state = .outside
    var edit: Edit
    switch reading {
    case .malformed(let reason):
      edit = .malformed(reason)
    case .whole(let search, let replacement):
      let quoted = answer.lines(in: search, usesCRLF: block.usesCRLF)
      let written = answer.lines(in: replacement, usesCRLF: block.usesCRLF)
      edit =
        quoted.isEmpty
        ? .create(written) : .replace(LineReplacement(search: quoted, replacement: written))
      if block.path == nil { edit = .malformed(.missingPath) }
    }
    append(
      path: block.path ?? [], edit: edit, range: block.start..<end, syntax: .searchReplace)
    surroundings.lastLine = nil
    surroundings.pathOfBlockAbove = block.path
  }

  /// Another block starts inside `block`: it ends at its only end marker of another length, or it is malformed up to the new start.
  private mutating func closeAtNestedStart(_ block: OpenBlock, before line: AnswerLine) {
    if closeAtForeignEnd(block) { return }
    append(
      path: block.path ?? [], edit: .malformed(block.reasonWithoutEnd(.nestedStart)),
      range: block.start..<line.start, syntax: .searchReplace)
    // The path of the new block may stand among the last lines of the broken one.
    surroundings.lastLine = answer.lastLine(in: block.contentStart..<line.start)
    surroundings.pathOfBlockAbove = nil
    state = .outside
    handleOutside(line)
  }

  private mutating func closeAtForeignEnd(_ block: OpenBlock) -> Bool {
    guard let end = block.foreignEnd, case .whole = block.reading(upTo: end) else { return false }
    finish(block, reading: block.reading(upTo: end), end: end.end)
    reader.move(to: end.end)
    return true
  }

  // MARK: DELETE and MOVE

  private mutating func openFileBlock(_ marker: MarkerLine, _ line: AnswerLine) {
    var edit = Edit.delete
    if case .move(let target) = marker {
      edit = target.isEmpty ? .malformed(.missingNewPath) : .move(to: target)
    }
    let path = path()
    state = .fileBlock(
      OpenFileBlock(
        edit: path == nil ? .malformed(.missingPath) : edit, path: path,
        start: blockStart(at: line), markerEnd: line.end))
  }

  private mutating func handle(_ line: AnswerLine, in block: OpenFileBlock) {
    var block = block
    switch block.take(line, content(line), openFence: surroundings.openFence) {
    case .goesOn:
      state = .fileBlock(block)
    case .closes(let hasContent):
      let edit: Edit = hasContent ? .malformed(.linesInFileBlock) : block.edit
      finish(block, edit: edit, end: line.end)
    case .endedAbove(let next):
      finish(block, edit: block.edit, end: block.markerEnd)
      reader.move(to: next)
    }
  }

  private mutating func finish(_ block: OpenFileBlock, edit: Edit, end: Int) {
    state = .outside
    append(
      path: block.path ?? [], edit: edit, range: block.start..<end, syntax: .searchReplace)
    surroundings.lastLine = nil
    surroundings.pathOfBlockAbove = block.path
  }

  // MARK: Whole files

  private mutating func handle(_ line: AnswerLine, in file: OpenFile) {
    var file = file
    switch file.take(content(line)) {
    case .content:
      state = .wholeFile(file)
    case .holdsEdits:
      state = .outside
      reader.move(to: file.contentStart)
    case .closes:
      state = .outside
      let content = answer.lines(in: file.contentStart..<line.start, usesCRLF: file.usesCRLF)
      append(
        path: file.path,
        edit: file.flaw.map(Edit.malformed) ?? .wholeFile(content),
        range: file.start..<line.end, syntax: .wholeFile)
      surroundings = Surroundings()
    }
  }

  // MARK: Blocks

  mutating func append(
    _ found: [(path: [UInt8], edit: Edit, range: Range<Int>)], syntax: EditSyntax
  ) {
    for block in found {
      append(path: block.path, edit: block.edit, range: block.range, syntax: syntax)
    }
    surroundings.lastLine = nil
    surroundings.pathOfBlockAbove = nil
  }

  private mutating func append(
    path: [UInt8], edit: Edit, range: Range<Int>, syntax: EditSyntax
  ) {
    let path = PathLine.offered(path, settings.knownPaths) ?? path
    blocks.append(
      EditBlock(
        syntax: syntax, path: path, edit: edit, answerRange: range, verbatim: Array(answer[range])))
  }

  /// Closes whatever is open at the end of the answer; may move the cursor back to read on after a block's likely end.
  private mutating func closeAtEnd() {
    switch state {
    case .outside, .thinking, .perhapsDiff:
      break
    case .block(let block):
      if closeAtForeignEnd(block) { return }
      finish(
        block, reading: .malformed(block.reasonWithoutEnd(.unfinished)), end: answer.count)
    case .wholeFile(let file):
      append(
        path: file.path, edit: .malformed(.unfinished), range: file.start..<answer.count,
        syntax: .wholeFile)
    case .fileBlock(let block):
      finish(block, edit: block.edit, end: block.markerEnd)
      if let next = block.readOnAtEnd { reader.move(to: next) }
    case .patch:
      closePatch(isComplete: false)
    case .diff:
      let endsWithinLine = answer.last != UInt8(ascii: "\n")
      closeDiff(
        surroundings.openFence == nil
          ? .complete : endsWithinLine ? .cutWithinLine : .cutBetweenLines)
    }
    state = .outside
  }
}
