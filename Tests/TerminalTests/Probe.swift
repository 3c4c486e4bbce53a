// Starting the probe program on a pseudo terminal.

import Glibc
import TerminalHarness

/// Returns the probe running on a terminal of its own.
func startProbe(
  type: String? = "xterm-256color", rows: Int = 24, columns: Int = 80,
  environment: [String: String] = [:]
) throws -> PseudoTerminal {
  var variables = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
  variables["TERM"] = type
  variables.merge(environment) { _, new in new }
  return try PseudoTerminal(
    [try probePath()], environment: variables, rows: rows, columns: columns)
}

/// Returns where the build put the probe: next to the program that runs the tests.
func probePath() throws -> String {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let own = String(
    decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  for directory in [own] + CommandLine.arguments {
    let path = directory.split(separator: "/").dropLast()
    for depth in 0..<path.count {
      let candidate = "/" + path.dropLast(depth).joined(separator: "/") + "/TerminalProbe"
      if access(candidate, X_OK) == 0, isFile(candidate) { return candidate }
    }
  }
  throw HarnessError.system(call: "find the probe", reason: "not built next to \(own)")
}

private func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
