// What becomes of a question to a model, as the screen shows it.

/// One step of an exchange with a model.
package enum ModelEvent: Equatable, Sendable {
  case connecting
  /// The request was sent and nothing came yet; `waiting` is how many requests wait there, if told.
  case queued(waiting: Int?)
  case readingPrompt(processed: Int, total: Int)
  /// Tokens written so far and how quickly, when the server tells the speed.
  case writing(tokens: Int, tokensPerSecond: Double?)
  case text([UInt8])
  /// Thinking aloud: shown folded, never searched for edits.
  case reasoning([UInt8])
  /// The request will be sent again; no text came yet.
  case retrying(attempt: Int, afterMilliseconds: Int, because: ModelError)
  /// The server does not know this field; the request was sent again without it.
  case dropped(OptionalField)
  case done(ExchangeSummary)
  /// It failed; what had come until then is in the summary and must not be applied.
  case failed(ModelError, ExchangeSummary)
  /// The connection was closed because it was asked for. Whether the server stops is not known.
  case cancelled(ExchangeSummary)

  /// Whether no further event follows.
  package var isLast: Bool {
    switch self {
    case .done, .failed, .cancelled: true
    case .connecting, .queued, .readingPrompt, .writing, .text, .reasoning, .retrying, .dropped:
      false
    }
  }
}

/// What an exchange brought.
package struct ExchangeSummary: Equatable, Sendable {
  package internal(set) var outcome = StreamOutcome.interrupted
  package internal(set) var text: [UInt8] = []
  package internal(set) var reasoning: [UInt8] = []
  package internal(set) var usage: TokenUsage?
  package internal(set) var timings: StreamTimings?
  /// What casts doubt on the answer though it is whole; a full sentence.
  package internal(set) var warning: String?
}

/// When a request is sent again. Only ever before the first byte of an answer.
package struct RetryPolicy: Sendable {
  /// Waits between attempts; their number bounds the attempts.
  package var delaysMilliseconds: [Int]
  /// The longest wait a server may ask for; a longer one is a failure to report.
  package var longestWaitMilliseconds: Int
  /// A factor for each wait, so that many clients do not return at the same time.
  package var jitter: @Sendable () -> Double

  package init(
    delaysMilliseconds: [Int] = [2000, 4000, 8000, 15_000, 30_000],
    longestWaitMilliseconds: Int = 120_000,
    jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.8...1.2) }
  ) {
    self.delaysMilliseconds = delaysMilliseconds
    self.longestWaitMilliseconds = longestWaitMilliseconds
    self.jitter = jitter
  }

  package static let never = RetryPolicy(delaysMilliseconds: [])

  /// How long to wait before attempt `attempt` + 1 (0-based), or nil when it is time to give up.
  package func delay(afterAttempt attempt: Int, _ reason: ModelError.Reason) -> Int? {
    guard delaysMilliseconds.indices.contains(attempt) else { return nil }
    if case .overloaded(_, let seconds?, _) = reason {
      let (wait, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
      return isTooLong || wait > longestWaitMilliseconds ? nil : wait
    }
    return Int(Double(delaysMilliseconds[attempt]) * jitter())
  }
}

/// How often a silent server is asked how many requests wait.
package struct QueueWatch: Sendable {
  package var firstMilliseconds = 700
  package var nextMilliseconds = 2000

  package init() {}
}
