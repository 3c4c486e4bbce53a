// Where film strips begin.

import Approval
import CellGrid
import FilmStrip
import Review

enum Scenes {
  private static func state(
    _ ask: AskState = AskState(), demoNote: String? = nil, keymap: Keymap = .standard
  ) -> AppState {
    AppState(
      size: .usual,
      repository: RepositoryHeading(
        name: Array("ledger-service".utf8), branch: "main", head: "3fd21c8"),
      ask: ask, keymap: keymap, demoNote: demoNote)
  }

  /// The start screen of a repository without sessions.
  static func empty() -> Scene {
    Scene(state(), world: World(), opening: [.sessionsListed([])])
  }

  /// A review of `proposal` just opened; leaving it lists the session.
  static func review(_ proposal: MadeProposal, keymap: Keymap = .standard) -> Scene {
    var world = World(proposal)
    world.sessions = [summary("reject negative amounts", .ready(files: 6, unplaced: 0))]
    world.tracked = proposal.proposal.files.filter { $0.old != nil }.map(\.path)
    return Scene(
      state(keymap: keymap), world: world,
      opening: [.sessionOpened(proposal.review(id: SampleProposals.session))])
  }

  /// A review in which the editor writes another error, and takes a guard out that is written twice.
  static func rounds() -> Scene {
    var scene = review(SampleProposals.ordinary)
    scene.world.edit = { text in
      Array(
        String(decoding: text.text, as: UTF8.self)
          .replacing("LedgerError.negative(entry.amount)", with: "LedgerError.negative")
          .replacing("entries.isEmpty", with: "entries.isEmpty && total == 0").utf8)
    }
    return scene
  }

  static func summary(
    _ title: String, _ standing: SessionStanding, id: SessionID = SampleProposals.session
  ) -> SessionSummary {
    SessionSummary(
      id: id, title: title, standing: standing, created: 1_700_000_000, verdict: "LOCAL unix",
      model: "qwen3-coder")
  }

  /// A session in each standing there is.
  static func sessions() -> Scene {
    let standings: [(String, SessionStanding)] = [
      ("add a currency column to the export", .asking(.connecting)),
      ("rename Account to Book", .asking(.queued(ahead: 2))),
      ("name the fixtures", .asking(.waiting(ahead: 3, isPaused: false))),
      ("drop Python 2", .asking(.waiting(ahead: 4, isPaused: true))),
      ("explain the rounding in a comment", .asking(.queued(ahead: nil))),
      (
        "test the import of version 1 files",
        .asking(.readingPrompt(processed: 3_000, total: 8_000))
      ),
      ("cache the balance", .asking(.writing(tokens: 412, tokensPerSecond: 31.6))),
      ("split Ledger.swift", .asking(.placing)),
      ("reject negative amounts", .ready(files: 6, unplaced: 0)),
      ("reject amounts over the limit", .ready(files: 1, unplaced: 3)),
      ("speed up the report", .inReview(decisions: 5)),
      ("fix the typo in README", .committed("9c1d22ab")),
      ("use async writes", .failed("The server closed the connection after 3,112 tokens.")),
      ("drop the old importer", .cancelled),
      ("reformat everything", .discarded),
    ]
    let list = standings.enumerated().map { index, standing in
      guard let id = SessionID("session-\(index)") else { preconditionFailure("not a name") }
      return summary(standing.0, standing.1, id: id)
    }
    var world = World()
    world.sessions = list
    return Scene(state(), world: world, opening: [.sessionsListed(list)])
  }

  /// The requests of the user, over three repositories.
  static func queue() -> Scene {
    func request(
      _ index: Int, _ title: String, _ progress: RequestProgress, in checkout: String = "",
      _ priority: QueuePriority = .normal, isOrphan: Bool = false, seconds: Int? = nil
    ) -> QueuedRequest {
      guard let id = SessionID("session-\(index)") else { preconditionFailure("not a name") }
      return QueuedRequest(
        session: id, isHere: checkout.isEmpty,
        checkout: checkout.isEmpty ? "/home/a/ledger-service" : checkout, title: title,
        endpoint: "workshop", model: "qwen3-coder-30b-a3b", priority: priority, progress: progress,
        isOrphan: isOrphan, secondsLeft: seconds)
    }
    let list = [
      request(0, "cache the balance", .writing(tokens: 412, tokensPerSecond: 31.6), seconds: 14),
      request(1, "reject amounts over the limit", .queued(ahead: 1), seconds: 55),
      request(
        2, "log every transfer", .waiting(ahead: 2, isPaused: false), in: "/home/a/bank", .high,
        seconds: 130),
      request(
        3, "rename Account to Book, in all files, tests and documents of it too",
        .waiting(ahead: 3, isPaused: false), seconds: 4000),
      request(4, "drop Python 2", .waiting(ahead: 4, isPaused: true), .low),
      request(
        5, "reformat", .waiting(ahead: 0, isPaused: false), in: "/home/a/old\u{1B}[31m",
        isOrphan: true),
    ]
    return Scene(
      state(), world: World(), opening: [.sessionsListed([]), .queueListed(list)])
  }

  /// The start screen with `n` not yet pressed; tracked files, two servers and a budget are at hand.
  static func ask(
    _ endpoints: [EndpointChoice] = Scenes.endpoints,
    budget: PromptBudget = PromptBudget(tokens: 6_214, limit: 24_576, isExact: true)
  ) -> Scene {
    var world = World()
    world.tracked = [
      "Package.swift", "README.md", "Sources/Ledger/Entry.swift", "Sources/Ledger/Ledger.swift",
      "Sources/Ledger/Legacy/OldImport.swift", "Tests/LedgerTests/EntryTests.swift",
      "Tests/LedgerTests/LedgerTests.swift", "scripts/release.sh",
    ].map { RepositoryPath($0) }
    world.budget = budget
    world.prompt = Array(
      """
      You edit files of a repository. Answer with edit blocks only.

      <file path="Sources/Ledger/Ledger.swift">
      struct Ledger {
      \tvar total = 0 // \(String(repeating: "a comment that goes on ", count: 8))
      }
      </file>

      Reject negative amounts.

      """.utf8)
    return Scene(
      state(), world: world, opening: [.sessionsListed([]), .endpointsListed(endpoints)])
  }

  static let endpoints = [
    EndpointChoice(
      name: "workshop", address: "unix:/run/llama/llama.sock", verdict: "LOCAL unix",
      isUsable: true,
      model: "qwen3-coder-30b-a3b"),
    EndpointChoice(
      name: "rack", address: "https://10.0.0.5:8443", verdict: "LAN 10.0.0.5", isUsable: true,
      model: "devstral-small"),
    EndpointChoice(
      name: "cloud", address: "https://models.example.com",
      verdict: "refused: not in the perimeter",
      isUsable: false, model: "large"),
  ]
}
