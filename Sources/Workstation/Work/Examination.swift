// What `countersign doctor` looks at.

import Review
import AuditLog
import GitStore
import Glibc
import ModelClient
import Terminal

/// One thing that was looked at.
package struct ExaminationFinding: Hashable, Sendable {
  package enum Standing: String, Hashable, Sendable {
    case fine
    case note
    case failed

    package var sign: String {
      switch self {
      case .fine: "✓"
      case .note: "·"
      case .failed: "✗"
      }
    }
  }

  package let subject: String
  package let standing: Standing
  package let sentence: String
}

/// Looks at terminal, git, repository and model servers. Sends no source anywhere.
package struct Examination: Sendable {
  package let environment: [String: String]
  package private(set) var configuration: Configuration
  package let locations: StateLocations
  package let directory: String

  package init(
    environment: [String: String], configuration: Configuration, locations: StateLocations,
    directory: String
  ) {
    self.environment = environment
    self.configuration = configuration
    self.locations = locations
    self.directory = directory
  }

  package func findings() async -> [ExaminationFinding] {
    var findings = terminal()
    findings.append(contentsOf: await git())
    findings.append(await tagger())
    findings.append(configurationFile())
    findings.append(contentsOf: await endpoints())
    findings.append(contentsOf: await localServers())
    findings.append(contentsOf: await memory())
    return findings
  }

  private func terminal() -> [ExaminationFinding] {
    let type = environment["TERM"] ?? ""
    guard !type.isEmpty else {
      return [
        ExaminationFinding(
          subject: "terminal", standing: .failed,
          sentence: "TERM is not set: set it to your terminal's name.")
      ]
    }
    let entries = ColourSupport.entryNames(for: .ofProcess()).joined(separator: ", ")
    let colours =
      environment["NO_COLOR"].map { !$0.isEmpty } == true ? ", without colours (NO_COLOR)" : ""
    return [
      ExaminationFinding(
        subject: "terminal", standing: .fine, sentence: "\(type) (tries \(entries))\(colours)")
    ]
  }

  private func git() async -> [ExaminationFinding] {
    do {
      let repository = try await Repository.open(at: directory, environment: environment)
      let snapshot = try await repository.snapshot()
      var findings = [
        ExaminationFinding(
          subject: "git", standing: .fine,
          sentence: "\(try await repository.git.version()) at \(repository.git.executable)"),
        ExaminationFinding(
          subject: "repository", standing: .fine,
          sentence: "\(repository.workDirectory), \(snapshot.head.target)"),
      ]
      if let operation = snapshot.operation {
        findings.append(
          ExaminationFinding(
            subject: "repository", standing: .note,
            sentence:
              "a \(operation.rawValue) is in progress; nothing can be committed until it ends"))
      }
      if case .refused = snapshot.author {
        findings.append(
          ExaminationFinding(
            subject: "identity", standing: .failed, sentence: CommitWork.identityMissing))
      }
      let standing = RepositoryTrust(locations: locations, repository: repository).standing()
      var tightened = self
      if let settings = standing.inForce {
        tightened.configuration = configuration.tightened(by: settings)
      }
      return findings + Self.settings(standing) + (await tightened.checks(repository))
        + tightened.signing()
    } catch {
      return [ExaminationFinding(subject: "repository", standing: .failed, sentence: "\(error)")]
    }
  }

  /// What becomes of the settings that the repository brings.
  private static func settings(_ standing: RepositorySettingsStanding) -> [ExaminationFinding] {
    let sentence: String
    switch standing {
    case .absent: return []
    case .trusted: sentence = "\(RepositorySettings.fileName) is trusted and counts"
    case .untrusted, .superseded, .unusable: sentence = standing.remark ?? ""
    }
    return [
      ExaminationFinding(
        subject: "settings", standing: standing.remark == nil ? .fine : .note, sentence: sentence)
    ]
  }

  /// Whether the configured checks can be kept apart here; runs none of them.
  private func tagger() async -> ExaminationFinding {
    func finding(_ sentence: String) -> ExaminationFinding {
      ExaminationFinding(subject: "ctags", standing: .note, sentence: sentence)
    }
    guard let tagger = Tagger(environment: environment) else {
      return finding(
        "there is none; with universal-ctags more files are proposed, and a map can go along")
    }
    do {
      let version = try await tagger.version()
      _ = try await tagger.definitions(of: [Tagger.File(name: "a.c", content: [])])
      return ExaminationFinding(
        subject: "ctags", standing: .fine, sentence: "\(version) at \(tagger.executable)")
    } catch {
      return finding("\(error)")
    }
  }

  private func checks(_ repository: Repository) async -> [ExaminationFinding] {
    let count = configuration.checks.count
    let required = configuration.checks.count(where: \.isRequired)
    let words =
      count > 0
      ? "\(count) configured, \(required) required; they run " : "none configured; they would run "
    func finding(_ standing: ExaminationFinding.Standing, _ rest: String) -> ExaminationFinding {
      ExaminationFinding(subject: "checks", standing: standing, sentence: words + rest)
    }
    guard configuration.policy.isolatesChecks else {
      return [finding(.note, "without a sandbox (isolate_checks is off)")]
    }
    let view = SandboxView(
      worktree: repository.workDirectory, writable: [], checkout: repository.workDirectory,
      repository: repository.commonDirectory, homes: SandboxView.homes(environment),
      keyFiles: [])
    do {
      let isolation = try await CheckIsolation.find(for: view, environment: environment)
      return [finding(.fine, isolation.kind.words)]
    } catch {
      return [finding(count > 0 ? .failed : .note, "not at all: \(error)")]
    }
  }

  /// Whether what the signing of approvals needs can be read.
  private func signing() -> [ExaminationFinding] {
    let commit = configuration.commit
    var findings: [ExaminationFinding] = []
    for (name, path) in [
      ("signing_key", commit.signingKey), ("allowed_signers", commit.allowedSigners),
    ] {
      guard let path else { continue }
      let isReadable = access(String(decoding: path, as: UTF8.self), R_OK) == 0
      findings.append(
        ExaminationFinding(
          subject: "approvals", standing: isReadable ? .fine : .failed,
          sentence:
            "\(name) \(DisplayedBytes.text(of: path))\(isReadable ? "" : " cannot be read")"))
    }
    if configuration.policy.requiresSignedApprovals,
      commit.signingKey == nil || commit.allowedSigners == nil
    {
      findings.append(
        ExaminationFinding(
          subject: "approvals", standing: .failed,
          sentence:
            "require_signed_approvals needs signing_key and allowed_signers in [commit]; nothing can be committed without"
        ))
    }
    return findings
  }

  private func configurationFile() -> ExaminationFinding {
    let path = DisplayedBytes.text(of: locations.configurationFile)
    return ExaminationFinding(
      subject: "configuration", standing: .fine,
      sentence: configuration.path == nil ? "none at \(path); the defaults hold" : path)
  }

  /// The configured endpoints, each with its verdict; asks who serves there, sends no source.
  private func endpoints() async -> [ExaminationFinding] {
    guard !configuration.endpoints.isEmpty else {
      return [
        ExaminationFinding(subject: "endpoints", standing: .note, sentence: "none configured")
      ]
    }
    var findings: [ExaminationFinding] = []
    let environment = environment
    for endpoint in configuration.endpoints {
      let subject = "endpoint \(endpoint.name)"
      if let model = endpoint.managedModel {
        findings.append(await managed(model, subject))
        continue
      }
      do throws(ModelError) {
        let connection = try await ModelConnection.open(
          endpoint.forModelClient, over: CurlTransport.shared,
          runKeyCommand: { command throws(KeyProblem) in
            try await KeyCommand.run(command, environment: environment)
          })
        let context =
          connection.server.contextTokens.map { ", \($0) tokens of context" } ?? ""
        findings.append(
          ExaminationFinding(
            subject: subject, standing: .fine,
            sentence:
              "\(RequestMaker.words(connection)), \(connection.server.kind.displayName), model \(connection.model)\(context)"
          ))
        for warning in connection.verdict.warnings {
          findings.append(ExaminationFinding(subject: subject, standing: .note, sentence: warning))
        }
      } catch {
        findings.append(
          ExaminationFinding(subject: subject, standing: .failed, sentence: error.description))
      }
    }
    return findings
  }

  /// A server of our own is not started for this.
  private func managed(_ model: ManagedModel, _ subject: String) async -> ExaminationFinding {
    let place = ServerPlace(locations, environment: environment)
    do {
      try model.checkFile()
      let program = try place.program(model)
      let network =
        await place.canLeaveNetwork()
        ? "without any network" : "with the network that you have: this kernel takes it from no one"
      let report = try ModelReport(path: model.path, places: await Self.places(environment))
      let fit = report.places.map { report.fit(in: $0) }.joined(separator: "; ")
      return ExaminationFinding(
        subject: subject, standing: .fine,
        sentence:
          "\(program) is started for \(model.path) when it is asked first, \(network). \(fit)")
    } catch let problem as GGUFProblem {
      return ExaminationFinding(
        subject: subject, standing: .failed, sentence: "\(model.path): \(problem).")
    } catch {
      return ExaminationFinding(subject: subject, standing: .failed, sentence: "\(error)")
    }
  }

  private static func places(_ environment: [String: String]) async -> [GraphicsCard] {
    let cards = await GraphicsMemory.cards(environment: environment)
    return cards.isEmpty ? [GraphicsMemory.machine()].compactMap(\.self) : cards
  }

  /// The memory that a model could have here; `models` says what fits into it.
  private func memory() async -> [ExaminationFinding] {
    let cards = await GraphicsMemory.cards(environment: environment)
    guard cards.isEmpty else {
      return cards.map {
        ExaminationFinding(
          subject: "graphics", standing: .fine,
          sentence:
            "\(DisplayedBytes.text(of: $0.name.utf8, limit: 60)), \(ModelReport.size($0.free)) free of \(ModelReport.size($0.total)); `countersign models` says what fits"
        )
      }
    }
    return [
      ExaminationFinding(
        subject: "graphics", standing: .note,
        sentence:
          "no card that tells its memory (nvidia-smi, amdgpu); a model would run in the machine's own"
      )
    ]
  }

  private func localServers() async -> [ExaminationFinding] {
    let found = await findLocalServers(over: CurlTransport.shared)
    guard !found.isEmpty else {
      return [
        ExaminationFinding(
          subject: "loopback", standing: .note,
          sentence: "no model server answers on the usual ports")
      ]
    }
    return found.map { server in
      let (choice, _) = FoundServer.choice(server)
      return ExaminationFinding(
        subject: "loopback \(choice.name)", standing: .note,
        sentence: "\(choice.address) \(choice.model): \(choice.verdict)")
    }
  }

  /// The findings as JSON, schema `countersign.doctor/1`.
  package static func json(_ findings: [ExaminationFinding]) throws -> [UInt8] {
    let items: [RecordValue] = findings.map {
      [
        "subject": .text($0.subject), "standing": .text($0.standing.rawValue),
        "sentence": .text($0.sentence),
      ]
    }
    return try CanonicalJSON.bytes(
      of: ["schema": "countersign.doctor/1", "findings": .array(items)]) + [UInt8(ascii: "\n")]
  }
}
