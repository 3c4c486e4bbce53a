// What can go wrong with a terminal, in sentences.

import CellGrid

/// Why the terminal cannot be used.
package enum TerminalError: Error, Equatable, CustomStringConvertible {
  /// There is no controlling terminal; the text is what the system said.
  case noTerminal(String)
  /// The environment does not say what terminal it is.
  case terminalTypeNotSet
  /// The terminal database has no entry of that name.
  case unknownTerminal(String)
  /// The terminal cannot place the cursor or clear the screen.
  case terminalTooPoor(String)
  /// The system has no UTF-8 locale.
  case noUTF8Locale
  /// A call of the system failed: which one, on what, what it said.
  case system(call: String, subject: String, reason: String)

  package var description: String {
    switch self {
    case .noTerminal(let reason):
      """
      Cannot open the terminal (/dev/tty: \(reason)). Countersign needs a terminal of its own: \
      run it from a terminal, with `ssh -t` over SSH, or with `docker run -it` in a container
      """
    case .terminalTypeNotSet:
      "TERM is not set, so it is not known what terminal this is. Try TERM=xterm-256color"
    case .unknownTerminal(let name):
      """
      The terminal database has no entry for TERM=\(Self.shown(name)). Install its terminfo entry \
      (package ncurses-term has most), or try TERM=xterm-256color
      """
    case .terminalTooPoor(let name):
      """
      A terminal of type TERM=\(Self.shown(name)) cannot place the cursor. Countersign needs a \
      full-screen terminal: try TERM=xterm-256color
      """
    case .noUTF8Locale:
      "This system has no UTF-8 locale. Install C.UTF-8, or set LANG to a UTF-8 locale"
    case .system(let call, let subject, let reason):
      "\(call) failed on \(subject): \(reason)"
    }
  }

  /// The environment is not ours: shown like any untrusted text.
  private static func shown(_ text: String) -> String {
    SafeText(text).glyphs().map(\.text).joined()
  }
}
