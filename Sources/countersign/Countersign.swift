// The command: arguments in, exit code out. The main thread stays ours: the screen will own it.

import ArgumentParser
import GitStore
import Glibc
import Workstation

@main
struct Countersign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "countersign",
    abstract:
      "Review code changes written by a local AI model; only what you approve is committed.",
    discussion: """
      Without a subcommand, opens the workstation in this repository. There is no command, flag, \
      variable or socket that approves: only a key on the terminal does.
      """,
    version: "0.1.0",
    subcommands: [
      Open.self, Demo.self, Ask.self, Review.self, Sessions.self, Queue.self, Show.self,
      Discard.self,
      Restore.self, Purge.self, Verify.self, Trust.self, Models.self,
      Doctor.self, Config.self,
    ],
    defaultSubcommand: Open.self)

  static func main() {
    BacktraceSettings.apply()
    signal(SIGPIPE, SIG_IGN)
    // A limit on file sizes is met as a full disk is: the write fails, and it is said.
    signal(SIGXFSZ, SIG_IGN)
    // libcurl would write the keys of TLS connections there.
    unsetenv("SSLKEYLOGFILE")
    // Nearly every command opens the repository it is in.
    let first = CommandLine.arguments.dropFirst().first
    if first?.hasPrefix("-") != true, first != "demo", first != "config", first != "queue",
      first != "models"
    {
      Repository.prepare()
      _ = EarlyRepository.opening
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as CommandFailure {
      Output.problem(failure.sentence)
      Glibc.exit(failure.exitCode)
    } catch let said as ExitCode {
      // Everything was said already.
      Glibc.exit(said.rawValue)
    } catch {
      let code = exitCode(for: error)
      guard code == .success || code == .validationFailure else {
        // Parsing has no other errors; whatever a command throws is a sentence.
        Output.problem("\(error)")
        Glibc.exit(1)
      }
      let text = fullMessage(for: error)
      if code == .success {
        print(text)
        Glibc.exit(0)
      }
      Output.usage(text)
      Glibc.exit(2)
    }
  }
}

/// Why a command ends without having done its work.
struct CommandFailure: Error {
  let sentence: String
  let exitCode: Int32

  /// Could not, with the reason.
  static func couldNot(_ sentence: String) -> CommandFailure {
    CommandFailure(sentence: sentence, exitCode: 1)
  }

  /// Used wrongly, or without a terminal.
  static func misuse(_ sentence: String) -> CommandFailure {
    CommandFailure(sentence: sentence, exitCode: 2)
  }

  /// The endpoint is refused by policy.
  static func refused(_ sentence: String) -> CommandFailure {
    CommandFailure(sentence: sentence, exitCode: 4)
  }
}
