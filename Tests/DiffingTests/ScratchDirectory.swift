// A temporary directory with git in it, as the outside judge of what we print.

import Glibc

/// A directory that is removed with its owner, and programs run inside it without the user's configuration.
struct ScratchDirectory: ~Copyable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let path: String

  init() throws {
    var template = Array("/tmp/countersign-diffing-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
    guard made else { throw Failure(description: "mkdtemp: errno \(errno)") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    do { try run(["rm", "-rf", "--", path]) } catch { print("\(path) is left behind: \(error)") }
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    guard let file = fopen("\(path)/\(name)", "wb") else {
      throw Failure(description: "cannot create \(name): errno \(errno)")
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw Failure(description: "cannot write \(name): errno \(errno)")
    }
  }

  func read(_ name: String) throws -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "rb") else {
      throw Failure(description: "cannot open \(name): errno \(errno)")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw Failure(description: "cannot read \(name)") }
    return bytes
  }

  func git(_ arguments: [String]) throws { try run(["git", "-C", path] + arguments) }

  /// Runs a program to its end; throws with its messages unless it exits with 0.
  private func run(_ arguments: [String]) throws {
    let environment = [
      "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=\(path)", "LC_ALL=C",
      "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_CEILING_DIRECTORIES=/tmp",
    ]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let log = "\(path)/.messages"
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var child: pid_t = 0
    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    let error = posix_spawnp(&child, arguments[0], &actions, nil, words, variables)
    guard error == 0 else { throw Failure(description: "\(arguments[0]): errno \(error)") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(description: "waitpid: errno \(errno)") }
    }
    guard status == 0 else {
      let said = String(decoding: try read(".messages"), as: UTF8.self)
      throw Failure(description: "\(arguments.joined(separator: " ")): \(status)\n\(said)")
    }
  }
}
