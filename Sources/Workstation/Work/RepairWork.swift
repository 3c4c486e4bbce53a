// Asking for an edit again that could not be placed, and the round that its answer makes.

import Approval
import AuditLog
import Diffing
import Digest
import GitStore
import ModelClient
import Placement
import Review

/// Why an edit cannot be asked for again.
enum RepairProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case notThere(RepositoryPath)
  /// The model named a file that it had not been given.
  case notOffered(RepositoryPath)
  /// Nothing in the file is near, and it is too long to go along whole.
  case tooLong(lines: Int)

  var description: String {
    switch self {
    case .notOffered(let path):
      "\(DisplayedBytes.text(of: path.bytes)) was not among the files of this request, so it does not go along for a repair either; ask anew with it, if the model may have it."
    case .notThere(let path):
      "\(DisplayedBytes.text(of: path.bytes)) is no file with lines that an edit could go into; ask for the change anew."
    case .tooLong(let lines):
      "No lines are near what the edit wanted, and the file is too long to go along whole (\(lines) lines): do it by hand."
    }
  }
}

extension AgainWork {
  /// Lines on either side of the nearest ones that go along, and may be quoted.
  private static let surroundings = 60
  /// A file without a near place goes along whole up to so many lines.
  private static let mostLines = 600
  /// The most tokens that the answer may have.
  private static let answerTokens = 2048

  /// Opens the endpoint and builds the short conversation; sends nothing.
  func prepareRepair(
    of item: UnplacedItem, _ draft: AgainDraft, _ history: SessionHistory
  ) async throws -> PreparedAgain {
    // A model may name any file; none goes along that was not given to it, or made by it.
    guard let ledger = history.ledger,
      history.start.files.contains(draft.path) || ledger.proposal.index(of: draft.path) != nil
    else { throw RepairProblem.notOffered(draft.path) }
    let content = try await content(of: draft.path, history)
    let file = TextFile(content)
    let place = try Self.offered(to: item, in: file)
    let prompt = RepairPrompt(
      path: item.path, block: item.text, reason: item.reason, firstLine: place.lowerBound,
      excerpt: Array(file.lines(place)), instruction: Array(history.start.instruction.utf8))
    let messages = try prompt.messages
    let endpoint = try endpointName(shownAs: draft.endpoint, history.start)
    let connection = try await maker.connection(to: endpoint)
    let budget = TokenBudget(connection: connection)
    if let excess = budget.excess(of: messages) {
      throw AgainProblem.tooLong(tokens: excess.tokens, limit: excess.limit)
    }
    let isForced = connection.server.capabilities.contains(.grammar)
    let grammar = AnchorGrammar(
      path: item.path, lines: place.map { file.lineContent($0).withoutCarriageReturn },
      markerLength: prompt.markerLength)
    let request = ChatRequest(
      model: connection.model, messages: messages,
      maxTokens: min(budget.answerTokens, Self.answerTokens),
      // Another try is another try.
      seed: history.nextAsk, grammar: isForced ? grammar.text : nil)
    return PreparedAgain(
      draft: draft, history: history, connection: connection, request: request,
      question: messages.last?.content ?? [], working: content, place: place,
      use: ModelUse(of: request, over: connection, called: endpoint))
  }

  /// Places the edit of `answer` and makes a round of it, without the item that it repairs; the caller records it.
  func repairedRound(
    _ prepared: PreparedAgain, _ item: UnplacedItem, answer: [UInt8]
  ) async throws -> SessionRound {
    let path = prepared.draft.path
    var settings = EditBlockSettings()
    settings.knownPaths = [path.bytes]
    let blocks = EditBlockParser.blocks(in: answer, settings).filter { $0.path == path.bytes }
    guard !blocks.isEmpty else { throw AgainProblem.noEdits }
    guard let ledger = prepared.history.ledger else {
      throw RoundProblem.noProposal
    }
    let content = try await content(of: path, prepared.history)
    let listing = try await repository.treeListing(of: ledger.proposal.tree)
    let outcome = place(
      blocks: blocks, in: [OfferedFile(path: path.bytes, content: content)],
      existingPaths: PathIndex(listing.keys.map(\.bytes)))
    // All of the answer or nothing: what would be left of it would be nowhere.
    guard outcome.unplaced.isEmpty, outcome.changes.count == 1,
      let placed = outcome.changes.first(where: { $0.path == path.bytes }),
      placed.kind == .modified
    else {
      throw AgainProblem.nothingPlaced(outcome.unplaced.first?.reason.sentence ?? "no edit of it.")
    }
    if let stray = placed.placements.first(where: {
      $0.oldLineRange.lowerBound < prepared.place.lowerBound
        || $0.oldLineRange.upperBound > prepared.place.upperBound
    }) {
      throw AgainProblem.nothingPlaced(
        "it changes line \(stray.oldLineRange.lowerBound + 1), which was not offered.")
    }
    let rungs = Set(placed.placements.map(\.rung.words)).sorted().joined(separator: ", ")
    return try await roundMaker(prepared.history).round(
      after: prepared.history, path: path, content: placed.content, origin: .again,
      rung: prepared.isForced ? "forced anchor" : "asked again, \(rungs)", placing: item,
      promptDigest: prepared.promptDigest)
  }

  // MARK: By hand

  /// The lines around the nearest place of an edit, or the whole file where nothing is near.
  func handEdit(of item: UnplacedItem, _ history: SessionHistory) async throws -> HandEdit {
    let file = TextFile(try await content(of: RepositoryPath(item.path), history))
    let lines = Self.near(item, in: file) ?? 0..<file.lineCount
    return HandEdit(item: item, lines: lines, before: Array(file.lines(lines)))
  }

  /// The round in which the lines of `edit` are `lines`; everything else is as in the round that stands.
  func roundByHand(
    _ history: SessionHistory, _ edit: HandEdit, content lines: [UInt8]
  ) async throws -> SessionRound {
    let content = try await content(of: RepositoryPath(edit.item.path), history)
    let file = TextFile(content)
    guard edit.lines.upperBound <= file.lineCount,
      edit.before.elementsEqual(file.lines(edit.lines))
    else { throw RoundProblem.overtaken }
    let after = Array(file.lines(edit.lines.upperBound..<file.lineCount))
    var lines = lines
    if let last = lines.last, last != UInt8(ascii: "\n"), !after.isEmpty {
      lines.append(UInt8(ascii: "\n"))
    }
    return try await roundMaker(history).round(
      after: history, path: RepositoryPath(edit.item.path),
      content: Array(file.lines(0..<edit.lines.lowerBound)) + lines + after, origin: .edit,
      rung: "by hand", placing: edit.item)
  }

  private func roundMaker(_ history: SessionHistory) -> RoundMaker {
    RoundMaker(surroundings: maker.surroundings, session: history.start.id)
  }

  /// The file as the round that stands has it.
  private func content(
    of path: RepositoryPath, _ history: SessionHistory
  ) async throws -> [UInt8] {
    guard let ledger = history.ledger else { throw RoundProblem.noProposal }
    let listing = try await repository.treeListing(of: ledger.proposal.tree)
    guard let state = listing[path], state.mode.isFile else { throw RepairProblem.notThere(path) }
    return try await repository.blob(state.blob)
  }

  private static func offered(to item: UnplacedItem, in file: TextFile) throws -> Range<Int> {
    guard file.lineCount > 0 else { throw RepairProblem.notThere(RepositoryPath(item.path)) }
    guard let lines = near(item, in: file) else {
      guard file.lineCount <= mostLines else { throw RepairProblem.tooLong(lines: file.lineCount) }
      return 0..<file.lineCount
    }
    return lines
  }

  /// The lines around those that are nearest to what an edit wanted to find; nil when none are near.
  private static func near(_ item: UnplacedItem, in file: TextFile) -> Range<Int>? {
    line(of: item.candidate, in: file).map { line in
      let end = line + TextFile(item.candidate).lineCount + surroundings
      return max(0, line - surroundings)..<min(file.lineCount, end)
    }
  }

  /// Where the nearest lines stand now: the item names their place in the file as it was offered, and other edits have moved them since.
  /// nil when they are there no more, or several times.
  private static func line(of candidate: [UInt8], in file: TextFile) -> Int? {
    let wanted = TextFile(candidate)
    guard wanted.lineCount > 0, wanted.lineCount <= file.lineCount else { return nil }
    let places = (0...file.lineCount - wanted.lineCount).filter { start in
      (0..<wanted.lineCount).allSatisfy { wanted.lineContent($0) == file.lineContent(start + $0) }
    }
    return places.count == 1 ? places[0] : nil
  }
}

extension ArraySlice<UInt8> {
  fileprivate var withoutCarriageReturn: [UInt8] {
    Array(last == UInt8(ascii: "\r") ? dropLast() : self)
  }
}
