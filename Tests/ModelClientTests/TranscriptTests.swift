import Synchronization
import Testing

@testable import ModelClient

private func transcript(_ body: [UInt8], pieces size: Int, isWhole: Bool = true) -> Transcript {
  var records = [TranscriptRecord(milliseconds: 1, content: .head(streamHead))]
  for start in stride(from: 0, to: body.count, by: size) {
    records.append(
      TranscriptRecord(
        milliseconds: 2 + start, content: .bytes(Array(body[start..<min(start + size, body.count)]))
      ))
  }
  records.append(TranscriptRecord(milliseconds: 9999, content: .end(isWhole: isWhole)))
  let header = TranscriptHeader(
    server: .llamaServer, model: "tiny", date: "2026-11-23", note: "a test")
  return Transcript(header: header, records: records)
}

struct TranscriptTests {
  @Test(arguments: [1, 2, 7, 1000])
  func `a transcript survives being written and read`(_ size: Int) throws {
    let original = transcript(answer(["a€", "b"]), pieces: size)
    #expect(try Transcript(reading: original.encoded, called: "x") == original)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1, 3, 64, 10_000])
  func `a replay is decoded as a server's answer is, and says that it is one`(_ size: Int)
    async throws
  {
    let waits = Mutex<[Int]>([])
    let connection = ModelConnection.replaying(
      transcript(answer(["a€", "b"]), pieces: size), called: "demo",
      pace: ReplayPace { gap in
        waits.withLock { $0.append(gap) }
        return 0
      })
    #expect(connection.verdict.level == .replay)
    let events = try await connection.events(question(connection))
    #expect(events.summary?.text == Array("a€b".utf8))
    #expect(events.summary?.outcome == .complete)
    #expect(waits.withLock { $0.first } == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a replay can be cancelled, and a torn one is interrupted`() async throws {
    let endless = ModelConnection.replaying(
      transcript(textEvent("a"), pieces: 10_000), called: "demo",
      pace: ReplayPace { $0 > 5000 ? 3_600_000 : 0 })
    let cancelled = try await endless.events(question(endless)) { event, exchange in
      if case .text = event { exchange.cancel() }
    }
    guard case .cancelled? = cancelled.last else {
      Issue.record("it ended with \(String(describing: cancelled.last))")
      return
    }
    let torn = ModelConnection.replaying(
      transcript(textEvent("a"), pieces: 9, isWhole: false), called: "demo",
      pace: .immediate)
    #expect(try await torn.events(question(torn)).summary?.outcome == .interrupted)
  }

  @Test(.timeLimit(.minutes(1)))
  func `what was recorded plays back the same`() async throws {
    let server = try llamaServer { _, _ in
      [.send(streamHead), .drip(answer(["a\\u001b", "😀"]))]
    }
    let recorded = Mutex<[Transcript]>([])
    let recorder = RecordingTransport(around: CurlTransport(), date: "2026-11-23", note: "n") {
      made in
      recorded.withLock { $0.append(made) }
    }
    let live = try await open(server.url, over: recorder)
    let (ended, continuation) = AsyncStream<Void>.makeStream()
    let events = try await live.events(question(live))
    // The exchange ends before its connection does; work given now runs after both.
    recorder.perform(afterMilliseconds: 0) { continuation.finish() }
    for await _ in ended {}
    let made = try #require(recorded.withLock { $0.first })
    #expect(recorded.withLock { $0.count } == 1)
    #expect(made.header.server == .llamaServer)
    #expect(made.header.model == "tiny")
    let replay = ModelConnection.replaying(made, called: "x", pace: .immediate)
    #expect(try await replay.events(question(replay)).text == events.text)
  }

  @Test(arguments: [
    "", "{}", "nope", #"{"countersign_transcript":2,"server":"llamaServer","model":"m"}"#,
    #"{"countersign_transcript":1,"server":"abacus","model":"m"}"#,
    #"{"countersign_transcript":1,"server":"vllm","model":"m"}"# + "\n{\"t\":1}",
    #"{"countersign_transcript":1,"server":"vllm","model":"m"}"# + "\n{\"t\":-1,\"text\":\"\"}",
    #"{"countersign_transcript":1,"server":"vllm","model":"m"}"# + "\n{\"t\":1,\"base64\":\"x\"}",
    #"{"countersign_transcript":1,"server":"vllm","model":"m"}"# + "\n{\"t\":1,\"head\":\"x\"}",
    #"{"countersign_transcript":1,"server":"vllm","model":"m"}"#
      + "\n{\"t\":2,\"text\":\"\"}\n{\"t\":1,\"text\":\"\"}",
  ])
  func `what is no transcript is refused with its line`(_ text: String) {
    #expect(throws: ModelError.self) { try Transcript(reading: Array(text.utf8), called: "x") }
  }
}
