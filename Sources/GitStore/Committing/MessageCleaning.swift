// The commit message made as git makes it: cleanup mode, scissors, trailers.

import Approval

/// How a message is cleaned, from commit.cleanup and core.commentChar.
struct MessageCleaning: Sendable {
  enum Mode: Hashable, Sendable { case verbatim, whitespace, strip, scissors }

  let mode: Mode
  let commentCharacter: [UInt8]

  init(configuration: GitConfiguration, isFromEditor: Bool) {
    mode =
      switch configuration["commit.cleanup"] {
      case "verbatim": .verbatim
      case "whitespace": .whitespace
      case "strip": .strip
      case "scissors": isFromEditor ? .scissors : .whitespace
      default: isFromEditor ? .strip : .whitespace
      }
    let character =
      configuration["core.commentstring"] ?? configuration["core.commentchar"] ?? "#"
    commentCharacter = Array((character == "auto" ? "#" : character).utf8)
  }

  /// The message above the scissors line, when the mode asks for that.
  func cut(_ message: [UInt8]) -> [UInt8] {
    guard mode == .scissors else { return message }
    let scissors =
      commentCharacter + Array(" ------------------------ >8 ------------------------".utf8)
    var start = 0
    while start < message.count {
      let end = message[start...].firstIndex(of: UInt8(ascii: "\n")) ?? message.count
      if message[start..<end].elementsEqual(scissors) { return Array(message[..<start]) }
      start = end + 1
    }
    return message
  }
}

extension Repository {
  func messageCleaning(isFromEditor: Bool) async throws(CommitError) -> MessageCleaning {
    let configuration: GitConfiguration
    do throws(GitError) {
      configuration = try await currentConfiguration()
    } catch {
      throw .git(error)
    }
    return MessageCleaning(configuration: configuration, isFromEditor: isFromEditor)
  }

  func cleaned(
    _ message: [UInt8], _ cleaning: MessageCleaning
  ) async throws(CommitError) -> [UInt8] {
    switch cleaning.mode {
    case .verbatim:
      return message.allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) } ? [] : message
    case .whitespace, .scissors: return try await filtered(cleaning.cut(message), ["stripspace"])
    case .strip: return try await filtered(message, ["stripspace", "--strip-comments"])
    }
  }

  func adding(
    _ trailers: [CommitTrailer], to message: [UInt8]
  ) async throws(CommitError) -> [UInt8] {
    guard !trailers.isEmpty else { return message }
    let arguments = trailers.flatMap { ["--trailer", $0.line] }
    // The message is clean already: nothing in it is a comment, and `---` ends nothing.
    return try await filtered(
      message,
      ["-c", "core.commentChar=\u{1}", "interpret-trailers", "--no-divider", "--if-exists"]
        + ["addIfDifferent"] + arguments)
  }

  private func filtered(
    _ message: [UInt8], _ arguments: [String]
  ) async throws(CommitError) -> [UInt8] {
    guard !message.isEmpty else { return [] }
    var program = git.program(arguments, in: workDirectory, .quiet)
    program.input = message
    do throws(GitError) { return try await git.output(of: program) } catch { throw .git(error) }
  }
}
