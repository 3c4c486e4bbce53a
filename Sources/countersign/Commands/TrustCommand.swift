// Reads a repository's own settings with the user, who says whether they count.

import ArgumentParser
import Digest
import Glibc
import Workstation

struct Trust: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Read this repository's .countersign.toml, and say whether it counts.",
    discussion: """
      It can add checks, whose commands run here, and tighten the policy; it can loosen nothing. What you trust is \
      exactly the content that is printed. When the file changes or goes, what you trusted stays in force, \
      and the screen says so. Only you, at a terminal, can say so.
      """)

  @Flag(help: "Take back what you said: nothing of this repository's counts.")
  var revoke = false

  func run() throws {
    let surroundings = try CommandContext().surroundings()
    let trust = RepositoryTrust(
      locations: surroundings.locations, repository: surroundings.repository)
    guard !revoke else { return try Self.revoke(trust) }
    guard let content = try trust.content() else {
      throw CommandFailure.couldNot(
        "This repository has no \(RepositorySettings.fileName) at its top.")
    }
    let settings = try RepositorySettings.parse(content, path: trust.path)
    try CommandContext.requireTerminal()
    Output.line(
      "\(String(decoding: trust.path, as: UTF8.self)), SHA-256 \(SHA256Digest.of(content).hex):")
    Self.show(content)
    for line in settings.description(beside: surroundings.ownConfiguration) { Output.line(line) }
    if try trust.trusted() == content {
      Output.line("You trust this content; countersign trust --revoke takes that back.")
      return
    }
    guard try Self.says("Type yes to let it count, anything else to leave it: ", "yes") else {
      Output.line("Left as it is.")
      return
    }
    try trust.trust(content)
    Output.line("It counts from now on, until you trust another content or take this back.")
  }

  private static func show(_ content: [UInt8]) {
    Output.line("")
    for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      Output.line("    \(String(decoding: line, as: UTF8.self))")
    }
  }

  /// Takes trust back, which may loosen what holds here: as much a person's to say as the other way round.
  private static func revoke(_ trust: RepositoryTrust) throws {
    guard let trusted = try trust.trusted() else {
      Output.line("Nothing of this repository's settings was trusted.")
      return
    }
    try CommandContext.requireTerminal()
    Output.line("This was trusted:")
    show(trusted)
    guard try says("Type yes so that none of this counts, anything else to leave it: ", "yes")
    else {
      Output.line("Left as it is.")
      return
    }
    _ = try trust.revoke()
    Output.line("Nothing of this repository's settings counts now.")
  }

  /// Whether the user at the terminal answers with that word.
  private static func says(_ question: String, _ word: String) throws -> Bool {
    guard let terminal = fopen("/dev/tty", "r+e") else {
      throw CommandFailure.couldNot(
        "The terminal cannot be opened: \(SystemMessage.of(errno)).")
    }
    defer { fclose(terminal) }
    fputs(question, terminal)
    fflush(terminal)
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    guard getline(&line, &capacity, terminal) >= 0, let line else { return false }
    return String(cString: line) == word + "\n"
  }
}
