// A DELETE or MOVE block after its start marker, until it is known whether lines belong to it.

/// What has been seen since the marker line of a block about a file as a whole.
///
/// The marker says everything, so that the end marker is often left out. But a model that writes lines between the two means something
/// else than the file as a whole.
struct OpenFileBlock {
  let edit: Edit
  let path: [UInt8]?
  let start: Int
  let markerEnd: Int
  /// Where the first line begins that is not blank and not a divider.
  private var firstLine: Int?
  private var hasContent = false

  init(edit: Edit, path: [UInt8]?, start: Int, markerEnd: Int) {
    self.edit = edit
    self.path = path
    self.start = start
    self.markerEnd = markerEnd
  }

  /// What a line means for the block.
  enum Step {
    case goesOn
    /// The line is the end marker; the flag says whether lines stand above it that the block cannot have.
    case closes(hasContent: Bool)
    /// The block was over after its marker; the answer is to be read on there.
    case endedAbove(readOnAt: Int)
  }

  mutating func take(
    _ line: AnswerLine, _ text: ArraySlice<UInt8>, openFence: FenceLine?
  ) -> Step {
    if text.isBlankLine { return .goesOn }
    switch MarkerLine.read(text) {
    case .end: return .closes(hasContent: hasContent)
    case .divider: return .goesOn
    case .search, .delete, .move, .unknownStart: return endedAbove(line)
    case nil: break
    }
    let fence = FenceLine(text)
    if let fence, let openFence, fence.closes(openFence) { return endedAbove(line) }
    if MarkerLine.behindSigns(text) != nil || ApplyPatchSection.kind(of: text) != .other
      || UnifiedDiffSection.isStart(text)
    {
      return endedAbove(line)
    }
    firstLine = firstLine ?? line.start
    hasContent = hasContent || fence == nil
    return .goesOn
  }

  private func endedAbove(_ line: AnswerLine) -> Step {
    .endedAbove(readOnAt: firstLine ?? line.start)
  }

  /// Where to read on when the answer ends.
  var readOnAtEnd: Int? { firstLine }
}
