// From the model's answer to a proposal: edits parsed, placed, and written as git objects.

package import Approval
import Diffing
package import GitStore
import Placement
import Review

/// Why an answer or a patch gives no proposal.
package enum ProposalProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case noEdits
  case changesNothing

  package var description: String {
    switch self {
    case .noEdits:
      "The answer holds no edit, so there is nothing to review. It is kept; ask again with a clearer instruction, or with fewer files."
    case .changesNothing: "The change is empty: both sides are the same."
    }
  }
}

/// Makes proposals from edit blocks.
package struct ProposalMaker: Sendable {
  package let repository: Repository

  package init(repository: Repository) { self.repository = repository }

  /// Parses `answer`, places its edits in `offered` files of the base, and writes the proposal's objects; anchors nothing.
  ///
  /// - Throws: `ProposalProblem.noEdits` when the answer holds no edit at all; `GitError`.
  package func round(
    _ number: Int, from answer: [UInt8], base: ObjectID?, baseTree: ObjectID,
    offered: [RepositoryPath]?
  ) async throws -> SessionRound {
    let listing = try await repository.treeListing(of: baseTree)
    var settings = EditBlockSettings()
    settings.knownPaths = Set(listing.keys.map(\.bytes))
    let blocks = EditBlockParser.blocks(in: answer, settings)
    guard !blocks.isEmpty else { throw ProposalProblem.noEdits }
    // A patch may touch any file of the base that it names; a model only what it was given.
    let paths = offered ?? Set(blocks.map { RepositoryPath($0.path) }).sorted()
    var files: [OfferedFile] = []
    for path in paths {
      guard let state = listing[path], state.mode.isFile else { continue }
      files.append(OfferedFile(path: path.bytes, content: try await repository.blob(state.blob)))
    }
    let outcome = place(
      blocks: blocks, in: files, existingPaths: PathIndex(listing.keys.map(\.bytes)))
    var contents: [RepositoryPath: ProposedContent] = [:]
    for change in outcome.changes {
      let path = RepositoryPath(change.path)
      switch change.kind {
      case .deleted: contents[path] = .deleted
      case .created: contents[path] = .file(.regular, change.content)
      case .modified: contents[path] = .file(listing[path]?.mode ?? .regular, change.content)
      case .moved(let from):
        let source = RepositoryPath(from)
        contents[source] = .deleted
        contents[path] = .file(listing[source]?.mode ?? .regular, change.content)
      }
    }
    let proposal = try await repository.makeProposal(base: base, contents: contents)
    let offeredFiles = Dictionary(
      files.map { ($0.path, TextFile($0.content)) }, uniquingKeysWith: { first, _ in first })
    var unplaced: [UnplacedItem] = []
    for edit in outcome.unplaced {
      // The model was not given the file, and so has no place in it; the human may give it one.
      if case .pathNotOffered = edit.reason, let state = listing[RepositoryPath(edit.block.path)],
        state.mode.isFile,
        // One that cannot be read has no place to show, and is no reason to lose what was placed.
        let content = try? await repository.blob(state.blob, limit: PlacementLimits().fileBytes)
      {
        unplaced.append(
          item(
            edit, [edit.block.path: TextFile(content)],
            places: Self.places(of: edit.block, in: content)))
      } else {
        unplaced.append(item(edit, offeredFiles, places: edit.candidates.map(\.lineRange)))
      }
    }
    return SessionRound(
      number: number, proposal: proposal, placements: placements(outcome), unplaced: unplaced)
  }

  /// Where a block would go in a file, or nearly.
  private static func places(of block: EditBlock, in content: [UInt8]) -> [Range<Int>] {
    let outcome = place(
      blocks: [block], in: [OfferedFile(path: block.path, content: content)],
      existingPaths: PathIndex([block.path]))
    return outcome.changes.flatMap(\.placements).map(\.oldLineRange)
      + outcome.unplaced.flatMap(\.candidates).map(\.lineRange)
  }

  /// Makes the round of a review of what exists already, such as a range of commits; anchors nothing.
  package func round(_ number: Int, base: ObjectID?, tree: ObjectID) async throws -> SessionRound {
    let proposal = try await repository.makeProposal(base: base, tree: tree)
    guard !proposal.files.isEmpty else { throw ProposalProblem.changesNothing }
    return SessionRound(number: number, proposal: proposal, placements: [:], unplaced: [])
  }

  private func placements(_ outcome: PlacementOutcome) -> [RepositoryPath: [PlacedRange]] {
    var result: [RepositoryPath: [PlacedRange]] = [:]
    for change in outcome.changes {
      result[RepositoryPath(change.path)] = change.placements.map {
        PlacedRange(
          newLines: $0.newLineRange,
          rung: $0.rung.words + ($0.byOrder ? ", placed by order" : "")
            + ($0.shrinksMuch ? ", removes much" : ""))
      }
    }
    return result
  }

  private static func nearPlace(_ lines: Range<Int>, in file: TextFile) -> NearPlace {
    let above = max(0, lines.lowerBound - 3)..<lines.lowerBound
    let below = lines.upperBound..<min(file.lineCount, lines.upperBound + 3)
    let scope = file.enclosingLine(of: lines.lowerBound).map { Array(file.lineContent($0)) }
    return NearPlace(
      line: lines.lowerBound, text: Array(file.lines(lines)), above: Array(file.lines(above)),
      below: Array(file.lines(below)), scope: scope ?? [])
  }

  private static func text(of lines: [[UInt8]]) -> [UInt8] {
    lines.flatMap { $0 + [UInt8(ascii: "\n")] }
  }

  private func item(
    _ edit: UnplacedEdit, _ files: [[UInt8]: TextFile], places ranges: [Range<Int>]
  ) -> UnplacedItem {
    var wanted: [UInt8] = []
    var replacement: [UInt8]?
    if case .replace(let edit) = edit.block.edit {
      wanted = Self.text(of: edit.search)
      replacement = Self.text(of: edit.replacement)
    }
    var places: [NearPlace] = []
    if let file = files[edit.block.path] {
      places = ranges.filter { !$0.isEmpty }.map { Self.nearPlace($0, in: file) }
    }
    return UnplacedItem(
      path: edit.block.path, reason: edit.reason.sentence, refusal: edit.reason.word,
      text: edit.block.verbatim, wanted: wanted, replacement: replacement, places: places)
  }
}

extension PlacementRung {
  /// What the hunk's title says.
  var words: String {
    switch self {
    case .exact: "exact"
    case .trailingBlanks: "whitespace"
    case .typography: "typography"
    case .indentation: "indentation"
    case .wholeFile: "whole file"
    case .byHand: "by hand"
    }
  }
}
