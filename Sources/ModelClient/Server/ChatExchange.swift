// One question to a model from sending to the last event: states, retries, cancellation.

/// A running question. Let it go or keep it: it lives until its last event.
///
/// Unchecked: everything mutable is touched on the transport's thread only, where all callbacks and
/// the work given to `perform` run.
package final class ChatExchange: @unchecked Sendable {
  private let connection: ModelConnection
  private let request: ChatRequest
  private let retry: RetryPolicy
  private let limits: ExchangeLimits
  private let watch: QueueWatch
  private let deliver: @Sendable (ModelEvent) -> Void

  /// An Ollama loads the model first, without source, so that an alias to another machine shows
  /// itself before source is sent.
  private enum Step { case loading, asking }

  private var step: Step
  private var attempt = 0
  /// Counts what was sent; events of what was sent before are passed over.
  private var sending = 0
  private var current: ExchangeID?
  private var decoder: StreamDecoder
  private var head: ResponseHead?
  /// The beginning of a body that is no stream.
  private var plainBody: [UInt8] = []
  private var hasAnswer = false
  private var textPieceCount = 0
  private var summary = ExchangeSummary()
  private var isCancelling = false
  private var isOver = false

  init(
    connection: ModelConnection, request: ChatRequest, retry: RetryPolicy,
    limits: ExchangeLimits, queueWatch: QueueWatch,
    deliver: @escaping @Sendable (ModelEvent) -> Void
  ) {
    self.connection = connection
    self.request = request
    self.retry = retry
    self.limits = limits
    watch = queueWatch
    self.deliver = deliver
    decoder = StreamDecoder(format: connection.server.kind.streamFormat)
    let isReplay = connection.endpoint.target == .transcript
    step = connection.server.kind == .ollama && !isReplay ? .loading : .asking
  }

  /// Closes the connection at once. `.cancelled` follows, unless another last event came before.
  package func cancel() {
    connection.transport.perform(afterMilliseconds: 0) { [self] in
      guard !isOver, !isCancelling else { return }
      isCancelling = true
      if let current { connection.transport.cancel(current) }
    }
  }

  func begin() {
    connection.transport.perform(afterMilliseconds: 0) { [self] in
      guard !isCancelling else { return finish(.cancelled(summary)) }
      deliver(.connecting)
      send(afterMilliseconds: 0)
    }
  }

  private func send(afterMilliseconds delay: Int) {
    sending += 1
    head = nil
    plainBody = []
    decoder = StreamDecoder(format: connection.server.kind.streamFormat)
    let thisSending = sending
    let body =
      switch step {
      case .loading: request.loadingBody(contextTokens: connection.server.contextTokens)
      case .asking: connection.body(of: request)
      }
    let message = HTTPRequest(
      endpoint: connection.endpoint, path: connection.server.kind.chatPath, body: body,
      apiKey: connection.apiKey, limits: limits)
    current = connection.transport.start(message, delayMilliseconds: delay) { [self] event in
      guard thisSending == sending, !isOver else { return }
      take(event)
    }
  }

  private func take(_ event: TransportEvent) {
    switch event {
    case .connected: break
    case .sent:
      deliver(.queued(waiting: nil))
      watchQueue(afterMilliseconds: watch.firstMilliseconds)
    case .head(let received):
      head = received
      if (300..<400).contains(received.status) { failNow(refusal) }
    case .bytes(let bytes): take(bytes)
    case .ended(let end): takeEnd(end)
    }
  }

  private var isStream: Bool {
    guard let head, (200..<300).contains(head.status) else { return false }
    let type = head.headers["content-type"] ?? ""
    return
      !(connection.server.kind.streamFormat == .serverSentEvents
      && type.hasPrefix("application/json"))
  }

  private func take(_ bytes: [UInt8]) {
    guard isStream else {
      plainBody += bytes.prefix(max(0, 65536 - plainBody.count))
      return
    }
    if step == .asking { hasAnswer = true }
    for event in decoder.feed(bytes) where !isOver { take(event) }
    if decoder.isFinished, !isOver { conclude() }
  }

  private func take(_ event: StreamEvent) {
    switch event {
    case .progress, .reasoning, .text, .timings, .usage, .finished:
      if step == .asking { takeAnswer(event) }
    case .serverError(let complaint): failNow(meaning(of: complaint))
    case .unreadable(let error): failNow(.unreadableStream(error))
    }
  }

  /// Some servers notice only in the stream that the prompt does not fit.
  private func meaning(of complaint: ServerComplaint) -> ModelError.Reason {
    let isEmpty = summary.text.isEmpty && summary.reasoning.isEmpty
    let overflow =
      isEmpty ? ModelError.Reason.contextOverflow(in: .null, complaint: complaint) : nil
    return overflow ?? .failedWhileAnswering(complaint)
  }

  private func takeAnswer(_ event: StreamEvent) {
    switch event {
    case .progress(let total, _, let processed):
      deliver(.readingPrompt(processed: processed, total: total))
    case .reasoning(let bytes):
      summary.reasoning += bytes
      deliver(.reasoning(bytes))
      reportWriting()
    case .text(let bytes):
      summary.text += bytes
      deliver(.text(bytes))
      reportWriting()
    case .timings(let timings):
      summary.timings = timings
      deliver(
        .writing(tokens: timings.tokenCount, tokensPerSecond: timings.tokensPerSecond))
    case .usage(let usage): summary.usage = usage
    case .finished, .serverError, .unreadable: break
    }
  }

  /// A piece is about a token; a server that tells the speed counts for itself.
  private func reportWriting() {
    textPieceCount += 1
    guard summary.timings == nil else { return }
    deliver(.writing(tokens: textPieceCount, tokensPerSecond: nil))
  }

  private func takeEnd(_ end: TransportEnd) {
    if isCancelling { return finish(.cancelled(summary)) }
    switch end {
    case .cancelled: finish(.cancelled(summary))
    case .whole:
      if isStream { conclude() } else { refused() }
    case .failed(let reason):
      guard hasAnswer else { return failOrRetry(reason) }
      switch reason {
      case .connectionLost, .transport: conclude()
      default: failNow(reason)
      }
    }
  }

  /// The answer ended, as it should or torn.
  private func conclude() {
    let end = decoder.end()
    for event in end.events where !isOver { take(event) }
    guard !isOver else { return }
    switch step {
    case .loading:
      guard end.outcome != .interrupted else {
        return failOrRetry(.connectionLost("it closed before the model was loaded"))
      }
      closeConnection()
      step = .asking
      send(afterMilliseconds: 0)
    case .asking:
      summary.outcome = end.outcome
      summary.warning = warning
      closeConnection()
      finish(.done(summary))
    }
  }

  /// An Ollama that ignores what it is asked for cuts the beginning of a long prompt without a word.
  private var warning: String? {
    guard connection.server.kind == .ollama, let count = summary.usage?.promptTokens,
      TokenEstimator().suspectsCut(promptTokens: count, of: request.messages)
    else { return nil }
    let estimate = TokenEstimator().tokens(in: request.messages)
    return
      "The server read \(count) tokens of a prompt of about \(estimate): it may have cut the beginning."
  }

  private func refused() {
    guard let head else { return failOrRetry(.connectionLost("it closed without an answer")) }
    if (200..<300).contains(head.status) {
      guard let complaint = JSONValue.ifReadable(plainBody).flatMap(ServerComplaint.init(in:))
      else {
        return failNow(.notUnderstood("it did not stream its answer."))
      }
      return failNow(meaning(of: complaint))
    }
    let reason = refusal
    if case .rejected(let status, _) = reason,
      let field = ModelError.Reason.unknownField(status: status, body: plainBody),
      connection.droppedFields.insert(field)
    {
      deliver(.dropped(field))
      return send(afterMilliseconds: 0)
    }
    failOrRetry(reason)
  }

  private var refusal: ModelError.Reason {
    .refusal(
      status: head?.status ?? 0, headers: head?.headers ?? ResponseHeaders(), body: plainBody)
  }

  private func failOrRetry(_ reason: ModelError.Reason) {
    let error = error(reason)
    guard !hasAnswer, error.mayPass, let delay = retry.delay(afterAttempt: attempt, reason) else {
      return failNow(reason)
    }
    attempt += 1
    deliver(.retrying(attempt: attempt, afterMilliseconds: delay, because: error))
    send(afterMilliseconds: delay)
  }

  private func failNow(_ reason: ModelError.Reason) {
    for event in decoder.end().events {
      switch event {
      case .text, .reasoning: take(event)
      case .progress, .timings, .usage, .finished, .serverError, .unreadable: break
      }
    }
    closeConnection()
    finish(.failed(error(reason), summary))
  }

  private func error(_ reason: ModelError.Reason) -> ModelError {
    ModelError(.streamingAnswer, connection.endpoint.written, reason)
  }

  private func closeConnection() {
    if let current { connection.transport.cancel(current) }
  }

  private func finish(_ event: ModelEvent) {
    guard !isOver else { return }
    isOver = true
    deliver(event)
  }

  // MARK: The queue

  private func watchQueue(afterMilliseconds delay: Int) {
    guard connection.server.capabilities.contains(.queueDepth) else { return }
    let thisSending = sending
    connection.transport.perform(afterMilliseconds: delay) { [self] in
      guard !isOver, head == nil, thisSending == sending else { return }
      let question = HTTPRequest(
        endpoint: connection.endpoint, path: "/metrics", apiKey: connection.apiKey,
        limits: .question)
      let metrics = MetricsBody()
      connection.transport.start(question, delayMilliseconds: 0) { [self] event in
        switch event {
        case .bytes(let bytes): metrics.bytes += bytes
        case .ended(.whole):
          guard !isOver, head == nil, thisSending == sending,
            let waiting = connection.server.kind.waitingRequests(in: metrics.bytes)
          else { return }
          deliver(.queued(waiting: waiting))
          watchQueue(afterMilliseconds: watch.nextMilliseconds)
        case .connected, .sent, .head, .ended: break
        }
      }
    }
  }
}

/// Unchecked: used on the transport's thread only.
private final class MetricsBody: @unchecked Sendable {
  var bytes: [UInt8] = []
}
