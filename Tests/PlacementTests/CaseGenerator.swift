// Files and edits drawn at random from few lines, so that they collide in every way.

import TestSupport
import Placement

/// A file of every kind of line ending, and edits that fit it more or less.
struct CaseGenerator {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed) }

  /// Lines that stand for code left out, trimmed.
  static let elisions: Set<[UInt8]> = [
    bytes("// ... existing code ..."), bytes("..."), bytes("# rest of the file unchanged ..."),
  ]

  private static let lines: [[UInt8]] = [
    "a", "a", "b", "b", "c", "  a", "  b", "\ta", "    a", "a ", "b\t", "", "", " ", "if x {", "}",
    "  }", "\u{201C}a\u{201D}", "\"a\"", "a\u{A0}b", "a b", "x \u{2014} y", "x - y", "it\u{2019}s",
    "it's", "\u{A0}", "\u{C}a", "a\u{B}", "a\r", "\u{FEFF}a", "class A:", "  def f():",
    "// ... existing code ...", "...", "```", "=======", ">>>>>>> REPLACE", "--- a", "+ b", "- a",
    "@@ -1 +1 @@", "*** End Patch", "*** End of File", "-- a", "++ b", "<<<<<<< SEARCH", "\\ a",
    "\u{3000}a", "n\u{E4}h",
  ].map(bytes)
  private static let elisionLines = [
    "// ... existing code ...", "  ...", "# rest of the file unchanged ...",
  ].map(bytes)

  mutating func line() -> [UInt8] {
    // Mostly few lines, so that places are several.
    random.oneIn(2) ? Self.lines[random.below(6)] : random.pick(Self.lines)
  }

  /// Lines under headings, so that a heading can tell equal lines apart.
  private mutating func outline() -> [[UInt8]] {
    (0...1 + random.below(3)).flatMap { _ in
      [bytes(random.pick(["class A:", "class B:", "f() {", "  def f():"]))]
        + (0...random.below(3)).map { _ in bytes(random.pick(["    a", "    b", "  a", ""])) }
    }
  }

  /// A file's bodies, and its bytes in one of the ways to end lines; it has at least one line.
  mutating func file(isOutline: Bool) -> (bodies: [[UInt8]], content: [UInt8]) {
    var bodies = isOutline ? outline() : [line()]
    for _ in 0..<(isOutline ? 0 : random.below(random.oneIn(4) ? 14 : 7)) {
      bodies.append(random.oneIn(4) ? random.pick(bodies) : line())
    }
    let style = random.below(4)
    var content: [UInt8] = random.oneIn(6) ? ReferenceFile.mark : []
    for (index, body) in bodies.enumerated() {
      content += body
      if index + 1 == bodies.count, !body.isEmpty, random.oneIn(3) { break }
      if style == 1 || (style == 2 && random.oneIn(2)) { content.append(13) }
      content.append(10)
    }
    return (ReferenceFile(content).lines.map(\.body), content)
  }

  /// Lines to be found: those of the file as they are, or changed so that another rung or none has them.
  mutating func search(in bodies: [[UInt8]]) -> [[UInt8]] {
    guard !bodies.isEmpty, !random.oneIn(12) else {
      return (0...random.below(3)).map { _ in line() }
    }
    let start = random.below(bodies.count)
    let count = min(bodies.count - start, 1 + random.below(4))
    var search = Array(bodies[start..<start + count])
    switch random.below(12) {
    case 0: search = search.map { $0 + random.pick([bytes(" "), bytes("\t"), []]) }
    case 1: search = search.map(Reference.stripped)
    case 2: search = search.map(Reference.folded)
    case 3: search = search.map { typographic($0) }
    case 4, 5:
      let blanks = random.pick(["  ", "\t", " ", "    "].map(bytes))
      search = search.map { Reference.stripped($0).isEmpty ? $0 : blanks + $0 }
    case 6:
      let shared = search.filter { !Reference.stripped($0).isEmpty }.map {
        Reference.indentation($0).count
      }.min()
      search = search.map { Reference.stripped($0).isEmpty ? $0 : Array($0.dropFirst(shared ?? 0)) }
    case 7: search[random.below(search.count)] = line()
    case 8: search = search.map { random.oneIn(2) ? bytes(" ") + $0 : $0 }
    case 9 where start == 0: search[0] = ReferenceFile.mark + search[0]
    default: break
    }
    return search
  }

  private mutating func typographic(_ line: [UInt8]) -> [UInt8] {
    line.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\""): bytes(random.pick(["\u{201C}", "\u{201D}", "\u{201F}"]))
      case UInt8(ascii: "'"): bytes(random.pick(["\u{2018}", "\u{2019}", "\u{201B}"]))
      case UInt8(ascii: "-"): bytes(random.pick(["\u{2010}", "\u{2013}", "\u{2212}"]))
      case UInt8(ascii: " "): bytes(random.pick(["\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}"]))
      default: [byte]
      }
    }
  }

  mutating func replacement(for search: [[UInt8]], in bodies: [[UInt8]]) -> [[UInt8]] {
    var lines = search
    switch random.below(14) {
    case 0: return []
    case 1: return lines
    case 2:
      // Something that the file has already.
      guard !bodies.isEmpty else { return lines }
      let start = random.below(bodies.count)
      return Array(bodies[start...].prefix(1 + random.below(3)))
    case 3:
      lines.insert(random.pick(Self.elisionLines), at: random.below(lines.count + 1))
      return lines
    case 4: return lines.map { $0 + bytes(" ") }
    default: break
    }
    for _ in 0...random.below(3) {
      let place = random.below(lines.count + 1)
      if place == lines.count || random.oneIn(3) {
        let indentation = lines.isEmpty ? [] : Reference.indentation(lines[max(0, place - 1)])
        lines.insert(random.oneIn(2) ? line() : indentation + bytes("n"), at: place)
      } else if random.oneIn(2) {
        lines.remove(at: place)
      } else {
        lines[place] = Reference.indentation(lines[place]) + bytes("m\(random.below(3))")
      }
    }
    return lines
  }

  /// A file, and one to four edits that a notation can say.
  mutating func fileWithEdits(
    for dialect: Dialect
  ) -> (content: [UInt8], edits: [LineReplacement]) {
    let (bodies, content) = file(isOutline: dialect.hasScopes && random.oneIn(2))
    let edits = (0..<1 + max(0, random.below(6) - 3)).map { _ in
      edit(in: bodies, hints: dialect.hasHints, scopes: dialect.hasScopes)
    }
    return (content, edits)
  }

  /// An edit, with a line number and scopes where the notation has them.
  mutating func edit(in bodies: [[UInt8]], hints: Bool, scopes: Bool) -> LineReplacement {
    let search = search(in: bodies)
    let replacement = replacement(for: search, in: bodies)
    let hint = hints && !random.oneIn(3) ? random.below(bodies.count + 2) : nil
    var scope: [[UInt8]] = []
    if scopes, random.oneIn(2), !bodies.isEmpty {
      for _ in 0...random.below(2) {
        let name = Reference.trimmed(random.pick(bodies))
        if !name.isEmpty, !name.starts(with: bytes("@@")) { scope.append(name) }
      }
    }
    return LineReplacement(
      search: search, replacement: replacement, lineHint: hint, scope: scope)
  }
}
