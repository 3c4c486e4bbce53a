// Recognises the ways in which servers say that a request does not fit the model's context.

extension ModelError.Reason {
  /// The overflow that a server's refusal amounts to, or nil when it is about something else.
  ///
  /// llama-server states both numbers in members of their own. Others say it in words that change
  /// between versions, so their messages are matched loosely. Tokens of the prompt are taken where
  /// a server names them, else those of prompt and answer together.
  ///
  /// - Parameter error: the server's error object, or what was sent in its place.
  static func contextOverflow(
    in error: JSONValue, complaint: ServerComplaint
  ) -> ModelError.Reason? {
    if complaint.type == "exceed_context_size_error" {
      return .contextOverflow(
        promptTokens: error["n_prompt_tokens"]?.int, contextTokens: error["n_ctx"]?.int)
    }
    let message = complaint.message.lowercased()
    let codes = ["context_length_exceeded", "context_window_exceeded"]
    let isOverflow =
      codes.contains(error["code"]?.text ?? complaint.type ?? "")
      || error["param"]?.text == "input_tokens"
      || saysContext(message) && saysTooMuch(message)
      || message.contains("prompt is too long") || message.contains("prompt too long")
      || message.contains("`max_new_tokens` must be <=")
    guard isOverflow else { return nil }
    return .contextOverflow(
      promptTokens: number(in: message, after: promptPhrases),
      contextTokens: number(in: message, after: contextPhrases))
  }

  private static func saysContext(_ message: String) -> Bool {
    ["context length", "context size", "context window", "contextwindow"].contains {
      message.contains($0)
    }
  }

  private static func saysTooMuch(_ message: String) -> Bool {
    ["exceed", "maximum", "longer than", "greater than", "is only", "of only", "too large"]
      .contains { message.contains($0) }
  }

  /// What stands before the prompt's tokens, the surest first: vLLM since 0.16, vLLM before, SGLang,
  /// LM Studio (two), TGI; last what may count the answer as well.
  private static let promptPhrases = [
    "you passed ", "prompt contains at least ", "prompt contains ", "your request has ",
    "the input (", "keep the first ", "n_keep: ", "given: ", "requested a total of ", "requested ",
  ]

  private static let contextPhrases = [
    "context length is only ", "context length of only ", "context length is ",
    "context length of ", "context length (", "n_ctx: ", "must be <= ",
  ]

  private static func number(in message: String, after phrases: [String]) -> Int? {
    for phrase in phrases {
      guard let range = message.firstRange(of: phrase) else { continue }
      let digits = message[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if let number = Int(digits) { return number }
    }
    return nil
  }
}
