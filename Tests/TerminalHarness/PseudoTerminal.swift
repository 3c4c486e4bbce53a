// A program running on a terminal of its own, driven by a test.

import CVterm
import Glibc

/// What went wrong in a test's dealings with a program on a terminal.
package enum HarnessError: Error, CustomStringConvertible {
  case system(call: String, reason: String)
  /// The wait was over before what was expected came; with the screen of that moment.
  case timedOut(expected: String, screen: String)
  /// The program ended before what was expected came.
  case ended(expected: String, exit: ProgramExit, screen: String)

  package var description: String {
    switch self {
    case .system(let call, let reason): "\(call): \(reason)"
    case .timedOut(let expected, let screen):
      "timed out waiting for \(expected); the screen was\n\(screen)"
    case .ended(let expected, let exit, let screen):
      "the program ended (\(exit)) before \(expected); the screen was\n\(screen)"
    }
  }
}

/// How a program ended.
package enum ProgramExit: Hashable, Sendable {
  case code(Int)
  case signal(Int)
}

/// A program with a pseudo terminal as its controlling terminal, and an emulator that shows what it
/// draws.
///
/// Nothing here sleeps: every wait is a poll on the terminal and the process, and has a bound. The
/// program is killed when the value goes away.
package final class PseudoTerminal {
  package let process: Int32
  /// Everything the program wrote, in order.
  package private(set) var output: [UInt8] = []
  /// The modes of the terminal before the program started.
  package let initialModes: [UInt32]
  private let screen: EmulatedScreen
  private var primary: CInt
  private let processDescriptor: CInt
  private var exit: ProgramExit?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path (no search along PATH) and arguments.
  ///   - environment: all of its environment; nothing is added.
  ///   - directory: where it runs; here when nil.
  package init(
    _ program: [String], environment: [String: String], rows: Int = 24, columns: Int = 80,
    directory: String? = nil
  ) throws(HarnessError) {
    screen = EmulatedScreen(rows: rows, columns: columns)
    primary = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    guard primary >= 0, grantpt(primary) == 0, unlockpt(primary) == 0 else {
      throw .system(call: "posix_openpt", reason: Self.lastError())
    }
    var name = [CChar](repeating: 0, count: 64)
    guard ptsname_r(primary, &name, name.count) == 0,
      cvterm_set_window_size(primary, CInt(rows), CInt(columns)) == 0
    else { throw .system(call: "ptsname_r", reason: Self.lastError()) }
    initialModes = try Self.modes(of: primary)
    process = try Self.spawn(program, environment, terminal: name, directory)
    processDescriptor = cvterm_open_process(process)
    guard processDescriptor >= 0 else {
      throw .system(call: "pidfd_open", reason: Self.lastError())
    }
  }

  deinit {
    if exit == nil {
      kill(process, SIGKILL)
      var status: CInt = 0
      waitpid(process, &status, 0)
    }
    if primary >= 0 { close(primary) }
    if processDescriptor >= 0 { close(processDescriptor) }
  }

  // MARK: What the program shows

  package var size: (rows: Int, columns: Int) { screen.size }
  package var cursor: (row: Int, column: Int) { screen.cursor }
  package var isCursorVisible: Bool { screen.isCursorVisible }
  package var isAlternateScreen: Bool { screen.isAlternateScreen }
  package var reportsMouse: Bool { screen.reportsMouse }
  package var bellCount: Int { screen.bellCount }

  /// The text of one row, without blanks at its end.
  package func rowText(_ row: Int) -> String { screen.rowText(row) }

  /// The text of all rows.
  package func screenText() -> String {
    (0..<size.rows).map { screen.rowText($0) }.joined(separator: "\n")
  }

  package func cell(row: Int, column: Int) -> ScreenCell { screen.cell(row: row, column: column) }

  /// The first place where `text` stands on the screen, or nil.
  package func position(of text: String) -> (row: Int, column: Int)? {
    for row in 0..<size.rows {
      for column in 0..<size.columns
      where screen.rowText(row, from: column, isTrimmed: false).hasPrefix(text) {
        return (row, column)
      }
    }
    return nil
  }

  // MARK: What the test does

  /// Types text.
  package func send(_ text: String) throws(HarnessError) { try send(Array(text.utf8)) }

  /// Types bytes. Output is taken meanwhile, so that neither side can wait for the other.
  package func send(_ bytes: [UInt8]) throws(HarnessError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(primary, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        pump(events: POLLIN | POLLOUT, until: Self.milliseconds() + 1000)
      } else if errno != EINTR {
        throw .system(call: "write to the terminal", reason: Self.lastError())
      }
    }
  }

  /// Gives the terminal another size; the kernel tells the program.
  package func resize(rows: Int, columns: Int) throws(HarnessError) {
    _ = takeOutput()
    screen.resize(rows: rows, columns: columns)
    guard cvterm_set_window_size(primary, CInt(rows), CInt(columns)) == 0 else {
      throw .system(call: "TIOCSWINSZ", reason: Self.lastError())
    }
  }

  /// Sends the program a signal.
  package func signal(_ number: Int32) { kill(process, number) }

  /// Takes the terminal away, as a closed window does.
  package func hangUp() {
    _ = takeOutput()
    close(primary)
    primary = -1
  }

  /// Takes output until `predicate` holds.
  package func waitFor(
    _ expected: String, timeoutSeconds: Double = 20, _ predicate: (PseudoTerminal) -> Bool
  ) throws(HarnessError) {
    let deadline = Self.milliseconds() + Int(timeoutSeconds * 1000)
    while !predicate(self) {
      if takeOutput() { continue }
      if let exit = reap() {
        if takeOutput() || predicate(self) { continue }
        throw .ended(expected: expected, exit: exit, screen: screenText())
      }
      guard Self.milliseconds() < deadline else {
        throw .timedOut(expected: expected, screen: screenText())
      }
      pump(events: POLLIN, until: deadline)
    }
  }

  /// Takes output until `text` is on the screen.
  package func waitFor(text: String, timeoutSeconds: Double = 20) throws(HarnessError) {
    try waitFor("\"\(text)\"", timeoutSeconds: timeoutSeconds) { terminal in
      (0..<terminal.size.rows).contains { terminal.rowText($0).contains(text) }
    }
  }

  /// Waits for the end of the program and takes the rest of its output.
  @discardableResult
  package func waitForExit(timeoutSeconds: Double = 20) throws(HarnessError) -> ProgramExit {
    let deadline = Self.milliseconds() + Int(timeoutSeconds * 1000)
    while true {
      while takeOutput() {}
      if let exit = reap() {
        while takeOutput() {}
        return exit
      }
      guard Self.milliseconds() < deadline else {
        throw .timedOut(expected: "the end of the program", screen: screenText())
      }
      pump(events: POLLIN, until: deadline)
    }
  }

  /// The modes of the terminal, to compare before and after.
  package func modes() throws(HarnessError) -> [UInt32] { try Self.modes(of: primary) }

  private static func modes(of terminal: Int32) throws(HarnessError) -> [UInt32] {
    var modes = termios()
    guard tcgetattr(terminal, &modes) == 0 else {
      throw .system(call: "tcgetattr", reason: lastError())
    }
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
  }

  // MARK: Inside

  /// Waits until the terminal or the process has something, at most until `deadline`.
  private func pump(events: CInt, until deadline: Int) {
    var descriptors = [
      pollfd(fd: primary, events: Int16(events), revents: 0),
      pollfd(fd: processDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    // A terminal nobody has open hangs up at once and would turn this into a busy wait.
    if isClosedByProgram { descriptors[0].fd = -1 }
    poll(&descriptors, 2, CInt(max(0, deadline - Self.milliseconds())))
    if descriptors[0].revents & Int16(POLLIN) != 0 { _ = takeOutput() }
  }

  private var isClosedByProgram = false

  /// Takes what there is; false when there was nothing.
  private func takeOutput() -> Bool {
    guard primary >= 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = buffer.withUnsafeMutableBytes { read(primary, $0.baseAddress, $0.count) }
    isClosedByProgram = count < 0 && errno == EIO
    guard count > 0 else { return false }
    output += buffer[..<count]
    let answer = screen.feed(buffer[..<count])
    if !answer.isEmpty {
      // Answers are short; a program that reads none of them does not want them.
      _ = answer.withUnsafeBytes { write(primary, $0.baseAddress, $0.count) }
    }
    return true
  }

  private func reap() -> ProgramExit? {
    if let exit { return exit }
    var status: CInt = 0
    guard waitpid(process, &status, WNOHANG) == process else { return nil }
    let signal = status & 0x7F
    exit = signal == 0 ? .code(Int(status >> 8 & 0xFF)) : .signal(Int(signal))
    return exit
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  private static func lastError() -> String { String(cString: strerror(errno)) }
}

extension PseudoTerminal {
  /// Starts the program in a session of its own; the terminal it opens first becomes its
  /// controlling one.
  fileprivate static func spawn(
    _ program: [String], _ environment: [String: String], terminal: [CChar], _ directory: String?
  ) throws(HarnessError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession: Int16 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | newSession)
    let arguments = program.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for copy in arguments + variables { free(copy) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, program[0], &actions, &attributes, arguments, variables)
    guard result == 0 else {
      throw .system(call: "posix_spawn \(program[0])", reason: String(cString: strerror(result)))
    }
    return process
  }
}
