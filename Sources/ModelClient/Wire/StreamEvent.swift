// What a server says while it answers, one meaning per case.

/// One thing a stream said. Text arrives in pieces that may end inside a UTF-8 sequence.
package enum StreamEvent: Equatable, Sendable {
  /// The prompt is being read: tokens in all, taken from the cache, and read so far (cache included).
  case progress(total: Int, cached: Int, processed: Int)
  /// Thinking aloud: shown folded, never searched for edits.
  case reasoning([UInt8])
  case text([UInt8])
  case timings(StreamTimings)
  case usage(TokenUsage)
  case finished(FinishReason)
  /// The server gave up inside a stream that began with status 200. Nothing follows.
  case serverError(ServerComplaint)
  /// The stream cannot be read on. Nothing follows.
  case unreadable(StreamError)
}

/// How quickly the answer is written.
package struct StreamTimings: Equatable, Sendable {
  package let tokensPerSecond: Double
  /// Tokens written so far.
  package let tokenCount: Int

  package init(tokensPerSecond: Double, tokenCount: Int) {
    self.tokensPerSecond = tokensPerSecond
    self.tokenCount = tokenCount
  }
}

/// The server's own count of tokens for one exchange.
package struct TokenUsage: Equatable, Sendable {
  package let promptTokens: Int
  package let completionTokens: Int
  /// Prompt tokens that were still in the server's cache, when it says so.
  package let cachedTokens: Int?

  package init(promptTokens: Int, completionTokens: Int, cachedTokens: Int? = nil) {
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.cachedTokens = cachedTokens
  }
}

/// Why the server stopped writing.
package enum FinishReason: Equatable, Sendable {
  /// The model ended its answer.
  case stop
  /// The answer met its token limit or the end of the context; the rest of it is missing.
  case length
  /// `[DONE]` came without a reason.
  case unstated
  /// Anything else, as the server named it, such as `content_filter`.
  case other(String)

  init(named name: String) {
    switch name {
    case "stop", "eos", "eos_token", "end_turn", "stop_sequence": self = .stop
    case "length", "max_tokens", "model_length": self = .length
    default: self = .other(name)
    }
  }
}

/// An error object of a server.
package struct ServerComplaint: Equatable, Sendable {
  package let code: Int?
  package let type: String?
  /// The server's words; untrusted, like all it sends.
  package let message: String

  package init(code: Int?, type: String?, message: String) {
    self.code = code
    self.type = type
    self.message = message
  }
}

/// Why a stream cannot be read on.
package enum StreamError: Error, Equatable, Sendable {
  case lineTooLong(limit: Int)
  case answerTooLong(limit: Int)
  /// An event that is no JSON, with the first bytes of it.
  case malformed(JSONError, beginning: String)
  /// The server says that another machine computes the answer.
  case answeredElsewhere(String)
}

/// How the stream as a whole ended.
package enum StreamOutcome: Equatable, Sendable {
  /// The model finished its answer. Only then may the answer be used as it is.
  case complete
  /// The token limit cut the answer.
  case truncated
  /// The server stopped for a reason of its own.
  case stoppedEarly(String)
  /// The stream ended without a word; the text is kept and nothing of it is applied.
  case interrupted
}
