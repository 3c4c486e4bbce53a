// The line that says what a place in a file belongs to: a function, a type, a key, by indentation alone.

extension TextFile {
  /// Words that begin something with a name, in one language or another.
  private static let declarations = [
    "func", "fun", "function", "def", "defp", "fn", "sub", "proc", "procedure", "class", "struct",
    "enum", "union", "extension", "protocol", "interface", "impl", "trait", "module", "namespace",
    "object", "actor", "type", "init", "deinit", "message", "service", "test", "describe",
  ].map { Array($0.utf8) }

  /// How many bytes of a line are looked at.
  private static let lineReach = 200

  /// The line above `line` that it belongs to: of the less and less indented lines upwards the first with a declaration in it, else the
  /// last; nil when nothing above is less indented.
  ///
  /// A guess from indentation, for a heading; nothing is decided by it. Looks at no more than `reach` lines either way, and at the
  /// beginnings of lines: it is asked in every frame.
  package func enclosingLine(of line: Int, reach: Int = 500) -> Int? {
    guard var indentation = indentation(at: line, reach: reach) else { return nil }
    var found: Int?
    var above = line - 1
    while above >= 0, above >= line - reach, indentation > 0 {
      defer { above -= 1 }
      let content = lineContent(above)
      guard let first = content.prefix(Self.lineReach).first(where: { $0 != 0x20 && $0 != 0x09 }),
        Self.beginsName(first),
        let outer = Self.indentation(of: content), outer < indentation
      else { continue }
      indentation = outer
      found = above
      if Self.hasDeclaration(content) { return above }
    }
    return found
  }

  /// The indentation of the first line from `line` on that is not blank; nil when there is none near.
  private func indentation(at line: Int, reach: Int) -> Int? {
    guard line < lineCount else { return nil }
    for line in line..<min(lineCount, line + reach) {
      if let indentation = Self.indentation(of: lineContent(line)) { return indentation }
    }
    return nil
  }

  /// Columns before the first byte that is no blank; nil when there is none, or only far out.
  private static func indentation(of content: ArraySlice<UInt8>) -> Int? {
    var columns = 0
    for byte in content.prefix(lineReach) {
      switch byte {
      case 0x20: columns += 1
      case 0x09: columns += 8 - columns % 8
      case 0x0D: continue
      default: return columns
      }
    }
    return nil
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "[")
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private static func hasDeclaration(_ content: ArraySlice<UInt8>) -> Bool {
    content.prefix(lineReach).split { !isWord($0) }.contains { word in
      declarations.contains { word.elementsEqual($0) }
    }
  }
}
