// Records answers while they arrive, for `--record`.

/// Passes everything on to another transport and writes down the exchanges that stream an answer.
///
/// What is recorded is the answer; neither the request nor the API key is in a transcript.
package final class RecordingTransport: Transport {
  private let inner: any Transport
  private let date: String
  private let note: String
  private let finished: @Sendable (Transcript) -> Void

  /// - Parameters:
  ///   - date: the day of the recording, for the header.
  ///   - finished: is given each transcript when its exchange ended, on the transport's thread.
  package init(
    around inner: any Transport, date: String, note: String,
    finished: @escaping @Sendable (Transcript) -> Void
  ) {
    self.inner = inner
    self.date = date
    self.note = note
    self.finished = finished
  }

  package func start(
    _ request: HTTPRequest, delayMilliseconds: Int,
    _ deliver: @escaping @Sendable (TransportEvent) -> Void
  ) -> ExchangeID {
    // A chat without messages only loads a model.
    guard let question = request.body.flatMap(JSONValue.ifReadable),
      let kind = Self.kind(chattingAt: request.path), question["messages"]?[0] != nil
    else {
      return inner.start(request, delayMilliseconds: delayMilliseconds, deliver)
    }
    let model = question["model"]?.text ?? ""
    let recording = Recording()
    return inner.start(request, delayMilliseconds: delayMilliseconds) { [self] event in
      recording.add(event)
      if case .ended = event {
        let header = TranscriptHeader(
          server: recording.isLlamaServer ? .llamaServer : kind, model: model, date: date,
          note: note)
        finished(Transcript(header: header, records: recording.records))
      }
      deliver(event)
    }
  }

  package func cancel(_ exchange: ExchangeID) { inner.cancel(exchange) }

  package func perform(
    afterMilliseconds delay: Int, _ work: @escaping @Sendable () -> Void
  ) {
    inner.perform(afterMilliseconds: delay, work)
  }

  private static func kind(chattingAt path: String) -> ServerKind? {
    switch path {
    case ServerKind.ollama.chatPath: .ollama
    case ServerKind.generic.chatPath: .generic
    default: nil
    }
  }
}

/// One exchange being written down. Unchecked: used on the transport's thread only.
private final class Recording: @unchecked Sendable {
  private(set) var records: [TranscriptRecord] = []
  private(set) var isLlamaServer = false
  private var sentAt: ContinuousClock.Instant?

  func add(_ event: TransportEvent) {
    let now = ContinuousClock.now
    let start = sentAt ?? now
    let milliseconds = Int(start.duration(to: now) / Duration.milliseconds(1))
    func add(_ content: TranscriptRecord.Content) {
      records.append(TranscriptRecord(milliseconds: milliseconds, content: content))
    }
    switch event {
    case .connected: break
    case .sent: sentAt = now
    case .head(let head):
      isLlamaServer = head.headers["server"]?.hasPrefix("llama.cpp") ?? false
      add(.head(head.raw))
    case .bytes(let bytes): add(.bytes(bytes))
    case .ended(let end): add(.end(isWhole: end == .whole))
    }
  }
}
