// A commit message from the model: what it is asked, and what is made of its answer.

import Approval
import CellGrid
import Digest
import ModelClient
import Review

/// A question for a commit message that was checked and may be sent.
struct PreparedDraft: Sendable {
  let connection: ModelConnection
  let request: ChatRequest
  let promptDigest: String
  let verdict: String
}

struct MessageDrafting: Sendable {
  let maker: RequestMaker

  /// Opens the endpoint and builds the question; sends nothing. The ledger is the one with the approvals that are to be described.
  func prepare(_ history: SessionHistory, _ ledger: DecisionLedger) async throws -> PreparedDraft {
    let endpoint = try AgainWork(maker: maker).endpointName(history.start)
    let change = try await SessionPatch(surroundings: maker.surroundings)
      .text(of: ledger, session: history.start.id, onlyApproved: true)
    let messages = try MessagePrompt.messages(
      for: change, instruction: history.start.instruction)
    let connection = try await maker.connection(to: endpoint)
    let budget = TokenBudget(connection: connection)
    let tokens = budget.estimate(messages)
    if let limit = budget.limit, tokens > limit {
      throw AgainProblem.tooLong(tokens: tokens, limit: limit)
    }
    let request = ChatRequest(
      model: connection.model, messages: messages, maxTokens: budget.answerTokens)
    return PreparedDraft(
      connection: connection, request: request,
      promptDigest: SHA256Digest.of(connection.body(of: request)).hex,
      verdict: RequestMaker.words(connection))
  }
}

/// What a model wrote as a commit message, made fit to be one.
enum DraftedMessage {
  /// No message is longer, in lines.
  private static let lineLimit = 60
  /// Columns of a line of the body, as git's own messages have them.
  private static let width = 72

  /// The message in `answer`; nil when there is none.
  ///
  /// A fence around it is taken off. What a terminal obeys or does not show is left out, and so are lines that would speak for people:
  /// trailers such as Signed-off-by are the human's to write. A line that git would take for a comment is indented.
  static func text(of answer: [UInt8]) -> [UInt8]? {
    var lines = String(decoding: answer, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map { harmless($0) }
    lines = unfenced(lines).filter { !isTrailer($0) }
    lines = Array(lines.drop(while: \.isEmpty).prefix(lineLimit))
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let subject = lines.first else { return nil }
    var text = [shielded(subject)]
    // git takes all lines up to an empty one for the subject.
    if lines.count > 1, !lines[1].isEmpty { text.append("") }
    for line in lines.dropFirst() where !(line.isEmpty && text.last == "") {
      text += wrapped(line).map(shielded)
    }
    return Array((text.joined(separator: "\n") + "\n").utf8)
  }

  private static func harmless(_ line: Substring) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in line.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar == "\t": scalars.append(" ")
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator:
        break
      case .spaceSeparator: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }

  /// The lines inside the first fence, or all of them when there is none.
  private static func unfenced(_ lines: [String]) -> [String] {
    guard let opening = lines.firstIndex(where: { $0.hasPrefix("```") }),
      lines[..<opening].allSatisfy(\.isEmpty)
    else { return lines }
    let inside = lines[(opening + 1)...]
    return Array(inside.prefix { !$0.hasPrefix("```") })
  }

  /// Whether the line is `Some-Name-by: …`, or one of ours.
  private static func isTrailer(_ line: String) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return false }
    let key = line[..<colon].lowercased()
    return key.allSatisfy { $0.isLetter || $0 == "-" } && key.contains("-")
      && (key.hasSuffix("-by") || key.hasPrefix("countersign-"))
  }

  private static func shielded(_ line: String) -> String { line.hasPrefix("#") ? " \(line)" : line }

  /// The line in lines of at most `width` columns where its words allow; what begins with a sign of a list goes on below its text.
  private static func wrapped(_ line: String) -> [String] {
    let indent = line.prefix { $0 == " " }.count
    let isItem = line.dropFirst(indent).hasPrefix("- ") || line.dropFirst(indent).hasPrefix("* ")
    let margin = String(repeating: " ", count: indent + (isItem ? 2 : 0))
    var lines: [String] = []
    var current = String(repeating: " ", count: indent)
    var isFresh = true
    for word in line.split(separator: " ") {
      let columns = current.unicodeScalars.count + word.unicodeScalars.count + (isFresh ? 0 : 1)
      if !isFresh, columns > width {
        lines.append(current)
        current = margin
        isFresh = true
      }
      current += isFresh ? String(word) : " \(word)"
      isFresh = false
    }
    return lines + [isFresh ? "" : current]
  }
}
