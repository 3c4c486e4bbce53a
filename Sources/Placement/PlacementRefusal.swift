// Why an edit was not placed.

/// The reason for which an edit block changes nothing; every one has a sentence for the human.
package enum PlacementRefusal: Error, Sendable, Equatable {
  case malformed(MalformedReason)
  case pathUnsafe(PathViolation)
  /// A new path that some file system takes for the existing one named here.
  case pathTwin(of: [UInt8])
  /// A new path runs through an existing file, or is an existing directory.
  case pathKindConflict([UInt8])
  /// The file exists, but the model was not shown it.
  case pathNotOffered
  case fileExists
  case fileAbsent
  case contentNotText(NotText)
  case tooLarge(byteCount: Int, limit: Int)
  case blankSearch
  case noChange
  /// The replacement is already in the file and the quoted lines are not; 0-based line.
  case alreadyApplied(atLine: Int)
  /// The line of the replacement that leaves code out.
  case elision(line: [UInt8])
  case notFound
  case ambiguous(placeCount: Int, rung: PlacementRung)
  /// The quoted lines are indented differently from the file, and this line cannot follow.
  case indentationCannotShift(line: [UInt8])
  /// Touches lines, or the file, that the earlier block with this index changes.
  case overlaps(blockIndex: Int)
  /// The lines chosen by hand are not lines of the file.
  case noSuchLines(Range<Int>, lineCount: Int)

  /// What makes content something other than text.
  package enum NotText: Sendable, Equatable {
    case nul
    case invalidUTF8
  }

  /// A full sentence; lines are counted from 1 in it.
  package var sentence: String {
    switch self {
    case .malformed(let reason): reason.sentence
    case .pathUnsafe(let violation): violation.sentence
    case .pathTwin(let path):
      "The path differs from the existing \(shown(path)) only in case, normalisation or invisible characters."
    case .pathKindConflict(let path):
      "The path needs \(shown(path)) to be a directory where it is a file, or a file where it is a directory."
    case .pathNotOffered: "The file exists, but it was not offered to the model."
    case .fileExists: "The block makes a new file, but the file exists already."
    case .fileAbsent: "The block edits a file that does not exist."
    case .contentNotText(.nul): "The content has a NUL byte, so it is not text."
    case .contentNotText(.invalidUTF8): "The content is not valid UTF-8."
    case .tooLarge(let count, let limit): "The content has \(count) bytes; the limit is \(limit)."
    case .blankSearch: "SEARCH has only blank lines, which say nothing about the place."
    case .noChange: "The block changes nothing."
    case .alreadyApplied(let line):
      "The replacement is in the file already, at line \(line + 1), and the quoted lines are not."
    case .elision(let line):
      "REPLACE leaves code out with the line \(shown(Array(line[...].trimmed))), which SEARCH does not have."
    case .notFound: "The quoted lines are nowhere in the file."
    case .ambiguous(let count, let rung):
      "The quoted lines occur \(count) times\(rung == .exact ? "" : ", not exactly,") and nothing says which place is meant."
    case .indentationCannotShift(let line):
      "The file is indented less than the block, and the line \(shown(Array(line[...].trimmed))) of REPLACE cannot follow."
    case .overlaps(let index): "The block overlaps with what block \(index + 1) changes."
    case .noSuchLines(let range, let count):
      "The file has \(count) lines, so lines \(range.lowerBound + 1) to \(range.upperBound) are not in it."
    }
  }

  /// The reason in a word, for records; never changed once it is out.
  package var word: String {
    switch self {
    case .malformed: "malformed"
    case .pathUnsafe: "path-unsafe"
    case .pathTwin: "path-twin"
    case .pathKindConflict: "path-kind-conflict"
    case .pathNotOffered: "path-not-offered"
    case .fileExists: "file-exists"
    case .fileAbsent: "file-absent"
    case .contentNotText: "not-text"
    case .tooLarge: "too-large"
    case .blankSearch: "blank-search"
    case .noChange: "no-change"
    case .alreadyApplied: "already-applied"
    case .elision: "elision"
    case .notFound: "not-found"
    case .ambiguous: "ambiguous"
    case .indentationCannotShift: "indentation"
    case .overlaps: "overlaps"
    case .noSuchLines: "no-such-lines"
    }
  }

  /// The words of the reasons that another answer can do away with: what was quoted was not there, not clear or not whole.
  package static let repairableWords: Set<String> = Set(
    [
      .notFound, .ambiguous(placeCount: 2, rung: .exact), .indentationCannotShift(line: []),
      .elision(line: []), .blankSearch,
    ].map { (reason: PlacementRefusal) in reason.word })

  /// Untrusted bytes as a quoted text; whoever draws it makes control characters visible.
  private func shown(_ bytes: [UInt8]) -> String {
    "“\(String(decoding: bytes.prefix(80), as: UTF8.self))”"
  }
}
