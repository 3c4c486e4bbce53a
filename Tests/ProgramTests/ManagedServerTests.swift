// A server of our own for a model file, the real llama.cpp: started, watched, kept from the network, and ended with us.

import Glibc
import TerminalHarness
import Testing

@Suite(
  .enabled(
    if: LlamaServer.python != nil,
    "COUNTERSIGN_LLAMA_PYTHON names no Python with the server; make test sets it."),
  .timeLimit(.minutes(15)))
struct ManagedServerTests {
  private let scratch: Scratch
  private var model: String { "\(scratch.path)/run/tiny.gguf" }
  private var socket: String { "\(scratch.path)/run/countersign" }

  /// A repository, a model file, and a `llama-server` that is llama.cpp from the Python package.
  init() throws {
    scratch = try Scratch()
    try scratch.makeRepository(["a.txt": numberedLines(20, "a")])
    let python = try #require(LlamaServer.python)
    let scripts = checkoutPath("Tests/Support/llama")
    let made = try run(
      [python, "\(scripts)/make_tiny_gguf.py", "\(scratch.path)/run/tiny.gguf"],
      environment: ["PATH": "/usr/bin:/bin", "HOME": scratch.path], directory: scratch.path)
    #expect(made.exit == .code(0), "\(made.problem)")
    try scratch.write(
      Array(
        """
        #!/bin/sh
        echo "arguments: $*"
        if [ -e "\(scratch.path)/run/broken" ]; then echo "no room for the model" >&2; exit 3; fi
        "\(python)" - <<'PYTHON' >"\(scratch.path)/run/network"
        import socket
        try:
            socket.create_connection(("127.0.0.1", int(open("\(scratch.path)/run/port").read())), 2)
            print("reached")
        except OSError:
            print("not reached")
        PYTHON
        while [ $# -gt 0 ]; do
          case $1 in
            --model) model=$2 ;; --host) host=$2 ;; --ctx-size) context=$2 ;;
          esac
          shift
        done
        exec "\(python)" "\(scripts)/llama_server.py" "$model" --socket "$host" --context "$context"

        """.utf8), to: "run/llama-server")
    #expect(chmod("\(scratch.path)/run/llama-server", 0o700) == 0)
    try scratch.write(Array("1".utf8), to: "run/port")
    try configure()
  }

  private func configure(model: String? = nil, program: String? = nil) throws {
    try scratch.configure(
      """
      [[endpoint]]
      name = "own"
      model = "\(model ?? self.model)"
      context_tokens = 8192
      server_command = ["\(program ?? "\(scratch.path)/run/llama-server")", "--mlock"]

      """)
  }

  /// The processes that have the model's path among their arguments.
  private func servers() throws -> [pid_t] {
    var found: [pid_t] = []
    let listing = try run(["/bin/ls", "/proc"], environment: ["PATH": "/bin"], directory: "/")
    for name in String(decoding: listing.output, as: UTF8.self).split(separator: "\n") {
      guard let process = pid_t(name), process != getpid(),
        let line = try? readFile("/proc/\(process)/cmdline"),
        line.firstRange(of: Array("\(model)\0".utf8)) != nil
      else { continue }
      found.append(process)
    }
    return found
  }

  /// Waits until none is left; whatever ended the program, the server ends within seconds.
  private func expectNoServers(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let deadline = milliseconds() + 10_000
    while try !servers().isEmpty, milliseconds() < deadline { usleep(50_000) }
    #expect(try servers() == [], sourceLocation: sourceLocation)
  }

  private func ask() throws -> CommandResult {
    try scratch.countersign(["ask", "Change it.", "a.txt"])
  }

  @Test func `it is started for a question, answers as LOCAL, and nothing of it is left`() throws {
    let result = try ask()
    #expect(result.problem.contains("LOCAL unix, model tiny.gguf"), "\(result.problem)")
    #expect(result.problem.contains("starting the server"))
    // Random words hold no edit, and that is said: it has answered.
    #expect(result.problem.contains("The answer"))
    try expectNoServers()
    let log = try log()
    #expect(log.contains("--mlock --model \(model) --host ") && log.contains("--ctx-size 8192"))
    #expect(log.contains("listening"))
  }

  @Test func `it reaches no network, where the kernel takes that from it`() throws {
    let listener = try LoopbackServer { _, _ in [] }
    try scratch.write(Array("\(listener.port)".utf8), to: "run/port")
    let canLeave =
      try run(
        [
          "/usr/bin/unshare", "--user", "--map-current-user", "--net", "--pid", "--fork",
          "/bin/true",
        ],
        environment: ["PATH": "/usr/bin:/bin"], directory: "/"
      ).exit == .code(0)
    _ = try ask()
    let network = String(decoding: try readFile("\(scratch.path)/run/network"), as: UTF8.self)
    #expect(network == (canLeave ? "not reached\n" : "reached\n"))
    let doctor = try scratch.countersign(["doctor"]).text
    #expect(doctor.contains(canLeave ? "without any network" : "with the network that you have"))
    // The same program outside reaches it: the test could fail.
    let outside = try run(
      [
        "/bin/sh", "\(scratch.path)/run/llama-server", "--model", "/none", "--host", "/none/x.sock",
      ],
      environment: ["PATH": "/usr/bin:/bin"], directory: "/")
    #expect(outside.exit != .code(0))
    #expect(
      String(decoding: try readFile("\(scratch.path)/run/network"), as: UTF8.self) == "reached\n")
  }

  @Test func `a window that is killed takes its server along`() throws {
    let terminal = try scratch.terminal([])
    try askOnScreen(terminal)
    #expect(try !servers().isEmpty)
    terminal.signal(SIGKILL)
    _ = try terminal.waitForExit()
    try expectNoServers()
  }

  @Test func `one that dies is started again once, and then its log is named`() throws {
    let terminal = try scratch.terminal([])
    try askOnScreen(terminal)
    try killServers()
    try askAgain(terminal)
    try terminal.waitFor("a second answer", timeoutSeconds: 120) { terminal in
      (1..<9).count { terminal.rowText($0).contains("failed (") } == 2
    }
    #expect(try !servers().isEmpty)
    try killServers()
    try askAgain(terminal)
    try terminal.waitFor("the end of the server") {
      $0.unwrappedMessage.contains("was ended by signal 9")
        && $0.unwrappedMessage.contains("servers/own-")
    }
    try terminal.send(Keys.escape)
    try terminal.waitFor(text: "Sessions")
    try terminal.send("q")
    #expect(try terminal.waitForExit() == .code(0))
    try expectNoServers()
  }

  @Test func `its memory is told term by term without starting it`() throws {
    let models = try scratch.countersign(["models"])
    #expect(models.exit == .code(0) && models.text.contains("weights 0.4 MB + slots x cache"))
    #expect(models.text.contains("f16 1.0 MB") && models.text.contains("4 slots of 4096 tokens"))
    let listing = try scratch.countersign(["models", "--json"])
    #expect(listing.text.contains(#""f16":262144"#))
    try scratch.write(Array("no model".utf8), to: "run/tiny.gguf")
    #expect(try scratch.countersign(["models"]).text.contains("it is no GGUF file"))
    #expect(try scratch.countersign(["doctor"]).text.contains("it is no GGUF file"))
    try expectNoServers()
  }

  @Test func `what keeps it from starting is said in its own words`() throws {
    try scratch.write([], to: "run/broken")
    let broken = try ask()
    #expect(broken.exit == .code(1))
    #expect(
      broken.problem.contains("llama-server ended with status 3, saying: no room for the model"))
    #expect(try scratch.countersign(["sessions"]).text == "")
    try configure(model: "\(scratch.path)/none.gguf")
    #expect(try ask().problem.contains("cannot be read (No such file or directory)"))
    try configure(program: "no-such-server")
    #expect(try ask().problem.contains("There is no no-such-server in the PATH"))
    try expectNoServers()
  }

  /// What the only server that there was printed.
  private func log() throws -> String {
    let directory = "\(scratch.path)/state/countersign/servers"
    let listing = try run(["/bin/ls", directory], environment: ["PATH": "/bin"], directory: "/")
    let name = try #require(
      String(decoding: listing.output, as: UTF8.self).split(separator: "\n").first)
    return String(decoding: try readFile("\(directory)/\(name)"), as: UTF8.self)
  }

  @Test func `whoever wants it while it loads waits for the same`() throws {
    // Two requests at once, put in before the server is there.
    let terminal = try scratch.terminal([])
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "of 1 tracked")
    try terminal.send("Change it." + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send + Keys.send)
    try terminal.waitFor("two answers", timeoutSeconds: 120) { terminal in
      (1..<9).count { terminal.rowText($0).contains("failed (") } == 2
    }
    let starts = try log().split(separator: "\n").count { $0.hasPrefix("arguments: ") }
    #expect(starts == 1)
    for row in 1...2 {
      #expect(terminal.rowText(row).contains("failed ("))
    }
    let sessions = try scratch.countersign(["sessions"]).text
    // Random words hold no edit; neither has met a server that was not ready.
    #expect(sessions.split(separator: "\n").allSatisfy { $0.contains("holds no edit") })
    try terminal.leave()
    try expectNoServers()
  }

  private func killServers() throws {
    for process in try servers() {
      // The server itself, not the shell that holds it.
      guard let line = try? readFile("/proc/\(process)/cmdline") else { continue }
      if line.firstRange(of: Array("llama_server.py".utf8)) != nil { kill(process, SIGKILL) }
    }
    // The shell above it notices, and with it the program.
    try expectNoServers()
  }

  private func askOnScreen(_ terminal: PseudoTerminal) throws {
    try terminal.waitFor(text: "Nothing under review")
    try terminal.send("n")
    try terminal.waitFor(text: "of 1 tracked")
    try terminal.send("Change it." + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send)
    // The model has random weights and writes as much as it may: a while, on a busy machine.
    try terminal.waitFor("an answer", timeoutSeconds: 120) {
      $0.shows("Sessions") && $0.shows("failed (")
    }
  }

  private func askAgain(_ terminal: PseudoTerminal) throws {
    try terminal.send("n")
    try terminal.waitFor(text: "0 chosen of 1 tracked")
    try terminal.send("Change it." + Keys.tab + Keys.enter)
    try terminal.waitFor(text: "1 chosen of 1 tracked")
    try terminal.send(Keys.send)
  }
}
