import Testing

@testable import ModelClient

/// Events and outcome of a stream fed in the given pieces, neighbouring pieces of text joined.
private func decode(
  _ pieces: [[UInt8]], format: StreamFormat = .serverSentEvents, limits: StreamLimits = .init()
) -> (events: [StreamEvent], outcome: StreamOutcome) {
  var decoder = StreamDecoder(format: format, limits: limits)
  var events: [StreamEvent] = []
  for piece in pieces { events += decoder.feed(piece) }
  let end = decoder.end()
  events += end.events
  return (joined(events), end.outcome)
}

private func joined(_ events: [StreamEvent]) -> [StreamEvent] {
  events.reduce(into: []) { result, event in
    switch (result.last, event) {
    case (.text(let before)?, .text(let next)): result[result.count - 1] = .text(before + next)
    case (.reasoning(let before)?, .reasoning(let next)):
      result[result.count - 1] = .reasoning(before + next)
    default: result.append(event)
    }
  }
}

private func decode(_ text: String) -> (events: [StreamEvent], outcome: StreamOutcome) {
  decode([Array(text.utf8)])
}

private func text(_ string: String) -> StreamEvent { .text(Array(string.utf8)) }

/// As a llama-server of October 2026 sends it, with hostile text in it.
private let recorded = Array(
  #"""
  : ping

  data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"prompt_progress":{"total":44,"cache":7,"processed":44,"time_ms":2}}

  data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm é"}}]}

  data:{"choices":[{"index":0,"delta":{"content":"a\u001b[2J€ 😀 �"}}],"timings":{"predicted_n":3,"predicted_per_second":20.5}}

  event: message
  id: 7
  data: {"choices":[{"index":0,
  data: "delta":{"content":"b"}}]}

  data: {"choices":[{"finish_reason":"stop","index":0,"delta":{}}]}

  data: {"choices":[],"usage":{"completion_tokens":4,"prompt_tokens":19,"prompt_tokens_details":{"cached_tokens":5}}}

  data: [DONE]


  """#.utf8)

private let recordedEvents: [StreamEvent] = [
  .progress(total: 44, cached: 7, processed: 44), .reasoning(Array("hm é".utf8)),
  text("a\u{1B}[2J€ 😀 \u{FFFD}"), .timings(StreamTimings(tokensPerSecond: 20.5, tokenCount: 3)),
  text("b"), .finished(.stop),
  .usage(TokenUsage(promptTokens: 19, completionTokens: 4, cachedTokens: 5)),
]

struct StreamDecoderTests {
  @Test(arguments: ["\n", "\r\n", "\r"])
  func `a stream cut at any byte gives the same events`(_ newline: String) {
    let lines = recorded.split(separator: 0x0A, omittingEmptySubsequences: false)
    let bytes = Array(lines.joined(separator: Array(newline.utf8)))
    for cut in 0...bytes.count {
      let (events, outcome) = decode([Array(bytes[..<cut]), Array(bytes[cut...])])
      #expect(events == recordedEvents, "cut at \(cut)")
      #expect(outcome == .complete)
    }
    #expect(decode(bytes.map { [$0] }).events == recordedEvents)
  }

  @Test func `a stream that ends at any byte is interrupted until a finish was seen`() {
    let stop = recorded.firstRange(of: Array(#""delta":{}}]}"#.utf8))!.upperBound
    for end in 0..<recorded.count {
      let (events, outcome) = decode([Array(recorded[..<end])])
      #expect(outcome == (end < stop ? .interrupted : .complete), "ended at \(end)")
      #expect(!events.contains { if case .unreadable = $0 { true } else { false } })
    }
  }

  @Test(arguments: [
    (
      #"data: {"choices":[{"delta":{"content":"x"},"finish_reason":"length"}]}"#,
      StreamOutcome.truncated
    ),
    (
      #"data: {"choices":[{"delta":{"content":"x"},"finish_reason":"content_filter"}]}"#,
      .stoppedEarly("content_filter")
    ),
    (#"data: {"choices":[{"delta":{"content":"x"}}]}"# + "\n\ndata: [DONE]", .complete),
    (#"data: {"choices":[{"delta":{"content":"x"}}]}"#, .interrupted),
  ])
  func `how the answer ended is told apart and its text is kept`(
    _ stream: String, _ outcome: StreamOutcome
  ) {
    let result = decode(stream + "\n\n")
    #expect(result.outcome == outcome)
    #expect(result.events.first == text("x"))
  }

  @Test func `an error inside the stream is an error and ends it`() {
    let result = decode(
      """
      data: {"choices":[{"delta":{"content":"x"}}]}

      data: {"error":{"code":500,"message":"does not match","type":"server_error"}}

      data: {"choices":[{"delta":{"content":"y"},"finish_reason":"stop"}]}


      """)
    let complaint = ServerComplaint(code: 500, type: "server_error", message: "does not match")
    #expect(result.events == [text("x"), .serverError(complaint)])
    #expect(result.outcome == .interrupted)
  }

  @Test(arguments: [
    #"{"choices":[]}"#, #"{"choices":[{"index":0,"delta":{"content":null}}]}"#,
    #"{"choices":null}"#,
    #"{"choices":[{"index":0}]}"#, #"{"choices":[{"index":1,"delta":{"content":"other"}}]}"#, "[]",
    #"{"choices":[{"delta":{"role":"assistant"}}],"error":null}"#,
  ])
  func `events without text are passed over`(_ event: String) {
    #expect(decode("data: \(event)\n\n").events.isEmpty)
  }

  @Test func `an event that is no JSON ends the stream with its beginning`() {
    let result = decode("data: {\"choices\": nope}\n\ndata: [DONE]\n\n")
    guard case .unreadable(.malformed(let error, let beginning))? = result.events.last else {
      Issue.record("it was not called malformed")
      return
    }
    #expect(error.position == 12)
    #expect(beginning == "{\"choices\": nope}")
  }

  @Test func `a line over the limit is an error, and text before it is kept`() {
    var limits = StreamLimits()
    limits.lineBytes = 100
    let long = Array("data: \(String(repeating: "x", count: 200))\n\n".utf8)
    let start = Array("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n".utf8)
    #expect(
      decode([start + long], limits: limits).events == [
        text("x"), .unreadable(.lineTooLong(limit: 100)),
      ])
    let many = Array(String(repeating: "data: 0123456789\n", count: 50).utf8)
    #expect(decode([many], limits: limits).events == [.unreadable(.lineTooLong(limit: 100))])
  }

  @Test func `an answer over the limit is an error`() {
    var limits = StreamLimits()
    limits.answerBytes = 10
    let event = Array(#"data: {"choices":[{"delta":{"content":"12345678"}}]}"#.utf8) + [10, 10]
    let result = decode([event, event], limits: limits)
    #expect(result.events == [text("12345678"), .unreadable(.answerTooLong(limit: 10))])
  }

  @Test func `a stream passed on to another machine is not read on`() {
    let result = decode(
      #"data: {"remote_host":"https://ollama.com:443","choices":[{"delta":{"content":"x"}}]}"#
        + "\n\n")
    #expect(result.events == [.unreadable(.answeredElsewhere("https://ollama.com:443"))])
  }

  @Test(arguments: 1...12)
  func `thinking in the text is told from the answer however it is cut`(_ size: Int) {
    let pieces = Array("\n<think>a < b </thin k</think>\n<think>no</think>".utf8)
    let chunks = stride(from: 0, to: pieces.count, by: size).map {
      Array(pieces[$0..<min($0 + size, pieces.count)])
    }
    let events = chunks.map {
      Array("data: ".utf8)
        + JSONValue.members([
          "choices": .array([.members(["delta": .members(["content": .string($0)])])])
        ]).encoded + [10, 10]
    }
    let result = decode(events)
    #expect(
      result.events == [
        .reasoning(Array("a < b </thin k".utf8)), text("\n<think>no</think>"),
      ])
  }

  /// As bad templates of gpt-oss leave them in the text.
  @Test(arguments: 1...9)
  func `channels in the text are told apart however it is cut`(_ size: Int) {
    let whole = Array(
      "<|channel|>analysis<|message|>hm <|channel|>f<|channel|>final<|message|>a<|channel|>".utf8)
    let events = stride(from: 0, to: whole.count, by: size).map {
      Array("data: ".utf8)
        + JSONValue.members([
          "choices": .array([
            .members([
              "delta": .members(["content": .string(Array(whole[$0..<min($0 + size, whole.count)]))]
              )
            ])
          ])
        ]).encoded + [10, 10]
    }
    #expect(
      decode(events).events == [
        .reasoning(Array("hm <|channel|>f".utf8)), text("a<|channel|>"),
      ])
  }

  @Test func `text that only looks like thinking stays text`() {
    #expect(
      decode(#"data: {"choices":[{"delta":{"content":"<|channel|>comm"}}]}"# + "\n\n").events == [
        text("<|channel|>comm")
      ])
    #expect(
      decode(#"data: {"choices":[{"delta":{"content":" <thi"}}]}"# + "\n\n").events == [
        text(" <thi")
      ])
  }

  @Test func `an Ollama's lines are read, its numbers and its end`() {
    let lines = """
      {"model":"q","message":{"role":"assistant","thinking":"hm","content":""},"done":false}
      {"model":"q","message":{"role":"assistant","content":"x€"},"done":false}
      {"model":"q","message":{"role":"assistant","content":""},"done":true,"done_reason":"length","prompt_eval_count":9,"eval_count":4,"eval_duration":2000000000}

      """
    let bytes = Array(lines.utf8)
    for cut in 0...bytes.count {
      let result = decode([Array(bytes[..<cut]), Array(bytes[cut...])], format: .jsonLines)
      #expect(
        result.events == [
          .reasoning(Array("hm".utf8)), text("x€"),
          .timings(StreamTimings(tokensPerSecond: 2, tokenCount: 4)),
          .usage(TokenUsage(promptTokens: 9, completionTokens: 4)), .finished(.length),
        ])
      #expect(result.outcome == .truncated)
    }
    #expect(
      decode([Array("{\"error\":\"no\"}\n".utf8)], format: .jsonLines).events == [
        .serverError(ServerComplaint(code: nil, type: nil, message: "no"))
      ])
  }
}
