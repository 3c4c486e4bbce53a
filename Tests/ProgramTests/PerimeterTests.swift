// Nothing leaves the perimeter: what the system saw of the program's connections.

import Glibc
import TerminalHarness
import Testing

@Suite(.timeLimit(.minutes(15))) struct PerimeterTests {
  private static let canary = "canary-7f3a9b51-in-the-source"
  private static let answer = """
    a.txt
    <<<<<<< SEARCH
    a line 5
    =======
    a line five
    >>>>>>> REPLACE
    """

  private func repository() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.makeRepository([
      "a.txt": numberedLines(20, "a", changing: [7: Self.canary]), "b.txt": "\(Self.canary) too\n",
    ])
    return scratch
  }

  /// Variables that would lead a careless client to `place`.
  private static func hostileVariables(_ place: String) -> [String: String?] {
    var variables: [String: String?] = ["NO_PROXY": "", "no_proxy": ""]
    for name in [
      "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
      "ftp_proxy", "socks_proxy",
    ] {
      variables[name] = place
    }
    variables["CURL_CA_BUNDLE"] = "/nonexistent"
    variables["CURL_HOME"] = "/nonexistent"
    return variables
  }

  /// Whether strace can follow a program here.
  static let hasStrace = works(["/usr/bin/env", "strace", "-f", "-e", "trace=connect", "true"])
  /// Whether a user may have a network namespace of its own here.
  static let hasNamespaces = works(["/usr/bin/env", "unshare", "-Urn", "true"])

  private static func works(_ command: [String]) -> Bool {
    let result = try? run(
      command, environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"], directory: "/")
    return result?.exit == .code(0)
  }

  /// Runs countersign under strace and returns every address that any of its processes connected or sent to.
  private func addresses(
    _ scratch: Scratch, _ arguments: [String], environment: [String: String?] = [:]
  ) throws -> (result: CommandResult, addresses: [String]) {
    let log = "\(scratch.path)/tmp/strace.log"
    let result = try run(
      ["/usr/bin/env", "strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", log]
        + [try programPath()] + arguments,
      environment: scratch.environment(environment), directory: scratch.repository)
    var addresses: [String] = []
    for line in String(decoding: try readFile(log), as: UTF8.self).split(separator: "\n") {
      guard let start = line.firstRange(of: "{sa_family=") else { continue }
      addresses.append(String(line[start.upperBound...].prefix { $0 != "}" }))
    }
    return (result, addresses)
  }

  @Test(.enabled(if: hasStrace, "strace cannot trace here."))
  func `a request over TCP connects to its endpoint and to nothing else`() throws {
    let server = try LoopbackServer { _, _ in ServerAct.answer(Self.answer) }
    let proxy = try LoopbackServer(as: .generic) { _, _ in [] }
    let scratch = try repository()
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    let (result, addresses) = try addresses(
      scratch, ["ask", "Change it.", "a.txt"],
      environment: Self.hostileVariables("http://127.0.0.1:\(proxy.port)"))
    #expect(result.exit == .code(0), "\(result.problem)")
    #expect(
      Set(addresses) == [
        "AF_INET, sin_port=htons(\(server.port)), sin_addr=inet_addr(\"127.0.0.1\")"
      ])
    #expect(proxy.requests.isEmpty)
    expectCanary(server)
  }

  @Test(.enabled(if: hasStrace, "strace cannot trace here."))
  func `a request over a socket connects to that socket and to nothing else`() throws {
    let scratch = try repository()
    let path = "\(scratch.path)/run/model.sock"
    let server = try LoopbackServer(socketPath: path) { _, _ in ServerAct.answer(Self.answer) }
    let proxy = try LoopbackServer(as: .generic) { _, _ in [] }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    let (result, addresses) = try addresses(
      scratch, ["ask", "Change it.", "a.txt"],
      environment: Self.hostileVariables("http://127.0.0.1:\(proxy.port)"))
    #expect(result.exit == .code(0), "\(result.problem)")
    #expect(result.problem.contains("LOCAL unix"))
    #expect(Set(addresses) == ["AF_UNIX, sun_path=\"\(path)\""])
    #expect(proxy.requests.isEmpty)
    expectCanary(server)
  }

  /// The prompt carries the one file that was chosen, and no question carries any.
  private func expectCanary(_ server: LoopbackServer) {
    let canary = Array(Self.canary.utf8)
    #expect(server.prompts.count == 1)
    for request in server.requests {
      let holdsIt = (Array(request.head.utf8) + request.body).firstRange(of: canary) != nil
      #expect(holdsIt == !request.isQuestion)
      #expect(request.body.firstRange(of: Array("\(Self.canary) too".utf8)) == nil)
    }
  }

  @Test(
    .enabled(if: hasStrace, "strace cannot trace here."),
    arguments: [
      "http://192.0.2.7:8080", "http://8.8.8.8", "http://[2001:db8::1]:8080", "https://1.1.1.1",
      "http://10.0.0.5:8080", "http://192.168.1.1:8080", "http://169.254.169.254",
      "http://100.64.0.1:80", "http://0.0.0.0:8080", "http://model.example.test:8080",
      "http://localhost.example.test", "http://[::ffff:8.8.8.8]:80",
    ])
  func `an address outside of the perimeter is refused before anything is sent`(url: String) throws
  {
    let scratch = try repository()
    try scratch.configure("[[endpoint]]\nname = \"far\"\nurl = \"\(url)\"\n")
    let (result, addresses) = try addresses(scratch, ["ask", "Change it.", "a.txt"])
    #expect(addresses == [])
    #expect(result.output.isEmpty)
    #expect(result.problem.contains("Could not use the endpoint"), "\(result.problem)")
    #expect(result.exit == .code(4))
    #expect(try scratch.countersign(["sessions"]).text == "")
  }

  @Test(.enabled(if: hasStrace, "strace cannot trace here."))
  func `commands that ask no model connect to nothing`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    try scratch.configure("[[endpoint]]\nname = \"far\"\nurl = \"http://127.0.0.1:9\"\n")
    for arguments in [
      ["sessions"], ["sessions", "--json"], ["show", review.session, "--patch"],
      ["discard", review.session], ["restore", review.session], ["config", "--check"], ["--help"],
    ] {
      let (result, addresses) = try addresses(
        scratch, arguments, environment: Self.hostileVariables("http://127.0.0.1:9"))
      #expect(result.exit == .code(0))
      #expect(addresses == [], "\(arguments)")
    }
  }

  @Test(.enabled(if: hasStrace, "strace cannot trace here."))
  func `a whole review with its commit connects to nothing`() throws {
    let review = try RangeReview()
    let scratch = review.scratch
    let log = "\(scratch.path)/tmp/strace.log"
    let terminal = try scratch.shell(
      "strace -f -qq -e trace=connect,sendto,sendmsg -o \(log) \"$countersign\" open \(review.session)",
      environment: Self.hostileVariables("http://127.0.0.1:9"))
    try terminal.waitForReview(
      ShownTally(approved: 0, rejected: 0, undecided: 5), timeoutSeconds: 60)
    try terminal.approve()
    _ = try terminal.commit()
    try terminal.leave()
    let lines = String(decoding: try readFile(log), as: UTF8.self)
    #expect(!lines.contains("sa_family="), "\(lines)")
  }

  @Test(.enabled(if: hasStrace, "strace cannot trace here."))
  func `what reads git's objects trusts no certificate`() throws {
    let scratch = try repository()
    let log = "\(scratch.path)/tmp/strace.log"
    let result = try run(
      ["/usr/bin/env", "strace", "-f", "-qq", "-e", "trace=openat", "-o", log, try programPath()]
        + ["sessions"],
      environment: scratch.environment(), directory: scratch.repository)
    #expect(result.exit == .code(0), "\(result.problem)")
    let opened = String(decoding: try readFile(log), as: UTF8.self)
    // The library was started, and read no authority it could trust.
    #expect(opened.contains("/.git/config"))
    #expect(!opened.contains("/etc/ssl/certs"))
  }

  @Test(.enabled(if: hasNamespaces, "there are no network namespaces for us here."))
  func `with nothing but a unix socket the whole job goes through`() throws {
    let scratch = try repository()
    let path = "\(scratch.path)/run/model.sock"
    let server = try LoopbackServer(socketPath: path) { _, _ in ServerAct.answer(Self.answer) }
    try scratch.configure("[[endpoint]]\nname = \"test\"\n\(server.setting)\n")
    let base = try scratch.git("rev-parse", "HEAD")
    let alone = ["/usr/bin/env", "unshare", "-rn", "--", try programPath()]
    let asked = try run(
      alone + ["ask", "Change it.", "a.txt"], environment: scratch.environment(),
      directory: scratch.repository)
    #expect(asked.exit == .code(0), "\(asked.problem)")
    let session = try scratch.onlySession()
    let terminal = try PseudoTerminal(
      alone + ["open", session], environment: scratch.environment(), rows: 36, columns: 120,
      directory: scratch.repository)
    try terminal.waitForReview(ShownTally(approved: 0, rejected: 0, undecided: 1))
    try terminal.approve()
    let commit = try terminal.commit()
    try terminal.leave()
    let expected = try scratch.tree(
      of: base,
      with: [
        "a.txt": Array(
          numberedLines(20, "a", changing: [5: "a line five", 7: Self.canary]).utf8)
      ], in: scratch.repository)
    #expect(try scratch.git("rev-parse", "\(commit)^{tree}") == expected)
    try scratch.expectClean()
  }
}
