// The modes we ask of a terminal beyond what ncurses does, and the text that takes all of it back.

import CNcurses

/// Control sequences to enter and leave our modes.
struct TerminalModes: Equatable {
  /// Bracketed paste; mouse buttons in SGR coordinates; no reordering of right-to-left text, since a
  /// terminal that reorders shows lines that are not the file's (ECMA-48 BDSM, explicit).
  let enter: [UInt8]
  /// The reverse of `enter`.
  let leave: [UInt8]
  /// Everything that brings the terminal back when nothing else can: `leave`, ncurses' own ends, and
  /// plain attributes, a visible cursor and the main screen.
  let restore: [UInt8]

  /// Reads the current terminal's entry.
  ///
  /// - Precondition: ncurses is started.
  init(usesMouse: Bool) {
    let isANSI = Self.capability("cup").starts(with: [0x1B, UInt8(ascii: "[")])
    let mouse = usesMouse ? ("\u{1B}[?1000h\u{1B}[?1006h", "\u{1B}[?1006l\u{1B}[?1000l") : ("", "")
    enter = isANSI ? Array("\u{1B}[?2004h\(mouse.0)\u{1B}[8l".utf8) : []
    leave = isANSI ? Array("\(mouse.1)\u{1B}[?2004l\u{1B}[8h".utf8) : []
    var restore = leave
    for name in ["rmkx", "sgr0", "op", "cnorm", "rmcup"] { restore += Self.capability(name) }
    if Self.capability("rmcup").isEmpty { restore += Array("\r\n".utf8) }
    self.restore = restore
  }

  /// Returns the text of a capability without its padding; empty when the terminal has none.
  static func capability(_ name: String) -> [UInt8] {
    guard let text = tigetstr(name), Int(bitPattern: text) != -1 else { return [] }
    return withoutPadding(Array(String(cString: text).utf8))
  }

  /// Returns a capability's text without delays, which are written as `$<5/>`.
  static func withoutPadding(_ text: [UInt8]) -> [UInt8] {
    var plain: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "$"), index + 1 < text.count,
        text[index + 1] == UInt8(ascii: "<"),
        let end = text[index...].firstIndex(of: UInt8(ascii: ">"))
      {
        index = end + 1
      } else {
        plain.append(text[index])
        index += 1
      }
    }
    return plain
  }
}
