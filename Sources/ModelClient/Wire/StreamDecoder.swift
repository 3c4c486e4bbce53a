// Decodes a streamed answer: fed with bytes in any pieces, gives events and an outcome.

/// Bounds against a server that does not stop.
package struct StreamLimits: Sendable {
  /// The longest line or event, in bytes.
  package var lineBytes = 4 << 20
  /// The longest answer, reasoning included, in bytes.
  package var answerBytes = 32 << 20

  package init() {}
}

/// Turns the bytes of a streamed answer into events.
///
/// How the bytes are cut does not change the events. After `.serverError`, `.unreadable` or the
/// protocol's end mark nothing more is decoded. Cost: O(bytes).
package struct StreamDecoder: Sendable {
  private let format: StreamFormat
  private let limits: StreamLimits
  private var payloads: EventPayloads
  private var thinking = ThinkingSplitter()
  private var answerByteCount = 0
  private var finish: FinishReason?
  private var isOver = false

  package init(format: StreamFormat, limits: StreamLimits = StreamLimits()) {
    self.format = format
    self.limits = limits
    payloads = EventPayloads(format: format, lineLimit: limits.lineBytes)
  }

  /// Whether nothing that follows can change the answer, so the connection may be closed.
  package var isFinished: Bool { isOver }

  /// Returns the events that `bytes` completes.
  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [StreamEvent] {
    guard !isOver else { return [] }
    var complete: [[UInt8]] = []
    var events: [StreamEvent] = []
    var broken: StreamError?
    do throws(StreamError) {
      try payloads.feed(bytes) { complete.append($0) }
    } catch { broken = error }
    for payload in complete where !isOver { decode(payload, into: &events) }
    if let broken, !isOver { fail(.unreadable(broken), &events) }
    return events
  }

  /// Ends the stream: returns the last events and what became of the answer.
  ///
  /// A torn last event counts as interrupted, not as malformed.
  package mutating func end() -> (events: [StreamEvent], outcome: StreamOutcome) {
    var events: [StreamEvent] = []
    if !isOver, let last = payloads.end() {
      let isWhole = last.elementsEqual("[DONE]".utf8) || JSONValue.ifReadable(last) != nil
      if isWhole { decode(last, into: &events) }
    }
    isOver = true
    releaseThinking(&events)
    switch finish {
    case nil: return (events, .interrupted)
    case .stop, .unstated: return (events, .complete)
    case .length: return (events, .truncated)
    case .other(let name): return (events, .stoppedEarly(name))
    }
  }

  private mutating func decode(_ payload: [UInt8], into events: inout [StreamEvent]) {
    if format == .serverSentEvents, payload.elementsEqual("[DONE]".utf8) {
      isOver = true
      if finish == nil { finished(.unstated, &events) }
      return
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.reading(payload)
    } catch {
      let beginning = String(decoding: payload.prefix(80), as: UTF8.self)
      fail(.unreadable(.malformed(error, beginning: beginning)), &events)
      return
    }
    if let complaint = ServerComplaint(in: value) {
      fail(.serverError(complaint), &events)
      return
    }
    if let remote = RemoteModel(in: value) {
      fail(.unreadable(.answeredElsewhere(remote.place)), &events)
      return
    }
    switch format {
    case .serverSentEvents: decodeCompletion(value, &events)
    case .jsonLines: decodeOllama(value, &events)
    }
  }

  private mutating func decodeCompletion(_ value: JSONValue, _ events: inout [StreamEvent]) {
    if let progress = value["prompt_progress"], let total = progress["total"]?.int {
      events.append(
        .progress(
          total: Self.sane(total), cached: Self.sane(progress["cache"]?.int ?? 0),
          processed: Self.sane(progress["processed"]?.int ?? 0)))
    }
    let choice = value["choices"]?.elements.first { ($0["index"]?.int ?? 0) == 0 }
    if let delta = choice?["delta"] {
      addReasoning(Self.reasoning(in: delta), &events)
      addText(delta["content"], &events)
    }
    addTimings(value["timings"], &events)
    if let usage = value["usage"], let prompt = usage["prompt_tokens"]?.int {
      events.append(
        .usage(
          TokenUsage(
            promptTokens: Self.sane(prompt),
            completionTokens: Self.sane(usage["completion_tokens"]?.int ?? 0),
            cachedTokens: usage["prompt_tokens_details"]?["cached_tokens"]?.int.map(Self.sane))))
    }
    if let reason = choice?["finish_reason"]?.text {
      finished(FinishReason(named: reason), &events)
    }
  }

  /// Servers that send two of the fields send the same in both, or null in one.
  private static func reasoning(in delta: JSONValue) -> JSONValue? {
    ["reasoning_content", "reasoning", "thinking"].lazy.compactMap { delta[$0] }
      .first { !($0.bytes?.isEmpty ?? true) }
  }

  private mutating func decodeOllama(_ value: JSONValue, _ events: inout [StreamEvent]) {
    addReasoning(value["message"]?["thinking"], &events)
    addText(value["message"]?["content"], &events)
    guard value["done"]?.isTrue == true else { return }
    let count = Self.sane(value["eval_count"]?.int ?? 0)
    if let nanoseconds = value["eval_duration"]?.double, nanoseconds > 0 {
      let rate = Self.sane(Double(count) / nanoseconds * 1e9)
      events.append(.timings(StreamTimings(tokensPerSecond: rate, tokenCount: count)))
    }
    if let prompt = value["prompt_eval_count"]?.int {
      events.append(.usage(TokenUsage(promptTokens: Self.sane(prompt), completionTokens: count)))
    }
    finished(value["done_reason"]?.text.map(FinishReason.init(named:)) ?? .stop, &events)
    isOver = true
  }

  private mutating func addReasoning(_ value: JSONValue?, _ events: inout [StreamEvent]) {
    guard let bytes = value?.bytes, !bytes.isEmpty, withinLimit(bytes, &events) else { return }
    events.append(.reasoning(bytes))
  }

  private mutating func addText(_ value: JSONValue?, _ events: inout [StreamEvent]) {
    guard let bytes = value?.bytes, !bytes.isEmpty, withinLimit(bytes, &events) else { return }
    var parts: [StreamEvent] = []
    thinking.feed(bytes) {
      parts.append(.reasoning($0))
    } answer: {
      parts.append(.text($0))
    }
    events += parts
  }

  private mutating func addTimings(_ value: JSONValue?, _ events: inout [StreamEvent]) {
    guard let count = value?["predicted_n"]?.int, count > 0,
      let rate = value?["predicted_per_second"]?.double
    else { return }
    events.append(
      .timings(
        StreamTimings(tokensPerSecond: Self.sane(rate), tokenCount: Self.sane(count))))
  }

  /// A server may claim any number; these are shown and reckoned with.
  private static func sane(_ count: Int) -> Int { min(max(0, count), 1 << 40) }
  private static func sane(_ rate: Double) -> Double {
    rate.isFinite ? min(max(0, rate), 10_000_000) : 0
  }

  private mutating func finished(_ reason: FinishReason, _ events: inout [StreamEvent]) {
    guard finish == nil else { return }
    finish = reason
    releaseThinking(&events)
    events.append(.finished(reason))
  }

  private mutating func releaseThinking(_ events: inout [StreamEvent]) {
    var parts: [StreamEvent] = []
    thinking.end {
      parts.append(.reasoning($0))
    } answer: {
      parts.append(.text($0))
    }
    events += parts
  }

  private mutating func withinLimit(_ bytes: [UInt8], _ events: inout [StreamEvent]) -> Bool {
    answerByteCount += bytes.count
    if answerByteCount <= limits.answerBytes { return true }
    if !isOver { fail(.unreadable(.answerTooLong(limit: limits.answerBytes)), &events) }
    return false
  }

  private mutating func fail(_ event: StreamEvent, _ events: inout [StreamEvent]) {
    releaseThinking(&events)
    isOver = true
    finish = nil
    events.append(event)
  }
}
