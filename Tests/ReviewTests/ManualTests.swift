// The manual page says which keys there are: its section is made from the table of commands.

import FilmStrip
import Glibc
import Review
import Testing

@Suite struct ManualTests {
  private static let begin =
    ".\\\" keys: made from the table of commands; COUNTERSIGN_RECORD=1 makes them anew"
  private static let end = ".\\\" keys: end"

  private static var page: String {
    #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
      + "/Documentation/countersign.1"
  }

  /// The section's lines: per screen a table of keys and what they do.
  private static var section: [String] {
    var lines: [String] = []
    for context in KeyContext.allCases {
      lines += [".SS \(context.title)", ".TS", "l lx."]
      var seen: Set<Command> = []
      for binding in Keymap.standard.bindings(in: context)
      where seen.insert(binding.command).inserted {
        let keys = Keymap.standard.bindings(in: context).filter { $0.command == binding.command }
          .map(\.keys.description).joined(separator: ", ")
        lines.append("\(escaped(keys))\tT{\n\(escaped(binding.command.summary))\nT}")
      }
      lines.append(".TE")
    }
    return lines
  }

  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      .replacing("^", with: "\\(ha").replacing("~", with: "\\(ti").replacing("`", with: "\\(ga")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  @Test func `the manual lists the keys of every screen as they are`() throws {
    let text = try read(Self.page)
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let first = try #require(parts.firstIndex(of: Self.begin))
    let last = try #require(parts.firstIndex(of: Self.end))
    let now = Self.section.joined(separator: "\n")
    let before = parts[(first + 1)..<last].joined(separator: "\n")
    if GoldenStore.screens.recordsAll, before != now {
      try write(
        (parts[...first] + [now] + parts[last...]).joined(separator: "\n"), to: Self.page)
      return
    }
    #expect(before == now, "COUNTERSIGN_RECORD=1 makes the section anew")
  }

  private func read(_ path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}
