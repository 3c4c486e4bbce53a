// Syntax colour for the lines in the window.

import Approval
package import CellGrid
import Diffing
package import Syntax

/// The tokens of the visible lines of one file, and what is needed to find those of other lines.
package struct SyntaxColour: Sendable {
  /// How far above the window may be read in one go; beyond that lines stay plain until the reading has come near.
  private static let reachBytes = 512 << 10

  private var old: SyntaxMap?
  private var new: SyntaxMap?
  /// Tokens by line, of the window only.
  package private(set) var oldTokens: [Int: [Token]] = [:]
  package private(set) var newTokens: [Int: [Token]] = [:]

  /// Makes, beside other work, what the first file needs.
  package static func prepare() { Language.prepare() }

  /// Prepares both sides of a file; a path of no known language has no colour.
  init(_ change: FileChange) {
    guard let diff = change.diff else { return }
    old = Self.map(diff.old, path: change.file.path)
    new = Self.map(diff.new, path: change.file.path)
  }

  private static func map(_ file: TextFile, path: RepositoryPath) -> SyntaxMap? {
    let first = file.lineCount > 0 ? file.lineContent(0) : []
    guard let language = Language.of(path: path.bytes, firstLine: first) else { return nil }
    return SyntaxMap(language: language, lineCount: file.lineCount) { file.line($0) }
  }

  /// Finds the tokens of the given lines. O(lines + what lies between them and the nearest known state).
  mutating func show(old oldLines: [Int], new newLines: [Int]) {
    oldTokens = Self.tokens(&old, oldLines, keeping: oldTokens)
    newTokens = Self.tokens(&new, newLines, keeping: newTokens)
  }

  private static func tokens(
    _ map: inout SyntaxMap?, _ lines: [Int], keeping known: [Int: [Token]]
  ) -> [Int: [Token]] {
    guard map != nil else { return [:] }
    var result: [Int: [Token]] = [:]
    var missing: [Range<Int>] = []
    for line in lines {
      if let tokens = known[line] {
        result[line] = tokens
      } else if let last = missing.last, last.upperBound == line {
        missing[missing.count - 1] = last.lowerBound..<line + 1
      } else {
        missing.append(line..<line + 1)
      }
    }
    for run in missing {
      guard map?.canReach(line: run.lowerBound, withinBytes: reachBytes) == true else {
        map?.advance(byBytes: reachBytes)
        continue
      }
      for (offset, tokens) in (map?.tokens(ofLines: run) ?? []).enumerated() {
        result[run.lowerBound + offset] = tokens
      }
    }
    return result
  }
}

extension ReviewState {
  /// Brings the colour of the visible lines up to date.
  package mutating func refreshColour(for size: GridSize) {
    // A beginning stays plain: the whole file comes at once, with all its states.
    guard let change = currentChange, let metrics = metrics(for: size) else {
      colour = nil
      return
    }
    var colour = self.colour.take()
    if colour?.file != fileIndex { colour = (fileIndex, SyntaxColour(change)) }
    var oldLines: [Int] = []
    var newLines: [Int] = []
    metrics.forEachVisibleRow(from: top, height: geometry(for: size).bodyHeight) { _, row, _, _ in
      switch metrics.layout.rows[row] {
      case .context(let old, let new):
        oldLines.append(old)
        newLines.append(new)
      case .change(let old, let new, _, _):
        if let old { oldLines.append(old) }
        if let new { newLines.append(new) }
      case .hunkHeader, .rest, .mode, .whole, .comment: break
      }
    }
    colour?.tokens.show(old: oldLines, new: newLines)
    self.colour = colour
  }
}
