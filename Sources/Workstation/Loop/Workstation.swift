// The full-screen program: one loop on the thread that owns the terminal.

package import Approval
import AuditLog
import CellGrid
import GitStore
import Glibc
import ModelClient
package import Review
import ReviewUI
import Terminal

/// What the full-screen program starts with.
package struct WorkstationOptions: Sendable {
  package enum Opening: Sendable {
    case sessions
    case session(SessionID)
    /// A session to be recorded before its first key.
    case new(NewSession)
    /// The ask screen with an instruction and files in place.
    case ask(instruction: String, files: [RepositoryPath])
  }

  package var opening = Opening.sessions
  package var demoNote: String?
  /// What to say of the session that is opened.
  package var note: String?

  package init() {}
}

/// How the full-screen program ended.
package struct WorkstationResult: Sendable {
  /// A signal that asked it to end, so that the exit status can say so.
  package let signal: CInt?
  /// What became of a commit that was still being made, in sentences; nil when there was none.
  package let farewell: String?
}

package enum Workstation {
  /// Runs the screen until the user leaves. The calling thread becomes the terminal's.
  package static func run(
    _ surroundings: Surroundings, heading: RepositoryHeading, options: WorkstationOptions
  ) throws -> WorkstationResult {
    let waker = Waker()
    let mailbox = Mailbox<Arrival>(waker: waker)
    let runner = Runner(
      surroundings: surroundings, store: surroundings.makeStore(), mailbox: mailbox)
    if case .new(let session) = options.opening { runner.readAhead(session) }
    let theme = try ThemeChoice.theme(
      named: surroundings.configuration.theme, locations: surroundings.locations)
    let screen = try Screen(theme: theme, options: screenOptions(surroundings))
    defer { screen.close() }
    let loop = TerminalLoop(
      screen: screen, waker: waker,
      escapeDelayMilliseconds: surroundings.configuration.escapeDelayMilliseconds)
    var session = LoopSession(
      screen: screen, loop: loop, runner: runner, mailbox: mailbox,
      state: initialState(screen.size, heading, surroundings, options))
    session.begin(options.opening)
    let remarks =
      surroundings.recoveries + [surroundings.repositorySettings.remark].compactMap { $0 }
    if !remarks.isEmpty { session.say(.problem, remarks.joined(separator: " ")) }
    if let note = options.note { session.say(.note, note) }
    return session.run()
  }

  private static func screenOptions(_ surroundings: Surroundings) -> Screen.Options {
    var options = Screen.Options()
    // A log that cannot be kept is kept in memory: it must not stop a review.
    let state = surroundings.locations.state
    if (try? PrivateDirectory.ensure(state)) != nil {
      options.logPath = String(decoding: surroundings.locations.debugLog, as: UTF8.self)
    }
    return options
  }

  private static func initialState(
    _ size: GridSize, _ heading: RepositoryHeading, _ surroundings: Surroundings,
    _ options: WorkstationOptions
  ) -> AppState {
    var ask = AskState()
    if case .ask(let instruction, let files) = options.opening {
      ask = AskState(instruction: instruction, chosen: Set(files))
    }
    return AppState(
      size: size, repository: heading, ask: ask, keymap: surroundings.configuration.keys.keymap,
      demoNote: options.demoNote)
  }
}

/// The loop's state: everything that lives between two wake-ups.
private struct LoopSession {
  let screen: Screen
  let loop: TerminalLoop
  let runner: Runner
  let mailbox: Mailbox<Arrival>
  var state: AppState
  /// Between frames that no key asked for.
  private static let frameTime = Duration.milliseconds(40)

  /// How long a key's frame waits for the file it leads to.
  private static let graceTime = Duration.milliseconds(15)
  /// How long after the last key the reading place is kept, in milliseconds.
  private static let restTime = 500

  private var shown: Frame?
  private var shownScreen: ScreenKind?
  /// Not before then a frame is painted that no key asked for.
  private var paintTime = ContinuousClock.now
  /// Whether the frame that is due waits for a file.
  private var isAwaitingFile = false
  private var isPaintDue = false
  private var isDone = false
  private var signal: CInt?

  init(
    screen: Screen, loop: TerminalLoop, runner: Runner, mailbox: Mailbox<Arrival>, state: AppState
  ) {
    self.screen = screen
    self.loop = loop
    self.runner = runner
    self.mailbox = mailbox
    self.state = state
  }

  mutating func begin(_ opening: WorkstationOptions.Opening) {
    switch opening {
    case .sessions: perform(.listSessions)
    // The list is read when somebody goes there: it costs the reading of every ledger.
    case .session(let id): perform(.openSession(id))
    case .new(let session): for event in runner.open(session) { take(event) }
    case .ask:
      perform(.listSessions)
      for effect in state.startAsking() { perform(effect) }
    }
  }

  mutating func say(_ kind: StatusMessage.Kind, _ words: String) {
    // What the session itself has to say comes first.
    if state.message == nil { take(.noted(StatusMessage(kind, words))) }
  }

  /// One wake-up: all keys and all mail, then one frame.
  mutating func run() -> WorkstationResult {
    answer()
    while !isDone {
      let wakeup = loop.wait(
        timeoutMilliseconds: millisecondsToPaint ?? (runner.hasPlaceToKeep ? Self.restTime : nil))
      if !wakeup.hasInput, !wakeup.hasMail, millisecondsToPaint == nil {
        for event in runner.keepPlace() { take(event) }
      }
      // Keys first: they were typed at the frame that was shown, not at the size that a signal brings.
      if wakeup.hasInput {
        recordNewSession()
        for key in loop.readKeys() where !isDone { take(.key(key)) }
      }
      for signal in wakeup.signals where !isDone { take(signal) }
      if wakeup.isHungUp { isDone = true }
      let before = readingStage
      takeHeld()
      // What is left in the mailbox is for `finish`.
      if wakeup.hasMail, !isDone { takeMail() }
      guard !isDone else { break }
      // A key is answered at once. What only background work has changed may wait for the next frame's time, so that two thousand files
      // read do not cost two thousand frames.
      let isAnswer =
        wakeup.hasInput || !wakeup.signals.isEmpty || state.screen != shownScreen
        || readingStage != before
      if wakeup.hasMail { isPaintDue = true }
      if isAnswer {
        answer()
      } else if millisecondsToPaint == 0 {
        paint()
      }
    }
    return WorkstationResult(signal: signal, farewell: runner.finish())
  }

  /// How far the file under review is read: the reader waits for it, so it is shown as soon as it is there.
  private var readingStage: Int {
    guard state.screen == .review, let review = state.review else { return 0 }
    switch review.currentFile {
    case .pending, .counted: return 1
    case .begun: return 2
    case .loaded, .failed: return 3
    }
  }

  private mutating func takeHeld() {
    runner.isUserAnswering = state.overlay != nil
    runner.isUserPlacing = state.screen == .unplaced
    for event in runner.takeHeld() where !isDone { take(event) }
  }

  private mutating func takeMail() {
    for arrival in mailbox.drain() where !isDone {
      for event in runner.take(arrival) { take(event) }
    }
  }

  private mutating func take(_ signal: TerminalSignal) {
    switch signal {
    case .resize: take(.resized(screen.refreshSize()))
    case .terminate(let number):
      self.signal = number
      isDone = true
    case .hangUp:
      self.signal = SIGHUP
      isDone = true
    case .suspend: suspend()
    case .resumed:
      screen.recover()
      take(.resized(screen.refreshSize()))
      shown = nil
    }
  }

  private mutating func take(_ event: Event) {
    for effect in update(&state, event) { perform(effect) }
  }

  private mutating func perform(_ effect: Effect) {
    let (events, work) = runner.run(effect)
    for event in events { take(event) }
    switch work {
    case .none: break
    case .suspend: suspend()
    case .redraw:
      screen.repaint()
      shown = nil
    case .edit(let message):
      withEditor { .messageEdited(try $0.edit(message, called: Array("COMMIT_EDITMSG".utf8))) }
    case .editText(let text):
      withEditor { editing in
        var edited = text
        // The name tells the editor the language.
        edited.text = try editing.edit(text.text, called: Array(text.path.name))
        return .textEdited(edited)
      }
    case .openFile(let path, let line):
      withEditor { editing in
        try editing.open(path, line: line)
        return nil
      }
    case .quit: isDone = true
    }
  }

  private mutating func suspend() {
    screen.suspend()
    shown = nil
    take(.resized(screen.refreshSize()))
  }

  /// Gives the terminal to the editor and takes it back; what the editor gave is an event.
  private mutating func withEditor(_ body: (TextEditing) throws -> Event?) {
    do {
      let event = try body(TextEditing(screen: screen, surroundings: runner.surroundings))
      if let event { take(event) }
    } catch {
      take(.noted(StatusMessage(.problem, "\(error)")))
    }
    shown = nil
    take(.resized(screen.refreshSize()))
  }

  /// Paints what a key or a signal changed, or, when a file has to be read first, waits a moment for that: a file is mostly there before
  /// anybody could read that it is being read.
  private mutating func answer() {
    guard readingStage == 1, shown == nil || !isAwaitingFile else {
      isAwaitingFile = false
      paint()
      return
    }
    isAwaitingFile = true
    isPaintDue = true
    paintTime = .now + Self.graceTime
  }

  /// How long until a frame that is due may be painted; nil when none is due.
  private var millisecondsToPaint: Int? {
    guard isPaintDue else { return nil }
    return max(0, Int((paintTime - .now) / .milliseconds(1)))
  }

  private mutating func paint() {
    isPaintDue = false
    paintTime = .now + Self.frameTime
    shownScreen = state.screen
    let frame = render(state)
    if frame != shown {
      screen.paint(frame)
      shown = frame
    }
    take(.painted)
    if readingStage != 1 {
      recordNewSession()
      runner.afterFirstFrame()
    }
  }

  /// Brings a new session to the disk: after its first frame, which need not wait for that, and before its first key.
  private mutating func recordNewSession() {
    for event in runner.recordNewSession() { take(event) }
  }
}
