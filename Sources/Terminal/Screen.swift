// The full-screen terminal: opened on /dev/tty, painted through ncurses, given back on every way
// out.

import CNcurses
package import CellGrid
import Glibc

/// The controlling terminal as a screen.
///
/// Standard input and output are left alone: they may be pipes. There is one screen at a time, and
/// only the thread that opened it uses it. It has to be closed; when the process dies by a fault or
/// by `exit`, handlers restore the terminal.
package final class Screen {
  /// How a screen is opened.
  package struct Options: Sendable {
    /// What the environment says about the terminal.
    package var environment: TerminalEnvironment
    /// Where standard error goes meanwhile; into memory when nil. Its tail is printed at the end.
    package var logPath: String?
    /// Whether the terminal reports the wheel and clicks.
    package var usesMouse: Bool

    package init(
      environment: TerminalEnvironment = .ofProcess(), logPath: String? = nil,
      usesMouse: Bool = true
    ) {
      self.environment = environment
      self.logPath = logPath
      self.usesMouse = usesMouse
    }
  }

  /// The size that frames have to have.
  package private(set) var size: GridSize
  /// The colours the terminal has, or the user allows.
  package let colours: ColourDepth
  /// The theme frames are painted with.
  package var theme: Theme { didSet { painter.forget() } }
  /// Readable when the terminal sent something.
  let input: CInt
  /// Readable when a signal was noted.
  var signalDescriptor: CInt { signals.descriptor }
  /// Sequences of keys that this terminal sends in its own way.
  let keySequences: [[UInt8]: Key]

  private let output: CInt
  private let files: (output: UnsafeMutablePointer<FILE>, input: UnsafeMutablePointer<FILE>)
  private let handle: OpaquePointer
  private let modes: TerminalModes
  private let painter: FramePainter
  private let collector: OutputCollector
  private var thrift = ColourThrift()
  private let signals: SignalGuard
  private let log: DiagnosticLog
  private var isOpen = true

  /// Opens the controlling terminal and takes it over.
  package init(theme: Theme, options: Options = Options()) throws(TerminalError) {
    guard let type = options.environment.type, !type.isEmpty else {
      throw .terminalTypeNotSet
    }
    output = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard output >= 0 else { throw .noTerminal(lastSystemError()) }
    // A description of its own: what is not to block while reading has to block while writing.
    input = Glibc.open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard input >= 0 else {
      let reason = lastSystemError()
      Glibc.close(output)
      throw .noTerminal(reason)
    }
    let entry: String
    do throws(TerminalError) {
      guard tui_select_utf8() != 0 else { throw .noUTF8Locale }
      entry = try Self.entryName(for: options.environment, terminal: output)
    } catch {
      Glibc.close(output)
      Glibc.close(input)
      throw error
    }
    let log: DiagnosticLog
    let signals: SignalGuard
    do throws(TerminalError) {
      signals = try SignalGuard(terminal: output)
    } catch {
      Glibc.close(output)
      Glibc.close(input)
      throw error
    }
    do throws(TerminalError) {
      log = try DiagnosticLog(path: options.logPath)
    } catch {
      signals.end()
      Glibc.close(output)
      Glibc.close(input)
      throw error
    }
    guard let collector = OutputCollector(terminal: output) else {
      let reason = lastSystemError()
      log.end()
      signals.end()
      Glibc.close(output)
      Glibc.close(input)
      throw .noTerminal(reason)
    }
    self.collector = collector
    guard let outputFile = fdopen(collector.descriptor, "w"), let inputFile = fdopen(input, "r"),
      let handle = newterm(entry, outputFile, inputFile)
    else {
      log.end()
      signals.end()
      throw .unknownTerminal(type)
    }
    files = (outputFile, inputFile)
    self.handle = handle
    self.theme = theme
    raw()
    noecho()
    nonl()
    // Completes every paint: without it ncurses stops half way when a key is waiting.
    typeahead(-1)
    keypad(tui_stdscr(), true)
    if ColourSupport.depth(colourCount: Int(tigetnum("colors")), environment: options.environment)
      != .none
    {
      start_color()
      use_default_colors()
    }
    let colourCount = Int(tui_colours())
    colours = ColourSupport.depth(colourCount: colourCount, environment: options.environment)
    modes = TerminalModes(usesMouse: options.usesMouse)
    keySequences = KeyCapabilities.sequences()
    painter = FramePainter(colours: colours, colourCount: colourCount)
    size = GridSize(rows: Int(getmaxy(tui_stdscr())), columns: Int(getmaxx(tui_stdscr())))
    self.signals = signals
    self.log = log
    self.signals.screen(
      isUp: true, restoreText: modes.restore, standardError: self.log.standardError)
    refreshSize()
    show()
  }

  deinit { precondition(!isOpen, "a screen has to be closed") }

  /// Paints a frame; what the screen shows already is not sent again.
  ///
  /// Cells outside the screen are left out, and screen cells outside the frame are blank, so that a
  /// frame laid out for a size of before does no harm.
  package func paint(_ frame: Frame) {
    guard isOpen else { return }
    let frameBytes = collector.collect { painter.paint(frame, theme: theme, size: size) }
    guard let frameBytes, !frameBytes.isEmpty else { return }
    writeAll(thrift.thinned(frameBytes), to: output)
  }

  /// Paints everything anew at the next `paint`, for a screen that something else wrote on.
  package func repaint() {
    painter.forget()
    thrift.forget()
    clearok(tui_curscr(), true)
  }

  /// Asks the terminal for its size, as after a `.resize` signal; returns the size.
  @discardableResult
  package func refreshSize() -> GridSize {
    var rows: CInt = 0
    var columns: CInt = 0
    if tui_window_size(output, &rows, &columns) == 0, rows > 0, columns > 0 {
      let current = GridSize(rows: Int(rows), columns: Int(columns))
      if current != size {
        resizeterm(rows, columns)
        size = current
        painter.forget()
      }
    }
    return size
  }

  /// Stops the process as ^Z does in other programs; returns when it goes on, ready to paint.
  package func suspend() {
    hide()
    signals.stop()
    show()
  }

  /// Takes the terminal back after something else changed its modes, as after a `.resumed` signal.
  package func recover() {
    show()
  }

  /// Gives the terminal to another program for as long as `body` runs, an editor say.
  ///
  /// Keys that send signals are the other program's meanwhile, but the stop key stops both.
  package func withTerminalReleased<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    hide()
    signals.leaveToChild()
    defer {
      signals.takeBack()
      show()
    }
    return try body()
  }

  /// Takes the signals noted so far.
  func takeSignals() -> [TerminalSignal] { signals.takeSignals() }

  /// Gives the terminal back and prints the tail of the log. A second call does nothing.
  package func close() {
    guard isOpen else { return }
    isOpen = false
    hide()
    delscreen(handle)
    signals.restoreModes()
    painter.free()
    fclose(files.output)
    fclose(files.input)
    collector.close()
    signals.end()
    Glibc.close(output)
    log.end()
  }

  /// Enters the screen, at first or again.
  private func show() {
    log.redirect()
    reset_prog_mode()
    signals.screen(isUp: true, restoreText: modes.restore, standardError: log.standardError)
    refreshSize()
    repaint()
    wrefresh(tui_stdscr())
    writeAll(modes.enter, to: output)
  }

  /// Leaves the screen and puts the terminal's modes back.
  private func hide() {
    writeAll(modes.leave, to: output)
    def_prog_mode()
    endwin()
    signals.screen(isUp: false, restoreText: modes.restore, standardError: -1)
    log.release()
  }

  private static func entryName(
    for environment: TerminalEnvironment, terminal: CInt
  ) throws(TerminalError) -> String {
    let names = ColourSupport.entryNames(for: environment)
    let own = environment.type ?? ""
    for name in names {
      switch tui_probe_terminal(name, terminal) {
      case 1: return name
      case 2 where name == own: throw .terminalTooPoor(own)
      default: continue
      }
    }
    throw .unknownTerminal(own)
  }
}

extension TerminalEnvironment {
  /// What this process' environment says.
  package static func ofProcess() -> TerminalEnvironment {
    func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    return TerminalEnvironment(
      type: value("TERM"), colours: value("COLORTERM"), noColour: value("NO_COLOR"))
  }
}
