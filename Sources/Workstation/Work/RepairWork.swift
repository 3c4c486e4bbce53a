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
    let content = try await unplaced.content(of: draft.path, history)
    let file = TextFile(content)
    let place = try await offered(to: item, draft, history, in: file)
    let prompt = RepairPrompt(
      path: item.path, block: item.text, reason: item.reason, firstLine: place.lowerBound,
      excerpt: Array(file.lines(place)), instruction: Array(history.start.instruction.utf8))
    let messages = try prompt.messages
    let endpoint = try endpointName(shownAs: draft.endpoint, history.start)
    let connection = try await maker.connection(to: endpoint)
    let budget = maker.budget(of: connection, called: endpoint)
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
    let content = try await unplaced.content(of: path, prepared.history)
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
    return try await unplaced.maker(prepared.history).round(
      after: prepared.history, path: path, content: placed.content, origin: .again,
      rung: prepared.isForced ? "forced anchor" : "asked again, \(rungs)", placing: item,
      promptDigest: prepared.promptDigest)
  }

  /// The lines that go along, and may be quoted: those around the nearest place, or a short file whole.
  private func offered(
    to item: UnplacedItem, _ draft: AgainDraft, _ history: SessionHistory, in file: TextFile
  ) async throws -> Range<Int> {
    guard file.lineCount > 0 else { throw RepairProblem.notThere(draft.path) }
    guard let lines = try await unplaced.near(item, at: draft.place, in: file, history) else {
      guard file.lineCount <= Self.mostLines else {
        throw RepairProblem.tooLong(lines: file.lineCount)
      }
      return 0..<file.lineCount
    }
    return lines
  }

  private var unplaced: UnplacedWork { UnplacedWork(surroundings: maker.surroundings) }
}

extension ArraySlice<UInt8> {
  fileprivate var withoutCarriageReturn: [UInt8] {
    Array(last == UInt8(ascii: "\r") ? dropLast() : self)
  }
}
