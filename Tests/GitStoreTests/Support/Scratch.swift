// A throw-away repository with pinned identity, dates and configuration, and real git as the oracle.

import Approval
import GitStore
import Glibc
import Testing

/// What a test could not do.
struct ScratchError: Error { let message: String }

/// A repository in a temporary directory, removed with the value.
final class Scratch: Sendable {
  let root: String
  /// The user's checkout.
  let work: String
  let environment: [String: String]

  static func make(initialise: Bool = true) async throws -> Scratch {
    let scratch = try Scratch()
    if initialise {
      try await scratch.git("init", "-q", "-b", "main", ".")
      try await scratch.git("config", "user.name", "A U Thor")
      try await scratch.git("config", "user.email", "author@example.org")
    }
    return scratch
  }

  private init() throws {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(temporary)/countersign-git-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScratchError(message: "mkdtemp: \(errno)") }
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    work = root + "/work"
    for directory in ["work", "home", "state", "state/journal"] {
      mkdir("\(root)/\(directory)", 0o700)
    }
    environment = [
      "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin",
      "HOME": "\(root)/home", "XDG_CONFIG_HOME": "\(root)/home",
      "GIT_CONFIG_GLOBAL": "\(root)/home/gitconfig", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_DATE": "@1700000000 +0000", "GIT_COMMITTER_DATE": "@1700000000 +0000",
    ]
  }

  deinit {
    Self.runSynchronously(["/bin/rm", "-rf", root])
  }

  private static func runSynchronously(_ words: [String]) {
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    guard posix_spawn(&process, words[0], nil, nil, arguments, environ) == 0 else { return }
    waitpid(process, nil, 0)
  }

  /// Runs a program and returns its output; a failure is an error.
  @discardableResult
  func run(
    _ executable: String, _ arguments: [String], input: [UInt8] = [],
    setting variables: [String: String] = [:], in directory: String? = nil
  ) async throws -> [UInt8] {
    var child = ChildProcess(
      executable: executable, arguments: arguments,
      environment: environment.merging(["GIT_OPTIONAL_LOCKS": "0"]) { _, new in new }
        .merging(variables) { _, new in new }, directory: directory ?? work)
    child.input = input
    let result = try await child.run()
    guard result.status == .exited(0) else {
      let said = String(decoding: result.errorOutput + result.output, as: UTF8.self)
      throw ScratchError(message: "\(executable) \(arguments): \(result.status): \(said)")
    }
    return result.output
  }

  @discardableResult
  func git(
    _ arguments: String..., input: [UInt8] = [], setting variables: [String: String] = [:]
  ) async throws -> String {
    let output = try await run(
      "/usr/bin/env", ["git"] + arguments, input: input, setting: variables)
    return String(decoding: output, as: UTF8.self).trimmingLineEnds
  }

  func write(_ path: String, _ content: String, mode: mode_t = 0o644) throws {
    try write(path, Array(content.utf8), mode: mode)
  }

  /// Writes a file below the checkout, directories made as needed.
  func write(_ path: String, _ content: [UInt8], mode: mode_t = 0o644) throws {
    let full = path.hasPrefix("/") ? path : "\(work)/\(path)"
    var position = full.startIndex
    while let slash = full[full.index(after: position)...].firstIndex(of: "/") {
      mkdir(String(full[..<slash]), 0o755)
      position = slash
    }
    // A program must not be open for writing in a child that another test is just starting: a copy is made by another process.
    let isProgram = mode & 0o111 != 0
    let written = isProgram ? full + ".source" : full
    defer {
      if isProgram {
        Self.runSynchronously(["/bin/cp", written, full])
        chmod(full, mode)
        unlink(written)
      }
    }
    let descriptor = open(written, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw ScratchError(message: "open \(full): \(errno)") }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, content, content.count) == content.count else {
      throw ScratchError(message: "write \(full): \(errno)")
    }
    fchmod(descriptor, mode)
  }

  func read(_ path: String) -> [UInt8]? {
    let full = path.hasPrefix("/") ? path : "\(work)/\(path)"
    let descriptor = open(full, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

  func hook(_ name: String, _ script: String, mode: mode_t = 0o755) throws {
    try write(".git/hooks/\(name)", "#!/bin/sh\n" + script + "\n", mode: mode)
  }

  @discardableResult
  func commitAll(_ message: String = "base") async throws -> ObjectID {
    try await git("add", "-A")
    try await git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
    return try await head()
  }

  func head(_ revision: String = "HEAD") async throws -> ObjectID {
    try #require(ObjectID(hex: try await git("rev-parse", "--verify", revision)))
  }

  func repository() async throws -> Repository {
    try await Repository.open(at: work, environment: environment)
  }

  func fsck() async throws {
    try await git("fsck", "--strict", "--no-dangling")
  }

  /// Everything of the user's that must not change: git directory without objects and our refs, and the files with their times.
  func userState() async throws -> String {
    let listing = try await run(
      "/bin/sh",
      [
        "-c",
        """
        find . -path ./.git/objects -prune -o -path ./.git/refs/countersign -prune -o \
          -path ./.git -o -path ./.git/refs -o -printf '%p %y %m %s %T@ %l\\n' | sort
        find .git -path .git/objects -prune -o -path .git/refs/countersign -prune -o \
          -type f -print0 | sort -z | xargs -0 sha256sum
        """,
      ])
    return String(decoding: listing, as: UTF8.self)
  }
}

extension String {
  var trimmingLineEnds: String {
    var text = self[...]
    while text.last == "\n" { text.removeLast() }
    return String(text)
  }
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
