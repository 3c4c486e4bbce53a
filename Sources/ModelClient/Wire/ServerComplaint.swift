// Reads a server's refusal: the error object, and what kind of refusal it amounts to.

extension ServerComplaint {
  /// Reads `{"error": {…}}`, `{"error": "…"}`, `{"object": "error", …}` (SGLang, and vLLM before 0.10)
  /// or `{"detail": …}` (FastAPI); nil when `value` is none of them.
  package init?(in value: JSONValue) {
    if let error = value["error"], error != .null {
      let code = error["code"]
      self.init(
        code: code?.int ?? code?.text.flatMap { Int($0) },
        type: error["type"]?.text ?? code?.text ?? value["error_type"]?.text,
        message: error["message"]?.text ?? error.text ?? "no message")
    } else if value["object"]?.text == "error" {
      self.init(
        code: value["code"]?.int, type: value["type"]?.text,
        message: value["message"]?.text ?? "no message")
    } else if let detail = value["detail"]?.text {
      self.init(code: nil, type: nil, message: detail)
    } else if let problems = value["detail"]?.elements, !problems.isEmpty {
      self.init(
        code: nil, type: nil,
        message: problems.compactMap { $0["msg"]?.text }.joined(separator: "; "))
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
      return .overloaded(
        status: status, retryAfterSeconds: headers.retryAfterSeconds, complaint.message)
    case 500...: return .serverFailed(status: status, complaint.message)
    default:
      if [400, 413, 422].contains(status) {
        let error = value["error"] ?? value
        if let overflow = contextOverflow(in: error, complaint: complaint) { return overflow }
      }
      return .rejected(status: status, complaint.message)
    }
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
