// Whatever comes from outside reaches the grid as its spelling, on every screen.

import Approval
import CellGrid
import Diffing
import FilmStrip
import Review
import Scanner
import Testing

/// A text from outside that would set the title, turn the direction, end the string and hide.
private func hostile(_ source: String) -> String {
  "\(source)\u{1B}]0;p\u{7}\u{202E}\0\u{200B}\u{9B}m\u{E0041}"
}

/// What is drawn for it.
private func spelled(_ source: String) -> String {
  "\(source)<U+001B>]0;p<U+0007><U+202E><U+0000><U+200B><U+009B>m<U+E0041>"
}

private func bytes(_ source: String) -> [UInt8] { Array(hostile(source).utf8) }

/// The same without NUL, which would make a file one of bytes, decided on as a whole.
private func line(_ source: String) -> [UInt8] { bytes(source).filter { $0 != 0 } + [0x0A] }

/// A player that looks at every frame.
private struct Watch {
  var player: Player
  /// Every row drawn so far.
  private(set) var drawn: Set<String> = []

  init(_ scene: Scene, size: GridSize) {
    player = Player(scene, size: size)
    look()
  }

  mutating func press(_ keys: String) {
    for key in keys.unicodeScalars { press(.character(key)) }
  }

  mutating func press(_ key: Key) {
    player.press(key)
    look()
  }

  mutating func happen(_ event: Event) {
    player.take(event)
    player.take(.painted)
    look()
  }

  private mutating func look() {
    let grid = player.frame.grid
    for row in 0..<grid.height {
      for cell in grid.row(row) where !cell.isRightHalf {
        let scalars = [cell.base, cell.marks.first, cell.marks.second].compactMap { $0 }
        if let scalar = scalars.first(where: Self.isHarmful) {
          Issue.record(
            "\(player.state.screen): U+\(String(scalar.value, radix: 16)) in \(grid.rowText(row))")
          return
        }
      }
      drawn.insert(grid.rowText(row))
    }
  }

  /// U+FFFD too: that is what becomes of untrusted text that is drawn as our own.
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      true
    default: scalar == "\u{FFFD}" || scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// Expects that every source was drawn in full once, as its spelling.
  func expectSpelled(
    _ sources: [String], lines: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let inLines = lines.map { spelled($0).replacing("<U+0000>", with: "") }
    for wanted in sources.map(spelled) + inLines {
      let isDrawn = drawn.contains { $0.contains(wanted) }
      #expect(isDrawn, "\(wanted)", sourceLocation: sourceLocation)
    }
  }
}

@Suite struct HostileTextTests {
  private static let sizes = [
    GridSize(rows: 50, columns: 400), .wide, .usual, .least,
  ]

  private static func state(_ ask: AskState = AskState()) -> AppState {
    AppState(
      size: .usual,
      repository: RepositoryHeading(
        name: bytes("repository"), branch: hostile("branch"), head: "3fd21c8"), ask: ask)
  }

  private static let endpoint = EndpointChoice(
    name: hostile("endpoint"), address: hostile("address"), verdict: hostile("refusal"),
    isUsable: true, model: hostile("model"))

  private static func session(_ index: Int, _ standing: SessionStanding) -> SessionSummary {
    guard let id = SessionID("session-\(index)") else { preconditionFailure("not a name") }
    return SessionSummary(
      id: id, title: hostile("title\(index)"), standing: standing, created: 1,
      verdict: hostile("verdict\(index)"), model: hostile("model\(index)"))
  }

  @Test(arguments: sizes)
  func `sessions, answers and what servers say are spelled on the start screen`(_ size: GridSize) {
    let list = [
      Self.session(0, .asking(.writing(tokens: 4, tokensPerSecond: 1))),
      Self.session(1, .failed(hostile("server"))), Self.session(2, .inReview(decisions: 1)),
      Self.session(3, .committed("9c1d22ab")),
    ]
    var world = World()
    world.sessions = list
    var watch = Watch(
      Scene(Self.state(), world: world, opening: [.sessionsListed(list)]), size: size)
    watch.happen(.answerGrew(list[0].id, bytes("answer") + [0x0A] + bytes("rest")))
    watch.happen(.noted(StatusMessage(.problem, hostile("problem"))))
    watch.happen(.noted(StatusMessage(.note, hostile("note"))))
    watch.press("j")
    watch.press(.enter)
    watch.press("jjk?")
    watch.press(.paste(bytes("found")))
    if size.columns == 400 {
      watch.expectSpelled([
        "repository", "branch", "title0", "title1", "title3", "verdict2", "server", "answer",
        "rest",
        "problem", "note",
      ])
    }
  }

  @Test(arguments: sizes)
  func `files, servers and what is typed are spelled where a change is asked for`(
    _ size: GridSize
  ) {
    var world = World()
    world.tracked = [RepositoryPath(bytes("tracked")), RepositoryPath([0x62, 0xFF, 0x1B, 0x63])]
    world.prompt = bytes("prompt") + [0x0A] + bytes("second")
    world.budget = PromptBudget(tokens: 1, limit: 2, isExact: true)
    var watch = Watch(
      Scene(
        Self.state(), world: world,
        opening: [.sessionsListed([]), .endpointsListed([Self.endpoint])]), size: size)
    watch.press("n")
    watch.press(.paste(bytes("instruction")))
    watch.press(.tab)
    watch.press(.enter)
    watch.press(.paste(bytes("filter")))
    watch.press(.tab)
    watch.happen(.endpointsListed([Self.endpoint, Self.endpoint]))
    watch.happen(.noted(StatusMessage(.problem, hostile("problem"))))
    watch.press("p")
    watch.press(.escape)
    if size.columns == 400 {
      watch.expectSpelled([
        "tracked", "endpoint", "address", "refusal", "model", "problem", "prompt", "second",
      ])
      #expect(watch.drawn.contains { $0.contains("b<FF><U+001B>c") })
    }
  }

  private static let proposal: MadeProposal = {
    var proposal = MadeProposal([
      MadeFile(
        bytes("path"),
        old: MadeSide(line("context") + line("old")),
        new: MadeSide(line("context") + line("new"))),
      MadeFile(
        Array("z".utf8) + bytes("link"), old: MadeSide(bytes("from"), .symlink),
        new: MadeSide(bytes("to"), .symlink)),
      MadeFile("zz", old: MadeSide("a\n"), new: MadeSide("b\n")),
    ])
    proposal.title = hostile("request")
    proposal.unplaced = [
      UnplacedItem(
        path: bytes("lost"), reason: "The \(hostile("reason")) is not there.", text: bytes("block"),
        wanted: bytes("wanted"), places: [NearPlace(line: 1, text: bytes("candidate"))])
    ]
    return proposal
  }()

  /// The review of the proposal, with findings whose sentences attack too.
  private func review(_ size: GridSize) -> Watch {
    // The world answers nothing: files and plans come as events.
    var watch = Watch(
      Scene(
        Self.state(), world: World(),
        opening: [
          .sessionOpened(
            ReviewState(
              heading: SessionHeading(
                id: SampleProposals.session, title: hostile("request"), round: 1,
                branch: hostile("base"), verdict: hostile("verdict"), model: hostile("model")),
              ledger: DecisionLedger(proposal: Self.proposal.proposal),
              unplaced: Self.proposal.unplaced, placements: [:]))
        ]), size: size)
    guard let change = Self.proposal.change(0) else { return watch }
    let findings = [FindingClass.block, .warn].map {
      Finding(
        rule: "text.\($0)", severity: $0, path: bytes("path"), line: 1,
        sentence: "The \(hostile("finding")) is odd.")
    }
    let files: [LoadedFile] = [
      .loaded(change, findings: findings), Self.proposal.files[1],
      .failed("Not \(hostile("unreadable"))."),
    ]
    for (index, file) in files.enumerated() {
      watch.happen(
        .fileLoaded(
          SampleProposals.session, index: index, Self.proposal.proposal.files[index], file))
    }
    return watch
  }

  @Test(arguments: sizes)
  func `paths, lines, findings and reasons are spelled in the review`(_ size: GridSize) {
    var watch = review(size)
    watch.press("ggjjjkw")
    watch.press("w|f=y!")
    watch.press(.paste(bytes("phrase")))
    watch.press(.escape)
    watch.press("X")
    watch.press(.paste(bytes("refused")))
    watch.press(.enter)
    watch.press("k{}")
    watch.press("}")
    watch.press("}{{A")
    watch.press(.escape)
    watch.happen(.recordingFailed(SampleProposals.session, hostile("disk")))
    watch.happen(.noted(StatusMessage(.problem, hostile("problem"))))
    watch.press("U")
    watch.press("j")
    if size.columns == 400 {
      watch.expectSpelled(
        [
          "repository", "branch", "request", "verdict", "path", "zlink",
          "from",
          "to", "unreadable", "finding", "problem", "lost", "reason", "block", "wanted",
          "candidate",
        ], lines: ["context", "old", "new"])
    }
  }

  @Test(arguments: sizes)
  func `messages, hooks and outcomes are spelled on the commit sheet`(_ size: GridSize) throws {
    let plan = CommitPlan(
      files: [
        CommitFileLine(
          path: RepositoryPath(bytes("path")), kind: "changed", addedLines: 1, removedLines: 1,
          isWhole: false)
      ], identity: hostile("identity"), landing: hostile("landing"),
      hooks: [hostile("hook")], signing: hostile("key"),
      message: bytes("subject") + [0x0A, 0x0A] + bytes("body") + Array("\n# ".utf8)
        + bytes("comment"),
      acknowledged: [hostile("rule")], obstacle: nil, trailers: [hostile("trailer")])
    let commit = try #require(ObjectID(hex: String(repeating: "9c1d22ab", count: 5)))
    func sheet() -> Watch {
      var watch = review(size)
      watch.press("C")
      let sheet = watch.player.state.commit?.sheet ?? 0
      watch.happen(.commitPlanned(sheet, plan))
      watch.happen(.messageEdited(bytes("subject") + [0x0A, 0x0A] + bytes("edited")))
      return watch
    }
    var failing = sheet()
    failing.press("C")
    failing.happen(.commitProgressed("running pre-commit"))
    failing.happen(.commitPrinted(bytes("printed") + [0x0A] + bytes("more")))
    failing.happen(.commitFailed("The hook said \(hostile("failure"))."))
    failing.press("GgjjG")
    var done = sheet()
    done.press("C")
    done.happen(
      .committed(
        SampleProposals.session,
        CommitOutcome(commit: commit, landed: hostile("landed"), next: [hostile("next")])))
    if size.columns == 400 {
      failing.expectSpelled([
        "path", "identity", "landing", "hook", "key", "subject", "body", "comment", "rule",
        "trailer", "edited", "printed", "more", "failure",
      ])
      done.expectSpelled(["landed", "next"])
    }
  }

  @Test(arguments: sizes)
  func `a text that is only read is spelled`(_ size: GridSize) {
    var watch = Watch(Scenes.review(SampleProposals.ordinary), size: size)
    watch.happen(
      .viewerReady(
        ViewerState(
          title: hostile("viewed"), note: hostile("note"),
          text: TextFile(bytes("line") + [0x0A] + bytes("last")), origin: .review)))
    watch.press("wllhw")
    if size.columns == 400 { watch.expectSpelled(["viewed", "note", "line", "last"]) }
  }
}
