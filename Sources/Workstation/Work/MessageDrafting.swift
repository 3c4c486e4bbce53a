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
  let use: ModelUse
}

/// Why no message is asked for.
enum DraftProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong(tokens: Int, limit: Int)

  var description: String {
    switch self {
    case .tooLong(let tokens, let limit):
      "What is approved has about \(tokens) tokens and the model takes \(limit): write the message yourself, or commit in parts."
    }
  }
}

struct MessageDrafting: Sendable {
  let maker: RequestMaker

  /// Opens the endpoint and builds the question; sends nothing. The ledger is the one with the approvals that are to be described.
  ///
  /// - Parameter shown: the endpoint that the human was told of; it must still be the session's.
  func prepare(
    _ history: SessionHistory, _ ledger: DecisionLedger, endpoint shown: String
  ) async throws -> PreparedDraft {
    let work = AgainWork(maker: maker)
    let endpoint = try work.endpointName(shownAs: shown, history.start)
    let change = try await SessionPatch(surroundings: maker.surroundings)
      .text(of: ledger, session: history.start.id, onlyApproved: true)
    let messages = try MessagePrompt.messages(
      for: change, instruction: history.start.instruction)
    let connection = try await maker.connection(to: endpoint)
    let budget = maker.budget(of: connection, called: endpoint)
    if let excess = budget.excess(of: messages) {
      throw DraftProblem.tooLong(tokens: excess.tokens, limit: excess.limit)
    }
    let request = ChatRequest(
      model: connection.model, messages: messages, maxTokens: budget.answerTokens)
    return PreparedDraft(
      connection: connection, request: request,
      use: ModelUse(of: request, over: connection, called: endpoint))
  }
}

/// What a model wrote as a commit message, made fit to be one.
enum DraftedMessage {
  /// No message is longer, in lines.
  private static let lineLimit = 60
  /// What is after that is no message any more.
  private static let byteLimit = 1 << 16
  /// Columns of a line of the body, as git's own messages have them.
  private static let limit = 72

  /// The message in `answer`; nil when there is none.
  ///
  /// A fence around it is taken off. What a terminal obeys or does not show is left out, and so are lines that would speak for people:
  /// trailers such as Signed-off-by are the human's to write.
  static func text(of answer: [UInt8]) -> [UInt8]? {
    var lines = String(decoding: answer.prefix(byteLimit), as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map { harmless($0) }
    lines = unfenced(lines)
    lines = Array(lines.drop(while: \.isEmpty).prefix(lineLimit))
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let subject = lines.first(where: { !isTrailer($0) }) else { return nil }
    var text = [subject]
    // git takes all lines up to an empty one for the subject.
    if lines.count > 1, !lines[1].isEmpty { text.append("") }
    // Filled first: what would speak for people may come to stand at the beginning of a line by that.
    for line in filled(lines.dropFirst().filter { !isTrailer($0) }) where !isTrailer(line) {
      if line.isEmpty, text.last == "" { continue }
      text.append(line)
    }
    text = Array(text.prefix(lineLimit))
    while text.last == "" { text.removeLast() }
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
      // What fills a cell with nothing, or only changes the sign before it, hides as well.
      case _ where scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}": break
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
    // git allows blanks before the colon.
    let key = line[..<colon].lowercased().trimmingPrefix { $0 == " " }
      .split(separator: " ").joined(separator: " ")
    return key.allSatisfy { $0.isLetter || $0 == "-" } && key.contains("-")
      && (key.hasSuffix("-by") || key.hasPrefix("countersign-"))
  }

  private static func columns(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + max(0, DisplayWidth.of($1)) }
  }

  /// The lines, those of a paragraph with a line that is too long filled anew: broken alone, each would leave a word behind.
  private static func filled(_ lines: [String]) -> [String] {
    var result: [String] = []
    var paragraph: [String] = []
    func end() {
      if paragraph.contains(where: { columns($0) > limit }) {
        result += wrapped(paragraph.joined(separator: " "))
      } else {
        result += paragraph
      }
      paragraph = []
    }
    for line in lines {
      let isText = line.first.map { !" -*".contains($0) && !$0.isNumber } ?? false
      if isText {
        paragraph.append(line)
      } else {
        end()
        result += wrapped(line)
      }
    }
    end()
    return result
  }

  /// The line in lines of at most `limit` columns where its words allow; what begins with a sign of a list goes on below its text.
  private static func wrapped(_ line: String) -> [String] {
    let indent = line.prefix { $0 == " " }.count
    let isItem = line.dropFirst(indent).hasPrefix("- ") || line.dropFirst(indent).hasPrefix("* ")
    let margin = String(repeating: " ", count: indent + (isItem ? 2 : 0))
    var lines: [String] = []
    var current = String(repeating: " ", count: indent)
    var isFresh = true
    for word in line.split(separator: " ") {
      let needed = columns(current) + columns(word) + (isFresh ? 0 : 1)
      if !isFresh, needed > limit {
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
