// A place of its own for every test: home, configuration, state, temporary files, a repository.

import Glibc
import TerminalHarness

/// A temporary directory with everything a program could read or write outside it shut off.
///
/// Nothing of the user's configuration is seen, nor of git's. Removed when it goes away.
final class Scratch {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(parent)/countersign-program-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestFailure.system("mkdtemp") }
    // Programs report paths without links; the place is to be comparable.
    let made = template.dropLast().map { UInt8(bitPattern: $0) }
    guard let real = realpath(String(decoding: made, as: UTF8.self), nil) else {
      throw TestFailure.system("realpath")
    }
    defer { free(real) }
    path = String(cString: real)
    for name in ["home", "config", "config/countersign", "state", "cache", "run", "tmp", "repo"] {
      guard mkdir("\(path)/\(name)", 0o700) == 0 else { throw TestFailure.system("mkdir \(name)") }
    }
  }

  deinit {
    // rm and not code of ours: it does not follow links, whatever a hostile test put here.
    _ = try? Removal.remove(path)
  }

  var repository: String { "\(path)/repo" }

  /// The whole environment of a program under test; a nil value takes a variable away.
  func environment(_ changes: [String: String?] = [:]) -> [String: String] {
    var variables: [String: String?] = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "\(path)/home",
      "XDG_CONFIG_HOME": "\(path)/config", "XDG_STATE_HOME": "\(path)/state",
      "XDG_CACHE_HOME": "\(path)/cache", "XDG_RUNTIME_DIR": "\(path)/run",
      "TMPDIR": "\(path)/tmp", "LANG": "C.UTF-8", "TERM": "xterm-256color",
      "SWIFT_BACKTRACE": "enable=no", "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
      "GIT_AUTHOR_NAME": "Test Author", "GIT_AUTHOR_EMAIL": "author@example.test",
      "GIT_AUTHOR_DATE": "1700000000 +0100", "GIT_COMMITTER_NAME": "Test Committer",
      "GIT_COMMITTER_EMAIL": "committer@example.test", "GIT_COMMITTER_DATE": "1700000000 +0100",
    ]
    variables.merge(changes) { _, new in new }
    return variables.compactMapValues { $0 }
  }

  /// Runs countersign without a terminal.
  func countersign(
    _ arguments: [String], in directory: String? = nil, input: [UInt8] = [],
    environment changes: [String: String?] = [:], timeoutSeconds: Double = 60
  ) throws -> CommandResult {
    try run(
      [try programPath()] + arguments, environment: environment(changes),
      directory: directory ?? repository, input: input, timeoutSeconds: timeoutSeconds)
  }

  /// Starts countersign on a terminal of its own.
  func terminal(
    _ arguments: [String], rows: Int = 36, columns: Int = 120, in directory: String? = nil,
    environment changes: [String: String?] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(
      [try programPath()] + arguments, environment: environment(changes), rows: rows,
      columns: columns, directory: directory ?? repository)
  }

  /// Starts a shell command line on a terminal of its own; `$countersign` is the program.
  func shell(
    _ line: String, rows: Int = 36, columns: Int = 120,
    environment changes: [String: String?] = [:]
  ) throws -> PseudoTerminal {
    var changes = changes
    changes["countersign"] = try programPath()
    return try PseudoTerminal(
      ["/bin/sh", "-c", line], environment: environment(changes), rows: rows, columns: columns,
      directory: repository)
  }

  /// Writes the configuration file.
  func configure(_ text: String) throws {
    try write(Array(text.utf8), to: "config/countersign/config.toml")
  }

  /// Writes a file below the scratch directory, and its directories.
  func write(_ content: [UInt8], to name: String, mode: mode_t = 0o644) throws {
    try write(content, to: Array(name.utf8), mode: mode)
  }

  /// Writes a file whose name need not be text.
  func write(_ content: [UInt8], to name: [UInt8], mode: mode_t = 0o644) throws {
    // A program must not be open for writing in a child that another test is just starting: another process copies it.
    guard mode & 0o111 == 0 else {
      let source = name + Array(".source".utf8)
      try write(content, to: source)
      let script = "cp \"$1\" \"$2\" && chmod \(String(mode, radix: 8)) \"$2\" && rm \"$1\""
      let copied = try run(
        ["/bin/sh", "-c", script, "sh"]
          + [source, name].map { String(decoding: Array("\(path)/".utf8) + $0, as: UTF8.self) },
        environment: [:], directory: "/")
      guard copied.exit == .code(0) else { throw TestFailure("cp: \(copied.problem)") }
      return
    }
    let whole = Array("\(path)/".utf8) + name
    for index in whole.indices.dropFirst() where whole[index] == UInt8(ascii: "/") {
      let directory = whole[..<index].map { CChar(bitPattern: $0) } + [0]
      if mkdir(directory, 0o755) != 0, errno != EEXIST { throw TestFailure.system("mkdir") }
    }
    let file = open(
      whole.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else {
      throw TestFailure.system("open \(String(decoding: name, as: UTF8.self))")
    }
    defer { close(file) }
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw TestFailure.system("write") }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads a file below the scratch directory.
  func read(_ name: String) throws -> [UInt8] { try readFile("\(path)/\(name)") }
}

/// Removes what a test made.
private enum Removal {
  static func remove(_ path: String) throws {
    _ = try run(["/bin/rm", "-rf", "--", path], environment: [:], directory: "/")
  }
}

/// Returns the content of a file.
func readFile(_ path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw TestFailure.system("open \(path)") }
  defer { close(file) }
  var content: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = read(file, &buffer, buffer.count)
    guard count > 0 else { return content }
    content += buffer[..<count]
  }
}

/// Returns where the build put countersign: beside the tests' bundle.
func programPath() throws -> String {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let own = String(
    decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  for start in [own] + CommandLine.arguments {
    let parts = start.split(separator: "/").dropLast()
    for depth in 0..<parts.count {
      let candidate = "/" + parts.dropLast(depth).joined(separator: "/") + "/countersign"
      var status = stat()
      if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        access(candidate, X_OK) == 0
      {
        return candidate
      }
    }
  }
  throw TestFailure("countersign was not built beside \(own)")
}

/// A file or directory of the checkout these tests belong to.
func checkoutPath(_ name: String) -> String {
  #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/\(name)"
}
