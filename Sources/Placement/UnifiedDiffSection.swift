// A unified diff of one file that a model wrote unasked; line numbers only break ties.

/// The lines of one file's part of a unified diff, collected until something else begins.
struct UnifiedDiffSection {
  /// A line with the answer offsets of its content.
  struct Line {
    let start: Int
    let end: Int
    let content: [UInt8]
  }

  /// The path above a hunk that has no `---` header.
  let fallbackPath: [UInt8]?
  let insideFence: Bool
  private(set) var lines: [Line] = []
  private var inHunk = false
  private var sawOldHeader = false
  private var removedLeft: Int?

  init(fallbackPath: [UInt8]?, insideFence: Bool) {
    self.fallbackPath = fallbackPath
    self.insideFence = insideFence
  }

  /// Takes a line if it belongs to this section; false when the section ends before it.
  mutating func take(_ line: Line) -> Bool {
    let text = line.content[...]
    guard belongs(text) else { return false }
    lines.append(line)
    return true
  }

  private mutating func belongs(_ text: ArraySlice<UInt8>) -> Bool {
    if text.startsWith("@@") {
      inHunk = true
      removedLeft = HunkHeader(text)?.oldCount
      return true
    }
    if text.startsWith("diff --git ") { return lines.isEmpty }
    guard inHunk else {
      if text.startsWith("--- ") {
        defer { sawOldHeader = true }
        return !sawOldHeader
      }
      return Self.headerWords.contains { text.startsWith($0) }
    }
    switch text.first {
    case UInt8(ascii: "-"):
      let isHeader =
        text.startsWith("--- a/") || text.startsWith("--- /dev/null")
        || (text.startsWith("--- ") && removedLeft == 0)
      if isHeader, removedLeft ?? 0 <= 0 { return false }
      removedLeft = removedLeft.map { $0 - 1 }
    case UInt8(ascii: " "), nil:
      removedLeft = removedLeft.map { $0 - 1 }
    case UInt8(ascii: "+"), UInt8(ascii: "\\"):
      break
    default:
      if let marker = MarkerLine.read(text), case .search = marker { return false }
      return insideFence && FenceLine(text) == nil
    }
    return true
  }

  private static let headerWords: [StaticString] = [
    "+++ ", "index ", "old mode ", "new mode ", "new file mode ", "deleted file mode ",
    "similarity index ", "dissimilarity index ", "rename from ", "rename to ",
  ]

  /// The blocks of the section: moves and deletions first, then one per hunk.
  func blocks() -> [(path: [UInt8], edit: Edit, range: Range<Int>)] {
    guard let first = lines.first, let last = lines.last else { return [] }
    let whole = first.start..<last.end
    var old = header("--- ")
    var new = header("+++ ")
    if let before = old, let after = new {
      if before.startsWith("a/") || before.equals("/dev/null"),
        after.startsWith("b/") || after.equals("/dev/null")
      {
        old = before.startsWith("a/") ? before.dropFirst(2) : before
        new = after.startsWith("b/") ? after.dropFirst(2) : after
      }
    }
    let oldPath = old.map { Array($0) } ?? header("rename from ").map { Array($0) } ?? fallbackPath
    let newPath = new.map { Array($0) } ?? header("rename to ").map { Array($0) } ?? oldPath
    guard let oldPath, let newPath, !oldPath.isEmpty, !newPath.isEmpty else {
      return [([], .malformed(.missingPath), whole)]
    }
    if newPath[...].equals("/dev/null") { return [(oldPath, .delete, whole)] }
    let hunks = signedRuns()
    if oldPath[...].equals("/dev/null") {
      let reading = hunks.first.map { SignedLines.read($0.lines) }
      guard hunks.count == 1, case .lines(let search, let added) = reading, search.isEmpty else {
        return [(newPath, .malformed(hunks.isEmpty ? .noHunks : .lineWithoutSign), whole)]
      }
      return [(newPath, .create(added), whole)]
    }
    var blocks: [(path: [UInt8], edit: Edit, range: Range<Int>)] = []
    if oldPath != newPath {
      let end = hunks.first?.range.lowerBound ?? whole.upperBound
      blocks.append((oldPath, .move(to: newPath), whole.lowerBound..<end))
    } else if hunks.isEmpty {
      return [(oldPath, .malformed(.noHunks), whole)]
    }
    for (index, hunk) in hunks.enumerated() {
      let start = index == 0 && blocks.isEmpty ? whole.lowerBound : hunk.range.lowerBound
      let edit: Edit =
        switch SignedLines.read(hunk.lines) {
        case .lines(let search, let replacement):
          .replace(
            LineReplacement(search: search, replacement: replacement, lineHint: hunk.lineHint))
        case .malformed(let reason): .malformed(reason)
        }
      blocks.append((oldPath, edit, start..<hunk.range.upperBound))
    }
    return blocks
  }

  /// The rest of the header line that begins with `word`, without a time stamp.
  private func header(_ word: StaticString) -> ArraySlice<UInt8>? {
    for line in lines {
      if line.content[...].startsWith("@@") { return nil }
      if line.content[...].startsWith(word) {
        let rest = line.content[word.utf8CodeUnitCount...]
        return rest.prefix { $0 != UInt8(ascii: "\t") }.trimmed
      }
    }
    return nil
  }

  private func signedRuns() -> [(lines: [[UInt8]], lineHint: Int?, range: Range<Int>)] {
    var runs: [(lines: [[UInt8]], lineHint: Int?, range: Range<Int>)] = []
    for line in lines {
      if line.content[...].startsWith("@@") {
        runs.append(([], HunkHeader(line.content[...])?.oldStart, line.start..<line.end))
      } else if !runs.isEmpty {
        runs[runs.count - 1].lines.append(line.content)
        runs[runs.count - 1].range = runs[runs.count - 1].range.lowerBound..<line.end
      }
    }
    return runs
  }
}

/// The numbers of `@@ -12,3 +12,4 @@`.
struct HunkHeader {
  /// 0-based.
  let oldStart: Int
  let oldCount: Int

  init?(_ line: ArraySlice<UInt8>) {
    guard line.startsWith("@@ -") else { return nil }
    let numbers = line.dropFirst(4).prefix { $0.isASCIIDigit || $0 == UInt8(ascii: ",") }
    let parts = numbers.split(separator: UInt8(ascii: ",")).map {
      Int(String(decoding: $0, as: UTF8.self))
    }
    guard let first = parts.first, let start = first, start >= 0 else { return nil }
    oldStart = max(0, start - 1)
    oldCount = (parts.count > 1 ? parts[1] : 1) ?? 1
  }
}

/// Lines with a blank, `+` or `-` in front.
enum SignedLines {
  case lines(search: [[UInt8]], replacement: [[UInt8]])
  case malformed(MalformedReason)

  /// Splits signed lines into what is quoted and what it becomes; empty lines at the end belong to the text around the patch.
  static func read(_ lines: [[UInt8]]) -> SignedLines {
    var lines = lines[...]
    while lines.last?.isEmpty == true { lines = lines.dropLast() }
    var search: [[UInt8]] = []
    var replacement: [[UInt8]] = []
    for line in lines {
      switch line.first {
      case nil:
        search.append([])
        replacement.append([])
      case UInt8(ascii: " "):
        search.append(Array(line.dropFirst()))
        replacement.append(Array(line.dropFirst()))
      case UInt8(ascii: "-"): search.append(Array(line.dropFirst()))
      case UInt8(ascii: "+"): replacement.append(Array(line.dropFirst()))
      case UInt8(ascii: "\\"): continue
      default: return .malformed(.lineWithoutSign)
      }
    }
    return .lines(search: search, replacement: replacement)
  }
}
