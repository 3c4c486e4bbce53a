// Nothing goes anywhere but to the checked endpoint.

import Glibc
import Testing

@testable import ModelClient

struct PerimeterTests {
  @Test(.timeLimit(.minutes(1)))
  func `proxies of the environment are not asked`() async {
    // In a process of its own, since the environment belongs to all tests.
    await #expect(processExitsWith: .success) {
      let proxy = try ScriptedServer { _, _ in [.send(response("200 OK", "{}"))] }
      for name in [
        "http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY",
      ] {
        setenv(name, proxy.url, 1)
      }
      setenv("no_proxy", "", 1)
      let server = try llamaServer { _, _ in [.send(streamHead), .send(answer(["x"]))] }
      let connection = try await open(server.url)
      let events = try await connection.events(question(connection))
      #expect(events.summary?.text == Array("x".utf8))
      #expect(proxy.requests.isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a listed name is connected to at the checked address without another lookup`() async throws
  {
    let server = try llamaServer { _, _ in [.send(streamHead), .send(answer(["x"]))] }
    let port = server.url.split(separator: ":").last ?? ""
    let surroundings = PrivacyGuard.Surroundings(
      resolve: { _ throws(PolicyRefusal) in [IPAddress("127.0.0.1")!] },
      inspectSocket: { _ throws(PolicyRefusal) in 0 })
    let configuration = EndpointConfiguration(
      name: "x", url: "http://no-such-name.invalid:\(port)", listed: ["no-such-name.invalid"])
    let connection = try await ModelConnection.open(
      configuration, over: CurlTransport(), in: surroundings)
    let events = try await connection.events(question(connection))
    #expect(events.summary?.text == Array("x".utf8))
    #expect(server.requests.last?.head.contains("Host: no-such-name.invalid:\(port)") == true)
  }

  @Test func `a socket to an unchecked address, port or family is not made`() throws {
    let endpoint = try PrivacyGuard.check(
      EndpointConfiguration(name: "x", url: "http://127.0.0.1:8080"), in: .system)
    let pin = SocketPin(endpoint.target)
    try pin.check(peer: "127.0.0.1", port: 8080, descriptor: -1)
    for (peer, port) in [("127.0.0.2", 8080), ("127.0.0.1", 8081), ("::1", 8080), ("", 8080)] {
      #expect(throws: WrongPeer.self) { try pin.check(peer: peer, port: port, descriptor: -1) }
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a unix socket is used only with its owner, root or ourselves behind it`() async throws {
    #expect(SocketPin.mayListen(user: 7, owner: 7, us: 1000))
    #expect(SocketPin.mayListen(user: 0, owner: 7, us: 1000))
    #expect(SocketPin.mayListen(user: 1000, owner: 7, us: 1000))
    #expect(!SocketPin.mayListen(user: 8, owner: 7, us: 1000))
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/a.sock"
    let server = try llamaServer(socketPath: path) { _, _ in [] }
    let credentials = PrivacyGuard.Surroundings(
      resolve: { _ throws(PolicyRefusal) in [] }, inspectSocket: { _ throws(PolicyRefusal) in 0 })
    let endpoint = try PrivacyGuard.check(
      EndpointConfiguration(name: "x", url: "unix:\(path)"), in: credentials)
    var pair: [Int32] = [0, 0]
    pipe(&pair)
    defer { for descriptor in pair { close(descriptor) } }
    // A pipe has no peer to ask about: refused, not taken for granted.
    #expect(throws: WrongPeer.self) {
      try SocketPin(endpoint.target).check(peer: "", port: 0, descriptor: pair[0])
    }
    #expect(server.requests.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func `an endpoint that nobody serves is told as refused`() async throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/a.sock"
    do {
      let server = try ScriptedServer(socketPath: path) { _, _ in [] }
      _ = server.url
    }
    let error = await #expect(throws: ModelError.self) { try await open("unix:\(path)") }
    guard case .connectionRefused? = error?.reason else {
      Issue.record("it was \(String(describing: error))")
      return
    }
  }

  @Test func `a transcript's endpoint cannot be connected to`() async {
    let request = HTTPRequest(
      endpoint: .transcript(called: "demo"), path: "/", limits: .question)
    await #expect(throws: ModelError.self) {
      try await CurlTransport().response(to: request, for: .identifyingServer)
    }
  }
}
