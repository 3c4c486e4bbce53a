// A whole file in a fence, while its lines arrive.

/// What has been seen since the fence below a path.
struct OpenFile {
  let path: [UInt8]
  let start: Int
  let fence: FenceLine
  let contentStart: Int
  let usesCRLF: Bool
  /// Why it is not certain what the file is.
  private(set) var flaw: MalformedReason?
  private var lineCount = 0
  private var firstLine: ArraySlice<UInt8> = []

  init(path: [UInt8], start: Int, fence: FenceLine, line: AnswerLine) {
    self.path = path
    self.start = start
    self.fence = fence
    contentStart = line.end
    usesCRLF = line.endsWithCarriageReturn
  }

  /// What a line means for the file.
  enum Step {
    case content
    case closes
    /// The fence is only decoration around edits, and its content is to be read again as such.
    case holdsEdits
  }

  mutating func take(_ text: ArraySlice<UInt8>) -> Step {
    if case .search = MarkerLine.read(text) {
      // Below more than a path line it may as well be content.
      if lineCount < 2 { return .holdsEdits }
      flaw = flaw ?? .nestedStart
    }
    if let fence = FenceLine(text) {
      if fence.closes(self.fence) { return .closes }
      if fence.sign == self.fence.sign, fence.length >= self.fence.length { flaw = .nestedFence }
    }
    guard lineCount < 2, !text.isBlankLine else { return .content }
    lineCount += 1
    if lineCount == 1 { firstLine = text }
    return beginsWithEdit(text) ? .holdsEdits : .content
  }

  /// Whether the first lines are those of an edit; a file that is a patch may begin like one.
  private func beginsWithEdit(_ text: ArraySlice<UInt8>) -> Bool {
    if lineCount == 2 {
      return firstLine.startsWith("--- ") && text.startsWith("+++ ") && !Self.isPatch(path)
    }
    switch MarkerLine.read(text) {
    case .delete, .move, .unknownStart: return true
    case .search, .divider, .end, nil: break
    }
    return !Self.isPatch(path)
      && (ApplyPatchSection.kind(of: text) != .other || UnifiedDiffSection.isStart(text))
  }

  /// Whether text below a path, in such a fence, can be the file's content.
  static func canOpen(_ fence: FenceLine, path: [UInt8]) -> Bool {
    isPatch(path) || !fence.holdsDiff
  }

  private static func isPatch(_ path: [UInt8]) -> Bool {
    path.suffix(5).elementsEqual(".diff".utf8) || path.suffix(6).elementsEqual(".patch".utf8)
  }
}
