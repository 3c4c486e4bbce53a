// Moves a session onto the tip of its branch: every change is located anew, exactly or not at all.

import Approval
import Diffing
import GitStore
import Placement
import Review

/// Makes the round of a session whose branch has moved on.
///
/// A file that did not change between base and tip keeps its new side. In one that did, each hunk is located by its lines, exactly, by the
/// same ladder that places a model's edits; one that is not found becomes an unplaced edit, with the reason. What the tip has already is
/// left out.
struct BaseMover: Sendable {
  let maker: RoundMaker

  private var repository: Repository { maker.surroundings.repository }

  func round(after history: SessionHistory, onto tip: ObjectID) async throws -> SessionRound {
    guard let ledger = history.ledger, let before = history.round else {
      throw RoundProblem.noProposal
    }
    let tree = try await repository.commitContent(tip).tree
    let listing = try await repository.treeListing(of: tree)
    var changes: [RepositoryPath: FileState?] = [:]
    var unplaced = before.unplaced
    var placements: [RepositoryPath: [PlacedRange]] = [:]
    for file in ledger.proposal.files {
      let now = listing[file.path]
      if now == file.old {
        changes[file.path] = .some(file.new)
        placements[file.path] = before.placements[file.path]
      } else if now != file.new {
        let moved = try await replaced(file, on: now, paths: listing.keys.map(\.bytes))
        if let state = moved.state { changes[file.path] = state }
        placements[file.path] = moved.placements
        unplaced += moved.unplaced
      }
    }
    let moved = try await repository.writeTree(base: tree, changes: changes)
    return try await maker.round(
      history.nextRoundNumber, origin: .movedBase, base: tip, tree: moved, placements: placements,
      unplaced: unplaced)
  }

  private struct Replaced {
    var state: FileState?
    var placements: [PlacedRange] = []
    var unplaced: [UnplacedItem] = []
  }

  private func replaced(
    _ file: ProposedFile, on now: FileState?, paths: [[UInt8]]
  ) async throws -> Replaced {
    let change = try await maker.surroundings.fileChange(file)
    guard let diff = change.diff, let now, now.mode.isFile, let old = file.old, let new = file.new
    else {
      return Replaced(unplaced: [
        item(
          file, text: [],
          "The tip has another version of this file, and it cannot be merged line by line.")
      ])
    }
    let content = try await repository.blob(now.blob)
    let hunks = diff.hunks()
    let blocks = hunks.map { hunk in
      EditBlock(
        syntax: .unifiedDiff, path: file.path.bytes,
        edit: .replace(
          LineReplacement(
            search: Self.lines(diff.old, hunk.oldRange),
            replacement: Self.lines(diff.new, hunk.newRange), lineHint: hunk.oldRange.lowerBound)),
        answerRange: 0..<0, verbatim: Array(diff.new.lines(hunk.newRange)))
    }
    let outcome = place(
      blocks: blocks, in: [OfferedFile(path: file.path.bytes, content: content)],
      existingPaths: PathIndex(paths))
    var result = Replaced()
    let placed = outcome.changes.first
    let exact = placed?.placements.allSatisfy { $0.rung == .exact && $0.pin != .order } ?? true
    guard exact else {
      return Replaced(unplaced: [
        item(
          file, text: [],
          "The lines around a change are not the same on the tip, so the file was left as it is there."
        )
      ])
    }
    for edit in outcome.unplaced {
      // What the tip has already needs no decision any more.
      if case .alreadyApplied = edit.reason { continue }
      result.unplaced.append(item(file, text: edit.block.verbatim, edit.reason.sentence))
    }
    let mode = new.mode == old.mode ? now.mode : new.mode
    if let placed {
      result.state = FileState(mode: mode, blob: try await repository.writeBlob(placed.content))
      result.placements = placed.placements.map {
        PlacedRange(newLines: $0.newLineRange, rung: "exact, moved")
      }
    } else if mode != now.mode {
      result.state = FileState(mode: mode, blob: now.blob)
    }
    return result
  }

  private static func lines(_ file: TextFile, _ range: Range<Int>) -> [[UInt8]] {
    range.map { Array(file.lineContent($0)) }
  }

  private func item(_ file: ProposedFile, text: [UInt8], _ reason: String) -> UnplacedItem {
    UnplacedItem(
      path: file.path.bytes, reason: reason, text: text, wanted: [], places: [])
  }
}
