// Reads a server's refusal: the error object, and what kind of refusal it amounts to.

extension ServerComplaint {
  /// Reads `{"error": {…}}`, `{"error": "…"}` or `{"detail": "…"}`; nil when `value` is none of them.
  package init?(in value: JSONValue) {
    if let error = value["error"], error != .null {
      let code = error["code"]
      self.init(
        code: code?.int ?? code?.text.flatMap { Int($0) },
        type: error["type"]?.text ?? code?.text,
        message: error["message"]?.text ?? error.text ?? "no message")
    } else if let detail = value["detail"]?.text {
      self.init(code: nil, type: nil, message: detail)
    } else {
      return nil
    }
  }
}

extension ModelError.Reason {
  /// Returns what a response that is not 2xx means.
  ///
  /// - Parameter body: as much of the body as was read; a page of HTML or nothing will do.
  package static func refusal(
    status: Int, headers: ResponseHeaders, body: [UInt8]
  ) -> ModelError.Reason {
    let value = JSONValue.ifReadable(body) ?? .null
    let complaint =
      ServerComplaint(in: value)
      ?? ServerComplaint(
        code: status, type: nil,
        message: String(decoding: body.prefix(300), as: UTF8.self))
    switch status {
    case 300..<400: return .redirected(status: status, location: headers["location"])
    case 401, 403: return .unauthorized(status: status, complaint.message)
    case 404: return .notFound(complaint.message)
    case 429, 503, 529:
      let seconds = headers["retry-after"].flatMap { Int($0) }
      return .overloaded(
        status: status, retryAfterSeconds: seconds.map { max(0, $0) }, complaint.message)
    case 500...: return .serverFailed(status: status, complaint.message)
    default:
      if let overflow = contextOverflow(status: status, value: value, complaint: complaint) {
        return overflow
      }
      return .rejected(status: status, complaint.message)
    }
  }

  /// llama-server states both numbers; others only say so in words of their own.
  private static func contextOverflow(
    status: Int, value: JSONValue, complaint: ServerComplaint
  ) -> ModelError.Reason? {
    let error = value["error"] ?? .null
    if complaint.type == "exceed_context_size_error" {
      return .contextOverflow(
        promptTokens: error["n_prompt_tokens"]?.int, contextTokens: error["n_ctx"]?.int)
    }
    guard status == 400 || status == 413 || status == 422 else { return nil }
    let message = complaint.message.lowercased()
    let isOverflow =
      error["code"]?.text == "context_length_exceeded"
      || message.contains("maximum context length")
      || message.contains("context length") && message.contains("exceed")
      || message.contains("context size") && message.contains("exceed")
      || message.contains("context window") && message.contains("exceed")
      || message.contains("prompt is too long") || message.contains("prompt too long")
    guard isOverflow else { return nil }
    return .contextOverflow(
      promptTokens: number(in: message, after: ["requested ", "passed ", "prompt contains "]),
      contextTokens: number(
        in: message, after: ["context length is only ", "context length is ", "context length of "])
    )
  }

  private static func number(in message: String, after phrases: [String]) -> Int? {
    for phrase in phrases {
      guard let range = message.firstRange(of: phrase) else { continue }
      let digits = message[range.upperBound...].prefix { $0.isASCII && $0.isNumber }
      if let number = Int(digits) { return number }
    }
    return nil
  }

  /// The optional field that a 400 complains about, or nil.
  package static func unknownField(status: Int, body: [UInt8]) -> OptionalField? {
    guard status == 400 || status == 422 else { return nil }
    let text = String(decoding: body, as: UTF8.self)
    // The longest names first: `seed` may be a part of another word.
    let fields = OptionalField.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
    return fields.first { field in
      text.ranges(of: field.rawValue).contains { range in
        let before = text[..<range.lowerBound].last
        let after = text[range.upperBound...].first
        return !(before.map(isNameCharacter) ?? false) && !(after.map(isNameCharacter) ?? false)
      }
    }
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}
