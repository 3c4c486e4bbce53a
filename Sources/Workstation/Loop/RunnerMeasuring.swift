// What is learned from answers: how quickly a model answers, and how its server counts.

import ModelClient
import Review

/// What of an answer is measured while it comes.
struct AnswerMeasure {
  let sent: ContinuousClock.Instant
  var firstToken: ContinuousClock.Instant?
  /// When others were told last how far it is.
  var told: ContinuousClock.Instant
}

extension Runner {
  /// Keeps how the server counted a prompt, so that the next is estimated by that.
  func learnCount(_ summary: ExchangeSummary, of prepared: PreparedRequest) {
    let bytes = prepared.request.messages.reduce(0) { $0 + $1.content.count }
    // A count that no tokenizer gives, or of a prompt that was cut, is not believed: it would keep every prompt back.
    guard summary.warning == nil, let tokens = summary.usage?.promptTokens, bytes >= 1_000,
      tokens >= bytes / 20,
      tokens <= bytes * 2,
      let endpoint = endpoints.first(where: { $0.name == prepared.start.endpoint })
    else { return }
    let count = PromptCount(
      tokens: tokens, byteCount: bytes,
      limit: TokenBudget(connection: prepared.connection).limit)
    queue.update { $0.learn(count, server: endpoint.url, model: endpoint.model ?? "") }
  }

  /// How the servers of the endpoints counted last, by the endpoints' names.
  var counts: [String: PromptCount] {
    Dictionary(
      endpoints.compactMap { endpoint in
        queue.queue.count(server: endpoint.url, model: endpoint.model ?? "")
          .map { (endpoint.name, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension AnswerMeasure {
  /// What the answer tells of the model's speed; nil when it was too short to tell anything.
  func speed(_ summary: ExchangeSummary) -> AnswerSpeed? {
    guard let firstToken else { return nil }
    let seconds = (ContinuousClock.now - firstToken) / .seconds(1)
    let tokens = summary.usage?.completionTokens ?? summary.timings?.tokenCount ?? 0
    guard tokens > 8, seconds > 0 else { return nil }
    return AnswerSpeed(
      tokensPerSecond: summary.timings?.tokensPerSecond ?? Double(tokens) / seconds,
      answerTokens: Double(tokens), secondsToFirst: (firstToken - sent) / .seconds(1))
  }
}
