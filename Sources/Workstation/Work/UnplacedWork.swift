// What the human does with an edit that could not be placed: put it in by hand, choose its place, drop it.

import Approval
import Diffing
import GitStore
import Placement
import Review

/// Why an edit cannot be put where the human chose.
enum PlaceProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Other edits changed the lines that were shown.
  case linesChanged
  /// The ledger does not say what was to stand there.
  case noReplacement
  case refused(PlacementRefusal)

  var description: String {
    switch self {
    case .linesChanged:
      "Another edit has changed these lines since; put it in by hand."
    case .noReplacement:
      "The ledger of this session does not say what was to stand there; put it in by hand."
    case .refused(let reason): "It cannot go there: \(reason.sentence)"
    }
  }
}

struct UnplacedWork: Sendable {
  let surroundings: Surroundings

  private var repository: Repository { surroundings.repository }
  /// Lines on either side of the nearest ones that the editor and the model get.
  private static let surroundingLines = 60

  func maker(_ history: SessionHistory) -> RoundMaker {
    RoundMaker(surroundings: surroundings, session: history.start.id)
  }

  // MARK: By hand

  /// The lines around `place`, or the whole file where nothing is near.
  func handEdit(
    of item: UnplacedItem, at place: NearPlace?, _ history: SessionHistory
  ) async throws -> HandEdit {
    let file = TextFile(try await content(of: RepositoryPath(item.path), history))
    let lines = try await near(item, at: place, in: file, history) ?? 0..<file.lineCount
    return HandEdit(item: item, lines: lines, before: Array(file.lines(lines)))
  }

  /// The round in which the lines of `edit` are `lines`; everything else is as in the round that stands.
  func roundByHand(
    _ history: SessionHistory, _ edit: HandEdit, content lines: [UInt8]
  ) async throws -> SessionRound {
    let path = RepositoryPath(edit.item.path)
    let file = TextFile(try await content(of: path, history))
    guard edit.lines.upperBound <= file.lineCount,
      edit.before.elementsEqual(file.lines(edit.lines))
    else { throw RoundProblem.overtaken }
    return try await maker(history).round(
      after: history, path: path, content: file.replacing(edit.lines, with: lines), origin: .edit,
      rung: "by hand", placing: edit.item)
  }

  // MARK: Placing and dropping

  /// The round in which an edit stands in the place of the lines that were shown beside it.
  ///
  /// Where those are the lines it quotes it goes in as the ladder would put it; elsewhere it takes their place as it is.
  func roundPlacing(
    _ item: UnplacedItem, at place: NearPlace, _ history: SessionHistory
  ) async throws -> SessionRound {
    guard let replacement = item.replacement else { throw PlaceProblem.noReplacement }
    let path = RepositoryPath(item.path)
    let content = try await content(of: path, history)
    let file = TextFile(content)
    guard let lines = try await self.lines(of: place, path, in: file, history),
      place.text.elementsEqual(file.lines(lines))
    else { throw PlaceProblem.linesChanged }
    let block = EditBlock(
      syntax: .searchReplace, path: item.path,
      edit: .replace(
        LineReplacement(
          search: Self.lines(of: item.wanted), replacement: Self.lines(of: replacement))),
      answerRange: 0..<0, verbatim: item.text)
    let outcome = placeByHand(
      block, at: lines, in: [OfferedFile(path: item.path, content: content)],
      existingPaths: PathIndex([item.path]))
    if let refused = outcome.unplaced.first { throw PlaceProblem.refused(refused.reason) }
    guard let placed = outcome.changes.first, placed.kind == .modified else {
      throw PlaceProblem.refused(.noChange)
    }
    return try await maker(history).round(
      after: history, path: path, content: placed.content, origin: .placed,
      rung: "place chosen by you", placing: item)
  }

  /// The round that is like the one that stands, without `item`.
  func roundDropping(_ item: UnplacedItem, _ history: SessionHistory) async throws -> SessionRound {
    guard let ledger = history.ledger, let before = history.round else {
      throw RoundProblem.noProposal
    }
    var unplaced = before.unplaced
    guard let index = unplaced.firstIndex(of: item) else { throw RoundProblem.overtaken }
    unplaced.remove(at: index)
    return try await maker(history).round(
      history.nextRoundNumber, origin: .dropped, base: ledger.proposal.baseCommit,
      tree: ledger.proposal.tree, placements: before.placements, unplaced: unplaced)
  }

  private static func lines(of text: [UInt8]) -> [[UInt8]] {
    let file = TextFile(text)
    return (0..<file.lineCount).map { Array(file.lineContent($0)) }
  }

  // MARK: Where it could be

  /// The file as the round that stands has it.
  func content(of path: RepositoryPath, _ history: SessionHistory) async throws -> [UInt8] {
    guard let ledger = history.ledger else { throw RoundProblem.noProposal }
    let listing = try await repository.treeListing(of: ledger.proposal.tree)
    guard let state = listing[path], state.mode.isFile else { throw RepairProblem.notThere(path) }
    return try await repository.blob(state.blob)
  }

  /// The lines around `place`; nil when nothing is near.
  func near(
    _ item: UnplacedItem, at place: NearPlace?, in file: TextFile, _ history: SessionHistory
  ) async throws -> Range<Int>? {
    guard let place,
      let lines = try await lines(of: place, RepositoryPath(item.path), in: file, history)
    else { return nil }
    return max(
      0, lines.lowerBound - Self.surroundingLines)..<min(
        file.lineCount, lines.upperBound + Self.surroundingLines)
  }

  /// Where the lines of `place` are in `file`, changed or not: the item names their place in the file as the model was given it, and
  /// other edits have moved them since. nil when that cannot be told.
  private func lines(
    of place: NearPlace, _ path: RepositoryPath, in file: TextFile, _ history: SessionHistory
  ) async throws -> Range<Int>? {
    guard let ledger = history.ledger else { throw RoundProblem.noProposal }
    let offered = place.line..<place.line + TextFile(place.text).lineCount
    // Its number is one of the file as the model was given it; on another base the same text may stand elsewhere there.
    if ledger.proposal.baseTree == history.start.baseTree,
      let state = try await repository.treeListing(of: ledger.proposal.baseTree)[path],
      state.mode.isFile
    {
      let base = TextFile(try await repository.blob(state.blob))
      if offered.upperBound <= base.lineCount, place.text.elementsEqual(base.lines(offered)) {
        return FileDiff.between(base, file).newLines(of: offered)
      }
    }
    // The base is another one by now.
    return Self.onlyLines(place.text, in: file)
  }

  private static func onlyLines(_ text: [UInt8], in file: TextFile) -> Range<Int>? {
    let wanted = TextFile(text)
    guard wanted.lineCount > 0, wanted.lineCount <= file.lineCount else { return nil }
    let places = (0...file.lineCount - wanted.lineCount).filter { start in
      (0..<wanted.lineCount).allSatisfy { wanted.lineContent($0) == file.lineContent(start + $0) }
    }
    return places.count == 1 ? places[0]..<places[0] + wanted.lineCount : nil
  }
}
