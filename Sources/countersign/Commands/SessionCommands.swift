// Commands that work without a screen: ask, list, show, put away.

import GitStore
import Approval
import ArgumentParser
import Glibc
import Review
import Workstation

struct Ask: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Ask a local model for a change and keep its proposal for review.",
    discussion: "The files' committed content goes along; nothing of yours changes.")

  @Argument(help: "What should be changed.")
  var instruction: String?

  @Argument(help: "The files that go along.")
  var paths: [String] = []

  @Option(
    name: [.customShort("F"), .long], help: "Read the instruction from a file; - is standard input."
  )
  var file: String?

  @Option(help: "The endpoint of the configuration to ask.")
  var model: String?

  @Flag(help: "Let lines of other files go along that define what the files use.")
  var map = false

  @OptionGroup var transcripts: TranscriptOptions

  func run() throws {
    var text = instruction ?? ""
    var files = paths
    if let file {
      if let instruction { files.insert(instruction, at: 0) }
      text = String(
        decoding: try file == "-" ? StandardInput.read() : LocalFiles.read(file), as: UTF8.self)
    }
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw CommandFailure.misuse(
        "Say what should be changed: countersign ask \"<instruction>\" <path>…")
    }
    let surroundings = try CommandContext().surroundings(transcripts)
    let named = try Self.named(in: text, surroundings)
    guard !files.isEmpty || !named.isEmpty else {
      throw CommandFailure.misuse(
        "Name the files that go along, or @name them in the instruction; the model may only edit what it was given."
      )
    }
    let endpoint =
      try surroundings.replay?.name ?? Self.endpoint(model, surroundings.configuration)
    let prefix = try RepositoryPlace.prefix(surroundings)
    let along = Set(files.map { RepositoryPlace.path($0, prefix) }).union(named).sorted()
    let made = map ? try Self.map(of: along, surroundings) : nil
    let draft = RequestDraft(
      instruction: text, files: along, endpoint: endpoint, map: made?.text ?? [],
      mapCommit: made?.commit)
    var status = StatusLine()
    let ending = HeadlessRequest.run(surroundings, draft) { notice in
      switch notice {
      case .line(let line): status.line(line)
      case .progress(let step, let text): status.progress(step: step, text: text)
      }
    }
    status.end()
    switch ending {
    case .ready(let id, let files, let unplaced):
      Output.line(
        "\(id): \(files) file\(files == 1 ? "" : "s") to review, \(unplaced) edit\(unplaced == 1 ? "" : "s") not placed"
      )
      Output.problem("Review it with: countersign open \(id)")
    case .failed(let id, let reason):
      let kept = id.map { " (kept as session \($0))" } ?? ""
      throw CommandFailure.couldNot(reason + kept)
    case .refused(let reason): throw CommandFailure.refused(reason)
    }
  }

  /// The files that the instruction names behind an `@`, as on the ask screen.
  private static func named(
    in instruction: String, _ surroundings: Surroundings
  ) throws -> Set<RepositoryPath> {
    let names = Mentions(in: instruction).named
    guard !names.isEmpty else { return [] }
    let tracked: [RepositoryPath] = try waiting {
      guard let tip = try await surroundings.repository.head().tip else { return [] }
      return try await surroundings.repository.trackedFiles(in: tip)
    }
    return Set(names.compactMap { Mentions.file($0, among: tracked) })
  }

  private static func map(
    of files: [RepositoryPath], _ surroundings: Surroundings
  ) throws -> ContextMap {
    let map = try waiting { try await HeadlessRequest.map(surroundings, of: files) }
    Output.problem(
      "a map of \(map.lineCount) line\(map.lineCount == 1 ? "" : "s") of \(map.parts.count) other file\(map.parts.count == 1 ? "" : "s") goes along:"
    )
    for line in String(decoding: map.text, as: UTF8.self).split(separator: "\n") {
      Output.problem("  \(line)")
    }
    return map
  }

  private static func endpoint(_ name: String?, _ configuration: Configuration) throws -> String {
    if let name { return name }
    if let name = configuration.defaultEndpoint { return name }
    guard let first = configuration.endpoints.first else {
      throw CommandFailure.couldNot("\(AskProblem.noEndpoint)")
    }
    return first.name
  }
}

/// Paths as typed in the current directory, as paths of the repository.
enum RepositoryPlace {
  /// The current directory below the repository's top, with a final slash; empty at the top.
  static func prefix(_ surroundings: Surroundings) throws -> String {
    let here = try CommandContext.currentDirectory()
    let top = surroundings.repository.workDirectory
    guard here.hasPrefix(top + "/") else { return "" }
    return String(here.dropFirst(top.count + 1)) + "/"
  }

  static func path(_ typed: String, _ prefix: String) -> RepositoryPath {
    var parts: [Substring] = []
    for part in (prefix + typed).split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(part) }
    }
    return RepositoryPath(parts.joined(separator: "/"))
  }
}

struct Sessions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions",
    abstract: "List the sessions of this repository.")

  @Flag(help: "Print JSON (schema countersign.sessions/1).")
  var json = false

  func run() throws {
    let surroundings = try CommandContext().surroundings()
    let queue = Queue.present(surroundings.locations)
    let repository = surroundings.gitCommonDirectory
    let summaries = surroundings.makeStore().summaries(asking: queue.asking(in: repository))
    if json {
      Output.json(
        try SessionListing.json(summaries, queue.requests(here: repository, now: Int(time(nil)))))
      return
    }
    for summary in summaries {
      Output.line("\(summary.id)  \(SessionListing.words(summary.standing))  \(summary.title)")
    }
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print one session: what it is, its proposal, or its approved part.")

  @Argument(help: "The session; its first or last letters are enough.")
  var session: String

  @Flag(help: "Print the whole proposal as a patch.")
  var patch = false

  @Flag(help: "Print the approved part as a patch.")
  var approved = false

  @Flag(help: "Print JSON (schema countersign.session/1).")
  var json = false

  func run() throws {
    let surroundings = try CommandContext().surroundings()
    let store = surroundings.makeStore()
    let id = try store.session(matching: session)
    let history = try store.history(of: id)
    if patch || approved {
      let onlyApproved = approved
      Output.patch(
        try waiting {
          try await SessionPatch(surroundings: surroundings).text(
            of: history, onlyApproved: onlyApproved)
        })
      return
    }
    if json {
      Output.json(try SessionListing.json(history))
      return
    }
    for line in SessionListing.lines(history) { Output.line(line) }
  }
}

struct Discard: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard",
    abstract: "Put a session away; it is kept and can be restored.")

  @Argument(help: "The session; its first or last letters are enough.")
  var session: String

  func run() throws {
    let store = try CommandContext().surroundings().makeStore()
    let id = try store.session(matching: session)
    try store.setDiscarded(id, true)
    Output.line("\(id) is discarded; `countersign restore \(id)` brings it back.")
  }
}

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Bring a discarded session back.")

  @Argument(help: "The session; its first or last letters are enough.")
  var session: String

  func run() throws {
    let store = try CommandContext().surroundings().makeStore()
    let id = try store.session(matching: session)
    try store.setDiscarded(id, false)
    Output.line("\(id) is restored.")
  }
}

struct Purge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Forget a finished session for good: its records, and what keeps its objects.",
    discussion: """
      Only what is committed, discarded or came to nothing can be purged. The commit, its message and its \
      note stay, so it can still be verified. A session that holds a backup, made before rejected changes were \
      taken out of your files, stays unless --with-backup is given. git removes the \
      objects when it collects garbage next; `git gc --prune=now` does it at once.
      """)

  @Argument(help: "The sessions; their first or last letters are enough.")
  var sessions: [String] = []

  @Flag(help: "All finished sessions that are older than policy.session_expiry_days says.")
  var expired = false

  @Flag(help: "Also those that hold a backup of your files, which is lost then.")
  var withBackup = false

  func validate() throws {
    guard expired == sessions.isEmpty else {
      throw ValidationError("Name sessions, or give --expired.")
    }
  }

  func run() throws {
    let surroundings = try CommandContext().surroundings()
    let purging = SessionPurging(surroundings)
    guard expired else {
      let store = surroundings.makeStore()
      for id in try sessions.map({ try store.session(matching: $0) }) {
        try waiting { try await purging.purge(id, withBackup: withBackup) }
        Output.line("\(id) is purged.")
      }
      return
    }
    guard surroundings.configuration.policy.sessionExpiryDays != nil else {
      throw CommandFailure.misuse("No session_expiry_days is set in [policy].")
    }
    let now = Int(time(nil))
    let (purged, problems) = try waiting { await purging.purgeExpired(now: now) }
    for id in purged { Output.line("\(id) is purged.") }
    if purged.isEmpty, problems.isEmpty { Output.line("No finished session is that old.") }
    guard problems.isEmpty else { throw CommandFailure.couldNot(problems.joined(separator: "\n")) }
  }
}
