// The command that checks commits against what was approved.

import ArgumentParser
import Glibc
import Workstation

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that commits hold exactly what was approved.",
    discussion: """
      Recomputes it from the objects and the record that the commit names: every changed path, mode and \
      line is explained by exactly one approval, and nothing else changed. The record is read from the \
      note on the commit, from the session's ledger, or both. In a clone, fetch the notes first: git \
      fetch <remote> refs/notes/countersign:refs/notes/countersign. Exit code 0 only when all commits \
      are verified, 3 when one is violated, 1 when a record or a signature that the policy asks for is missing.
      """)

  @Argument(help: "A commit, or a range <a>..<b>: the commits that b has and a has not.")
  var revision = "HEAD"

  @Flag(help: "Print JSON (schema countersign.verify/1).")
  var json = false

  func run() throws {
    let surroundings = try CommandContext().surroundings()
    if let remark = surroundings.repositorySettings.remark { Output.problem(remark) }
    let expression = revision
    let verdicts = try waiting {
      try await CommitVerification(surroundings: surroundings).verdicts(on: expression)
    }
    guard !verdicts.isEmpty else {
      throw CommandFailure.couldNot("There is no commit in \(expression).")
    }
    if json {
      Output.json(try VerificationText.json(verdicts))
    } else {
      for line in verdicts.flatMap({ VerificationText.lines($0) }) { Output.line(line) }
      if verdicts.contains(where: { $0.standing == .verified }) {
        Output.problem(VerificationText.limits)
      }
    }
    if verdicts.contains(where: { $0.standing == .violated }) { throw ExitCode(3) }
    if verdicts.contains(where: { $0.standing != .verified }) { throw ExitCode(1) }
  }
}
