// Asking the model again for one place: the conversation, and the round that its answer makes.

import Approval
import Diffing
import Digest
import GitStore
import ModelClient
import Placement
import Review

/// Why the model cannot be asked again, or its answer not be used.
enum AgainProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case noEndpoint
  case endpointGone(String)
  case tooLong(tokens: Int, limit: Int)
  case noEdits
  case nothingPlaced(String)
  case touchesApproved(Int)
  case touchesDecided(Int)
  case recording

  var description: String {
    switch self {
    case .noEndpoint:
      "No model server is known for this session: name an endpoint in the configuration."
    case .endpointGone(let name):
      "The endpoint \(name) is not known now, and no other one is asked instead."
    case .tooLong(let tokens, let limit):
      "The conversation has about \(tokens) tokens and the model takes \(limit): ask for less at once."
    case .noEdits: "The answer holds no edit; the round before stands. Say more in a comment."
    case .nothingPlaced(let reason):
      "The new edit could not be placed, so the round before stands: \(reason)"
    case .recording:
      "The demo replays one recorded answer; asking for more takes a model of yours."
    case .touchesDecided(let count):
      "The answer changes \(count) line\(count == 1 ? "" : "s") you decided on, so none of it was taken over."
    case .touchesApproved(let count):
      "The answer changes \(count) line\(count == 1 ? "" : "s") you approved, so none of it was taken over."
    }
  }
}

/// A question that was checked and may be sent.
struct PreparedAgain: Sendable {
  let draft: AgainDraft
  /// What the session was when it was asked.
  let history: SessionHistory
  let connection: ModelConnection
  let request: ChatRequest
  /// The last message, which asks.
  let question: [UInt8]
  /// The file without the lines that are asked about; nil when it does not exist without them.
  let working: [UInt8]?
  /// The lines of `working` that the answer may change.
  let place: Range<Int>
  let use: ModelUse

  var promptDigest: String { use.promptDigest }
  /// Whether a grammar let the answer quote nothing but lines that are there.
  var isForced: Bool { request.grammar != nil }
}

/// What was said before, as it is kept beside the ledger.
struct KeptExchanges: Sendable {
  let firstAnswer: [UInt8]?
  let later: [(question: [UInt8], answer: [UInt8])]

  init(_ store: SessionStore, _ history: SessionHistory) throws {
    let id = history.start.id
    firstAnswer =
      history.start.source == .model ? try store.content(id, of: .answer(ask: nil)) : nil
    var later: [(question: [UInt8], answer: [UInt8])] = []
    for ask in history.askedAndStanding {
      guard let question = try store.content(id, of: .question(ask: ask.number)),
        let answer = try store.content(id, of: .answer(ask: ask.number))
      else { continue }
      later.append((question, answer))
    }
    self.later = later
  }
}

struct AgainWork: Sendable {
  let maker: RequestMaker

  var repository: Repository { maker.surroundings.repository }

  // MARK: Asking

  /// Opens the endpoint and builds the conversation; sends nothing.
  func prepare(
    _ draft: AgainDraft, _ history: SessionHistory, _ kept: KeptExchanges,
    comments: [ReviewComment], seed: Int
  ) async throws -> PreparedAgain {
    if let item = draft.repair { return try await prepareRepair(of: item, draft, history) }
    guard let ledger = history.ledger else { throw RoundProblem.noProposal }
    guard let index = ledger.proposal.index(of: draft.path) else {
      throw RoundProblem.gone(draft.path)
    }
    let change = try await maker.surroundings.fileChange(ledger.proposal.files[index])
    guard let diff = change.diff else { throw RoundProblem.gone(draft.path) }
    let scene = try Scene(diff, without: draft.lines, file: change.file)
    let prompt = try await prompt(draft, ledger, scene, diff, comments: comments)
    let question = try prompt.message
    // The one that was shown, and still there.
    let endpoint = try endpointName(shownAs: draft.endpoint, history.start)
    let connection = try await maker.connection(to: endpoint)
    let messages = try await conversation(history.start, kept, question, scene, draft)
    let budget = maker.budget(of: connection, called: endpoint)
    if let excess = budget.excess(of: messages) {
      throw AgainProblem.tooLong(tokens: excess.tokens, limit: excess.limit)
    }
    let request = ChatRequest(
      model: connection.model, messages: messages, maxTokens: budget.answerTokens,
      temperature: seed == 0 ? 0.2 : 0.7, seed: seed)
    return PreparedAgain(
      draft: draft, history: history, connection: connection, request: request,
      question: question.content, working: scene.working, place: scene.excerpt,
      use: ModelUse(of: request, over: connection, called: endpoint))
  }

  /// The endpoint that is asked unless the human chooses another one: the session's own; for what no model wrote, the one the configuration names first.
  func endpointName(_ start: SessionStart) throws -> String {
    if maker.surroundings.replay != nil { throw AgainProblem.recording }
    if !start.endpoint.isEmpty {
      guard maker.endpoints.contains(where: { $0.name == start.endpoint }) else {
        throw AgainProblem.endpointGone(start.endpoint)
      }
      return start.endpoint
    }
    let standard = maker.surroundings.configuration.defaultEndpoint
    guard let name = standard ?? maker.endpoints.first?.name else { throw AgainProblem.noEndpoint }
    return name
  }

  /// The endpoint that is asked, with where it is now: the name alone may have been another place's when the session began.
  func endpointWords(_ start: SessionStart) throws -> String { words(try endpointName(start)) }

  /// The other endpoints that may be asked for a session, when the human chooses one of them.
  func otherEndpointsWords(_ start: SessionStart) throws -> [String] {
    let own = try endpointName(start)
    return maker.endpoints.map(\.name).filter { $0 != own }.map(words)
  }

  /// The endpoint that a human was shown under `words`, and chose or left as it was; no other one is asked instead.
  func endpointName(shownAs shown: String, _ start: SessionStart) throws -> String {
    let own = try endpointName(start)
    let names = [own] + maker.endpoints.map(\.name)
    guard let name = names.first(where: { words($0) == shown }) else {
      throw AgainProblem.endpointGone(shown)
    }
    return name
  }

  private func words(_ name: String) -> String {
    "\(name) at \(maker.endpoints.first { $0.name == name }?.url ?? "")"
  }

  /// Earlier messages stay as they were, so that the server's prefix cache holds; what no model wrote begins with the file itself.
  private func conversation(
    _ start: SessionStart, _ kept: KeptExchanges, _ question: ChatMessage, _ scene: Scene,
    _ draft: AgainDraft
  ) async throws -> [ChatMessage] {
    guard let first = kept.firstAnswer, let answer = ChatMessage(.assistant, bytes: first) else {
      let files =
        scene.working.map { [PromptFile(path: draft.path.bytes, content: $0)] } ?? []
      return try PromptBuilder(files: files, instruction: question.content).messages
    }
    var messages = try await maker.messages(
      start.draft, base: start.baseCommit)
    messages.append(answer)
    for exchange in kept.later {
      guard let asked = ChatMessage(.user, bytes: exchange.question),
        let answered = ChatMessage(.assistant, bytes: exchange.answer)
      else { continue }
      messages += [asked, answered]
    }
    return messages + [question]
  }

  private func prompt(
    _ draft: AgainDraft, _ ledger: DecisionLedger, _ scene: Scene, _ diff: FileDiff,
    comments: [ReviewComment]
  ) async throws -> AgainPrompt {
    var prompt = AgainPrompt(path: draft.path.bytes)
    for (index, file) in ledger.proposal.files.enumerated() {
      let decisions = ledger.decisions(forFile: index)
      guard decisions.takesAnything || file.path == draft.path,
        let other = file.path == draft.path
          ? diff : try await maker.surroundings.fileChange(file).diff
      else { continue }
      let shift: (Int) -> Int = file.path == draft.path ? { scene.line(ofNew: $0) } : { $0 }
      for hunk in other.hunks() {
        let verdicts = Set(
          other.changedLines(at: hunk.changedLines).map { decisions.verdict(of: $0.line) })
        let groups = other.groups[hunk.groups]
        let start = shift(groups.first?.newRange.lowerBound ?? 0)
        let lines = start..<max(start + 1, shift(groups.last?.newRange.upperBound ?? 0))
        if verdicts == [.approved] {
          prompt.accepted.append(DecidedLines(path: file.path.bytes, lines: lines))
        } else if file.path == draft.path, verdicts.contains(.rejected) {
          prompt.rejected.append(
            DecidedLines(
              path: file.path.bytes, lines: lines,
              reason: reason(ledger, file.path, other, hunk) ?? ""))
        }
      }
    }
    prompt.explainsFirst = draft.explainsFirst
    prompt.comments = comments.map { comment in
      SpokenComment(lines: comment.anchor.map { $0.lines.flatMap { $0 } } ?? [], text: comment.text)
    }
    prompt.isNewFile = scene.working == nil
    prompt.firstLine = scene.excerpt.lowerBound
    prompt.excerpt = scene.excerptText
    prompt.earlier = scene.earlier
    return prompt
  }

  private func reason(
    _ ledger: DecisionLedger, _ path: RepositoryPath, _ diff: FileDiff, _ hunk: Hunk
  ) -> String? {
    for record in ledger.decisionsInForce.reversed()
    where record.file.path == path && record.verdict == .rejected && !record.reason.isEmpty {
      guard case .lines(let script, _) = record.unit,
        let selection = diff.selection(of: script), selection.count(in: hunk.changedLines) > 0
      else { continue }
      return record.reason
    }
    return nil
  }

  // MARK: Answering

  /// Places the edits of `answer` and makes a round of them; the caller records it.
  ///
  /// - Throws: `AgainProblem` when nothing of the answer can be used; the round that stands is as it was.
  func round(_ prepared: PreparedAgain, answer: [UInt8]) async throws -> SessionRound {
    if let item = prepared.draft.repair {
      return try await repairedRound(prepared, item, answer: answer)
    }
    let path = prepared.draft.path
    var settings = EditBlockSettings()
    settings.knownPaths = [path.bytes]
    let blocks = EditBlockParser.blocks(in: answer, settings).filter { $0.path == path.bytes }
    guard !blocks.isEmpty else { throw AgainProblem.noEdits }
    guard let ledger = prepared.history.ledger else { throw RoundProblem.noProposal }
    let listing = try await repository.treeListing(of: ledger.proposal.tree)
    let others = listing.keys.filter { $0 != path }.map(\.bytes)
    let files = prepared.working.map { [OfferedFile(path: path.bytes, content: $0)] } ?? []
    let outcome = place(
      blocks: blocks, in: files, existingPaths: PathIndex(others + files.map(\.path)))
    guard let placed = outcome.changes.first(where: { $0.path == path.bytes }) else {
      throw AgainProblem.nothingPlaced(outcome.unplaced.first?.reason.sentence ?? "no edit of it.")
    }
    if prepared.working != nil,
      let stray = placed.placements.first(where: { !prepared.place.contains($0.oldLineRange) })
    {
      throw AgainProblem.nothingPlaced(
        "it changes line \(stray.oldLineRange.lowerBound + 1), which was not asked about.")
    }
    let rungs = Set(placed.placements.map(\.rung.words))
    let round = try await RoundMaker(
      surroundings: maker.surroundings, session: prepared.draft.session
    ).round(
      after: prepared.history, path: path, content: placed.content, origin: .again,
      rung: "asked again, \(rungs.sorted().joined(separator: ", "))",
      promptDigest: prepared.promptDigest)
    return round
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && other.upperBound <= upperBound
  }
}

/// The file without the lines that are asked about, and where they were.
private struct Scene {
  /// nil when the file does not exist without them.
  let working: [UInt8]?
  /// The lines of `working` around the place.
  let excerpt: Range<Int>
  let excerptText: [UInt8]
  /// The lines that were not accepted.
  let earlier: [UInt8]
  private let back: FileDiff
  /// Unchanged lines shown to the model on either side of the place.
  private static let surroundings = 20

  init(_ diff: FileDiff, without lines: [Int], file: ProposedFile) throws {
    let asked = LineSelection(lines)
    let content = selectedContent(of: diff, selection: asked.complement(in: diff))
    working = file.old == nil && asked.count == diff.changedLineCount ? nil : content
    let text = TextFile(content)
    back = FileDiff.between(text, diff.new)
    let start = back.groups.first?.oldRange.lowerBound ?? 0
    let end = back.groups.last?.oldRange.upperBound ?? text.lineCount
    excerpt = max(0, start - Self.surroundings)..<min(text.lineCount, end + Self.surroundings)
    excerptText = Array(text.lines(excerpt))
    earlier = back.groups.flatMap { Array(diff.new.lines($0.newRange)) }
  }

  /// Where line `line` of the proposal's new side stands in `working`.
  func line(ofNew line: Int) -> Int {
    var shift = 0
    for group in back.groups where group.newRange.lowerBound < line {
      shift += group.oldRange.count - min(group.newRange.count, line - group.newRange.lowerBound)
    }
    return max(0, line + shift)
  }
}
