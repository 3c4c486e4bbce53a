// A short question to a server, answered as a whole.

import Synchronization

/// A response read to its end.
struct HTTPResponse: Sendable {
  let head: ResponseHead
  let body: [UInt8]

  var isSuccess: Bool { (200..<300).contains(head.status) }

  /// The body as JSON, or null.
  var json: JSONValue { JSONValue.ifReadable(body) ?? .null }
}

extension Transport {
  /// Sends `request` and returns the response, whatever its status; redirects are errors.
  ///
  /// When the task is cancelled the connection is closed and `.cancelled` thrown.
  func response(
    to request: HTTPRequest, for attempt: ModelError.Attempt
  ) async throws(ModelError) -> HTTPResponse {
    let started = Mutex<ExchangeID?>(nil)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<HTTPResponse, ModelError>, Never>) in
        let collector = ResponseCollector { reason in
          ModelError(attempt, request.endpoint.written, reason)
        }
        let identifier = start(request, delayMilliseconds: 0) { event in
          if let result = collector.take(event) { continuation.resume(returning: result) }
        }
        started.withLock { $0 = identifier }
        if Task.isCancelled { cancel(identifier) }
      }
    } onCancel: {
      if let identifier = started.withLock({ $0 }) { cancel(identifier) }
    }
    return try result.get()
  }
}

/// Puts a response together. Unchecked: used on the transport's thread only.
private final class ResponseCollector: @unchecked Sendable {
  private let error: @Sendable (ModelError.Reason) -> ModelError
  private var head: ResponseHead?
  private var body: [UInt8] = []

  init(_ error: @escaping @Sendable (ModelError.Reason) -> ModelError) { self.error = error }

  /// Returns the result with the last event, and nil before.
  func take(_ event: TransportEvent) -> Result<HTTPResponse, ModelError>? {
    switch event {
    case .connected, .sent: return nil
    case .head(let received):
      head = received
      return nil
    case .bytes(let bytes):
      body += bytes
      return nil
    case .ended(.cancelled): return .failure(error(.cancelled))
    case .ended(.failed(let reason)): return .failure(error(reason))
    case .ended(.whole):
      guard let head else { return .failure(error(.connectionLost("it closed without an answer"))) }
      if (300..<400).contains(head.status) {
        return .failure(
          error(.redirected(status: head.status, location: head.headers["location"])))
      }
      return .success(HTTPResponse(head: head, body: body))
    }
  }
}
