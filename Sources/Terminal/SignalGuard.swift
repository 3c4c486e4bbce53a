// Signals while the screen is up: noted in a pipe for the loop, or, where the program is lost, the
// terminal is restored on the spot by the C shim's handlers.

import CNcurses
import Glibc

/// A signal as the loop hears of it.
package enum TerminalSignal: Hashable, Sendable {
  /// The terminal has another size.
  case resize
  /// Somebody wants the program to end (SIGTERM, SIGINT): leave in order.
  case terminate(CInt)
  /// The terminal is gone (SIGHUP).
  case hangUp
  /// Somebody wants the program to stop (SIGTSTP).
  case suspend
  /// The program goes on after it was stopped (SIGCONT).
  case resumed
}

/// The handlers of the process, installed while a screen exists.
struct SignalGuard {
  /// Readable when a signal was noted.
  let descriptor: CInt
  private let writeEnd: CInt
  private let terminal: CInt

  private static let noted = [SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT]
  private static let fatal = [
    SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGQUIT,
  ]
  /// What a program that has the terminal for a while takes care of itself.
  private static let left = [SIGINT, SIGQUIT]

  /// Installs the handlers. Before ncurses starts, which would install its own otherwise.
  init(terminal: CInt) throws(TerminalError) {
    var ends: [CInt] = [-1, -1]
    guard pipe2(&ends, CInt(O_CLOEXEC | O_NONBLOCK)) == 0 else {
      throw .system(call: "pipe2", subject: "the signal pipe", reason: lastSystemError())
    }
    (descriptor, writeEnd) = (ends[0], ends[1])
    self.terminal = terminal
    guard tui_guard_terminal(terminal, writeEnd) == 0 else {
      let reason = lastSystemError()
      Glibc.close(ends[0])
      Glibc.close(ends[1])
      throw .system(call: "tcgetattr", subject: "/dev/tty", reason: reason)
    }
    tui_provide_signal_stack()
    tui_restore_at_exit()
    for signal in Self.noted { tui_watch_signal(signal) }
    for signal in Self.fatal { tui_watch_fatal_signal(signal) }
  }

  /// Puts back the handlers of before.
  func end() {
    tui_guard_screen(0, -1)
    for signal in Self.noted + Self.fatal { tui_unwatch_signal(signal) }
    _ = tui_guard_terminal(terminal, -1)
    Glibc.close(descriptor)
    Glibc.close(writeEnd)
  }

  /// Tells the fatal handler whether there is a screen to leave, how, and where standard error was.
  func screen(isUp: Bool, restoreText: [UInt8], standardError: CInt) {
    restoreText.withUnsafeBytes { buffer in
      tui_guard_text(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
    }
    tui_guard_screen(isUp ? 1 : 0, standardError)
  }

  /// Puts back the terminal's modes as they were before the screen.
  func restoreModes() {
    tui_restore_modes(terminal)
  }

  /// Leaves the keyboard's signals to another program that has the terminal; stopping stops us too.
  func leaveToChild() {
    for signal in Self.left { tui_ignore_signal(signal) }
    tui_default_signal(SIGTSTP)
  }

  /// Takes the keyboard's signals back.
  func takeBack() {
    tui_rewatch_signal(SIGINT)
    tui_rewatch_signal(SIGTSTP)
    tui_refatal_signal(SIGQUIT)
  }

  /// Stops this process group as the keyboard's stop key does; returns when it goes on.
  func stop() {
    tui_default_signal(SIGTSTP)
    kill(0, SIGTSTP)
    tui_rewatch_signal(SIGTSTP)
  }

  /// Takes the signals noted so far, repeated ones once.
  func takeSignals() -> [TerminalSignal] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { buffer in
      uninterrupted { read(descriptor, buffer.baseAddress, buffer.count) }
    }
    var signals: [TerminalSignal] = []
    for byte in bytes.prefix(max(0, count)) {
      let signal: TerminalSignal? =
        switch CInt(byte) {
        case SIGWINCH: .resize
        case SIGHUP: .hangUp
        case SIGTSTP: .suspend
        case SIGCONT: .resumed
        case SIGTERM: .terminate(SIGTERM)
        case SIGINT: .terminate(SIGINT)
        default: nil
        }
      if let signal, !signals.contains(signal) { signals.append(signal) }
    }
    return signals
  }
}
