// A unified diff of one file that a model wrote unasked; line numbers only break ties.

/// The lines of one file's part of a unified diff, until something else begins.
///
/// Every hunk is a block of its own and is finished when the next one begins. The counts in a hunk's header are often wrong, so they
/// never decide what its lines are, but whether the headers of another file may stand among them.
struct UnifiedDiffSection {
  typealias Block = (path: [UInt8], edit: Edit, range: Range<Int>)

  /// A line with the answer offsets of its content.
  struct Line {
    let start: Int
    let end: Int
    let content: [UInt8]
  }

  private struct Hunk {
    let start: Int
    var end: Int
    let lineHint: Int?
    /// Lines that are still to come by the header's numbers.
    var oldLeft: Int?
    var newLeft: Int?
    var lines: [[UInt8]] = []

    init(_ line: Line) {
      (start, end) = (line.start, line.end)
      let header = HunkHeader(line.content[...])
      lineHint = header?.oldStart
      oldLeft = header?.oldCount
      newLeft = header?.newCount
    }

    mutating func take(_ line: Line) {
      end = line.end
      lines.append(line.content)
      let sign = line.content.first
      if sign == nil || sign == UInt8(ascii: " ") || sign == UInt8(ascii: "-") {
        oldLeft = oldLeft.map { $0 - 1 }
      }
      if sign == nil || sign == UInt8(ascii: " ") || sign == UInt8(ascii: "+") {
        newLeft = newLeft.map { $0 - 1 }
      }
    }
  }

  /// The path above a hunk that has no `---` header.
  private let fallbackPath: [UInt8]?
  private let insideFence: Bool
  private let knownPaths: Set<[UInt8]>
  private var headers: [Line] = []
  private var hunk: Hunk?
  private var hunkCount = 0
  /// `--- x`, `+++ y` or both within a hunk: the next line tells whether another file begins there.
  private var held: [Line] = []
  private var finished: [Block] = []
  private var end = 0

  init(fallbackPath: [UInt8]?, insideFence: Bool, knownPaths: Set<[UInt8]>) {
    self.fallbackPath = fallbackPath
    self.insideFence = insideFence
    self.knownPaths = knownPaths
  }

  /// Whether a line begins a diff wherever it stands.
  static func isStart(_ text: ArraySlice<UInt8>) -> Bool {
    text.startsWith("diff --git ") || text.startsWith("@@ -")
  }

  /// Where lines begin that were taken and, once `finish` was called, belong to what follows the section.
  var heldFrom: Int? { held.first?.start }

  /// Takes a line if it belongs to this section; false when the section ends before it.
  mutating func take(_ line: Line) -> Bool {
    let text = line.content[...]
    if text.startsWith("@@") {
      if beginsOtherFile { return false }
      takeHeld()
      finishHunk()
      if hunkCount == 0 { firstHunkStart = line.start }
      hunk = Hunk(line)
      end = line.end
      return true
    }
    guard hunk != nil else { return takeHeader(line) }
    if text.startsWith("--- ") || text.startsWith("+++ ") {
      let isPair =
        held.count == 1 && held[0].content[...].startsWith("--- ") && text.startsWith("+++ ")
      if !isPair { takeHeld() }
      held.append(line)
      return true
    }
    takeHeld()
    guard belongsToHunk(text) else { return false }
    hunk?.take(line)
    end = line.end
    return true
  }

  private mutating func takeHeader(_ line: Line) -> Bool {
    let text = line.content[...]
    let isFirst = headers.isEmpty
    let belongs =
      if text.startsWith("diff --git ") {
        isFirst
      } else if text.startsWith("--- ") {
        header("--- ") == nil
      } else {
        Self.headerWords.contains { text.startsWith($0) }
      }
    guard belongs else { return false }
    headers.append(line)
    end = line.end
    return true
  }

  private static let headerWords: [StaticString] = [
    "+++ ", "index ", "old mode ", "new mode ", "new file mode ", "deleted file mode ",
    "similarity index ", "dissimilarity index ", "rename from ", "rename to ",
  ]

  private func belongsToHunk(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return true }
    if " +-\\".utf8.contains(first) { return true }
    if text.startsWith("diff --git ") { return false }
    if case .search = MarkerLine.read(text) { return false }
    return insideFence && FenceLine(text) == nil
  }

  private mutating func takeHeld() {
    for line in held {
      hunk?.take(line)
      end = line.end
    }
    held = []
  }

  /// Whether the held lines are headers, given that a hunk begins below them or the answer ends.
  private var beginsOtherFile: Bool {
    guard let hunk else { return false }
    let namesFile = held.contains { line in
      let path = Self.path(line.content[...])
      return path.startsWith("a/") || path.startsWith("b/") || path.equals("/dev/null")
        || knownPaths.contains(Array(path))
    }
    if namesFile { return true }
    return held.count == 2 && (hunk.oldLeft ?? 0 <= 0 || hunk.newLeft ?? 0 <= 0)
  }

  // MARK: Blocks

  /// The blocks that later lines cannot change, each once.
  mutating func takeFinishedBlocks() -> [Block] {
    defer { finished = [] }
    return finished
  }

  /// How a section ends.
  enum Ending {
    case complete
    /// The answer ends in it, though a fence had to follow.
    case cutBetweenLines
    case cutWithinLine
  }

  /// The blocks that are left when the section ends.
  mutating func finish(_ ending: Ending) -> [Block] {
    if !beginsOtherFile { takeHeld() }
    let lacksLines = hunk.map { $0.oldLeft != 0 || $0.newLeft != 0 } ?? true
    let isCut = ending == .cutWithinLine || (ending == .cutBetweenLines && lacksLines)
    if isCut, held.isEmpty {
      let isLaterHunk = hunkCount > 0
      let path: [UInt8] =
        switch target {
        case .none: []
        case .delete(let path), .create(let path), .change(let path, _): path
        }
      let start = isLaterHunk ? hunk?.start ?? end : sectionStart
      finished.append((path, .malformed(.unfinished), start..<end))
      return takeFinishedBlocks()
    }
    finishHunk()
    switch target {
    case .change(let old, let new):
      if old == new, hunkCount == 0 {
        finished.append((old, .malformed(.noHunks), sectionStart..<end))
      } else if hunkCount == 0 {
        finished.append((old, .move(to: new), sectionStart..<end))
      }
    case .none:
      finished.append(([], .malformed(.missingPath), sectionStart..<end))
    case .delete(let path):
      finished.append((path, .delete, sectionStart..<end))
    case .create(let path):
      finished.append((path, newFile, sectionStart..<end))
    }
    return takeFinishedBlocks()
  }

  private var sectionStart: Int { headers.first?.start ?? firstHunkStart ?? end }
  private var firstHunkStart: Int?
  /// The lines of the hunks of a new file.
  private var newFileHunks: [[[UInt8]]] = []

  private var newFile: Edit {
    switch newFileHunks.count {
    case 0: header("new file mode ") == nil ? .malformed(.noHunks) : .create([])
    case 1: SignedLines.readNewFile(newFileHunks[0])
    default: .malformed(.newFileInParts)
    }
  }

  private mutating func finishHunk() {
    guard let hunk else { return }
    self.hunk = nil
    let isFirst = hunkCount == 0
    hunkCount += 1
    if isFirst { firstHunkStart = hunk.start }
    switch target {
    case .none, .delete: return
    case .create: newFileHunks.append(hunk.lines)
    case .change(let old, let new):
      var start = hunk.start
      if isFirst, old != new, !headers.isEmpty {
        finished.append((old, .move(to: new), sectionStart..<hunk.start))
      } else if isFirst {
        start = sectionStart
      }
      let edit: Edit =
        switch SignedLines.read(hunk.lines) {
        case .lines(let search, let replacement):
          .replace(
            LineReplacement(search: search, replacement: replacement, lineHint: hunk.lineHint))
        case .malformed(let reason): .malformed(reason)
        }
      finished.append((old, edit, start..<hunk.end))
    }
  }

  // MARK: Paths

  /// What the section is about, by its headers.
  private enum Target {
    case none
    case delete([UInt8])
    case create([UInt8])
    case change(old: [UInt8], new: [UInt8])
  }

  private var target: Target {
    let git = gitPath
    var old = header("--- ") ?? header("rename from ") ?? git ?? fallbackPath?[...]
    var new = header("+++ ") ?? header("rename to ") ?? git ?? old
    if header("--- ") != nil || header("+++ ") != nil {
      (old, new) = Self.withoutSides(old ?? [], new ?? [])
    }
    guard let old, let new, !old.isEmpty, !new.isEmpty else { return .none }
    if new.equals("/dev/null") || header("deleted file mode ") != nil {
      return old.equals("/dev/null") ? .none : .delete(Array(old))
    }
    if old.equals("/dev/null") || header("new file mode ") != nil { return .create(Array(new)) }
    return .change(old: Array(old), new: Array(new))
  }

  /// Drops `a/` and `b/` where both sides have them, or where the sides are the same file without.
  private static func withoutSides(
    _ old: ArraySlice<UInt8>, _ new: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let oldRest = old.startsWith("a/") ? old.dropFirst(2) : old
    let newRest = new.startsWith("b/") ? new.dropFirst(2) : new
    let areMarked =
      (oldRest.count < old.count || old.equals("/dev/null"))
      && (newRest.count < new.count || new.equals("/dev/null"))
    return areMarked || oldRest.elementsEqual(newRest) ? (oldRest, newRest) : (old, new)
  }

  /// The path of `diff --git a/x b/x`, if the two sides are the same.
  private var gitPath: ArraySlice<UInt8>? {
    guard let line = headers.first?.content[...], line.startsWith("diff --git ") else { return nil }
    let names = line.dropFirst("diff --git ".utf8.count).trimmed
    let (left, right) = (names.prefix(names.count / 2), names.suffix(names.count / 2))
    guard names.count % 2 == 1, left.startsWith("a/"), right.startsWith("b/"),
      left.dropFirst(2).elementsEqual(right.dropFirst(2))
    else { return nil }
    return left.dropFirst(2)
  }

  /// The rest of the header line that begins with `word`, without a time stamp.
  private func header(_ word: StaticString) -> ArraySlice<UInt8>? {
    for line in headers where line.content[...].startsWith(word) {
      return Self.path(line.content[...], after: word.utf8CodeUnitCount)
    }
    return nil
  }

  private static func path(_ line: ArraySlice<UInt8>, after count: Int = 4) -> ArraySlice<UInt8> {
    line.dropFirst(count).prefix { $0 != UInt8(ascii: "\t") }.trimmed
  }
}
