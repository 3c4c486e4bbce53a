import Testing

@testable import ModelClient

struct ExchangeTests {
  @Test(.timeLimit(.minutes(1)))
  func `an answer goes through the states to its end`() async throws {
    let server = try llamaServer { _, _ in
      [.send(streamHead), .send(answer(["a", "\\u001b[31mb", "€"]))]
    }
    let connection = try await open(server.url)
    #expect(connection.verdict.level == .local)
    #expect(connection.server.contextTokens == 4096)
    let request = question(connection)
    let events = try await connection.events(request)
    #expect(events.prefix(2) == [.connecting, .queued(waiting: nil)])
    #expect(events.text == Array("a\u{1B}[31mb€".utf8))
    #expect(events.summary?.outcome == .complete)
    #expect(events.summary?.text == events.text)
    let sent = try #require(server.requests.last)
    #expect(sent.body == connection.renderedForDisplay(request).body)
    #expect(sent.line == "POST /v1/chat/completions")
    #expect(sent.head.contains("Host: 127.0.0.1"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a unix socket is served as an address is`() async throws {
    let directory = try TemporaryDirectory()
    let server = try llamaServer(socketPath: "\(directory.path)/a.sock") { _, _ in
      [.send(streamHead), .drip(answer(["x", "y"]))]
    }
    let connection = try await open(server.url)
    #expect(connection.verdict.level == .local)
    let events = try await connection.events(question(connection))
    #expect(events.summary?.text == Array("xy".utf8))
  }

  @Test(.timeLimit(.minutes(1)), arguments: [0, 1, 5, 37, 60, 61, 90])
  func `an answer cut anywhere and ended early is kept but not whole`(_ count: Int) async throws {
    let whole = answer(["abc"])
    let server = try llamaServer { _, _ in
      [.send(streamHead), .drip(Array(whole.prefix(count)))]
    }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection))
    #expect(events.summary?.outcome == .interrupted)
    guard case .done? = events.last else {
      Issue.record("it ended with \(String(describing: events.last))")
      return
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a server that dies in the middle leaves its text and an interruption`() async throws {
    let chunked = Array(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        .utf8)
    let event = Array("data: {\"choices\":[{\"delta\":{\"content\":\"abc\"}}]}\n\n".utf8)
    let chunk = Array("\(String(event.count, radix: 16))\r\n".utf8) + event + Array("\r\n".utf8)
    let server = try llamaServer { _, _ in
      [.send(chunked), .send(chunk), .waitForRelease, .reset]
    }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection)) { event, _ in
      if case .text = event { server.release() }
    }
    #expect(events.summary?.text == Array("abc".utf8))
    #expect(events.summary?.outcome == .interrupted)
  }

  @Test(.timeLimit(.minutes(1)))
  func `cancelling closes the socket at once, also while waiting for the first byte`() async throws
  {
    for acts in [
      [ServerAct.waitForClose], [.send(streamHead), .send(textEvent("x")), .waitForClose],
    ] {
      let server = try llamaServer { _, _ in acts }
      let connection = try await open(server.url)
      let events = try await connection.events(question(connection)) { event, exchange in
        switch event {
        case .queued where acts.count == 1: exchange.cancel()
        case .text: exchange.cancel()
        default: break
        }
      }
      guard case .cancelled? = events.last else {
        Issue.record("it ended with \(String(describing: events.last))")
        return
      }
      var closes = server.closes.makeAsyncIterator()
      #expect(await closes.next() != nil)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `busy servers are asked again, and told from those that fail`() async throws {
    let server = try llamaServer { _, count in
      switch count {
      case ...3: [.send(response("503 Service Unavailable", "busy", type: "text/plain"))]
      case 4: [.send(response("429 Too Many", "{}", extra: "Retry-After: 0\r\n"))]
      case 5: [.send(response("529 Overloaded", ""))]
      default: [.send(streamHead), .send(answer(["x"]))]
      }
    }
    let connection = try await open(server.url)
    let policy = RetryPolicy(delaysMilliseconds: [1, 1, 1], jitter: { 1 })
    let events = try await connection.events(question(connection), retry: policy)
    let waits = events.compactMap { event -> Int? in
      if case .retrying(_, let wait, _) = event { wait } else { nil }
    }
    #expect(waits == [1, 0, 1])
    #expect(events.summary?.outcome == .complete)

    let failing = try llamaServer { _, _ in [.send(response("500 Oh", #"{"error":"broken"}"#))] }
    let other = try await open(failing.url)
    #expect(
      try await other.events(question(other), retry: policy).failure
        == .serverFailed(status: 500, "broken"))
    #expect(failing.requests.filter { $0.line.hasPrefix("POST") }.count == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a wait for the next attempt can be cancelled`() async throws {
    let server = try llamaServer { _, _ in [.send(response("503 Busy", ""))] }
    let connection = try await open(server.url)
    let policy = RetryPolicy(delaysMilliseconds: [3_600_000])
    let events = try await connection.events(question(connection), retry: policy) {
      event, exchange in
      if case .retrying = event { exchange.cancel() }
    }
    guard case .cancelled? = events.last else {
      Issue.record("it ended with \(String(describing: events.last))")
      return
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `nothing is asked again once text was shown`() async throws {
    let server = try llamaServer { _, _ in
      [.send(streamHead), .send(textEvent("x"))]
    }
    let connection = try await open(server.url)
    let policy = RetryPolicy(delaysMilliseconds: [1, 1, 1])
    _ = try await connection.events(question(connection), retry: policy)
    #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an unknown optional field is left out from then on`() async throws {
    let server = try llamaServer { request, _ in
      String(decoding: request.body, as: UTF8.self).contains("return_progress")
        ? [.send(response("400 Bad", #"{"error":{"message":"unknown field return_progress"}}"#))]
        : [.send(streamHead), .send(answer(["x"]))]
    }
    let connection = try await open(server.url)
    let first = try await connection.events(question(connection))
    #expect(first.contains(.dropped(.returnProgress)))
    #expect(first.summary?.outcome == .complete)
    let second = try await connection.events(question(connection))
    #expect(!second.contains(.dropped(.returnProgress)))
    #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 3)
  }

  @Test(.timeLimit(.minutes(1)))
  func `redirects are refused and never followed`() async throws {
    let elsewhere = try ScriptedServer { _, _ in [.send(response("200 OK", "{}"))] }
    for status in ["301 Moved", "302 Found", "303 Other", "307 Temporary", "308 Permanent"] {
      let redirect = response(
        status, "", extra: "Location: \(elsewhere.url)/v1/chat/completions\r\n")
      let server = try llamaServer { _, _ in [.send(redirect), .waitForClose] }
      let connection = try await open(server.url)
      let failure = try await connection.events(question(connection)).failure
      guard case .redirected? = failure else {
        Issue.record("\(status) was \(String(describing: failure))")
        continue
      }
      let front = try ScriptedServer { _, _ in [.send(redirect)] }
      await #expect(throws: ModelError.self) { try await open(front.url) }
    }
    #expect(elsewhere.requests.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an error under status 200 is an error`() async throws {
    let plain = try llamaServer { _, _ in
      [.send(response("200 OK", #"{"error":{"code":500,"message":"no"}}"#))]
    }
    let connection = try await open(plain.url)
    #expect(
      try await connection.events(question(connection)).failure
        == .failedWhileAnswering(ServerComplaint(code: 500, type: nil, message: "no")))
    let streamed = try llamaServer { _, _ in
      [
        .send(streamHead), .send(textEvent("x")),
        .send(Array("data: {\"error\":\"no\"}\n\n".utf8)), .waitForClose,
      ]
    }
    let other = try await open(streamed.url)
    let events = try await other.events(question(other))
    #expect(
      events.failure == .failedWhileAnswering(ServerComplaint(code: nil, type: nil, message: "no")))
    #expect(events.summary?.text == Array("x".utf8))
  }

  @Test(.timeLimit(.minutes(1)))
  func `an answer without end meets a limit and the connection is closed`() async throws {
    let server = try llamaServer { _, _ in
      [.send(streamHead), .sendForever([UInt8](repeating: UInt8(ascii: "x"), count: 65536))]
    }
    let connection = try await open(server.url)
    let events = try await connection.events(question(connection))
    #expect(events.failure == .unreadableStream(.lineTooLong(limit: 4 << 20)))
    var closes = server.closes.makeAsyncIterator()
    #expect(await closes.next() != nil)

    let comments = try llamaServer { _, _ in
      [.send(streamHead), .sendForever(Array(": ping\n".utf8))]
    }
    let other = try await open(comments.url)
    var limits = ExchangeLimits.answer
    limits.bodyBytes = 100_000
    #expect(
      try await other.events(question(other), limits: limits).failure
        == .tooLarge(limitBytes: 100_000))
  }

  @Test(.timeLimit(.minutes(1)))
  func `endless heads, other protocols and half an answer are told`() async throws {
    let endless = try llamaServer { _, _ in
      [.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .sendForever(Array("X-A: b\r\n".utf8))]
    }
    let first = try await open(endless.url)
    #expect(try await first.events(question(first)).failure == .tooLarge(limitBytes: 65536))
    let nothing = try llamaServer { _, _ in [] }
    let second = try await open(nothing.url)
    guard case .connectionLost? = try await second.events(question(second)).failure else {
      Issue.record("an empty answer was not called lost")
      return
    }
    let other = try llamaServer { _, _ in [.send(Array("SSH-2.0-x\r\n".utf8))] }
    let third = try await open(other.url)
    #expect(try await third.events(question(third)).failure != nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `silence in the middle of an answer is noticed, silence before it is waited for`()
    async throws
  {
    let server = try llamaServer { _, _ in
      [.waitForRelease, .send(streamHead), .send(textEvent("x")), .waitForClose]
    }
    let connection = try await open(server.url)
    var limits = ExchangeLimits.answer
    limits.silenceMilliseconds = 60
    let events = try await connection.events(question(connection), limits: limits) { event, _ in
      if case .queued = event { server.release() }
    }
    #expect(events.failure == .fellSilent(milliseconds: 60))
    #expect(events.summary?.text == Array("x".utf8))
  }

  @Test(.timeLimit(.minutes(1)))
  func `while a request waits its server is asked how many do`() async throws {
    let server = try llamaServer { request, _ in
      request.line == "GET /metrics"
        ? [.send(response("200 OK", "llamacpp:requests_deferred 2\n", type: "text/plain"))]
        : [.waitForRelease, .send(streamHead), .send(answer(["x"]))]
    }
    let connection = try await open(server.url)
    var watch = QueueWatch()
    watch.firstMilliseconds = 1
    watch.nextMilliseconds = 1
    let events = try await connection.events(question(connection), queueWatch: watch) { event, _ in
      if event == .queued(waiting: 2) { server.release() }
    }
    #expect(events.contains(.queued(waiting: 2)))
    #expect(events.summary?.outcome == .complete)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a request for another model than the checked one is not sent`() async throws {
    let server = try llamaServer { _, _ in [] }
    let connection = try await open(server.url)
    let request = ChatRequest(model: "other", messages: [], maxTokens: 1)
    #expect(throws: ModelError.self) { try connection.stream(request) { _ in } }
  }

  @Test(.timeLimit(.minutes(1)))
  func `tokens are counted by the server where it can, else estimated`() async throws {
    let server = try llamaServer { request, _ in
      request.line.hasSuffix("input_tokens")
        ? [.send(response("200 OK", #"{"input_tokens":19}"#))] : []
    }
    let connection = try await open(server.url)
    #expect(
      try await connection.countTokens(of: question(connection))
        == TokenCount(tokens: 19, isExact: true))
    let refusing = try llamaServer { _, _ in [.send(response("404 No", "{}"))] }
    let other = try await open(refusing.url)
    #expect(try await other.countTokens(of: question(other)).isExact == false)
  }
}
