// Commands about the installation: doctor, config.

import ArgumentParser
import Glibc
import Workstation

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what works here: terminal, git, repository, model servers and their verdicts.",
    discussion: "Looks for model servers on this machine's loopback ports; sends no source to any.")

  @Flag(help: "Print JSON (schema countersign.doctor/1).")
  var json = false

  @Flag(help: "Show what a theme looks like on this terminal instead; without a name, list themes.")
  var theme = false

  @Argument(help: "With --theme: the theme to show.")
  var name: String?

  func validate() throws {
    guard name == nil || theme else {
      throw ValidationError("A name goes with --theme: countersign doctor --theme NAME")
    }
    guard !(json && theme) else { throw ValidationError("--json and --theme exclude each other.") }
  }

  func run() throws {
    if theme { return try ThemeShowing.run(name) }
    let context = try CommandContext()
    let directory = try CommandContext.currentDirectory()
    let (environment, configuration, locations) = (
      context.environment, context.configuration, context.locations
    )
    let findings = try waiting {
      await Examination(
        environment: environment, configuration: configuration, locations: locations,
        directory: directory
      ).findings()
    }
    if json {
      Output.json(try Examination.json(findings))
    } else {
      for finding in findings {
        Output.line("\(finding.standing.sign) \(finding.subject): \(finding.sentence)")
      }
    }
    if findings.contains(where: { $0.standing == .failed }) { Glibc.exit(1) }
  }
}

struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show where the configuration is, or check it.")

  @Flag(help: "Print the path of the configuration file.")
  var path = false

  @Flag(help: "Check the file and print what holds.")
  var check = false

  func run() throws {
    if path {
      let locations = try StateLocations(environment: .current())
      Output.line(String(decoding: locations.configurationFile, as: UTF8.self))
      return
    }
    for line in try Configuration.load(environment: .current()).describe() { Output.line(line) }
  }
}
