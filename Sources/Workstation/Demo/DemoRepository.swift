// The throw-away repository of `countersign demo`, made from Fixtures/demo/history.

import AuditLog
import GitStore
import Glibc

/// Why the demo cannot be set up.
package enum DemoError: Error, Hashable, Sendable, CustomStringConvertible {
  case fixturesMissing
  case malformed(file: String, problem: String)
  case git(String)
  case directory(String)

  package var description: String {
    switch self {
    case .fixturesMissing:
      "The demo's files are not there: they belong in share/countersign/demo beside the installed program, or in Fixtures/demo of the checkout. Install again with `make install`."
    case .malformed(let file, let problem): "The demo's file \(file) is damaged: \(problem)."
    case .git(let words): "The demo's repository could not be made: \(words)."
    case .directory(let words): "The demo's directory could not be made: \(words)."
    }
  }
}

/// A repository in a temporary directory with the demo's history.
package struct DemoRepository: Sendable {
  package let directory: String
  package let instruction: String
  package let transcript: [UInt8]

  /// Makes the repository; every commit has the ids that `head.txt` says, on every machine.
  package static func make(environment: [String: String]) async throws -> DemoRepository {
    guard let fixtures = InstalledFiles.directory("demo") else { throw DemoError.fixturesMissing }
    let directory = try temporaryDirectory(environment)
    let demo = DemoRepository(
      directory: directory,
      instruction: text(try LocalFiles.read("\(fixtures)/instruction.txt")),
      transcript: try LocalFiles.read("\(fixtures)/answer.transcript.jsonl"))
    let git = try GitCommand.locate(environment: environment)
    let stream = try DemoHistory.fastImportStream(of: "\(fixtures)/history")
    try await run(
      git, ["init", "--quiet", "--initial-branch=main", "."], in: directory, environment)
    for (key, value) in [
      ("user.name", "Demo Reviewer"), ("user.email", "reviewer@ledger.example"),
      ("commit.gpgsign", "false"),
    ] {
      try await run(git, ["config", key, value], in: directory, environment)
    }
    try await run(git, ["fast-import", "--quiet"], in: directory, environment, input: stream)
    try await run(git, ["reset", "--quiet", "--hard", "main"], in: directory, environment)
    let head = try await run(git, ["rev-parse", "main"], in: directory, environment)
    let expected = text(try LocalFiles.read("\(fixtures)/head.txt"))
    guard head == expected else {
      throw DemoError.malformed(
        file: "history", problem: "it ends in \(head) and not in \(expected)")
    }
    return demo
  }

  private static func text(_ bytes: [UInt8]) -> String {
    var bytes = bytes
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func temporaryDirectory(_ environment: [String: String]) throws -> String {
    let parent = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    var template = Array("\(parent)/countersign-demo-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
    }
    guard made else {
      throw DemoError.directory("\(parent): \(SystemMessage.of(errno))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  @discardableResult
  private static func run(
    _ git: GitCommand, _ arguments: [String], in directory: String,
    _ environment: [String: String], input: [UInt8] = []
  ) async throws -> String {
    // The user's configuration has no say in the demo: ids, branch name and hooks must be the same everywhere.
    var variables = environment.filter { !$0.key.hasPrefix("GIT_") }
    variables["GIT_CONFIG_GLOBAL"] = "/dev/null"
    variables["GIT_CONFIG_SYSTEM"] = "/dev/null"
    variables["GIT_CONFIG_NOSYSTEM"] = "1"
    var child = ChildProcess(
      executable: git.executable, arguments: arguments, environment: variables,
      directory: directory)
    child.input = input
    let result = try await child.run()
    guard result.status == .exited(0) else {
      throw DemoError.git("git \(arguments[0]): \(text(result.errorOutput))")
    }
    return text(result.output)
  }
}

/// Reads the history's directories; the format is described in Fixtures/demo/README.md.
enum DemoHistory {
  /// The commits as input of `git fast-import`.
  static func fastImportStream(of directory: String) throws -> [UInt8] {
    guard let names = LocalFiles.names(in: directory), !names.isEmpty else {
      throw DemoError.fixturesMissing
    }
    var stream: [UInt8] = []
    for name in names { try append("\(directory)/\(name)", to: &stream) }
    stream += "done\n".utf8
    return Array("feature done\n".utf8) + stream
  }

  private static func append(_ directory: String, to stream: inout [UInt8]) throws {
    let file = "\(directory)/commit.txt"
    let bytes = try LocalFiles.read(file)
    var deleted: [String] = []
    var executable: Set<String> = []
    var author: String?
    var date: String?
    var start = bytes.startIndex
    while true {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
        throw DemoError.malformed(file: file, problem: "the header has no end")
      }
      let line = String(decoding: bytes[start..<end], as: UTF8.self)
      start = end + 1
      if line.isEmpty { break }
      guard let colon = line.firstIndex(of: ":") else {
        throw DemoError.malformed(file: file, problem: "a header line without a colon")
      }
      let value = String(line[line.index(after: colon)...].dropFirst())
      switch line[..<colon] {
      case "author": author = value
      case "date": date = value
      case "delete": deleted.append(value)
      case "executable": executable.insert(value)
      default: throw DemoError.malformed(file: file, problem: "an unknown header \(line[..<colon])")
      }
    }
    guard let author, let date else {
      throw DemoError.malformed(file: file, problem: "author or date is missing")
    }
    let message = bytes[start...]
    stream += "commit refs/heads/main\nauthor \(author) \(date)\ncommitter \(author) \(date)\n".utf8
    stream += "data \(message.count)\n".utf8
    stream += message
    stream += "\n".utf8
    for path in deleted { stream += "D \(path)\n".utf8 }
    for path in LocalFiles.files(below: "\(directory)/files") {
      let content = try LocalFiles.read("\(directory)/files/\(path)")
      stream += "M \(executable.contains(path) ? "100755" : "100644") inline \(path)\n".utf8
      stream += "data \(content.count)\n".utf8
      stream += content
      stream += "\n".utf8
    }
    stream += "\n".utf8
  }
}
