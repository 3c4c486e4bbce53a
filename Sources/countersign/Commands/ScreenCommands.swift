// Commands that open the full-screen workstation.

import GitStore
import Approval
import ArgumentParser
import Glibc
import ModelClient
import Review
import Workstation

/// Runs the screen and ends as the user, or a signal, ended it.
private func runScreen(
  _ surroundings: Surroundings, _ options: WorkstationOptions
) throws {
  let result = try Workstation.run(
    surroundings, heading: try CommandContext.heading(surroundings), options: options)
  if let farewell = result.farewell { Output.problem(farewell) }
  if let number = result.signal {
    // As if the signal had not been caught: the terminal is restored by now.
    signal(number, SIG_DFL)
    raise(number)
  }
}

struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open the workstation in this repository (the default).", shouldDisplay: false)

  @Argument(help: "The session to open; its first or last letters are enough.")
  var session: String?

  @OptionGroup var transcripts: TranscriptOptions

  func run() throws {
    try CommandContext.requireTerminal()
    let surroundings = try CommandContext().surroundings(transcripts)
    var options = WorkstationOptions()
    options.note = transcripts.note
    if let session {
      do {
        options.opening = .session(try surroundings.makeStore().session(matching: session))
      } catch StoreError.unknown {
        // A word that is no command comes here too.
        throw CommandFailure.misuse(
          "\(session) is neither a command nor a session of this repository; `countersign --help` and `countersign sessions` list them."
        )
      }
    }
    try runScreen(surroundings, options)
  }
}

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Try the whole job in a throw-away repository with a recorded model.")

  func run() throws {
    try CommandContext.requireTerminal()
    let context = try CommandContext()
    let environment = context.environment
    let demo = try waiting { try await DemoRepository.make(environment: environment) }
    let base = try context.surroundings(at: demo.directory)
    let transcript = try Transcript(reading: demo.transcript, called: "answer.transcript.jsonl")
    let surroundings = Surroundings(
      repository: base.repository, configuration: base.ownConfiguration,
      environment: base.environment, locations: base.locations,
      replay: ReplayModel(name: "recording", transcript: transcript, pace: Self.pace))
    var options = WorkstationOptions()
    options.demoNote =
      "Demo: the answer is a recording of llama.cpp (REPLAY); the repository is a throw-away one."
    options.opening = .ask(
      instruction: demo.instruction,
      files: try waiting {
        guard let tip = try await base.repository.head().tip else { return [] }
        return try await base.repository.trackedFiles(in: tip)
      })
    try runScreen(surroundings, options)
    Self.farewell(demo.directory)
  }

  /// The recording at two and a half times its speed: fifteen seconds to read along.
  private static let pace = ReplayPace { max(5, min(200, $0 * 2 / 5)) }

  private static func farewell(_ directory: String) {
    Output.line("")
    Output.line("The demo's repository is at \(directory)")
    Output.line("  git -C \(directory) log --stat -3      what was committed")
    let program = InstalledFiles.executablePath() ?? "countersign"
    Output.line("  cd \(directory) && \(program)   go on reviewing")
    Output.line("  rm -rf \(directory)                    forget it")
  }
}

struct Review: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Review what another tool wrote: your files, the index, commits, a patch.",
    discussion: """
      Without an argument it is the working tree: what you approve is committed, everything else \
      stays in your files. Of commits nothing that exists is rewritten: the approved part becomes a \
      commit on a side branch. A patch's edits are located by their lines; its line numbers only \
      break ties. With git: git config difftool.countersign.cmd 'countersign review --dirs "$LOCAL" \
      "$REMOTE"', then git difftool -d -t countersign.
      """)

  @Argument(help: "A commit, or a range <a>..<b>: the changes from a to b, with a as the base.")
  var revision: String?

  @Flag(help: "What your files hold beyond the last commit, untracked files too (the default).")
  var worktree = false

  @Flag(help: "What the index holds beyond the last commit.")
  var staged = false

  @Option(help: "A unified diff; - reads standard input. The base is the last commit.")
  var patch: String?

  @Option(
    parsing: .upToNextOption,
    help: "Two directories, as git difftool --dir-diff makes them; nothing is committed.")
  var dirs: [String] = []

  @Flag(help: "Begin anew, where the same change is under review already.")
  var new = false

  func validate() throws {
    let count =
      [revision != nil, worktree, staged, patch != nil, !dirs.isEmpty].count { $0 }
    guard count <= 1 else {
      throw ValidationError(
        "Review one thing at a time: a commit or range, --worktree, --staged, --patch FILE or --dirs LEFT RIGHT."
      )
    }
    guard dirs.isEmpty || dirs.count == 2 else {
      throw ValidationError("--dirs takes two directories, the old one first.")
    }
  }

  func run() throws {
    try CommandContext.requireTerminal()
    let surroundings = try CommandContext().surroundings()
    let source = ReviewSource(surroundings: surroundings)
    let session: NewSession
    if let patch {
      let bytes = try patch == "-" ? StandardInput.read() : LocalFiles.read(patch)
      let name = patch == "-" ? "patch from standard input" : "patch \(patch)"
      session = try waiting { try await source.session(ofPatch: bytes, called: name) }
    } else if let revision {
      session = try waiting { try await source.session(ofRevision: revision) }
    } else if dirs.count == 2 {
      let (left, right) = (dirs[0], dirs[1])
      session = try waiting { try await source.session(ofDirectories: left, right) }
    } else {
      let wanted: SessionSource = staged ? .staged : .worktree
      session = try waiting { try await source.session(of: wanted) }
    }
    var options = WorkstationOptions()
    if !new, let id = try waiting({ try await source.sessionUnderReview(like: session) }) {
      options.opening = .session(id)
      options.note = "Where you left it; countersign review --new begins anew."
      try runScreen(surroundings, options)
      return
    }
    options.opening = .new(session)
    try runScreen(surroundings, options)
  }
}

/// Reads standard input to its end, as bytes.
enum StandardInput {
  static func read() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure.couldNot(
          "Standard input cannot be read: \(SystemMessage.of(errno)).")
      }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= 256 << 20 else {
        throw CommandFailure.couldNot(
          "Standard input holds more than 256 MB; give a smaller patch.")
      }
    }
  }
}
