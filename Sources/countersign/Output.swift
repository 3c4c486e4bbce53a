// What commands print: results on standard output, problems on standard error, untrusted text escaped.

import CellGrid
import Glibc

/// Progress on standard error: one line that is rewritten on a terminal, one line a step elsewhere.
struct StatusLine {
  private let isTerminal = isatty(2) != 0
  private var step = ""
  private var isOpen = false

  mutating func line(_ text: String) {
    end()
    Output.problem(text)
  }

  mutating func progress(step: String, text: String) {
    if isTerminal {
      Output.statusLine(text)
      isOpen = true
    } else if step != self.step {
      Output.problem(step)
    }
    self.step = step
  }

  /// Ends the line that is being rewritten.
  mutating func end() {
    if isOpen { Output.problem("") }
    isOpen = false
  }
}

enum Output {
  /// Prints one line of our own words and untrusted parts; control characters never reach the terminal.
  static func line(_ text: String) {
    write(safe(text) + "\n", to: 1)
  }

  /// Prints a problem on standard error.
  static func problem(_ text: String) {
    // Lines after the first are indented: a line feed in an untrusted part cannot pass for a message of ours.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    write(lines.map { safe(String($0)) }.joined(separator: "\n    ") + "\n", to: 2)
  }

  /// Prints our own help or usage text on standard error.
  static func usage(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    write(lines.map { safe(String($0)) }.joined(separator: "\n") + "\n", to: 2)
  }

  /// Writes bytes as they are, for patches that go to a file or pipe.
  static func bytes(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let count = Glibc.write(1, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        offset += count
      }
    }
  }

  /// Rewrites the current line of standard error.
  static func statusLine(_ text: String) {
    write("\r\u{1b}[K" + safe(text), to: 2)
  }

  /// Prints JSON. On a terminal every scalar beyond printable ASCII is written as `\uXXXX`: the same JSON, and nothing of it can act.
  static func json(_ text: [UInt8]) {
    guard isatty(1) != 0 else { return bytes(text) }
    var output = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      guard scalar.value >= 0x7f else {
        output.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(Character(scalar)).utf16 {
        let digits = String(unit, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    bytes(Array(output.utf8))
  }

  /// Prints the lines of a text, each made safe when standard output is a terminal.
  static func patch(_ text: [UInt8]) {
    guard isatty(1) != 0 else { return bytes(text) }
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      write(safe(Array(line)) + "\n", to: 1)
    }
  }

  static func safe(_ text: String) -> String { safe(Array(text.utf8)) }

  static func safe(_ bytes: [UInt8]) -> String {
    var result = ""
    let options = SafeText.Options(blankMarks: .none)
    for run in SafeText(bytes, options: options).glyphs() { result += run.text }
    return result
  }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let count = Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        offset += count
      }
    }
  }
}
