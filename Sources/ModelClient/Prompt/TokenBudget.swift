// How much of a prompt a model can hold, before anything is sent.

/// Estimates tokens from bytes: 3.2 bytes per token and 15 % on top, until usage calibrates it.
package struct TokenEstimator: Equatable, Sendable {
  /// Tokens per byte, the safety on top included.
  package private(set) var tokensPerByte = safety / 3.2

  private static let safety = 1.15
  /// What a chat template puts around a message, about.
  static let templateTokensPerMessage = 8

  package init() {}

  /// Returns the estimate for `byteCount` bytes, rounded up.
  package func tokens(inBytes byteCount: Int) -> Int {
    Int((Double(byteCount) * tokensPerByte).rounded(.up))
  }

  /// Returns the estimate for a chat; each message costs a few tokens of the template besides.
  package func tokens(in messages: [ChatMessage]) -> Int {
    messages.reduce(0) { $0 + tokens(inBytes: $1.content.count) + Self.templateTokensPerMessage }
  }

  /// Whether a server that counted `promptTokens` has hardly read all of `messages`: less than 85 %
  /// of the estimate without its safety. Prompts under 1,000 bytes are too short to tell.
  package func suspectsCut(promptTokens: Int, of messages: [ChatMessage]) -> Bool {
    guard messages.reduce(0, { $0 + $1.content.count }) >= 1000 else { return false }
    return Double(promptTokens) < 0.85 * Double(tokens(in: messages)) / Self.safety
  }

  /// Learns from what a server counted for a prompt of `byteCount` bytes, keeping 5 % on top.
  ///
  /// Prompts under 1,000 bytes teach nothing: the template weighs too much in them.
  package mutating func calibrate(promptTokens: Int, byteCount: Int) {
    guard byteCount >= 1000, promptTokens > 0 else { return }
    tokensPerByte = Double(promptTokens) / Double(byteCount) * 1.05
  }
}

/// The tokens a prompt may have.
package struct PromptBudget: Equatable, Sendable {
  /// The context of the model; nil when the server does not tell.
  package let contextTokens: Int?
  /// Tokens kept free for the answer.
  package let answerReserve: Int

  /// Above this models disobey edit formats, whatever their context.
  package static let mostTokens = 25_000
  private static let safety = 256

  package init(contextTokens: Int?, answerReserve: Int) {
    self.contextTokens = contextTokens
    self.answerReserve = answerReserve
  }

  /// The most tokens the prompt should have; 0 when the answer alone fills the context.
  package var promptTokens: Int {
    guard let contextTokens else { return Self.mostTokens }
    let room = contextTokens - answerReserve - Self.safety
    let share = Int(Double(contextTokens) * 0.6)
    return max(0, min(room, share, Self.mostTokens))
  }
}
