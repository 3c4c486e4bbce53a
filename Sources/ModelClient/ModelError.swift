// The one error of this target: what was tried, on which endpoint, and what was said.

/// Why something with a model server could not be done.
///
/// `description` is for people: what failed, why, and what to do. Servers' words in it are untrusted
/// and have to be drawn as such.
package struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was tried; reads on after "could not".
  package enum Attempt: String, Sendable {
    case checkingEndpoint = "use the endpoint"
    case readingAPIKey = "read the API key for"
    case identifyingServer = "find out what serves at"
    case checkingModel = "check the model at"
    case countingTokens = "count tokens with"
    case streamingAnswer = "get an answer from"
    case readingTranscript = "read the transcript"
  }

  package enum Reason: Equatable, Sendable {
    /// Refused by the privacy guard; a full sentence.
    case refusedByPolicy(String)
    case connectionRefused(String)
    case connectTimedOut(milliseconds: Int)
    /// No answer at all to a question that is answered at once by a server that is well.
    case answerTimedOut(milliseconds: Int)
    /// A stream that had begun fell silent.
    case fellSilent(milliseconds: Int)
    case connectionLost(String)
    /// Who answered is not who was checked.
    case wrongPeer(String)
    case untrustedCertificate(String)
    case redirected(status: Int, location: String?)
    case unauthorized(status: Int, String)
    case notFound(String)
    case contextOverflow(promptTokens: Int?, contextTokens: Int?)
    case rejected(status: Int, String)
    case overloaded(status: Int, retryAfterSeconds: Int?, String)
    case serverFailed(status: Int, String)
    /// An error inside a stream that began well.
    case failedWhileAnswering(ServerComplaint)
    case unreadableStream(StreamError)
    case tooLarge(limitBytes: Int)
    /// The server answered, but not in this protocol; a sentence says how.
    case notUnderstood(String)
    case noSuchModel(String, offered: [String])
    case unusableKey(String)
    case unsupported(String)
    case unreadableTranscript(line: Int, String)
    case cancelled
    /// libcurl's words for anything else.
    case transport(String)
  }

  package let attempt: Attempt
  /// The endpoint as the user wrote it, or the path of a file.
  package let endpoint: String
  package let reason: Reason

  package init(_ attempt: Attempt, _ endpoint: String, _ reason: Reason) {
    self.attempt = attempt
    self.endpoint = endpoint
    self.reason = reason
  }

  package var description: String {
    "Could not \(attempt.rawValue) \(endpoint): \(reason.explanation)"
  }

  /// Whether the same request may be sent again when no byte of an answer came yet.
  package var mayPass: Bool {
    switch reason {
    case .connectionRefused, .overloaded: true
    default: false
    }
  }
}

extension ModelError.Reason {
  /// What happened and what to do about it.
  package var explanation: String {
    switch self {
    case .refusedByPolicy(let sentence), .wrongPeer(let sentence), .notUnderstood(let sentence),
      .unusableKey(let sentence), .unsupported(let sentence):
      return sentence
    case .connectionRefused(let words):
      return "nothing accepts connections there (\(words)). Start the server, or check the address."
    case .connectTimedOut(let milliseconds):
      return "it did not accept the connection within \(seconds(milliseconds))."
    case .answerTimedOut(let milliseconds):
      return "it did not answer within \(seconds(milliseconds))."
    case .fellSilent(let milliseconds):
      return "the answer stopped and nothing more came for \(seconds(milliseconds))."
    case .connectionLost(let words): return "the connection was lost (\(words))."
    case .untrustedCertificate(let words):
      return "its certificate is not trusted (\(words)). Configure the CA file that signed it."
    case .redirected(let status, let location):
      let target = location.map { " to \($0)" } ?? ""
      return "it answered \(status) and wants to redirect\(target); redirects are never followed."
    case .unauthorized(let status, let words):
      return "it answered \(status) (\(words)). Configure the API key it wants."
    case .notFound(let words): return "it answered 404 (\(words))."
    case .contextOverflow(let prompt, let context):
      let asked = prompt.map { "\($0) tokens" } ?? "more tokens"
      let room = context.map { "of \($0)" } ?? "the model has"
      return "the request holds \(asked) and does not fit the context \(room). Drop files from it."
    case .rejected(let status, let words):
      return "it rejected the request with \(status) (\(words))."
    case .overloaded(let status, _, let words) where words.lowercased().contains("loading model"):
      return "it is still loading its model: \(status) (\(words)). Try again when it is ready."
    case .overloaded(let status, let seconds, let words):
      let wait = seconds.map { ", and asks to wait \($0) s" } ?? ""
      return "it is overloaded: \(status) (\(words))\(wait)."
    case .serverFailed(let status, let words): return "it failed with \(status) (\(words))."
    case .failedWhileAnswering(let complaint):
      return "it failed while answering (\(complaint.message))."
    case .unreadableStream(let error): return error.explanation
    case .tooLarge(let limit): return "its response is larger than \(limit) bytes."
    case .noSuchModel(let name, let offered):
      let list = offered.isEmpty ? "" : " It offers \(offered.joined(separator: ", "))."
      return "it has no model called \(name).\(list)"
    case .unreadableTranscript(let line, let words): return "line \(line): \(words)."
    case .cancelled: return "it was cancelled."
    case .transport(let words): return "\(words)."
    }
  }

  private func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}

extension StreamError {
  fileprivate var explanation: String {
    switch self {
    case .lineTooLong(let limit): "its answer has a line of more than \(limit) bytes."
    case .answerTooLong(let limit): "its answer is longer than \(limit) bytes."
    case .malformed(let error, let beginning):
      "its answer is no JSON: at byte \(error.position), expected \(error.expected), in \(beginning)"
    case .answeredElsewhere(let host):
      "it passes the request on to another machine (\(host)). The stream was closed."
    }
  }
}
