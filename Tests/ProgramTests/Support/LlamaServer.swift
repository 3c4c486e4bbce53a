// The real llama.cpp server with a model that knows nothing, run beside the tests.

import Glibc
import TerminalHarness

/// A running server on a unix socket; it ends when it is let go.
final class LlamaServer {
  let socketPath: String
  private let process: pid_t
  private let input: Channel

  /// The Python that has the server; nil when the environment names none.
  static var python: String? {
    getenv("COUNTERSIGN_LLAMA_PYTHON").map { String(cString: $0) }
  }

  /// Makes the model, starts the server, and waits until it listens.
  init(in directory: String, python: String, context: Int = 8192) throws {
    let scripts = checkoutPath("Tests/Support/llama")
    let environment = ["PATH": "/usr/bin:/bin", "HOME": directory, "TMPDIR": directory]
    let made = try run(
      [
        python, "\(scripts)/make_tiny_gguf.py", "\(directory)/tiny.gguf", "--context", "\(context)",
      ],
      environment: environment, directory: directory)
    guard made.exit == .code(0) else { throw TestFailure("no model: \(made.problem)") }
    socketPath = "\(directory)/llama.sock"
    input = try Channel()
    let output = try Channel()
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(null) }
    process = try spawn(
      [
        python, "\(scripts)/llama_server.py", "\(directory)/tiny.gguf", "--socket", socketPath,
        "--context", "\(context)", "--until-stdin-closes",
      ], environment: environment, directory: directory,
      descriptors: [input.far, output.far, null])
    input.closeFar()
    output.closeFar()
    var text: [UInt8] = []
    let deadline = milliseconds() + 60_000
    while text.firstRange(of: Array("listening".utf8)) == nil {
      var entry = pollfd(fd: output.near, events: Int16(POLLIN), revents: 0)
      let left = deadline - milliseconds()
      var buffer = [UInt8](repeating: 0, count: 4096)
      guard left > 0, poll(&entry, 1, CInt(left)) > 0,
        case let count = read(output.near, &buffer, buffer.count), count > 0
      else {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        throw TestFailure("the server does not listen: \(String(decoding: text, as: UTF8.self))")
      }
      text += buffer[..<count]
    }
  }

  deinit {
    input.closeNear()
    kill(process, SIGTERM)
    waitpid(process, nil, 0)
  }
}
