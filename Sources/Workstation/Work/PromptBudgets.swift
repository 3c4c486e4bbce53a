// How long a prompt may be, and what is said of one that is too long.

import Approval
import AuditLog
import ModelClient
import Review

/// How many tokens prompt and answer may have.
struct TokenBudget: Sendable {
  /// Tokens of an answer of edit blocks, when the context is large enough.
  private static let usualAnswer = 8_192

  let answerTokens: Int
  /// nil when the server does not tell its context.
  let limit: Int?

  private let estimator: TokenEstimator

  init(connection: ModelConnection, estimator: TokenEstimator = TokenEstimator()) {
    self.init(contextTokens: connection.server.contextTokens, estimator: estimator)
  }

  init(contextTokens context: Int?, estimator: TokenEstimator = TokenEstimator()) {
    self.estimator = estimator
    let reserve = min(Self.usualAnswer, max(256, (context ?? Self.usualAnswer * 3) / 3))
    answerTokens = reserve
    limit =
      context == nil
      ? nil : ModelClient.PromptBudget(contextTokens: context, answerReserve: reserve).promptTokens
  }

  /// How many tokens the messages have and how many they may have, where they have too many.
  func excess(of messages: [ChatMessage]) -> (tokens: Int, limit: Int)? {
    let tokens = estimate(messages)
    return limit.flatMap { tokens > $0 ? (tokens, $0) : nil }
  }

  /// Estimated, not asked: counting by the server would send it the source before the user does.
  func estimate(_ messages: [ChatMessage]) -> Int {
    estimator.tokens(in: messages)
  }
}

/// A prompt that the model does not take, with what its files have of it.
struct PromptTooLong: Error, Hashable, Sendable, CustomStringConvertible {
  let tokens: Int
  /// nil when the server refused the prompt and does not tell.
  let limit: Int?
  /// Whether the server counted.
  let isExact: Bool
  /// About how many tokens each file has.
  let files: [RepositoryPath: Int]

  /// - Parameter scale: how many tokens the server counted for one that was estimated.
  init(_ files: [PromptFile], tokens: Int, limit: Int?, isExact: Bool, scale: Double = 1) {
    self.tokens = tokens
    self.limit = limit
    self.isExact = isExact
    self.files = Dictionary(
      files.map { file in
        let estimate = TokenEstimator().tokens(inBytes: file.path.count + file.content.count)
        return (RepositoryPath(file.path), Int((Double(estimate) * scale).rounded()))
      }, uniquingKeysWith: { first, _ in first })
  }

  func overflow(of draft: RequestDraft, replacing replaced: SessionID?) -> PromptOverflow {
    let named = Mentions(in: draft.instruction).named
    let paths = draft.files.sorted()
    let mentioned = Set(named.compactMap { Mentions.file($0, among: paths) })
    return PromptOverflow(
      draft: draft, replaced: replaced, tokens: tokens, limit: limit, isExact: isExact,
      files: files.map { path, tokens in
        PromptOverflow.File(path: path, tokens: tokens, isNamed: mentioned.contains(path))
      })
  }

  var description: String {
    let largest = files.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let example =
      largest.map {
        ", such as \(DisplayedBytes.text(of: $0.key.bytes)) (about \($0.value) tokens)"
      } ?? ""
    return
      "The prompt has \(isExact ? "" : "about ")\(tokens) tokens, "
      + (limit.map { "and the model takes \($0)" } ?? "more than the model takes")
      + ": leave out some files\(example)."
  }
}
